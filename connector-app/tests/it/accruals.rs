//! A month-end accrual and its reversal: posted once each, whatever answer is lost, and nothing stands
//! twice over both periods.

mod signed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use connector_app::accrual::standings;
use connector_app::pipeline::accrual::State;
use connector_app::pipeline::{
    AccrualRefused, AccrualWorker, Actor, HeldReason, Intake, KeptAccrual, Silent, booked,
    booked_settlements,
};
use connector_app::stage::{CONNECTION, Setting, Stage};
use fixtures::{Fault, documents};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use ledger_mapper::{
    AccrualContext, DeferredAmount, DeferredTransaction, TransactionStatus, accrue,
};
use rust_decimal::Decimal;
use settlement_model::{Currency, Fulfillment, Money, Triple};
use store::{PeriodKey, Store};
use wire::{Clock as _, ManualClock, SystemClock, Transport};

use crate::in_memory::InMemory;
use crate::process::{FAULTS, Process, a_few_at_a_time, clock, setting, sockets, struck};
use crate::reconcile::{import, in_pacific_time, posted, transaction};
use crate::support::{self, Said};

fn key() -> PeriodKey {
    PeriodKey {
        connection: CONNECTION.to_owned(),
        currency: "USD".to_owned(),
        period: "2026-09".to_owned(),
    }
}

fn clerk() -> Actor {
    Actor::Person("clerk".to_owned())
}

