//! Orders to sales orders.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use ledger_mapper::{
    AmazonOrder, ChargeCodes, DraftCharge, DraftLine, FulfilledBy, OrderChange, OrderItem,
    OrderPolicy, OrderStatus, OrderStep, Proceeds, SalesOrderDraft, ShipTo, SkuPart, order_step,
};
use proptest::prelude::*;
use settlement_model::Money;

use crate::properties::cents;
use crate::support::{money, pacific, usd};

fn policy() -> OrderPolicy {
    let part = |number: &str, multiple| SkuPart {
        part: number.to_owned(),
        uom: "EA".to_owned(),
        multiple,
    };
    let parts = [("MUG", part("1001", 1)), ("MUG-6", part("1001", 6)), ("TEE", part("2001", 1))];
    OrderPolicy {
        customers: BTreeMap::from([("Amazon.com".to_owned(), "AMZUS".to_owned())]),
        other_customer: None,
        parts: parts.map(|(sku, part)| (sku.to_owned(), part)).into(),
        wanted: vec![FulfilledBy::Amazon, FulfilledBy::Merchant],
        one_time_ship_to: true,
        charges: ChargeCodes {
            shipping: Some("SHIP".to_owned()),
            shipping_discount: Some("SHIPD".to_owned()),
            gift_wrap: Some("GIFT".to_owned()),
            other: None,
        },
        price_decimals: 5,
    }
}

fn item(id: &str, sku: &str, quantity: u32, price: &str) -> OrderItem {
    OrderItem {
        id: id.to_owned(),
        sku: sku.to_owned(),
        title: "An article".to_owned(),
        quantity,
        proceeds: Proceeds::of_item(money(price)),
    }
}

/// An order that the seller ships, late on 4 May in Pacific time.
fn order(items: Vec<OrderItem>) -> AmazonOrder {
    AmazonOrder {
        id: "111-8100001-0000001".to_owned(),
        created: "2026-05-05T06:30:00Z".parse().expect("an instant"),
        marketplace: "Amazon.com".to_owned(),
        fulfilled_by: FulfilledBy::Merchant,
        status: OrderStatus::Unshipped,
        ship_by: Some("2026-05-07T06:59:59Z".parse().expect("an instant")),
        ship_to: Some(ShipTo {
            name: "A. Buyer".to_owned(),
            lines: vec!["1 Main Street".to_owned()],
            city: "Springfield".to_owned(),
            state: Some("OR".to_owned()),
            postal_code: Some("97477".to_owned()),
            country: "US".to_owned(),
            phone: None,
        }),
        currency: usd(),
        grand_total: None,
        items,
    }
}

fn step(order: &AmazonOrder, entered: Option<&SalesOrderDraft>) -> OrderStep {
    order_step(order, entered, &policy(), &pacific())
}

fn created(order: &AmazonOrder) -> SalesOrderDraft {
    match step(order, None) {
        OrderStep::Create(draft) => *draft,
        other => panic!("not created: {other:?}"),
    }
}

