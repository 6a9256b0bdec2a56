//! Whether what Epicor holds is what we meant, to the cent.

use epicor_odata_client::gl_journal::{EnteredJournal, PostedLine};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::pipeline::posting::Found;

/// One line, as both sides see it: account in wire form, debit, credit.
pub(super) type Line = (String, Decimal, Decimal);

/// What we meant to write.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub token: &'a str,
    pub date: Date,
    pub currency: &'a str,
    /// Sorted.
    pub lines: Vec<Line>,
}

/// Judges an unposted journal of our group.
pub(super) fn entered(expected: &Expected<'_>, journal: &EnteredJournal) -> (Found, String) {
    if journal.token() != expected.token {
        return (
            Found::Different,
            format!("its group holds a journal that is not ours: \"{}\"", journal.description),
        );
    }
    let lines = sorted(
        journal.lines.iter().map(|line| (line.account.clone(), line.debit, line.credit)).collect(),
    );
    if lines == expected.lines {
        return same_head(expected, journal.je_date, &journal.currency, Found::Entered);
    }
    if is_part_of(&lines, &expected.lines) {
        let note = format!("{} of {} lines are there", lines.len(), expected.lines.len());
        return (Found::Partial, note);
    }
    (Found::Different, differs(&lines, &expected.lines))
}

/// Judges the posted lines that carry our token. Those of another book than the one that was posted
/// to repeat the journal there.
pub(super) fn posted(expected: &Expected<'_>, book: &str, lines: &[PostedLine]) -> (Found, String) {
    let lines: Vec<_> = lines.iter().filter(|line| line.book_id == book).collect();
    let Some(first) = lines.first() else {
        return (Found::Different, format!("it is posted, and not to book {book}"));
    };
    if lines.iter().any(|line| line.journal_num != first.journal_num) {
        return (
            Found::Different,
            "its key stands on the lines of more than one posted journal".to_owned(),
        );
    }
    let there =
        sorted(lines.iter().map(|line| (line.account.clone(), line.debit, line.credit)).collect());
    if there == expected.lines {
        return same_head(expected, first.je_date, &first.currency, Found::Posted);
    }
    (Found::Different, differs(&there, &expected.lines))
}

fn same_head(
    expected: &Expected<'_>,
    date: Option<Date>,
    currency: &str,
    same: Found,
) -> (Found, String) {
    if date != Some(expected.date) {
        let date = date.map_or("not".to_owned(), |date| date.to_string());
        return (Found::Different, format!("dated {date} instead of {}", expected.date));
    }
    if currency != expected.currency {
        return (Found::Different, format!("in {currency} instead of {}", expected.currency));
    }
    (same, String::new())
}

/// Lines in an order of their own, amounts without trailing zeros: comparable as they are.
pub(super) fn sorted(mut lines: Vec<Line>) -> Vec<Line> {
    for line in &mut lines {
        line.1 = line.1.normalize();
        line.2 = line.2.normalize();
    }
    lines.sort();
    lines
}

/// Whether every line of `part` is in `whole` (both sorted), each as often.
fn is_part_of(part: &[Line], whole: &[Line]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|line| rest.any(|candidate| candidate == line))
}

fn differs(there: &[Line], expected: &[Line]) -> String {
    let missing = expected.iter().find(|line| !there.contains(line));
    let extra = there.iter().find(|line| !expected.contains(line));
    let show = |line: &Line| format!("account {} debit {} credit {}", line.0, line.1, line.2);
    match (missing, extra) {
        (Some(missing), Some(extra)) => {
            format!("expected {}, found {}", show(missing), show(extra))
        }
        (Some(missing), None) => format!("missing {}", show(missing)),
        (None, Some(extra)) => format!("not ours: {}", show(extra)),
        (None, None) => "a line stands there more than once".to_owned(),
    }
}

#[cfg(test)]
mod tests;
