//! One fiscal period: the four columns that must agree, the clearing account's roll-forward, and
//! the differences by kind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ledger_mapper::{Calendar, Comparison, Difference, DifferenceKind, Period};
use settlement_model::{Currency, Money, SettlementId};
use store::BankLineRecord;

use super::documents::Stands;
use super::{Books, DocumentInPeriod, FourFigures, Gathered, Waiting};
use crate::accrual::Standing as Accrued;
use crate::pipeline::accrual::State;

/// A fiscal period's figures in one currency.
#[derive(Debug, Clone)]
pub struct PeriodBooks {
    /// The currency.
    pub currency: Currency,
    /// The period.
    pub period: Period,
    /// The day the figures are of: the period's last, or today while it runs.
    pub until: Date,
    /// The settlements that were booked in it, and those that were open when it began.
    pub rows: Vec<FourFigures>,
    /// The sums over the settlements that were booked in it.
    pub totals: Totals,
    /// How the clearing account came to its balance.
    pub roll: PeriodRoll,
    /// What is open at its end, and what nobody knows.
    pub differences: Vec<Difference>,
    /// The bank's lines of the period that are compared here.
    pub bank_lines: Vec<BankLineRecord>,
    /// The settlement that a line of the bank was recognised as paying, by the line's
    /// [id](BankLineRecord::id).
    pub payments: BTreeMap<String, SettlementId>,
    /// The journals and invoices that are dated in it, by key.
    pub documents: BTreeMap<String, Stands>,
    /// The settlements of the period that are not in the books, with their states.
    pub waiting: BTreeMap<String, String>,
    /// Why it cannot be signed; nothing when it can.
    pub obstacles: Vec<String>,
}

/// The four columns, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Amazon: the settlements' totals.
    pub amazon: Money,
    /// What their journals put on the clearing account.
    pub journal: Money,
    /// The same as Epicor's ledger shows it.
    pub ledger: Money,
    /// What the bank received for them.
    pub bank: Money,
}

/// The clearing account from the period's first day to the day the figures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodRoll {
    /// The balance before.
    pub opening: Money,
    /// The totals of the settlements that were booked.
    pub deposits: Money,
    /// Their rows on the account: opening debts, card charges, payouts returned.
    pub rows: Money,
    /// What the bank received, less what it paid.
    pub bank: Money,
    /// What was written off.
    pub waived: Money,
    /// What accruals put on it, less what reversals of earlier ones took back.
    pub accruals: Money,
    /// `opening + deposits + rows - bank - waived + accruals`.
    pub closing: Money,
    /// What of it the open differences explain, and accruals that are not taken back yet.
    pub explained: Money,
    /// `closing - explained`: always zero.
    pub unexplained: Money,
    /// The balance in Epicor's ledger; `None` when it was never asked.
    pub ledger: Option<Money>,
    /// What Epicor's balance is beyond `closing`.
    pub ledger_difference: Option<Money>,
}

/// How much is open of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfKind {
    /// The kind.
    pub kind: DifferenceKind,
    /// How many differences.
    pub count: usize,
    /// What of them is on the clearing account.
    pub open: Money,
}

impl PeriodRoll {
    /// What accruals did to the account; `None` where they are on others, as they mostly are.
    #[must_use]
    pub fn accruals_if_any(&self) -> Option<Money> {
        (!self.accruals.is_zero()).then_some(self.accruals)
    }
}

impl Gathered {
    /// The accruals that are of a period, or are taken back in it.
    #[must_use]
    pub fn accruals_in(&self, figures: &PeriodBooks) -> Vec<Accrued> {
        let (period, currency) = (&figures.period.name, figures.currency.code());
        let here = |one: &&Accrued| {
            let taken_back = one.plan.reversal.period == *period && !one.documents.is_empty();
            one.key.currency == currency && (one.key.period == *period || taken_back)
        };
        self.accruals.iter().filter(here).cloned().collect()
    }
}

impl PeriodBooks {
    /// The settlement that a line of the bank paid: what a person gave it to, or what it was recognised
    /// as.
    #[must_use]
    pub fn paid_by<'a>(&'a self, line: &'a BankLineRecord) -> Option<&'a str> {
        let recognised = || self.payments.get(&line.id()).map(SettlementId::as_str);
        line.settlement_id.as_deref().or_else(recognised)
    }

