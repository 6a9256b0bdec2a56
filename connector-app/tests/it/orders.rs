//! Orders in, shipments out, over both stand-ins: the real path in process, on a clock that moves only
//! when something waits, and the binary as a clerk runs it.

mod amazon_ships;
mod elsewhere;
mod feeds;
mod load;
mod packs;
mod ready;
pub(crate) mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connector_app::pipeline::order::State;
use connector_app::pipeline::order_proof::Proof;
use connector_app::stage::{Setting, Stage};
use fixtures::Fault;
use fixtures::amazon::orders::{Change, FulfilledBy, OrderItem, PageFaults};
use fixtures::amazon::{self, orders};
use fixtures::epicor::{CrossReference, Part};
use rust_decimal::Decimal;

use self::support::{SKUS, Shop, at, order};
use crate::support::run;

/// Amazon's orders that must be in Epicor: paid, not cancelled, the seller's own.
fn wanted(shop: &Shop) -> BTreeSet<String> {
    let orders = shop.stage.amazon.orders().into_iter();
    let paid = orders.filter(|order| {
        order.fulfilled_by == FulfilledBy::Merchant
            && !matches!(order.status, "PENDING" | "CANCELLED")
    });
    paid.map(|order| order.id).collect()
}

/// Open sales orders by PO number; each must be there once.
fn in_epicor(shop: &Shop) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for order in shop.stage.epicor.sales_orders() {
        assert!(order.open || shop.is_cancelled(&order.po_num), "{} is closed", order.po_num);
        if order.open {
            assert!(ids.insert(order.po_num.clone()), "{} is there twice", order.po_num);
        }
    }
    ids
}

/// Every sales order is what the buyer paid without tax, to the cent.
fn assert_totals(shop: &Shop) {
    let orders = shop.stage.amazon.orders();
    let paid: BTreeMap<_, _> = orders.iter().map(|order| (order.id.as_str(), order)).collect();
    for order in shop.stage.epicor.sales_orders().iter().filter(|order| order.open) {
        let told = paid[order.po_num.as_str()];
        let decimals = if order.currency == "JPY" { 0 } else { 2 };
        let net = Decimal::new(told.total - told.tax, decimals);
        assert_eq!(order.amount, net, "order {} in {}", order.po_num, order.currency);
        assert_eq!(order.tax, Decimal::ZERO, "Amazon has charged the tax of {}", order.po_num);
    }
}

#[tokio::test]
async fn an_order_is_entered_to_the_cent_with_its_address_and_without_tax() {
    let mut one = order("111-0000001-0000001", FulfilledBy::Merchant);
    one.items[0].shipping = 600;
    one.items[0].shipping_discount = 100;
    one.items[0].gift_wrap = 350;
    one.items[0].discount = 250;
    one.items[0].tax = 412;
    let shop = Shop::open(vec![one]).await;
    shop.run().await;
    let entered = shop.stage.epicor.sales_orders();
    let [sales_order] = entered.as_slice() else { panic!("one order: {entered:?}") };
    assert_eq!(sales_order.amount.to_string(), "118.99");
    assert_eq!(sales_order.one_time_ship_to.as_deref(), Some("Casey Sample"));
    let charges: Vec<_> = sales_order.charges.iter().map(|(c, a)| format!("{c} {a}")).collect();
    assert_eq!(charges, ["SHIP 6.00", "DISC -1.00", "GIFT 3.50"]);
    assert_totals(&shop);
    assert_eq!(shop.state("111-0000001-0000001").await, State::Entered);

    let before = shop.stage.epicor.requests().len();
    shop.run().await;
    let requests = shop.stage.epicor.requests();
    let written = requests[before..].iter().filter(|request| request.operation == "MasterUpdate");
    assert_eq!(written.count(), 0, "what is entered is left alone");
    shop.assert_nothing_personal_is_kept();
}

