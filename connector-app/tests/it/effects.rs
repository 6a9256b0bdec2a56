//! Every effect survives being run twice and failing at each point: the whole path is run in
//! process, on a clock that only moves when something waits, with one fault at each request in
//! turn. Whatever happens, one journal per settlement stands in Epicor in the end.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use connector_app::ledger::{DocumentTarget as _, Draft, Ledger as _, Sent};
use connector_app::pipeline::posting::Found;
use connector_app::pipeline::settlement::State;
use connector_app::pipeline::{Actor, Intake, ReadOutcome, Silent, Worker, documents_of};
use connector_app::stage::Stage;
use fixtures::{Fault, documents};
use jiff::{SignedDuration, Timestamp};
use store::{SettlementKey, Store};
use wire::{Clock, ManualClock};

use crate::process::{
    FAULTS, Process, a_few_at_a_time, assert_posted_once, clock, each_effect_twice,
    posts_in_memory, run_to_the_end, setting, stage, struck,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_fault_at_each_epicor_request() {
    let month_end = || setting(&["us-month-end.txt"]);
    let requests: Vec<_> = (0..posts_in_memory(month_end(), None, "clean").await.len()).collect();
    a_few_at_a_time(struck(&requests, &FAULTS).into_iter().map(
        |(index, (name, fault))| async move {
            let what = format!("Epicor request {index}: {name}");
            posts_in_memory(month_end(), Some((index, fault())), &what).await;
        },
    ))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_fault_at_each_amazon_request() {
    let clean = stage(&["us-plain.txt"]).await;
    let store = Store::in_memory().expect("a store");
    run_to_the_end(&clean, &store, &clock(), "clean").await;
    let requests: Vec<_> = (0..clean.amazon.requests().len() as u64).collect();
    assert!(requests.len() >= 4, "token, list, document, download");

    a_few_at_a_time(struck(&requests, &FAULTS).into_iter().map(
        |(index, (name, fault))| async move {
            let what = format!("Amazon request {index}: {name}");
            let stage = stage(&["us-plain.txt"]).await;
            stage.amazon.faults().at(index, fault());
            let store = Store::in_memory().expect("a store");
            run_to_the_end(&stage, &store, &clock(), &what).await;
            assert_posted_once(&stage, &store, &what).await;
        },
    ))
    .await;
}

/// Faults everywhere, by seed: several settlements, several runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seeded_faults_everywhere() {
    a_few_at_a_time((0..12).map(|seed| async move {
        let what = format!("seed {seed}");
        let stage = stage(&["us-plain.txt", "us-month-end.txt", "us-negative.txt"]).await;
        let store = Store::in_memory().expect("a store");
        let clock = clock();
        stage.epicor.faults().seeded(seed, 60);
        for _ in 0..4 {
            // Whatever fails here is tried again below.
            let _ = Process::start(&stage, &clock).await.run(&store).await;
            clock.sleep(SignedDuration::from_secs(300).unsigned_abs()).await;
        }
        stage.epicor.faults().clear();
        release_held(&stage, &store, &clock).await;
        run_to_the_end(&stage, &store, &clock, &what).await;
        assert_posted_once(&stage, &store, &what).await;
    }))
    .await;
}

/// What a person does with a posting that used up its attempts.
async fn release_held(stage: &Stage, store: &Store, clock: &Arc<ManualClock>) {
    use connector_app::pipeline::settlement;

    let process = Process::start(stage, clock).await;
    for record in store.settlements(None).await.expect("readable") {
        if record.state != State::Held.as_str() {
            continue;
        }
        let worker = process.worker(store);
        let event = if store.postings_of(&record.key).await.expect("readable").is_empty() {
            settlement::Event::Reconsider
        } else {
            settlement::Event::Resume
        };
        let person = Actor::Person("clerk".to_owned());
        worker.decide(&record.key, event, person, Some("tried again")).await.expect("allowed");
    }
}

/// Each of the ledger's effects run twice in a row: the second changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_epicor_effect_twice() {
    let stage = stage(&["us-plain.txt"]).await;
    let clock = clock();
    let process = Process::start(&stage, &clock).await;
    let draft = draft_of(&process, "us-plain.txt").await;
    let ledger = &process.ledger;
    let soon = || clock.now() + SignedDuration::from_secs(10);

    let obstacles = ledger.obstacles(std::slice::from_ref(&draft.document)).await.expect("asked");
    assert_eq!(obstacles, [], "nothing stands in the way");
    assert_eq!(ledger.write(&draft, soon()).await, Sent::Done);
    assert_eq!(ledger.remove(&draft, soon()).await, Sent::Done);
    assert_eq!(ledger.remove(&draft, soon()).await, Sent::Done);
    each_effect_twice(ledger, &draft, &clock).await;
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

/// A late effect sends nothing at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_effect_past_its_grace_sends_nothing() {
    let stage = stage(&["us-plain.txt"]).await;
    let clock = clock();
    let process = Process::start(&stage, &clock).await;
    let draft = draft_of(&process, "us-plain.txt").await;
    let late = clock.now() - SignedDuration::from_secs(1);
    assert!(matches!(process.ledger.write(&draft, late).await, Sent::NotSent(_)));
    assert!(stage.epicor.unposted_groups().is_empty());
    assert_eq!(process.ledger.look_up(&draft).await.expect("asked").found, Found::Absent);
}

