//! Whether settlements, journals, the ledger and the bank tell the same story.

use std::fmt;

use jiff::civil::Date;
use settlement_model::{Currency, Money, MoneyError, SettlementId};

use crate::journal::{Journal, Source};
use crate::plan::Plan;
use crate::role::Role;

mod clearing;

use clearing::Clearing;

/// What there is to compare, all of one currency of settlements.
///
/// Amounts are seen from the clearing account: positive is a debit, money that Amazon owes.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The currency of the settlements.
    pub currency: Currency,
    /// The clearing account's balance before the first settlement given.
    pub opening: Money,
    /// The settlements, in any order.
    pub settlements: &'a [SettlementFigures],
    /// The bank's lines from and to Amazon.
    pub bank: &'a [BankLine],
    /// Differences that a person has written off.
    pub waivers: &'a [Waiver],
    /// The clearing account's balance in the ledger today, if it was looked up.
    pub ledger_balance: Option<Money>,
    /// The day to count ages to.
    pub today: Date,
    /// How many days a deposit may be on its way before it is missing. Five is usual.
    pub transit_days: i32,
}

/// What a settlement, its journals and the ledger say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementFigures {
    /// The settlement.
    pub id: SettlementId,
    /// Its total: paid out if positive.
    pub total: Money,
    /// The day it began, if known: no line of the bank before it is that of a card charge, a micro
    /// deposit or a payout returned.
    pub start: Option<Date>,
    /// The day the deposit starts; failing that, the day the settlement ended.
    pub due: Date,
    /// Its rows on the clearing account, signed as Amazon does.
    pub rows: Vec<ClearingRow>,
    /// What its journals debit the clearing account, less what they credit.
    pub journal: Money,
    /// The same as the ledger shows it; `None` if nothing is posted.
    pub ledger: Option<Money>,
    /// The total at the rate of the journal in the bank's currency, if the bank has another.
    pub booked: Option<Money>,
}

/// What a settlement's plan put into the books.
#[derive(Debug, Clone, Copy)]
pub struct Booked<'a> {
    /// Its journals.
    pub journals: &'a [Journal],
    /// [`Plan::netted_to_zero`].
    pub netted_to_zero: &'a [Source],
}

/// The rows of one role that a settlement has on the clearing account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClearingRow {
    /// `opening_balance`, `card_charge`, `failed_transfer` or `micro_deposit`.
    pub role: Role,
    /// Their sum, signed as Amazon does: positive raises the seller's balance, a credit here.
    pub amount: Money,
}

/// A line of the bank statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankLine {
    /// What names the line: the bank's reference, with the account's where there are several accounts.
    /// Differences and payments name it so; no money is lost where two lines have the same.
    pub reference: String,
    /// The value date.
    pub date: Date,
    /// What the bank received, or paid if negative, in the account's currency.
    pub amount: Money,
    /// The settlement it belongs to, if the payout's trace id or a person says so: as its deposit,
    /// or as the charge, micro deposit or returned payout of exactly this amount.
    pub settlement: Option<SettlementId>,
}

/// A difference of a settlement that a person has written off in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The settlement.
    pub settlement: SettlementId,
    /// What was written off: positive if Amazon owed it.
    pub amount: Money,
}

/// Which two of the four differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// The settlement and its journals.
    Journal,
    /// The journals and the ledger.
    Ledger,
    /// The ledger and the bank.
    Bank,
}

/// Why two of the four differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Not there yet, and not overdue.
    Timing,
    /// The bank's exchange rate was another. The amount is in the bank's currency: what the bank
    /// received beyond what was booked.
    ExchangeRate,
    /// A negative total that a later settlement opens with.
    RolledBalance,
    /// A payout that came back in a later settlement.
    FailedPayout,
    /// Written off by a person.
    Waived,
    /// Nobody knows: a person has to look.
    Unknown,
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Timing => "on its way",
            Self::ExchangeRate => "exchange rate",
            Self::RolledBalance => "rolled into a later settlement",
            Self::FailedPayout => "payout that came back",
            Self::Waived => "written off",
            Self::Unknown => "unknown",
        })
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The settlement; `None` for a bank line that belongs to none.
    pub settlement: Option<SettlementId>,
    /// The bank line, if it is about one.
    pub bank_line: Option<String>,
    /// Which two differ.
    pub comparison: Comparison,
    /// Why.
    pub kind: DifferenceKind,
    /// By how much: what the first has beyond the second.
    pub amount: Money,
    /// Whether it is still on the clearing account.
    pub open: bool,
    /// Days since it was due; 0 if it is due later.
    pub age_days: i32,
}

