//! What people type into forms.

use jiff::civil::Date;
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

/// A text; blank is none.
pub(super) fn text(typed: &str) -> Option<String> {
    Some(typed.trim().to_owned()).filter(|text| !text.is_empty())
}
