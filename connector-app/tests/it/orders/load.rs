//! First loads: Amazon's reports tell which orders there are, and the wanted ones are read one by one. In the
//! end the set is the one that the search would have brought.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_app::config::Fba;
use connector_app::pipeline::Unready;
use connector_app::pipeline::order::State;
use connector_app::pipeline::order_proof::Proof;
use connector_app::stage::{Setting, Stage};
use fixtures::Fault;
use fixtures::amazon::orders::{Change, FulfilledBy, Order, generate};
use fixtures::amazon::{self, ReportEnd};
use jiff::{SignedDuration, Timestamp};
use wire::{Clock as _, SystemClock};

use super::support::{SKUS, Shop, TABLES, at, order};
use super::{assert_totals, in_epicor, wanted};
use crate::support::run;

/// The windows of a year and nineteen days, and of the hour by which they overlap.
const REPORTS: usize = 13;

fn year(seed: u64, count: usize) -> Vec<Order> {
    let year = (at("2025-11-02T00:00:00Z"), at("2026-11-18T00:00:00Z"));
    generate(seed, count, year, &SKUS)
}

/// A shop on 20 November 2026 that wants the orders of a year and has not read any.
async fn shop(orders: Vec<Order>, by_report: bool) -> Shop {
    let options = amazon::Options {
        orders,
        today: Some(at("2026-11-20T12:00:00Z")),
        report_polls: 1,
        ..amazon::Options::default()
    };
    let mut shop = Shop::set(options, 0).await;
    if by_report {
        shop.setting.report_after_days = 30;
    }
    shop
}

/// Runs until nothing is left to be loaded; how many runs that took.
async fn load(shop: &Shop) -> usize {
    for runs in 1..20 {
        let loaded = shop.run().await.loaded;
        if (loaded.reports_left, loaded.left) == (0, 0) {
            return runs;
        }
        // A fresh process does not know what is left of Amazon's limits.
        shop.pass(1).await;
    }
    panic!("the load never ends");
}

#[tokio::test]
async fn a_year_by_reports_is_the_set_that_the_search_brings() {
    let searched = shop(year(11, 70), false).await;
    searched.run().await;
    let reported = shop(year(11, 70), true).await;
    let first = reported.run().await.loaded;
    assert_eq!((first.reports as usize, first.reported, first.new), (REPORTS, 70, 70));
    assert_eq!((first.reports_left, first.left, first.not_given), (0, 0, 0));

    assert_eq!(reported.states().await, searched.states().await);
    // What was never read is known to the cent from the report, for the match with settlements.
    assert_eq!(reported.charged().await, searched.charged().await);
    assert_eq!(in_epicor(&reported), wanted(&reported));
    assert_eq!(in_epicor(&reported), in_epicor(&searched));
    assert_totals(&reported);
    reported.assert_nothing_personal_is_kept();
    assert_eq!(reported.asked("createReport"), REPORTS);
    let read = reported.asked("getOrder");
    assert_eq!(read as u64, first.read, "no order is read twice");
    assert_eq!(read, wanted(&reported).len(), "what is not wanted is not read");

    // Nothing is loaded again, and the proof holds by a report of another type.
    let again = reported.run().await;
    assert_eq!((again.loaded.reports, again.loaded.read, again.moved.len()), (0, 0, 0));
    reported.pass(16).await;
    let proofs = reported.prove().await;
    assert!(proofs.len() >= 12 && proofs.iter().all(Proof::holds), "{proofs:?}");
}

/// What is still pending when it is reported is told by the search once it is paid, and what the policy did
/// not want is read when it does.
#[tokio::test]
async fn what_changes_after_the_report_goes_on() {
    let (pending, theirs, new) =
        ("111-0000001-0000001", "111-0000001-0000002", "111-0000001-0000003");
    let mut unpaid = order(pending, FulfilledBy::Merchant);
    unpaid.history.clear();
    let mut shop = shop(vec![unpaid, order(theirs, FulfilledBy::Amazon)], true).await;
    shop.setting.since = jiff::civil::date(2026, 10, 15);
    // The last week has no orders: Amazon cancels its report, twice.
    shop.summary().await;
    shop.pass(16).await;
    assert_eq!(load(&shop).await, 1);
    assert_eq!(shop.state(pending).await, State::Pending);
    assert_eq!(shop.state(theirs).await, State::Excluded);
    assert_eq!(shop.asked("getOrder"), 0);

    assert!(shop.stage.amazon.change_order(pending, Change::Paid));
    let created = shop.stage.amazon.now();
    let history = vec![(created, Change::Paid)];
    shop.stage.amazon.add_order(Order { created, history, ..order(new, FulfilledBy::Merchant) });
    shop.pass(10).await;
    shop.setting.fba = Fba::Order;
    shop.run().await;
    assert_eq!(shop.state(pending).await, State::Entered);
    assert_eq!(shop.state(new).await, State::Entered);
    shop.run().await;
    assert_eq!(shop.state(theirs).await, State::Entered);
    assert_eq!(shop.asked("getOrder"), 1, "the search told the other two");
    assert_totals(&shop);
}

