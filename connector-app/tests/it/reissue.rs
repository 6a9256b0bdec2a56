//! A settlement that Amazon issued again with other content: what changed is told by kind of row,
//! and a person decides.

use connector_app::pipeline::settlement::{Event, State};
use connector_app::pipeline::{Actor, HeldReason, Intake, OTHER_CONTENT, ReadOutcome};
use connector_app::stage::Stage;
use fixtures::{Fault, documents};
use rust_decimal::Decimal;
use store::{SettlementKey, SettlementRecord, Store};

use crate::people::one_cent_more;
use crate::process::{Process, clock, run_to_the_end, setting};

const PLAIN: &str = "us-plain.txt";

fn person() -> Actor {
    Actor::Person("clerk".to_owned())
}

fn text() -> String {
    String::from_utf8(documents::get(PLAIN).expect("it ships").bytes).expect("text")
}

async fn import(process: &Process, store: &Store, text: &str) -> ReadOutcome {
    let intake = Intake { site: &process.site, store };
    let now = process.clock.now();
    let outcomes = intake.import(now, &person(), "again.txt", text.as_bytes()).await;
    outcomes.expect("taken in").pop().expect("one")
}

async fn record(store: &Store, key: &SettlementKey) -> SettlementRecord {
    store.settlement(key).await.expect("readable").expect("there")
}

