//! Finds the table in a file: what separates its cells, its headings, its rows.

use super::columns::{self, CsvColumns, Places};
use crate::date::{self, DayFirst};
use crate::defect::Unreadable;
use crate::statement::Form;

/// A row and the line of the file it begins in.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    /// Without the blanks around it; empty where the row is shorter.
    pub(super) fn cell(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", |cell| cell.trim())
    }

    pub(super) fn refuse(&self, message: impl Into<String>) -> Unreadable {
        Unreadable::at(Form::Csv, self.line, message)
    }
}

/// The table and where its columns are.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) headings: Vec<String>,
    pub(super) places: Places,
    pub(super) rows: Vec<Row>,
}

impl Table {
    /// Banks put the account's name and other words above the headings. What separates the cells is
    /// told from the headings: the words above and the texts below may hold more of another sign.
    pub(super) fn find(text: &str, columns: &CsvColumns) -> Result<Self, Unreadable> {
        let mut nearest: Option<Row> = None;
        for separator in [b';', b'\t', b','] {
            let mut rows = rows(text, separator);
            while let Some(row) = rows.next().transpose()? {
                if let Some(places) = headings(&row.cells, columns) {
                    columns::all_there(&row.cells, columns)?;
                    quotes(text, separator)?;
                    let headings = row.cells;
                    let rows = body(rows, &headings)?;
                    return Ok(Self { headings, places, rows });
                }
                let better =
                    nearest.as_ref().is_none_or(|known| known.cells.len() < row.cells.len());
                if better && row.cells.len() > 1 && columns::resemble(&row.cells, columns) {
                    nearest = Some(row);
                }
            }
        }
        let advice = "name the columns: bank import --column date=HEADING --column amount=HEADING";
        Err(match nearest {
            Some(row) => {
                let cells = row.cells.join(", ");
                row.refuse(format!("no date and amount among the headings: {cells}; {advice}"))
            }
            None => {
                let message =
                    format!("no row of headings with a date and an amount was found; {advice}");
                Unreadable::of(Form::Csv, message)
            }
        })
    }
}

fn rows(text: &str, separator: u8) -> impl Iterator<Item = Result<Row, Unreadable>> {
    let reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader.into_records().map(|record| {
        let record = record
            .map_err(|error| Unreadable::of(Form::Csv, format!("it is no table: {error}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        Ok(Row { line, cells: record.iter().map(str::to_owned).collect() })
    })
}

fn headings(cells: &[String], columns: &CsvColumns) -> Option<Places> {
    let dated = cells.iter().any(|cell| date::of_cell(cell, DayFirst::Yes).is_some());
    if dated { None } else { Places::of(cells, columns) }
}

fn body(
    rows: impl Iterator<Item = Result<Row, Unreadable>>,
    headings: &[String],
) -> Result<Vec<Row>, Unreadable> {
    let mut body = Vec::new();
    for row in rows {
        let row = row?;
        if row.cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if row.cells.len() > headings.len() + 1 || row.cells.len() < 2 {
            return Err(row.refuse(format!(
                "the row has {} cells where the headings have {}; remove what is below the \
                 table, or get the file again",
                row.cells.len(),
                headings.len()
            )));
        }
        body.push(row);
    }
    Ok(body)
}

/// A quote that does not close takes the lines behind it into its cell. So a cell of several lines
/// must end with its quote.
fn quotes(text: &str, separator: u8) -> Result<(), Unreadable> {
    let refuse = |line| {
        let message = "a cell begins with a quote that does not end it, and would take the lines \
                       behind it along; close the quote, or get the file again";
        Err(Unreadable::at(Form::Csv, line, message))
    };
    let mut line = 1_u64;
    let mut opened: Option<u64> = None;
    let mut begins = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (byte, opened) {
            (b'"', None) if begins => opened = Some(line),
            (b'"', Some(from)) => match bytes.peek() {
                // Two quotes inside are one of the text.
                Some(b'"') => _ = bytes.next(),
                Some(next) if from < line && ![separator, b'\r', b'\n'].contains(next) => {
                    return refuse(from);
                }
                _ => opened = None,
            },
            _ => {}
        }
        line += u64::from(byte == b'\n');
        begins = opened.is_none() && [separator, b'\r', b'\n'].contains(&byte);
    }
    opened.map_or(Ok(()), refuse)
}
