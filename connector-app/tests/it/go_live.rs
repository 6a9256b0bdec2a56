//! What a clerk entered before the connector took over stays the clerk's: it is read, and never posted.

use connector_app::pipeline::settlement::{Event, Illegal, State};
use connector_app::pipeline::{Actor, NotByHand};
use connector_app::stage::{CONNECTION, Setting, Stage};
use fixtures::documents;
use serde_json::json;
use store::Store;

use crate::process::{Process, clock, run_to_the_end, setting};
use crate::reconcile::{DEPOSIT, import, statement};
use crate::support::{self, Said};

/// It ended on 5 August and pays 17.25.
const EARLIER: &str = "us-after-negative.txt";
/// It ended on 16 September.
const PLAIN: &str = "us-plain.txt";

async fn stage(settlements: &[&str], automatic: bool) -> Stage {
    let get = |name: &&str| documents::get(name).expect("it ships");
    let mut setting = Setting::new(settlements.iter().map(get).collect());
    setting.automatic = automatic;
    setting.amazon.enforce_rates = false;
    Stage::set(setting).await.expect("stand-ins start")
}

fn go_live(stage: &Stage, day: &str) {
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let with = text.replace(
        "chain = \"warn\"\n",
        &format!("chain = \"warn\"\nzone = \"America/Los_Angeles\"\ngo_live = \"{day}\"\n"),
    );
    assert_ne!(with, text);
    std::fs::write(stage.config(), with).expect("written");
}

async fn run(stage: &Stage, args: &[&str], code: i32) -> Said {
    let said = support::run(stage.folder(), args).await;
    assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
    said
}

