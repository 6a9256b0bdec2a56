use jiff::civil::Time;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{BrokenPaging, Filter, Guid, Literal};
use crate::dataset::{Row, date_time, exact_decimal};

/// The key columns of a set, in the table's key order: what rows are put in order by, and where a
/// page goes on.
///
/// The first column of nearly every key is `Company`; every address has one company, so it can be
/// left out. The rest must be whole: rows that agree in all columns named here could be missed.
///
/// How a column is compared follows its JSON value. Texts whose column name ends in `Date` are
/// dates, and in `SysRowID` GUIDs, as in all of Epicor's tables; [`date`](Self::date) and
/// [`guid`](Self::guid) say so for columns named otherwise.
///
/// ```
/// use epicor_odata_client::odata::TableKey;
///
/// let rates = TableKey::new(["RateGrpCode", "SourceCurrCode", "TargetCurrCode", "EffectiveDate"]);
/// let cross_references = TableKey::new(["CustNum", "PartNum", "XPartNum"]).guid("RowKey");
/// # let _ = (rates, cross_references);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableKey(Vec<KeyColumn>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct KeyColumn {
    name: String,
    text_is: TextIs,
}

/// What the texts of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextIs {
    Text,
    Date,
    Guid,
}

impl TableKey {
    /// A key of these columns.
    #[must_use]
    pub fn new<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        let text_is = |name: &str| match name {
            _ if name.ends_with("Date") => TextIs::Date,
            _ if name.ends_with("SysRowID") => TextIs::Guid,
            _ => TextIs::Text,
        };
        let column = |name: &str| KeyColumn { name: name.to_owned(), text_is: text_is(name) };
        Self(columns.into_iter().map(column).collect())
    }

    /// With one more column, which holds dates or times.
    #[must_use]
    pub fn date(self, column: &str) -> Self {
        self.with(column, TextIs::Date)
    }

    /// With one more column, which holds GUIDs.
    #[must_use]
    pub fn guid(self, column: &str) -> Self {
        self.with(column, TextIs::Guid)
    }

    /// With one more column, which holds texts whatever its name.
    #[must_use]
    pub fn text(self, column: &str) -> Self {
        self.with(column, TextIs::Text)
    }

    fn with(mut self, column: &str, text_is: TextIs) -> Self {
        self.0.push(KeyColumn { name: column.to_owned(), text_is });
        self
    }

    /// The names of its columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|column| column.name.as_str())
    }

    /// The key of a row.
    pub(super) fn of(&self, row: &Row) -> Result<Vec<Literal>, BrokenPaging> {
        let part = |column: &KeyColumn| {
            let value = row.get(&column.name).and_then(|value| column.literal(value));
            value.ok_or_else(|| BrokenPaging::NoKey { column: column.name.clone() })
        };
        self.0.iter().map(part).collect()
    }

    /// Whether two rows have the same value in each column. The last columns differ most.
    pub(super) fn agrees(&self, one: &Row, other: &Row) -> bool {
        let mut columns = self.0.iter().rev();
        columns.all(|column| one.get(&column.name) == other.get(&column.name))
    }

    /// The rows behind `last` in the order of this key: those greater in the first column, or equal
    /// in it and greater in the rest. Each column but the last is named twice, however many there
    /// are.
    pub(super) fn behind(&self, last: Vec<Literal>) -> Option<Filter> {
        let columns = self.0.iter().map(|column| column.name.as_str());
        columns.zip(last).rev().fold(None, |rest: Option<Filter>, (column, value)| {
            Some(match rest {
                None => Filter::gt(column, value),
                Some(rest) => {
                    Filter::ge(column, value.clone()).and(Filter::gt(column, value).or(rest))
                }
            })
        })
    }
}

impl KeyColumn {
    fn literal(&self, value: &Value) -> Option<Literal> {
        match value {
            Value::Number(number) => match number.as_i64() {
                Some(number) => Some(Literal::Integer(number)),
                None => exact_decimal(number.as_str()).map(Literal::Decimal),
            },
            Value::Bool(flag) => Some(Literal::Boolean(*flag)),
            Value::String(text) => match self.text_is {
                TextIs::Text => Some(Literal::Text(text.clone())),
                TextIs::Date => date_time(text).map(|time| match time.time() == Time::midnight() {
                    true => Literal::Date(time.date()),
                    false => Literal::DateTime(time),
                }),
                TextIs::Guid => Guid::parse(text).map(Literal::Guid),
            },
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// Numbers of the same value are the same key, however many zeros they end in.
pub(super) fn same_key(one: &[Literal], other: &[Literal]) -> bool {
    let number = |literal: &Literal| match literal {
        Literal::Integer(number) => Some(Decimal::from(*number)),
        Literal::Decimal(number) => Some(*number),
        _ => None,
    };
    let same = |(one, other): (&Literal, &Literal)| match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}
