use std::fmt;

use jiff::civil::Date;
use serde_json::json;

use super::{GlJournals, MAX_ROWS};
use crate::call::{Call, Effect};
use crate::dataset::{ColumnError, Dataset, Row, date_text};
use crate::error::{Error, ReadAnswer};
use crate::odata::{Filter, Query};

const GET_NEW: &str = "Erp.BO.GLJrnGrpSvc/GetNewGLJrnGrp";
const CHECK_FISCAL_YEAR: &str = "Erp.BO.GLJrnGrpSvc/CheckFiscalYear";
const CHANGE_ENTRY_MODE: &str = "Erp.BO.GLJrnGrpSvc/ChangeEntryMode";
const CHANGE_BOOK_ID: &str = "Erp.BO.GLJrnGrpSvc/ChangeBookID";
const CHANGE_JOURNAL_CODE: &str = "Erp.BO.GLJrnGrpSvc/ChangeJournalCode";
const UPDATE: &str = "Erp.BO.GLJrnGrpSvc/Update";
const GROUPS: &str = "Erp.BO.GLJrnGrpSvc/GLJrnGrps";

const TABLE: &str = "GLJrnGrp";
/// `BookMode` of a group that enters into one book.
const SINGLE_BOOK: &str = "S";
/// The columns a [`Group`] is read from.
const COLUMNS: [&str; 12] = [
    "GroupID",
    "BookID",
    "JEDate",
    "JournalCode",
    "FiscalYear",
    "FiscalPeriod",
    "CreatedBy",
    "ActiveUserID",
    "PostErrorLog",
    "Posted",
    "LockStatus",
    "RvnJrnUID",
];

/// The id of a journal group: 1 to 9 capital letters and digits, chosen by whoever makes it.
///
/// ```
/// use epicor_odata_client::gl_journal::GroupId;
///
/// assert_eq!(GroupId::new("ML7Q2K9X4")?.as_str(), "ML7Q2K9X4");
/// assert!(GroupId::new("too long for it").is_err());
/// # Ok::<(), epicor_odata_client::gl_journal::InvalidGroupId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(String);

/// A text that is no [`GroupId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no group id: that is 1 to 9 letters A to Z and digits")]
pub struct InvalidGroupId(pub String);

impl GroupId {
    /// The product's length of `GroupID`.
    pub const MAX_LENGTH: usize = 9;

    /// Checks an id.
    ///
    /// # Errors
    /// [`InvalidGroupId`] when it is empty, too long, or holds anything but `A`–`Z` and digits.
    pub fn new(id: &str) -> Result<Self, InvalidGroupId> {
        let valid = (1..=Self::MAX_LENGTH).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if valid { Ok(Self(id.to_owned())) } else { Err(InvalidGroupId(id.to_owned())) }
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A group to be made. Its date decides the fiscal period of all its journals, and cannot be
/// changed once it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// `GroupID`.
    pub group_id: GroupId,
    /// `JEDate`: the journal entry date.
    pub je_date: Date,
    /// `BookID`: the book to enter into, like `MAIN`.
    pub book_id: String,
    /// `JournalCode`, like `GJ`.
    pub journal_code: String,
}

/// A group in entry or in review. One that posted fully is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `GroupID`.
    pub group_id: String,
    /// `BookID`.
    pub book_id: String,
    /// `JEDate`.
    pub je_date: Option<Date>,
    /// `JournalCode`.
    pub journal_code: String,
    /// `FiscalYear`.
    pub fiscal_year: i64,
    /// `FiscalPeriod`.
    pub fiscal_period: i64,
    /// `CreatedBy`: the user who made it.
    pub created_by: String,
    /// `ActiveUserID`: the user who has it open; empty when nobody has.
    pub active_user_id: String,
    /// `PostErrorLog`: why the last posting failed; empty when none did.
    pub post_error_log: String,
    /// `Posted`.
    pub posted: bool,
    /// Whether the posting engine left it in review (`RvnJrnUID` set, or a `LockStatus`): neither
    /// in entry nor posted, and a person must finish it.
    pub in_review: bool,
}

impl Group {
    fn read(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            group_id: row.text("GroupID")?.to_owned(),
            book_id: row.text("BookID")?.to_owned(),
            je_date: row.date("JEDate")?,
            journal_code: row.text("JournalCode")?.to_owned(),
            fiscal_year: row.integer("FiscalYear")?,
            fiscal_period: row.integer("FiscalPeriod")?,
            created_by: row.text("CreatedBy")?.to_owned(),
            active_user_id: row.text("ActiveUserID")?.to_owned(),
            post_error_log: row.text("PostErrorLog")?.to_owned(),
            posted: row.boolean("Posted")?,
            in_review: in_review(row)?,
        })
    }
}

/// `RvnJrnUID` and `LockStatus` are computed columns, so a version without them is no error.
pub(super) fn in_review(row: &Row) -> Result<bool, ColumnError> {
    let review = if row.has("RvnJrnUID") { row.integer("RvnJrnUID")? } else { 0 };
    let lock = if row.has("LockStatus") { row.text("LockStatus")? } else { "" };
    Ok(review != 0 || !lock.is_empty())
}

