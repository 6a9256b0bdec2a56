//! Rows of one table as typed values, read from an entity set.
//!
//! Each table we read is one [`record!`](crate::record) block: the set, its key, and the columns
//! that are used. The columns are the `$select` of every read, because wide tables are slow.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::client::Client;
use crate::dataset::{ColumnError, Row};
use crate::error::{Error, ReadAnswer};
use crate::odata::{Filter, InvalidQuery, Query};

#[cfg(test)]
mod tests;

/// The most rows one read takes in; a stated bound, above the part list of a large manufacturer.
pub const MAX_RECORDS: usize = 1_000_000;

/// How many values to ask for at a time, when they fit into one query.
const BATCH: usize = 20;

/// One row of a table, as far as we use it.
pub trait Record: Sized {
    /// The entity set, like `Erp.BO.PartSvc/Parts`.
    const SET: &'static str;
    /// The set's key without the company, which is the client's.
    const KEY: &'static [&'static str];
    /// The columns that are read.
    const COLUMNS: &'static [Column];

    /// Reads a row of the set.
    ///
    /// # Errors
    /// [`ColumnError`] for a column that is missing or holds something else than it should.
    fn from_row(row: &Row) -> Result<Self, ColumnError>;
}

/// A column by name, with the kind of value it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name, spelled and cased as Epicor does.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// The kinds of values a column holds on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A text, or a date written as one.
    Text,
    /// A number, whole or not.
    Number,
    /// `true` or `false`.
    Flag,
}

/// A type that a column is read as.
pub trait FromColumn: Sized {
    /// What such a column holds on the wire.
    const KIND: Kind;

    /// Reads the column.
    ///
    /// # Errors
    /// [`ColumnError`] when it is missing or holds something else.
    fn from_column(row: &Row, column: &str) -> Result<Self, ColumnError>;
}

impl FromColumn for String {
    const KIND: Kind = Kind::Text;

    fn from_column(row: &Row, column: &str) -> Result<Self, ColumnError> {
        row.text(column).map(str::to_owned)
    }
}

impl FromColumn for i64 {
    const KIND: Kind = Kind::Number;

    fn from_column(row: &Row, column: &str) -> Result<Self, ColumnError> {
        row.integer(column)
    }
}

impl FromColumn for Decimal {
    const KIND: Kind = Kind::Number;

    fn from_column(row: &Row, column: &str) -> Result<Self, ColumnError> {
        row.decimal(column)
    }
}

impl FromColumn for bool {
    const KIND: Kind = Kind::Flag;

    fn from_column(row: &Row, column: &str) -> Result<Self, ColumnError> {
        row.boolean(column)
    }
}

impl FromColumn for Option<Date> {
    const KIND: Kind = Kind::Text;

    fn from_column(row: &Row, column: &str) -> Result<Self, ColumnError> {
        row.date(column)
    }
}

/// Defines a [`Record`]: its documentation, its set and key, and each field with its column.
macro_rules! record {
    (
        $(#[$about:meta])*
        $name:ident in $set:literal by [$($key:literal),* $(,)?] {
            $($(#[$meaning:meta])* $field:ident: $kind:ty = $column:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $column, "`.")]
                $(#[$meaning])*
                pub $field: $kind,
            )*
        }

        impl $crate::record::Record for $name {
            const SET: &'static str = $set;
            const KEY: &'static [&'static str] = &[$($key),*];
            const COLUMNS: &'static [$crate::record::Column] = &[$(
                $crate::record::Column {
                    name: $column,
                    kind: <$kind as $crate::record::FromColumn>::KIND,
                },
            )*];

            fn from_row(
                row: &$crate::dataset::Row,
            ) -> Result<Self, $crate::dataset::ColumnError> {
                Ok(Self {
                    $($field: $crate::record::FromColumn::from_column(row, $column)?,)*
                })
            }
        }
    };
}
pub(crate) use record;

/// The records of one kind of one company. Made by [`Client::records`], and by the methods named
/// after each kind, like [`Client::parts`].
pub struct Records<'a, T> {
    pub(crate) client: &'a Client,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Records<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Records<'_, T> {}

impl<T: Record> fmt::Debug for Records<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("set", &T::SET).finish_non_exhaustive()
    }
}

impl Client {
    /// The records of any kind.
    #[must_use]
    pub fn records<T: Record>(&self) -> Records<'_, T> {
        Records { client: self, kind: PhantomData }
    }
}

impl<T: Record> Records<'_, T> {
    /// All records, by key.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in, and [`Error::InvalidResponse`] beyond [`MAX_RECORDS`].
    pub async fn all(&self) -> Result<Vec<T>, Error> {
        self.read(query::<T>()).await
    }

    /// The records that meet a condition, by key.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn matching(&self, filter: Filter) -> Result<Vec<T>, Error> {
        self.read(query::<T>().filter(filter)).await
    }

    /// The one record that meets a condition; `None` when there is none.
    ///
    /// # Errors
    /// As [`all`](Self::all), and [`Error::InvalidResponse`] when several meet it: taking any of
    /// them would be a guess.
    pub async fn only(&self, filter: Filter) -> Result<Option<T>, Error> {
        let mut found = self.matching(filter).await?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            several => {
                let reason = format!("{several} records meet a condition that one should");
                Err(Error::invalid_response(T::SET, reason))
            }
        }
    }

    /// The records whose `column` holds any of `values`, and that meet `also`. Asks in as few
    /// queries as fit.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn any_of<'v>(
        &self,
        column: &str,
        values: impl IntoIterator<Item = &'v str>,
        also: Option<&Filter>,
    ) -> Result<Vec<T>, Error> {
        let values: Vec<&str> = values.into_iter().collect();
        let mut records = Vec::new();
        for query in batches::<T>(column, &values, also)? {
            records.extend(self.read(query).await?);
        }
        Ok(records)
    }

    async fn read(&self, query: Query) -> Result<Vec<T>, Error> {
        let rows = self.client.read_all(T::SET, query, MAX_RECORDS).await?;
        rows.iter().map(T::from_row).collect::<Result<_, _>>().in_answer_to(T::SET)
    }
}

fn query<T: Record>() -> Query {
    Query::new().select(T::COLUMNS.iter().map(|column| column.name)).orderby(T::KEY.iter().copied())
}

/// Queries that ask for all values together, each short enough to send.
fn batches<T: Record>(
    column: &str,
    values: &[&str],
    also: Option<&Filter>,
) -> Result<Vec<Query>, InvalidQuery> {
    let mut queries = Vec::new();
    let mut waiting: Vec<&[&str]> = values.chunks(BATCH).rev().collect();
    while let Some(batch) = waiting.pop() {
        let Some(any) = Filter::any_of(batch.iter().map(|value| Filter::eq(column, *value))) else {
            continue;
        };
        let filter = also.map_or_else(|| any.clone(), |also| also.clone().and(any.clone()));
        let query = query::<T>().filter(filter);
        match query.check_paged() {
            Ok(()) => queries.push(query),
            Err(InvalidQuery::TooLong { .. }) if batch.len() > 1 => {
                let (front, back) = batch.split_at(batch.len() / 2);
                waiting.extend([back, front]);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(queries)
}
