//! The past: what is fetched again from Amazon, and what was kept long enough.

use connector_app::stage::{CONNECTION, Setting, Stage};
use fixtures::amazon::orders::{Change, FulfilledBy, Order};
use fixtures::{amazon, documents};
use store::{NewEvent, Store};

use crate::orders::support::{TABLES, at, order};
use crate::support::run;

async fn stage() -> Stage {
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    Stage::set(setting).await.expect("stand-ins start")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backfill_posts_once_and_says_what_amazon_no_longer_has() {
    let stage = stage().await;
    let backfill = ["backfill", "settlements", "--from", "2020-01-01", "--to", "2099-12-31"];
    let said = run(stage.folder(), &backfill).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("90 days") && said.err.contains("import FILE"), "{}", said.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    let again = run(stage.folder(), &backfill).await;
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1, "what is known stays as it is");

    let gone =
        run(stage.folder(), &["backfill", "--from", "2020-01-01", "--to", "2020-12-31"]).await;
    assert_eq!(gone.code, 1);
    assert!(gone.err.contains("ml-connector import FILE"), "{}", gone.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_are_purged_when_they_are_old_enough_and_not_before() {
    let stage = stage().await;
    assert_eq!(run(stage.folder(), &["sync", "settlements"]).await.code, 0);
    let purge = async |args: &[&str]| {
        let said = run(stage.folder(), args).await;
        assert_eq!(said.code, 0, "{}", said.err);
        let told = said.json_lines().remove(0);
        told["documents"].as_array().expect("a list").len()
    };
    assert_eq!(purge(&["purge", "--json"]).await, 0, "it is not ten years old");

    // A day after the settlement's end, by a clock of its own: the program has no setting for that.
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let wrong =
        config.replacen("[[connection]]", "[retention]\nsettlement_years = 0\n[[connection]]", 1);
    std::fs::write(stage.config(), wrong).expect("written");
    let said = run(stage.folder(), &["purge"]).await;
    assert_eq!(said.code, 78, "nobody keeps books for less than a year: {}", said.err);
}

/// What a settlement may have paid is not called unpaid once its document is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_a_purged_settlement_is_not_called_unpaid() {
    let mut setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    let created = at("2026-09-05T10:00:00Z");
    let history = vec![(created, Change::Paid)];
    let sold = order("111-0000001-0000001", FulfilledBy::Merchant);
    setting.amazon = amazon::Options {
        orders: vec![Order { created, history, ..sold }],
        personal_data: true,
        ..amazon::Options::default()
    };
    setting.tables = TABLES.replace("2025-11-01\"", "2026-09-01\"\nwindow_days = 3650");
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let list = async || {
        let said = run(stage.folder(), &["orders", "list", "--json"]).await;
        assert_eq!(said.code, 0, "{}", said.err);
        said.json_lines().remove(0)
    };
    for flow in ["settlements", "orders"] {
        let said = run(stage.folder(), &["sync", flow]).await;
        assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    }
    assert_eq!(list().await["match"], "never_paid");

    let store = Store::open(&stage.folder().join("data")).expect("a store");
    let certificate = NewEvent {
        at: at("2036-10-01T00:00:00Z"),
        actor: "a test".to_owned(),
        connection: CONNECTION.to_owned(),
        record: "purge".to_owned(),
        subject: "documents".to_owned(),
        action: "purged".to_owned(),
        from: None,
        to: None,
        detail: serde_json::Value::Null,
    };
    let day = jiff::civil::date(2036, 10, 1);
    let gone = store.purge_documents(CONNECTION, day, &["posted"], &certificate).await;
    assert_eq!(gone.expect("a purge").len(), 1);
    drop(store);
    let told = list().await;
    assert_eq!(told["match"], "settlement_purged", "{told}");
    assert_eq!(told["purged"], serde_json::json!(["24610385127"]));
    let named = ["orders", "list", "--match", "settlement-purged"];
    let named = run(stage.folder(), &named).await;
    assert_eq!(named.code, 0, "nobody can look it up any more");
    assert!(named.out.contains("may be in a settlement that was purged"), "{}", named.out);
}
