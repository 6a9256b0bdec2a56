use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::entered::{EnteredLine, HEADERS, LINES};
use super::{GlAccount, GlJournals, GroupId};
use crate::call::{Call, Effect};
use crate::dataset::{ColumnError, Dataset, Row};
use crate::error::{Error, ReadAnswer};
use crate::odata::Guid;

const GET_NEW_HEADER: &str = "Erp.BO.GLJournalEntrySvc/GetNewGlJrnHedTran";
const PRE_UPDATE: &str = "Erp.BO.GLJournalEntrySvc/PreUpdate";
const GET_NEW_LINE: &str = "Erp.BO.GLJournalEntrySvc/GetNewGLJrnDtlMnl";
const UPDATE: &str = "Erp.BO.GLJournalEntrySvc/Update";

/// The most lines one journal takes; they all travel in one request.
const MAX_LINES: usize = 10_000;

/// A journal to be entered. Debits and credits must be equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJournal {
    /// `Description`. Its first word is the token the journal is found by: what is too long for
    /// the column is cut at the end, but never into the first word.
    pub description: String,
    /// `CommentText`, of any length.
    pub comment: String,
    /// `JEDate`: the journal entry date, the group's own.
    pub je_date: Date,
    /// `CurrencyCode` of all amounts.
    pub currency_code: String,
    /// The lines, at least one.
    pub lines: Vec<NewLine>,
}

/// A line of a journal: a debit or a credit, not both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// The GL account.
    pub account: GlAccount,
    /// `TotDebit`, in the journal's currency. Zero or more.
    pub debit: Decimal,
    /// `TotCredit`, in the journal's currency. Zero or more.
    pub credit: Decimal,
    /// `Description`, fitted to its column like [`NewJournal::description`]. The posted line
    /// carries it, so the token belongs here too.
    pub description: String,
    /// `CommentText`, of any length.
    pub comment: String,
}

/// The key of a journal in entry. The company is the client's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JournalKey {
    /// `BookID`.
    pub book_id: String,
    /// `FiscalYear`.
    pub fiscal_year: i64,
    /// `FiscalYearSuffix`; empty in most companies.
    pub fiscal_year_suffix: String,
    /// `JournalCode`.
    pub journal_code: String,
    /// `JournalNum`: given by Epicor at the saving. It reserves nothing: a number may be given
    /// again once its journal is deleted.
    pub journal_num: i64,
    /// `FiscalCalendarID`.
    pub fiscal_calendar_id: String,
}

impl JournalKey {
    pub(super) fn read(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            book_id: row.text("BookID")?.to_owned(),
            fiscal_year: row.integer("FiscalYear")?,
            fiscal_year_suffix: row.text("FiscalYearSuffix")?.to_owned(),
            journal_code: row.text("JournalCode")?.to_owned(),
            journal_num: row.integer("JournalNum")?,
            fiscal_calendar_id: row.text("FiscalCalendarID")?.to_owned(),
        })
    }
}

impl GlJournals<'_> {
    /// Enters a journal into a group: its header, then all its lines in one save.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a journal that does not balance or does not fit, before
    /// anything is sent; [`Error::InvalidAccount`] and [`Error::NotAsSent`] when Epicor saved the
    /// lines with an account it does not take, or not as they were; [`Error::OutcomeUnknown`]
    /// when header or lines may have been saved or not. After any error but the first the header
    /// may stand in entry.
    pub async fn create_journal(
        &self,
        group_id: &GroupId,
        journal: &NewJournal,
    ) -> Result<JournalKey, Error> {
        let journal = &fitted(journal, self.client.description_length())?;
        let header = self.save_header(group_id, journal).await?;
        let key = header
            .rows(HEADERS)
            .first()
            .ok_or_else(|| Error::invalid_response(UPDATE, "it holds no row of GLJrnHed"))
            .and_then(|row| JournalKey::read(row).in_answer_to(UPDATE))
            .map_err(|error| error.outcome_unknown(UPDATE))?;
        let ds = self.with_lines(header, &key, journal).await?;
        let saved = self.save(UPDATE, &ds).await?;
        let saved: Vec<EnteredLine> = saved
            .rows(LINES)
            .iter()
            .map(EnteredLine::read)
            .collect::<Result<_, _>>()
            .in_answer_to(UPDATE)
            .map_err(|error| error.outcome_unknown(UPDATE))?;
        compare(journal, &saved)?;
        Ok(key)
    }

    async fn save_header(
        &self,
        group_id: &GroupId,
        journal: &NewJournal,
    ) -> Result<Dataset, Error> {
        let parameters = json!({ "ds": {}, "GroupID": group_id.as_str() });
        let mut ds = self.dialogue(GET_NEW_HEADER, &parameters).await?;
        let header = ds.rows_mut(HEADERS).first_mut().ok_or_else(|| {
            Error::invalid_response(GET_NEW_HEADER, "it holds no row of GLJrnHed")
        })?;
        header.set_text("Description", &journal.description);
        header.set_text("CommentText", &journal.comment);
        header.set_date("JEDate", journal.je_date);
        header.set_text("CurrencyCode", &journal.currency_code);
        header.set_text("RowMod", "A");

        let call = Call::method(PRE_UPDATE, Effect::Repeatable, &json!({ "ds": ds }));
        let answer = self.client.call_method(&call).await?;
        if answer.outputs().boolean("RequiresUserInput").in_answer_to(PRE_UPDATE)? {
            return Err(Error::BusinessRule {
                operation: PRE_UPDATE.into(),
                message: "it wants a legal number chosen by a person; the journal code or \
                          transaction document type must number by itself"
                    .to_owned(),
                details: Vec::new(),
                correlation_id: None,
            });
        }
        let ds = answer.dataset().in_answer_to(PRE_UPDATE)?;
        self.save(UPDATE, &ds).await
    }

    /// The header's dataset with all lines added. One new row from Epicor is the template of all:
    /// it has the columns this version wants, already filled from the header.
    async fn with_lines(
        &self,
        header: Dataset,
        key: &JournalKey,
        journal: &NewJournal,
    ) -> Result<Dataset, Error> {
        let parameters = json!({
            "ds": header,
            "bookID": key.book_id,
            "fiscalYear": key.fiscal_year,
            "fiscalYearSuffix": key.fiscal_year_suffix,
            "journalCode": key.journal_code,
            "journalNum": key.journal_num,
            "journalLine": 0,
        });
        let mut ds = self.dialogue(GET_NEW_LINE, &parameters).await?;
        let template = ds.rows_mut(LINES).pop().ok_or_else(|| {
            Error::invalid_response(GET_NEW_LINE, "it holds no row of GLJrnDtlMnl")
        })?;
        let first_number = template.integer("JournalLine").in_answer_to(GET_NEW_LINE)?;
        let rows = ds.rows_mut(LINES);
        rows.clear();
        for (index, line) in journal.lines.iter().enumerate() {
            let mut row = template.clone();
            line.account.write_to(&mut row);
            row.set_decimal("TotDebit", line.debit);
            row.set_decimal("TotCredit", line.credit);
            row.set_text("Description", &line.description);
            row.set_text("CommentText", &line.comment);
            // Copies must not share the template's identity; Epicor makes one for each.
            row.set_text("SysRowID", Guid::NIL);
            row.set_text("RowMod", "A");
            // Zero asks Epicor to number the lines; a number was given to this template alone.
            if first_number > 0 {
                let offset = i64::try_from(index).unwrap_or(i64::MAX);
                row.set("JournalLine", json!(first_number.saturating_add(offset)));
            }
            rows.push(row);
        }
        Ok(ds)
    }
}

