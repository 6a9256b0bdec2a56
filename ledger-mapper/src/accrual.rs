//! Month end: money earned that no settlement has paid out yet, accrued and taken back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use settlement_model::{Currency, Fulfillment, LineSpan, Money, MoneyError, SettlementId, Triple};

use crate::calendar::{Calendar, Period};
use crate::journal::{Journal, JournalError, JournalLine, Source};
use crate::key::JournalKey;
use crate::lines::Lines;
use crate::reversal::reversal;
use crate::role::Role;
use crate::rules::{RowFacts, Rules};

mod books;
mod hold;
mod open;

pub use hold::AccrualHold;

/// A transaction as Amazon's Finances API (2024-06-19, `listTransactions`) tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferredTransaction {
    /// `transactionId`.
    pub id: String,
    /// `transactionStatus`.
    pub status: TransactionStatus,
    /// `postedDate`.
    pub posted: Timestamp,
    /// The related identifier `DEFERRED_TRANSACTION_ID`: the deferred transaction that this one
    /// releases.
    pub releases: Option<String>,
    /// The related identifier `SETTLEMENT_ID`, once the transaction is in a settlement.
    pub settlement: Option<SettlementId>,
    /// The marketplace's name, for the rules that ask for it.
    pub marketplace: Option<String>,
    /// `totalAmount`, signed as Amazon does: positive raises the seller's balance.
    pub total: Money,
    /// The leaves of `breakdowns`, which add up to `total`.
    pub amounts: Vec<DeferredAmount>,
}

/// One leaf of a transaction's `breakdowns`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeferredAmount {
    /// What the amount is for, in the words of settlement reports, so that the rules which will
    /// map its settlement map it now.
    pub triple: Triple,
    /// The item's `sku` of the context `ProductContext`; empty for amounts of no item.
    pub sku: String,
    /// The item's `fulfillmentNetwork` of the same context.
    pub fulfillment: Fulfillment,
    /// `breakdownAmount`, signed as Amazon does.
    pub amount: Money,
}

/// The `transactionStatus` of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransactionStatus {
    /// `DEFERRED`: held back, for example until a week after delivery.
    Deferred,
    /// `DEFERRED_RELEASED`: was held back; another transaction has released it.
    DeferredReleased,
    /// `RELEASED`: available for a settlement.
    Released,
}

/// What a month end is accrued with.
#[derive(Debug, Clone, Copy)]
pub struct AccrualContext<'a> {
    /// The name of the pair of Amazon and Epicor sides; part of every journal's key.
    pub connection: &'a str,
    /// The mapping rules.
    pub rules: &'a Rules,
    /// The fiscal periods.
    pub calendar: &'a Calendar,
    /// The zone in which the period ends at midnight: the one settlements are cut in.
    pub zone: &'a TimeZone,
    /// Any day of the period to close.
    pub day: Date,
    /// Every settlement with a journal dated on or before the period's last day, whichever period the
    /// journal is of: what it has of the transactions posted until then is in the books. One that
    /// goes on after that day belongs here with its first part; one whose journals are all later, or
    /// were reversed, does not.
    pub booked: &'a [BookedSettlement],
    /// 0, or how many times the period's accrual was reversed and is posted anew.
    pub revision: u32,
}

/// A settlement that is in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedSettlement {
    /// The settlement.
    pub id: SettlementId,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// The marketplace that most of its rows name; `None` if none of them does.
    pub marketplace: Option<String>,
    /// Column `settlement-end-date`: it has the transactions posted before.
    pub end: Timestamp,
}

/// The accrual of a period: its journals, or what holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accruals {
    /// One for each currency with open money, in order of the currencies; none if anything holds.
    pub accruals: Vec<Accrual>,
    /// Everything that holds the accrual.
    pub held: Vec<AccrualHold>,
}

/// The open money of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accrual {
    /// Dated the period's last day. Its line on the account of [`Role::DEFERRED_BALANCE`] is all
    /// the open money. In its sources, line numbers count the transactions as given, from 1.
    pub journal: Journal,
    /// Takes the accrual back on the first day of the next period, when the settlements that pay
    /// the money out book it themselves.
    pub reversal: Journal,
    /// The ids of the transactions in it, sorted.
    pub transactions: Vec<String>,
    /// How much of the money is deferred.
    pub deferred: Money,
    /// How much is released, but in no booked settlement.
    pub unsettled: Money,
}

/// Accrues the money that was earned up to a period's end and is in no booked settlement.
///
/// Open at the period's last midnight is a transaction that was posted before it and
/// * is deferred, or was released only after that midnight; or
/// * is released, but its settlement is not [booked](AccrualContext::booked).
///
/// A released transaction that names no settlement is open if it was posted after the end of every
/// booked settlement of its currency and marketplace. Posted earlier, it may be in one of them: that
/// [holds](AccrualHold::SettlementNotNamed) the accrual.
///
/// A deferred transaction that was released before that midnight does not count: its release does.
/// The same transaction told twice, as overlapping windows do, counts once. Transactions posted
/// later may be given and are ignored, so read on to the present: they tell when money was released.
///
/// Nothing is accrued if anything is unknown or does not add up; every reason is told.
#[must_use]
pub fn accrue(transactions: &[DeferredTransaction], context: &AccrualContext<'_>) -> Accruals {
    let mut held = Vec::new();
    let mut accruals = Vec::new();
    match periods(context) {
        Ok((period, next)) => {
            let open = open::at_end_of(&period, transactions, context, &mut held);
            for (currency, open) in open {
                let month = Month { context, period: &period, next: &next, currency };
                match month.accrue(&open, &mut held) {
                    Ok(accrual) => accruals.extend(accrual),
                    Err(error) => held.push(AccrualHold::Arithmetic { error }),
                }
            }
        }
        Err(date) => held.push(AccrualHold::NoPeriod { date }),
    }
    if !held.is_empty() {
        accruals.clear();
    }
    Accruals { accruals, held }
}

