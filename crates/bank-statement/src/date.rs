//! Dates as banks write them.

use jiff::civil::Date;

/// Whether the day or the month comes first in dates with slashes or dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFirst {
    /// `31/12/2026`.
    Yes,
    /// `12/31/2026`.
    No,
}

/// `20261231`, as OFX writes it, possibly with a time behind.
pub(crate) fn compact(text: &str) -> Option<Date> {
    let digits = text.get(..8)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Date::strptime("%Y%m%d", digits).ok()
}

/// `261231`, as BAI2 writes it.
pub(crate) fn short(text: &str) -> Option<Date> {
    (text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(())?;
    let (year, month, day) = (text.get(..2)?, text.get(2..4)?, text.get(4..)?);
    made(&format!("20{year}"), month, day)
}

/// `2026-12-31`, possibly with a time behind.
pub(crate) fn iso(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// A date of a table. `order` counts for slashes and dashes alone.
pub(crate) fn of_cell(cell: &str, order: DayFirst) -> Option<Date> {
    let cell = cell.trim();
    if let Some(date) = iso(cell).or_else(|| exactly_compact(cell)) {
        return Some(date);
    }
    let (date, separator) = separated(cell)?;
    let [first, second, year] = date;
    if year.len() == 4 || year.len() == 2 {
        if let Some(month) = month_named(second) {
            return made(&full(year), month, first);
        }
        if let Some(month) = month_named(first) {
            return made(&full(year), month, second);
        }
    }
    if first.len() == 4 {
        return made(first, second, year);
    }
    let (day, month) =
        if separator == '.' || order == DayFirst::Yes { (first, second) } else { (second, first) };
    made(&full(year), month, day)
}

/// What a cell proves about the order: a first or second number above twelve.
pub(crate) fn order_of(cell: &str) -> Option<DayFirst> {
    let cell = cell.trim();
    let (date, separator) = separated(cell)?;
    let [first, second, _] = date;
    if separator == '.' || iso(cell).is_some() || first.len() == 4 {
        return None;
    }
    match (first.parse::<u8>().ok()?, second.parse::<u8>().ok()?) {
        (13..=31, 1..=12) => Some(DayFirst::Yes),
        (1..=12, 13..=31) => Some(DayFirst::No),
        _ => None,
    }
}

/// Whether the cell means two different days, depending on the order.
pub(crate) fn is_ambiguous(cell: &str) -> bool {
    of_cell(cell, DayFirst::Yes) != of_cell(cell, DayFirst::No) && order_of(cell).is_none()
}

fn exactly_compact(cell: &str) -> Option<Date> {
    (cell.len() == 8).then(|| compact(cell)).flatten()
}

/// Three parts and what stands between them; a time behind the date is left out.
fn separated(cell: &str) -> Option<([&str; 3], char)> {
    for separator in ['/', '.', '-', ' '] {
        let date = if separator == ' ' { cell } else { cell.split(' ').next().unwrap_or(cell) };
        let mut parts = date.split(separator).map(|part| part.trim_end_matches(',').trim());
        let (Some(first), Some(second), Some(third)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        if separator != ' ' && parts.next().is_some() {
            continue;
        }
        return Some(([first, second, third], separator));
    }
    None
}

fn month_named(word: &str) -> Option<&'static str> {
    const MONTHS: [(&str, &str); 12] = [
        ("jan", "01"),
        ("feb", "02"),
        ("mar", "03"),
        ("apr", "04"),
        ("may", "05"),
        ("jun", "06"),
        ("jul", "07"),
        ("aug", "08"),
        ("sep", "09"),
        ("oct", "10"),
        ("nov", "11"),
        ("dec", "12"),
    ];
    let start = word.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().find(|(name, _)| *name == start).map(|(_, number)| *number)
}

fn full(year: &str) -> String {
    if year.len() == 2 { format!("20{year}") } else { year.to_owned() }
}

fn made(year: &str, month: &str, day: &str) -> Option<Date> {
    (year.len() == 4).then_some(())?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
