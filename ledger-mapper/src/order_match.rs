//! Orders against what settlements paid for them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use settlement_model::{
    Currency, Item, Money, MoneyError, ReadOptions, Row, SettlementId, Unreadable, read_rows,
};

use crate::drill::triple_of;
use crate::order::{AmazonOrder, OrderStatus};
use crate::rules::{RowFacts, Rules, Verdict};

/// What a buyer pays for, by the role of the row. Fees are the seller's business with Amazon.
const PAID_BY_BUYER: [&str; 11] = [
    "product_sales",
    "shipping_income",
    "gift_wrap_income",
    "other_sales",
    "promotions",
    "shipping_promotions",
    "product_refunds",
    "shipping_refunds",
    "gift_wrap_refunds",
    "claim_refunds",
    "other_refunds",
];

/// Tax that the buyer paid, and the same taken by the marketplace to remit it.
const TAX: [&str; 2] = ["tax_collected", "tax_withheld_by_marketplace"];

/// The transaction type of a sale; every other one takes something back.
const SALE: &str = "Order";

/// What settlements say of one order, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderMoney {
    /// Paid by the buyer without tax: principal, shipping and gift wrapping less promotions.
    pub sales: Money,
    /// Given back to the buyer of that; zero or below.
    pub refunds: Money,
    /// Tax collected less tax that the marketplace withheld: zero where it remits all of it.
    pub tax: Money,
    /// The settlements that it is in.
    pub settlements: BTreeSet<SettlementId>,
}

impl OrderMoney {
    fn none(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { sales: zero, refunds: zero, tax: zero, settlements: BTreeSet::new() }
    }
}

/// The money of orders cannot be added up from a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// The document cannot be read.
    #[error("the document cannot be read")]
    Document(#[source] Unreadable),
    /// The amounts cannot be added.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

/// The money of some orders, added up from the rows of settlements.
#[derive(Debug, Clone)]
pub struct OrderMonies<'a> {
    rules: &'a Rules,
    orders: BTreeMap<&'a str, BTreeMap<Currency, OrderMoney>>,
    /// Settlements whose rows are gone, with the end of their period.
    purged: BTreeMap<SettlementId, Timestamp>,
}

impl<'a> OrderMonies<'a> {
    /// For these orders alone, by Amazon's order id; what a row is, the rules say.
    #[must_use]
    pub fn new(rules: &'a Rules, orders: impl IntoIterator<Item = &'a str>) -> Self {
        let orders = orders.into_iter().map(|order| (order, BTreeMap::new())).collect();
        Self { rules, orders, purged: BTreeMap::new() }
    }

    /// Names a settlement whose rows were kept long enough and are gone: what it paid cannot be said any
    /// more.
    ///
    /// * `ended`: the end of its period.
    pub fn purged(&mut self, settlement: SettlementId, ended: Timestamp) {
        self.purged.insert(settlement, ended);
    }

    /// The purged settlements that may have paid an order of that time.
    fn purged_since(&self, created: Timestamp) -> BTreeSet<SettlementId> {
        let since = self.purged.iter().filter(|(_, ended)| **ended >= created);
        since.map(|(settlement, _)| settlement.clone()).collect()
    }

    /// Adds the rows of a document in any form. A settlement must not be added twice.
    ///
    /// `counts` tells the settlements of the document that count: another document may be the one
    /// that is booked.
    ///
    /// # Errors
    /// If the document cannot be read, or an amount cannot be added. What was added of it must not be
    /// used then.
    pub fn read<R: std::io::Read>(
        &mut self,
        source: R,
        options: &ReadOptions,
        counts: impl Fn(&SettlementId) -> bool,
    ) -> Result<(), MatchError> {
        let mut added = Ok(());
        let read = read_rows(source, options, |item, _zone| {
            if let Item::Row(row) = item
                && added.is_ok()
                && counts(row.settlement_id())
            {
                added = self.add(row);
            }
        });
        read.map_err(MatchError::Document)?;
        Ok(added?)
    }

