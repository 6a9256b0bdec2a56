//! Parameters of statements and columns of rows, in the three types that both engines have.

use std::{borrow::Cow, error::Error as StdError, str::FromStr, sync::Arc};

use jiff::{Timestamp, civil::Date};

use crate::{document::DocumentHash, error::Fault};

/// A parameter, or a column. An absent value has a type too: PostgreSQL asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Text(Option<Cow<'v, str>>),
    Integer(Option<i64>),
    Bytes(Option<Cow<'v, [u8]>>),
}

/// The parameters of a statement: `params![a, b]`, each whatever a [`Value`] is made from.
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::engine::Value::from($value)),*] };
}
pub(crate) use params;

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Self::Text(Some(text.as_str().into()))
    }
}

impl<'v> From<&&'v str> for Value<'v> {
    fn from(text: &&'v str) -> Self {
        Self::Text(Some((*text).into()))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Self {
        Self::Text(text.map(Into::into))
    }
}

impl<'v> From<Option<&'v String>> for Value<'v> {
    fn from(text: Option<&'v String>) -> Self {
        Self::Text(text.map(|text| text.as_str().into()))
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(bytes: &'v [u8]) -> Self {
        Self::Bytes(Some(bytes.into()))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        at.to_string().into()
    }
}

impl From<Date> for Value<'_> {
    fn from(date: Date) -> Self {
        date.to_string().into()
    }
}

impl From<DocumentHash> for Value<'_> {
    fn from(hash: DocumentHash) -> Self {
        hash.to_string().into()
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Self::Integer(Some(yes.into()))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(Some(number.into()))
    }
}

impl From<Option<u32>> for Value<'_> {
    fn from(number: Option<u32>) -> Self {
        Self::Integer(number.map(i64::from))
    }
}

/// For counts and sizes, which stay far below the largest column.
impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Integer(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

/// A row of an answer, by the names of its columns.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value<'static>>,
}

impl Row {
    fn value(&mut self, column: &str) -> Result<Value<'static>, Fault> {
        let place = self.columns.iter().position(|name| name == column);
        let found = place.and_then(|place| self.values.get_mut(place));
        let taken = found.map(|value| std::mem::replace(value, Value::Integer(None)));
        taken.ok_or_else(|| damaged(column, "it is missing"))
    }

    /// A column's value, which stays in the row.
    pub(crate) fn peek(&self, column: &str) -> Result<Value<'static>, Fault> {
        let place = self.columns.iter().position(|name| name == column);
        let found = place.and_then(|place| self.values.get(place));
        found.cloned().ok_or_else(|| damaged(column, "it is missing"))
    }

    /// A text column that may be absent. Each column is taken once.
    pub(crate) fn text_if_any(&mut self, column: &str) -> Result<Option<String>, Fault> {
        match self.value(column)? {
            Value::Text(text) => Ok(text.map(Cow::into_owned)),
            // SQLite does not know the type of what is absent.
            Value::Integer(None) | Value::Bytes(None) => Ok(None),
            Value::Integer(Some(_)) | Value::Bytes(Some(_)) => Err(damaged(column, "not a text")),
        }
    }

    pub(crate) fn text(&mut self, column: &str) -> Result<String, Fault> {
        self.text_if_any(column)?.ok_or_else(|| damaged(column, "it is absent"))
    }

    pub(crate) fn number<T: TryFrom<i64>>(&mut self, column: &str) -> Result<T, Fault> {
        match self.value(column)? {
            Value::Integer(Some(number)) => {
                T::try_from(number).map_err(|_| damaged(column, "it is out of range"))
            }
            _ => Err(damaged(column, "not a whole number")),
        }
    }

    pub(crate) fn bytes(&mut self, column: &str) -> Result<Vec<u8>, Fault> {
        match self.value(column)? {
            Value::Bytes(Some(bytes)) => Ok(bytes.into_owned()),
            _ => Err(damaged(column, "not bytes")),
        }
    }

    /// A text column that was written from a `T`; a text that does not parse is damage.
    pub(crate) fn parsed<T>(&mut self, column: &str) -> Result<T, Fault>
    where
        T: FromStr<Err: StdError>,
    {
        let text = self.text(column)?;
        text.parse().map_err(|error: T::Err| damaged(column, &error.to_string()))
    }

    pub(crate) fn parsed_if_any<T>(&mut self, column: &str) -> Result<Option<T>, Fault>
    where
        T: FromStr<Err: StdError>,
    {
        let text = self.text_if_any(column)?;
        text.map(|text| text.parse().map_err(|error: T::Err| damaged(column, &error.to_string())))
            .transpose()
    }
}

fn damaged(column: &str, what: &str) -> Fault {
    Fault::Damaged(format!("column {column}: {what}"))
}
