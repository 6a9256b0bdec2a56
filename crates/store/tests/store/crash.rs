//! A killed process leaves all of a transition or nothing of it, and no lock behind.
//!
//! The child is this test executable, started again with only [`child`] to run.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use store::{DocumentHash, Error, SettlementChange, Store};

use crate::{
    folder::raw,
    samples::{
        US, about_posting, about_report, about_settlement, at, came, intend, intent, key, minute,
        new_settlement, read, report, text_of,
    },
};

const DIR: &str = "ML_STORE_TEST_DIR";
const JOB: &str = "ML_STORE_TEST_JOB";

/// This executable, started again. It is killed when dropped, so that no failure leaves it behind.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().expect("the child is ours");
        self.0.wait().expect("the child is ours");
    }
}

/// Starts this executable again to do `job` in `dir`, and hands over what it tells.
fn start(dir: &Path, job: &str) -> (Running, impl Iterator<Item = String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(DIR, dir)
        .env(JOB, job)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = lines.map(|line| line.unwrap()).filter(|line| line.starts_with("child: "));
    (Running(child), told)
}

fn tell(what: &str) {
    let mut out = std::io::stdout().lock();
    // The newline first: the test harness has written the test's name on this line.
    writeln!(out, "\nchild: {what}").unwrap();
    out.flush().unwrap();
}

/// Does nothing unless a test here started it.
#[tokio::test]
async fn child() {
    let (Some(dir), Ok(job)) = (std::env::var_os(DIR), std::env::var(JOB)) else {
        return;
    };
    let store = Store::open(Path::new(&dir)).unwrap();
    if job == "many" {
        return many(&store).await;
    }
    tell("begun");
    work(&store, &job).await.unwrap();
    tell("ended");
}

/// One of the transitions, on the data of [`prepared`].
async fn work(store: &Store, job: &str) -> Result<(), Error> {
    let settlement = about_settlement(10, "810");
    match job {
        "retrieve" => {
            let event = about_report(10, "51");
            store.report_retrieved(US, "51", came("51", b"rows"), &event).await.map(|_document| ())
        }
        "read" => {
            let new = new_settlement("812", DocumentHash::of(text_of("810").as_bytes()));
            let event = about_settlement(10, "812");
            store.settlement_read(&new, &event).await.map(|_recorded| ())
        }
        "hold" => {
            let hold = Some(Some("{}".to_owned()));
            let change = SettlementChange {
                hold,
                plan: Some("[]".to_owned()),
                ..SettlementChange::default()
            };
            store.settlement_advance(&key("810"), "read", "held", &change, &settlement).await
        }
        "intend" => {
            let intents = ["810-a", "810-b", "810-c"].map(intent);
            store
                .intents_recorded(
                    &key("810"),
                    ("read", "posting"),
                    &SettlementChange::default(),
                    &intents,
                    &settlement,
                )
                .await
        }
        "send" => {
            let (change, event) = (at(10, Some(1), Some("{}")), about_posting(10, "811", "811-a"));
            store.posting_advance("811-a", "intended", "sent", &change, &event).await
        }
        other => panic!("no job {other}"),
    }
}

const JOBS: [&str; 5] = ["retrieve", "read", "hold", "intend", "send"];

/// A folder with a report to retrieve, a settlement to move and a posting to send.
async fn prepared(dir: &Path) -> Store {
    let store = Store::open(dir).unwrap();
    store.report_discovered(&report("51"), &about_report(1, "51")).await.unwrap();
    read(&store, 2, "810").await;
    read(&store, 3, "811").await;
    intend(&store, 4, "811", &["811-a"]).await;
    store
}