    /// Whether nothing waits for a person: no difference is unknown, and Epicor's balance is the
    /// computed one.
    #[must_use]
    pub fn is_reconciled(&self) -> bool {
        self.unknown() == 0 && self.roll.ledger_difference.is_some_and(Money::is_zero)
    }

    /// How many differences nobody can explain.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let unknown = |one: &&Difference| one.kind == DifferenceKind::Unknown;
        self.differences.iter().filter(unknown).count()
    }

    /// The differences by kind.
    ///
    /// # Errors
    /// When the amounts cannot be added.
    pub fn by_kind(&self) -> anyhow::Result<Vec<OfKind>> {
        let zero = Money::zero(self.currency);
        let mut kinds: BTreeMap<DifferenceKind, (usize, Money)> = BTreeMap::new();
        for difference in &self.differences {
            let (count, open) = kinds.entry(difference.kind).or_insert((0, zero));
            *count += 1;
            if difference.open {
                *open = open.checked_add(difference.amount)?;
            }
        }
        let of = |(kind, (count, open))| OfKind { kind, count, open };
        Ok(kinds.into_iter().map(of).collect())
    }
}

/// Every period in which something was booked, received or is waiting, up to today's, by its start.
#[must_use]
pub fn periods(gathered: &Gathered, calendar: &Calendar, today: Date) -> Vec<Period> {
    let booked = gathered.books.iter().flat_map(|books| {
        let settlements = books.settlements.iter().map(|posted| posted.booked_on);
        settlements.chain([books.from])
    });
    let lines = gathered.bank_lines.iter().map(|line| line.date);
    let waiting = gathered.waiting.iter().map(|waiting| waiting.end);
    let accruals = gathered.accruals.iter().map(|one| &one.plan);
    let accrued = accruals.flat_map(|plan| [plan.journal.date, plan.reversal.date]);
    let days = booked.chain(lines).chain(waiting).chain(accrued).chain([today]);
    let days: BTreeSet<Date> = days.collect();
    let mut periods: Vec<Period> = Vec::new();
    for day in days.into_iter().filter(|day| *day <= today) {
        if periods.last().is_some_and(|last| day <= last.end) {
            continue;
        }
        periods.extend(calendar.period_of(day));
    }
    periods
}

/// The figures of a period in the currency of these books.
///
/// # Errors
/// When the amounts cannot be added.
pub fn figures(
    gathered: &Gathered,
    books: &Books,
    period: &Period,
    today: Date,
    transit_days: i32,
) -> anyhow::Result<PeriodBooks> {
    let until = period.end.min(today);
    let now = books.as_of(until, transit_days)?;
    let before = books.as_of(period.start.yesterday()?, transit_days)?;
    let (roll, was) = (&now.result.roll_forward, &before.result.roll_forward);
    let roll = PeriodRoll {
        opening: was.closing,
        deposits: roll.deposits.checked_sub(was.deposits)?,
        rows: roll.rows.checked_sub(was.rows)?,
        bank: roll.bank.checked_sub(was.bank)?,
        waived: roll.waived.checked_sub(was.waived)?,
        accruals: roll.opening.checked_sub(was.opening)?,
        closing: roll.closing,
        explained: roll.explained.checked_add(roll.opening)?,
        unexplained: roll.unexplained,
        ledger: roll
            .ledger_difference
            .map(|beyond| roll.closing.checked_add(beyond))
            .transpose()?,
        ledger_difference: roll.ledger_difference,
    };
    let open_before: BTreeSet<_> =
        before.rows.iter().filter(|row| !row.closed).map(|row| &row.settlement).collect();
    let belongs =
        |row: &FourFigures| row.booked_on >= period.start || open_before.contains(&row.settlement);
    let rows: Vec<_> = now.rows.into_iter().filter(belongs).collect();
    let shown: BTreeSet<_> = rows.iter().map(|row| &row.settlement).collect();
    let tells = |difference: &Difference| {
        let of_shown = difference.settlement.as_ref().is_some_and(|id| shown.contains(id));
        difference.open || difference.kind == DifferenceKind::Unknown || of_shown
    };
    let differences: Vec<_> = now.result.differences.into_iter().filter(tells).collect();
    let payments = now.result.payments.into_iter();
    let payments = payments.map(|payment| (payment.bank_line, payment.settlement)).collect();
    let in_period = |line: &&BankLineRecord| {
        let id = line.id();
        let here = books.bank.iter().any(|own| own.reference == id);
        here && line.date >= period.start && line.date <= until
    };
    let bank_lines = gathered.bank_lines.iter().filter(in_period).cloned().collect();
    let code = books.currency.code();
    let written = gathered.documents.iter();
    let written = written.filter(|one| one.period == period.name && one.currency == code);
    let documents = written.map(|one| (one.key.clone(), one.stands)).collect();
    let waits = |waiting: &&Waiting| {
        let ends = (period.start..=period.end).contains(&waiting.end);
        waiting.currency == code && (ends || waiting.periods.contains(&period.name))
    };
    let waiting = gathered.waiting.iter().filter(waits);
    let waiting = waiting.map(|one| (one.settlement.clone(), one.state.clone())).collect();
    let totals = totals(books.currency, rows.iter().filter(|r| r.booked_on >= period.start))?;
    let mut figures = PeriodBooks {
        currency: books.currency,
        period: period.clone(),
        until,
        rows,
        totals,
        roll,
        differences,
        bank_lines,
        payments,
        documents,
        waiting,
        obstacles: Vec::new(),
    };
    figures.obstacles = obstacles(&figures, gathered, books, today);
    Ok(figures)
}

