//! The sweep: a document that does not stand in Epicor exactly once is an incident.

use connector_app::ledger::{DocumentTarget as _, Draft, Sent};
use connector_app::pipeline::draft_of;
use connector_app::stage::Stage;
use jiff::SignedDuration;
use store::Store;
use wire::{Clock as _, ManualClock};

use crate::process::{Process, clock, run_to_the_end, setting};
use crate::support;

const WITH_INVOICE: &str = "style = \"journal+ap-invoice\"\nvendor = \"AMAZON\"\n";

async fn later(clock: &ManualClock, hours: i64) {
    clock.sleep(SignedDuration::from_hours(hours).unsigned_abs()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_document_is_an_incident_that_status_shows() {
    let mut setting = setting(&["us-plain.txt"]);
    setting.posting = WITH_INVOICE.to_owned();
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let store = Store::open(&stage.folder().join("data")).expect("a store");
    let clock = clock();
    run_to_the_end(&stage, &store, &clock, "posting").await;
    let process = Process::start(&stage, &clock).await;
    let summary = process.summary(&store).await;
    assert!(summary.swept.is_none(), "not a day has gone by");
    later(&clock, 25).await;
    let swept = process.summary(&store).await.swept.expect("it was due");
    assert_eq!((swept.counted, swept.incidents.len()), (2, 0));
    assert!(process.summary(&store).await.swept.is_none(), "once a day");

    // Somebody enters the journal a second time, under another group.
    let settlement = store.settlements(None).await.expect("readable").pop().expect("one");
    let postings = store.postings_of(&settlement.key).await.expect("readable");
    let draft = draft_of(&postings[0]).expect("a draft");
    let copy = Draft { group_id: "COPY1".to_owned(), ..draft };
    let soon = clock.now() + SignedDuration::from_secs(10);
    assert_eq!(process.ledger.write(&copy, soon).await, Sent::Done);
    assert_eq!(process.ledger.post(&copy, soon).await, Sent::Done);
    later(&clock, 25).await;
    let swept = process.summary(&store).await.swept.expect("it was due");
    assert_eq!(swept.counted, 2);
    let [incident] = &swept.incidents[..] else { panic!("{swept:?}") };
    assert_eq!((incident.reason.as_str(), incident.hits), ("more_than_once", 2));
    assert_eq!(incident.key, postings[0].key);
    let events = store.events_of(&settlement.key.settlement_id).await.expect("readable");
    let told = || events.iter().filter(|event| event.action == "incident").count();
    assert_eq!(told(), 1);
    drop(store);

    let status = support::run(stage.folder(), &["status"]).await;
    assert_eq!(status.code, 3, "{}\n{}", status.out, status.err);
    assert!(status.out.contains("incident") && status.out.contains("2 times"), "{}", status.out);
    let status = support::run(stage.folder(), &["status", "--json"]).await.json_lines();
    assert_eq!(status[0]["incidents"][0]["reason"], "more_than_once");
    let said = support::run(stage.folder(), &["sweep", "--json"]).await;
    assert_eq!(said.code, 3, "{}\n{}", said.out, said.err);
    let said = &said.json_lines()[0];
    assert_eq!((&said["counted"], &said["incidents"][0]["hits"]), (&2.into(), &2.into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_is_gone_is_an_incident_until_it_is_back() {
    let mut setting = setting(&["us-plain.txt"]);
    // People post; so what was entered can be deleted by them.
    setting.posting = "post = false\n".to_owned();
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    run_to_the_end(&stage, &store, &clock, "entering").await;
    let process = Process::start(&stage, &clock).await;
    let settlement = store.settlements(None).await.expect("readable").pop().expect("one");
    let posting = store.postings_of(&settlement.key).await.expect("readable").remove(0);
    let draft = draft_of(&posting).expect("a draft");
    let soon = || clock.now() + SignedDuration::from_secs(10);
    let mut found = Vec::new();
    for step in 0..3 {
        match step {
            1 => assert_eq!(process.ledger.remove(&draft, soon()).await, Sent::Done),
            2 => assert_eq!(process.ledger.write(&draft, soon()).await, Sent::Done),
            _ => {}
        }
        later(&clock, 25).await;
        let swept = process.summary(&store).await.swept.expect("it was due");
        found.push(swept.incidents.first().map(|incident| incident.reason.clone()));
    }
    assert_eq!(found, [None, Some("missing".to_owned()), None]);
    assert!(store.incidents(None).await.expect("readable").is_empty());
    let events = store.events_of(&settlement.key.settlement_id).await.expect("readable");
    let actions: Vec<_> = events
        .iter()
        .map(|event| event.action.as_str())
        .filter(|action| action.starts_with("incident"))
        .collect();
    assert_eq!(actions, ["incident", "incident resolved"]);
}
