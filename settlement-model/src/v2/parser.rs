//! What one record of a Flat File V2 means, given the records before it.

use std::collections::HashMap;

use super::columns::{Column, Columns};
use super::explain;
use super::fields::{
    check_amounts, is_settlement_row, read_money, read_parts, read_posted, read_settlement,
};
use super::row::{Row, RowCells, SettlementRow};
use crate::cells::Cells;
use crate::date::Dates;
use crate::defect::Defect;
use crate::document::{DecimalSign, Form, Limits};
use crate::money::Money;
use crate::number::Numbers;
use crate::records::Delimiter;
use crate::settlement::{ReportTime, SettlementId};
use crate::v1::Part;

/// What a record was found to be.
pub(super) enum Found {
    Settlement(SettlementRow),
    Row(FoundRow),
    Parts(FoundParts),
}

/// The parts of a transaction row that had to be computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct FoundRow {
    pub(super) ordinal: usize,
    pub(super) amount: Money,
    pub(super) posted: ReportTime,
    /// Which of the amounts of the row it is, in a Flat File V1.
    pub(super) part: Option<Part>,
}

/// A transaction row of Flat File V1; its amounts are in [`Parser::part`].
#[derive(Debug, Clone, Copy)]
pub(super) struct FoundParts {
    pub(super) ordinal: usize,
    pub(super) posted: ReportTime,
}

/// A settlement whose settlement row was met.
struct Known {
    id: SettlementId,
    /// `None` if the row is itself defective. The rows of the settlement are then checked as far as
    /// they can be, and not each reported as lacking a settlement row.
    stated: Option<SettlementRow>,
}

pub(super) struct Parser {
    delimiter: Delimiter,
    columns: Columns,
    extra_columns: Vec<String>,
    cells: Cells,
    numbers: Numbers,
    dates: Dates,
    limits: Limits,
    known: Vec<Known>,
    by_id: HashMap<SettlementId, usize>,
    /// The settlement of the row before: rows of one settlement stand together.
    current: Option<(SettlementId, usize)>,
    /// The posting time of the row before, as text and read: the rows of an order share it.
    posted: Option<(String, ReportTime)>,
    met_rows: bool,
    /// Headers that repeated the first.
    headers: u64,
    /// The amounts of the row at hand, in a Flat File V1.
    parts: Vec<Part>,
}

impl Parser {
    pub(super) fn new(
        delimiter: Delimiter,
        columns: Columns,
        numbers: Numbers,
        dates: Dates,
        limits: Limits,
    ) -> Self {
        Self {
            delimiter,
            extra_columns: columns.extra().map(str::to_owned).collect(),
            columns,
            cells: Cells::default(),
            numbers,
            dates,
            limits,
            known: Vec::new(),
            by_id: HashMap::new(),
            current: None,
            posted: None,
            met_rows: false,
            headers: 0,
            parts: Vec::new(),
        }
    }

    pub(super) fn delimiter(&self) -> Delimiter {
        self.delimiter
    }

    pub(super) fn decimal_sign(&self) -> DecimalSign {
        self.numbers.sign()
    }

    pub(super) fn extra_columns(&self) -> &[String] {
        &self.extra_columns
    }

    /// Whether any record but headers and blank lines was met.
    pub(super) fn has_met_rows(&self) -> bool {
        self.met_rows
    }

    /// How often the header was repeated, perhaps with other columns.
    pub(super) fn headers(&self) -> u64 {
        self.headers
    }

    /// An amount of the [`FoundParts`] that was found last.
    pub(super) fn part(&self, found: FoundParts, index: usize) -> Option<FoundRow> {
        let part = *self.parts.get(index)?;
        let FoundParts { ordinal, posted } = found;
        Some(FoundRow { ordinal, amount: part.amount, posted, part: Some(part) })
    }

    /// The form of the document's header, the last one if it was repeated.
    pub(super) fn form(&self) -> Form {
        if self.columns.v1().is_some() { Form::FlatFileV1 } else { Form::FlatFileV2 }
    }

    /// The id of a settlement that [`take`](Self::take) found a row of.
    fn settlement_id(&self, ordinal: usize) -> &SettlementId {
        &self.known[ordinal].id
    }

    /// The cells of the record that was taken last.
    fn cells<'r>(&'r self, text: &'r str) -> RowCells<'r> {
        RowCells::new(&self.cells, text, &self.columns)
    }

    /// The row of the record that was taken last.
    pub(super) fn row<'r>(&'r self, text: &'r str, found: FoundRow, line: u64) -> Row<'r> {
        Row {
            cells: self.cells(text),
            settlement_id: self.settlement_id(found.ordinal),
            ordinal: found.ordinal,
            amount: found.amount,
            part: found.part,
            posted: found.posted,
            line,
        }
    }