fn totals<'f>(
    currency: Currency,
    rows: impl Iterator<Item = &'f FourFigures>,
) -> anyhow::Result<Totals> {
    let zero = Money::zero(currency);
    let mut totals = Totals { amazon: zero, journal: zero, ledger: zero, bank: zero };
    for row in rows {
        totals.amazon = totals.amazon.checked_add(row.amazon)?;
        totals.journal = totals.journal.checked_add(row.journal)?;
        totals.ledger = totals.ledger.checked_add(row.ledger.unwrap_or(zero))?;
        totals.bank = totals.bank.checked_add(row.bank.unwrap_or(zero))?;
    }
    Ok(totals)
}

/// What must be so before a person may sign.
fn obstacles(
    figures: &PeriodBooks,
    gathered: &Gathered,
    books: &Books,
    today: Date,
) -> Vec<String> {
    let mut obstacles = Vec::new();
    let Period { end, .. } = figures.period;
    if end >= today {
        obstacles.push(format!("the period ends on {end}: sign it when it is over"));
    }
    match &books.ledger {
        None => obstacles.push("Epicor's ledger was not read yet: refresh it".to_owned()),
        Some(read) if read.until < end => {
            obstacles.push(format!("Epicor's ledger was read until {}: refresh it", read.until));
        }
        Some(_) => {}
    }
    match figures.unknown() {
        0 => {}
        1 => obstacles.push("one difference is unknown: it must be explained".to_owned()),
        count => obstacles.push(format!("{count} differences are unknown: they must be explained")),
    }
    if let Some(beyond) = figures.roll.ledger_difference.filter(|beyond| !beyond.is_zero()) {
        obstacles.push(format!(
            "Epicor's balance is {beyond} beyond what is explained: other postings are on the \
             account, or bank receipts are not booked in Epicor yet"
        ));
    }
    let late = |waiting: &&Waiting| {
        waiting.end < figures.period.start && waiting.currency == figures.currency.code()
    };
    let late = gathered.waiting.iter().filter(late);
    let late = late.map(|waiting| (&waiting.settlement, &waiting.state));
    for (id, state) in late.chain(&figures.waiting) {
        obstacles.push(format!("settlement {id} is {state}: it is not in the books yet"));
    }
    let known = |one: &&DocumentInPeriod| figures.documents.contains_key(&one.key);
    for document in gathered.documents.iter().filter(known) {
        let DocumentInPeriod { key, record, stands, .. } = document;
        if !stands.is_settled() && !figures.waiting.contains_key(record) {
            obstacles.push(format!("document {key} is {}", stands.words()));
        }
    }
    let approved = |one: &&Accrued| {
        [&one.key.period, &one.plan.reversal.period].contains(&&figures.period.name)
            && one.key.currency == figures.currency.code()
            && one.state == State::Approved
    };
    for accrual in gathered.accruals.iter().filter(approved) {
        let of = &accrual.key.period;
        obstacles.push(format!("the accrual of {of} is approved, and not posted yet"));
    }
    let unreadable = gathered.unreadable.iter();
    obstacles.extend(unreadable.map(|what| format!("the store cannot be read: {what}")));
    obstacles
}

/// Between which of the four a difference is, for people.
#[must_use]
pub const fn between(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Journal => "Amazon and the journal",
        Comparison::Ledger => "the journal and Epicor",
        Comparison::Bank => "Epicor and the bank",
    }
}
