use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::check;
use super::entered::{EnteredLine, HEADERS, LINES};
use super::{GlAccount, GlJournals, GroupId};
use crate::dataset::{ColumnError, Dataset, Row};
use crate::dialogue::{newest, newest_mut, question};
use crate::entry::Entry;
use crate::error::{Error, ReadAnswer};

const GET_NEW_HEADER: &str = "Erp.BO.GLJournalEntrySvc/GetNewGlJrnHedTran";
const PRE_UPDATE: &str = "Erp.BO.GLJournalEntrySvc/PreUpdate";
pub(super) const UPDATE: &str = "Erp.BO.GLJournalEntrySvc/Update";

/// A journal to be entered. Debits and credits must be equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJournal {
    /// `Description`. Its first word is the token the journal is found by. One that is longer
    /// than its column is refused: see [`GlJournals::fit_description`].
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
    /// `Description`. The posted line carries it, so the token belongs here too.
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
        check::can_be_sent(journal, self.client.description_length())?;
        let header = self.save_header(group_id, journal).await?;
        let key = newest(&header, HEADERS, UPDATE)
            .and_then(|row| JournalKey::read(row).in_answer_to(UPDATE))
            .map_err(|error| error.outcome_unknown(UPDATE))?;
        let ds = self.with_lines(header, &key, journal).await?;
        let saved = self.client.save(UPDATE, &ds).await?;
        let saved: Vec<EnteredLine> = saved
            .rows(LINES)
            .iter()
            .map(EnteredLine::read)
            .collect::<Result<_, _>>()
            .in_answer_to(UPDATE)
            .map_err(|error| error.outcome_unknown(UPDATE))?;
        check::as_sent(journal, &saved)?;
        Ok(key)
    }

    async fn save_header(
        &self,
        group_id: &GroupId,
        journal: &NewJournal,
    ) -> Result<Dataset, Error> {
        let parameters = json!({ "ds": {}, "GroupID": group_id.as_str() });
        let mut ds = self.client.step(GET_NEW_HEADER, &parameters).await?;
        let header = newest_mut(&mut ds, HEADERS, GET_NEW_HEADER)?;
        header.set_text("Description", &journal.description);
        header.set_text("CommentText", &journal.comment);
        header.set_date("JEDate", journal.je_date);
        header.set_text("CurrencyCode", &journal.currency_code);
        header.set_text("RowMod", "A");

        if self.entry == Entry::Dialogue {
            let answer = self.client.ask(PRE_UPDATE, &json!({ "ds": ds })).await?;
            if answer.outputs().boolean("RequiresUserInput").in_answer_to(PRE_UPDATE)? {
                let message = "it wants a legal number chosen by a person; the journal code or \
                               transaction document type must number by itself";
                return Err(question(PRE_UPDATE, message));
            }
            ds = answer.dataset().in_answer_to(PRE_UPDATE)?;
        }
        self.client.save(UPDATE, &ds).await
    }
}
