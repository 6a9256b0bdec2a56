//! The date range ("custom unified transaction") report of Seller Central: a CSV that a person
//! downloads.
//!
//! It is no settlement. It states no total, and holds what was posted in some days: parts of many
//! settlements, payouts, and money that Amazon defers. Where a settlement lies in it as a whole, its
//! payout proves it: then [`Statement::ties`]. Use it to check what was posted, or to accrue what is
//! deferred; [`read`](crate::read) refuses it.
//!
//! Its header, its dates and its numbers are in the language and the manner of the store. Known are
//! the English, German, French, Italian, Spanish, Mexican, Brazilian, Dutch, Swedish, Polish and
//! Japanese editions; the words of any other are named in the reason for which it is not read.

mod editions;
mod header;
mod posted;
mod rows;
mod transaction_type;

use std::io::{Cursor, Read};

pub use self::transaction_type::TransactionType;

use self::header::Header;
use self::rows::Sums;
use crate::cells::Cells;
use crate::defect::{Defect, Defects, Reason, Unreadable};
use crate::document::{DecimalSign, ReadOptions};
use crate::marketplace::{Marketplace, MarketplaceId};
use crate::money::{Currency, Money};
use crate::records::{Delimiter, Records};
use crate::settlement::{LineSpan, ReportTime, SettlementId};

/// As Seller Central writes it.
const DELIMITER: Delimiter = Delimiter::Quoted(b',');

/// How much of a document is looked at to tell its encoding and its marketplace by.
const SURVEYED_BYTES: u64 = 64 * 1024;

/// So many rows at the top are searched for a marketplace.
const SURVEYED_ROWS: usize = 100;

/// The encodings that spreadsheets in China and Japan save it in, tried when its header is in no
/// known language as it stands.
const RESAVED: [&str; 2] = ["gb18030", "shift_jis"];

const GET_IT_AGAIN: &str = "Download the report again and do not save it with another program.";

/// A date range report, added up by settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DateRange {
    /// The encoding it was read in, by its WHATWG name.
    pub encoding: &'static str,
    /// The language of its header as a BCP 47 tag: `en`, `de`, `es-MX`.
    pub language: &'static str,
    /// The decimal sign its amounts were found to use.
    pub decimal_sign: DecimalSign,
    /// The currency of all amounts: the preamble states it, or else it is that of the marketplace
    /// that the caller or the first rows name.
    pub currency: Currency,
    /// Columns that no known edition has, in the header's order. One that stands among the columns
    /// of money was added up with them.
    pub unknown_columns: Vec<String>,
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
    /// The rows by type and status, payouts not among them. They add up to `sum`.
    pub types: Vec<TypeSum>,
    /// When the first row was posted, in the document's order.
    pub first_posted: ReportTime,
    /// When the last row was posted, in the document's order.
    pub last_posted: ReportTime,
    /// Where the rows stand.
    pub lines: LineSpan,
}

/// The rows of one type in a [`Statement`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TypeSum {
    /// What the rows are about.
    pub transaction_type: TransactionType,
    /// Whether Amazon defers them.
    pub deferred: bool,
    /// How many there are.
    pub rows: u64,
    /// What they add up to.
    pub sum: Money,
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
pub fn read<R: Read>(mut source: R, options: &ReadOptions) -> Result<DateRange, Unreadable> {
    let mut start = Vec::new();
    source.by_ref().take(SURVEYED_BYTES).read_to_end(&mut start).map_err(|error| Defect {
        reason: Reason::Io,
        line: None,
        column: None,
        message: format!(
            "The document could not be read: {error}. Download it again; if it fails again, tell \
             the IT administrator."
        ),
    })?;
    let survey = Survey::of(&start, options);
    let options = ReadOptions { charset: survey.charset, ..options.clone() };
    let mut records = Records::open(Cursor::new(start).chain(source), &options)?;
    let mut cells = Cells::default();
    let header = Header::read(&mut records, &mut cells, &options)?;
    let given = options.marketplace.as_ref().and_then(MarketplaceId::marketplace);
    let store = given.or(survey.marketplace);
    let of_store = || store.and_then(|store| Currency::parse(store.currency).ok());
    let currency = header.currency.or_else(of_store).ok_or_else(|| {
        let what = "The preamble does not state a currency.";
        defect(Reason::UnknownCurrency, header.line, None, what)
    })?;
    let prior = given.map_or(header.columns.edition.decimal_sign, Marketplace::decimal_sign);
    let mut sums = Sums::new(header.columns, currency, prior, options.limits.settlements);
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
    let decimal_sign = sums.decimal_sign();
    let (columns, currency, statements) = sums.finish();
    Ok(DateRange {
        encoding: records.encoding(),
        language: columns.edition.language,
        decimal_sign,
        currency,
        unknown_columns: columns.unknown,
        statements,
    })
}

/// What the first bytes of a document tell of the rest.
struct Survey {
    charset: Option<String>,
    /// The first marketplace that a row names.
    marketplace: Option<&'static Marketplace>,
}

impl Survey {
    /// The header is the evidence: most of its words are known in one encoding alone. A header of
    /// nothing but ASCII reads alike in all of them, and then the bytes tell as in any document.
    fn of(start: &[u8], options: &ReadOptions) -> Self {
        let resaved = RESAVED.iter().filter(|_| options.charset.is_none());
        let charsets = std::iter::once(options.charset.clone())
            .chain(resaved.map(|charset| Some((*charset).to_owned())));
        let readings = charsets.filter_map(|charset| Self::in_charset(charset, start, options));
        let best = readings.min_by_key(|(unknown, _)| *unknown).map(|(_, survey)| survey);
        best.unwrap_or_else(|| Self { charset: options.charset.clone(), marketplace: None })
    }

    /// With the number of words that are not known.
    fn in_charset(
        charset: Option<String>,
        start: &[u8],
        options: &ReadOptions,
    ) -> Option<(usize, Self)> {
        let options = ReadOptions { charset, ..options.clone() };
        let mut cells = Cells::default();
        let mut records = Records::open(start, &options).ok()?;
        let header = Header::read(&mut records, &mut cells, &options).ok()?;
        let at = header.columns.marketplace;
        let marketplace = at.and_then(|at| first_marketplace(&mut records, &mut cells, at));
        Some((header.columns.unknown.len(), Self { charset: options.charset, marketplace }))
    }
}

fn first_marketplace<R: Read>(
    records: &mut Records<R>,
    cells: &mut Cells,
    at: usize,
) -> Option<&'static Marketplace> {
    for _ in 0..SURVEYED_ROWS {
        let record = records.next(DELIMITER)?.ok()?;
        let text = records.text(record.text);
        cells.split(text, DELIMITER).ok()?;
        let store = cells.iter(text).nth(at).and_then(Marketplace::by_name);
        if store.is_some() {
            return store;
        }
    }
    None
}

/// A word of the report as the table of editions has it.
fn word(cell: &str) -> String {
    let cell = cell.trim_start_matches('\u{feff}').trim().trim_end_matches(':').trim_end();
    cell.to_lowercase().replace('\u{2019}', "'")
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
