//! Days as Amazon's windows and Epicor's columns count them here: in UTC.

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
