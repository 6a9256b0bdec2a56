//! Dates in the shapes that Amazon sends.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// A member that Amazon documents as a time and sends, now and then, as a day.
///
/// ```
/// use sp_api_client::DateOrTime;
///
/// let day: DateOrTime = "2026-11-01".to_owned().try_into()?;
/// assert_eq!(day, DateOrTime::Date("2026-11-01".parse()?));
/// let time: DateOrTime = "2026-11-01T08:00:00-08:00".to_owned().try_into()?;
/// assert_eq!(time, DateOrTime::Time("2026-11-01T16:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DateOrTime {
    /// A day. Amazon does not say in which time zone it begins.
    Date(Date),
    /// A point in time. One that came without an offset is taken as UTC.
    Time(Timestamp),
}

impl DateOrTime {
    /// The day; that of a point in time in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        match self {
            Self::Date(date) => date,
            Self::Time(time) => TimeZone::UTC.to_datetime(time).date(),
        }
    }
}

impl TryFrom<String> for DateOrTime {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if let Ok(time) = text.parse() {
            return Ok(Self::Time(time));
        }
        if let Some(time) = from_seconds(&text) {
            return Ok(Self::Time(time));
        }
        // A date-time parses as a date too, so its hours must be looked for first.
        if text.contains(['T', 't', ' ']) {
            let time: DateTime = text.parse().map_err(|_| "this is no date and no time")?;
            let time = TimeZone::UTC.to_timestamp(time);
            return time.map(Self::Time).map_err(|_| "this time is out of range");
        }
        text.parse().map(Self::Date).map_err(|_| "this is no date and no time")
    }
}

/// Seconds since 1970 in scientific notation, like the `1.569521782042E9` of an order list of
/// version 0.
fn from_seconds(text: &str) -> Option<Timestamp> {
    let seconds = Decimal::from_scientific(text).ok()?;
    let nanos = seconds.checked_mul(Decimal::from(1_000_000_000))?.to_i128()?;
    Timestamp::from_nanosecond(nanos).ok()
}

impl From<DateOrTime> for String {
    fn from(value: DateOrTime) -> Self {
        match value {
            DateOrTime::Date(date) => date.to_string(),
            DateOrTime::Time(time) => time.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<DateOrTime, &'static str> {
        text.to_owned().try_into()
    }

    #[test]
    fn every_shape_that_amazon_sends() {
        let time = |text: &str| Ok(DateOrTime::Time(text.parse().unwrap()));
        assert_eq!(read("2026-11-01"), Ok(DateOrTime::Date("2026-11-01".parse().unwrap())));
        assert_eq!(read("2026-11-01T01:02:03Z"), time("2026-11-01T01:02:03Z"));
        assert_eq!(read("2026-11-01T01:02:03.214Z"), time("2026-11-01T01:02:03.214Z"));
        assert_eq!(read("2026-11-01T01:02:03+09:00"), time("2026-10-31T16:02:03Z"));
        assert_eq!(read("2026-11-01T01:02:03"), time("2026-11-01T01:02:03Z"));
        assert_eq!(read("2026-11-01 01:02:03"), time("2026-11-01T01:02:03Z"));
        assert_eq!(read("1.569521782042E9"), time("2019-09-26T18:16:22.042Z"));
        for nonsense in ["", "11/01/2026", "2026-13-01", "2026-11-01T25:00:00", "soon"] {
            assert!(read(nonsense).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_day_is_written_as_a_day() {
        for text in ["2026-11-01", "2026-11-01T01:02:03Z"] {
            assert_eq!(String::from(read(text).unwrap()), text);
        }
        assert_eq!(
            read("2026-11-01T01:02:03+09:00").unwrap().date(),
            "2026-10-31".parse().unwrap()
        );
    }
}
