use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::text::{date_text, date_time, decimal_value, exact_decimal};

/// One row of a table: column names and values as the server sent them.
///
/// ```
/// use epicor_odata_client::dataset::Row;
///
/// let mut row: Row = serde_json::from_str(r#"{"TotDebit":10.50,"SysRevID":9007199254740993}"#)?;
/// assert_eq!(row.decimal("TotDebit")?.to_string(), "10.50");
/// row.set_text("Description", "Referral fees");
/// assert_eq!(
///     serde_json::to_string(&row)?,
///     r#"{"Description":"Referral fees","SysRevID":9007199254740993,"TotDebit":10.50}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Row(pub(super) Map<String, Value>);

const SYS_ROW_ID: &str = "SysRowID";
const SYS_REV_ID: &str = "SysRevID";

/// What is to be done with a row of a dataset when it is saved: its `RowMod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowMod {
    /// Nothing: it is there because it was read, or as the image of what was before.
    Unchanged,
    /// It is new.
    Add,
    /// It is changed.
    Update,
    /// It is to be deleted.
    Delete,
}

impl RowMod {
    /// Epicor's letter for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "",
            Self::Add => "A",
            Self::Update => "U",
            Self::Delete => "D",
        }
    }
}

/// A column that is missing or holds something else than it should. Names the column, never its
/// content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column} is not {expected}")]
pub struct ColumnError {
    /// The column's name.
    pub column: String,
    /// What was expected, in words.
    pub expected: &'static str,
}