fn holds(order: &AmazonOrder) -> String {
    let OrderStep::Hold(holds) = step(order, None) else { panic!("not held") };
    holds.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn table(draft: &SalesOrderDraft) -> String {
    let mut text = format!("{} for {} on {}\n", draft.po_number, draft.customer, draft.date);
    for line in &draft.lines {
        let DraftLine { part, quantity, uom, unit_price, discount, .. } = line;
        text += &format!("{part} {quantity} {uom} at {unit_price} less {discount}\n");
    }
    for DraftCharge { code, amount, .. } in &draft.charges {
        text += &format!("{code} {amount}\n");
    }
    let (theirs, ours) = (draft.tax_remitted_by_marketplace, draft.tax_remitted_by_seller);
    text + &format!("total {}, tax by Amazon {theirs}, by the seller {ours}\n", draft.total)
}

#[test]
fn an_order_with_everything() {
    let mut mugs = item("1", "MUG-6", 2, "50.00");
    mugs.proceeds.shipping = money("6.00");
    mugs.proceeds.shipping_discount = money("-1.00");
    mugs.proceeds.item_discount = money("5.00");
    mugs.proceeds.tax = money("4.12");
    let mut shirt = item("2", "TEE", 1, "20.00");
    shirt.proceeds.gift_wrap = money("3.50");
    shirt.proceeds.tax = money("1.65");
    shirt.proceeds.tax_remitted_by_marketplace = false;
    let mut order = order(vec![mugs, shirt]);
    order.grand_total = Some(money("79.27"));
    insta::assert_snapshot!(table(&created(&order)), @r#"
    111-8100001-0000001 for AMZUS on 2026-05-04
    1001 12 EA at 4.16667 less 5.00 USD
    2001 1 EA at 20.00 less 0.00 USD
    SHIP 6.00 USD
    SHIPD -1.00 USD
    GIFT 3.50 USD
    total 73.50 USD, tax by Amazon 4.12 USD, by the seller 1.65 USD
    "#);
}

#[test]
fn who_ships_decides_about_the_address() {
    let mut by_amazon = order(vec![item("1", "MUG", 1, "9.99")]);
    by_amazon.fulfilled_by = FulfilledBy::Amazon;
    assert_eq!(created(&by_amazon).ship_to, None);
    let mut by_merchant = order(vec![item("1", "MUG", 1, "9.99")]);
    assert_eq!(created(&by_merchant).ship_to, by_merchant.ship_to);
    assert_eq!(format!("{:?}", by_merchant.ship_to), r#"Some(ShipTo { country: "US", .. })"#);
    by_merchant.ship_to = None;
    assert!(holds(&by_merchant).contains("Direct-to-Consumer Delivery"));
    let amazon_only = OrderPolicy { wanted: vec![FulfilledBy::Amazon], ..policy() };
    let left = order_step(&by_merchant, None, &amazon_only, &TimeZone::UTC);
    assert_eq!(left, OrderStep::Nothing);
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let mut odd = item("2", "TEE", 1, "9.99");
    odd.proceeds.other = money("1.00");
    let mut order = order(vec![item("1", "HAT", 1, "9.99"), odd]);
    order.marketplace = "Amazon.ca".to_owned();
    insta::assert_snapshot!(holds(&order), @r#"
    Order 111-8100001-0000001 has the SKU HAT, which has no part. Somebody who knows the articles names the part; then the order is entered.
    Order 111-8100001-0000001 has 1.00 USD for cash on delivery or the like, which has no charge code. Finance names the code; then the order is entered.
    Order 111-8100001-0000001 is from Amazon.ca, which has no customer. Finance names one for the marketplace; then the order is entered.
    "#);
}

#[test]
fn a_total_that_the_items_do_not_give_holds() {
    let mut order = order(vec![item("1", "MUG", 1, "9.99")]);
    order.grand_total = Some(money("10.00"));
    insta::assert_snapshot!(holds(&order), @"The items of order 111-8100001-0000001 add up to 9.99 USD with tax, but Amazon states 10.00 USD. Finance compares the order in Seller Central; it is not entered until the two agree.");
}

#[test]
fn a_pending_order_waits_and_a_cancelled_one_is_never_entered() {
    let mut order = order(vec![item("1", "MUG", 1, "9.99")]);
    order.status = OrderStatus::Pending;
    assert_eq!(step(&order, None), OrderStep::Wait);
    order.status = OrderStatus::Cancelled;
    assert_eq!(step(&order, None), OrderStep::Nothing);
}

#[test]
fn less_of_an_item_is_a_change_and_none_of_any_a_cancellation() {
    let before = order(vec![item("1", "MUG", 3, "30.00"), item("2", "TEE", 1, "20.00")]);
    let entered = created(&before);
    assert_eq!(step(&before, Some(&entered)), OrderStep::Nothing);

    let fewer = order(vec![item("1", "MUG", 2, "20.00"), item("2", "TEE", 0, "0.00")]);
    let OrderStep::Change { now, changes } = step(&fewer, Some(&entered)) else { panic!("less") };
    let [OrderChange::CancelLine { line: shirt }, OrderChange::ChangeLine { before, line }] =
        changes.as_slice()
    else {
        panic!("two changes: {changes:?}")
    };
    assert_eq!((shirt.part.as_str(), before.quantity, line.quantity), ("2001", 3, 2));
    assert_eq!(now.total, money("20.00"));

    let none = order(vec![item("1", "MUG", 0, "0.00"), item("2", "TEE", 0, "0.00")]);
    let OrderStep::Change { now, changes } = step(&none, Some(&entered)) else { panic!("none") };
    assert_eq!(changes, [OrderChange::Cancel]);
    assert_eq!(step(&none, Some(&now)), OrderStep::Nothing);
}

/// Does to an entered order what the changes say.
fn apply(entered: &SalesOrderDraft, changes: &[OrderChange]) -> (Vec<DraftLine>, Vec<DraftCharge>) {
    let (mut lines, mut charges) = (entered.lines.clone(), entered.charges.clone());
    for change in changes {
        match change {
            OrderChange::Cancel => return (Vec::new(), Vec::new()),
            OrderChange::AddLine { line } => lines.push(line.clone()),
            OrderChange::CancelLine { line } => lines.retain(|other| other != line),
            OrderChange::ChangeLine { before, line } => {
                let place = lines.iter_mut().find(|other| *other == before).expect("as entered");
                *place = line.clone();
            }
            OrderChange::Charge { kind, code, amount, .. } => {
                charges.retain(|charge| charge.kind != *kind);
                if !amount.is_zero() {
                    charges.push(DraftCharge { kind: *kind, code: code.clone(), amount: *amount });
                }
            }
            other => panic!("an unknown change: {other:?}"),
        }
    }
    lines.sort_by(|a, b| (&a.item, a.share).cmp(&(&b.item, b.share)));
    charges.sort_by_key(|charge| charge.kind);
    (lines, charges)
}

fn items() -> impl Strategy<Value = Vec<OrderItem>> {
    let sku = proptest::sample::select(vec!["MUG", "MUG-6", "TEE"]);
    let one = (sku, 0_u32..5, 0_i64..10_000, 0_i64..900, 0_i64..500, 0_i64..900, any::<bool>());
    proptest::collection::vec(one, 1..6).prop_map(|drawn| {
        let make = |(number, (sku, quantity, price, ship, discount, tax, ours)): (usize, _)| {
            let mut item = item(&number.to_string(), sku, quantity, "0.00");
            item.proceeds = Proceeds {
                item: cents(price),
                shipping: cents(ship),
                shipping_discount: cents(-ship / 2),
                gift_wrap: cents(ship / 3),
                item_discount: cents(if ours { discount } else { -discount }),
                tax: cents(tax),
                tax_remitted_by_marketplace: !ours,
                ..Proceeds::of_item(cents(price))
            };
            item
        };
        drawn.into_iter().enumerate().map(make).collect()
    })
}

/// What the buyer pays for the items that are not cancelled, with tax.
fn paid(items: &[OrderItem]) -> Money {
    let items = items.iter().filter(|item| item.quantity > 0);
    let amounts = items.flat_map(|OrderItem { proceeds, .. }| {
        let discounts = [proceeds.item_discount, proceeds.shipping_discount];
        let [item, shipping] = discounts.map(|discount| discount.abs().negated());
        [proceeds.item, proceeds.shipping, proceeds.gift_wrap, proceeds.tax, item, shipping]
    });
    amounts.fold(cents(0), |sum, amount| sum.checked_add(amount).expect("small amounts"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_order_is_entered_to_the_cent(items in items()) {
        let mut order = order(items);
        order.grand_total = Some(paid(&order.items));
        match step(&order, None) {
            OrderStep::Nothing => prop_assert!(order.items.iter().all(|item| item.quantity == 0)),
            OrderStep::Create(draft) => {
                let mut total = cents(0);
                for line in &draft.lines {
                    let line = line.amount.checked_sub(line.discount).expect("small amounts");
                    total = total.checked_add(line).expect("small amounts");
                }
                for charge in &draft.charges {
                    total = total.checked_add(charge.amount).expect("small amounts");
                }
                prop_assert_eq!(total, draft.total);
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn changes_turn_what_was_entered_into_what_is(before in items(), after in items()) {
        let (before, after) = (order(before), order(after));
        let OrderStep::Create(entered) = step(&before, None) else { return Ok(()) };
        match step(&after, Some(&entered)) {
            OrderStep::Change { now, changes } => {
                let (lines, charges) = apply(&entered, &changes);
                prop_assert_eq!((lines, charges), (now.lines.clone(), now.charges.clone()));
                prop_assert_eq!(step(&after, Some(&now)), OrderStep::Nothing);
            }
            other => prop_assert_eq!(other, OrderStep::Nothing),
        }
    }
}