/// A clock that somebody sets ahead whenever it is looked at.
#[derive(Debug)]
struct SetAhead {
    start: Timestamp,
    looks: AtomicI64,
    slept: Mutex<Vec<Duration>>,
}

#[async_trait]
impl Clock for SetAhead {
    fn now(&self) -> Timestamp {
        let looks = self.looks.fetch_add(1, Ordering::Relaxed);
        self.start + SignedDuration::from_secs(100 * looks)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, duration: Duration) {
        self.slept.lock().expect("not poisoned").push(duration);
    }
}

/// The settle time is waited whole, whatever becomes of the clock between the decision to wait and the
/// wait itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_shortens_no_wait() {
    let mut setting = setting(&["us-plain.txt"]);
    // Epicor's side looks at a clock that is right.
    setting.send_grace_seconds = 100_000;
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let mut process = Process::start(&stage, &clock()).await;
    process.site.posting.settle = SignedDuration::from_secs(60);
    process.site.posting.send_grace = SignedDuration::from_secs(1000);
    let store = Store::in_memory().expect("a store");
    let intake = Intake { site: &process.site, store: &store };
    let bytes = documents::get("us-plain.txt").expect("it ships").bytes;
    let (now, person) = (process.clock.now(), Actor::Person("clerk".to_owned()));
    let taken = intake.import(now, &person, "a.txt", &bytes).await.expect("taken in");
    let [ReadOutcome::New(key)] = &taken[..] else { panic!("{taken:?}") };

    stage.epicor.faults().on("PostGroupJournals", 0, Fault::ResetAfter);
    let clock = SetAhead { start: now, looks: AtomicI64::new(0), slept: Mutex::default() };
    let worker = Worker { clock: &clock, ..process.worker(&store) };
    let state = worker.run(key).await.expect("posted");
    let hold = store.settlement(key).await.expect("readable").expect("there").hold;
    assert_eq!((state, hold), (State::Posted, None));
    assert_eq!(*clock.slept.lock().expect("not poisoned"), [Duration::from_secs(60)]);
}

/// Taking the same document in twice: the second time it is known.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_store_effect_twice() {
    let stage = stage(&["us-plain.txt"]).await;
    let clock = clock();
    let process = Process::start(&stage, &clock).await;
    let store = Store::in_memory().expect("a store");
    let intake = Intake { site: &process.site, store: &store };
    let bytes = documents::get("us-plain.txt").expect("it ships").bytes;
    let person = Actor::Person("clerk".to_owned());
    let now = clock.now();
    let first = intake.import(now, &person, "a.txt", &bytes).await.expect("taken in");
    assert!(matches!(first[..], [ReadOutcome::New(_)]), "{first:?}");
    let second = intake.import(now, &person, "b.txt", &bytes).await.expect("known");
    assert!(matches!(second[..], [ReadOutcome::Known(_)]), "{second:?}");
    let crlf: Vec<u8> = String::from_utf8(bytes).expect("text").replace('\n', "\r\n").into_bytes();
    let third = intake.import(now, &person, "c.txt", &crlf).await.expect("known");
    assert!(matches!(third[..], [ReadOutcome::Known(_)]), "other bytes, same content: {third:?}");
    assert_eq!(store.settlements(None).await.expect("readable").len(), 1);
}

async fn draft_of(process: &Process, name: &str) -> Draft {
    let store = Store::in_memory().expect("a store");
    let intake = Intake { site: &process.site, store: &store };
    let bytes = documents::get(name).expect("it ships").bytes;
    let person = Actor::Person("clerk".to_owned());
    let taken = intake.import(process.clock.now(), &person, name, &bytes).await.expect("taken in");
    let [ReadOutcome::New(key)] = &taken[..] else { panic!("{taken:?}") };
    let plan = documents_of(&mapped(process, &store, key).await).expect("a plan");
    Draft::new(plan.into_iter().next().expect("a journal"))
}

async fn mapped(process: &Process, store: &Store, key: &SettlementKey) -> store::SettlementRecord {
    let worker = Worker {
        site: &process.site,
        store,
        ledger: None,
        clock: process.clock.as_ref(),
        watch: &Silent,
    };
    worker.run(key).await.expect("mapped");
    store.settlement(key).await.expect("readable").expect("recorded")
}
