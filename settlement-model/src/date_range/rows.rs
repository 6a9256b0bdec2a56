//! The rows of a date range report, added up by settlement.

use std::collections::{BTreeMap, HashMap};

use super::header::Columns;
use super::posted;
use super::transaction_type::TransactionType;
use super::{Statement, TypeSum, defect, word};
use crate::date::{DateProblem, Dates};
use crate::defect::{Defect, Reason, quoted};
use crate::document::DecimalSign;
use crate::money::{Currency, Money};
use crate::number::{NumberProblem, Numbers};
use crate::settlement::{LineSpan, ReportTime, SettlementId};

/// The signs of currencies that stand in front of amounts: `￥6,436`.
const CURRENCY_SIGNS: [char; 6] = ['￥', '¥', '$', '€', '£', '₹'];

pub(super) struct Sums {
    columns: Columns,
    currency: Currency,
    numbers: Numbers,
    dates: Dates,
    statements: Vec<Tallied>,
    by_id: HashMap<SettlementId, usize>,
    most: usize,
}

/// A statement while it grows.
struct Tallied {
    statement: Statement,
    types: BTreeMap<(TransactionType, bool), (u64, Money)>,
}

impl Sums {
    pub(super) fn new(
        columns: Columns,
        currency: Currency,
        prior: DecimalSign,
        most: usize,
    ) -> Self {
        Self {
            columns,
            currency,
            numbers: Numbers::new(prior),
            dates: Dates::default(),
            statements: Vec::new(),
            by_id: HashMap::new(),
            most,
        }
    }

    pub(super) fn decimal_sign(&self) -> DecimalSign {
        self.numbers.sign()
    }

    pub(super) fn take(&mut self, cells: &[&str], line: u64) -> Result<(), Defect> {
        if cells.iter().all(|cell| cell.is_empty()) {
            return Ok(());
        }
        self.check_width(cells, line)?;
        let total = self.read_total(cells, line)?;
        let posted = self.read_posted(cells, line)?;
        let deferred = self.is_deferred(cells, line)?;
        let columns = &self.columns;
        let id = SettlementId::parse(cells[columns.id]).map_err(|_| {
            let what = format!("{} is not a settlement id.", quoted(cells[columns.id]));
            defect(Reason::BadSettlementId, line, Some(&columns.names[columns.id]), &what)
        })?;
        let kind = TransactionType::parse(cells[columns.transaction_type], columns.edition);
        let tallied = self.statement(id, posted, line)?;
        tallied
            .add(kind, deferred, total)
            .map_err(|_| defect(Reason::Overflow, line, None, "The sum becomes too large."))?;
        tallied.statement.lines.last = line;
        tallied.statement.last_posted = posted;
        Ok(())
    }

    fn check_width(&self, cells: &[&str], line: u64) -> Result<(), Defect> {
        let columns = self.columns.names.len();
        let beyond = cells.get(columns..).unwrap_or_default();
        if cells.len() >= columns && beyond.iter().all(|cell| cell.is_empty()) {
            return Ok(());
        }
        let few = cells.len() < columns;
        let reason = if few { Reason::TooFewCells } else { Reason::TooManyCells };
        let cells = cells.len();
        let what = format!("The row has {cells} cells, but the header has {columns} columns.");
        Err(defect(reason, line, None, &what))
    }

    /// Reads a row's columns of money. The total is the sum of the others, which proves it.
    fn read_total(&mut self, cells: &[&str], line: u64) -> Result<Money, Defect> {
        // The total first: it is the largest number and most often shows the decimal sign.
        let total = self.columns.total;
        let stated = self.amount(cells, total, line)?;
        let mut sum = Money::zero(self.currency);
        for index in 0..self.columns.money.len() {
            let at = self.columns.money[index];
            // A blank is nothing, or else the sum is not the total.
            if cells[at].is_empty() {
                continue;
            }
            sum = sum.checked_add(self.amount(cells, at, line)?).map_err(|_| {
                defect(Reason::Overflow, line, Some(&self.columns.names[at]), "It is too large.")
            })?;
        }
        if sum == stated {
            return Ok(stated);
        }
        let mut what = format!("The row's amounts add up to {sum}, but its total is {stated}.");
        if !self.columns.unknown.is_empty() {
            let unknown: Vec<String> =
                self.columns.unknown.iter().map(|name| quoted(name)).collect();
            what += &format!(" The columns {} are not known.", unknown.join(", "));
        }
        Err(defect(Reason::BadNumber, line, Some(&self.columns.names[total]), &what))
    }

