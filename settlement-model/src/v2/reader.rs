//! The streaming reader of Flat File V2.

use std::fmt;
use std::io::Read;

use jiff::tz::TimeZone;

use super::columns::{Column, Columns, delimiter_of};
use super::parser::{Found, FoundParts, FoundRow, Parser};
use super::repeats::Repeats;
use super::row::{Item, RowCells};
use crate::cells::Cells;
use crate::date::Dates;
use crate::defect::{Defect, Defects, Reason, Unreadable};
use crate::document::{DecimalSign, Form, ReadOptions, ZoneSource};
use crate::marketplace::Marketplace;
use crate::money::Currency;
use crate::number::Numbers;
use crate::records::{Delimiter, Record, Records};
use crate::settlement::Settlement;
use crate::tally::Tally;

/// The columns that hold dates.
const DATES: [Column; 5] = [
    Column::SettlementStartDate,
    Column::SettlementEndDate,
    Column::DepositDate,
    Column::PostedDateTime,
    Column::PostedDate,
];

/// So many rows at the top are searched for dates between slashes.
const ROWS_WITHOUT_SLASHES: usize = 16;

/// Reads a settlement document row by row, in constant memory.
///
/// Every row comes out as an [`Item`] or as a [`Defect`]; none is skipped but blank lines, repeated
/// headers and exact repeats of a settlement row. A document of which any row was a defect must not
/// be used. To read a whole document at once, use [`read`](crate::read).
///
/// ```
/// use settlement_model::{Item, ReadOptions, RowReader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let file: &[u8] = include_bytes!("../../tests/data/plain.txt");
/// let mut reader = RowReader::new(file, &ReadOptions::default())?;
/// let mut commissions = 0;
/// while let Some(item) = reader.next() {
///     if let Item::Row(row) = item? {
///         commissions += u32::from(row.amount_description() == "Commission");
///     }
/// }
/// assert_eq!(commissions, 2);
/// # Ok(())
/// # }
/// ```
pub struct RowReader<R> {
    records: Records<R>,
    parser: Parser,
    form: Form,
    zone: TimeZone,
    zone_source: ZoneSource,
    /// The row of Flat File V1 whose amounts come next.
    parts: Option<Parts>,
    ended: bool,
}

/// A row of Flat File V1 while its amounts are handed out.
struct Parts {
    record: Record,
    found: FoundParts,
    next: usize,
}

impl<R: Read> RowReader<R> {
    /// Opens a document: finds out its encoding, its columns and its zone.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] when the source fails, the document is empty, or it has no header of a
    /// settlement report with all the columns that are needed.
    pub fn new(source: R, options: &ReadOptions) -> Result<Self, Unreadable> {
        Self::over(Records::open(source, options)?, options)
    }

    /// As [`new`](Self::new), for a document that was opened.
    pub(crate) fn over(mut records: Records<R>, options: &ReadOptions) -> Result<Self, Unreadable> {
        let (delimiter, columns) = read_header(&mut records, options)?;
        let (store, currency) = find_store(&mut records, delimiter, &columns);
        let (zone, zone_source) = options.zone_of(store, currency);
        let numbers = Numbers::new(options.decimal_sign_of(store, currency));
        let dates = find_dates(&mut records, delimiter, &columns);
        let parser = Parser::new(delimiter, columns, numbers, dates, options.limits);
        Ok(Self {
            records,
            form: parser.form(),
            parser,
            zone,
            zone_source,
            parts: None,
            ended: false,
        })
    }

    /// The next settlement or row, or what is wrong with it; `None` at the end.
    ///
    /// After a defect of one row the rows behind it still come, so that one reading finds all
    /// defects. A document without any row ends with the defect [`Reason::NoSettlement`].
    #[expect(
        clippy::should_implement_trait,
        reason = "an Iterator cannot lend items that borrow from itself"
    )]
    pub fn next(&mut self) -> Option<Result<Item<'_>, Defect>> {
        let (record, row) = loop {
            if let Some((record, row)) = self.next_part() {
                break (record, row);
            }
            let record = match self.next_record()? {
                Ok(record) => record,
                Err(defect) => return Some(Err(defect)),
            };
            let text = self.records.text(record.text.clone());
            match self.parser.take(text, record.line) {
                Ok(Some(Found::Parts(found))) => {
                    self.parts = Some(Parts { record, found, next: 0 });
                }
                Ok(Some(Found::Settlement(row))) => return Some(Ok(Item::Settlement(row))),
                Ok(Some(Found::Row(row))) => break (record, row),
                Ok(None) => {}
                Err(defect) => {
                    self.ended = defect.reason == Reason::LimitExceeded;
                    return Some(Err(defect));
                }
            }
        };
        let text = self.records.text(record.text);
        Some(Ok(Item::Row(self.parser.row(text, row, record.line))))
    }

    /// The next amount of a line that has several.
    fn next_part(&mut self) -> Option<(Record, FoundRow)> {
        let parts = self.parts.as_mut()?;
        let row = self.parser.part(parts.found, parts.next);
        parts.next += 1;
        let record = parts.record.clone();
        if row.is_none() {
            self.parts = None;
        }
        row.map(|row| (record, row))
    }

    /// Adds up rows that repeat what is known, as far as they come.
    fn pass_repeats(&mut self, repeats: &mut Repeats, tally: &mut Tally) {
        if self.ended || self.parts.is_some() || self.parser.delimiter() != Delimiter::Tab {
            return;
        }
        repeats.note_headers(self.parser.headers());
        loop {
            let line = self.records.line();
            let passed = repeats.pass(self.records.rest_bytes(), line, tally);
            self.records.skip(passed.bytes, passed.rows);
            // A row that was read in part may be known once there is more of it.
            if passed.rows == 0 || !self.records.top_up() {
                break;
            }
        }
    }

    fn next_record(&mut self) -> Option<Result<Record, Defect>> {
        if self.ended {
            return None;
        }
        let next = self.records.next(self.parser.delimiter());
        self.ended = !matches!(next, Some(Ok(_)));
        let silent = next.is_none() && !self.parser.has_met_rows();
        if silent {
            return Some(Err(Defect {
                reason: Reason::NoSettlement,
                line: None,
                column: None,
                message: "The document has a header but no settlement. Download the report again; \
                          if it is empty again, Amazon has nothing to settle in it."
                    .to_owned(),
            }));
        }
        next
    }
}

