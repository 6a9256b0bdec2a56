//! What Amazon says of a document beside its bytes: its charset, and the store it is of.

use connector_app::config::Config;
use connector_app::connect;
use connector_app::stage::{Setting, Stage};
use fixtures::documents::{self, SettlementDocument};

use crate::support;

/// A document of ours with some bytes replaced, wherever they stand.
fn changed(name: &str, changes: &[(&[u8], &[u8])]) -> SettlementDocument {
    let mut document = documents::get(name).expect("it ships");
    for (from, to) in changes {
        let (mut bytes, mut rest) = (Vec::new(), document.bytes.as_slice());
        while let Some(at) = rest.windows(from.len()).position(|window| window == *from) {
            bytes.extend([&rest[..at], to].concat());
            rest = &rest[at + from.len()..];
        }
        assert_ne!(rest.len(), document.bytes.len(), "{name} has none of it");
        bytes.extend(rest);
        document.bytes = bytes;
    }
    document
}

async fn synced(stage: &Stage) -> (i32, Vec<serde_json::Value>) {
    let said = support::run(stage.folder(), &["sync", "settlements", "--json"]).await;
    let status = support::run(stage.folder(), &["status", "--json"]).await;
    (said.code, status.settlements())
}

/// In a document about yen these bytes may be the word Amazon in halfwidth katakana, or the letters
/// ±Ï¿ÞÝ. Only who sent it can tell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_charset_that_the_download_names_is_used_and_kept() {
    let word = (b"MAG-350-WHT".as_slice(), b"\xb1\xcf\xbf\xde\xdd".as_slice());
    let japanese = changed("jp-yen.txt", &[word]);
    let document = changed("jp-yen.txt", &[word, (b"Amazon.co.jp", b"")]);

    // The report names the store that its rows name: that tells it, too.
    let named = Stage::set(Setting::new(vec![japanese])).await.expect("starts");
    assert_eq!(synced(&named).await.1[0]["state"], "posted");

    let silent = Stage::set(Setting::new(vec![document.clone()])).await.expect("starts");
    let (code, settlements) = synced(&silent).await;
    assert_eq!((code, settlements.len()), (3, 0), "held as unreadable");
    let status = support::run(silent.folder(), &["status"]).await;
    assert_eq!(status.code, 3, "{}", status.out);
    assert!(
        status.out.contains("held report ") && status.out.contains(" of demo:"),
        "{}",
        status.out
    );
    let status = support::run(silent.folder(), &["status", "--json"]).await;
    assert_eq!(status.code, 3, "{}", status.out);
    let report = &status.json_lines()[0];
    assert!(report["report_id"].is_string(), "{report}");
    assert_eq!((&report["state"], &report["connection"]), (&"held".into(), &"demo".into()));
    assert!(report["held"][0]["message"].is_string(), "{report}");
    assert!(silent.epicor.posted_journals().is_empty());

    let stage = Stage::set(Setting::new(Vec::new())).await.expect("starts");
    stage.amazon.add_settlement_in(&document, "Shift_JIS");
    let (code, settlements) = synced(&stage).await;
    assert_eq!(code, 0, "{settlements:?}");
    assert_eq!(settlements[0]["state"], "posted");
    let id = settlements[0]["settlement_id"].as_str().expect("an id");
    let planned = support::run(stage.folder(), &["plan", id, "--json"]).await;
    assert_eq!(planned.code, 0, "read as it was: {}{}", planned.out, planned.err);
    assert_eq!(
        stage.epicor.posted_journals().len(),
        settlements[0]["journals"].as_array().map_or(0, Vec::len)
    );

    // Taken in again by hand, it is read as it was.
    std::fs::write(stage.folder().join("again.txt"), &document.bytes).expect("written");
    let config = Config::load(&stage.config()).expect("a configuration");
    let store = connect::store(&config).await.expect("a store");
    let site = connect::site(&config.connections[0], &config.folder).expect("a site");
    let intake = connector_app::pipeline::Intake { site: &site, store: &store };
    let now = "2026-11-26T12:00:00Z".parse().expect("an instant");
    let actor = connector_app::pipeline::Actor::Connector;
    let again = intake.import(now, &actor, "again.txt", &document.bytes).await.expect("readable");
    let known = store.settlements(None).await.expect("readable").remove(0).key;
    assert_eq!(again, [connector_app::pipeline::ReadOutcome::Known(known)]);
}

/// The rows name no store, and the euro is the currency of many: the report names the one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_that_the_report_names_gives_the_zone() {
    let document = changed("de-fortnight.txt", &[(b"Amazon.de", b"")]);
    let stage = Stage::set(Setting::new(vec![document])).await.expect("starts");
    let (_, settlements) = synced(&stage).await;
    assert_eq!(settlements.len(), 1);
    let config = Config::load(&stage.config()).expect("a configuration");
    let store = connect::store_to_read(&config).await.expect("a store");
    let record = store.settlements(None).await.expect("readable").remove(0);
    let plan: serde_json::Value =
        serde_json::from_str(record.plan.as_deref().expect("mapped")).expect("JSON");
    // The stand-in lists what names no store under that of the United States.
    assert_eq!(plan["zone"], "America/Los_Angeles");
    let id = &record.key.settlement_id;
    let again = support::run(stage.folder(), &["plan", id, "--json"]).await.json_lines();
    assert_eq!(again[0]["zone"], plan["zone"], "read as it was");
}