fn cents(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// A sale with its commission, held back.
fn sale(id: &str, posted: &str, price: &str, commission: &str) -> DeferredTransaction {
    let dollars = Currency::parse("USD").expect("ISO 4217");
    let part = |amount_type: &str, amount_description: &str, amount: &str| DeferredAmount {
        triple: Triple {
            transaction_type: "Order".to_owned(),
            amount_type: amount_type.to_owned(),
            amount_description: amount_description.to_owned(),
        },
        sku: String::new(),
        fulfillment: Fulfillment::Unstated,
        amount: Money::new(cents(amount), dollars).expect("cents"),
    };
    let amounts =
        vec![part("ItemPrice", "Principal", price), part("ItemFees", "Commission", commission)];
    DeferredTransaction {
        id: id.to_owned(),
        status: TransactionStatus::Deferred,
        posted: posted.parse().expect("an instant"),
        releases: None,
        settlement: None,
        marketplace: Some("Amazon.com".to_owned()),
        total: amounts[0].amount.checked_add(amounts[1].amount).expect("small amounts"),
        amounts,
    }
}

/// What is open of these at the end of September, by what is in the store.
async fn planned(
    process: &Process,
    store: &Store,
    sales: &[DeferredTransaction],
) -> Option<KeptAccrual> {
    let day = date(2026, 9, 30);
    let booked = booked(store, CONNECTION, None).await.expect("readable").until(day);
    let settlements = booked_settlements(store, CONNECTION, &booked).await.expect("readable");
    let context = AccrualContext {
        connection: CONNECTION,
        rules: &process.site.rules,
        calendar: &process.site.calendar,
        zone: &TimeZone::get("America/Los_Angeles").expect("it is known"),
        day,
        booked: &settlements,
        revision: 0,
    };
    let mut planned = accrue(sales, &context);
    assert_eq!(planned.held, []);
    planned.accruals.pop().map(|accrual| KeptAccrual::new(accrual, &booked))
}

fn worker<'a>(process: &'a Process, store: &'a Store) -> AccrualWorker<'a> {
    AccrualWorker {
        site: &process.site,
        store,
        ledger: Some(&process.ledger),
        clock: process.clock.as_ref(),
        watch: &Silent,
    }
}

fn sales() -> Vec<DeferredTransaction> {
    vec![
        sale("D1", "2026-09-20T12:00:00Z", "30.00", "-4.51"),
        sale("D2", "2026-10-01T06:59:59Z", "12.53", "-1.88"),
    ]
}

/// Runs until the accrual is posted; a bounded number of times, each a new process.
async fn to_the_end(
    stage: &Stage,
    store: &Store,
    clock: &Arc<ManualClock>,
    transport: Arc<dyn Transport>,
    what: &str,
) {
    let mut last = String::new();
    for _ in 0..6 {
        let process = Process::start_over(stage, clock, Arc::clone(&transport)).await;
        if store.accrual(&key()).await.expect("readable").is_none() {
            let plan = planned(&process, store, &sales()).await;
            let state = worker(&process, store).prepare(&key(), plan.as_ref(), &clerk()).await;
            assert_eq!(state.expect("kept"), Some(State::Prepared));
        }
        if let Err(error) = process.run(store).await {
            last = format!("{error:#}");
        }
        let record = store.accrual(&key()).await.expect("readable").expect("prepared");
        if record.state == State::Posted.as_str() {
            return;
        }
        clock.sleep(SignedDuration::from_secs(300).unsigned_abs()).await;
    }
    panic!("{what}: not posted after six runs: {last}");
}

/// The accrual and its reversal are posted, each once and as planned, and nothing else.
async fn assert_accrued_once(stage: &Stage, store: &Store, what: &str) {
    let record = store.accrual(&key()).await.expect("readable").expect("prepared");
    let plan = KeptAccrual::of(&record).expect("a plan");
    let mut posted: Vec<_> = stage.epicor.posted_journals();
    posted.sort_by_key(|journal| journal.je_date);
    let expected = [&plan.journal, &plan.reversal];
    assert_eq!(posted.len(), 2, "{what}: {posted:#?}");
    for (journal, expected) in posted.iter().zip(expected) {
        assert_eq!(journal.je_date, expected.date, "{what}");
        assert!(journal.description.starts_with(&expected.key.token()), "{what}: {journal:?}");
        let lines =
            journal.lines.iter().map(|line| (line.account.clone(), line.debit, line.credit));
        let planned = expected.lines.iter();
        let planned = planned.map(|line| (line.account.to_string(), line.debit, line.credit));
        assert_eq!(lines.collect::<BTreeSet<_>>(), planned.collect::<BTreeSet<_>>(), "{what}");
    }
    assert!(stage.epicor.unposted_groups().is_empty(), "{what}: left in entry");
    store.verify_audit().await.unwrap_or_else(|error| panic!("{what}: {error}"));
}

async fn accrued_in_memory(fault: Option<(usize, Fault)>, what: &str) -> usize {
    let stage = Arc::new(Stage::set(setting(&[])).await.expect("stand-ins start"));
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let transport = Arc::new(InMemory::new(&stage, &clock, sockets(), fault));
    to_the_end(&stage, &store, &clock, transport.clone(), what).await;
    assert_accrued_once(&stage, &store, what).await;
    transport.paths().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_answer_is_lost_there_is_one_accrual_and_one_reversal() {
    let requests: Vec<usize> = (0..accrued_in_memory(None, "clean").await).collect();
    assert!(requests.len() > 10, "two journals are looked up, entered, posted, and read back");
    a_few_at_a_time(struck(&requests, &FAULTS).into_iter().map(
        |(index, (name, fault))| async move {
            let what = format!("Epicor request {index}: {name}");
            accrued_in_memory(Some((index, fault())), &what).await;
        },
    ))
    .await;
}

/// A settlement of Amazon.com from 28 September to 12 October in which the sales of [`sales`] are paid
/// out, and one more of October. They are rows of the day on which Amazon released them, or sold them.
fn settlement(posted: [&str; 2]) -> String {
    let mut rows = Vec::new();
    let sold = [
        (posted[0], "30.00", "-4.51"),
        (posted[1], "12.53", "-1.88"),
        ("2026-10-05 10:00:00 UTC", "80.01", "-12.02"),
    ];
    for (at, price, commission) in sold {
        for (kind, what, amount) in
            [("ItemPrice", "Principal", price), ("ItemFees", "Commission", commission)]
        {
            let day = &at[..10];
            rows.push(format!(
                "81000000077\t\t\t\t\t\tOrder\t111-1\t\t\t\tAmazon.com\t{kind}\t{what}\t{amount}\tAFN\t\
                 {day}\t{at}\t\t\t\tMUG\t1\t"
            ));
        }
    }
    let header = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\t\
                  total-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\t\
                  adjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\t\
                  amount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\t\
                  merchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\t\
                  promotion-id\n";
    let head = "81000000077\t2026-09-28 17:00:00 UTC\t2026-10-12 17:00:00 UTC\t\
                2026-10-14 17:00:00 UTC\t104.13\tUSD";
    format!("{header}{head}{}\n{}\n", "\t".repeat(18), rows.join("\n"))
}

/// Debit less credit by account, of the journals of these days.
fn balances(stage: &Stage, days: std::ops::RangeInclusive<Date>) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for journal in stage.epicor.posted_journals() {
        if days.contains(&journal.je_date) {
            for line in journal.lines {
                *sums.entry(line.account).or_default() += line.debit - line.credit;
            }
        }
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

fn sums(expected: &[(&str, &str)]) -> BTreeMap<String, Decimal> {
    expected.iter().map(|(account, sum)| ((*account).to_owned(), cents(sum))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_of_the_accrued_days_doubles_nothing_over_both_periods() {
    let september = date(2026, 9, 1)..=date(2026, 9, 30);
    let october = date(2026, 10, 1)..=date(2026, 10, 31);
    let released = ["2026-10-03 10:00:00 UTC"; 2];
    let sold = ["2026-09-29 10:00:00 UTC", "2026-10-01 06:59:59 UTC"];
    for (posted, is_late) in [(released, false), (sold, true)] {
        let stage = Stage::set(setting(&[])).await.expect("stand-ins start");
        in_pacific_time(&stage);
        let (store, clock) = (Store::in_memory().expect("a store"), clock());
        to_the_end(&stage, &store, &clock, sockets(), "accruing").await;
        assert_accrued_once(&stage, &store, "accruing").await;
        assert_eq!(balances(&stage, *september.start()..=*october.end()), BTreeMap::new());

        let process = Process::start(&stage, &clock).await;
        let intake = Intake { site: &process.site, store: &store };
        let text = settlement(posted);
        let taken = intake.import(clock.now(), &clerk(), "late.txt", text.as_bytes()).await;
        assert_eq!(taken.expect("readable").len(), 1);
        process.summary(&store).await;
        let both = balances(&stage, *september.start()..=*october.end());
        let settled = [("1150", "104.13"), ("4000", "-122.54"), ("5100", "18.41")];
        assert_eq!(both, sums(&settled), "as the settlement alone: {posted:?}");
        if !is_late {
            // What was earned in September stands there, and the rest in October.
            let earned = [("1175", "36.14"), ("4000", "-42.53"), ("5100", "6.39")];
            assert_eq!(balances(&stage, september.clone()), sums(&earned));
        }

        // A settlement with a part in the period is told; nothing is posted for it by itself.
        let journals = stage.epicor.posted_journals().len();
        let plan = planned(&process, &store, &sales()[..usize::from(!is_late) * 2]).await;
        let worker = worker(&process, &store);
        let state = worker.prepare(&key(), plan.as_ref(), &clerk()).await.expect("compared");
        assert_eq!(state, Some(State::Posted));
        process.summary(&store).await;
        let booked = booked(&store, CONNECTION, None).await.expect("readable");
        let standings = standings(&store, CONNECTION, &booked).await.expect("readable");
        let changes = standings[0].changes.join("\n");
        let told = [
            "settlement 81000000077 was booked in 2026-09 or before it, after",
            "account 4000 Product sales: 42.53 credit accrued, nothing open by now",
        ];
        for told in told {
            assert_eq!(changes.contains(told), is_late, "{told}: {changes}");
        }
        assert_eq!(stage.epicor.posted_journals().len(), journals);
    }
}

/// The state of the accrual, and why it is held.
async fn how_it_stands(store: &Store) -> (String, Vec<HeldReason>) {
    let record = store.accrual(&key()).await.expect("readable").expect("prepared");
    (record.state, HeldReason::parse_all(record.hold.as_deref()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_epicor_lacks_holds_it_until_it_is_there() {
    let stage = Stage::set(setting(&[])).await.expect("stand-ins start");
    let rules = stage.folder().join("rules.toml");
    let text = std::fs::read_to_string(&rules).expect("rules");
    let text = text.replace("deferred_balance = \"1175\"", "deferred_balance = \"1176\"");
    std::fs::write(&rules, text).expect("written");
    let (store, clock) = (Store::in_memory().expect("a store"), clock());
    let process = Process::start(&stage, &clock).await;
    let plan = planned(&process, &store, &sales()).await;
    let worker = worker(&process, &store);
    worker.prepare(&key(), plan.as_ref(), &clerk()).await.expect("kept");
    let held = async || how_it_stands(&store).await;
    for _ in 0..2 {
        process.summary(&store).await;
        let (state, reasons) = held().await;
        assert_eq!((state.as_str(), reasons[0].reason.as_str()), ("held", "account_missing"));
        assert!(reasons[0].message.contains("1176"), "{reasons:?}");
    }
    let refused = worker.approve(&key(), &clerk(), None).await.expect_err("it is held");
    assert!(refused.to_string().contains("that is held"), "{refused}");

    // With nothing open any more there is nothing to go on with.
    worker.prepare(&key(), None, &clerk()).await.expect("kept");
    assert_eq!(held().await.1[0].reason, "nothing_open");
    let refused = worker.release(&key(), &clerk(), None).await.expect_err("nothing is in it");
    assert!(matches!(refused.downcast_ref(), Some(AccrualRefused::NothingOpen { .. })));

    stage.epicor.add_account(&fixtures::epicor::GlAccountRow::active("1176", "Amazon open"));
    process.summary(&store).await;
    assert_eq!(held().await.0, "held", "nothing is open");
    worker.prepare(&key(), plan.as_ref(), &clerk()).await.expect("kept");
    process.summary(&store).await;
    assert_eq!(held().await, ("posted".to_owned(), Vec::new()));
    assert_accrued_once(&stage, &store, "held before").await;
}

async fn run(stage: &Stage, args: &[&str], code: i32) -> Said {
    let said = support::run(stage.folder(), args).await;
    assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
    said
}

/// A posted settlement of September, two sales that are open at its end, and people who approve. The
/// chart has the open money on the clearing account itself.
async fn stage_to_accrue() -> Stage {
    let stage = posted().await;
    in_pacific_time(&stage);
    let rules = stage.folder().join("rules.toml");
    let text = std::fs::read_to_string(&rules).expect("rules");
    let text = text.replace("deferred_balance = \"1175\"", "deferred_balance = \"1150\"");
    let named = "\n[[rule]]\ntransaction_type = \"Shipment\"\namount_type = \"Product Charges\"\n\
                 amount_description = \"Principle\"\nrole = \"product_sales\"\n";
    std::fs::write(&rules, text + named).expect("written");
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    std::fs::write(stage.config(), config.replace("automatic = true", "automatic = false"))
        .expect("written");
    for (id, status, at, amount) in [
        ("a", "DEFERRED", "2026-09-20T12:00:00Z", "30.00"),
        ("b", "RELEASED", "2026-10-01T06:59:59Z", "12.50"),
    ] {
        assert!(stage.amazon.add_transaction(transaction(id, status, at, amount)));
    }
    stage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accrual_is_prepared_approved_and_posted_by_command() {
    let stage = stage_to_accrue().await;
    let journals = || stage.epicor.posted_journals().len();
    let accrue = ["accrue", "--period", "2026-09"];
    let with = |more: &[&'static str]| [&accrue[..], more].concat();

    run(&stage, &with(&["--approve"]), 1).await;
    let running = SystemClock::new().now().strftime("%Y-%m").to_string();
    let said = run(&stage, &["accrue", "--period", &running, "--post"], 3).await;
    assert!(said.err.contains("accrue it when it is over"), "{}", said.err);
    stage.epicor.close_period(2026, 9);
    let said = run(&stage, &with(&["--post"]), 3).await;
    assert!(said.out.contains("period of 2026-09-30 is closed"), "{}", said.out);
    let said = run(&stage, &["status"], 3).await;
    assert!(
        said.out.contains("accrual 2026-09 USD: held, 42.50 USD on 2026-09-30"),
        "{}",
        said.out
    );
    stage.epicor.open_period(2026, 9);
    run(&stage, &["sync", "settlements"], 0).await;
    let said = run(&stage, &["status", "--json"], 0).await;
    let told = said.json_lines().into_iter().find(|one| one["accrual"].is_string());
    assert_eq!(told.expect("it is told")["state"], "ready");
    assert_eq!(journals(), 1, "nobody approved");

    run(&stage, &with(&["--approve", "--reason", "the month is over"]), 0).await;
    for period in ["2026-09", "2026-10"] {
        let said = run(&stage, &["reconcile", "sign", period], 4).await;
        let told = "the accrual of 2026-09 is approved, and not posted yet";
        assert!(said.err.contains(told), "{period}: {}", said.err);
    }
    let said = run(&stage, &with(&["--post", "--json"]), 0).await;
    let [told] = said.json_lines().try_into().expect("one currency");
    assert_eq!((&told["state"], &told["date"]), (&"posted".into(), &"2026-09-30".into()));
    assert_eq!(
        (&told["reversal"], &told["changes"]),
        (&"2026-10-01".into(), &serde_json::json!([]))
    );
    assert_eq!(told["journals"].as_array().expect("both").len(), 2);
    run(&stage, &with(&["--post"]), 0).await;
    assert_eq!(journals(), 3, "once");
    for of in ["2026-09", "2026-09 USD"] {
        let story = run(&stage, &["audit", "show", of], 0).await.out;
        for words in ["prepared", "check failed", "reconsider", "the month is over", "begin"] {
            assert!(story.contains(words), "{of}, {words}: {story}");
        }
    }

    // The clearing account's roll-forward has both.
    for (period, accruals) in [("2026-09", "42.50"), ("2026-10", "-42.50")] {
        let args = ["reconcile", "--period", period, "--json"];
        let [figures] =
            support::run(stage.folder(), &args).await.json_lines().try_into().expect("one");
        let clearing = &figures["clearing"];
        assert_eq!(clearing["accruals"], accruals, "{figures}");
        assert_eq!(clearing["ledger"], clearing["closing"], "{figures}");
    }

    // A settlement that comes late is told, and posts nothing more of the accrual.
    let late = documents::get("us-month-end.txt").expect("it ships");
    std::fs::write(stage.folder().join("late.txt"), &late.bytes).expect("written");
    run(&stage, &["import", "late.txt"], 0).await;
    let id = String::from_utf8_lossy(&late.bytes).lines().nth(1).expect("a row").to_owned();
    let id = id.split('\t').next().expect("an id").to_owned();
    run(&stage, &["sync", "settlements"], 0).await;
    run(&stage, &["approve", &id], 0).await;
    run(&stage, &["post", &id], 0).await;
    let before = journals();
    let said = run(&stage, &with(&["--post"]), 0).await;
    let told = format!("settlement {id} was booked in 2026-09 or before it, after the accrual");
    assert!(said.out.contains(&told), "{}", said.out);
    assert_eq!(journals(), before);
}

/// With the related identifiers that Amazon gives.
fn related(mut transaction: serde_json::Value, names: &[(&str, &str)]) -> serde_json::Value {
    let identifiers = names.iter().map(|(name, value)| {
        serde_json::json!({
            "relatedIdentifierName": name,
            "relatedIdentifierValue": value,
        })
    });
    transaction["relatedIdentifiers"] = identifiers.collect();
    transaction
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_settlements_of_earlier_periods_have_is_not_accrued_again() {
    let stage = stage_to_accrue().await;
    let october = "Date,Description,Amount,Balance\n2026-10-02,AMAZON COM PAYMENTS,455.05,1.00\n";
    import(&stage, "october.csv", october, 0).await;
    // The first is in the settlement of September that was posted; the second in one that is not here.
    for (id, at, settlement) in [
        ("settled", "2026-09-10T12:00:00Z", "24610385127"),
        ("later", "2026-10-20T12:00:00Z", "24700000000"),
    ] {
        let told = transaction(id, "RELEASED", at, "99.00");
        let group = format!("group of {settlement}");
        let names = [("SETTLEMENT_ID", settlement), ("FINANCIAL_EVENT_GROUP_ID", &group)];
        assert!(stage.amazon.add_transaction(related(told, &names)));
    }
    let accrue = ["accrue", "--period", "2026-10", "--json"];
    let open = async || {
        let [told] = run(&stage, &accrue, 0).await.json_lines().try_into().expect("one currency");
        (told["transactions"].clone(), told["unsettled"].clone())
    };
    let expected = (serde_json::json!(["a", "b", "later"]), serde_json::json!("111.50"));
    assert_eq!(open().await, expected);

    // What a clerk entered by hand is in the books as well, once somebody says so.
    let told = transaction("entered", "RELEASED", "2026-09-05T12:00:00Z", "25.00");
    let names = [("SETTLEMENT_ID", "24598127340")];
    assert!(stage.amazon.add_transaction(related(told, &names)));
    assert_eq!(open().await.1, "136.50");
    let earlier = documents::get("us-month-end.txt").expect("it ships");
    std::fs::write(stage.folder().join("earlier.txt"), &earlier.bytes).expect("written");
    run(&stage, &["import", "earlier.txt"], 0).await;
    run(&stage, &["by-hand", "24598127340", "--reason", "entered in September"], 0).await;
    assert_eq!(open().await, expected);

    // One that Amazon does not name the settlement of is in the one of its group.
    let told = transaction("grouped", "RELEASED", "2026-09-11T12:00:00Z", "50.00");
    let names = [("FINANCIAL_EVENT_GROUP_ID", "group of 24610385127")];
    assert!(stage.amazon.add_transaction(related(told, &names)));
    assert_eq!(open().await, expected);

    // Without its group nobody knows whether it is booked.
    let told = transaction("unnamed", "RELEASED", "2026-09-12T12:00:00Z", "50.00");
    assert!(stage.amazon.add_transaction(told));
    let said = run(&stage, &accrue, 3).await;
    for words in ["unnamed", "50.00 USD", "settlement 24610385127"] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
}