impl GlJournals<'_> {
    /// The group with this id, if it is in entry or in review.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn group(&self, group_id: &GroupId) -> Result<Option<Group>, Error> {
        let query = Query::new()
            .filter(Filter::eq("GroupID", group_id.as_str()))
            .select(COLUMNS)
            .orderby(["GroupID"]);
        let rows = self.client.read_all(GROUPS, query, MAX_ROWS).await?;
        rows.first().map(Group::read).transpose().in_answer_to(GROUPS)
    }

    /// Makes a group. It stays locked by our user until
    /// [`unlock_group`](GlJournals::unlock_group).
    ///
    /// # Errors
    /// [`Error::PeriodRefused`] for a date in no open period, [`Error::Duplicate`] when the id is
    /// in use, [`Error::OutcomeUnknown`] when it may have been made or not.
    pub async fn create_group(&self, group: &NewGroup) -> Result<Group, Error> {
        let mut ds = self.dialogue(GET_NEW, &json!({ "ds": {} })).await?;
        edit(&mut ds, GET_NEW, |row| {
            row.set_text("GroupID", group.group_id.as_str());
            row.set_date("JEDate", group.je_date);
            row.set_text("JournalCode", &group.journal_code);
            row.set_text("RowMod", "A");
        })?;
        ds = self.check_fiscal_year(group, ds).await?;
        if first(&ds, CHECK_FISCAL_YEAR)?.text("BookMode").in_answer_to(CHECK_FISCAL_YEAR)?
            != SINGLE_BOOK
        {
            let parameters = json!({ "proposedBookMode": SINGLE_BOOK, "ds": ds });
            ds = self.dialogue(CHANGE_ENTRY_MODE, &parameters).await?;
        }
        if first(&ds, CHANGE_BOOK_ID)?.text("BookID").in_answer_to(CHANGE_BOOK_ID)? != group.book_id
        {
            let parameters = json!({ "proposeBookID": group.book_id, "ds": ds });
            ds = self.dialogue(CHANGE_BOOK_ID, &parameters).await?;
        }
        if first(&ds, CHANGE_JOURNAL_CODE)?.text("JournalCode").in_answer_to(CHANGE_JOURNAL_CODE)?
            != group.journal_code
        {
            let parameters = json!({ "proposedJournalCode": group.journal_code, "ds": ds });
            ds = self.dialogue(CHANGE_JOURNAL_CODE, &parameters).await?;
        }
        self.save_group(group, &ds).await
    }

    async fn check_fiscal_year(&self, group: &NewGroup, ds: Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "ds": ds,
            "cGroupID": group.group_id.as_str(),
            "cJEDate": date_text(group.je_date),
        });
        let call = Call::method(CHECK_FISCAL_YEAR, Effect::Repeatable, &parameters);
        let answer = self.client.call_method(&call).await?;
        let message = answer.outputs().text("opMessage").in_answer_to(CHECK_FISCAL_YEAR)?;
        if !message.is_empty() {
            return Err(Error::PeriodRefused {
                group_id: group.group_id.to_string(),
                date: group.je_date,
                message: message.to_owned(),
            });
        }
        answer.dataset().in_answer_to(CHECK_FISCAL_YEAR)
    }

    async fn save_group(&self, group: &NewGroup, ds: &Dataset) -> Result<Group, Error> {
        let saved = self.save(UPDATE, ds).await?;
        let unknown = |error: Error| error.outcome_unknown(UPDATE);
        let row = first(&saved, UPDATE).map_err(unknown)?;
        let saved = Group::read(row).in_answer_to(UPDATE).map_err(unknown)?;
        for (column, sent, kept) in [
            ("GroupID", group.group_id.as_str(), &saved.group_id),
            ("BookID", &group.book_id, &saved.book_id),
            ("JournalCode", &group.journal_code, &saved.journal_code),
        ] {
            if sent != kept {
                let difference = format!("{column} {sent} became {kept}");
                return Err(Error::NotAsSent { operation: UPDATE, difference });
            }
        }
        if saved.je_date != Some(group.je_date) {
            let difference = format!("JEDate {} was not kept", group.je_date);
            return Err(Error::NotAsSent { operation: UPDATE, difference });
        }
        Ok(saved)
    }

    /// A step of a dialogue: a dataset in, the next dataset out, nothing saved.
    pub(super) async fn dialogue(
        &self,
        operation: &'static str,
        parameters: &serde_json::Value,
    ) -> Result<Dataset, Error> {
        let call = Call::method(operation, Effect::Repeatable, parameters);
        self.client.call_method(&call).await?.dataset().in_answer_to(operation)
    }

    /// Saves a dataset, and gives back what was saved. Without that the outcome is unknown.
    pub(super) async fn save(
        &self,
        operation: &'static str,
        ds: &Dataset,
    ) -> Result<Dataset, Error> {
        let call = Call::method(operation, Effect::Write, &json!({ "ds": ds }));
        let answer = self.client.call_method(&call).await?;
        answer.dataset().in_answer_to(operation).map_err(|error| error.outcome_unknown(operation))
    }
}

fn first<'a>(ds: &'a Dataset, operation: &'static str) -> Result<&'a Row, Error> {
    ds.rows(TABLE)
        .first()
        .ok_or_else(|| Error::invalid_response(operation, "it holds no row of GLJrnGrp"))
}

fn edit(
    ds: &mut Dataset,
    operation: &'static str,
    change: impl FnOnce(&mut Row),
) -> Result<(), Error> {
    let row = ds
        .rows_mut(TABLE)
        .first_mut()
        .ok_or_else(|| Error::invalid_response(operation, "it holds no row of GLJrnGrp"))?;
    change(row);
    Ok(())
}
