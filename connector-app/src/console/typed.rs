//! What people type into forms.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::page::PageError;

/// A form without a field but the token.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// A form that asks why.
#[derive(Debug, Deserialize)]
pub(super) struct Why {
    pub(super) reason: String,
}

/// Why something is done; a decision without a reason is not taken.
pub(super) fn reason(typed: &str) -> Result<&str, PageError> {
    let reason = typed.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(PageError::bad_input(
            "It needs a reason of at most 500 letters: who reads the audit log in a year must \
             understand it."
                .to_owned(),
            "Go back and write why.",
        ));
    }
    Ok(reason)
}

/// A day; nothing typed is none.
pub(super) fn day(typed: &str) -> Result<Option<Date>, PageError> {
    let text = typed.trim();
    let read = (!text.is_empty()).then(|| text.parse::<Date>()).transpose();
    read.map_err(|_| {
        let what = format!("\"{text}\" is not a day; write one such as 2026-05-31.");
        PageError::bad_input(what, "Go back and correct it.")
    })
}

/// An amount, with or without commas between its thousands. A comma anywhere else is refused: `0,02`
/// must not become 2.
pub(super) fn amount(typed: &str) -> Result<Decimal, PageError> {
    let text = typed.trim();
    let whole = text.trim_start_matches(['-', '+']).split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut thousands = groups.peekable();
    let are_thousands = thousands.peek().is_none()
        || ((1..=3).contains(&first.len()) && thousands.all(|group| group.len() == 3));
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | ','));
    let after_point = text.split_once('.').map_or("", |(_, rest)| rest);
    let read = (plain && are_thousands && !after_point.contains(','))
        .then(|| text.replace(',', "").parse().ok())
        .flatten();
    read.ok_or_else(|| {
        let what = format!("\"{text}\" is not an amount; write one such as 1234.50 or 0.02.");
        PageError::bad_input(what, "Go back and correct it.")
    })
}

/// A text; blank is none.
pub(super) fn text(typed: &str) -> Option<String> {
    Some(typed.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_between_thousands_or_refused() {
        for (typed, read) in [
            ("0.02", "0.02"),
            (" -12.5 ", "-12.5"),
            ("1,234.56", "1234.56"),
            ("-1,234,567", "-1234567"),
            ("12345", "12345"),
        ] {
            assert_eq!(amount(typed).ok(), read.parse().ok(), "{typed}");
        }
        for typed in
            ["0,02", "1,5", "1234,567", ",100", "1,2345", "1.234,56", "1_000", "1e3", "", "1.0.0"]
        {
            assert!(amount(typed).is_err(), "{typed}");
        }
    }
}