    fn amount(&mut self, cells: &[&str], at: usize, line: u64) -> Result<Money, Defect> {
        let text = cells[at];
        let plain = without_currency_sign(text);
        self.numbers.money(plain.as_deref().unwrap_or(text), self.currency, line).map_err(
            |problem| {
                let what = match problem {
                    NumberProblem::Contradicts { settled_on } => format!(
                        "{} has another decimal sign than the amounts since line {settled_on}.",
                        quoted(text)
                    ),
                    _ => format!("{} is not an amount of {}.", quoted(text), self.currency),
                };
                defect(problem.reason(), line, Some(&self.columns.names[at]), &what)
            },
        )
    }

    fn read_posted(&mut self, cells: &[&str], line: u64) -> Result<ReportTime, Defect> {
        let at = self.columns.date_time;
        posted::parse(cells[at], self.columns.edition, self.currency, &mut self.dates).map_err(
            |problem| {
                let what = format!("{} is not a date that can be read.", quoted(cells[at]));
                let reason = match problem {
                    DateProblem::Blank | DateProblem::NotADate => Reason::BadDate,
                    DateProblem::DayOrMonth | DateProblem::NoZone => Reason::AmbiguousDate,
                    DateProblem::Contradicts => Reason::ContradictoryDates,
                };
                defect(reason, line, Some(&self.columns.names[at]), &what)
            },
        )
    }

    /// Whether Amazon keeps the money of a row for later. A word that is not known is no reason to
    /// guess: money that is paid out has a release date, and money that is kept has none.
    fn is_deferred(&self, cells: &[&str], line: u64) -> Result<bool, Defect> {
        let Some(at) = self.columns.status else { return Ok(false) };
        let status = word(cells[at]);
        let edition = self.columns.edition;
        if status.is_empty() || edition.released.contains(&&*status) {
            return Ok(false);
        }
        if edition.deferred.contains(&&*status) {
            return Ok(true);
        }
        if let Some(release_date) = self.columns.release_date {
            return Ok(cells[release_date].is_empty());
        }
        let what = format!(
            "The status {} is not known, and no column tells when the money is released.",
            quoted(cells[at])
        );
        Err(defect(Reason::UnknownHeader, line, Some(&self.columns.names[at]), &what))
    }

    fn statement(
        &mut self,
        id: SettlementId,
        posted: ReportTime,
        line: u64,
    ) -> Result<&mut Tallied, Defect> {
        let next = self.statements.len();
        let at = *self.by_id.entry(id.clone()).or_insert(next);
        if at == next {
            if next >= self.most {
                let what = format!("The report holds more than {} settlements.", self.most);
                return Err(defect(Reason::LimitExceeded, line, None, &what));
            }
            let nothing = Money::zero(self.currency);
            let statement = Statement {
                id,
                rows: 0,
                sum: nothing,
                deferred_rows: 0,
                deferred: nothing,
                transfers: 0,
                transferred: nothing,
                types: Vec::new(),
                first_posted: posted,
                last_posted: posted,
                lines: LineSpan { first: line, last: line },
            };
            self.statements.push(Tallied { statement, types: BTreeMap::new() });
        }
        Ok(&mut self.statements[at])
    }

    pub(super) fn finish(self) -> (Columns, Currency, Vec<Statement>) {
        let finished = self.statements.into_iter().map(|tallied| {
            let types = tallied.types.into_iter();
            let sum = |((transaction_type, deferred), (rows, sum))| TypeSum {
                transaction_type,
                deferred,
                rows,
                sum,
            };
            Statement { types: types.map(sum).collect(), ..tallied.statement }
        });
        (self.columns, self.currency, finished.collect())
    }
}

impl Tallied {
    /// Counts a row, and nothing of it when a sum becomes too large.
    fn add(
        &mut self,
        kind: TransactionType,
        deferred: bool,
        total: Money,
    ) -> Result<(), crate::money::MoneyError> {
        let statement = &mut self.statement;
        if kind == TransactionType::Transfer {
            statement.transferred = statement.transferred.checked_add(total)?;
            statement.transfers += 1;
            return Ok(());
        }
        let sum = statement.sum.checked_add(total)?;
        let of_deferred = if deferred { total } else { Money::zero(total.currency()) };
        let deferred_sum = statement.deferred.checked_add(of_deferred)?;
        let nothing = (0, Money::zero(total.currency()));
        let of_type = self.types.entry((kind, deferred)).or_insert(nothing);
        *of_type = (of_type.0 + 1, of_type.1.checked_add(total)?);
        statement.sum = sum;
        statement.rows += 1;
        statement.deferred = deferred_sum;
        statement.deferred_rows += u64::from(deferred);
        Ok(())
    }
}

/// `-￥6,436` and `￥-6,436` as `-6,436`; `None` when there is no sign of a currency.
fn without_currency_sign(text: &str) -> Option<String> {
    text.contains(CURRENCY_SIGNS).then(|| text.replacen(CURRENCY_SIGNS, "", 1))
}
