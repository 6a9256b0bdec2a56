//! Reading columns back into the types they were written from.

use std::error::Error as StdError;

use jiff::Timestamp;
use rusqlite::{Row, types::Type};

use crate::document::DocumentHash;

/// Parses a text column; a text that does not parse is damage, not absence.
fn parsed<T>(row: &Row<'_>, column: &str, text: &str) -> rusqlite::Result<T>
where
    T: std::str::FromStr<Err: StdError + Send + Sync + 'static>,
{
    text.parse().map_err(|error| {
        let index = row.as_ref().column_index(column).unwrap_or_default();
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}

pub(crate) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    let text: String = row.get(column)?;
    parsed(row, column, &text)
}

pub(crate) fn hash(row: &Row<'_>, column: &str) -> rusqlite::Result<DocumentHash> {
    let text: String = row.get(column)?;
    parsed(row, column, &text)
}

pub(crate) fn hash_if_any(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DocumentHash>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| parsed(row, column, &text)).transpose()
}
