use serde_json::{Value, json};

use super::{GlJournals, GroupId};
use crate::call::{Call, Effect};
use crate::entry::Entry;
use crate::error::{Error, ReadAnswer};

const UNLOCK: &str = "Erp.BO.GLJrnGrpSvc/UnlockGroup";
const CHECK: &str = "Erp.BO.GLJrnGrpSvc/CheckBeforePost";
const NEEDS_ASYNCHRONOUS: &str = "Erp.BO.GLJrnGrpSvc/IsNeedAsyncronousPosting";
const POST: &str = "Erp.BO.GLJrnGrpSvc/PostGroupJournals";

/// Epicor said that it posted every journal of the group. The group and its headers are gone;
/// [`posted`](GlJournals::posted) reads the lines back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posted;

impl GlJournals<'_> {
    /// Gives up our user's lock on a group, so that people can open it.
    ///
    /// # Errors
    /// Any [`Error`] but [`Error::OutcomeUnknown`]: unlocking twice is harmless, so it is
    /// repeated like a read.
    pub async fn unlock_group(&self, group_id: &GroupId) -> Result<(), Error> {
        let parameters = json!({ "inGroupID": group_id.as_str() });
        self.client.ask(UNLOCK, &parameters).await.map(|_| ())
    }

    /// Whether Epicor wants a group of this many lines posted in the background: then
    /// [`submit_posting`](GlJournals::submit_posting) is its way.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn needs_asynchronous_posting(
        &self,
        group_id: &GroupId,
        lines: usize,
    ) -> Result<bool, Error> {
        let parameters = json!({ "groupID": group_id.as_str(), "maxCountOfLines": lines });
        let call = Call::method(NEEDS_ASYNCHRONOUS, Effect::Read, &parameters);
        let answer = self.client.call_method(&call).await?;
        answer.outputs().boolean("returnObj").in_answer_to(NEEDS_ASYNCHRONOUS)
    }

    /// Posts all journals of a group. This cannot be undone, only reversed by another journal.
    ///
    /// # Errors
    /// [`Error::NotPosted`] when Epicor says that not all was posted: a definite no for a group
    /// with one journal. [`Error::OutcomeUnknown`] when it may have posted or not: look in
    /// [`group`](GlJournals::group), [`journals_in_group`](GlJournals::journals_in_group) and
    /// [`posted`](GlJournals::posted) before doing anything else.
    pub async fn post_group(&self, group_id: &GroupId) -> Result<Posted, Error> {
        if self.entry == Entry::Dialogue {
            self.check_before_post(group_id).await?;
        }
        let parameters: Value = json!({ "postGroupID": group_id.as_str() });
        let answer = self.client.write(POST, &parameters).await?;
        let message = answer
            .outputs()
            .text("NotAllPostedMessage")
            .in_answer_to(POST)
            .map_err(|error| error.outcome_unknown(POST))?;
        if message.is_empty() {
            return Ok(Posted);
        }
        Err(Error::NotPosted { group_id: group_id.to_string(), message: message.to_owned() })
    }

    pub(super) async fn check_before_post(&self, group_id: &GroupId) -> Result<(), Error> {
        let parameters = json!({ "groupID": group_id.as_str() });
        self.client.ask(CHECK, &parameters).await.map(|_| ())
    }
}