impl Row {
    /// An empty row, for datasets made on our side.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The raw value of a column.
    ///
    /// A column with the same name as its table is called with a `1` behind it in some row types
    /// and without in others (`GLAccount1`, `GLAccount`): asked for the one, the other is taken
    /// too.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&Value> {
        self.0.get(column).or_else(|| self.0.get(without_suffix(column)?))
    }

    /// Whether the server sent this column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }

    /// The names of all columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A text column. Epicor sends an empty text, never null, for a column without content; a
    /// null is read as empty all the same.
    ///
    /// # Errors
    /// [`ColumnError`] when the column is missing or no text.
    pub fn text(&self, column: &str) -> Result<&str, ColumnError> {
        match self.get(column) {
            Some(Value::String(text)) => Ok(text),
            Some(Value::Null) => Ok(""),
            _ => Err(wrong(column, "a text")),
        }
    }

    /// A number column, exactly: read from the number's own digits.
    ///
    /// # Errors
    /// [`ColumnError`] when the column is missing, no number, or has more digits than a
    /// [`Decimal`] holds.
    pub fn decimal(&self, column: &str) -> Result<Decimal, ColumnError> {
        match self.get(column) {
            Some(Value::Number(number)) => exact_decimal(number.as_str()),
            _ => None,
        }
        .ok_or_else(|| wrong(column, "a number that can be kept exactly"))
    }

    /// A whole-number column.
    ///
    /// # Errors
    /// [`ColumnError`] when the column is missing or no whole number.
    pub fn integer(&self, column: &str) -> Result<i64, ColumnError> {
        self.get(column).and_then(Value::as_i64).ok_or_else(|| wrong(column, "a whole number"))
    }

    /// A yes/no column.
    ///
    /// # Errors
    /// [`ColumnError`] when the column is missing or neither `true` nor `false`.
    pub fn boolean(&self, column: &str) -> Result<bool, ColumnError> {
        self.get(column).and_then(Value::as_bool).ok_or_else(|| wrong(column, "true or false"))
    }

    /// A date column; `None` for null.
    ///
    /// Only the first ten characters count: dates come with or without a `Z` and are never
    /// shifted by a time zone.
    ///
    /// # Errors
    /// [`ColumnError`] when the column is missing or no date.
    pub fn date(&self, column: &str) -> Result<Option<Date>, ColumnError> {
        match self.get(column) {
            Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => text
                .get(..10)
                .and_then(|day| day.parse().ok())
                .map(Some)
                .ok_or_else(|| wrong(column, "a date")),
            _ => Err(wrong(column, "a date")),
        }
    }

    /// A column that holds a day and a time of it; `None` for null. A `Z` behind it is passed over:
    /// Epicor's times are local to the server or the company.
    ///
    /// # Errors
    /// [`ColumnError`] when the column is missing or no time.
    pub fn datetime(&self, column: &str) -> Result<Option<DateTime>, ColumnError> {
        match self.get(column) {
            Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => date_time(text).map(Some),
            _ => None,
        }
        .ok_or_else(|| wrong(column, "a time"))
    }

    /// The row's version, `SysRevID`: it rises with each change.
    ///
    /// # Errors
    /// [`ColumnError`] when the row has none.
    pub fn sys_rev_id(&self) -> Result<i64, ColumnError> {
        self.integer(SYS_REV_ID)
    }

    /// A row of changes to this row: its `SysRowID` and `SysRevID`, so that Epicor refuses the
    /// change when somebody else was faster.
    #[must_use]
    pub fn to_change(&self) -> Self {
        let known = [SYS_ROW_ID, SYS_REV_ID].into_iter();
        let known = known.filter_map(|name| Some((name.to_owned(), self.0.get(name)?.clone())));
        Self(known.collect())
    }

    /// Says what is to be done with the row when its dataset is saved.
    pub fn set_row_mod(&mut self, row_mod: RowMod) {
        self.set_text("RowMod", row_mod.as_str());
    }

    /// The row as a value of a program's own, read from the columns by name.
    ///
    /// A [`Decimal`] is read by [`dataset::decimal`](super::decimal), which keeps every digit:
    /// what `rust_decimal` itself brings for serde fails on a number like `10.50`.
    ///
    /// ```
    /// use epicor_odata_client::dataset::{self, Row};
    /// use rust_decimal::Decimal;
    ///
    /// #[derive(serde::Deserialize)]
    /// #[serde(rename_all = "PascalCase")]
    /// struct Price {
    ///     part_num: String,
    ///     #[serde(deserialize_with = "dataset::decimal")]
    ///     unit_price: Decimal,
    /// }
    ///
    /// let row: Row = serde_json::from_str(r#"{"PartNum":"A-1","UnitPrice":10.50}"#)?;
    /// let price: Price = row.to()?;
    /// assert_eq!((price.part_num.as_str(), price.unit_price.to_string().as_str()), ("A-1", "10.50"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ColumnError`] when the columns are not what that type is read from.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, ColumnError> {
        serde_path_to_error::deserialize(Value::Object(self.0.clone()))
            .map_err(|error| wrong(&error.path().to_string(), "what it was to be read as"))
    }

    /// The row as JSON.
    pub(crate) fn to_json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }

    /// The rows of a child set that was expanded along with this row.
    ///
    /// # Errors
    /// [`ColumnError`] when the server did not send it, or sent no rows.
    pub fn rows(&self, child_set: &str) -> Result<Vec<Self>, ColumnError> {
        let rows = self.get(child_set).cloned().map(serde_json::from_value);
        rows.and_then(Result::ok).ok_or_else(|| wrong(child_set, "a list of rows"))
    }

    /// Sets a text column.
    pub fn set_text(&mut self, column: &str, text: &str) {
        self.set(column, Value::String(text.to_owned()));
    }

    /// Sets a number column; written in plain digits, without exponent.
    pub fn set_decimal(&mut self, column: &str, number: Decimal) {
        self.set(column, decimal_value(number));
    }

    /// Sets a date column.
    pub fn set_date(&mut self, column: &str, day: Date) {
        self.set(column, Value::String(date_text(day)));
    }

    /// Sets a yes/no column.
    pub fn set_boolean(&mut self, column: &str, flag: bool) {
        self.set(column, Value::Bool(flag));
    }

    /// Sets a whole-number column.
    pub fn set_integer(&mut self, column: &str, number: i64) {
        self.set(column, Value::Number(number.into()));
    }

    /// Sets a column to any value.
    pub fn set(&mut self, column: &str, value: Value) {
        self.0.insert(column.to_owned(), value);
    }
}

/// The other spelling of a column that has the name of its table: without the `1` behind it.
pub(crate) fn without_suffix(column: &str) -> Option<&str> {
    // `SegValue11` is a column of its own, not `SegValue1` in another spelling.
    column.strip_suffix('1').filter(|name| !name.ends_with(char::is_numeric))
}

pub(super) fn wrong(column: &str, expected: &'static str) -> ColumnError {
    ColumnError { column: column.to_owned(), expected }
}