/// The settlements by their end: id and state.
async fn states(stage: &Stage) -> Vec<(String, String)> {
    let store = Store::open_read_only(&stage.folder().join("data")).expect("a store");
    let records = store.settlements(None).await.expect("readable");
    records.into_iter().map(|record| (record.key.settlement_id, record.state)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ended_before_the_day_is_read_and_never_posted() {
    let stage = stage(&[EARLIER, PLAIN], true).await;
    go_live(&stage, "2026-08-06");
    let looked = run(&stage, &["sync", "settlements", "--dry-run", "--json"], 0).await;
    let would: Vec<_> = looked.json_lines().iter().map(|line| line["would"].clone()).collect();
    assert!(would.contains(&"by_hand".into()) && would.contains(&"post".into()), "{would:?}");
    for _ in 0..2 {
        run(&stage, &["sync", "settlements"], 0).await;
        let states = states(&stage).await;
        assert_eq!((states[0].1.as_str(), states[1].1.as_str()), ("by_hand", "posted"));
        let posted = stage.epicor.posted_journals();
        assert_eq!(posted.len(), 1, "the later one's alone: {posted:?}");
    }
    let earlier = &states(&stage).await[0].0;
    let story = run(&stage, &["audit", "show", earlier], 0).await.out;
    assert!(story.contains("entered by hand") && story.contains("2026-08-06"), "{story}");
    let said = run(&stage, &["approve", earlier], 1).await;
    assert!(said.err.contains("stays as it is"), "{}", said.err);

    let said = run(&stage, &["release", earlier, "--reason", "why not"], 1).await;
    let told = "ended on 2026-08-05, before the connection went live on 2026-08-06";
    assert!(said.err.contains(told), "{}", said.err);

    // Its deposit arrives while the connector is at work. It is nobody's on the clearing account, and
    // nothing that has to be explained.
    let both = statement(DEPOSIT) + "2026-08-10,AMAZON COM PAYMENTS,17.25,1372.30\n";
    let both = both.replace("Date,Description,Amount,Balance", "Date,Description,Amount,Total");
    import(&stage, "bank.csv", &both, 0).await;
    let books =
        support::run(stage.folder(), &["reconcile", "--until", "2026-09-30", "--json"]).await;
    let [books] = books.json_lines().try_into().unwrap_or_else(|_| panic!("{}", books.err));
    assert_eq!(books["differences"], json!([]), "{books}");
    assert_eq!(books["settlements"].as_array().map(Vec::len), Some(1), "{books}");
    assert_eq!(books["settlements"][0]["bank"], DEPOSIT);
    let period = run(&stage, &["reconcile", "--period", "2026-09", "--json"], 4).await.out;
    assert!(!period.contains(earlier.as_str()), "nothing of the month waits for it: {period}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_is_set_later_takes_out_what_waits() {
    let stage = stage(&[EARLIER, "us-unknown-fee.txt"], false).await;
    run(&stage, &["sync", "settlements"], 3).await;
    let before = states(&stage).await;
    assert_eq!((before[0].1.as_str(), before[1].1.as_str()), ("ready", "held"));
    go_live(&stage, "2026-12-01");
    run(&stage, &["sync", "settlements"], 0).await;
    let after = states(&stage).await;
    assert!(after.iter().all(|(_, state)| state == "by_hand"), "{after:?}");
    assert!(stage.epicor.posted_journals().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_says_so_and_takes_it_back() {
    let stage = stage(&[PLAIN], false).await;
    run(&stage, &["sync", "settlements"], 0).await;
    let id = states(&stage).await.pop().expect("one").0;
    let said = run(&stage, &["by-hand", &id, "--reason", "entered in September"], 0).await;
    assert!(said.out.contains("by_hand"), "{}", said.out);
    run(&stage, &["sync", "settlements"], 0).await;
    assert_eq!(states(&stage).await[0].1, "by_hand");
    let story = run(&stage, &["audit", "show", &id, "--json"], 0).await.out;
    assert!(story.contains("entered in September"), "{story}");

    run(&stage, &["release", &id, "--reason", "it was another one"], 0).await;
    run(&stage, &["sync", "settlements"], 0).await;
    assert_eq!(states(&stage).await[0].1, "ready");
    run(&stage, &["approve", &id, "--connection", CONNECTION], 0).await;
    run(&stage, &["sync", "settlements"], 0).await;
    assert_eq!(states(&stage).await[0].1, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    // What is posted is taken back first, as it says.
    let said = run(&stage, &["by-hand", &id], 1).await;
    assert!(said.err.contains(&format!("(`ml-connector reverse {id}`), then say it again")));
    run(&stage, &["reverse", &id, "--reason", "entered by hand after all"], 0).await;
    run(&stage, &["by-hand", &id, "--reason", "entered in September"], 0).await;
    assert_eq!(states(&stage).await[0].1, "by_hand");
    assert_eq!(stage.epicor.posted_journals().len(), 2, "the journal and its reversal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_connector_wrote_is_not_by_hand() {
    let stage = Stage::set(setting(&[PLAIN])).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    run_to_the_end(&stage, &store, &clock, "posting").await;
    let process = Process::start(&stage, &clock).await;
    let worker = process.worker(&store);
    let key = store.settlements(None).await.expect("readable").pop().expect("one").key;
    let person = || Actor::Person("clerk".to_owned());
    let refused = worker.entered_by_hand(&key, person(), None).await.expect_err("it is posted");
    assert!(refused.is::<NotByHand>(), "{refused:#}");
    let table = worker.decide(&key, Event::EnteredByHand, person(), None).await;
    assert!(table.expect_err("nor does the table").is::<Illegal>());
    assert_eq!(worker.state(&key).await.expect("there"), State::Posted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_debt_by_hand_takes_no_line_of_the_bank_from_the_settlement_that_opens_with_it() {
    let stage = stage(&["us-negative.txt", EARLIER], true).await;
    go_live(&stage, "2026-07-23");
    run(&stage, &["sync", "settlements"], 0).await;
    let states = states(&stage).await;
    assert_eq!((states[0].1.as_str(), states[1].1.as_str()), ("by_hand", "posted"));
    // The debt was charged to the card, which is a row of the later settlement.
    let charge = "Date,Description,Amount\n2026-07-28,AMAZON COM PAYMENTS,-418.89\n";
    import(&stage, "bank.csv", charge, 0).await;
    let books =
        support::run(stage.folder(), &["reconcile", "--until", "2026-08-31", "--json"]).await;
    let [books] = books.json_lines().try_into().unwrap_or_else(|_| panic!("{}", books.err));
    assert_eq!(books["settlements"][0]["bank"], "-418.89", "{books}");
}