fn cents(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// What Epicor's clearing account was debited in all.
fn cleared(stage: &Stage) -> Decimal {
    let journals = stage.epicor.posted_journals();
    let lines = journals.iter().flat_map(|journal| &journal.lines);
    lines.filter(|line| line.account == "1150").map(|line| line.debit - line.credit).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unposted_settlement_takes_the_new_content_or_keeps_the_known_one() {
    for accept in [true, false] {
        let mut setting = setting(&[PLAIN]);
        setting.automatic = false;
        let stage = Stage::set(setting).await.expect("stand-ins start");
        let (store, clock) = (Store::in_memory().expect("a store"), clock());
        let process = Process::start(&stage, &clock).await;
        process.run(&store).await.expect("taken in");
        let key = store.settlements(None).await.expect("readable").pop().expect("one").key;
        let before = record(&store, &key).await;
        assert_eq!(before.state, "ready");

        let again = one_cent_more(&text());
        assert_eq!(import(&process, &store, &again).await, ReadOutcome::Reissued(key.clone()));
        let story = store.events_of(&key.settlement_id).await.expect("readable");
        let came = story.iter().find(|event| event.action == OTHER_CONTENT).expect("told");
        assert_eq!(came.actor, person().label(), "who brought it may not approve it alone");
        let worker = process.worker(&store);
        assert_eq!(worker.run(&key).await.expect("compared"), State::Held);
        let reasons = HeldReason::parse_all(record(&store, &key).await.hold.as_deref());
        let [reason] = &reasons[..] else { panic!("{reasons:?}") };
        assert_eq!(reason.reason, "reissued");
        let changes = reason.facts["changes"].as_array().expect("a list");
        assert_eq!(changes.len(), 1, "one kind of row has another sum: {changes:?}");
        let amount = |name: &str| cents(changes[0][name].as_str().expect("money is text"));
        assert_eq!(amount("amount_now") - amount("amount"), Decimal::new(1, 2));
        assert_eq!(changes[0]["rows"], changes[0]["rows_now"]);
        assert!(reason.message.contains("Nothing is posted yet"), "{}", reason.message);

        let decided = if accept {
            worker.approve(&key, None, person(), Some("Amazon corrected it")).await
        } else {
            worker.release(&key, person(), None).await
        };
        assert_eq!(decided.expect("allowed"), State::Read);
        assert_eq!(worker.run(&key).await.expect("planned"), State::Ready);
        worker.decide(&key, Event::Approved, person(), None).await.expect("allowed");
        assert_eq!(worker.run(&key).await.expect("posted"), State::Posted);
        let more = if accept { Decimal::new(1, 2) } else { Decimal::ZERO };
        let after = record(&store, &key).await;
        assert_eq!(cents(&after.deposit), cents(&before.deposit) + more);
        assert_eq!(cleared(&stage), cents(&after.deposit));

        // Both contents were decided about: neither is anything new.
        for text in [&again, &text()] {
            assert_eq!(import(&process, &store, text).await, ReadOutcome::Known(key.clone()));
        }
        assert_eq!(record(&store, &key).await.state, "posted");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_after_posting_becomes_an_adjusting_journal() {
    for style in ["", "style = \"journal+ap-invoice\"\nvendor = \"AMAZON\"\n"] {
        let mut setting = setting(&[PLAIN]);
        setting.posting = style.to_owned();
        let stage = Stage::set(setting).await.expect("stand-ins start");
        let (store, clock) = (Store::in_memory().expect("a store"), clock());
        run_to_the_end(&stage, &store, &clock, "posting").await;
        let process = Process::start(&stage, &clock).await;
        let worker = process.worker(&store);
        let key = store.settlements(None).await.expect("readable").pop().expect("one").key;
        let before = record(&store, &key).await;

        let mut again = text();
        for number in 1..=2 {
            again = one_cent_more(&again);
            import(&process, &store, &again).await;
            assert_eq!(worker.run(&key).await.expect("compared"), State::Held);
            let hold = record(&store, &key).await.hold.expect("a reason");
            assert!(hold.contains("adjusting journal"), "{hold}");

            let date = "2026-11-20".parse().expect("a date");
            let decided = worker.approve(&key, Some(date), person(), None).await;
            assert_eq!(decided.expect("allowed"), State::Posting);
            assert_eq!(worker.run(&key).await.expect("posted"), State::Posted);
            let after = record(&store, &key).await;
            assert_eq!(cents(&after.deposit), cents(&before.deposit) + Decimal::new(number, 2));
            assert_eq!(cleared(&stage), cents(&after.deposit), "adjustment {number}");
            let postings = store.postings_of(&key).await.expect("readable");
            let last = &postings.last().expect("the adjustment").key;
            assert!(
                last.ends_with(&format!("/adjustment/{}/2026-11/r{number}", key.settlement_id))
            );
            let journal = stage.epicor.posted_journals().pop().expect("the adjustment");
            assert_eq!(journal.lines.len(), 2, "the cent, and nothing else: {journal:#?}");
        }

        // All of it can be taken back.
        worker.reverse(&key, None, person(), "start over").await.expect("allowed");
        assert_eq!(worker.run(&key).await.expect("posted"), State::Reversed);
        assert_eq!(cleared(&stage), Decimal::ZERO);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_while_it_was_on_its_way_waits_until_it_is_posted() {
    let stage = Stage::set(setting(&[PLAIN])).await.expect("stand-ins start");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let process = Process::start(&stage, &clock).await;
    import(&process, &store, &text()).await;
    let key = store.settlements(None).await.expect("readable").pop().expect("one").key;
    // Approved and intended, but Epicor does not say what is there already.
    stage.epicor.faults().on("GLJrnDtls", 0, Fault::Status(403));
    let worker = process.worker(&store);
    let why = worker.run(&key).await.expect_err("not looked up").to_string();
    assert!(why.contains(&key.settlement_id), "{why}");
    assert_eq!(record(&store, &key).await.state, "posting");
    import(&process, &store, &one_cent_more(&text())).await;
    assert_eq!(worker.run(&key).await.expect("posted, then compared"), State::Held);
    let reasons = HeldReason::parse_all(record(&store, &key).await.hold.as_deref());
    assert_eq!(reasons[0].reason, "reissued");
    assert_eq!(stage.epicor.posted_journals().len(), 1, "as it was on its way");
}

/// Amazon lists a second report of a settlement that is done: the run that reads it holds it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_report_holds_a_posted_settlement() {
    for is_matched in [false, true] {
        let stage = Stage::set(setting(&[PLAIN])).await.expect("stand-ins start");
        let (store, clock) = (Store::in_memory().expect("a store"), clock());
        run_to_the_end(&stage, &store, &clock, "posting").await;
        let process = Process::start(&stage, &clock).await;
        let key = store.settlements(None).await.expect("readable").pop().expect("one").key;
        if is_matched {
            let worker = process.worker(&store);
            worker.decide(&key, Event::Matched, person(), None).await.expect("allowed");
        }
        assert_eq!(process.summary(&store).await.unchanged, 1, "nothing is new");

        let mut again = documents::get(PLAIN).expect("it ships");
        again.bytes = one_cent_more(&text()).into_bytes();
        stage.amazon.add_settlement(&again);
        let summary = process.summary(&store).await;
        assert_eq!(summary.moved.get(&key.settlement_id), Some(&State::Held));
        let reasons = HeldReason::parse_all(record(&store, &key).await.hold.as_deref());
        assert_eq!(reasons[0].reason, "reissued");
        assert!(reasons[0].message.contains("adjusting journal"), "{}", reasons[0].message);
        assert_eq!(stage.epicor.posted_journals().len(), 1);
    }
}
