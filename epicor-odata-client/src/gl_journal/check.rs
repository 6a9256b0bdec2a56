//! What a journal must be to be sent, and whether it was saved as it was sent. No I/O.

use rust_decimal::Decimal;

use super::entered::EnteredLine;
use super::journal::UPDATE;
use super::{GlJournals, NewJournal, NewLine};
use crate::dialogue::not_as_sent;
use crate::error::Error;
use crate::limit;

/// The most lines one journal takes; they all travel in one request.
const MAX_LINES: usize = 10_000;

impl GlJournals<'_> {
    /// Cuts a description to the length of its column, at the end and never into its first word,
    /// which is the token the journal is found by.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when the first word alone is too long: without all of it a
    /// posted journal could be posted again.
    pub fn fit_description(&self, description: &str) -> Result<String, Error> {
        fit(description, self.client.description_length())
    }
}

pub(super) fn fit(description: &str, length: usize) -> Result<String, Error> {
    limit::fits("the first word of Description", limit::first_word(description), length)?;
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= length
    };
    let cut: String = description.trim().chars().take_while(fits).collect();
    Ok(cut.trim_end().to_owned())
}

/// Whether a journal can be sent at all.
pub(super) fn can_be_sent(journal: &NewJournal, description_length: usize) -> Result<(), Error> {
    let invalid = |parameter, reason: &str| {
        Err(Error::InvalidParameter { parameter, reason: reason.to_owned() })
    };
    if journal.lines.is_empty() || journal.lines.len() > MAX_LINES {
        return invalid("the journal", "it has no line, or more than 10,000");
    }
    if journal.currency_code.is_empty() {
        return invalid("the journal", "it has no currency");
    }
    limit::fits("the journal's Description", &journal.description, description_length)?;
    let mut balance = Some(Decimal::ZERO);
    for line in &journal.lines {
        let negative = line.debit < Decimal::ZERO || line.credit < Decimal::ZERO;
        if negative || line.debit.is_zero() == line.credit.is_zero() {
            return invalid("a line", "it is not exactly one of a debit and a credit above zero");
        }
        limit::fits("a line's Description", &line.description, description_length)?;
        balance = balance
            .and_then(|sum| sum.checked_add(line.debit))
            .and_then(|sum| sum.checked_sub(line.credit));
    }
    if balance != Some(Decimal::ZERO) {
        return invalid("the journal", "its debits and credits are not equal");
    }
    Ok(())
}

/// Whether the lines came back as they were sent, in any order.
pub(super) fn as_sent(journal: &NewJournal, saved: &[EnteredLine]) -> Result<(), Error> {
    if let Some(line) = saved.iter().find(|line| line.invalid_account.is_some()) {
        let message = line.invalid_account.clone().unwrap_or_default();
        return Err(Error::InvalidAccount { account: line.account.clone(), message });
    }
    match difference(journal.lines.iter().map(sent_line), saved.iter().map(saved_line)) {
        None => Ok(()),
        Some(difference) => Err(not_as_sent(UPDATE, difference)),
    }
}

/// A line as it is compared: account, debit, credit, description.
pub(super) type Comparable<'a> = (String, Decimal, Decimal, &'a str);

/// How two journals' lines differ, in whatever order they come.
pub(super) fn difference<'a>(
    sent: impl Iterator<Item = Comparable<'a>>,
    kept: impl Iterator<Item = Comparable<'a>>,
) -> Option<String> {
    let (mut sent, mut kept): (Vec<_>, Vec<_>) = (sent.collect(), kept.collect());
    sent.sort();
    kept.sort();
    if sent.len() != kept.len() {
        return Some(format!("{} lines were sent and {} saved", sent.len(), kept.len()));
    }
    let (sent, kept) = sent.iter().zip(&kept).find(|(sent, kept)| sent != kept)?;
    let (account, debit, credit, _) = sent;
    let (kept_account, kept_debit, kept_credit, _) = kept;
    Some(format!(
        "the line on {account}, debit {debit}, credit {credit}, became {kept_account}, debit \
         {kept_debit}, credit {kept_credit}, or its description was changed"
    ))
}

pub(super) fn sent_line(line: &NewLine) -> Comparable<'_> {
    (line.account.to_string(), line.debit, line.credit, &line.description)
}

pub(super) fn saved_line(line: &EnteredLine) -> Comparable<'_> {
    (line.account.clone(), line.debit, line.credit, &line.description)
}
