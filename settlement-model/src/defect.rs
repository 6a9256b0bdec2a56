//! What is wrong with a document, in words for a person.

use std::fmt;

use thiserror::Error;

/// A document that cannot be read as settlements. Nothing of it may be used.
///
/// `Display` gives the first defect and how many there are beside it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Unreadable {
    /// The defects in the order of the lines; at least one.
    pub defects: Vec<Defect>,
    /// How many further defects were counted but not kept, see
    /// [`Limits::defects`](crate::Limits::defects).
    pub more: u64,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.more + self.defects.len().saturating_sub(1) as u64;
        match self.defects.first() {
            Some(first) => first.fmt(f)?,
            None => f.write_str("the document cannot be read")?,
        }
        match others {
            0 => Ok(()),
            others => write!(f, " (and {others} more)"),
        }
    }
}

impl From<Defect> for Unreadable {
    fn from(defect: Defect) -> Self {
        Self { defects: vec![defect], more: 0 }
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Defect {
    /// What kind of defect it is.
    pub reason: Reason,
    /// The line of the document, counted from 1; `None` when it is the whole document's.
    pub line: Option<u64>,
    /// The column by its name in the header, when the defect is one cell's.
    pub column: Option<String>,
    /// A full sentence: what is wrong and what to do. It quotes at most 60 characters of a cell.
    pub message: String,
}

/// `line 7, column amount: …`
impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: ")?,
            (Some(line), None) => write!(f, "line {line}: ")?,
            (None, Some(column)) => write!(f, "column {column}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.message)
    }
}

/// The kinds of defects, by what a person has to do about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Reason {
    /// The document is something else: another report, a web page, an error page, a workbook.
    NotASettlementReport,
    /// The document is a date range (unified transaction) report. It states no totals to tie to and
    /// mixes settlements with payouts: use it to check or to accrue, not to post.
    DateRangeReport,
    /// The document is empty.
    Empty,
    /// The header is there, but no settlement.
    NoSettlement,
    /// The header lacks a column that is needed.
    MissingColumn,
    /// The words of a date range report, its header's or a status, are in no language that is
    /// known.
    UnknownHeader,
    /// The header names a column twice.
    DuplicateColumn,
    /// A row ends before a column that is needed.
    TooFewCells,
    /// A row has more filled cells than the header has columns.
    TooManyCells,
    /// A quoted cell of a comma- or semicolon-separated document does not end properly.
    BadQuoting,
    /// An amount is blank or not a number.
    BadNumber,
    /// A number such as `1,234` that can be read in two ways.
    AmbiguousNumber,
    /// A number that does not fit the decimal sign of the rest of the document.
    ContradictoryNumbers,
    /// An amount finer than the currency's smallest unit.
    TooManyDecimals,
    /// An amount or a sum is too large to be computed exactly.
    Overflow,
    /// A date that is missing or does not exist.
    BadDate,
    /// A date that can be read in two ways, or a time without a zone.
    AmbiguousDate,
    /// A date with day and month in another order than the rest of the document.
    ContradictoryDates,
    /// A settlement id that is not digits, such as a spreadsheet leaves it.
    BadSettlementId,
    /// A currency code that ISO 4217 does not have.
    UnknownCurrency,
    /// A transaction row in another currency than its settlement.
    CurrencyMismatch,
    /// The settlement row states no total: there is nothing to tie to.
    MissingTotal,
    /// One settlement id with two different settlement rows.
    DuplicateSettlementRow,
    /// A row whose settlement has no settlement row before it.
    RowBeforeSettlement,
    /// An amount where none is known, so that it is not clear what it is for.
    UnknownAmount,
    /// An XML document that is not well-formed, or uses what no report does.
    BadXml,
    /// The bytes are not text in one known encoding.
    UnknownEncoding,
    /// The document exceeds one of the [`Limits`](crate::Limits).
    LimitExceeded,
    /// The source failed, or its compressed bytes are damaged.
    Io,
}

impl Reason {
    /// The stable code in `snake_case`, for machines and for looking up documentation.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotASettlementReport => "not_a_settlement_report",
            Self::DateRangeReport => "date_range_report",
            Self::Empty => "empty",
            Self::NoSettlement => "no_settlement",
            Self::MissingColumn => "missing_column",
            Self::UnknownHeader => "unknown_header",
            Self::DuplicateColumn => "duplicate_column",
            Self::TooFewCells => "too_few_cells",
            Self::TooManyCells => "too_many_cells",
            Self::BadQuoting => "bad_quoting",
            Self::BadNumber => "bad_number",
            Self::AmbiguousNumber => "ambiguous_number",
            Self::ContradictoryNumbers => "contradictory_numbers",
            Self::TooManyDecimals => "too_many_decimals",
            Self::Overflow => "overflow",
            Self::BadDate => "bad_date",
            Self::AmbiguousDate => "ambiguous_date",
            Self::ContradictoryDates => "contradictory_dates",
            Self::BadSettlementId => "bad_settlement_id",
            Self::UnknownCurrency => "unknown_currency",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::MissingTotal => "missing_total",
            Self::DuplicateSettlementRow => "duplicate_settlement_row",
            Self::RowBeforeSettlement => "row_before_settlement",
            Self::UnknownAmount => "unknown_amount",
            Self::BadXml => "bad_xml",
            Self::UnknownEncoding => "unknown_encoding",
            Self::LimitExceeded => "limit_exceeded",
            Self::Io => "io",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The defects met so far, the first ones kept and the others counted.
pub(crate) struct Defects {
    kept: Vec<Defect>,
    more: u64,
    most: usize,
}

impl Defects {
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), more: 0, most: limit.max(1) }
    }

    pub(crate) fn any(&self) -> bool {
        !self.kept.is_empty()
    }

    pub(crate) fn push(&mut self, defect: Defect) {
        if self.kept.len() < self.most {
            self.kept.push(defect);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn into_result(self) -> Result<(), Unreadable> {
        if self.any() {
            return Err(Unreadable { defects: self.kept, more: self.more });
        }
        Ok(())
    }
}

/// How much of a cell a message quotes, in characters.
const QUOTED_CHARACTERS: usize = 60;

/// A cell's text in quotation marks for a message, cut to 60 characters, control characters
/// escaped so that a terminal shows what is there.
pub(crate) fn quoted(cell: &str) -> String {
    let mut text: String = cell.trim().chars().take(QUOTED_CHARACTERS).collect();
    if text.len() < cell.trim().len() {
        text.push('…');
    }
    let shown: String = text
        .chars()
        .flat_map(|character| {
            let escaped = character.is_control();
            let plain = (!escaped).then_some(character);
            let code = escaped.then(|| character.escape_default());
            plain.into_iter().chain(code.into_iter().flatten())
        })
        .collect();
    format!("\"{shown}\"")
}