#[tokio::test]
async fn a_pending_order_waits_and_amazons_own_are_left_alone() {
    let mut pending = order("111-0000001-0000001", FulfilledBy::Merchant);
    pending.history.clear();
    let theirs = order("111-0000001-0000002", FulfilledBy::Amazon);
    let shop = Shop::open(vec![pending, theirs]).await;
    shop.run().await;
    assert_eq!(shop.state("111-0000001-0000001").await, State::Pending);
    assert_eq!(shop.state("111-0000001-0000002").await, State::Excluded);
    assert!(shop.stage.epicor.sales_orders().is_empty());

    assert!(shop.stage.amazon.change_order("111-0000001-0000001", Change::Paid));
    shop.pass(10).await;
    shop.run().await;
    assert_eq!(in_epicor(&shop), wanted(&shop));
    assert_eq!(shop.state("111-0000001-0000001").await, State::Entered);
}

#[tokio::test]
async fn an_order_without_a_part_waits_by_name_and_goes_by_itself() {
    let mut odd = order("111-0000001-0000001", FulfilledBy::Merchant);
    odd.items[1].sku = "HAT".to_owned();
    let shop = Shop::open(vec![odd]).await;
    shop.run().await;
    assert_eq!(shop.state("111-0000001-0000001").await, State::Waiting);
    let why = shop.hold("111-0000001-0000001").await;
    assert!(why.contains("part_missing") && why.contains("SKU HAT has no part"), "{why}");
    let events = shop.store.events_of("111-0000001-0000001").await.expect("a story").len();
    shop.run().await;
    let again = shop.store.events_of("111-0000001-0000001").await.expect("a story").len();
    assert_eq!(events, again, "looking again without a change is no event");

    // The article is made; a cross reference that leads to two parts is not guessed at.
    shop.stage.epicor.put_part(&Part::new("HAT-1", "Hat", 1000));
    for part in ["HAT-1", "WIDGET-2"] {
        shop.stage.epicor.add_cross_reference(&CrossReference {
            customer: 201,
            customer_part: "HAT".to_owned(),
            part: part.to_owned(),
        });
        shop.run().await;
        let one = part == "HAT-1";
        if one {
            assert_eq!(in_epicor(&shop), wanted(&shop));
        }
    }
    assert_eq!(shop.state("111-0000001-0000001").await, State::Entered);
}

#[tokio::test]
async fn what_is_cancelled_at_amazon_is_taken_out_of_the_sales_order() {
    let id = "111-0000001-0000001";
    let mut one = order(id, FulfilledBy::Merchant);
    one.items[0].discount = 200;
    one.items[0].shipping = 600;
    let shop = Shop::open(vec![one, order("111-0000001-0000002", FulfilledBy::Merchant)]).await;
    shop.run().await;
    let less = Change::PiecesCancelled { item: "11".to_owned(), pieces: 1 };
    assert!(shop.stage.amazon.change_order(id, less));
    shop.pass(10).await;
    shop.run().await;
    assert_eq!(shop.state(id).await, State::Entered);
    assert_totals(&shop);

    let gone = Change::PiecesCancelled { item: "12".to_owned(), pieces: 1 };
    assert!(shop.stage.amazon.change_order(id, gone));
    shop.pass(10).await;
    shop.run().await;
    assert_totals(&shop);

    assert!(shop.stage.amazon.change_order(id, Change::Cancelled));
    shop.pass(10).await;
    shop.run().await;
    assert_eq!(shop.state(id).await, State::Closed);
    assert_eq!(in_epicor(&shop), wanted(&shop));
    assert_eq!(shop.stage.epicor.sales_orders().len(), 2, "changed, never entered anew");
}

#[tokio::test]
async fn a_tax_that_epicor_would_add_is_noticed() {
    let mut shop = Shop::open(vec![order("111-0000001-0000001", FulfilledBy::Merchant)]).await;
    shop.setting.tax_region = Some("STATE".to_owned());
    shop.run().await;
    assert_eq!(shop.state("111-0000001-0000001").await, State::Held);
    let why = shop.hold("111-0000001-0000001").await;
    assert!(why.contains("tax_region"), "{why}");
}

