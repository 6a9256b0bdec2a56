//! Posting in the background, by Epicor's task agent, and what became of it.

use serde_json::json;

use super::{GlJournals, GroupId};
use crate::dataset::{Dataset, Row};
use crate::error::Error;
use crate::task::{self, Task};

const RUN_DIRECT: &str = "Erp.PROC.GLJrnAsynchSvc/RunDirect";
const SUBMIT: &str = "Erp.PROC.GLJrnAsynchSvc/SubmitToAgent";
const PARAMETERS: &str = "GLJrnAsynchParam";
/// The screen the task is said to come from; Epicor refuses an empty one.
const SCREEN: &str = "Erp.UI.App.GLJournalEntry";

pub use crate::task::{Agent, TaskState};

/// A posting in the background.
pub type PostingTask = Task;

impl GlJournals<'_> {
    /// Posts a group by the background program, waiting for its end. The program says nothing:
    /// only the look-ups tell whether it posted.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::OutcomeUnknown`] for a lost answer, like any posting.
    pub async fn run_posting(&self, group_id: &GroupId, note: &str) -> Result<(), Error> {
        let parameters = json!({ "ds": parameters(group_id, note) });
        self.client.write(RUN_DIRECT, &parameters).await.map(|_| ())
    }

    /// Hands the posting of a group to a task agent. `note` is what the task is found by
    /// ([`posting_tasks`](GlJournals::posting_tasks)): the journal's token.
    ///
    /// # Errors
    /// Any [`Error`]; [`Error::OutcomeUnknown`] for a lost answer: look for the task, and for the
    /// journal itself, before submitting again.
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

    /// The tasks submitted with this note, newest first. Their state is the task's: whether the
    /// journal is posted, [`posted`](GlJournals::posted) tells.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn posting_tasks(&self, note: &str) -> Result<Vec<PostingTask>, Error> {
        task::by_note(self.client, note).await
    }
}

fn parameters(group_id: &GroupId, note: &str) -> Dataset {
    let mut row = Row::new();
    row.set_text("GroupID", group_id.as_str());
    row.set_text("BookMode", "S");
    task::write_note(&mut row, note);
    task::parameters(PARAMETERS, row)
}
