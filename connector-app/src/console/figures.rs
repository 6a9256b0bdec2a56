//! Money, days and words as the pages write them.

use jiff::Timestamp;
use rust_decimal::Decimal;
use settlement_model::{Currency, Money};

use crate::output::grouped;

/// An amount as it is written: grouped, with the currency's decimals, and whether it is negative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Figure {
    /// `-1,234.56`
    pub(super) text: String,
    /// Below zero.
    pub(super) negative: bool,
}

/// An amount, with the decimals of its currency.
pub(super) fn figure(amount: Decimal, currency: Currency) -> Figure {
    let money = Money::new(amount, currency);
    let text = money.map_or_else(|_| amount.to_string(), Money::amount_text);
    Figure { text: grouped(&text), negative: amount.is_sign_negative() && !amount.is_zero() }
}

/// A debit or a credit: nothing is an empty cell.
pub(super) fn side(amount: Decimal, currency: Currency) -> String {
    if amount.is_zero() { String::new() } else { figure(amount, currency).text }
}

/// Stored decimal text, grouped.
pub(super) fn stored(amount: &str) -> Figure {
    let negative = amount.starts_with('-') && amount.bytes().any(|b| (b'1'..=b'9').contains(&b));
    Figure { text: grouped(amount), negative }
}

/// How an amount compares with the one before it: `+12.40`, `same`, `new`.
pub(super) fn change(now: Decimal, before: Option<Decimal>, currency: Currency) -> String {
    let Some(before) = before else { return "new".to_owned() };
    let by = now - before;
    if by.is_zero() {
        return "same".to_owned();
    }
    let sign = if by.is_sign_negative() { "" } else { "+" };
    let text = format!("{sign}{}", figure(by, currency).text);
    match percent(by, before) {
        Some(percent) => format!("{text} ({percent})"),
        None => text,
    }
}

/// A change in whole percent, where it says something.
fn percent(by: Decimal, before: Decimal) -> Option<String> {
    let hundred = Decimal::ONE_HUNDRED;
    let share = by.checked_mul(hundred)?.checked_div(before.abs())?.round();
    (!share.is_zero() && share.abs() < Decimal::from(1_000)).then(|| {
        let sign = if share.is_sign_negative() { "" } else { "+" };
        format!("{sign}{share} %")
    })
}

/// A stored time as a day: `17 May 2026`.
pub(super) fn day(stored: &str) -> String {
    let day = stored.get(..10).unwrap_or(stored);
    match day.parse::<jiff::civil::Date>() {
        Ok(date) => date.strftime("%-d %b %Y").to_string(),
        Err(_) => stored.to_owned(),
    }
}

/// A moment to the minute, in UTC: `17 May 2026 18:00`.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %b %Y %H:%M").to_string()
}

/// How long ago something was, in the largest unit that says it: `3 days`.
pub(super) fn age(since: Timestamp, now: Timestamp) -> String {
    let hours = now.duration_since(since).as_hours();
    match hours {
        ..1 => "less than an hour".to_owned(),
        1 => "1 hour".to_owned(),
        2..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}

/// As much of a text as a page shows of one fact.
pub(super) fn clipped(text: &str) -> String {
    match text.char_indices().nth(1_000) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// `1 row`, `40 rows`.
pub(super) fn counted(count: u64, one: &str) -> String {
    let grouped = grouped(&count.to_string());
    if count == 1 { format!("1 {one}") } else { format!("{grouped} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd() -> Currency {
        Currency::parse("USD").expect("ISO 4217")
    }

    #[test]
    fn a_change_says_how_much_and_how_much_of_it() {
        let of = |now: i64, before: Option<i64>| {
            change(Decimal::new(now, 2), before.map(|cents| Decimal::new(cents, 2)), usd())
        };
        assert_eq!(of(11_240, Some(10_000)), "+12.40 (+12 %)");
        assert_eq!(of(8_750, Some(10_000)), "-12.50 (-12 %)");
        assert_eq!(of(10_000, Some(10_000)), "same");
        assert_eq!(of(10_000, None), "new");
        assert_eq!(of(10_001, Some(10_000)), "+0.01");
        assert_eq!(of(100, Some(0)), "+1.00", "of nothing there is no percentage");
        assert_eq!(of(0, Some(500)), "-5.00 (-100 %)");
    }

    #[test]
    fn days_and_ages_are_words() {
        assert_eq!(day("2026-05-17T18:00:00Z"), "17 May 2026");
        assert_eq!(day("2026-05-17"), "17 May 2026");
        assert_eq!(day("soon"), "soon");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let since = at("2026-05-17T18:00:00Z");
        assert_eq!(age(since, at("2026-05-17T18:30:00Z")), "less than an hour");
        assert_eq!(age(since, at("2026-05-18T18:30:00Z")), "24 hours");
        assert_eq!(age(since, at("2026-05-20T18:30:00Z")), "3 days");
    }

    #[test]
    fn stored_amounts_are_grouped_and_signed() {
        assert_eq!(stored("-1234.50"), Figure { text: "-1,234.50".to_owned(), negative: true });
        assert!(!stored("-0.00").negative);
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(1_204, "row"), "1,204 rows");
    }
}
