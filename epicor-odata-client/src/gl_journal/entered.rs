use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::json;

use super::group::in_review;
use super::{GlJournals, GroupId, JournalKey};
use crate::dataset::{ColumnError, Dataset, Row};
use crate::error::{Error, ReadAnswer};
use crate::limit;

const GET_BY_GROUP_ID: &str = "Erp.BO.GLJournalEntrySvc/GetByGroupID";

/// The table of headers in entry.
pub(super) const HEADERS: &str = "GLJrnHed";
/// The table of lines in entry.
pub(super) const LINES: &str = "GLJrnDtlMnl";

/// A journal in entry or in review: a row of `GLJrnHed` with its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredJournal {
    /// The journal's key.
    pub key: JournalKey,
    /// `Description`, with our token at its start.
    pub description: String,
    /// `CommentText`.
    pub comment: String,
    /// `JEDate`.
    pub je_date: Option<Date>,
    /// `CurrencyCode`.
    pub currency: String,
    /// `TotDebit`, in the journal's currency.
    pub tot_debit: Decimal,
    /// `TotCredit`, in the journal's currency.
    pub tot_credit: Decimal,
    /// Whether the posting engine left it in review; see [`Group::in_review`](super::Group).
    pub in_review: bool,
    /// The lines, by `JournalLine`.
    pub lines: Vec<EnteredLine>,
}

impl EnteredJournal {
    /// The key it is found by: the first word of its `Description`, empty when that is.
    #[must_use]
    pub fn token(&self) -> &str {
        limit::first_word(&self.description)
    }
}

/// A line of a journal in entry: a row of `GLJrnDtlMnl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredLine {
    /// `JournalLine`.
    pub journal_line: i64,
    /// `GLAccount`, segments joined by `|`.
    pub account: String,
    /// `TotDebit`: not negative, in the journal's currency.
    pub debit: Decimal,
    /// `TotCredit`: not negative, in the journal's currency.
    pub credit: Decimal,
    /// `Description`.
    pub description: String,
    /// `CommentText`.
    pub comment: String,
    /// Why Epicor takes the account for invalid (`InvalidGLAccountMessage`); `None` when it is
    /// valid.
    pub invalid_account: Option<String>,
}

impl EnteredJournal {
    fn read(header: &Row, ds: &Dataset) -> Result<Self, ColumnError> {
        let key = JournalKey::read(header)?;
        let mut lines = Vec::new();
        for row in ds.rows(LINES) {
            if JournalKey::read(row)? == key {
                lines.push(EnteredLine::read(row)?);
            }
        }
        lines.sort_by_key(|line| line.journal_line);
        Ok(Self {
            key,
            description: header.text("Description")?.to_owned(),
            comment: header.text("CommentText")?.to_owned(),
            je_date: header.date("JEDate")?,
            currency: header.text("CurrencyCode")?.to_owned(),
            tot_debit: header.decimal("TotDebit")?,
            tot_credit: header.decimal("TotCredit")?,
            in_review: in_review(header)?,
            lines,
        })
    }
}

impl EnteredLine {
    pub(super) fn read(row: &Row) -> Result<Self, ColumnError> {
        let invalid = row.boolean("InvalidGLAccount")?;
        let message = if invalid { Some(row.text("InvalidGLAccountMessage")?) } else { None };
        Ok(Self {
            journal_line: row.integer("JournalLine")?,
            account: row.text("GLAccount")?.to_owned(),
            debit: row.decimal("TotDebit")?,
            credit: row.decimal("TotCredit")?,
            description: row.text("Description")?.to_owned(),
            comment: row.text("CommentText")?.to_owned(),
            invalid_account: message.map(str::to_owned),
        })
    }
}

impl GlJournals<'_> {
    /// The journals of a group that are in entry or in review; none when there is no such group.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn journals_in_group(
        &self,
        group_id: &GroupId,
    ) -> Result<Vec<EnteredJournal>, Error> {
        let parameters = json!({ "GroupID": group_id.as_str() });
        let ds = self.client.document_by(GET_BY_GROUP_ID, &parameters).await?;
        let ds = ds.unwrap_or_default();
        let journals = ds.rows(HEADERS).iter().map(|header| EnteredJournal::read(header, &ds));
        journals.collect::<Result<_, _>>().in_answer_to(GET_BY_GROUP_ID)
    }
}