/// A bank line that paid, or took, what a settlement had put on the clearing account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The settlement.
    pub settlement: SettlementId,
    /// The bank line's reference.
    pub bank_line: String,
    /// How much of the clearing account it took.
    pub amount: Money,
}

/// How the clearing account came to its balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollForward {
    /// The balance before.
    pub opening: Money,
    /// The totals of the settlements.
    pub deposits: Money,
    /// The settlements' rows on the account: opening debts, card charges, payouts returned.
    pub rows: Money,
    /// What the bank received, less what it paid.
    pub bank: Money,
    /// What was written off.
    pub waived: Money,
    /// `opening + deposits + rows - bank - waived`.
    pub closing: Money,
    /// What of it the open differences explain.
    pub explained: Money,
    /// `closing - opening - explained`: always zero.
    pub unexplained: Money,
    /// The ledger's balance less `closing`, if the ledger's was given; other postings, if not zero.
    pub ledger_difference: Option<Money>,
}

/// Open differences by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ageing {
    /// Up to 7 days.
    pub week: Money,
    /// 8 to 14 days.
    pub fortnight: Money,
    /// 15 to 30 days.
    pub month: Money,
    /// More than 30 days.
    pub older: Money,
}

/// The result of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconciliation {
    /// Every difference, settled ones too, by settlement and comparison.
    pub differences: Vec<Difference>,
    /// Which bank line paid which settlement.
    pub payments: Vec<Payment>,
    /// The clearing account.
    pub roll_forward: RollForward,
    /// The open differences of the clearing account by age.
    pub ageing: Ageing,
}

impl Reconciliation {
    /// Whether nothing waits for a person: no difference is unknown, and the ledger's balance, if
    /// it was given, is the computed one.
    #[must_use]
    pub fn is_reconciled(&self) -> bool {
        let unknown = |difference: &Difference| difference.kind == DifferenceKind::Unknown;
        let other = self.roll_forward.ledger_difference;
        !self.differences.iter().any(unknown) && other.is_none_or(Money::is_zero)
    }
}

impl SettlementFigures {
    /// The figures of a plan whose settlement was posted or is to be, without its start.
    ///
    /// The rules are taken to have `opening_balance`, `card_charge`, `failed_transfer` and
    /// `micro_deposit` on the clearing account, as the sample chart does.
    ///
    /// # Errors
    /// If the amounts cannot be added.
    pub fn of(plan: &Plan, due: Date, ledger: Option<Money>) -> Result<Self, MoneyError> {
        let (id, total) = (plan.settlement_id.clone(), plan.deposit);
        let booked = Booked { journals: &plan.journals, netted_to_zero: &plan.netted_to_zero };
        Self::of_journals(id, total, booked, due, ledger)
    }

    /// As [`of`](Self::of), from the journals as they were kept when they were posted.
    ///
    /// # Errors
    /// If the amounts cannot be added, or a journal is in another currency than `total`.
    pub fn of_journals(
        id: SettlementId,
        total: Money,
        booked: Booked<'_>,
        due: Date,
        ledger: Option<Money>,
    ) -> Result<Self, MoneyError> {
        let currency = total.currency();
        let mut rows: Vec<ClearingRow> = Vec::new();
        let mut journal = Money::zero(currency);
        let lines = || booked.journals.iter().flat_map(|journal| &journal.lines);
        for line in lines().filter(|line| line.sources.is_empty()) {
            if line.role == Role::AMAZON_CLEARING {
                journal = journal.checked_sub(line.signed(currency)?)?;
            }
        }
        for source in lines().flat_map(|line| &line.sources).chain(booked.netted_to_zero) {
            if !clearing::is_clearing_row(source.role) {
                continue;
            }
            let amount = Money::new(source.amount, currency)?;
            journal = journal.checked_sub(amount)?;
            match rows.iter_mut().find(|row| row.role == source.role) {
                Some(row) => row.amount = row.amount.checked_add(amount)?,
                None => rows.push(ClearingRow { role: source.role, amount }),
            }
        }
        Ok(Self { id, total, start: None, due, rows, journal, ledger, booked: None })
    }

