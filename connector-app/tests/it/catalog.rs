//! Listings against parts: what each listing is, what a person decides, and what waits for it.

use connector_app::flow;
use connector_app::stage::{CONNECTION, Setting, Stage};
use fixtures::amazon::orders::FulfilledBy;
use fixtures::amazon::{self, Listing};
use fixtures::epicor::{CrossReference, Part};
use fixtures::{Fault, documents};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::{MappingKey, Store};

use crate::orders::support::{TABLES, at, order};
use crate::support::{Said, run};

const CATALOG: &str = "\n[connection.catalog]\nwrite_cross_references = true\n";

/// Two marketplaces: one listing of each kind, and one that is offered in Canada alone.
fn listings() -> Vec<Listing> {
    let of = |sku: &str, product_id: &str| Listing {
        product_id: product_id.to_owned(),
        ..Listing::new(sku, "An article")
    };
    vec![
        of("SKU-WIDGET-1", ""),
        of("WIDGET-2", ""),
        of("WIDGET-0", ""),
        of("widget 2", ""),
        of("HAT", "4006381333931"),
        of("SCARF", ""),
        Listing { marketplace: "A2EUQ1WTGCTBG2".to_owned(), ..of("SKU-WIDGET-1", "") },
    ]
}

async fn shop(options: amazon::Options, tables: &str) -> Stage {
    let mut setting = Setting::new(Vec::new());
    setting.amazon = amazon::Options {
        listings: listings(),
        marketplace_ids: vec!["ATVPDKIKX0DER".to_owned(), "A2EUQ1WTGCTBG2".to_owned()],
        report_polls: 0,
        personal_data: true,
        ..options
    };
    setting.tables = format!("{}{tables}", TABLES.replace("2025-11-01", "2026-11-09"));
    let stage = Stage::set(setting).await.expect("stand-ins start");
    stage
        .epicor
        .put_part(&Part { upc: "4006381333931".to_owned(), ..Part::new("HAT-1", "Hat", 1000) });
    stage
}

async fn said(stage: &Stage, code: i32, args: &[&str]) -> Said {
    let said = run(stage.folder(), args).await;
    assert_eq!(said.code, code, "{args:?}: {}\n{}", said.out, said.err);
    said
}

