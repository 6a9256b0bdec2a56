//! The date range ("custom unified transaction") report of Seller Central: a CSV that a person
//! downloads.
//!
//! It is no settlement. It states no total, and holds what was posted in some days: parts of many
//! settlements, payouts, and money that Amazon defers. Where a settlement lies in it as a whole, its
//! payout proves it: then [`Statement::ties`]. Use it to check what was posted, or to accrue what is
//! deferred; [`read`](crate::read) refuses it.
//!
//! Its header is translated. Known so far are the English and the Portuguese one.

use std::collections::HashMap;
use std::io::Read;

use crate::cells::Cells;
use crate::defect::{Defect, Defects, Reason, Unreadable, quoted};
use crate::document::{DecimalSign, ReadOptions};
use crate::money::{Currency, Money};
use crate::number::Numbers;
use crate::records::{Delimiter, Records};
use crate::settlement::{LineSpan, SettlementId};

/// As Seller Central writes it.
const DELIMITER: Delimiter = Delimiter::Quoted(b',');

/// A header further down is not looked for. Amazon's preamble has seven to nine lines.
const MOST_PREAMBLE_LINES: usize = 40;

const GET_IT_AGAIN: &str = "Download the report again and do not save it with another program.";

/// What one marketplace language calls things, in small letters.
struct Language {
    id: &'static str,
    kind: &'static str,
    /// The first of the columns of money; they go on up to the total.
    first_amount: &'static str,
    total: &'static str,
    /// A column that reports from 2025 on have.
    status: &'static str,
    /// The `kind` of a payout.
    transfer: &'static str,
    /// The `status` of money that Amazon keeps for later.
    deferred: &'static str,
}

const LANGUAGES: [Language; 2] = [
    Language {
        id: "settlement id",
        kind: "type",
        first_amount: "product sales",
        total: "total",
        status: "transaction status",
        transfer: "transfer",
        deferred: "deferred",
    },
    Language {
        id: "id de liquidação",
        kind: "tipo",
        first_amount: "vendas do produto",
        total: "total",
        status: "status da transação",
        transfer: "transferir",
        deferred: "diferido",
    },
];

/// A date range report, added up by settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DateRange {
    /// The encoding it was read in, by its WHATWG name.
    pub encoding: &'static str,
    /// The decimal sign its amounts were found to use.
    pub decimal_sign: DecimalSign,
    /// The currency of all amounts, as the preamble states it.
    pub currency: Currency,
    /// What it holds of each settlement, in the order of their first rows.
    pub statements: Vec<Statement>,
}

/// What a date range report holds of one settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Statement {
    /// Column `settlement id`.
    pub id: SettlementId,
    /// How many rows there are, payouts not among them.
    pub rows: u64,
    /// What these rows add up to: positive raises the seller's balance.
    pub sum: Money,
    /// How many of the rows Amazon defers.
    pub deferred_rows: u64,
    /// What the deferred rows add up to; part of `sum`.
    pub deferred: Money,
    /// How many payouts there are.
    pub transfers: u64,
    /// What the payouts add up to: negative when Amazon paid the seller.
    pub transferred: Money,
    /// Where the rows stand.
    pub lines: LineSpan,
}

impl Statement {
    /// Whether the payouts prove the rows to be the whole settlement: there is one, and it pays out
    /// just what the rows add up to.
    #[must_use]
    pub fn ties(&self) -> bool {
        self.transfers > 0 && self.sum == self.transferred.negated()
    }
}

