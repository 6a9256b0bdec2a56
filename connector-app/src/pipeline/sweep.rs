//! The sweep: counts each key in the system it was written into. Once, or it is an incident.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{OrderKey, PostingRecord, PostingSummary, RecordKey, RecordKind, Store};
use wire::Clock;

use super::audit::Scribe;
use super::order::State as OrderState;
use super::posting::Step;
use super::run_posting::draft_of;
use super::{Actor, Watch};
use crate::ledger::{DocumentTarget, Kind};

/// How far back keys are counted.
const WINDOW: SignedDuration = SignedDuration::from_hours(45 * 24);

/// The kinds that are not kept under their keys in Epicor: Amazon counts a package by its reference
/// alone, and a cross reference is a master that people change.
const NOT_COUNTED: [&str; 2] = [Kind::ShipmentConfirmation.as_str(), Kind::CrossReference.as_str()];

/// How often.
const PERIOD: SignedDuration = SignedDuration::from_hours(24);

/// Counts the keys of one connection.
#[derive(Clone, Copy)]
pub struct Sweep<'a> {
    /// The connection's name.
    pub connection: &'a str,
    /// Where its postings are kept.
    pub store: &'a Store,
    /// What they were written into.
    pub target: &'a dyn DocumentTarget,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told what is going on.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for Sweep<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sweep").field("connection", &self.connection).finish_non_exhaustive()
    }
}

/// What a sweep found.
#[derive(Debug, Default)]
pub struct Swept {
    /// How many keys were counted.
    pub counted: usize,
    /// The keys that do not stand there exactly once.
    pub incidents: Vec<Incident>,
    /// The keys that could not be counted now, with the reason; the next sweep does.
    pub failures: Vec<(String, anyhow::Error)>,
}

/// A document that does not stand in the other system exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// `missing` or `more_than_once`.
    pub reason: String,
    /// The document's key.
    pub key: String,
    /// The settlement, order or shipment it was written for.
    pub record: String,
    /// How often it was found.
    pub hits: u32,
    /// What happened, who must act, what to do.
    pub message: String,
}

impl Incident {
    /// The reason of one that is not found any more.
    pub const MISSING: &'static str = "missing";

    /// The incident that was noted with a posting.
    #[must_use]
    pub fn of(posting: &PostingRecord) -> Option<Self> {
        serde_json::from_str(posting.incident.as_deref()?).ok()
    }

    fn judge(posting: &PostingRecord, hits: u32) -> Option<Self> {
        let is_done = posting.step == Step::Confirmed.as_str();
        let PostingRecord { key, kind, token, record, .. } = posting;
        let (reason, message) = match hits {
            0 if is_done => (
                Self::MISSING,
                format!(
                    "{kind} {key} was confirmed, and nothing in the other system starts with {token} now. \
                     The finance clerk asks who removed it; it is not written again by itself"
                ),
            ),
            0 | 1 => return None,
            _ => (
                "more_than_once",
                format!(
                    "{kind} {key} stands there {hits} times. The finance clerk searches {token}, compares, \
                     and reverses what is too much"
                ),
            ),
        };
        Some(Self {
            reason: reason.to_owned(),
            key: key.clone(),
            record: record.id.clone(),
            hits,
            message,
        })
    }
}

impl Sweep<'_> {
    /// Whether a day has gone by since any key was counted, or written.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn is_due(&self) -> anyhow::Result<bool> {
        let now = self.clock.now();
        let since = before(now, WINDOW);
        let longest = self.store.longest_uncounted(self.connection, since, &NOT_COUNTED).await?;
        Ok(longest.is_some_and(|at| at < before(now, PERIOD)))
    }

    /// Counts every key of the window. One that cannot be counted never stops the others.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn run(&self) -> anyhow::Result<Swept> {
        let since = before(self.clock.now(), WINDOW);
        let mut swept = Swept::default();
        let postings = self.store.postings_since(self.connection, since).await?;
        let is_counted = |one: &PostingSummary| !NOT_COUNTED.contains(&one.kind.as_str());
        for PostingSummary { key, .. } in postings.into_iter().filter(is_counted) {
            // What was purged since needs no count.
            let Some(posting) = self.store.posting(&key).await? else { continue };
            self.watch.note(&format!("counting {}", posting.key));
            let hits = match draft_of(&posting) {
                Ok(draft) => self.target.count(&draft).await,
                Err(error) => Err(error),
            };
            match hits {
                Ok(hits) => {
                    swept.counted += 1;
                    swept.incidents.extend(self.note(&posting, hits).await?);
                }
                Err(error) => swept.failures.push((format!("posting {}", posting.key), error)),
            }
        }
        Ok(swept)
    }

    /// Whether nothing need be left of it: the sales order of an order that was cancelled is deleted
    /// where the configuration says so.
    async fn may_be_gone(&self, posting: &PostingRecord) -> Result<bool, store::Error> {
        let RecordKey { connection, kind, id } = &posting.record;
        if *kind != RecordKind::Order {
            return Ok(false);
        }
        let key = OrderKey { connection: connection.clone(), order_id: id.clone() };
        let order = self.store.order(&key).await?;
        Ok(order.is_some_and(|order| order.state == OrderState::Closed.as_str()))
    }

    /// Keeps what was counted. An event tells of an incident that is new, or gone.
    async fn note(&self, posting: &PostingRecord, hits: u32) -> anyhow::Result<Option<Incident>> {
        let now = self.clock.now();
        let hits = if hits == 0 && self.may_be_gone(posting).await? { 1 } else { hits };
        let incident = Incident::judge(posting, hits);
        let known = Incident::of(posting);
        let changed = incident != known;
        let action = if incident.is_some() { "incident" } else { "incident resolved" };
        let scribe = Scribe { connection: self.connection, at: now };
        let event = scribe.event(
            &Actor::Connector,
            &posting.record.id,
            format!("posting {}", posting.key),
            action,
            (None, None),
            json!({ "kind": posting.kind, "token": posting.token, "hits": hits,
                    "message": incident.as_ref().or(known.as_ref()).map(|i| &i.message) }),
        );
        let stored = incident.as_ref().map(serde_json::to_string).transpose()?;
        let event = changed.then_some(&event);
        self.store.posting_swept(self.connection, &posting.key, now, stored, event).await?;
        Ok(incident)
    }
}

fn before(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}
