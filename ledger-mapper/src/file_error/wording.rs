//! What a TOML parser says, in the words of the person who wrote the file.

use std::ops::Range;

use crate::nearest::nearest;

/// What is wrong, and how to mend it.
type Wording = (String, String);

/// Says what a parser's message means for the text at `span`.
pub(super) fn reworded(message: &str, text: &str, span: &Range<usize>) -> Wording {
    let message = message.replace('\n', ", ");
    let place = Place::of(text, span);
    shape(&message, &place).or_else(|| syntax(&message, &place)).unwrap_or_else(|| {
        let message = format!("{}.", message.trim_end_matches('.'));
        (message, "Correct the TOML at this place.".to_owned())
    })
}

/// The line at which a parser stopped.
struct Place<'t> {
    /// The name before the `=` that the place is behind or at, or in the brackets of a heading.
    key: &'t str,
    /// What stands from the place to the end of the line, without a comment.
    rest: &'t str,
}

impl<'t> Place<'t> {
    fn of(text: &'t str, span: &Range<usize>) -> Self {
        let (before, behind) = text.split_at_checked(span.start).unwrap_or((text, ""));
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        // In `"Amazon.de" = { division = 49 }` the last name before the place counts.
        let last = before[start..].rsplit(['{', ',']).next().filter(|last| last.contains('='));
        let key = last.unwrap_or(line).split('=').next().unwrap_or_default();
        let rest = behind.lines().next().unwrap_or_default();
        Self {
            key: key.trim_matches([' ', '\t', '[', ']']),
            rest: rest.split('#').next().unwrap_or_default().trim(),
        }
    }

    fn is_day(&self) -> bool {
        matches!(self.key, "from" | "until" | "date" | "start" | "end")
    }
}

fn wording(message: impl Into<String>, fix: impl Into<String>) -> Option<Wording> {
    Some((message.into(), fix.into()))
}

/// A key or a value that is not what the file has at its place.
fn shape(message: &str, place: &Place<'_>) -> Option<Wording> {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let mut names = rest.split('`').skip(1).step_by(2);
        let (unknown, known) = (names.next()?, names.collect::<Vec<_>>());
        let fix = nearest(unknown, known.iter().copied()).map_or_else(
            || format!("Use one of {}, or remove it.", known.join(", ")),
            |likely| format!("Did you mean `{likely}`?"),
        );
        return wording(format!("`{unknown}` is not known here."), fix);
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        return wording(format!("{rest} is missing."), "Add it.");
    }
    let (found, expected) = message.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let value = found.split('`').nth(1).unwrap_or(place.rest);
    let key = place.key;
    match (found.split(' ').next()?, expected) {
        ("map", "a sequence") => wording(
            format!("There may be several [{key}], so each is an entry of a list."),
            format!("Write the heading with two brackets: [[{key}]]."),
        ),
        ("map", "a string") if key.contains('.') && !key.contains('"') => wording(
            format!("Without quotes, {key} is read as a name within a name."),
            format!("Put it in double quotes: \"{key}\"."),
        ),
        ("sequence", "a string") => wording(
            format!("`{key}` is one text, not a list."),
            "Write one in double quotes; for several, write a rule or a line for each.",
        ),
        ("integer" | "floating" | "boolean" | "datetime", "a string") => wording(
            format!("{value} is not in quotes, but `{key}` is text."),
            format!("Put it in double quotes: \"{value}\"."),
        ),
        ("string", "a TOML datetime") => wording(
            format!("{} is text, but `{key}` is a day.", place.rest),
            "Write it without quotes, like 2026-10-31.",
        ),
        ("string", "i64") => wording(
            format!("{} is text, but `{key}` is a number.", place.rest),
            "Write it without quotes.",
        ),
        (_, "a map") => wording(
            format!("{} is one value, but names and their values are expected here.", place.rest),
            "Write them in braces, like { division = \"49\" }, or under a heading of their own.",
        ),
        _ => None,
    }
}

/// A text that is not TOML.
fn syntax(message: &str, place: &Place<'_>) -> Option<Wording> {
    let Place { key, rest, .. } = *place;
    if message.starts_with("duplicate key") {
        let name = rest.split(['=', ']']).next().unwrap_or(rest).trim();
        let fix = "Keep one of the two; a heading keeps the lines of both.";
        return wording(format!("`{name}` is there twice."), fix);
    }
    if message.starts_with("key with no value") {
        let fix = "Write it like `name = \"value\"`.";
        return wording("There is no `=` between a name and its value.", fix);
    }
    if message.starts_with("unclosed") {
        let close = message.split('`').nth(1)?;
        return wording("The bracket is not closed.", format!("Add `{close}`."));
    }
    if message.starts_with("unexpected key or value") {
        let fix = "Write each name on a line of its own, without a comma or a mark at the end.";
        return wording("Something stands behind the value.", fix);
    }
    if message.starts_with("missing escaped value") {
        let fix = "Write two backslashes for one, or put the text in single quotes.";
        return wording("A backslash in double quotes has a meaning of its own.", fix);
    }
    if message.starts_with("invalid basic string") || message.starts_with("invalid literal string")
    {
        return wording("The quotes are not closed.", "Close them on the same line.");
    }
    if rest.is_empty() {
        return wording(format!("`{key}` has no value."), "Write it behind the `=`.");
    }
    if rest.contains(['“', '”', '„', '«', '»']) {
        let fix = "Write straight ones: \"…\". Word processors change them.";
        return wording("The quotation marks are not those of a keyboard.", fix);
    }
    if place.is_day() {
        return wording(
            format!("{rest} is not a day."),
            "Write it like 2026-10-31, without quotes.",
        );
    }
    let a_value =
        ["string values must be quoted", "invalid date", "invalid time", "unexpected leading"];
    if a_value.iter().any(|start| message.starts_with(start)) {
        return wording(
            format!("{rest} is not in quotes."),
            format!("Put it in double quotes: \"{rest}\"."),
        );
    }
    None
}

#[cfg(test)]
mod tests;