/// Reads a date range report to its end and adds its rows up by settlement. The columns of money of
/// each row must add up to its total.
///
/// ```
/// use settlement_model::{ReadOptions, date_range};
///
/// # fn main() -> Result<(), settlement_model::Unreadable> {
/// let file = "\"Includes Amazon Marketplace and Fulfillment by Amazon (FBA) transactions\"
/// \"All amounts in USD, unless specified\"
/// \"date/time\",\"settlement id\",\"type\",\"product sales\",\"selling fees\",\"other\",\"total\"
/// \"May 5, 2026 3:00:00 AM PDT\",\"81000000001\",\"Order\",\"1,020.00\",\"-3.00\",\"0\",\"1,017.00\"
/// \"May 9, 2026 3:00:00 AM PDT\",\"81000000001\",\"Transfer\",\"0\",\"0\",\"-1,017.00\",\"-1,017.00\"
/// ";
/// let report = date_range::read(file.as_bytes(), &ReadOptions::default())?;
/// assert_eq!(report.statements[0].sum.to_string(), "1017.00 USD");
/// assert!(report.statements[0].ties());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Unreadable`] with every defect found, in the order of the lines.
pub fn read<R: Read>(source: R, options: &ReadOptions) -> Result<DateRange, Unreadable> {
    let mut records = Records::open(source, options)?;
    let mut cells = Cells::default();
    let mut sums = find_header(&mut records, &mut cells, options)?;
    let mut found = Defects::new(options.limits.defects);
    while let Some(record) = records.next(DELIMITER).transpose()? {
        let text = records.text(record.text);
        let taken = split(&mut cells, text, record.line).and_then(|()| {
            sums.take(&cells.iter(text).map(str::trim).collect::<Vec<_>>(), record.line)
        });
        match taken {
            Err(defect) if defect.reason == Reason::LimitExceeded => return Err(defect.into()),
            Err(defect) => found.push(defect),
            Ok(()) => {}
        }
    }
    found.into_result()?;
    Ok(DateRange {
        encoding: records.encoding(),
        decimal_sign: sums.numbers.sign(),
        currency: sums.currency,
        statements: sums.statements,
    })
}

/// Where the columns stand that matter.
struct Columns {
    language: &'static Language,
    names: Vec<String>,
    id: usize,
    kind: usize,
    first_amount: usize,
    total: usize,
    status: Option<usize>,
}

impl Columns {
    /// `None` when these are not the cells of a header in a known language.
    fn find<'c>(cells: impl Iterator<Item = &'c str>) -> Option<Self> {
        let names: Vec<String> = cells.map(|cell| cell.trim().to_lowercase()).collect();
        let position = |name: &str| names.iter().position(|known| known == name);
        LANGUAGES.iter().find_map(|language| {
            let (first_amount, total) =
                (position(language.first_amount)?, position(language.total)?);
            (first_amount < total).then_some(())?;
            Some(Self {
                language,
                id: position(language.id)?,
                kind: position(language.kind)?,
                first_amount,
                total,
                status: position(language.status),
                names: names.clone(),
            })
        })
    }
}

/// The sums of a document while it is being read.
struct Sums {
    columns: Columns,
    currency: Currency,
    numbers: Numbers,
    statements: Vec<Statement>,
    by_id: HashMap<SettlementId, usize>,
    most: usize,
}

impl Sums {
    fn take(&mut self, cells: &[&str], line: u64) -> Result<(), Defect> {
        if cells.iter().all(|cell| cell.is_empty()) {
            return Ok(());
        }
        let columns = &self.columns;
        if cells.len() != columns.names.len() {
            let few = cells.len() < columns.names.len();
            let reason = if few { Reason::TooFewCells } else { Reason::TooManyCells };
            let what = format!(
                "The row has {} cells, but the header has {} columns.",
                cells.len(),
                columns.names.len()
            );
            return Err(defect(reason, line, None, &what));
        }
        let total = self.read_total(cells, line)?;
        let columns = &self.columns;
        let id = SettlementId::parse(cells[columns.id]).map_err(|_| {
            let what = format!("{} is not a settlement id.", quoted(cells[columns.id]));
            defect(Reason::BadSettlementId, line, Some(columns.language.id), &what)
        })?;
        let transfer = cells[columns.kind].to_lowercase() == columns.language.transfer;
        let status = columns.status.map(|at| cells[at].to_lowercase());
        let deferred = status.is_some_and(|status| status == columns.language.deferred);
        let statement = self.statement(id, line)?;
        let too_large = |_| defect(Reason::Overflow, line, None, "The sum becomes too large.");
        let add = |sum: &mut Money, rows: &mut u64| {
            *rows += 1;
            *sum = sum.checked_add(total).map_err(too_large)?;
            Ok(())
        };
        statement.lines.last = line;
        if transfer {
            return add(&mut statement.transferred, &mut statement.transfers);
        }
        if deferred {
            add(&mut statement.deferred, &mut statement.deferred_rows)?;
        }
        add(&mut statement.sum, &mut statement.rows)
    }