impl<R> RowReader<R> {
    /// The form of the document: which flat file its header is of.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The decimal sign of the amounts read so far.
    #[must_use]
    pub fn decimal_sign(&self) -> DecimalSign {
        self.parser.decimal_sign()
    }

    /// The zone in which to count the document's days.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Why it is that zone.
    #[must_use]
    pub fn zone_source(&self) -> &ZoneSource {
        &self.zone_source
    }

    /// Columns of the header that Flat File V2 does not have.
    #[must_use]
    pub fn extra_columns(&self) -> &[String] {
        self.parser.extra_columns()
    }

    /// The encoding by its WHATWG name. Before the end it is what the text so far shows.
    #[must_use]
    pub fn encoding(&self) -> &'static str {
        self.records.encoding()
    }
}

/// Reads the rest of a document and adds its rows up. Returns every defect found, too.
pub(crate) fn add_up<R: Read>(
    reader: &mut RowReader<R>,
    options: &ReadOptions,
) -> Result<Vec<Settlement>, Unreadable> {
    let mut tally = Tally::new(reader.zone.clone(), options);
    let mut repeats = Repeats::new(reader.zone.clone(), options);
    let mut found = Defects::new(options.limits.defects);
    loop {
        // What cannot be used need not be added up; what is left is to find all defects.
        if !found.any() {
            reader.pass_repeats(&mut repeats, &mut tally);
        }
        let sign = reader.decimal_sign();
        match reader.next() {
            None => break,
            Some(Err(defect)) => found.push(defect),
            Some(Ok(_)) if found.any() => {}
            Some(Ok(Item::Settlement(row))) => tally.begin(row),
            Some(Ok(Item::Row(row))) => match tally.add(&row) {
                Ok(group) => repeats.learn(&row, group, sign),
                Err(defect) => found.push(defect),
            },
        }
    }
    found.into_result()?;
    Ok(tally.finish())
}

/// Shows where the reader stands, not what it reads.
impl<R> fmt::Debug for RowReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader")
            .field("form", &self.form())
            .field("line", &self.records.line())
            .finish_non_exhaustive()
    }
}

/// Reads up to the header and tells the delimiter by it.
fn read_header<R: Read>(
    records: &mut Records<R>,
    options: &ReadOptions,
) -> Result<(Delimiter, Columns), Unreadable> {
    let opening = records.opening().to_owned();
    let header = loop {
        let Some(record) = records.next(Delimiter::Tab).transpose()? else {
            return Err(Unreadable::from(Defect {
                reason: Reason::Empty,
                line: None,
                column: None,
                message: "The document is empty. Download it again.".to_owned(),
            }));
        };
        if !records.text(record.text.clone()).trim().is_empty() {
            break record;
        }
    };
    let text = records.text(header.text);
    let delimiter = delimiter_of(text, &opening, header.line)?;
    // Counted before they are split, so that ten million of them cost nothing.
    let columns = text.matches(delimiter.character()).count() + 1;
    if columns > options.limits.columns {
        return Err(Unreadable::from(Defect {
            reason: Reason::LimitExceeded,
            line: Some(header.line),
            column: None,
            message: format!(
                "The header has {columns} columns; the limit is {}. Check that this is a \
                 settlement report; if it is, raise the limit.",
                options.limits.columns
            ),
        }));
    }
    let mut cells = Cells::default();
    super::parser::split(&mut cells, text, delimiter, header.line)?;
    let columns = Columns::parse(cells.iter(text), header.line)
        .map_err(|defects| Unreadable { defects, more: 0 })?;
    Ok((delimiter, columns))
}

/// How the document orders day and month, as far as the rows at the top tell: a date may stand in
/// front of the one that proves how it is to be read.
fn find_dates<R: Read>(records: &mut Records<R>, delimiter: Delimiter, columns: &Columns) -> Dates {
    let mut cells = Cells::default();
    let mut dates = Dates::default();
    let mut slashes = false;
    for (number, record) in records.ahead(delimiter).enumerate() {
        // A document without slashes at its start is not searched for them.
        if dates.is_settled() || (!slashes && number >= ROWS_WITHOUT_SLASHES) {
            break;
        }
        if cells.split(record, delimiter).is_ok() {
            let row = RowCells::new(&cells, record, columns);
            for column in DATES {
                slashes |= dates.note(row.get(column));
            }
        }
    }
    dates
}

/// The first known marketplace among the rows at the top, and the currency they state.
fn find_store<R: Read>(
    records: &mut Records<R>,
    delimiter: Delimiter,
    columns: &Columns,
) -> (Option<&'static Marketplace>, Option<Currency>) {
    let mut cells = Cells::default();
    let mut currency = None;
    for record in records.ahead(delimiter) {
        if cells.split(record, delimiter).is_err() {
            continue;
        }
        let row = RowCells::new(&cells, record, columns);
        currency = currency.or_else(|| Currency::parse(row.get(Column::Currency)).ok());
        let marketplace = Marketplace::by_name(row.get(Column::MarketplaceName));
        if marketplace.is_some() {
            return (marketplace, currency);
        }
    }
    (None, currency)
}
