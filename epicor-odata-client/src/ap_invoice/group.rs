use jiff::civil::Date;
use serde_json::json;

use super::ApInvoices;
use crate::dialogue::{newest, newest_mut, not_as_sent};
use crate::error::{Error, ReadAnswer};
use crate::group_id::GroupId;
use crate::odata::Filter;
use crate::record::{Record, record};

const GET_NEW: &str = "Erp.BO.APInvGrpSvc/GetNewAPInvGrpNoLock";
const UPDATE: &str = "Erp.BO.APInvGrpSvc/Update";
const DELETE: &str = "Erp.BO.APInvGrpSvc/DeleteByID";

const TABLE: &str = "APInvGrp";

record! {
    /// A group of AP invoices in entry: a row of `APInvGrp`. One that posted fully is gone.
    ApGroup in "Erp.BO.APInvGrpSvc/APInvGrps" by ["GroupID"] {
        group_id: String = "GroupID",
        /// The day its invoices are booked on.
        apply_date: Option<Date> = "ApplyDate",
        /// The user who made it.
        created_by: String = "CreatedBy",
        /// The user who has it open; empty when nobody has.
        active_user_id: String = "ActiveUserID",
        /// Why the last posting failed; empty when none did.
        post_error_log: String = "PostErrorLog",
        /// A posting is at work.
        post_in_process: bool = "PostInProcess",
    }
}

impl ApInvoices<'_> {
    /// The group with this id, if it is in entry.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn group(&self, group_id: &GroupId) -> Result<Option<ApGroup>, Error> {
        self.client.records().only(Filter::eq("GroupID", group_id.as_str())).await
    }

    /// Makes a group, without a lock.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when the id is in use, [`Error::OutcomeUnknown`] when it may have
    /// been made or not.
    pub async fn create_group(
        &self,
        group_id: &GroupId,
        apply_date: Date,
    ) -> Result<ApGroup, Error> {
        let mut ds = self.client.step(GET_NEW, &json!({ "ds": {} })).await?;
        let row = newest_mut(&mut ds, TABLE, GET_NEW)?;
        row.set_text("GroupID", group_id.as_str());
        row.set_date("ApplyDate", apply_date);
        row.set_text("RowMod", "A");
        let saved = self.client.save(UPDATE, &ds).await?;
        let saved = newest(&saved, TABLE, UPDATE)
            .and_then(|row| ApGroup::from_row(row).in_answer_to(UPDATE))
            .map_err(|error| error.outcome_unknown(UPDATE))?;
        if saved.group_id != group_id.as_str() || saved.apply_date != Some(apply_date) {
            return Err(not_as_sent(UPDATE, "the group's id or its ApplyDate was not kept"));
        }
        Ok(saved)
    }

    /// Removes a group without invoices. One that is gone already is no error.
    ///
    /// # Errors
    /// Any [`Error`]; after [`Error::OutcomeUnknown`] look again before repeating it.
    pub async fn remove_group(&self, group_id: &GroupId) -> Result<(), Error> {
        self.client.delete(DELETE, &json!({ "groupID": group_id.as_str() })).await
    }
}