    fn add(&mut self, row: &Row<'_>) -> Result<(), MoneyError> {
        let Some(order) = self.orders.get_mut(row.order_id().trim()) else { return Ok(()) };
        let triple = triple_of(row);
        let currency = row.amount().currency();
        let verdict = self.rules.classify(&RowFacts {
            triple: &triple,
            date: row.posted().date_in(&jiff::tz::TimeZone::UTC),
            marketplace: row.marketplace_name(),
            sku: Some(row.sku()),
            fulfillment: &row.fulfillment(),
            currency,
        });
        let Verdict::Known(class) = verdict else { return Ok(()) };
        let money = order.entry(currency).or_insert_with(|| OrderMoney::none(currency));
        let role = class.role.as_str();
        let sum = if TAX.contains(&role) {
            &mut money.tax
        } else if !PAID_BY_BUYER.contains(&role) {
            return Ok(());
        } else if triple.transaction_type.eq_ignore_ascii_case(SALE) {
            &mut money.sales
        } else {
            &mut money.refunds
        };
        *sum = sum.checked_add(row.amount())?;
        money.settlements.insert(row.settlement_id().clone());
        Ok(())
    }

    /// What was paid for an order, by currency; nothing for one that no settlement names.
    pub fn of(&self, order: &str) -> impl Iterator<Item = (Currency, &OrderMoney)> {
        let found = self.orders.get(order).into_iter().flatten();
        found.map(|(currency, money)| (*currency, money))
    }
}

/// Whether an order was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "match", rename_all = "snake_case")]
pub enum OrderMatch {
    /// To the cent.
    Paid,
    /// Less came than the buyer was charged.
    ShortPaid {
        /// How much is missing.
        missing: Money,
    },
    /// More came than the buyer was charged.
    OverPaid {
        /// How much is too much.
        excess: Money,
    },
    /// Paid, and given back since: all of it, or a part.
    Refunded {
        /// How much was given back; above zero.
        refunded: Money,
        /// What is left of the order.
        left: Money,
    },
    /// Nothing came, although it should have by now.
    NeverPaid,
    /// Its money is not to be expected yet.
    NotYetDue,
    /// There is nothing to be paid: it was cancelled, or it was for nothing.
    NothingDue,
    /// It was paid in another currency, so that the amounts cannot be compared.
    OtherCurrency {
        /// The settlement's.
        paid_in: Currency,
    },
    /// Less came than the buyer was charged by the settlements that are kept, and others of that time are
    /// not kept any more: they may have paid the rest.
    SettlementPurged {
        /// How much is not in the settlements that are kept.
        missing: Money,
        /// The settlements whose rows are gone.
        purged: BTreeSet<SettlementId>,
    },
}

impl OrderMatch {
    /// The word for it, as on the command line and in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::ShortPaid { .. } => "short_paid",
            Self::OverPaid { .. } => "over_paid",
            Self::Refunded { .. } => "refunded",
            Self::NeverPaid => "never_paid",
            Self::NotYetDue => "not_yet_due",
            Self::NothingDue => "nothing_due",
            Self::OtherCurrency { .. } => "other_currency",
            Self::SettlementPurged { .. } => "settlement_purged",
        }
    }
}

impl fmt::Display for OrderMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paid => f.write_str("paid"),
            Self::ShortPaid { missing } => write!(f, "short-paid by {missing}"),
            Self::OverPaid { excess } => write!(f, "paid {excess} too much"),
            Self::Refunded { refunded, left } if left.is_zero() => {
                write!(f, "refunded, all {refunded}")
            }
            Self::Refunded { refunded, left } => {
                write!(f, "refunded {refunded} of it, {left} left")
            }
            Self::NeverPaid => f.write_str("never paid"),
            Self::NotYetDue => f.write_str("not yet due"),
            Self::NothingDue => f.write_str("nothing due"),
            Self::OtherCurrency { paid_in } => write!(f, "paid in {paid_in}, not comparable"),
            Self::SettlementPurged { missing, purged } => {
                let ids: Vec<&str> = purged.iter().map(SettlementId::as_str).collect();
                write!(f, "{missing} may be in a settlement that was purged: {}", ids.join(", "))
            }
        }
    }
}

