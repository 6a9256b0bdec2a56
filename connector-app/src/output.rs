//! What people and machines see: aligned tables with colour on a terminal, or JSON lines.

mod journal;
pub mod sheet;
mod table;

use anstyle::{AnsiColor, Style};

pub use journal::{journal_table, plan_lines, plan_people, unreadable_json, unreadable_people};
pub use table::{Align, Table};

/// Something good: ties, posted.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Something a person must look at.
pub const ATTENTION: Style = AnsiColor::Yellow.on_default();
/// Something wrong.
pub const BAD: Style = AnsiColor::Red.on_default();
/// A heading.
pub const HEAD: Style = Style::new().bold();
/// Less important.
pub const QUIET: Style = Style::new().dimmed();

/// Text in a style; the style is stripped when the output is not a terminal.
#[must_use]
pub fn styled(style: Style, text: impl std::fmt::Display) -> String {
    let text = text.to_string();
    if text.is_empty() { text } else { format!("{style}{text}{style:#}") }
}

/// Prints one line to standard output.
pub fn line(text: impl std::fmt::Display) {
    anstream::println!("{text}");
}

/// Prints one line to standard error.
pub fn note(text: impl std::fmt::Display) {
    anstream::eprintln!("{text}");
}

/// Prints an error to standard error: what happened, then each cause on a line of its own.
pub fn complain(error: &anyhow::Error) {
    note(format!("{} {error}", styled(BAD, "ml-connector:")));
    for cause in error.chain().skip(1) {
        note(format!("  because: {cause}"));
    }
}

/// The style of a state's word.
#[must_use]
pub fn state_style(state: &str) -> Style {
    match state {
        "posted" | "matched" | "confirmed" => GOOD,
        "held" | "ready" | "unknown" => ATTENTION,
        "reversed" | "by_hand" => QUIET,
        _ => Style::new(),
    }
}

/// How many records are in each state, for people: `12 posted, 1 held`.
#[must_use]
pub fn in_states<S: AsRef<str>>(counts: impl IntoIterator<Item = (S, u64)>) -> String {
    let each = counts.into_iter().map(|(state, count)| {
        let state = state.as_ref();
        format!("{count} {}", styled(state_style(state), state))
    });
    each.collect::<Vec<_>>().join(", ")
}

/// An amount with thousands separators for people: `-12,345.60`.
#[must_use]
pub fn grouped(amount: &str) -> String {
    let (sign, digits) = amount.strip_prefix('-').map_or(("", amount), |rest| ("-", rest));
    let (whole, rest) = digits.find('.').map_or((digits, ""), |point| digits.split_at(point));
    let mut out = String::with_capacity(amount.len() + whole.len() / 3);
    out.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped_and_signs_kept() {
        assert_eq!(grouped("0.00"), "0.00");
        assert_eq!(grouped("-74.10"), "-74.10");
        assert_eq!(grouped("1234567.89"), "1,234,567.89");
        assert_eq!(grouped("-123456"), "-123,456");
    }
}