#[tokio::test]
async fn no_answer_is_lost_and_no_order_entered_twice() {
    let ids = ["111-0000001-0000001", "111-0000001-0000002"];
    for (operation, fault) in [
        ("MasterUpdate", Fault::ResetAfter),
        ("MasterUpdate", Fault::StatusAfter(504)),
        ("MasterUpdate", Fault::ResetBefore),
        ("SetReadyToCalc", Fault::ResetAfter),
        ("SetReadyToCalc", Fault::ResetBefore),
        ("GetByID", Fault::TruncateBody),
    ] {
        let orders = ids.map(|id| order(id, FulfilledBy::Merchant)).into();
        let shop = Shop::open(orders).await;
        shop.stage.epicor.faults().on(operation, 1, fault.clone());
        for _ in 0..4 {
            shop.run_anyway().await;
        }
        assert_eq!(in_epicor(&shop), wanted(&shop), "{operation} {fault:?}");
        assert_totals(&shop);
    }
}

/// What repeating cannot change is not repeated: a postcode that does not fit, and a rule of the company's.
#[tokio::test]
async fn a_refusal_by_a_rule_holds_an_order_at_once() {
    let mut far = order("111-0000001-0000001", FulfilledBy::Merchant);
    far.ship_to.postal_code = "97477-0001-22".to_owned();
    let shop = Shop::open(vec![far]).await;
    shop.run().await;
    let id = "111-0000001-0000001";
    assert_eq!(shop.state(id).await, State::Held);
    let why = shop.hold(id).await;
    assert!(why.contains("OTSZIP is too long: at most 10 characters are stored."), "{why}");
    let saves = |shop: &Shop| {
        let requests = shop.stage.epicor.requests();
        requests.iter().filter(|request| request.operation == "MasterUpdate").count()
    };
    assert_eq!(saves(&shop), 1, "it is sent once");

    for operation in ["MasterUpdate", "ChangeUnitPrice", "SetReadyToCalc"] {
        let shop = Shop::open(vec![order(id, FulfilledBy::Merchant)]).await;
        shop.stage.epicor.faults().on(operation, 0, Fault::Status(400));
        shop.run().await;
        assert_eq!(shop.state(id).await, State::Held, "{operation}");
        assert!(shop.stage.epicor.sales_orders().is_empty(), "{operation}: nothing half made");
    }
}

/// A year of orders, read every two months: edges between pages lose, repeat and swap orders, tokens
/// expire, our clock is five minutes off, and a process ends wherever a fault strikes. In the end the
/// set in Epicor is the set at Amazon, and the proof says so.
#[tokio::test]
async fn a_year_of_orders_with_everything_that_goes_wrong() {
    for (seed, off) in [(1, 300), (2, -300)] {
        let year = (at("2025-11-01T00:00:00Z"), at("2026-10-31T00:00:00Z"));
        let options = amazon::Options {
            orders: orders::generate(seed, 70, year, &SKUS),
            page_faults: Some(PageFaults { seed, per_mille: 400 }),
            today: Some(at("2026-01-02T12:00:00Z")),
            enforce_rates: false,
            ..amazon::Options::default()
        };
        let mut shop = Shop::set(options, off).await;
        shop.small_pages();
        let transient = [Fault::ResetBefore, Fault::Status(503), Fault::ResetAfter];
        for turn in 0..6 {
            shop.stage.epicor.faults().seeded_from(seed + turn, 4, &transient);
            shop.run_anyway().await;
            shop.pass(61 * 24 * 60).await;
        }
        shop.stage.epicor.faults().clear();
        shop.run().await;
        let proofs = shop.prove().await;
        assert!(proofs.len() > 12 && proofs.iter().all(Proof::holds), "seed {seed}: {proofs:?}");
        assert_eq!(in_epicor(&shop), wanted(&shop), "seed {seed}");
        assert_totals(&shop);
    }
}

