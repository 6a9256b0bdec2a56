use serde_json::json;

use super::{GlJournals, GroupId};
use crate::call::{Call, Effect};
use crate::error::{Error, ReadAnswer};

const UNLOCK: &str = "Erp.BO.GLJrnGrpSvc/UnlockGroup";
const CHECK: &str = "Erp.BO.GLJrnGrpSvc/CheckBeforePost";
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
        let call = Call::method(UNLOCK, Effect::Repeatable, &parameters);
        self.client.call_method(&call).await.map(|_| ())
    }

    /// Posts all journals of a group. This cannot be undone, only reversed by another journal.
    ///
    /// # Errors
    /// [`Error::NotPosted`] when Epicor says that not all was posted: a definite no for a group
    /// with one journal. [`Error::OutcomeUnknown`] when it may have posted or not: look in
    /// [`group`](GlJournals::group), [`journals_in_group`](GlJournals::journals_in_group) and
    /// [`posted`](GlJournals::posted) before doing anything else.
    pub async fn post_group(&self, group_id: &GroupId) -> Result<Posted, Error> {
        let parameters = json!({ "groupID": group_id.as_str() });
        self.client.call_method(&Call::method(CHECK, Effect::Repeatable, &parameters)).await?;

        let parameters = json!({ "postGroupID": group_id.as_str() });
        let call = Call::method(POST, Effect::Write, &parameters);
        let answer = self.client.call_method(&call).await?;
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
}