/// SKU, state, part and suggestions of every listing.
async fn listed(stage: &Stage) -> String {
    let listed = said(stage, 0, &["catalog", "list", "--json"]).await.json_lines();
    let line = |one: &Value| {
        let text = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        let alignment = &one["alignment"];
        let more = ["suggestions", "candidates"].map(|name| alignment[name].clone());
        let more = more.into_iter().filter_map(|list| list.as_array().cloned()).flatten();
        let more: Vec<Value> = more.collect();
        let more: Vec<&str> = more.iter().filter_map(|one| one["part"].as_str()).collect();
        let line = format!("{} {} {} {}", text("sku"), text("state"), text("part"), more.join(" "));
        line.trim_end().to_owned()
    };
    listed.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn asked(stage: &Stage, operation: &str) -> usize {
    let requests = stage.amazon.requests();
    requests.iter().filter(|request| request.operation == operation).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_listing_of_every_marketplace_is_covered() {
    let stage = shop(amazon::Options::default(), CATALOG).await;
    let synced = said(&stage, 0, &["sync", "catalog", "--json"]).await.json_lines();
    assert_eq!(synced[0]["coverage"], json!({ "matched": 3, "inactive": 1, "missing": 3 }));
    assert_eq!(asked(&stage, "createReport"), 2, "one report a marketplace");
    insta::assert_snapshot!(listed(&stage).await, @"
    HAT missing - HAT-1
    SCARF missing -
    SKU-WIDGET-1 matched WIDGET-1
    SKU-WIDGET-1 matched WIDGET-1
    WIDGET-0 inactive WIDGET-0
    WIDGET-2 matched WIDGET-2
    widget 2 missing - WIDGET-2
    ");

    let again = said(&stage, 0, &["sync", "catalog", "--json"]).await.json_lines();
    assert_eq!((&again[0]["new"], &again[0]["changed"]), (&json!(0), &json!(0)));
    let runs = said(&stage, 0, &["runs", "--json"]).await.json_lines();
    assert_eq!((runs.len(), runs[0]["flow"].as_str()), (2, Some("catalog")));

    let missing = said(&stage, 0, &["catalog", "list", "--state", "missing"]).await.out;
    assert!(missing.contains("SCARF") && !missing.contains("WIDGET-0"), "{missing}");
    let written = said(&stage, 0, &["catalog", "export", "listings.csv", "--json"]).await;
    assert_eq!(written.json_lines(), [json!({ "file": "listings.csv", "listings": 7 })]);
    said(&stage, 0, &["catalog", "export", "listings.xlsx"]).await;
    let csv = std::fs::read_to_string(stage.folder().join("listings.csv")).expect("a file");
    assert_eq!(csv.lines().count(), 8, "{csv}");
    assert!(csv.contains("HAT-1 (GTIN)"), "{csv}");
    let workbook = std::fs::read(stage.folder().join("listings.xlsx")).expect("a file");
    assert!(workbook.starts_with(b"PK"));
}

/// The report's id is kept: a run that ended while Amazon made it is followed by one that waits for
/// the same report, also when the answer with the id was lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_waits_for_the_same_report() {
    let tables = "\n[connection.catalog]\nmarketplaces = [\"ATVPDKIKX0DER\"]\n";
    for (operation, fault) in [
        ("getReportDocument", Fault::Status(400)),
        ("createReport", Fault::ResetAfter),
        ("download", Fault::TruncateBody),
    ] {
        let stage = shop(amazon::Options::default(), tables).await;
        stage.amazon.faults().on(operation, 0, fault);
        let failed = run(stage.folder(), &["sync", "catalog"]).await;
        if failed.code != 0 {
            said(&stage, 0, &["sync", "catalog"]).await;
        }
        assert_eq!(asked(&stage, "createReport"), 1, "{operation}: {}", failed.err);
        assert_eq!(listed(&stage).await.lines().count(), 6, "{operation}");
    }
}

/// A marketplace without offers: Amazon cancels the report, and what the other one has is known.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_report_is_asked_for_once_more_and_not_at_once() {
    let tables = "\n[connection.catalog]\nmarketplaces = [\"ATVPDKIKX0DER\", \"A1AM78C64UM0Y8\"]\n";
    let stage = shop(amazon::Options::default(), tables).await;
    for _ in 0..2 {
        let failed = said(&stage, 1, &["sync", "catalog", "--json"]).await.json_lines();
        let why = failed[0]["failures"][0]["error"].as_str().unwrap_or_default();
        assert!(why.contains("asked for again in a later run"), "{why}");
    }
    assert_eq!(asked(&stage, "createReport"), 3, "the empty one once, the other one each time");
    assert_eq!(listed(&stage).await.lines().count(), 6);
}

/// An order waits for the part; the mapping lets it go, and becomes a cross reference in Epicor once,
/// although the answer to it is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_accepts_lets_orders_go_and_becomes_a_cross_reference() {
    let mut hat = order("111-0000001-0000001", FulfilledBy::Merchant);
    hat.items[1].sku = "HAT".to_owned();
    let today = Some(at("2026-11-20T12:00:00Z"));
    let options = amazon::Options { orders: vec![hat], today, ..amazon::Options::default() };
    let stage = shop(options, CATALOG).await;
    said(&stage, 3, &["sync", "orders"]).await;
    let status = said(&stage, 3, &["status"]).await.out;
    assert!(
        status.contains("SKU HAT has no part") && status.contains("catalog accept"),
        "{status}"
    );

    let accepted = said(&stage, 0, &["catalog", "accept", "HAT", "HAT-1", "--multiple", "3"]).await;
    assert!(accepted.out.contains("3 × part HAT-1"), "{}", accepted.out);
    said(&stage, 0, &["sync", "orders"]).await;
    let orders = stage.epicor.sales_orders();
    let line = orders[0].lines.iter().find(|line| line.part == "HAT-1").expect("its line");
    assert_eq!(line.quantity, Decimal::from(3), "three to a SKU");

    // The parts are read, the SKU is looked up, and then it is written.
    stage.epicor.faults().on("CustomerPartXRefs", 2, Fault::ResetAfter);
    said(&stage, 0, &["sync", "catalog"]).await;
    let written = said(&stage, 0, &["sync", "catalog", "--json"]).await.json_lines();
    assert_eq!(written[0]["cross_references"], json!([]), "it is written once");
    assert!(listed(&stage).await.contains("HAT matched HAT-1"));
    let references = stage.epicor.cross_references();
    let hats = references.iter().filter(|reference| reference.customer_part == "HAT");
    assert_eq!(hats.count(), 1);
}

