//! Where documents go: what the posting table asks of the system that takes them, and Epicor doing it.
//!
//! A [`Draft`] is one [`Document`] with its key; [`DocumentTarget`] looks it up, writes it, posts it,
//! removes its unposted remains, and counts it for the [sweep](crate::pipeline::Sweep).
//! [`PostingRunner`](crate::pipeline::PostingRunner) drives any document through one table by the
//! first four, so that each kind is written exactly once by the same mechanism. [`Ledger`] is a target
//! that can also say what stands in the way of documents.
//!
//! Another kind of document takes four steps:
//! 1. a variant of [`Document`], which gives its stored form, its [`Kind`] and its key;
//! 2. what the target does with it. For Epicor: a file beside `epicor/journal.rs`, named in
//!    [`EpicorLedger`]'s one `match`. For another system: a [`DocumentTarget`] of its own. Its
//!    look-up answers [`Found::Entered`] for the whole document, and for one that is posted, too,
//!    [`Found::Posted`]; a kind that [is not posted](Kind::is_posted) is confirmed at "entered";
//! 3. its intents, [recorded](store::Store::intents_recorded) in the transaction that moves its
//!    record, each made by [`intent_of`](crate::pipeline::intent_of);
//! 4. a worker for its record that runs the [postings](store::Store::postings_of) of the record.

mod compare;
pub mod cross_reference;
pub mod customer_shipment;
mod document;
mod epicor;
mod guard;
pub mod sales_order;
pub mod shipment;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use ledger_mapper::ShipTo;
use serde::Serialize;

pub use document::{Document, Draft, Kind};
pub use epicor::{EpicorLedger, JournalFields, PartsFound};

use crate::config::MappedPart;
use crate::pipeline::posting::Found;

/// What a look-up saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where the document stands.
    pub found: Found,
    /// The other system's own number for it, once there is one.
    pub number: Option<String>,
    /// What a person should know, such as how it differs.
    pub note: String,
}

/// The outcome of something sent. Anything that is not a clear yes or no is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// Acknowledged.
    Done,
    /// A definite no, with the other system's reason.
    Refused(String),
    /// The last request of it never left: too late for the send grace, or no connection.
    NotSent(String),
    /// It may or may not have happened.
    Unknown(String),
}

/// The ERP cannot take a document as it stands: reasons for people, nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// A stable code: `account_missing`, `account_inactive`, `period_closed`, `period_missing`,
    /// `vendor_missing`, `vendor_inactive`, `part_missing`, `part_inactive`, `part_ambiguous`.
    pub reason: &'static str,
    /// What is wrong, who acts, what to do.
    pub message: String,
}

/// A system that takes documents, as far as posting needs it.
#[async_trait]
pub trait DocumentTarget: Send + Sync {
    /// Reads what is there under the draft's key: in entry, in review, posted.
    async fn look_up(&self, draft: &Draft) -> anyhow::Result<Seen>;

    /// Sends the document, unposted; the first request leaves no later than `not_after`, and each
    /// next one soon after the answer to the last.
    async fn write(&self, draft: &Draft, not_after: Timestamp) -> Sent;

    /// Posts what was entered; not later than `not_after`. Never asked of a kind that
    /// [is not posted](Kind::is_posted).
    async fn post(&self, draft: &Draft, not_after: Timestamp) -> Sent;

    /// Counts how often the document stands there, in entry or posted, by its token alone: anywhere,
    /// in whatever group or under whatever number.
    async fn count(&self, draft: &Draft) -> anyhow::Result<u32>;

    /// Removes our unposted remains, as timely as [`write`](Self::write).
    async fn remove(&self, draft: &Draft, not_after: Timestamp) -> Sent;
}

/// An ERP's books: a target that knows before anything is sent what it would refuse.
#[async_trait]
pub trait Ledger: DocumentTarget {
    /// Reads what stands in the way of these documents: missing or inactive accounts and
    /// vendors, closed periods.
    async fn obstacles(&self, documents: &[Document]) -> anyhow::Result<Vec<Obstacle>>;

    /// Reads which of these SKUs have no part that may be sold: by what people `mapped`, else by the
    /// cross references of these customers (`CustID`), else by the part's own number.
    async fn lacking_parts(
        &self,
        customers: &[String],
        skus: &BTreeSet<String>,
        mapped: &BTreeMap<String, MappedPart>,
    ) -> anyhow::Result<Vec<Obstacle>>;
}

/// Where orders go: buyers' addresses, asked for when an order is written and kept nowhere.
#[async_trait]
pub trait AddressBook: Send + Sync {
    /// The address of an order; `None` when Amazon gives none.
    async fn address(&self, order_id: &str) -> anyhow::Result<Option<ShipTo>>;
}