/// The period to close and the one after it, or the day that is in no period.
fn periods(context: &AccrualContext<'_>) -> Result<(Period, Period), Date> {
    let period = context.calendar.period_of(context.day).ok_or(context.day)?;
    let next = period.end.checked_add(Span::new().days(1)).map_err(|_| period.end)?;
    let next = context.calendar.period_of(next).ok_or(next)?;
    Ok((period, next))
}

/// An open transaction, and which of the given ones it is, from 1.
struct Open<'a> {
    number: u64,
    transaction: &'a DeferredTransaction,
}

/// One currency's accrual.
struct Month<'a> {
    context: &'a AccrualContext<'a>,
    period: &'a Period,
    next: &'a Period,
    currency: Currency,
}

impl Month<'_> {
    fn accrue(
        &self,
        open: &[Open<'_>],
        held: &mut Vec<AccrualHold>,
    ) -> Result<Option<Accrual>, JournalError> {
        let zero = Money::zero(self.currency);
        let (mut deferred, mut unsettled) = (zero, zero);
        for Open { transaction, .. } in open {
            let sum = match transaction.status {
                TransactionStatus::Released => &mut unsettled,
                TransactionStatus::Deferred | TransactionStatus::DeferredReleased => &mut deferred,
            };
            *sum = sum.checked_add(transaction.total)?;
        }
        let lines = self.lines(open, deferred.checked_add(unsettled)?, held)?;
        if lines.is_empty() {
            return Ok(None);
        }
        let journal = self.journal(lines);
        journal.check()?;
        let Ok(reversal) = reversal(&journal, self.next.start, self.context.calendar) else {
            held.push(AccrualHold::NoPeriod { date: self.next.start });
            return Ok(None);
        };
        let ids = open.iter().map(|open| open.transaction.id.clone());
        let mut transactions: Vec<String> = ids.collect();
        transactions.sort_unstable();
        Ok(Some(Accrual { journal, reversal, transactions, deferred, unsettled }))
    }

    fn journal(&self, lines: Vec<JournalLine>) -> Journal {
        let AccrualContext { connection, revision, zone, .. } = *self.context;
        let period = &self.period.name;
        Journal {
            key: JournalKey::accrual(connection, self.currency, period, revision),
            period: period.clone(),
            date: self.period.end,
            currency: self.currency,
            zone: crate::plan::zone_name(zone),
            description: format!("Amazon {} not settled, {period}", self.currency),
            lines,
        }
    }

    fn lines(
        &self,
        open: &[Open<'_>],
        total: Money,
        held: &mut Vec<AccrualHold>,
    ) -> Result<Vec<JournalLine>, MoneyError> {
        let rules = self.context.rules;
        let mut obstacles = hold::Obstacles::default();
        let mut lines = Lines::new(rules, self.currency);
        let mut sources: BTreeMap<_, Source> = BTreeMap::new();
        for Open { number, transaction } in open {
            let date = self.context.zone.to_datetime(transaction.posted).date();
            for part in &transaction.amounts {
                let verdict = rules.classify(&RowFacts {
                    triple: &part.triple,
                    date,
                    marketplace: transaction.marketplace.as_deref(),
                    sku: Some(&part.sku),
                    fulfillment: &part.fulfillment,
                    currency: self.currency,
                });
                let Some((account, class)) = obstacles.account(transaction, part, verdict)? else {
                    continue;
                };
                let key = (account, class.role, class.rule, part.triple.clone());
                let span = LineSpan { first: *number, last: *number };
                let source = sources.entry(key.clone()).or_insert_with(|| Source {
                    triple: key.3,
                    role: key.1,
                    rule: key.2,
                    amount: Money::zero(self.currency).amount(),
                    rows: 0,
                    lines: span,
                });
                let sum = Money::new(source.amount, self.currency)?.checked_add(part.amount)?;
                source.amount = sum.amount();
                source.rows = source.rows.saturating_add(1);
                source.lines.last = *number;
            }
        }
        for ((account, role, ..), source) in sources {
            let amount = Money::new(source.amount, self.currency)?;
            lines.add(&account, role, amount, Some(source))?;
        }
        let role = Role::DEFERRED_BALANCE;
        match rules.own_account(role, self.period.end, self.currency) {
            Ok(account) => lines.add_apart(&account, role, total.negated())?,
            Err(reason) => obstacles.without_account(role, reason, total)?,
        }
        let found = obstacles.holds();
        if !found.is_empty() {
            held.extend(found);
            return Ok(Vec::new());
        }
        lines.finish()
    }
}