/// A run breaks off wherever an answer is lost or refused: the same reports are read by the next one, no
/// report is asked for twice, and no order is lost or entered twice.
#[tokio::test]
async fn a_load_that_is_broken_off_anywhere_goes_on() {
    let (lost, refused) = (Fault::ResetAfter, Fault::Status(400));
    let places = [
        ("createReport", 0, &lost),
        ("createReport", 7, &lost),
        ("getReport", 3, &refused),
        ("getReportDocument", 2, &refused),
        ("download", 5, &refused),
        ("searchOrders", 0, &refused),
        ("getOrder", 9, &refused),
    ];
    let shop = shop(year(12, 70), true).await;
    let faults = shop.stage.amazon.faults();
    for (operation, nth, fault) in places {
        faults.on(operation, nth, fault.clone());
    }
    shop.stage.epicor.faults().on("MasterUpdate", 3, Fault::ResetAfter);
    let mut runs = 0;
    while shop.asked("getOrder") < 10 && runs < 20 {
        shop.run_anyway().await;
        runs += 1;
    }
    faults.clear();
    shop.stage.epicor.faults().clear();
    load(&shop).await;
    assert!(runs > 1, "it was broken off");
    assert_eq!(shop.asked("createReport"), REPORTS);
    assert_eq!(in_epicor(&shop), wanted(&shop));
    assert_totals(&shop);
    assert_eq!(shop.states().await.len(), 70);
}

/// Amazon fails with one report, cancels another and forgets the rest: each is a state with a reason, the
/// other windows are read, and what is asked for again is not asked for at once.
#[tokio::test]
async fn a_report_that_amazon_does_not_make_keeps_its_window() {
    let shop = shop(year(13, 120), true).await;
    shop.stage.amazon.end_report(2, ReportEnd::Fatal);
    shop.stage.amazon.end_report(5, ReportEnd::Cancelled);
    let first = shop.summary().await;
    let why: Vec<&Unready> =
        first.failures.iter().filter_map(|(_, error)| error.downcast_ref()).collect();
    assert!(
        matches!(why.as_slice(), [Unready::Failed { status, .. }, Unready::Cancelled { .. }]
            if status == "FATAL"),
        "{:?}",
        first.failures
    );
    assert!(first.failures[0].0.starts_with("orders of 2025-12-"), "{:?}", first.failures);
    assert_eq!((first.loaded.reports as usize, first.loaded.reports_left), (REPORTS - 2, 2));
    assert!(!in_epicor(&shop).is_empty(), "the others went on");

    let soon = shop.summary().await;
    assert_eq!((soon.failures.len(), shop.asked("createReport")), (2, REPORTS));
    assert!(shop.prove().await.is_empty(), "nothing is proved before all of it is told");
    shop.pass(16).await;
    load(&shop).await;
    assert_eq!(shop.asked("createReport"), REPORTS + 2);
    assert_eq!(in_epicor(&shop), wanted(&shop));

    // The ids of another load are gone before they are read.
    let shop = self::shop(year(13, 120), true).await;
    shop.stage.amazon.faults().on("getReport", 0, Fault::Status(400));
    shop.run_anyway().await;
    assert_eq!(shop.asked("createReport"), REPORTS);
    shop.stage.amazon.forget_requested_reports();
    shop.pass(16).await;
    load(&shop).await;
    assert_eq!(shop.asked("createReport"), 2 * REPORTS);
    assert_eq!(in_epicor(&shop), wanted(&shop));
}

