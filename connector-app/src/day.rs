//! Days as Amazon's windows and Epicor's columns count them here, in UTC; and those of stored times.

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// When a day begins. A day that no instant can hold begins at the end of time.
pub(crate) fn begin_of(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// The day of an instant.
pub(crate) fn day_of(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

/// The day of a settlement's stored time in a zone: of an instant, or of a bare date, which is the
/// marketplace's own.
pub(crate) fn day_in(time: &str, zone: &TimeZone) -> anyhow::Result<Date> {
    match time.parse::<Timestamp>() {
        Ok(instant) => Ok(zone.to_datetime(instant).date()),
        Err(_) => time.parse().with_context(|| format!("\"{time}\" is no date")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_the_day_of_the_zone_and_a_date_its_own() {
        let zone = TimeZone::get("America/Los_Angeles").expect("a zone");
        let day = |time| day_in(time, &zone).map(|day| day.to_string()).ok();
        assert_eq!(day("2026-11-16T03:30:00Z").as_deref(), Some("2026-11-15"));
        assert_eq!(day("2026-11-16T08:00:00Z").as_deref(), Some("2026-11-16"));
        assert_eq!(day("2026-11-16").as_deref(), Some("2026-11-16"));
        assert_eq!(day("soon"), None);
    }
}
