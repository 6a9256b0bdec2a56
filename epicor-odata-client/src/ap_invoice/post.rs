use serde_json::json;

use super::ApInvoices;
use crate::dataset::{Dataset, Row};
use crate::error::{Error, ReadAnswer};
use crate::group_id::GroupId;
use crate::task::{self, Agent, Task};

const PRE_POST: &str = "Erp.BO.APInvGrpSvc/PrePostGroupInvoices";
const UNLOCK: &str = "Erp.BO.APInvGrpSvc/UnlockGroup";
const RUN_DIRECT: &str = "Erp.PROC.APInvoicePostSvc/RunDirect";
const SUBMIT: &str = "Erp.PROC.APInvoicePostSvc/SubmitToAgent";
const PARAMETERS: &str = "APInvoicePostParam";
/// The screen the task is said to come from; Epicor refuses an empty one.
const SCREEN: &str = "Erp.UI.App.APInvoiceEntry";

impl ApInvoices<'_> {
    /// Gives up our user's lock on a group, so that people can open it.
    ///
    /// # Errors
    /// Any [`Error`] but [`Error::OutcomeUnknown`]: unlocking twice is harmless.
    pub async fn unlock_group(&self, group_id: &GroupId) -> Result<(), Error> {
        let parameters = json!({ "InGroupID": group_id.as_str() });
        self.client.ask(UNLOCK, &parameters).await.map(|_| ())
    }

    /// Posts all invoices of a group, waiting for the end. This cannot be undone. The posting
    /// program says nothing: `posted` of the [invoice](ApInvoices::by_number) tells. `note` is what
    /// its task is found by.
    ///
    /// # Errors
    /// [`Error::NotPosted`] when Epicor's check before posting objects: nothing was posted.
    /// [`Error::OutcomeUnknown`] when it may have posted or not: look before anything else.
    pub async fn post_group(&self, group_id: &GroupId, note: &str) -> Result<(), Error> {
        self.check_before_post(group_id).await?;
        let parameters = json!({ "ds": parameters(group_id, note) });
        self.client.write(RUN_DIRECT, &parameters).await.map(|_| ())
    }

    /// Hands the posting of a group to a task agent.
    ///
    /// # Errors
    /// As [`post_group`](Self::post_group).
    pub async fn submit_posting(
        &self,
        group_id: &GroupId,
        note: &str,
        agent: &Agent,
    ) -> Result<(), Error> {
        self.check_before_post(group_id).await?;
        let parameters = agent.submission(&parameters(group_id, note), SCREEN);
        self.client.write(SUBMIT, &parameters).await.map(|_| ())
    }

    /// The tasks submitted with this note, newest first.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn posting_tasks(&self, note: &str) -> Result<Vec<Task>, Error> {
        task::by_note(self.client, note).await
    }

    async fn check_before_post(&self, group_id: &GroupId) -> Result<(), Error> {
        let parameters = json!({ "PostGroupID": group_id.as_str() });
        let answer = self.client.ask(PRE_POST, &parameters).await?;
        let outputs = answer.outputs();
        let mut objections = Vec::new();
        for name in ["ReturnMessage", "VarianceMessage"] {
            let message = outputs.text(name).in_answer_to(PRE_POST)?;
            objections.extend(Some(message.to_owned()).filter(|message| !message.is_empty()));
        }
        if outputs.boolean("TaxCalcFlag").in_answer_to(PRE_POST)? {
            objections.push("its taxes are to be calculated first".to_owned());
        }
        if objections.is_empty() {
            return Ok(());
        }
        let message = objections.join("; ");
        Err(Error::NotPosted { group_id: group_id.to_string(), message })
    }
}

fn parameters(group_id: &GroupId, note: &str) -> Dataset {
    let mut row = Row::new();
    row.set_text("GroupID", group_id.as_str());
    task::write_note(&mut row, note);
    task::parameters(PARAMETERS, row)
}