/// A cross reference that Epicor does not take is told by `status` and by an alert, like all that is held.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cross_reference_that_is_held_is_told() {
    let stage = shop(amazon::Options::default(), CATALOG).await;
    said(&stage, 0, &["catalog", "accept", "HAT", "HAT-1"]).await;
    let status = said(&stage, 0, &["status", "--json"]).await.json_lines();
    assert_eq!(status, [json!({ "connection": "demo", "mapped_skus": { "accepted": 1 } })]);
    // Somebody has entered another part for the SKU meanwhile.
    stage.epicor.add_cross_reference(&CrossReference {
        customer: 201,
        customer_part: "HAT".to_owned(),
        part: "WIDGET-2".to_owned(),
    });
    said(&stage, 3, &["sync", "catalog"]).await;
    let status = said(&stage, 3, &["status"]).await.out;
    assert!(status.contains("mapped SKUs: 1 held"), "{status}");
    assert!(status.contains("Epicor did not take the cross reference"), "{status}");
    stage.copy_connection("other", "EPIC07").expect("written");
    let status = said(&stage, 3, &["status"]).await.out;
    assert!(status.contains("demo, mapped SKUs: 1 held"), "{status}");
    let alerts = said(&stage, 3, &["alerts", "--json"]).await.json_lines();
    let told: Vec<_> = alerts.iter().filter(|alert| alert["kind"] == "held").collect();
    assert_eq!(told.len(), 1, "{alerts:?}");
    assert_eq!(told[0]["record"], "cross reference of SKU HAT");
    let next = told[0]["next"].as_str().unwrap_or_default();
    assert!(next.contains("ml-connector catalog accept HAT HAT-1 --connection demo"), "{next}");
}

