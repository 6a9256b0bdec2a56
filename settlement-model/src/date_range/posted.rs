//! Dates and times as the date range report writes them for people: `May 5, 2026 3:00:00 AM PDT`,
//! `28 de fev. de 2026 21:17:51 GMT-8`, `02.06.2026 18:28:02 UTC`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::editions::Edition;
use crate::date::{DateProblem, Dates};
use crate::money::Currency;
use crate::settlement::ReportTime;

/// The clocks that reports name, in minutes ahead of UTC.
const ZONES: [(&str, i32); 19] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("WET", 0),
    ("PST", -8 * 60),
    ("PDT", -7 * 60),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 2 * 60),
    ("MESZ", 2 * 60),
    ("EET", 2 * 60),
    ("SAST", 2 * 60),
    ("EEST", 3 * 60),
    ("GST", 4 * 60),
    ("SGT", 8 * 60),
    ("JST", 9 * 60),
    ("AEST", 10 * 60),
    ("AEDT", 11 * 60),
];

/// Reads a cell. A time without a zone is on the clock of the report, which the report does not
/// name; then the day is all that it says.
pub(super) fn parse(
    cell: &str,
    edition: &Edition,
    currency: Currency,
    dates: &mut Dates,
) -> Result<ReportTime, DateProblem> {
    if cell.trim().is_empty() {
        return Err(DateProblem::Blank);
    }
    let clock_at = cell.find(':').map(|colon| {
        let before = cell[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
        before.len()
    });
    let (day, clock) = cell.split_at(clock_at.unwrap_or(cell.len()));
    let date = read_date(day.trim(), edition, dates)?;
    if clock.is_empty() {
        return Ok(ReportTime::Date(date));
    }
    let end = clock.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(clock.len());
    let (time, behind) = clock.split_at(end);
    // `a.m.`, `p. m.` and `AM` alike.
    let behind: String = behind.chars().filter(|c| !c.is_whitespace()).collect();
    let (half, zone) = split_half(&behind);
    let local = DateTime::from_parts(date, read_time(time, half).ok_or(DateProblem::NotADate)?);
    if zone.is_empty() {
        return Ok(ReportTime::Date(date));
    }
    let offset = offset(zone, currency).ok_or(DateProblem::NotADate)?;
    let instant = offset.to_timestamp(local).map_err(|_| DateProblem::NotADate)?;
    Ok(ReportTime::Instant(instant))
}

/// A date in numbers, or with the month as a word: `May 5, 2026`, `5 de mai. de 2026`.
fn read_date(text: &str, edition: &Edition, dates: &mut Dates) -> Result<Date, DateProblem> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '-'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && *word != "de").collect();
    let month_of = |word: &str| {
        let word = word.to_lowercase();
        edition.months.iter().position(|month| word.starts_with(month))
    };
    let (month, day, year) = match words.as_slice() {
        [first, second, third] => match (month_of(first), month_of(second)) {
            (Some(month), _) => (month, *second, *third),
            (None, Some(month)) => (month, *first, *third),
            (None, None) => return in_numbers(text, dates),
        },
        _ => return in_numbers(text, dates),
    };
    let number = |text: &str| text.trim_end_matches('.').parse::<i16>();
    let parts = number(year).ok().zip(number(day).ok().and_then(|day| i8::try_from(day).ok()));
    let month = i8::try_from(month + 1).map_err(|_| DateProblem::NotADate)?;
    let date = parts.and_then(|(year, day)| Date::new(year, month, day).ok());
    date.filter(|date| date.year() >= 1000).ok_or(DateProblem::NotADate)
}

fn in_numbers(text: &str, dates: &mut Dates) -> Result<Date, DateProblem> {
    match dates.read(text)? {
        ReportTime::Date(date) => Ok(date),
        ReportTime::Instant(_) => Err(DateProblem::NotADate),
    }
}

/// Which half of the day a clock of twelve hours is in, and what follows.
fn split_half(text: &str) -> (Option<Half>, &str) {
    let halves = [("a.m.", Half::Morning), ("p.m.", Half::Afternoon)];
    for (dotted, half) in halves {
        for written in [dotted, &dotted.replace('.', "")] {
            if let Some((start, rest)) = text.split_at_checked(written.len())
                && start.eq_ignore_ascii_case(written)
            {
                return (Some(half), rest);
            }
        }
    }
    (None, text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

/// `3:00:00` of a half of the day, or `21:17:51`.
fn read_time(text: &str, half: Option<Half>) -> Option<Time> {
    let mut parts = text.split(':');
    let mut part = || {
        let digits = parts.next()?;
        let fits = (1..=2).contains(&digits.len());
        fits.then(|| digits.parse::<i8>().ok()).flatten()
    };
    let (hour, minute, second) = (part()?, part()?, part()?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(Half::Morning) => hour % 12,
        Some(Half::Afternoon) => hour % 12 + 12,
    };
    let time = Time::new(hour, minute, second, 0).ok()?;
    parts.next().is_none().then_some(time)
}

/// `PDT`, `GMT-7`, `GMT+10:00` or `-0700`
fn offset(zone: &str, currency: Currency) -> Option<Offset> {
    let zone = zone.to_ascii_uppercase();
    let minutes = if zone == "IST" {
        // India's clock and Ireland's summer clock share a name.
        if currency.code() == "INR" { 5 * 60 + 30 } else { 60 }
    } else if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == zone) {
        *minutes
    } else {
        let numbers = zone.strip_prefix("GMT").or_else(|| zone.strip_prefix("UTC"));
        ahead(numbers.unwrap_or(&zone))?
    };
    Offset::from_seconds(minutes * 60).ok()
}

/// `-7`, `+10:00`, `+0530`, in minutes
fn ahead(text: &str) -> Option<i32> {
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = match clock.split_once([':', '.']) {
        Some(parts) => parts,
        None if clock.len() == 4 => clock.split_at_checked(2)?,
        None => (clock, "0"),
    };
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<i32>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests;
