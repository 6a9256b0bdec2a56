//! Rows and datasets, kept as the server sent them.
//!
//! Epicor wants each step of a dialogue to send back the dataset of the step before, with its
//! `SysRowID`, its `SysRevID` and columns we know nothing of. So a [`Row`] is the JSON object
//! itself; typed reading and writing are methods on it, and numbers keep every digit.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

mod row;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use row::without_suffix;
use row::wrong;
pub use row::{ColumnError, Row, RowMod};
pub use text::decimal;
pub(crate) use text::{date_text, date_time, decimal_value, exact_decimal};

/// A dataset: tables by name, each a list of rows. Empty tables are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Dataset(BTreeMap<String, Vec<Row>>);

impl Dataset {
    /// A dataset without tables, as the `GetNew…` methods take it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads an object of tables; `None` when it is something else. A table sent as null is read
    /// as empty.
    #[must_use]
    pub fn from_value(value: Value) -> Option<Self> {
        let Value::Object(tables) = value else {
            return None;
        };
        let mut dataset = BTreeMap::new();
        for (table, rows) in tables {
            let rows = match rows {
                Value::Null => Vec::new(),
                rows => serde_json::from_value(rows).ok()?,
            };
            dataset.insert(table, rows);
        }
        Some(Self(dataset))
    }

    /// The rows of a table; none when the table is absent.
    #[must_use]
    pub fn rows(&self, table: &str) -> &[Row] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// Puts a changed row into a table in the way of Epicor's own screens: the row as it was, marked
    /// unchanged, and behind it the changed one. Most services are content with the changed row
    /// alone; a few find out by the pair what was changed.
    pub fn push_update(&mut self, table: &str, before: Row, change: impl FnOnce(&mut Row)) {
        let mut after = before.clone();
        change(&mut after);
        after.set_row_mod(RowMod::Update);
        let mut before = before;
        before.set_row_mod(RowMod::Unchanged);
        self.rows_mut(table).extend([before, after]);
    }

    /// The dataset as JSON: an object of lists.
    #[must_use]
    pub fn into_value(self) -> Value {
        let rows = |rows: Vec<Row>| rows.into_iter().map(|row| Value::Object(row.0)).collect();
        Value::Object(self.0.into_iter().map(|(table, list)| (table, rows(list))).collect())
    }

    /// The rows of a table, to be changed; an absent table is made.
    pub fn rows_mut(&mut self, table: &str) -> &mut Vec<Row> {
        self.0.entry(table.to_owned()).or_default()
    }
}

/// What a business method answered: its value, its dataset and its out parameters.
///
/// The dataset is found in `parameters.ds`, in `ds` or in `returnObj`, in that order; a plain
/// `returnObj` and the out parameters are reached by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MethodAnswer {
    dataset: Option<Dataset>,
    outputs: Row,
}

impl MethodAnswer {
    /// Reads the JSON of an answer. `None` when it is not JSON, or not an object.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<Self> {
        let Value::Object(mut answer) = serde_json::from_slice(body).ok()? else {
            return None;
        };
        let mut outputs = match answer.remove("parameters") {
            Some(Value::Object(parameters)) => parameters,
            Some(Value::Null) | None => Map::new(),
            Some(_) => return None,
        };
        let candidates =
            [outputs.remove("ds"), answer.remove("ds"), answer.get("returnObj").cloned()];
        let dataset = candidates.into_iter().flatten().find_map(Dataset::from_value);
        outputs.extend(answer.remove_entry("returnObj"));
        Some(Self { dataset, outputs: Row(outputs) })
    }

    /// The dataset.
    ///
    /// # Errors
    /// [`ColumnError`] when the answer holds none.
    pub fn dataset(self) -> Result<Dataset, ColumnError> {
        self.dataset.ok_or_else(|| wrong("ds", "a dataset"))
    }

    /// The out parameters, and `returnObj` under that name.
    #[must_use]
    pub fn outputs(&self) -> &Row {
        &self.outputs
    }
}
