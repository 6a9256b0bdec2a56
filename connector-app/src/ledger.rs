//! Where journals go: the four things the posting table asks of an ERP, and Epicor doing them.

mod compare;
mod epicor;
mod guard;

use async_trait::async_trait;
use jiff::Timestamp;
use ledger_mapper::Journal;
use serde::{Deserialize, Serialize};

pub use epicor::{EpicorLedger, JournalFields};

use crate::pipeline::posting::Found;

/// One document to write: the journal and the key it is known by on both sides.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Draft {
    /// The journal, complete with its sources.
    pub journal: Journal,
    /// Starts every description we write; unmistakable and searchable.
    pub token: String,
    /// The journal group (`GroupID`), derived from the token.
    pub group_id: String,
}

impl Draft {
    /// The draft of a journal; key, token and group follow from the journal alone.
    #[must_use]
    pub fn new(journal: Journal) -> Self {
        let token = journal.key.token();
        // GroupID takes nine characters; the token's "ML" is replaced by one letter of ours.
        let group_id = format!("M{}", token.chars().skip(2).take(8).collect::<String>());
        Self { journal, token, group_id }
    }
}

/// What a look-up saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where the document stands in the ERP.
    pub found: Found,
    /// The ERP's own number for it, once there is one.
    pub number: Option<String>,
    /// What a person should know, such as how it differs.
    pub note: String,
}

/// The outcome of something sent. Anything that is not a clear yes or no is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// Acknowledged.
    Done,
    /// A definite no, with the ERP's reason.
    Refused(String),
    /// The last request of it never left: too late for the send grace, or no connection.
    NotSent(String),
    /// It may or may not have happened.
    Unknown(String),
}

/// The ERP cannot take the journal as it stands: reasons for people, nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// A stable code: `account_missing`, `account_inactive`, `period_closed`, `period_missing`.
    pub reason: &'static str,
    /// What is wrong, who acts, what to do.
    pub message: String,
}

/// An ERP's general ledger, as far as posting needs it.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Reads what stands in the way of these journals: missing or inactive accounts, closed periods.
    async fn obstacles(&self, journals: &[Journal]) -> anyhow::Result<Vec<Obstacle>>;

    /// Reads entry, review and posted lines by the draft's key.
    async fn look_up(&self, draft: &Draft) -> anyhow::Result<Seen>;

    /// Sends group, header and lines; the first request leaves no later than `not_after`, and each
    /// next one soon after the answer to the last.
    async fn write(&self, draft: &Draft, not_after: Timestamp) -> Sent;

    /// Posts what was entered; not later than `not_after`.
    async fn post(&self, draft: &Draft, not_after: Timestamp) -> Sent;

    /// Removes our unposted remains, as timely as [`write`](Self::write).
    async fn remove(&self, draft: &Draft, not_after: Timestamp) -> Sent;
}