/// The journal with its descriptions cut to their columns, if it can be sent at all.
fn fitted(journal: &NewJournal, description_length: usize) -> Result<NewJournal, Error> {
    let invalid = |parameter, reason: &str| {
        Err(Error::InvalidParameter { parameter, reason: reason.to_owned() })
    };
    if journal.lines.is_empty() || journal.lines.len() > MAX_LINES {
        return invalid("the journal", "it has no line, or more than 10,000");
    }
    if journal.currency_code.is_empty() {
        return invalid("the journal", "it has no currency");
    }
    let mut balance = Some(Decimal::ZERO);
    for line in &journal.lines {
        let negative = line.debit < Decimal::ZERO || line.credit < Decimal::ZERO;
        if negative || line.debit.is_zero() == line.credit.is_zero() {
            return invalid("a line", "it is not exactly one of a debit and a credit above zero");
        }
        balance = balance
            .and_then(|sum| sum.checked_add(line.debit))
            .and_then(|sum| sum.checked_sub(line.credit));
    }
    if balance != Some(Decimal::ZERO) {
        return invalid("the journal", "its debits and credits are not equal");
    }
    let mut journal = journal.clone();
    journal.description = fit(&journal.description, description_length)?;
    for line in &mut journal.lines {
        line.description = fit(&line.description, description_length)?;
    }
    Ok(journal)
}

/// Cuts a description to its column, whose length counts UTF-16 units. The first word is the
/// token the journal is found by: without all of it a posted journal could be posted again.
pub(super) fn fit(description: &str, length: usize) -> Result<String, Error> {
    let token = description.split_whitespace().next().unwrap_or_default();
    if token.encode_utf16().count() > length {
        return Err(Error::InvalidParameter {
            parameter: "Description",
            reason: format!("its first word is longer than the column's {length} characters"),
        });
    }
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= length
    };
    let cut: String = description.trim().chars().take_while(fits).collect();
    Ok(cut.trim_end().to_owned())
}

/// Whether the lines came back as they were sent, in any order.
fn compare(journal: &NewJournal, saved: &[EnteredLine]) -> Result<(), Error> {
    if let Some(line) = saved.iter().find(|line| line.invalid_account.is_some()) {
        let message = line.invalid_account.clone().unwrap_or_default();
        return Err(Error::InvalidAccount { account: line.account.clone(), message });
    }
    let mut sent: Vec<_> = journal.lines.iter().map(sent_line).collect();
    let mut kept: Vec<_> = saved.iter().map(saved_line).collect();
    sent.sort();
    kept.sort();
    let difference = if sent.len() != kept.len() {
        format!("{} lines were sent and {} saved", sent.len(), kept.len())
    } else if let Some((sent, kept)) = sent.iter().zip(&kept).find(|(sent, kept)| sent != kept) {
        let (account, debit, credit, _) = sent;
        let (kept_account, kept_debit, kept_credit, _) = kept;
        format!(
            "the line on {account}, debit {debit}, credit {credit}, became {kept_account}, debit \
             {kept_debit}, credit {kept_credit}, or its description was changed"
        )
    } else {
        return Ok(());
    };
    Err(Error::NotAsSent { operation: UPDATE, difference })
}

type Comparable<'a> = (String, Decimal, Decimal, &'a str);

fn sent_line(line: &NewLine) -> Comparable<'_> {
    (line.account.to_string(), line.debit, line.credit, &line.description)
}

fn saved_line(line: &EnteredLine) -> Comparable<'_> {
    (line.account.clone(), line.debit, line.credit, &line.description)
}