/// Two packs of three lines each, with the quantities split between them.
#[tokio::test]
async fn what_is_confirmed_is_what_was_shipped_however_often_it_is_told() {
    let id = "111-0000001-0000001";
    let mut one = order(id, FulfilledBy::Merchant);
    one.items = [("11", 4), ("12", 3), ("13", 2)]
        .map(|(item, pieces)| OrderItem::new(item, SKUS[0], pieces, 1000 * i64::from(pieces)))
        .into();
    let shop = Shop::open(vec![one, order("111-0000001-0000002", FulfilledBy::Amazon)]).await;
    shop.run().await;
    let number = shop.order_num(id).await;
    let first = [(1, 3), (2, 1), (3, 1)].map(|(line, pieces)| (line, Decimal::from(pieces)));
    shop.stage.epicor.ship("EPIC06", number, &first, &["1Z1"]).expect("a pack");
    // The answer is lost after Amazon took it.
    shop.stage.amazon.faults().on("confirmShipment", 0, Fault::ResetAfter);
    shop.shipments().await;
    assert_eq!(status(&shop, id), "PARTIALLY_SHIPPED");
    // The second leaves without a tracking number at first.
    let second = shop.stage.epicor.pack("EPIC06", number, &[]).expect("a pack");
    shop.stage.epicor.set_tracking("EPIC06", second, &[]);
    shop.shipments().await;
    assert_eq!(status(&shop, id), "PARTIALLY_SHIPPED");
    assert!(shop.stage.epicor.set_tracking("EPIC06", second, &["1Z2", "1Z3"]));
    for _ in 0..3 {
        shop.shipments().await;
    }
    let seen = shop.stage.amazon.orders();
    let seen = seen.iter().find(|order| order.id == id).expect("it is there");
    let expected = [("11", 4, 4), ("12", 3, 3), ("13", 2, 2)];
    assert_eq!(seen.items, expected.map(|(item, wanted, sent)| (item.to_owned(), wanted, sent)));
    let tracking: Vec<_> = seen.packages.iter().map(|package| package.tracking.as_str()).collect();
    assert_eq!(tracking, ["1Z1", "1Z2"]);
    assert_eq!(confirmations(&shop), 3, "told once each, and again after the lost answer");

    // A correction edits its package and adds none.
    assert!(shop.stage.epicor.set_tracking("EPIC06", second, &["1Z9"]));
    shop.shipments().await;
    shop.shipments().await;
    let seen = shop.stage.amazon.orders();
    let seen = seen.iter().find(|order| order.id == id).expect("it is there");
    let tracking: Vec<_> = seen.packages.iter().map(|package| package.tracking.as_str()).collect();
    assert_eq!((tracking, seen.status), (vec!["1Z1", "1Z9"], "SHIPPED"));
}

#[tokio::test]
async fn already_fulfilled_is_a_success_and_amazons_own_are_never_told() {
    let (ours, theirs) = ("111-0000001-0000001", "111-0000001-0000002");
    let both = [order(ours, FulfilledBy::Merchant), order(theirs, FulfilledBy::Amazon)];
    let mut shop = Shop::open(both.into()).await;
    shop.setting.fba = connector_app::config::Fba::Order;
    shop.run().await;
    assert_eq!(shop.stage.epicor.sales_orders().len(), 2);
    let by_hand = orders::Package {
        reference: "1".to_owned(),
        carrier: "UPS".to_owned(),
        tracking: "1ZHAND".to_owned(),
        shipped: at("2026-11-19T10:00:00Z"),
        items: vec![("11".to_owned(), 2), ("12".to_owned(), 1)],
    };
    assert!(shop.stage.amazon.change_order(ours, Change::Shipped(by_hand)));
    for id in [ours, theirs] {
        let number = shop.order_num(id).await;
        shop.stage.epicor.ship("EPIC06", number, &[], &["1Z7"]).expect("a pack");
    }
    let summary = shop.shipments().await;
    let states: Vec<String> = summary.moved.values().map(ToString::to_string).collect();
    assert_eq!(states, ["confirmed", "excluded"]);
    assert_eq!(confirmations(&shop), 0);
}

fn status(shop: &Shop, id: &str) -> &'static str {
    let orders = shop.stage.amazon.orders();
    orders.iter().find(|order| order.id == id).map_or("", |order| order.status)
}

fn confirmations(shop: &Shop) -> usize {
    let requests = shop.stage.amazon.requests();
    requests.iter().filter(|request| request.operation == "confirmShipment").count()
}

