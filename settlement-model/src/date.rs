//! Dates and times as settlement documents write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::settlement::ReportTime;

/// Why a cell is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateProblem {
    /// The cell is blank.
    Blank,
    /// The text is not a date, or there is no such day or time.
    NotADate,
    /// Day and month could be either way round: `09/06/2025`.
    DayOrMonth,
    /// There is a time, but no zone that says when that was.
    NoZone,
}

/// Reads `2026-05-05`, `05.05.2026`, either with a time and a zone (`10:00:00 UTC`), ISO 8601 with
/// an offset (`2026-05-05T10:00:00+00:00`), or a date followed by `UTC` alone.
pub(crate) fn report_time(text: &str) -> Result<ReportTime, DateProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateProblem::Blank);
    }
    let date_end = text.find(|c: char| c == 'T' || c.is_ascii_whitespace()).unwrap_or(text.len());
    let (day, rest) = text.split_at(date_end);
    let date = date(day)?;
    let rest = rest.strip_prefix('T').unwrap_or(rest).trim();
    if rest.is_empty() || rest == "UTC" {
        return Ok(ReportTime::Date(date));
    }
    let zone_at =
        rest.find(|c: char| !(c.is_ascii_digit() || c == ':')).ok_or(DateProblem::NoZone)?;
    let (clock, zone) = rest.split_at(zone_at);
    let local = DateTime::from_parts(date, time(clock).ok_or(DateProblem::NotADate)?);
    let offset = offset(zone.trim()).ok_or(DateProblem::NotADate)?;
    let instant = offset.to_timestamp(local).map_err(|_| DateProblem::NotADate)?;
    Ok(ReportTime::Instant(instant))
}

/// `2026-05-05` or `05.05.2026`
fn date(text: &str) -> Result<Date, DateProblem> {
    let parts = |sign| {
        let mut parts = text.split(sign);
        let three = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(three)
    };
    let (year, month, day) = if let Some((first, month, last)) = parts('-') {
        match (first.len(), last.len()) {
            (4, _) => (first, month, last),
            (1..=2, 2 | 4) => return Err(DateProblem::DayOrMonth),
            _ => return Err(DateProblem::NotADate),
        }
    } else if let Some((day, month, year)) = parts('.') {
        (year, month, day)
    } else if parts('/').is_some() {
        return Err(DateProblem::DayOrMonth);
    } else {
        return Err(DateProblem::NotADate);
    };
    digits(year, 4)
        .zip(digits(month, 2))
        .zip(digits(day, 2))
        .and_then(|((year, month), day)| {
            Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        })
        .ok_or(DateProblem::NotADate)
}

/// `10:00:00`
fn time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut part = || digits(parts.next()?, 2).and_then(|value| i8::try_from(value).ok());
    let time = Time::new(part()?, part()?, part()?, 0).ok()?;
    parts.next().is_none().then_some(time)
}

/// `UTC`, `Z`, `+00:00`, `-0800` or `+05`
fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "UTC" | "GMT" | "Z") {
        return Some(Offset::UTC);
    }
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = match clock.len() {
        5 => clock.split_once(':')?,
        4 => clock.split_at_checked(2)?,
        2 => (clock, "00"),
        _ => return None,
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
    (minutes < 60).then(|| Offset::from_seconds(sign * seconds).ok())?
}

/// Exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i16> {
    let all_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