/// The cross reference of one part may have arrived when a person names another: what became of the
/// first is found before the second is written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_is_named_meanwhile_waits_for_the_one_on_its_way() {
    let stage = shop(amazon::Options::default(), CATALOG).await;
    said(&stage, 0, &["catalog", "accept", "HAT", "HAT-1"]).await;
    // The answer to the write is lost, and so is what is asked after it.
    stage.epicor.faults().on("CustomerPartXRefs", 2, Fault::ResetAfter);
    stage.epicor.faults().on("CustomerPartXRefs", 3, Fault::Status(400));
    said(&stage, 1, &["sync", "catalog"]).await;
    let key = MappingKey { connection: CONNECTION.to_owned(), sku: "HAT".to_owned() };
    let kept = async || {
        let store = Store::open_read_only(&stage.folder().join("data")).expect("a store");
        let mapping = store.mapping(&key).await.expect("a store").expect("a mapping");
        let postings = store.postings_of(&key).await.expect("a store");
        let steps: Vec<String> = postings.into_iter().map(|posting| posting.step).collect();
        (mapping.state, mapping.to.part, steps)
    };
    let of = |state: &str, part: &str, steps: &[&str]| {
        let steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
        (state.to_owned(), part.to_owned(), steps)
    };
    assert_eq!(kept().await, of("writing", "HAT-1", &["looking"]));

    said(&stage, 0, &["catalog", "accept", "HAT", "WIDGET-2"]).await;
    assert_eq!(kept().await, of("writing", "WIDGET-2", &["looking"]));
    // Epicor has the first by now, which somebody who knows the articles must correct there.
    said(&stage, 3, &["sync", "catalog"]).await;
    assert_eq!(kept().await, of("held", "WIDGET-2", &["confirmed", "held"]));
    let references = stage.epicor.cross_references();
    let hats = references.iter().filter(|reference| reference.customer_part == "HAT");
    assert_eq!(hats.map(|hat| hat.part.as_str()).collect::<Vec<_>>(), ["HAT-1"]);
    let status = said(&stage, 3, &["status"]).await.out;
    assert!(status.contains("SKU HAT is part WIDGET-2 here"), "{status}");
}

/// A settlement whose SKU has an inactive part is held before anything is posted, and goes by itself
/// once the part is active.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_waits_for_the_parts_of_its_skus() {
    let plain = documents::demo().into_iter().find(|one| one.name.contains("plain"));
    let mut setting = Setting::new(vec![plain.expect("a settlement that ties")]);
    setting.tables = "\n[connection.catalog]\ncustomers = [\"AMAZON\"]\n".to_owned();
    let stage = Stage::set(setting).await.expect("stand-ins start");
    said(&stage, 3, &["sync", "settlements"]).await;
    let status = said(&stage, 3, &["status", "--json"]).await.json_lines();
    let held = status[0]["held"].as_array().cloned().unwrap_or_default();
    let reasons: Vec<&str> = held.iter().filter_map(|one| one["reason"].as_str()).collect();
    assert!(!reasons.is_empty() && reasons.iter().all(|one| *one == "part_missing"), "{held:?}");
    assert!(stage.epicor.posted_journals().is_empty());

    let skus: Vec<String> = held
        .iter()
        .filter_map(|one| one["message"].as_str()?.split_whitespace().nth(1).map(str::to_owned))
        .collect();
    for sku in &skus {
        stage.epicor.put_part(&Part { inactive: true, ..Part::new(sku, "An article", 1000) });
    }
    said(&stage, 3, &["sync", "settlements"]).await;
    let status = said(&stage, 3, &["status"]).await.out;
    assert!(status.contains("is inactive in Epicor"), "{status}");
    for sku in &skus {
        stage.epicor.put_part(&Part::new(sku, "An article", 1000));
    }
    said(&stage, 0, &["sync", "settlements"]).await;
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

#[test]
fn the_catalogue_runs_every_day_where_it_is_configured() {
    let flow = flow::named("catalog").expect("a flow");
    let text = |more: &str| {
        format!(
            "[[connection]]\nname = \"us\"\nrules = \"rules.toml\"\n\
             [connection.amazon]\nregion = \"na\"\nclient_id = \"x\"\n\
             [connection.epicor]\nurl = \"https://erp.example.com/kinetic\"\ncompany = \"E\"\nuser = \"u\"\n{more}"
        )
    };
    let runs = |more: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ml-connector.toml");
        std::fs::write(&path, text(more)).expect("written");
        let config = connector_app::config::Config::load(&path).expect("a configuration");
        config.connections[0].runs(flow).to_string()
    };
    assert_eq!(runs(""), "never");
    assert_eq!(runs("[connection.catalog]\n"), "every 24h");
    let schedule = "[connection.catalog]\n[connection.schedule]\ncatalog = \"every 6h\"\n";
    assert_eq!(runs(schedule), "every 6h");
}