/// Amazon has archived some orders: the report has them, the Orders API does not.
#[tokio::test]
async fn an_order_that_only_the_report_has_waits_by_its_id() {
    let shop = shop(year(14, 60), true).await;
    let mut gone: Vec<String> = wanted(&shop).into_iter().step_by(6).collect();
    let missed = gone.len();
    assert!(missed > 2);
    let seen = shop.stage.amazon.orders();
    let left_alone = seen.iter().find(|order| order.fulfilled_by == FulfilledBy::Amazon);
    gone.push(left_alone.expect("one of Amazon's").id.clone());
    assert!(gone.iter().all(|id| shop.stage.amazon.archive_order(id)));
    let loaded = shop.run().await.loaded;
    assert_eq!((loaded.not_given, loaded.left), (missed as u64, 0));
    for id in &gone[..missed] {
        assert_eq!(shop.state(id).await, State::Waiting, "{id}");
        let why = shop.hold(id).await;
        assert!(why.contains("not_given") && why.contains(id.as_str()), "{why}");
    }
    assert_eq!(shop.state(&gone[missed]).await, State::Excluded, "it needs no reading");
    assert_eq!(shop.states().await.len(), 60, "none is lost");
    let entered = in_epicor(&shop);
    assert!(gone.iter().all(|id| !entered.contains(id)));
    assert_eq!(entered.len() + missed, wanted(&shop).len());

    let (read, events) = (shop.asked("getOrder"), shop.store.events_of(&gone[0]).await);
    shop.run().await;
    assert_eq!(shop.asked("getOrder"), read, "not looked for again at once");
    shop.pass(24 * 60 + 1).await;
    shop.run().await;
    assert_eq!(shop.asked("getOrder"), read + missed, "and once a day");
    let again = shop.store.events_of(&gone[0]).await.expect("a story").len();
    assert_eq!(events.expect("a story").len(), again, "looking again is no event");
    let proofs = shop.prove().await;
    assert!(proofs.iter().all(Proof::holds), "they count as waiting: {proofs:?}");
}

#[tokio::test]
async fn what_is_older_than_two_years_is_refused_in_words() {
    let year = (at("2023-06-01T00:00:00Z"), at("2026-11-18T00:00:00Z"));
    let orders = generate(15, 400, year, &SKUS);
    let mut shop = shop(orders.clone(), true).await;
    shop.setting.other_customer = None;
    shop.setting.since = jiff::civil::date(2023, 6, 1);
    let first = shop.run().await;
    let said = first.refused.expect("a sentence");
    assert!(
        said.contains("since 2023-06-01")
            && said.contains("two years: those from before 2024-11-21"),
        "{said}"
    );
    assert_eq!(first.loaded.reports, 25);
    // What was made before and changed since is told, as the search tells it.
    let known = shop.states().await;
    let young = orders.iter().filter(|order| order.created > at("2024-11-22T00:00:00Z"));
    let young: BTreeSet<&str> = young.map(|order| order.id.as_str()).collect();
    assert!(young.iter().all(|id| known.contains_key(*id)));
    assert!(known.len() < 320 && known.len() >= young.len(), "{} of {}", known.len(), young.len());
    assert_eq!(shop.run().await.refused, None, "said once");
}

/// What either way costs of a year, by the real plans; ten thousand orders with `ORDERS=10000`, by hand.
#[expect(clippy::print_stdout, reason = "a person reads the figures")]
#[tokio::test]
async fn a_load_is_counted_against_the_search() {
    let count = std::env::var("ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(1200);
    let mut known = Vec::new();
    for by_report in [false, true] {
        let mut shop = shop(year(16, count), by_report).await;
        // Nobody is named for any marketplace: every order is read, and waits.
        shop.setting.other_customer = None;
        shop.setting.window_days = 400;
        let runs = load(&shop).await;
        let asked = ["searchOrders", "createReport", "getReport", "getReportDocument", "getOrder"]
            .map(|operation| format!("{} {operation}", shop.asked(operation)));
        let way = if by_report { "by reports" } else { "by search" };
        let waited = shop.waited().as_secs();
        println!("{count} orders {way}: {}; {waited} s waited in {runs} runs", asked.join(", "));
        let read = shop.asked("getOrder");
        assert_eq!(read, if by_report { wanted(&shop).len() } else { 0 });
        assert_eq!(runs, read.div_ceil(900).max(1), "a run reads no more than its share");
        if by_report {
            assert_eq!(shop.asked("createReport"), REPORTS);
            let bound = Duration::from_secs(2 * (read as u64).saturating_sub(30) + 60 * 60);
            assert!(shop.waited() < bound, "{waited} s");
        }
        known.push(shop.states().await);
    }
    assert_eq!(known[0], known[1]);
}

/// The binary on the machine's clock, killed between asking for the proof's report and reading it, wherever it
/// is: one report is asked for in all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_that_is_killed_goes_on_with_its_report() {
    let moments = [
        ("createReport", Fault::HoldAfter),
        ("getReport", Fault::HoldBefore),
        ("getReportDocument", Fault::HoldAfter),
        ("download", Fault::HoldBefore),
    ];
    for (operation, fault) in moments {
        let stage = stage(vec![sold(5)], 9, "").await;
        stage.amazon.faults().on(operation, 0, fault.clone());
        let prove = ["sync", "orders", "--prove", "--json"];
        let mut child =
            crate::support::binary(stage.folder()).args(prove).spawn().expect("it starts");
        let reached = stage.amazon.faults().reached();
        tokio::time::timeout(Duration::from_mins(1), reached).await.expect(operation);
        child.kill().expect("killed");
        child.wait().expect("gone");
        stage.amazon.faults().clear();
        stage.amazon.faults().release();

        let said = run(stage.folder(), &prove).await;
        assert_eq!(said.code, 0, "{operation}: {}\n{}", said.out, said.err);
        let lines = said.json_lines();
        assert_eq!(lines[1]["holds"], true, "{operation}: {}", said.out);
        assert_eq!(lines[1]["proof"]["reported"], 1, "{operation}");
        let requests = stage.amazon.requests();
        let created = requests.iter().filter(|request| request.operation == "createReport");
        assert_eq!(created.count(), 1, "{operation} {fault:?}");
    }
}

