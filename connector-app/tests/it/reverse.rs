//! Taking back what is posted, and taking one settlement to Epicor by itself.

use std::collections::BTreeMap;

use connector_app::pipeline::settlement::State;
use connector_app::pipeline::{Actor, posting_number};
use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use rust_decimal::Decimal;
use store::{SettlementKey, Store};

use crate::process::{Process, clock, run_to_the_end, setting};
use crate::support;

const WITH_INVOICE: &str = "style = \"journal+ap-invoice\"\nvendor = \"AMAZON\"\n";

fn person() -> Actor {
    Actor::Person("clerk".to_owned())
}

/// Debits less credits of every account, over all journals and invoices in Epicor.
fn balances(stage: &Stage) -> BTreeMap<String, Decimal> {
    let mut sums = BTreeMap::new();
    for line in stage.epicor.posted_journals().iter().flat_map(|journal| &journal.lines) {
        *sums.entry(line.account.clone()).or_insert(Decimal::ZERO) += line.debit - line.credit;
    }
    for (account, amount) in stage.epicor.ap_invoices().iter().flat_map(|one| &one.accounts) {
        *sums.entry(account.clone()).or_insert(Decimal::ZERO) += *amount;
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

async fn only(store: &Store) -> SettlementKey {
    store.settlements(None).await.expect("readable").pop().expect("one").key
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_undoes_every_document_and_links_both_ways() {
    let mut setting = setting(&["us-month-end.txt"]);
    setting.posting = WITH_INVOICE.to_owned();
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    run_to_the_end(&stage, &store, &clock, "posting").await;
    let posted = balances(&stage);
    assert!(!posted.is_empty());
    let key = only(&store).await;
    let process = Process::start(&stage, &clock).await;
    let worker = process.worker(&store);

    let early = Some("2026-08-01".parse().expect("a date"));
    let refused = worker.reverse(&key, early, person(), "wrong rules").await;
    assert!(refused.expect_err("too early").to_string().contains("2026-08-31"));
    stage.epicor.close_period(2026, 11);
    let refused = worker.reverse(&key, None, person(), "wrong rules").await;
    assert!(refused.expect_err("closed").to_string().contains("2026-11-23"));
    stage.epicor.open_period(2026, 11);
    assert_eq!(worker.state(&key).await.expect("readable"), State::Posted, "nothing was changed");

    let decided = worker.reverse(&key, None, person(), "wrong rules").await.expect("allowed");
    assert_eq!(decided, State::Posting);
    assert_eq!(worker.run(&key).await.expect("taken"), State::Reversed);
    assert_eq!(balances(&stage), BTreeMap::new(), "the two add up to nothing");

    let postings = store.postings_of(&key).await.expect("readable");
    let (reversals, originals): (Vec<_>, Vec<_>) =
        postings.iter().partition(|posting| posting.key.ends_with("/reversal"));
    assert_eq!((originals.len(), reversals.len()), (4, 4), "two periods, two documents each");
    let events = store.events_of(&key.settlement_id).await.expect("readable");
    let event = events.iter().find(|event| event.action == "reverse").expect("an event");
    assert_eq!(event.detail["reason"], "wrong rules");
    assert!(event.detail["rules"].is_string() && event.detail["document"].is_string());
    for original in originals {
        let told = event.detail["reverses"].as_array().expect("a list");
        let told = told.iter().find(|one| one["key"] == original.key.as_str()).expect("named");
        assert_eq!(told["by"], format!("{}/reversal", original.key));
        assert_eq!(told["number"], posting_number(original).expect("a number").as_str());
    }
    // The reversing journal names the original's token, by which that is found in the ledger.
    let journals = stage.epicor.posted_journals();
    assert_eq!(journals.len(), 4);
    let again = worker.reverse(&key, None, person(), "again").await;
    assert!(again.expect_err("reversed").to_string().contains("reversed"));

    // Posted anew, as another revision.
    assert_eq!(worker.release(&key, person(), None).await.expect("allowed"), State::Read);
    assert_eq!(worker.run(&key).await.expect("taken"), State::Posted);
    assert_eq!(balances(&stage), posted);
    let anew = store.postings_of(&key).await.expect("readable");
    assert!(anew.iter().skip(8).all(|posting| posting.key.ends_with("/r1")), "{anew:#?}");
    assert_eq!(anew.len(), 12);
}

/// Faults everywhere, by seed, while it is reversed: each document and its reversal once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_is_posted_once_whatever_is_lost() {
    for seed in 0..6 {
        let mut setting = setting(&["us-plain.txt"]);
        setting.posting = WITH_INVOICE.to_owned();
        let stage = Stage::set(setting).await.expect("stand-ins start");
        let (store, clock) = (Store::in_memory().expect("a store"), clock());
        run_to_the_end(&stage, &store, &clock, "posting").await;
        let key = only(&store).await;
        let process = Process::start(&stage, &clock).await;
        process.worker(&store).reverse(&key, None, person(), "wrong").await.expect("allowed");
        stage.epicor.faults().seeded(seed, 80);
        for _ in 0..3 {
            // Whatever fails here is tried again below.
            let _ = Process::start(&stage, &clock).await.worker(&store).run(&key).await;
        }
        stage.epicor.faults().clear();
        let process = Process::start(&stage, &clock).await;
        let worker = process.worker(&store);
        if worker.state(&key).await.expect("readable") == State::Held {
            worker.release(&key, person(), None).await.expect("allowed");
        }
        assert_eq!(worker.run(&key).await.expect("taken"), State::Reversed, "seed {seed}");
        assert_eq!(balances(&stage), BTreeMap::new(), "seed {seed}");
        assert_eq!(stage.epicor.posted_journals().len(), 2, "seed {seed}");
        assert_eq!(stage.epicor.ap_invoices().len(), 2, "seed {seed}");
        store.verify_audit().await.expect("unbroken");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn post_and_reverse_as_commands() {
    let document = documents::get("us-plain.txt").expect("it ships");
    let mut setting = Setting::new(vec![document]);
    setting.automatic = false;
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let folder = stage.folder();
    let sync = support::run(folder, &["sync", "settlements", "--json"]).await;
    let id = sync.json_lines()[0]["moved"][0]["settlement_id"].as_str().expect("an id").to_owned();

    let said = support::run(folder, &["post", &id]).await;
    assert_eq!(said.code, 1, "{}\n{}", said.out, said.err);
    assert!(said.err.contains("is ready") && said.err.contains("approve"), "{}", said.err);
    let said = support::run(folder, &["reverse", &id, "--reason", "too soon"]).await;
    assert_eq!(said.code, 1, "{}\n{}", said.out, said.err);
    assert!(said.err.contains("nothing was changed"), "{}", said.err);

    assert_eq!(support::run(folder, &["approve", &id]).await.code, 0);
    let said = support::run(folder, &["post", &id, "--json"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    assert_eq!(said.json_lines()[0]["state"], "posted");

    let missing = support::run(folder, &["reverse", &id]).await;
    assert_eq!(missing.code, 2, "a reason is asked for");
    let said = support::run(folder, &["reverse", &id, "--reason", "wrong rules", "--json"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    let told = &said.json_lines()[0];
    assert_eq!(told["state"], "reversed");
    let journals = told["journals"].as_array().expect("a list");
    assert_eq!(journals[0]["reversed_by"], journals[1]["key"]);
    assert_eq!(journals[1]["reverses"], journals[0]["key"]);
    assert_eq!(balances(&stage), BTreeMap::new());
    let story = support::run(folder, &["audit", "show", &id]).await;
    assert!(story.out.contains("wrong rules") && story.out.contains("clerk"), "{}", story.out);
}