    /// What the clearing account must show for the settlement.
    fn expected(&self) -> Result<Money, MoneyError> {
        self.rows.iter().try_fold(self.total, |sum, row| sum.checked_sub(row.amount))
    }
}

/// Compares settlements with their journals, the journals with the ledger, and the ledger with the
/// bank; explains every difference; and rolls the clearing account forward.
///
/// Bank lines that name their settlement are taken first: each pays what the settlement has of exactly
/// its amount, or else the deposit. Then opening debts and returned payouts meet the earlier
/// settlement of exactly their amount, the latest first. Then each other bank line pays the earliest
/// open item of exactly its amount: a deposit that was due by then, or a card charge, a micro deposit
/// or a returned payout of a settlement that had begun. Nothing is matched by nearness of amounts.
///
/// # Errors
/// If an amount is in another currency than [`Evidence::currency`], or they cannot be added.
pub fn reconcile(evidence: &Evidence<'_>) -> Result<Reconciliation, MoneyError> {
    let mut differences = Vec::new();
    for figures in evidence.settlements {
        compare_books(figures, evidence, &mut differences)?;
    }
    let mut clearing = Clearing::new(evidence)?;
    clearing.settle()?;
    let payments = clearing.payments();
    let (roll_forward, found) = clearing.finish()?;
    differences.extend(found);
    let key = |difference: &Difference| {
        let Difference { settlement, comparison, kind, .. } = difference;
        (settlement.is_none(), settlement.clone(), *comparison, *kind)
    };
    differences.sort_by_key(key);
    let ageing = ageing(evidence.currency, &differences)?;
    Ok(Reconciliation { differences, payments, roll_forward, ageing })
}

/// The settlement against its journals, and these against the ledger.
fn compare_books(
    figures: &SettlementFigures,
    evidence: &Evidence<'_>,
    differences: &mut Vec<Difference>,
) -> Result<(), MoneyError> {
    let age_days = age(figures.due, evidence.today);
    let mut differ = |comparison, kind, amount: Money| {
        if !amount.is_zero() {
            let settlement = Some(figures.id.clone());
            let bank_line = None;
            differences.push(Difference {
                settlement,
                bank_line,
                comparison,
                kind,
                amount,
                open: false,
                age_days,
            });
        }
    };
    let missing = figures.expected()?.checked_sub(figures.journal)?;
    differ(Comparison::Journal, DifferenceKind::Unknown, missing);
    match figures.ledger {
        Some(ledger) => {
            let missing = figures.journal.checked_sub(ledger)?;
            differ(Comparison::Ledger, DifferenceKind::Unknown, missing);
        }
        None if age_days <= evidence.transit_days => {
            differ(Comparison::Ledger, DifferenceKind::Timing, figures.journal);
        }
        None => differ(Comparison::Ledger, DifferenceKind::Unknown, figures.journal),
    }
    Ok(())
}

/// Days from a day until another; 0 if it is later.
fn age(since: Date, today: Date) -> i32 {
    since.until(today).map_or(0, |span| span.get_days()).max(0)
}

fn ageing(currency: Currency, differences: &[Difference]) -> Result<Ageing, MoneyError> {
    let zero = Money::zero(currency);
    let mut ageing = Ageing { week: zero, fortnight: zero, month: zero, older: zero };
    for difference in differences.iter().filter(|difference| difference.open) {
        let bucket = match difference.age_days {
            ..=7 => &mut ageing.week,
            8..=14 => &mut ageing.fortnight,
            15..=30 => &mut ageing.month,
            _ => &mut ageing.older,
        };
        *bucket = bucket.checked_add(difference.amount)?;
    }
    Ok(ageing)
}
