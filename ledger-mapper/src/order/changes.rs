//! What changed in an order since it was entered.

use std::fmt;

use serde::{Deserialize, Serialize};
use settlement_model::Money;

use super::{ChargeKind, DraftCharge, DraftLine, SalesOrderDraft};

/// One change to a sales order that was entered before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderChange {
    /// The whole order is cancelled: its open lines are closed.
    Cancel,
    /// A line is new.
    AddLine {
        /// The line.
        line: DraftLine,
    },
    /// A line has another quantity, price or discount.
    ChangeLine {
        /// The line as it was entered.
        before: DraftLine,
        /// The line as it must be.
        line: DraftLine,
    },
    /// A line is cancelled.
    CancelLine {
        /// The line as it was entered.
        line: DraftLine,
    },
    /// A charge is another; none before, or none now, is zero.
    Charge {
        /// Which charge.
        kind: ChargeKind,
        /// Its code.
        code: String,
        /// What was charged.
        before: Money,
        /// What must be charged.
        amount: Money,
    },
}

impl fmt::Display for OrderChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |line: &DraftLine| {
            let DraftLine { part, uom, quantity, unit_price, discount, .. } = line;
            let less = Some(discount).filter(|discount| !discount.is_zero());
            let less = less.map_or(String::new(), |discount| format!(" less {discount}"));
            format!("{quantity} {uom} of {part} at {unit_price}{less}")
        };
        match self {
            Self::Cancel => f.write_str("cancel the order"),
            Self::AddLine { line: new } => write!(f, "add {}", line(new)),
            Self::ChangeLine { before, line: now } => {
                write!(f, "change {} to {}", line(before), line(now))
            }
            Self::CancelLine { line: old } => write!(f, "cancel {}", line(old)),
            Self::Charge { kind, code, before, amount } => {
                write!(f, "change {kind} ({code}) from {before} to {amount}")
            }
        }
    }
}

/// What must change in a sales order so that it is what the order is now.
///
/// Lines belong together by Amazon's item id and share. An order that has lost all lines is
/// cancelled as a whole. Customer, dates and address are not compared: they are set once.
#[must_use]
pub(super) fn changes(entered: &SalesOrderDraft, now: &SalesOrderDraft) -> Vec<OrderChange> {
    if now.lines.is_empty() && !entered.lines.is_empty() {
        return vec![OrderChange::Cancel];
    }
    let cancelled = entered
        .lines
        .iter()
        .filter(|line| same(&now.lines, line).is_none())
        .map(|line| OrderChange::CancelLine { line: line.clone() });
    let written = now.lines.iter().filter_map(|line| match same(&entered.lines, line) {
        None => Some(OrderChange::AddLine { line: line.clone() }),
        Some(before) if before != line => {
            Some(OrderChange::ChangeLine { before: before.clone(), line: line.clone() })
        }
        Some(_) => None,
    });
    let mut changes: Vec<OrderChange> = cancelled.chain(written).collect();
    changes.extend(charge_changes(entered, now));
    changes
}

fn same<'a>(lines: &'a [DraftLine], line: &DraftLine) -> Option<&'a DraftLine> {
    lines.iter().find(|other| (&other.item, other.share) == (&line.item, line.share))
}

fn charge_changes(entered: &SalesOrderDraft, now: &SalesOrderDraft) -> Vec<OrderChange> {
    let zero = Money::zero(now.currency);
    let charge =
        |charges: &[DraftCharge], kind| charges.iter().find(|charge| charge.kind == kind).cloned();
    let kinds = [
        ChargeKind::Shipping,
        ChargeKind::ShippingDiscount,
        ChargeKind::GiftWrap,
        ChargeKind::Other,
    ];
    let differing = kinds.into_iter().filter_map(|kind| {
        let (before, after) = (charge(&entered.charges, kind), charge(&now.charges, kind));
        if before == after {
            return None;
        }
        let amount_of = |charge: &Option<DraftCharge>| charge.as_ref().map_or(zero, |c| c.amount);
        let (from, to) = (amount_of(&before), amount_of(&after));
        let code = after.or(before)?.code;
        Some(OrderChange::Charge { kind, code, before: from, amount: to })
    });
    differing.collect()
}
