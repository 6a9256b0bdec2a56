//! Settlements follow one another: a gap or an overlap holds the later one until it is explained.

use connector_app::pipeline::{Actor, HeldReason, Intake};
use connector_app::stage::Stage;
use fixtures::documents;
use store::{SettlementRecord, Store};

use crate::process::{Process, clock, setting};

/// With the check in force; the other tests take documents that do not follow one another.
async fn stage(names: &[&str]) -> Stage {
    let stage = Stage::set(setting(names)).await.expect("stand-ins start");
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let strict = text.replace("chain = \"warn\"", "chain = \"hold\"");
    assert_ne!(strict, text);
    std::fs::write(stage.config(), strict).expect("written");
    stage
}

/// The settlements by their end, each with its state and the codes of what holds it.
async fn states(store: &Store) -> Vec<(String, Vec<String>)> {
    let records = store.settlements(None).await.expect("readable");
    let codes = |record: &SettlementRecord| {
        let reasons = HeldReason::parse_all(record.hold.as_deref());
        reasons.into_iter().map(|reason| reason.reason).collect()
    };
    records.iter().map(|record| (record.state.clone(), codes(record))).collect()
}

fn posted() -> (String, Vec<String>) {
    ("posted".to_owned(), Vec::new())
}

fn held(code: &str) -> (String, Vec<String>) {
    ("held".to_owned(), vec![code.to_owned()])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gap_holds_the_later_one_until_a_person_releases_it() {
    let stage = stage(&["us-negative.txt", "us-after-negative.txt", "us-plain.txt"]).await;
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let process = Process::start(&stage, &clock).await;
    process.run(&store).await.expect("taken as far as it goes");
    // The first of a stream has nothing before it; the second begins where the first ends.
    assert_eq!(states(&store).await, [posted(), posted(), held("chain_gap")]);
    let record = store.settlements(None).await.expect("readable").pop().expect("the later");
    let reasons = HeldReason::parse_all(record.hold.as_deref());
    assert_eq!(reasons[0].facts["before"], "24580226913");
    assert!(reasons[0].message.contains("import"), "{}", reasons[0].message);
    process.run(&store).await.expect("nothing new");
    assert_eq!(states(&store).await[2], held("chain_gap"), "it stays until it is explained");

    let person = Actor::Person("clerk".to_owned());
    let worker = process.worker(&store);
    worker.release(&record.key, person, Some("we began to sell again")).await.expect("allowed");
    process.run(&store).await.expect("taken");
    assert_eq!(states(&store).await, [posted(), posted(), posted()]);
    let events = store.events_of(&record.key.settlement_id).await.expect("readable");
    let event = events.iter().find(|event| event.action == "reconsider").expect("a decision");
    assert!(event.detail["waived"].as_str().expect("what").contains("chain_gap"), "{event:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_missing_one_lets_it_go_by_itself() {
    let stage = stage(&["us-zero.txt", "us-after-negative.txt"]).await;
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let process = Process::start(&stage, &clock).await;
    process.run(&store).await.expect("taken as far as it goes");
    assert_eq!(states(&store).await, [posted(), held("chain_gap")]);

    let bytes = documents::get("us-negative.txt").expect("it ships").bytes;
    let intake = Intake { site: &process.site, store: &store };
    let person = Actor::Person("clerk".to_owned());
    intake.import(process.clock.now(), &person, "n.txt", &bytes).await.expect("taken in");
    process.run(&store).await.expect("taken");
    // Now the gap is before the one that came.
    assert_eq!(states(&store).await, [posted(), held("chain_gap"), posted()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overlap_holds_the_later_one_or_is_told() {
    let names = ["us-month-end.txt", "us-plain.txt"];
    let strict = stage(&names).await;
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    Process::start(&strict, &clock).await.run(&store).await.expect("taken as far as it goes");
    assert_eq!(states(&store).await, [posted(), held("chain_overlap")]);

    let lenient = Stage::set(setting(&names)).await.expect("stand-ins start");
    let store = Store::in_memory().expect("a store");
    Process::start(&lenient, &clock).await.run(&store).await.expect("taken");
    assert_eq!(states(&store).await, [posted(), posted()]);
    let later = store.settlements(None).await.expect("readable").pop().expect("the later");
    let events = store.events_of(&later.key.settlement_id).await.expect("readable");
    let event = events.iter().find(|event| event.action == "checked").expect("a check");
    assert_eq!(event.detail["notes"][0]["reason"], "chain_overlap");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_poisoned_record_never_stops_the_others() {
    let mut setting = setting(&["us-negative.txt", "us-after-negative.txt"]);
    setting.automatic = false;
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let process = Process::start(&stage, &clock).await;
    process.run(&store).await.expect("taken as far as it goes");
    let records = store.settlements(None).await.expect("readable");
    let person = || Actor::Person("clerk".to_owned());
    for record in &records {
        let worker = process.worker(&store);
        worker.approve(&record.key, None, person(), None).await.expect("allowed");
    }
    // The plan of the first cannot be read any more.
    let change = store::SettlementChange {
        plan: Some("damaged".to_owned()),
        ..store::SettlementChange::default()
    };
    let event = store::NewEvent {
        at: clock_now(&process),
        actor: "a test".to_owned(),
        connection: records[0].key.connection.clone(),
        record: records[0].key.settlement_id.clone(),
        subject: "settlement".to_owned(),
        action: "damaged".to_owned(),
        from: None,
        to: None,
        detail: serde_json::json!({}),
    };
    let damaged =
        store.settlement_advance(&records[0].key, "approved", "approved", &change, &event);
    damaged.await.expect("written");

    let error = process.run(&store).await.expect_err("one cannot go on");
    assert!(format!("{error:#}").contains(&records[0].key.settlement_id), "{error:#}");
    let states: Vec<_> = states(&store).await.into_iter().map(|(state, _)| state).collect();
    assert_eq!(states, ["approved", "posted"]);
}

fn clock_now(process: &Process) -> jiff::Timestamp {
    process.clock.now()
}