/// Everything there is, as text.
async fn everything(store: &Store) -> String {
    let mut stories = Vec::new();
    for record in ["51", "810", "811", "812"] {
        stories.push(store.events_of(record).await.unwrap());
    }
    format!(
        "{:#?}",
        (
            store.reports(US).await.unwrap(),
            store.settlements(None).await.unwrap(),
            store.postings_since(US, minute(0)).await.unwrap(),
            store.document(&DocumentHash::of(b"rows")).await.unwrap(),
            store.verify_audit().await.unwrap(),
            stories,
        )
    )
}

/// A transition ends with its event. This makes the store stop there for minutes, with all other
/// rows of the transition already changed.
const STOP: &str = "
    CREATE VIEW long AS WITH RECURSIVE n (n) AS (
        SELECT 1 UNION ALL SELECT n FROM n LIMIT 2000000000
    ) SELECT count(*) AS n FROM n;
    CREATE TRIGGER stop AFTER UPDATE ON audit_heads BEGIN SELECT n FROM long; END";

#[tokio::test]
async fn killed_within_a_transition_leaves_nothing_of_it() {
    for job in JOBS {
        let dir = tempfile::tempdir().unwrap();
        let before = everything(&prepared(dir.path()).await).await;
        raw(dir.path()).execute_batch(STOP).unwrap();

        let (mut child, mut told) = start(dir.path(), job);
        assert_eq!(told.next().as_deref(), Some("child: begun"));
        thread::sleep(Duration::from_millis(150));
        assert!(child.0.try_wait().unwrap().is_none(), "{job}: it is still within the transition");
        assert!(matches!(Store::open(dir.path()), Err(Error::InUse { .. })));
        drop(child);
        assert_eq!(told.next(), None, "{job}");

        raw(dir.path()).execute_batch("DROP TRIGGER stop; DROP VIEW long").unwrap();
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(everything(&store).await, before, "{job}");
        work(&store, job).await.unwrap();
        assert_ne!(everything(&store).await, before, "{job}: it can be done again");
    }
}

#[tokio::test]
async fn an_error_within_a_transition_leaves_nothing_of_it() {
    for job in JOBS {
        let dir = tempfile::tempdir().unwrap();
        let store = prepared(dir.path()).await;
        let before = everything(&store).await;
        raw(dir.path())
            .execute_batch(
                "CREATE TRIGGER full AFTER UPDATE ON audit_heads
                 BEGIN SELECT RAISE(ABORT, 'no space'); END",
            )
            .unwrap();
        assert!(matches!(work(&store, job).await, Err(Error::Database { .. })), "{job}");
        assert_eq!(everything(&store).await, before, "{job}");
    }
}

/// More settlements than anybody waits for, each told once it is recorded.
async fn many(store: &Store) {
    for number in 0..10_000 {
        let id = number.to_string();
        read(store, 1, &id).await;
        intend(store, 2, &id, &[&format!("{id}-a"), &format!("{id}-b")]).await;
        tell(&id);
    }
}

#[tokio::test]
async fn killed_at_any_moment_keeps_what_was_reported_and_no_halves() {
    for wanted in [1, 7, 20] {
        let dir = tempfile::tempdir().unwrap();
        let (child, told) = start(dir.path(), "many");
        let reported = told.take(wanted).count();
        drop(child);
        assert_eq!(reported, wanted);

        let store = Store::open(dir.path()).unwrap();
        let settlements = store.settlements(None).await.unwrap();
        let mut events = 0;
        for settlement in &settlements {
            let postings = store.postings_of(&settlement.key).await.unwrap().len();
            let (intended, told) = if settlement.state == "posting" { (2, 2) } else { (0, 1) };
            assert_eq!(postings, intended, "{}", settlement.key);
            assert_eq!(store.events_of(&settlement.key.settlement_id).await.unwrap().len(), told);
            events += told;
        }
        let whole = settlements.iter().filter(|settlement| settlement.state == "posting").count();
        assert!(whole >= wanted, "{whole} of {wanted} reported");
        assert_eq!(store.verify_audit().await.unwrap().events(), u64::try_from(events).unwrap());
    }
}