/// An order beside what settlements paid for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchedOrder {
    /// What the buyer was charged without tax.
    pub charged: Money,
    /// What settlements say; `None` when no settlement names the order.
    pub money: Option<OrderMoney>,
    /// What follows.
    #[serde(flatten)]
    pub outcome: OrderMatch,
}

/// Compares an order with what settlements paid for it, to the cent.
///
/// Principal, shipping and gift wrapping less promotions are what the order comes to; tax counts on
/// neither side. Fees are no part of it: an order is paid in full before Amazon takes its fees.
///
/// * `due_after`: how long after it left, or had to leave, an order's money is expected.
///
/// # Errors
/// If amounts cannot be added.
pub fn match_order(
    order: &AmazonOrder,
    monies: &OrderMonies<'_>,
    now: Timestamp,
    due_after: SignedDuration,
) -> Result<MatchedOrder, MoneyError> {
    let charged = charged(order)?;
    let money = monies.of(&order.id).find(|(currency, _)| *currency == order.currency);
    let money = money.map(|(_, money)| money.clone());
    let other = monies.of(&order.id).map(|(currency, _)| currency).next();
    let outcome = match (&money, other) {
        (Some(money), _) => paid(order, charged, money, is_due(order, now, due_after))?,
        (None, Some(paid_in)) => OrderMatch::OtherCurrency { paid_in },
        (None, None) if charged.is_zero() && order.status != OrderStatus::Pending => {
            OrderMatch::NothingDue
        }
        (None, None) if is_due(order, now, due_after) => OrderMatch::NeverPaid,
        (None, None) => OrderMatch::NotYetDue,
    };
    let missing = match &outcome {
        OrderMatch::NeverPaid => Some(charged),
        OrderMatch::ShortPaid { missing } => Some(*missing),
        _ => None,
    };
    let purged = monies.purged_since(order.created);
    let outcome = match missing {
        Some(missing) if !purged.is_empty() => OrderMatch::SettlementPurged { missing, purged },
        _ => outcome,
    };
    Ok(MatchedOrder { charged, money, outcome })
}

fn paid(
    order: &AmazonOrder,
    charged: Money,
    money: &OrderMoney,
    due: bool,
) -> Result<OrderMatch, MoneyError> {
    let missing = charged.checked_sub(money.sales)?;
    let whole = order.status != OrderStatus::PartiallyShipped || due;
    Ok(if missing.is_negative() && order.status != OrderStatus::Cancelled {
        OrderMatch::OverPaid { excess: missing.abs() }
    } else if !missing.is_zero() && !missing.is_negative() {
        if whole { OrderMatch::ShortPaid { missing } } else { OrderMatch::NotYetDue }
    } else if money.refunds.is_negative() {
        let left = money.sales.checked_add(money.refunds)?;
        OrderMatch::Refunded { refunded: money.refunds.abs(), left }
    } else if missing.is_negative() {
        OrderMatch::OverPaid { excess: missing.abs() }
    } else {
        OrderMatch::Paid
    })
}

/// What the buyer is charged for an order without tax. Nothing of one that is cancelled.
fn charged(order: &AmazonOrder) -> Result<Money, MoneyError> {
    let mut sum = Money::zero(order.currency);
    if order.status == OrderStatus::Cancelled {
        return Ok(sum);
    }
    for item in order.items.iter().filter(|item| item.quantity > 0) {
        let of = &item.proceeds;
        for amount in [of.item, of.shipping, of.gift_wrap, of.other] {
            sum = sum.checked_add(amount)?;
        }
        for discount in [of.item_discount, of.shipping_discount] {
            sum = sum.checked_sub(discount.abs())?;
        }
    }
    Ok(sum)
}

/// Amazon pays for what has left; what had to leave long ago and did not is worth a look, too.
fn is_due(order: &AmazonOrder, now: Timestamp, due_after: SignedDuration) -> bool {
    let from = order.ship_by.unwrap_or(order.created).max(order.created);
    let late = now.duration_since(from) > due_after;
    late && !matches!(order.status, OrderStatus::Pending | OrderStatus::Cancelled)
}
