//! A settlement that Amazon issued again with other content: the difference, as a journal.

use std::collections::BTreeMap;

use jiff::civil::Date;
use settlement_model::{LineSpan, Money, MoneyError, SettlementId, Triple};
use thiserror::Error;

use crate::journal::{Journal, JournalError, JournalLine, Source};
use crate::key::JournalKey;
use crate::lines::Lines;
use crate::plan::{Context, Plan};
use crate::role::Role;
use crate::rules::{Account, RuleRef};

/// Why a settlement cannot be adjusted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AdjustmentError {
    /// The settlement as issued again is held.
    #[error(
        "settlement {settlement} as Amazon issued it again is held. Finance resolves what its plan \
         says; then it can be adjusted"
    )]
    Held {
        /// The settlement.
        settlement: SettlementId,
    },
    /// A posted journal is of another settlement or currency.
    #[error("journal {key} is not one of settlement {settlement} in its currency")]
    Foreign {
        /// The journal.
        key: JournalKey,
        /// The settlement.
        settlement: SettlementId,
    },
    /// No period of the calendar contains the date.
    #[error(
        "no period of the calendar contains {date}. Finance adds the period or chooses another day"
    )]
    NoPeriod {
        /// The date asked for.
        date: Date,
    },
    /// The difference is not a journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<MoneyError> for AdjustmentError {
    fn from(error: MoneyError) -> Self {
        Self::Journal(error.into())
    }
}

/// The journal that turns what is posted for a settlement into what it should be, now that Amazon
/// has issued it again; `None` if no account changes.
///
/// * `posted`: every journal posted for the settlement, with its reversals and earlier adjustments;
/// * `reissued`: the plan of the document that counts now;
/// * `date`: a day in an open period. Closed periods stay as they are, so the whole difference is
///   booked here; balances carried over period ends cancel out of it;
/// * `context.revision`: which adjustment of the settlement this is, from 1.
///
/// A source of a line is a triple whose amount changed, with the difference; its rows are those of
/// the document as issued again, none if the triple is gone from it.
///
/// # Errors
/// If the plan is held, a journal is not the settlement's, or the date is in no period.
pub fn adjustment(
    posted: &[Journal],
    reissued: &Plan,
    date: Date,
    context: &Context<'_>,
) -> Result<Option<Journal>, AdjustmentError> {
    let settlement = &reissued.settlement_id;
    if !reissued.held.is_empty() {
        return Err(AdjustmentError::Held { settlement: settlement.clone() });
    }
    let period = context.calendar.period_of(date).ok_or(AdjustmentError::NoPeriod { date })?;
    let mut changes = Changes { of: reissued, sources: BTreeMap::new(), apart: BTreeMap::new() };
    for journal in &reissued.journals {
        changes.count(journal, Side::Reissued)?;
    }
    for journal in posted {
        let own = journal.key.settlement().as_ref() == Some(settlement);
        if !own || journal.currency != reissued.currency {
            let (key, settlement) = (journal.key.clone(), settlement.clone());
            return Err(AdjustmentError::Foreign { key, settlement });
        }
        changes.count(journal, Side::Posted)?;
    }
    let lines = changes.lines(context)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let journal = Journal {
        key: JournalKey::adjustment(context.connection, settlement, &period.name, context.revision),
        period: period.name,
        date,
        currency: reissued.currency,
        zone: reissued.zone.clone(),
        description: format!("Adjustment {} of Amazon settlement {settlement}", context.revision),
        lines,
    };
    journal.check()?;
    Ok(Some(journal))
}

#[derive(Clone, Copy)]
enum Side {
    Posted,
    Reissued,
}

/// What is to be posted less what is, by account and triple.
struct Changes<'a> {
    of: &'a Plan,
    sources: BTreeMap<(Account, Role, Triple), Change>,
    /// Lines without rows behind them: the deposit, and the like.
    apart: BTreeMap<(Account, Role), Money>,
}

struct Change {
    amount: Money,
    rule: RuleRef,
    rows: u64,
    lines: LineSpan,
}

impl Changes<'_> {
    fn count(&mut self, journal: &Journal, side: Side) -> Result<(), MoneyError> {
        for line in &journal.lines {
            for source in &line.sources {
                self.source(line, source, side)?;
            }
            if line.sources.is_empty() {
                let zero = Money::zero(self.of.currency);
                let sum = self.apart.entry((line.account.clone(), line.role)).or_insert(zero);
                *sum = side.add(*sum, line.signed(self.of.currency)?)?;
            }
        }
        Ok(())
    }

    fn source(
        &mut self,
        line: &JournalLine,
        source: &Source,
        side: Side,
    ) -> Result<(), MoneyError> {
        let key = (line.account.clone(), source.role, source.triple.clone());
        let change = self.sources.entry(key).or_insert_with(|| Change {
            amount: Money::zero(self.of.currency),
            rule: source.rule.clone(),
            rows: 0,
            lines: LineSpan { first: 0, last: 0 },
        });
        change.amount = side.add(change.amount, Money::new(source.amount, self.of.currency)?)?;
        if let Side::Reissued = side {
            let known = change.rows > 0;
            let (first, last) = (source.lines.first, source.lines.last);
            let lines = &mut change.lines;
            lines.first = if known { lines.first.min(first) } else { first };
            lines.last = lines.last.max(last);
            change.rows = change.rows.saturating_add(source.rows);
        }
        Ok(())
    }

    fn lines(self, context: &Context<'_>) -> Result<Vec<JournalLine>, MoneyError> {
        let mut lines = Lines::new(context.rules, self.of.currency);
        for ((account, role, triple), change) in self.sources {
            if change.amount.is_zero() {
                continue;
            }
            let amount = change.amount.amount();
            let Change { rule, rows, lines: span, .. } = change;
            let source = Source { triple, role, rule, amount, rows, lines: span };
            lines.add(&account, role, change.amount, Some(source))?;
        }
        for ((account, role), amount) in self.apart {
            lines.add_apart(&account, role, amount)?;
        }
        lines.finish()
    }
}

impl Side {
    fn add(self, sum: Money, amount: Money) -> Result<Money, MoneyError> {
        match self {
            Self::Posted => sum.checked_sub(amount),
            Self::Reissued => sum.checked_add(amount),
        }
    }
}
