//! Fiscal periods.

use std::collections::HashSet;

use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::file_error::{CalendarError, File};

/// The periods that journals are split by: calendar months, or a company's own.
///
/// ```
/// use jiff::civil::date;
/// use ledger_mapper::Calendar;
///
/// let march = Calendar::months().period_of(date(2026, 3, 31)).expect("months cover every date");
/// assert_eq!((march.name.as_str(), march.end), ("2026-03", date(2026, 3, 31)));
///
/// let weeks = r#"
///     [[period]]
///     name = "2026-P01"
///     start = 2025-12-28
///     end = 2026-01-24
/// "#;
/// let calendar = Calendar::parse(weeks, "calendar.toml")?;
/// assert_eq!(calendar.period_of(date(2026, 1, 25)), None);
/// # Ok::<(), ledger_mapper::CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar(Periods);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Periods {
    Months,
    /// In order, each starting the day after the one before ends.
    Listed(Vec<Period>),
}

/// One fiscal period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its name, printed on journals and part of their keys: "2026-10".
    pub name: String,
    /// The first day.
    pub start: Date,
    /// The last day; it belongs to the period.
    pub end: Date,
}

impl Calendar {
    /// Calendar months, named "2026-10".
    #[must_use]
    pub fn months() -> Self {
        Self(Periods::Months)
    }

    /// Reads a calendar file: `[[period]]` tables with `name`, `start` and `end`, in any order.
    ///
    /// # Errors
    /// If the file is not of that shape, lists no period, a period ends before it starts, a name
    /// is used twice, or days between two periods are in neither or in both.
    pub fn parse(text: &str, file: &str) -> Result<Self, CalendarError> {
        let file = File { name: file, text };
        let mut listed: Vec<Listed> = file
            .parse::<Table>()?
            .period
            .into_iter()
            .map(|entry| Listed::read(file, entry))
            .collect::<Result<_, _>>()?;
        if listed.is_empty() {
            let fix = "Add a [[period]] with name, start and end.";
            return Err(file.error(&(0..0), "The calendar has no period.", fix));
        }
        listed.sort_by_key(|listed| listed.period.start);
        check(file, &listed)?;
        let periods = listed.into_iter().map(|listed| listed.period).collect();
        Ok(Self(Periods::Listed(periods)))
    }

    /// The period that contains a date; `None` if the calendar does not reach it.
    #[must_use]
    pub fn period_of(&self, date: Date) -> Option<Period> {
        match &self.0 {
            Periods::Months => Some(Period {
                name: date.strftime("%Y-%m").to_string(),
                start: date.first_of_month(),
                end: date.last_of_month(),
            }),
            Periods::Listed(periods) => {
                let after = periods.partition_point(|period| period.start <= date);
                let period = periods.get(after.checked_sub(1)?)?;
                (date <= period.end).then(|| period.clone())
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    period: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    start: Spanned<Datetime>,
    end: Spanned<Datetime>,
}

/// A period and where the file has it.
struct Listed {
    period: Period,
    offset: usize,
}

impl Listed {
    fn read(file: File<'_>, entry: Spanned<Entry>) -> Result<Self, CalendarError> {
        let offset = entry.span().start;
        let Entry { name, start, end } = entry.into_inner();
        if name.get_ref().trim().is_empty() {
            let fix = "Name it as it is in Epicor, for example \"2026-10\".";
            return Err(file.error(&name.span(), "The period has no name.", fix));
        }
        let period =
            Period { name: name.into_inner(), start: file.day(&start)?, end: file.day(&end)? };
        if period.end < period.start {
            let message = format!("Period {} ends before it starts.", period.name);
            return Err(file.error(&end.span(), message, "Correct one of the two dates."));
        }
        Ok(Self { period, offset })
    }
}

/// Periods in order of their start must follow each other day by day, under distinct names.
fn check(file: File<'_>, listed: &[Listed]) -> Result<(), CalendarError> {
    let mut names = HashSet::new();
    for Listed { period, offset } in listed {
        if !names.insert(period.name.as_str()) {
            let message = format!("Two periods are named {}.", period.name);
            return Err(file.error(&(*offset..*offset), message, "Give each its own name."));
        }
    }
    for pair in listed.windows(2) {
        let [Listed { period: before, .. }, Listed { period, offset }] = pair else {
            continue;
        };
        let follows = before.end.checked_add(Span::new().days(1)).ok();
        if follows == Some(period.start) {
            continue;
        }
        let relation = if period.start <= before.end { "overlaps" } else { "leaves a gap after" };
        let message = format!(
            "Period {} (from {}) {relation} period {} (to {}).",
            period.name, period.start, before.name, before.end
        );
        let fix = "Let each period start the day after the one before it ends.";
        return Err(file.error(&(*offset..*offset), message, fix));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