    /// Takes the next record; `None` when it is a blank line, a header or a settlement row again.
    pub(super) fn take(&mut self, text: &str, line: u64) -> Result<Option<Found>, Defect> {
        split(&mut self.cells, text, self.delimiter, line)?;
        let row = RowCells::new(&self.cells, text, &self.columns);
        if row.all_blank() {
            return Ok(None);
        }
        if Columns::is_header_cell(row.get(Column::SettlementId)) {
            return self.take_header(text, line).map(|()| None);
        }
        self.met_rows = true;
        check_width(&row, line)?;
        let id = row.get(Column::SettlementId);
        let ordinal = match &self.current {
            Some((current, ordinal)) if current.as_str() == id => Some(*ordinal),
            _ => {
                let id = SettlementId::parse(id).map_err(|_| explain::settlement_id(id, line))?;
                let ordinal = self.by_id.get(&id).copied();
                self.current = ordinal.map(|ordinal| (id, ordinal));
                ordinal
            }
        };
        if is_settlement_row(&row) {
            return self.take_settlement(text, ordinal, line);
        }
        let ordinal = ordinal.ok_or_else(|| explain::row_before_settlement(id, line))?;
        self.take_row(text, ordinal, line)
    }

    fn take_header(&mut self, text: &str, line: u64) -> Result<(), Defect> {
        // Files put together may differ in their columns, so the repeated header counts.
        let columns = Columns::parse(self.cells.iter(text), line)
            .map_err(|defects| explain::first(defects, line))?;
        for name in columns.extra() {
            if !self.extra_columns.iter().any(|known| known == name) {
                self.extra_columns.push(name.to_owned());
            }
        }
        self.columns = columns;
        self.headers += 1;
        Ok(())
    }
}

impl Parser {
    fn take_settlement(
        &mut self,
        text: &str,
        ordinal: Option<usize>,
        line: u64,
    ) -> Result<Option<Found>, Defect> {
        let row = RowCells::new(&self.cells, text, &self.columns);
        let read = read_settlement(&row, &mut self.numbers, &mut self.dates, line);
        if let Some(ordinal) = ordinal {
            let again = read?;
            return match &self.known[ordinal].stated {
                Some(first) if !first.agrees_with(&again) => {
                    Err(explain::other_settlement_row(first, line))
                }
                _ => Ok(None),
            };
        }
        if self.known.len() >= self.limits.settlements {
            return Err(explain::too_many_settlements(self.limits.settlements, line));
        }
        let id = row.get(Column::SettlementId);
        let id = SettlementId::parse(id).map_err(|_| explain::settlement_id(id, line))?;
        let ordinal = self.known.len();
        self.by_id.insert(id.clone(), ordinal);
        self.current = Some((id.clone(), ordinal));
        self.known.push(Known { id, stated: read.as_ref().ok().cloned() });
        read.map(|row| Some(Found::Settlement(row)))
    }

    fn take_row(&mut self, text: &str, ordinal: usize, line: u64) -> Result<Option<Found>, Defect> {
        let row = RowCells::new(&self.cells, text, &self.columns);
        let posted = read_posted(&row, &mut self.dates, &mut self.posted, line)?;
        let Some(settlement) = &self.known[ordinal].stated else {
            return check_amounts(&row, &mut self.numbers, line).map(|()| None);
        };
        let currency = row.get(Column::Currency);
        if !currency.is_empty() && !currency.eq_ignore_ascii_case(settlement.currency().code()) {
            return Err(explain::other_currency(currency, settlement, line));
        }
        let found = if let Some(amounts) = self.columns.v1() {
            let currency = settlement.currency();
            read_parts(&row, amounts, currency, &mut self.numbers, &mut self.parts, line)?;
            Found::Parts(FoundParts { ordinal, posted })
        } else {
            let currency = settlement.currency();
            let amount = read_money(&row, Column::Amount, currency, &mut self.numbers, line)?;
            Found::Row(FoundRow { ordinal, amount, posted, part: None })
        };
        if !row.get(Column::TotalAmount).is_empty() {
            let currency = settlement.currency();
            let total = read_money(&row, Column::TotalAmount, currency, &mut self.numbers, line)?;
            if total != settlement.total {
                return Err(explain::other_settlement_row(settlement, line));
            }
        }
        Ok(Some(found))
    }
}

/// Splits a record, or says that its quoting is broken.
pub(super) fn split(
    cells: &mut Cells,
    text: &str,
    delimiter: Delimiter,
    line: u64,
) -> Result<(), Defect> {
    cells.split(text, delimiter).map_err(|_| explain::bad_quoting(line))
}

/// A row may end early only where nothing is lost, and go on only with nothing.
fn check_width(row: &RowCells<'_>, line: u64) -> Result<(), Defect> {
    let (cells, columns) = (row.spans.len(), row.columns.count());
    if cells < row.columns.least_cells() {
        let lacking = row.columns.first_lacking(cells).unwrap_or_default();
        return Err(explain::too_few_cells(cells, columns, lacking, line));
    }
    if (columns..cells).any(|position| !row.is_blank(position)) {
        return Err(explain::too_many_cells(cells, columns, line));
    }
    Ok(())
}
