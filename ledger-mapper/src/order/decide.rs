//! What is to be done about an order.

use jiff::tz::TimeZone;
use settlement_model::Money;

use super::changes::changes;
use super::draft::draft;
use super::{AmazonOrder, OrderChange, OrderHold, OrderPolicy, OrderStatus, SalesOrderDraft};

/// What is to be done about an order as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderStep {
    /// It has no prices yet: look again later.
    Wait,
    /// Nothing: not wanted by the policy, cancelled before it was entered, or entered as it is.
    Nothing,
    /// Enter it.
    Create(Box<SalesOrderDraft>),
    /// Change what was entered.
    Change {
        /// The order as it must be; to be kept for the next comparison.
        now: Box<SalesOrderDraft>,
        /// What differs; at least one.
        changes: Vec<OrderChange>,
    },
    /// It waits for a person, for all these reasons.
    Hold(Vec<OrderHold>),
}

/// Decides about an order.
///
/// * `entered`: the draft that its sales order has, if it was entered before;
/// * `zone`: in which the day of the order is told.
///
/// A pending order waits: Amazon gives its prices only afterwards. Orders that the policy does not
/// want are left alone; their money comes with the settlement either way.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use jiff::tz::TimeZone;
/// use ledger_mapper::{
///     AmazonOrder, ChargeCodes, FulfilledBy, OrderItem, OrderPolicy, OrderStatus, OrderStep,
///     Proceeds, SkuPart, order_step,
/// };
/// use settlement_model::{Currency, Money};
///
/// let euro = Currency::parse("EUR")?;
/// let pack = SkuPart { part: "BOLT-M8".into(), uom: "EA".into(), multiple: 6 };
/// let policy = OrderPolicy {
///     customers: BTreeMap::from([("Amazon.de".into(), "AMZDE".into())]),
///     other_customer: None,
///     parts: BTreeMap::from([("BOLT-M8-6".into(), pack)]),
///     wanted: vec![FulfilledBy::Amazon, FulfilledBy::Merchant],
///     one_time_ship_to: true,
///     charges: ChargeCodes::default(),
///     price_decimals: 5,
/// };
/// let order = AmazonOrder {
///     id: "302-8100001-0000001".into(),
///     created: "2026-05-05T10:00:00Z".parse()?,
///     marketplace: "Amazon.de".into(),
///     fulfilled_by: FulfilledBy::Amazon,
///     status: OrderStatus::Shipped,
///     ship_by: None,
///     ship_to: None,
///     currency: euro,
///     grand_total: None,
///     items: vec![OrderItem {
///         id: "10000000000001".into(),
///         sku: "BOLT-M8-6".into(),
///         title: "Six bolts".into(),
///         quantity: 2,
///         proceeds: Proceeds::of_item(Money::new("10.00".parse()?, euro)?),
///     }],
/// };
/// let OrderStep::Create(draft) = order_step(&order, None, &policy, &TimeZone::UTC) else {
///     panic!("a new order");
/// };
/// let line = &draft.lines[0];
/// assert_eq!((line.quantity, line.unit_price.to_string().as_str()), (12, "0.83333"));
/// assert_eq!(draft.total.to_string(), "10.00 EUR");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn order_step(
    order: &AmazonOrder,
    entered: Option<&SalesOrderDraft>,
    policy: &OrderPolicy,
    zone: &TimeZone,
) -> OrderStep {
    let wanted = policy.wanted.contains(&order.fulfilled_by);
    let cancelled = order.status == OrderStatus::Cancelled
        || (!order.items.is_empty() && order.items.iter().all(|item| item.quantity == 0));
    match entered {
        None if !wanted || cancelled => return OrderStep::Nothing,
        Some(entered) if cancelled => return cancel(entered),
        _ => {}
    }
    if order.status == OrderStatus::Pending || order.items.is_empty() {
        return OrderStep::Wait;
    }
    let now = match draft(order, policy, zone) {
        Ok(now) => now,
        Err(holds) => return OrderStep::Hold(holds),
    };
    match entered.map(|entered| changes(entered, &now)) {
        None => OrderStep::Create(Box::new(now)),
        Some(changes) if changes.is_empty() => OrderStep::Nothing,
        Some(changes) => OrderStep::Change { now: Box::new(now), changes },
    }
}

/// Cancels what was entered; nothing if it is cancelled already.
fn cancel(entered: &SalesOrderDraft) -> OrderStep {
    let zero = Money::zero(entered.currency);
    let now = SalesOrderDraft {
        lines: Vec::new(),
        charges: Vec::new(),
        total: zero,
        tax_remitted_by_marketplace: zero,
        tax_remitted_by_seller: zero,
        ..entered.clone()
    };
    match changes(entered, &now) {
        changes if changes.is_empty() => OrderStep::Nothing,
        changes => OrderStep::Change { now: Box::new(now), changes },
    }
}