/// The binary tells how far the load is, and what Amazon did with its reports.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_tell_how_far_a_load_is() {
    let stage = stage(vec![sold(5), sold(45), sold(75)], 80, "report_after_days = 30").await;
    stage.amazon.end_report(1, ReportEnd::Fatal);
    let said = run(stage.folder(), &["sync", "orders"]).await;
    assert_eq!(said.code, 1, "{}\n{}", said.out, said.err);
    assert!(said.out.contains("1 reports and 0 orders are still to be read"), "{}", said.out);
    assert!(said.out.contains("is FATAL. It is asked for again in a later run"), "{}", said.out);
    let status = run(stage.folder(), &["status"]).await;
    assert!(status.out.contains("report failed at Amazon"), "{}", status.out);
    let status = run(stage.folder(), &["status", "--json"]).await.json_lines();
    assert_eq!(status[0]["first_load"]["orders_left"], 0, "{status:?}");
    assert_eq!(stage.epicor.sales_orders().len(), 2);
}

/// What is older than the first load is had by its days; what Amazon no longer keeps is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backfill_has_older_orders_reported() {
    let stage = stage(vec![sold(5), sold(45)], 9, "").await;
    assert_eq!(run(stage.folder(), &["sync", "orders"]).await.code, 0);
    assert_eq!(stage.epicor.sales_orders().len(), 1);
    let day = |ago| days_ago(ago).strftime("%Y-%m-%d").to_string();
    let (from, to) = (day(60), day(1));
    let backfill = ["backfill", "orders", "--from", &from, "--to", &to];
    for _ in 0..2 {
        let said = run(stage.folder(), &backfill).await;
        assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
        assert_eq!(stage.epicor.sales_orders().len(), 2, "{}", said.out);
    }
    let gone = ["backfill", "orders", "--from", "2020-01-01", "--to", "2020-12-31"];
    let gone = run(stage.folder(), &gone).await;
    assert_eq!(gone.code, 1);
    assert!(gone.err.contains("Amazon keeps orders for two years, so nothing of"), "{}", gone.err);
}

/// Stand-ins on the machine's clock, with orders wanted since so many days ago.
async fn stage(orders: Vec<Order>, days: i64, more: &str) -> Stage {
    let mut setting = Setting::new(Vec::new());
    setting.amazon = amazon::Options {
        orders,
        personal_data: true,
        report_polls: 0,
        ..amazon::Options::default()
    };
    let since = days_ago(days).strftime("%Y-%m-%d");
    let head = format!("since = \"{since}\"\n{more}");
    setting.tables = TABLES.replace("since = \"2025-11-01\"", &head);
    if !more.is_empty() {
        setting.tables = setting.tables.replace("report_after_days = 36500\n", "");
    }
    Stage::set(setting).await.expect("stand-ins start")
}

/// An order of so many days ago, paid at once.
fn sold(days: i64) -> Order {
    let created = days_ago(days);
    let history = vec![(created, Change::Paid)];
    let id = format!("111-0000001-{days:07}");
    Order { created, history, ..order(&id, FulfilledBy::Merchant) }
}

fn days_ago(days: i64) -> Timestamp {
    SystemClock::new().now() - SignedDuration::from_hours(24 * days)
}
