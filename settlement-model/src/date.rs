//! Dates and times as settlement documents write them.
//!
//! Between slashes some write the day first and some the month. Which of the two a document does is
//! taken from nothing but a date of its own that can be read in one way only, such as `05/17/2026`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::settlement::ReportTime;

const YEAR_DIGITS: usize = 4;

/// Why a cell is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateProblem {
    /// The cell is blank.
    Blank,
    /// The text is not a date, or there is no such day or time.
    NotADate,
    /// Day and month could be either way round: `09/06/2025`.
    DayOrMonth,
    /// Day and month are the other way round than in another date of the document.
    Contradicts,
    /// There is a time, but no zone that says when that was.
    NoZone,
}

/// Which of two numbers between slashes is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// What a document has shown so far about how it writes dates.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Dates {
    order: Option<Order>,
}

impl Dates {
    /// Learns from a cell that is to be read later. Whether it has a date between slashes.
    pub(crate) fn note(&mut self, text: &str) -> bool {
        let (day, _) = split_date(text.trim());
        let Some((first, second, _)) = parts(day, '/') else { return false };
        if first.len() == YEAR_DIGITS {
            return false;
        }
        self.order = self.order.or_else(|| shown_by(first, second));
        true
    }

    pub(crate) fn is_settled(self) -> bool {
        self.order.is_some()
    }

    /// Reads a cell, and learns from it.
    pub(crate) fn read(&mut self, text: &str) -> Result<ReportTime, DateProblem> {
        self.note(text);
        report_time(text, self.order)
    }
}

/// The order that two numbers prove: one of them is no month.
fn shown_by(first: &str, second: &str) -> Option<Order> {
    let is_month = |text: &str| text.parse::<u8>().is_ok_and(|number| number <= 12);
    match (is_month(first), is_month(second)) {
        (false, true) => Some(Order::DayFirst),
        (true, false) => Some(Order::MonthFirst),
        _ => None,
    }
}

/// A date, and the time behind it if there is one.
fn split_date(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| c == 'T' || c.is_ascii_whitespace()).unwrap_or(text.len());
    text.split_at(end)
}

/// Reads `2026-05-05`, `2026/05/05`, `05.05.2026`, any of them with a time and a zone (`10:00:00 UTC`), ISO 8601 with
/// an offset (`2026-05-05T10:00:00+00:00`), or a date followed by `UTC` alone; and with a known
/// order `05/17/2026` and `05/17/26`.
fn report_time(text: &str, order: Option<Order>) -> Result<ReportTime, DateProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateProblem::Blank);
    }
    let (day, rest) = split_date(text);
    let date = date(day, order)?;
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

/// Exactly three parts.
fn parts(text: &str, separator: char) -> Option<(&str, &str, &str)> {
    let mut parts = text.split(separator);
    let three = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then_some(three)
}

/// `2026-05-05`, `05.05.2026`, or with slashes in a known order
fn date(text: &str, order: Option<Order>) -> Result<Date, DateProblem> {
    if let Some((first, second, last)) = parts(text, '/') {
        if first.len() == YEAR_DIGITS {
            return year_first(first, second, last);
        }
        return slash_date(first, second, last, order);
    }
    let (year, month, day) = if let Some((first, month, last)) = parts(text, '-') {
        match (first.len(), last.len()) {
            (4, _) => (first, month, last),
            (1..=2, 2 | 4) => return Err(DateProblem::DayOrMonth),
            _ => return Err(DateProblem::NotADate),
        }
    } else if let Some((day, month, year)) = parts(text, '.') {
        (year, month, day)
    } else {
        return Err(DateProblem::NotADate);
    };
    let numbers = digits(year, 4).zip(digits(month, 2)).zip(digits(day, 2));
    let ((year, month), day) = numbers.ok_or(DateProblem::NotADate)?;
    calendar_date(year, month, day)
}

/// `2026/05/17`, `2026/5/7`: with the year in front nobody writes the day before the month.
fn year_first(year: &str, month: &str, day: &str) -> Result<Date, DateProblem> {
    let number = |text: &str| digits(text, text.len().clamp(1, 2));
    let numbers = digits(year, YEAR_DIGITS).zip(number(month)).zip(number(day));
    let ((year, month), day) = numbers.ok_or(DateProblem::NotADate)?;
    calendar_date(year, month, day)
}

/// `05/17/2026`, `5/17/26`
fn slash_date(
    first: &str,
    second: &str,
    year: &str,
    order: Option<Order>,
) -> Result<Date, DateProblem> {
    let number = |text: &str| digits(text, text.len().clamp(1, 2)).ok_or(DateProblem::NotADate);
    let (one, other) = (number(first)?, number(second)?);
    let year = match year.len() {
        2 => 2000 + number(year)?,
        _ => digits(year, 4).ok_or(DateProblem::NotADate)?,
    };
    if one == other {
        return calendar_date(year, one, other);
    }
    let order = order.ok_or(DateProblem::DayOrMonth)?;
    if shown_by(first, second).is_some_and(|shown| shown != order) {
        return Err(DateProblem::Contradicts);
    }
    match order {
        Order::DayFirst => calendar_date(year, other, one),
        Order::MonthFirst => calendar_date(year, one, other),
    }
}

fn calendar_date(year: i16, month: i16, day: i16) -> Result<Date, DateProblem> {
    let (month, day) = (i8::try_from(month), i8::try_from(day));
    month
        .ok()
        .zip(day.ok())
        .and_then(|(month, day)| Date::new(year, month, day).ok())
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