/// Two thousand orders, read by the real plan; ten thousand with `ORDERS=10000`, by hand.
#[expect(clippy::print_stdout, reason = "a person reads the figures")]
#[tokio::test]
async fn calls_keep_within_the_plan() {
    let count = std::env::var("ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(2300);
    let year = (at("2026-10-01T00:00:00Z"), at("2026-10-30T00:00:00Z"));
    let options = amazon::Options {
        orders: orders::generate(5, count, year, &SKUS),
        today: Some(at("2026-11-20T12:00:00Z")),
        ..amazon::Options::default()
    };
    let mut shop = Shop::set(options, 0).await;
    // Nobody is named for any marketplace: every order is read, and waits.
    shop.setting.other_customer = None;
    shop.setting.since = jiff::civil::date(2026, 10, 1);
    shop.setting.window_days = 90;
    let summary = shop.run().await;
    assert_eq!(summary.polled.new, count as u64);
    let requests = shop.stage.amazon.requests();
    let calls = requests.iter().filter(|request| request.operation == "searchOrders").count();
    let bound = Duration::from_secs(179 * (calls as u64).saturating_sub(20));
    println!(
        "{count} orders: {calls} calls, {} of them refused; {} s waited, {} s by the plan",
        calls - summary.polled.pages as usize,
        shop.waited().as_secs(),
        bound.as_secs()
    );
    assert_eq!(calls, summary.polled.pages as usize, "no call was refused");
    assert!(calls <= count / 100 + 3, "{calls} calls");
    assert!(shop.waited() <= bound + Duration::from_secs(179));
}

/// What one order costs in requests to Epicor.
#[expect(clippy::print_stdout, reason = "a person reads the figures")]
#[tokio::test]
async fn requests_of_an_order_are_counted() {
    let orders: Vec<_> = (0..10)
        .map(|number| order(&format!("111-0000001-{number:07}"), FulfilledBy::Merchant))
        .collect();
    let shop = Shop::open(orders).await;
    shop.run().await;
    assert_eq!(in_epicor(&shop).len(), 10);
    let requests = shop.stage.epicor.requests();
    let mut operations: BTreeMap<&str, usize> = BTreeMap::new();
    for request in &requests {
        *operations.entry(request.operation.as_str()).or_default() += 1;
    }
    println!("{} requests for 10 orders of two lines: {operations:?}", requests.len());
    assert!(requests.len() <= 10 * 24 + 10, "{} requests: {operations:?}", requests.len());
}

/// The binary, as a clerk runs it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_show_orders_as_they_show_settlements() {
    let id = "111-0000001-0000001";
    let mut setting = Setting::new(Vec::new());
    setting.amazon = amazon::Options {
        orders: vec![order(id, FulfilledBy::Merchant)],
        today: Some(at("2026-11-20T12:00:00Z")),
        personal_data: true,
        ..amazon::Options::default()
    };
    setting.tables = support::TABLES.replace("2025-11-01", "2026-11-09");
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let said = async |args: &[&str]| {
        let said = run(stage.folder(), args).await;
        assert_eq!(said.code, 0, "{args:?}: {}\n{}", said.out, said.err);
        said
    };
    let dry = said(&["sync", "orders", "--dry-run"]).await;
    assert!(dry.out.contains(id) && dry.out.contains("total 112.99 USD"), "{}", dry.out);
    assert!(stage.epicor.sales_orders().is_empty());
    let synced = said(&["sync", "orders", "--json"]).await.json_lines();
    assert_eq!(synced[0]["moved"][0]["state"], "entered");
    assert_eq!(stage.epicor.sales_orders().len(), 1);
    let status = said(&["status", "--json"]).await.json_lines();
    assert_eq!(status, [serde_json::json!({ "connection": "demo", "orders": { "entered": 1 } })]);
    assert!(said(&["plan", id]).await.out.contains("as entered"));
    let story = said(&["audit", "show", id]).await.out;
    assert!(story.contains("told") && story.contains("found nothing"), "{story}");
    let of_order = said(&["status", id, "--json"]).await.json_lines();
    let number = of_order[0]["order_num"].as_str().and_then(|text| text.parse().ok());
    let number = number.expect("an order number");
    stage.epicor.ship("EPIC06", number, &[], &["1Z1"]).expect("a pack");
    let shipped = said(&["sync", "shipments"]).await.out;
    assert!(shipped.contains("1 shipments confirmed"), "{shipped}");
    assert!(said(&["status", id]).await.out.contains("confirmed"));
}
