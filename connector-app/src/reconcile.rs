//! Whether Amazon, the journals, Epicor's ledger and the bank tell the same story: gathers what each
//! of them says about one connection, by currency, and lets `ledger_mapper` compare.
//!
//! * [`gather`] reads the store; what Epicor's ledger showed last is kept there too, and
//!   [`refresh`] asks it anew.
//! * [`Books::as_of`] compares at the end of a day.
//! * [`period`] is the same for a fiscal period, [`sign`] a person's signature under it, and [`watch`]
//!   finds what changed under one.

mod documents;
mod gather;
pub mod period;
pub mod sign;
pub mod watch;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use ledger_mapper::{
    Account, BankLine, Evidence, Reconciliation, SettlementFigures, Waiver, reconcile,
};
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Money, SettlementId};
use store::{FiguresRecord, Store};

pub use documents::{DocumentInPeriod, Stands};
pub use gather::{ByHand, Gathered, Waiting, gather};

use crate::ledger::EpicorLedger;
use crate::pipeline::settlement::{Event, State};
use crate::pipeline::{Actor, Worker};

/// A posted line of Epicor's ledger on one of the clearing accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLine {
    /// Starts with the token of the journal, when it is ours.
    pub description: String,
    /// `JEDate`.
    pub date: Date,
    /// What it adds to the account: debit less credit, in the settlements' currency.
    pub amount: Money,
    /// The same in the currency of the book, at the rate of its journal.
    pub in_book: Money,
}

/// What Epicor's ledger showed on the clearing accounts of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRead {
    /// When it was asked.
    pub at: Timestamp,
    /// The last day it was asked for.
    pub until: Date,
    /// Every line since the first journal, whoever posted it.
    pub lines: Vec<LedgerLine>,
}

/// The settlements of one currency, and everything that is compared with them.
#[derive(Debug, Clone)]
pub struct Books {
    /// The currency.
    pub currency: Currency,
    /// The clearing accounts, as the rules write them.
    pub accounts: Vec<Account>,
    /// The earliest date of a journal: nothing of ours is on the accounts before it.
    pub from: Date,
    /// What Epicor's ledger showed last; `None` before it was first asked.
    pub ledger: Option<LedgerRead>,
    settlements: Vec<Posted>,
    /// What accruals put on the clearing accounts and took back, by day; most have none of it.
    accrued: Vec<(Date, Money)>,
    bank: Vec<BankLine>,
    waivers: Vec<(Option<Date>, Waiver)>,
}

/// A settlement whose journals are in the ledger, or on their way there.
#[derive(Debug, Clone)]
struct Posted {
    /// The ledger's figures are those of no day yet.
    figures: SettlementFigures,
    /// The day on which its deposit came onto the clearing account.
    booked_on: Date,
    /// What its journals, and those that reverse or adjust them, are known by.
    tokens: Vec<String>,
}

/// A settlement's four figures on the clearing account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FourFigures {
    /// The settlement.
    pub settlement: SettlementId,
    /// The day on which its deposit came onto the clearing account.
    pub booked_on: Date,
    /// Amazon: the settlement's total.
    pub amazon: Money,
    /// What its journals put on the clearing account.
    pub journal: Money,
    /// The same as Epicor's ledger shows it; `None` when it is not posted.
    pub ledger: Option<Money>,
    /// What the bank received for it; `None` when no line was met.
    pub bank: Option<Money>,
    /// Whether nothing of it is left on the clearing account.
    pub closed: bool,
}

/// The comparison at the end of a day.
#[derive(Debug, Clone)]
pub struct AsOf {
    /// The day.
    pub until: Date,
    /// Every difference, the payments, and the clearing account's roll-forward.
    pub result: Reconciliation,
    /// The four columns, by settlement, in the order in which they were booked.
    pub rows: Vec<FourFigures>,
}

impl Books {
    /// A settlement of these, by its id.
    fn known(&self, id: &str) -> Option<SettlementId> {
        let mut ids = self.settlements.iter().map(|posted| &posted.figures.id);
        ids.find(|known| known.as_str() == id).cloned()
    }

    /// Compares at the end of a day: what was booked, received and written off until then.
    /// `transit_days` is how long a deposit may be on its way.
    ///
    /// # Errors
    /// When the amounts cannot be added.
    pub fn as_of(&self, until: Date, transit_days: i32) -> anyhow::Result<AsOf> {
        let posted = self.settlements.iter().filter(|posted| posted.booked_on <= until);
        let posted: Vec<&Posted> = posted.collect();
        let (figures, ledger_balance) = self.with_ledger(&posted, until)?;
        let bank: Vec<_> = self.bank.iter().filter(|line| line.date <= until).cloned().collect();
        let in_time = |day: Option<Date>, waiver: &Waiver| {
            let of = |posted: &&&Posted| posted.figures.id == waiver.settlement;
            posted.iter().any(|posted| of(&posted)) && day.is_none_or(|day| day <= until)
        };
        let waivers = self.waivers.iter().filter(|(day, waiver)| in_time(*day, waiver));
        let waivers: Vec<_> = waivers.map(|(_, waiver)| waiver.clone()).collect();
        let accrued = self.accrued.iter().filter(|(day, _)| *day <= until);
        let zero = Money::zero(self.currency);
        let result = reconcile(&Evidence {
            currency: self.currency,
            opening: accrued.map(|(_, amount)| *amount).try_fold(zero, Money::checked_add)?,
            settlements: &figures,
            bank: &bank,
            waivers: &waivers,
            ledger_balance,
            today: until,
            transit_days,
        })?;
        let rows = self.rows(&posted, &figures, &result)?;
        Ok(AsOf { until, result, rows })
    }

