//! `check` where orders are configured: what they need of both systems, and that nothing is written.

use connector_app::stage::{Setting, Stage};
use fixtures::Fault;
use fixtures::amazon;
use fixtures::amazon::orders::FulfilledBy;

use super::support::{TABLES, at, order};
use crate::support::{Said, run};

async fn stage(tables: &str, personal_data: bool) -> Stage {
    let mut setting = Setting::new(Vec::new()).usual_times();
    setting.amazon = amazon::Options {
        orders: vec![order("111-0000001-0000001", FulfilledBy::Merchant)],
        today: Some(at("2026-11-20T12:00:00Z")),
        personal_data,
        ..amazon::Options::default()
    };
    tables.clone_into(&mut setting.tables);
    Stage::set(setting).await.expect("stand-ins start")
}

async fn check(stage: &Stage) -> Said {
    run(stage.folder(), &["check", "--json"]).await
}

fn states(said: &Said) -> Vec<String> {
    let word = |line: &serde_json::Value, name: &str| line[name].as_str().unwrap_or("-").to_owned();
    let lines = said.json_lines();
    lines.iter().map(|line| format!("{} {}", word(line, "check"), word(line, "state"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_orders_need_is_looked_at_without_writing() {
    let stage = stage(TABLES, true).await;
    let said = check(&stage).await;
    let states = states(&said);
    for expected in [
        "orders ok",
        "order_report ok",
        "shipment_feed ok",
        "write_rights ok",
        "customer ok",
        "charge ok",
        "tax_region ok",
        "ship_via ok",
        "part ok",
        "parameters ok",
    ] {
        assert!(states.iter().any(|state| state == expected), "{expected}: {}", said.out);
    }
    assert!(said.out.contains("GetNewOrderHed"), "{}", said.out);
    assert!(stage.epicor.sales_orders().is_empty(), "a check enters nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_orders_lack_is_told_with_who_must_act() {
    let tables = TABLES
        .replace("\"AMAZON\"", "\"NOBODY\"")
        .replace("\"NOTAX\"", "\"NOREGION\"")
        .replace("\"SHIP\"", "\"NOCHARGE\"")
        .replace("UPSG", "NOWAY");
    let tables = format!("{tables}\n[connection.orders.parts]\n\"SKU\" = \"NO-PART\"\n");
    let stage = stage(&tables, false).await;
    stage.epicor.faults().on("GetNewOrderHed", 0, Fault::Status(403));
    let said = check(&stage).await;
    assert_eq!(said.code, 77, "{}", said.out);
    let states = states(&said);
    for expected in [
        "orders warning",
        "write_rights failed",
        "customer failed",
        "charge failed",
        "tax_region failed",
        "ship_via failed",
        "part failed",
    ] {
        assert!(states.iter().any(|state| state == expected), "{expected}: {}", said.out);
    }
    for text in ["NOBODY", "NOREGION", "NOCHARGE", "NOWAY", "NO-PART", "Direct-to-Consumer"] {
        assert!(said.out.contains(text), "{text}: {}", said.out);
    }
}

/// Where orders that Amazon ships are packed, a pack must be allowed, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packs_need_a_right_of_their_own() {
    for (fba, state) in [("order", "ok"), ("order+ship", "failed")] {
        let tables = TABLES.replace("\ntax_region", &format!("\nfba = \"{fba}\"\ntax_region"));
        let stage = stage(&tables, true).await;
        stage.epicor.faults().on("GetNewShipHead", 0, Fault::Status(403));
        let said = check(&stage).await;
        let expected = format!("write_rights {state}");
        assert!(states(&said).contains(&expected), "{fba}: {}", said.out);
        assert_eq!(said.out.contains("GetNewShipHead"), fba == "order+ship", "{}", said.out);
        assert!(stage.epicor.packs().is_empty(), "a check packs nothing");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_orders_is_not_asked_about_them() {
    let stage = stage("", true).await;
    stage.amazon.faults().on("searchOrders", 0, Fault::Status(403));
    stage.epicor.faults().on("GetNewOrderHed", 0, Fault::Status(403));
    let said = check(&stage).await;
    assert!(!states(&said).iter().any(|state| state.starts_with("orders ")), "{}", said.out);
    let asked = stage.amazon.requests();
    assert!(asked.iter().all(|request| request.operation != "searchOrders"), "{asked:?}");
}
