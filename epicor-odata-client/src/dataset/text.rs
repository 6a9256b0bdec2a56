//! Numbers and dates as they stand on the wire.

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};
use serde_json::{Number, Value};

/// A date as Epicor writes it: the day at zero o'clock, without a zone.
pub(crate) fn date_text(day: Date) -> String {
    format!("{day}T00:00:00")
}

/// A time as Epicor sends it, with or without a `Z`, or nothing for one in another zone.
pub(crate) fn date_time(text: &str) -> Option<DateTime> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    // The parser would pass over a zone, and with it over hours.
    let zoned = text.contains(['+', '[']) || text.matches('-').count() > 2;
    text.parse().ok().filter(|_| !zoned)
}

/// A number's digits as a [`Decimal`] of the same value, or nothing.
pub(crate) fn exact_decimal(text: &str) -> Option<Decimal> {
    let Some((digits, _)) = text.split_once(['e', 'E']) else {
        return Decimal::from_str_exact(text).ok();
    };
    // Beyond 28 digits the mantissa would be rounded silently.
    Decimal::from_str_exact(digits).ok()?;
    Decimal::from_scientific(text).ok()
}

/// Reads a number exactly, by its own digits: for `#[serde(deserialize_with)]` at the fields of a type
/// that a row [is read as](super::Row::to).
///
/// # Errors
/// The deserializer's, for what is no number, or has more digits than a [`Decimal`] holds.
pub fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let number = Number::deserialize(deserializer)?;
    let expected = || D::Error::custom("it is not a number that can be kept exactly");
    exact_decimal(number.as_str()).ok_or_else(expected)
}

/// A number in plain digits, without exponent.
pub(crate) fn decimal_value(number: Decimal) -> Value {
    // A Decimal's own text is always a JSON number: an optional minus, digits, a point, digits.
    number.to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}
