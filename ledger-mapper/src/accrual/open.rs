//! Which transactions are open at a period's end.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{Span, Timestamp};
use settlement_model::{Currency, Money};

use super::books::Books;
use super::{AccrualContext, AccrualHold, DeferredTransaction, Open, TransactionStatus};
use crate::calendar::Period;

/// The open transactions by currency.
pub(super) fn at_end_of<'t>(
    period: &Period,
    transactions: &'t [DeferredTransaction],
    context: &AccrualContext<'_>,
    held: &mut Vec<AccrualHold>,
) -> BTreeMap<Currency, Vec<Open<'t>>> {
    let Some(midnight) = midnight(period, context) else {
        held.push(AccrualHold::NoPeriod { date: period.end });
        return BTreeMap::new();
    };
    let releases: HashMap<&str, Timestamp> = transactions
        .iter()
        .filter_map(|release| Some((release.releases.as_deref()?, release.posted)))
        .collect();
    let mut books = Books::new(context.booked);
    let mut known: HashMap<&str, &DeferredTransaction> = HashMap::new();
    let mut differing = HashSet::new();
    let mut open: BTreeMap<Currency, Vec<Open<'t>>> = BTreeMap::new();
    for (number, transaction) in (1..).zip(transactions) {
        let id = transaction.id.as_str();
        if let Some(before) = known.insert(id, transaction) {
            if before != transaction && differing.insert(id) {
                held.push(AccrualHold::ToldTwice { transaction: id.to_owned() });
            }
            continue;
        }
        if transaction.posted >= midnight {
            continue;
        }
        let is_open = match (transaction.status, releases.get(id)) {
            (TransactionStatus::Released, _) => match books.lack(transaction) {
                Ok(is_open) => is_open,
                Err(error) => {
                    held.push(AccrualHold::Arithmetic { error: error.into() });
                    continue;
                }
            },
            (_, Some(released)) => *released >= midnight,
            (TransactionStatus::Deferred, None) => true,
            (TransactionStatus::DeferredReleased, None) => {
                held.push(AccrualHold::ReleaseUnknown { transaction: id.to_owned() });
                continue;
            }
        };
        if is_open {
            check_sum(transaction, held);
            let currency = transaction.total.currency();
            open.entry(currency).or_default().push(Open { number, transaction });
        }
    }
    held.extend(books.holds());
    open
}

/// The instant at which the period ends.
fn midnight(period: &Period, context: &AccrualContext<'_>) -> Option<Timestamp> {
    let after = period.end.checked_add(Span::new().days(1)).ok()?;
    Some(after.to_zoned_datetime(context.zone.clone()).ok()?.timestamp())
}

fn check_sum(transaction: &DeferredTransaction, held: &mut Vec<AccrualHold>) {
    let zero = Money::zero(transaction.total.currency());
    let sum = transaction.amounts.iter().try_fold(zero, |sum, part| sum.checked_add(part.amount));
    match sum {
        Ok(sum) if sum == transaction.total => {}
        Ok(sum) => held.push(AccrualHold::DoesNotTie {
            transaction: transaction.id.clone(),
            total: transaction.total,
            sum,
        }),
        Err(error) => held.push(AccrualHold::Arithmetic { error: error.into() }),
    }
}
