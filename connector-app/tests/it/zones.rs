//! Days are those of the marketplace where the connection names no zone.

use std::sync::Arc;

use connector_app::ledger::Document;
use connector_app::pipeline::settlement::State;
use connector_app::pipeline::{Actor, Intake, draft_of};
use connector_app::reconcile::gather;
use connector_app::stage::{CONNECTION, Stage};
use jiff::civil::date;
use store::{BankLineRecord, DocumentHash, NewEvent, Store};
use wire::{Clock as _, ManualClock};

use crate::process::{Process, clock, run_to_the_end, setting};

fn person() -> Actor {
    Actor::Person("clerk".to_owned())
}

/// A settlement of Amazon.com that ends on the evening of 31 August in Seattle, whose deposit is made
/// on the evening of 2 September.
const AUGUST: &str = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\t\
    total-amount\tcurrency\ttransaction-type\torder-id\tmarketplace-name\tamount-type\t\
    amount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\tsku\n\
    81000000078\t2026-08-17 17:00:00 UTC\t2026-09-01 04:00:00 UTC\t2026-09-03 04:00:00 UTC\t\
    8.50\tUSD\t\t\t\t\t\t\t\t\t\t\n\
    81000000078\t\t\t\t\t\tOrder\t111-1\tAmazon.com\tItemPrice\tPrincipal\t10.00\tAFN\t\
    2026-08-20\t2026-08-20 10:00:00 UTC\tMUG\n\
    81000000078\t\t\t\t\t\tOrder\t111-1\tAmazon.com\tItemFees\tCommission\t-1.50\tAFN\t\
    2026-08-20\t2026-08-20 10:00:00 UTC\tMUG\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_counts_in_the_month_in_which_it_ended_there() {
    let stage = Stage::set(setting(&[])).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let mut process = Process::start(&stage, &clock).await;
    assert!(process.site.zone.is_none(), "the marketplace's counts");
    let by_policy = std::mem::take(&mut process.site.approval);
    let intake = Intake { site: &process.site, store: &store };
    let taken = intake.import(clock.now(), &person(), "august.txt", AUGUST.as_bytes()).await;
    assert_eq!(taken.expect("readable").len(), 1);
    process.summary(&store).await;
    let gathered = gather(&store, CONNECTION, None).await.expect("readable");
    let [waiting] = gathered.waiting.as_slice() else { panic!("{gathered:?}") };
    assert_eq!((waiting.state.as_str(), waiting.end), ("ready", date(2026, 8, 31)));

    // The deposit is met by a line of the day on which it is made.
    process.site.approval = by_policy;
    process.summary(&store).await;
    let bytes = b"a statement";
    store.put_document("bank.csv", bytes).await.expect("kept");
    let line = BankLineRecord {
        account: String::new(),
        reference: "B1".to_owned(),
        date: date(2026, 9, 2),
        currency: "USD".to_owned(),
        amount: "8.50".to_owned(),
        text: "AMAZON COM".to_owned(),
        document: DocumentHash::of(bytes),
        settlement_id: None,
    };
    let event = NewEvent {
        at: clock.now(),
        actor: "person clerk".to_owned(),
        connection: CONNECTION.to_owned(),
        record: "bank".to_owned(),
        subject: "bank".to_owned(),
        action: "bank statement imported".to_owned(),
        from: None,
        to: None,
        detail: serde_json::json!({}),
    };
    store.bank_lines_imported(CONNECTION, &[line], &event).await.expect("taken in");
    let gathered = gather(&store, CONNECTION, None).await.expect("readable");
    let as_of = gathered.books[0].as_of(date(2026, 9, 30), 5).expect("small amounts");
    assert_eq!(as_of.rows[0].booked_on, date(2026, 8, 31));
    assert_eq!(as_of.rows[0].bank, Some(as_of.rows[0].amazon), "{as_of:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_on_the_last_evening_of_a_month_is_of_that_month() {
    let stage = Stage::set(setting(&["us-plain.txt"])).await.expect("stand-ins start");
    let store = Store::in_memory().expect("a store");
    let evening = "2026-12-01T03:00:00Z".parse().expect("an instant");
    let clock = Arc::new(ManualClock::new(evening));
    run_to_the_end(&stage, &store, &clock, "posting").await;
    let process = Process::start(&stage, &clock).await;
    assert!(process.site.zone.is_none(), "the marketplace's counts");
    let worker = process.worker(&store);
    let key = store.settlements(None).await.expect("readable").remove(0).key;
    let decided = worker.reverse(&key, None, person(), "wrong rules").await.expect("allowed");
    assert_eq!(decided, State::Posting);
    let postings = store.postings_of(&key).await.expect("readable");
    let drafts = postings.iter().map(|posting| draft_of(posting).expect("a draft").document);
    let dates = drafts.filter(|document| document.reverses().is_some()).map(|document| {
        let Document::Journal(journal) = document else { panic!("{document:?}") };
        journal.date
    });
    assert_eq!(dates.collect::<Vec<_>>(), [date(2026, 11, 30)]);
}