    /// What went on the clearing accounts, or off them if negative, each on its day: what the journals
    /// put there, accruals, what the bank received and what was written off. Together they come to the
    /// balance of the roll-forward.
    #[must_use]
    pub fn movements(&self) -> Vec<(Date, Money)> {
        let find =
            |id: &SettlementId| self.settlements.iter().find(|posted| posted.figures.id == *id);
        let journals = self.settlements.iter();
        let journals = journals.map(|posted| (posted.booked_on, posted.figures.journal));
        let received = self.bank.iter().filter_map(|line| {
            if line.amount.currency() == self.currency {
                return Some((line.date, line.amount.negated()));
            }
            // In another currency it pays the whole deposit.
            let paid = find(line.settlement.as_ref()?)?.figures.total;
            Some((line.date, paid.negated()))
        });
        let waived = self.waivers.iter().filter_map(|(day, waiver)| {
            let posted = find(&waiver.settlement)?;
            Some((day.unwrap_or(posted.booked_on), waiver.amount.negated()))
        });
        journals.chain(self.accrued.iter().copied()).chain(received).chain(waived).collect()
    }

    /// What Epicor's ledger shows at the end of a day. A line belongs to the settlement one of whose
    /// tokens its description starts with; all of them together are the balance.
    fn with_ledger(
        &self,
        posted: &[&Posted],
        until: Date,
    ) -> anyhow::Result<(Vec<SettlementFigures>, Option<Money>)> {
        let mut figures: Vec<_> = posted.iter().map(|posted| posted.figures.clone()).collect();
        let Some(read) = &self.ledger else { return Ok((figures, None)) };
        let mut balance = Money::zero(self.currency);
        let mut of_token = BTreeMap::new();
        for (at, posted) in posted.iter().enumerate() {
            of_token.extend(posted.tokens.iter().map(|token| (token.as_str(), at)));
        }
        for line in read.lines.iter().filter(|line| line.date <= until) {
            balance = balance.checked_add(line.amount)?;
            let word = line.description.split(' ').next().unwrap_or_default();
            let figures = of_token.get(word).and_then(|at| figures.get_mut(*at));
            let Some(figures) = figures else { continue };
            let zero = Money::zero(self.currency);
            figures.ledger = Some(figures.ledger.unwrap_or(zero).checked_add(line.amount)?);
            if line.in_book.currency() != self.currency {
                let zero = Money::zero(line.in_book.currency());
                figures.booked = Some(figures.booked.unwrap_or(zero).checked_add(line.in_book)?);
            }
        }
        Ok((figures, Some(balance)))
    }

    fn rows(
        &self,
        posted: &[&Posted],
        figures: &[SettlementFigures],
        result: &Reconciliation,
    ) -> anyhow::Result<Vec<FourFigures>> {
        let open: BTreeSet<_> = result
            .differences
            .iter()
            .filter(|difference| difference.open)
            .filter_map(|difference| difference.settlement.as_ref())
            .collect();
        let mut paid: BTreeMap<&SettlementId, Money> = BTreeMap::new();
        for payment in &result.payments {
            let sum = paid.entry(&payment.settlement).or_insert(Money::zero(self.currency));
            *sum = sum.checked_add(payment.amount)?;
        }
        let row = |(posted, figures): (&&Posted, &SettlementFigures)| FourFigures {
            settlement: figures.id.clone(),
            booked_on: posted.booked_on,
            amazon: figures.total,
            journal: figures.journal,
            ledger: figures.ledger,
            bank: paid.get(&figures.id).copied(),
            closed: figures.ledger == Some(figures.journal) && !open.contains(&figures.id),
        };
        let mut rows: Vec<_> = posted.iter().zip(figures).map(row).collect();
        rows.sort_by(|one, two| {
            (one.booked_on, &one.settlement).cmp(&(two.booked_on, &two.settlement))
        });
        Ok(rows)
    }
}

/// What the figures of a currency's ledger are kept under.
fn kept_name(currency: Currency) -> String {
    format!("ledger {currency}")
}

/// Asks Epicor's ledger what stands on the clearing accounts until a day, and keeps it with the
/// time, so that it need not be asked again to be looked at.
///
/// # Errors
/// Epicor's, and the store's.
pub async fn refresh(
    store: &Store,
    ledger: &EpicorLedger,
    gathered: &mut Gathered,
    until: Date,
    now: Timestamp,
) -> anyhow::Result<()> {
    for books in &mut gathered.books {
        let lines = ledger.lines_on(&books.accounts, books.from, until, books.currency).await?;
        let read = LedgerRead { at: now, until, lines };
        let figures = FiguresRecord { read: now, content: serde_json::to_string(&read)? };
        let name = kept_name(books.currency);
        store.figures_read(&gathered.connection, &name, &figures).await?;
        books.ledger = Some(read);
    }
    Ok(())
}

/// Keeps with each settlement whether anything of it is left on the clearing account. A look at an
/// earlier day takes nothing back. Returns how many changed.
///
/// # Errors
/// The store's errors.
pub async fn keep_matched(
    worker: &Worker<'_>,
    seen: &[FourFigures],
    is_current: bool,
) -> anyhow::Result<usize> {
    let closed: BTreeMap<_, _> =
        seen.iter().map(|row| (row.settlement.as_str(), row.closed)).collect();
    let mut changed = 0;
    for record in worker.store.settlements(Some(&worker.site.connection)).await? {
        let closed = closed.get(record.key.settlement_id.as_str());
        let event = match (State::parse(&record.state), closed) {
            (Some(State::Posted), Some(true)) => Event::Matched,
            (Some(State::Matched), Some(false)) if is_current => Event::Unmatched,
            _ => continue,
        };
        worker.decide(&record.key, event, Actor::Connector, None).await?;
        changed += 1;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests;
