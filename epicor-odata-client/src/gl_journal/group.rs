use jiff::civil::Date;
use serde_json::json;

use super::{GlJournals, GroupId, MAX_ROWS};
use crate::dataset::{ColumnError, Dataset, Row, date_text};
use crate::dialogue::{newest, newest_mut, not_as_sent};
use crate::entry::Entry;
use crate::error::{Error, ReadAnswer};
use crate::odata::{Filter, Query};

const GET_NEW: &str = "Erp.BO.GLJrnGrpSvc/GetNewGLJrnGrp";
const CHECK_FISCAL_YEAR: &str = "Erp.BO.GLJrnGrpSvc/CheckFiscalYear";
const CHANGE_ENTRY_MODE: &str = "Erp.BO.GLJrnGrpSvc/ChangeEntryMode";
const CHANGE_BOOK_ID: &str = "Erp.BO.GLJrnGrpSvc/ChangeBookID";
const CHANGE_JOURNAL_CODE: &str = "Erp.BO.GLJrnGrpSvc/ChangeJournalCode";
const UPDATE: &str = "Erp.BO.GLJrnGrpSvc/Update";
const UPDATE_NO_LOCK: &str = "Erp.BO.GLJrnGrpSvc/UpdateNoLock";
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
    /// [`unlock_group`](GlJournals::unlock_group), unless it is entered in the compact way.
    ///
    /// # Errors
    /// [`Error::PeriodRefused`] for a date in no open period, [`Error::Duplicate`] when the id is
    /// in use, [`Error::OutcomeUnknown`] when it may have been made or not.
    pub async fn create_group(&self, group: &NewGroup) -> Result<Group, Error> {
        match self.entry {
            Entry::Dialogue => {
                let ds = self.prepare_group(group).await?;
                self.save_group(group, UPDATE, &ds).await
            }
            Entry::Compact => {
                let mut ds = Dataset::new();
                let mut row = Row::new();
                row.set_text("Company", self.client.company());
                row.set_text("BookMode", SINGLE_BOOK);
                row.set_text("BookID", &group.book_id);
                group.write_to(&mut row);
                ds.rows_mut(TABLE).push(row);
                let ds = self.check_fiscal_year(group, &ds).await?;
                self.save_group(group, UPDATE_NO_LOCK, &ds).await
            }
        }
    }

    /// The group's row, prepared by Epicor step by step.
    async fn prepare_group(&self, group: &NewGroup) -> Result<Dataset, Error> {
        let mut ds = self.client.step(GET_NEW, &json!({ "ds": {} })).await?;
        group.write_to(newest_mut(&mut ds, TABLE, GET_NEW)?);
        ds = self.check_fiscal_year(group, &ds).await?;
        for (column, wanted, operation, parameter) in [
            ("BookMode", SINGLE_BOOK, CHANGE_ENTRY_MODE, "proposedBookMode"),
            ("BookID", &group.book_id, CHANGE_BOOK_ID, "proposeBookID"),
            // Another book may bring its own journal code, so this comes last.
            ("JournalCode", &group.journal_code, CHANGE_JOURNAL_CODE, "proposedJournalCode"),
        ] {
            let row = newest(&ds, TABLE, operation)?;
            if row.text(column).in_answer_to(operation)? != wanted {
                let parameters = json!({ parameter: wanted, "ds": ds });
                ds = self.client.step(operation, &parameters).await?;
            }
        }
        Ok(ds)
    }

    async fn check_fiscal_year(&self, group: &NewGroup, ds: &Dataset) -> Result<Dataset, Error> {
        let parameters = json!({
            "ds": ds,
            "cGroupID": group.group_id.as_str(),
            "cJEDate": date_text(group.je_date),
        });
        let answer = self.client.ask(CHECK_FISCAL_YEAR, &parameters).await?;
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

    async fn save_group(
        &self,
        group: &NewGroup,
        operation: &'static str,
        ds: &Dataset,
    ) -> Result<Group, Error> {
        let saved = self.client.save(operation, ds).await?;
        let saved = newest(&saved, TABLE, operation)
            .and_then(|row| Group::read(row).in_answer_to(operation))
            .map_err(|error| error.outcome_unknown(operation))?;
        match group.difference(&saved) {
            None => Ok(saved),
            Some(difference) => Err(not_as_sent(operation, difference)),
        }
    }
}

impl NewGroup {
    fn write_to(&self, row: &mut Row) {
        row.set_text("GroupID", self.group_id.as_str());
        row.set_date("JEDate", self.je_date);
        row.set_text("JournalCode", &self.journal_code);
        row.set_text("RowMod", "A");
    }

    /// How a group in Epicor differs from this one.
    pub(super) fn difference(&self, saved: &Group) -> Option<String> {
        for (column, sent, kept) in [
            ("GroupID", self.group_id.as_str(), &saved.group_id),
            ("BookID", &self.book_id, &saved.book_id),
            ("JournalCode", &self.journal_code, &saved.journal_code),
        ] {
            if sent != kept {
                return Some(format!("{column} {sent} became {kept}"));
            }
        }
        let kept = saved.je_date == Some(self.je_date);
        (!kept).then(|| format!("JEDate {} was not kept", self.je_date))
    }
}