    /// Reads a row's columns of money. The last of them is the sum of the others.
    fn read_total(&mut self, cells: &[&str], line: u64) -> Result<Money, Defect> {
        let Columns { first_amount, total, .. } = self.columns;
        let mut sum = Money::zero(self.currency);
        // The total first: it is the largest number and most often shows the decimal sign.
        let stated = self.amount(cells, total, line)?;
        for at in first_amount..total {
            let added = sum.checked_add(self.amount(cells, at, line)?);
            sum = added.map_err(|_| {
                defect(Reason::Overflow, line, Some(&self.columns.names[at]), "It is too large.")
            })?;
        }
        if sum == stated {
            return Ok(stated);
        }
        let what = format!("The row's amounts add up to {sum}, but its total is {stated}.");
        Err(defect(Reason::BadNumber, line, Some(&self.columns.names[total]), &what))
    }

    fn amount(&mut self, cells: &[&str], at: usize, line: u64) -> Result<Money, Defect> {
        let text = cells[at];
        self.numbers.money(text, self.currency, line).map_err(|problem| {
            let what = format!("{} is not an amount of {}.", quoted(text), self.currency);
            defect(problem.reason(), line, Some(&self.columns.names[at]), &what)
        })
    }

    fn statement(&mut self, id: SettlementId, line: u64) -> Result<&mut Statement, Defect> {
        let next = self.statements.len();
        let at = *self.by_id.entry(id.clone()).or_insert(next);
        if at == next {
            if next >= self.most {
                let what = format!("The report holds more than {} settlements.", self.most);
                return Err(defect(Reason::LimitExceeded, line, None, &what));
            }
            let nothing = Money::zero(self.currency);
            self.statements.push(Statement {
                id,
                rows: 0,
                sum: nothing,
                deferred_rows: 0,
                deferred: nothing,
                transfers: 0,
                transferred: nothing,
                lines: LineSpan { first: line, last: line },
            });
        }
        Ok(&mut self.statements[at])
    }
}

/// Reads the preamble, which states the currency, and the header.
fn find_header<R: Read>(
    records: &mut Records<R>,
    cells: &mut Cells,
    options: &ReadOptions,
) -> Result<Sums, Unreadable> {
    let mut currency = None;
    for _ in 0..MOST_PREAMBLE_LINES {
        let Some(record) = records.next(DELIMITER).transpose()? else { break };
        let text = records.text(record.text);
        split(cells, text, record.line)?;
        let width = cells.spans().len();
        if width > options.limits.columns {
            let what = format!("The line has {width} cells, more than the limit.");
            return Err(defect(Reason::LimitExceeded, record.line, None, &what).into());
        }
        if let Some(columns) = Columns::find(cells.iter(text)) {
            let currency = currency.ok_or_else(|| {
                let what = "The preamble does not state a currency.";
                defect(Reason::UnknownCurrency, record.line, None, what)
            })?;
            return Ok(Sums {
                columns,
                currency,
                numbers: Numbers::new(),
                statements: Vec::new(),
                by_id: HashMap::new(),
                most: options.limits.settlements,
            });
        }
        // In capitals: all languages have words of three letters.
        let words = text.split(|c: char| !c.is_alphanumeric());
        let mut codes = words.filter(|word| word.bytes().all(|b| b.is_ascii_uppercase()));
        currency = currency.or_else(|| codes.find_map(|code| Currency::parse(code).ok()));
    }
    let what = "The document has no header of a date range report in a known language.";
    Err(defect(Reason::NotASettlementReport, records.line(), None, what).into())
}

fn split(cells: &mut Cells, text: &str, line: u64) -> Result<(), Defect> {
    let what = "A quoted cell goes on behind its closing quote.";
    cells.split(text, DELIMITER).map_err(|_| defect(Reason::BadQuoting, line, None, what))
}

fn defect(reason: Reason, line: u64, column: Option<&str>, what: &str) -> Defect {
    Defect {
        reason,
        line: Some(line),
        column: column.map(str::to_owned),
        message: format!("{what} {GET_IT_AGAIN}"),
    }
}
