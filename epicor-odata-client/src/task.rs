//! Epicor's background tasks: handing work to a task agent, and reading what became of it.

use std::fmt;

use serde_json::{Value, json};

use crate::client::Client;
use crate::dataset::{Dataset, Row};
use crate::error::Error;
use crate::odata::Filter;
use crate::record::record;

/// The task agent that background work is handed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent(
    /// Its `AgentID`.
    pub String,
);

/// The agent that every installation has.
impl Default for Agent {
    fn default() -> Self {
        Self("SystemTaskAgent".to_owned())
    }
}

impl Agent {
    /// The parameters of a `SubmitToAgent`: at once, on no schedule.
    pub(crate) fn submission(&self, ds: &Dataset, screen: &str) -> Value {
        json!({
            "ds": ds,
            "agentID": self.0,
            "agentSchedNum": 0,
            "agentTaskNum": 0,
            "maintProgram": screen,
        })
    }
}

record! {
    /// A background task: a row of `SysTask`.
    Task in "Ice.BO.SysMonitorTasksSvc/SysMonitorTasks" by ["SysTaskNum"] {
        task_num: i64 = "SysTaskNum",
        description: String = "TaskDescription",
        /// In Epicor's word; [`state`](Self::state) is its meaning.
        status: String = "TaskStatus",
        /// What it was submitted with.
        note: String = "TaskNote",
        /// The user who submitted it.
        submitted_by: String = "SubmitUser",
        /// What it did last, in Epicor's words.
        activity: String = "ActivityMsg",
    }
}

/// Where a background task stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskState {
    /// Not begun.
    Pending,
    /// At work.
    Active,
    /// Ended well, as the task sees it.
    Complete,
    /// Ended by an error, a person, or a timeout. Holds Epicor's word.
    Ended(String),
    /// A word this library does not know.
    Unknown(String),
}

impl Task {
    /// Where the task stands.
    #[must_use]
    pub fn state(&self) -> TaskState {
        match self.status.to_ascii_uppercase().as_str() {
            "PENDING" => TaskState::Pending,
            "ACTIVE" => TaskState::Active,
            "COMPLETE" => TaskState::Complete,
            "ERROR" | "CANCELLED" | "CANCELED" | "TIMEDOUT" => {
                TaskState::Ended(self.status.clone())
            }
            _ => TaskState::Unknown(self.status.clone()),
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("pending"),
            Self::Active => f.write_str("active"),
            Self::Complete => f.write_str("complete"),
            Self::Ended(word) | Self::Unknown(word) => f.write_str(word),
        }
    }
}

/// Marks a task's parameters with the note it is found by.
pub(crate) fn write_note(row: &mut Row, note: &str) {
    row.set_text("TaskNote", note);
}

/// The dataset of a background program's parameters.
pub(crate) fn parameters(table: &str, mut row: Row) -> Dataset {
    let mut ds = Dataset::new();
    row.set_text("RowMod", "A");
    ds.rows_mut(table).push(row);
    ds
}

/// The tasks submitted with this note, newest first.
pub(crate) async fn by_note(client: &Client, note: &str) -> Result<Vec<Task>, Error> {
    let mut tasks: Vec<Task> = client.records().matching(Filter::eq("TaskNote", note)).await?;
    tasks.reverse();
    Ok(tasks)
}
