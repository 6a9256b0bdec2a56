//! Takes an accepted mapping into Epicor: one cross reference for each customer, written once.

use anyhow::Context as _;
use serde_json::json;
use store::{MappedTo, MappingKey, MappingRecord, Store};
use wire::Clock;

use super::audit::Scribe;
use super::mapping::State;
use super::run_posting::{PostingEnd, PostingRunner, intent_of};
use super::{Actor, HeldReason, Site, UnknownWord, Watch};
use crate::ledger::cross_reference::CrossReference;
use crate::ledger::{Document, Draft, EpicorLedger};

/// Names the part of a SKU; from then on orders and settlements go by it.
///
/// # Errors
/// The store's errors.
pub async fn accept(
    store: &Store,
    key: &MappingKey,
    to: &MappedTo,
    actor: &Actor,
    clock: &dyn Clock,
) -> Result<(), store::Error> {
    let scribe = Scribe { connection: &key.connection, at: clock.now() };
    let event = scribe.event(
        actor,
        &key.sku,
        format!("SKU {}", key.sku),
        "accepted",
        (None, None),
        json!({ "part": to.part, "unit": to.unit, "multiple": to.multiple }),
    );
    store.mapping_accepted(key, to, State::Accepted.as_str(), &event).await
}

/// Writes the cross references of one connection's mappings.
#[derive(Clone, Copy)]
pub struct MappingWorker<'a> {
    /// The connection.
    pub site: &'a Site,
    /// The customers whose cross references are written: `CustID` and `CustNum`.
    pub customers: &'a [(String, i64)],
    /// Its state.
    pub store: &'a Store,
    /// The company.
    pub ledger: &'a EpicorLedger,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told about waits.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for MappingWorker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MappingWorker").field("site", &self.site).finish_non_exhaustive()
    }
}

impl MappingWorker<'_> {
    /// Goes on with a mapping from where it stands; returns where it got to.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn run(&self, key: &MappingKey) -> anyhow::Result<State> {
        let mut record = self.load(key).await?;
        let mut state = state_of(&record)?;
        if state == State::Accepted && !self.customers.is_empty() {
            state = self.intend(&record).await?;
            record = self.load(key).await?;
        }
        if state == State::Writing {
            state = self.write(&record).await?;
        }
        Ok(state)
    }

    async fn intend(&self, record: &MappingRecord) -> anyhow::Result<State> {
        let drafts = self.customers.iter().map(|(customer, cust_num)| {
            Draft::new(Document::CrossReference(CrossReference {
                connection: self.site.connection.clone(),
                revision: record.revision,
                cust_num: *cust_num,
                customer: customer.clone(),
                sku: record.key.sku.clone(),
                part: record.to.part.clone(),
            }))
        });
        let intents: Vec<_> = drafts.map(|draft| intent_of(&draft)).collect::<Result<_, _>>()?;
        let moved = (State::Accepted, State::Writing);
        self.advance(record, moved, None, &intents).await
    }

    /// Runs the cross references that were intended last.
    async fn write(&self, record: &MappingRecord) -> anyhow::Result<State> {
        let runner = PostingRunner {
            store: self.store,
            target: self.ledger,
            clock: self.clock,
            watch: self.watch,
            policy: &self.site.posting,
        };
        let newest = format!("/r{}", record.revision.saturating_sub(1));
        for posting in self.store.postings_of(&record.key).await? {
            if !posting.key.ends_with(&newest) {
                continue;
            }
            match runner.run(&posting.key).await? {
                PostingEnd::Confirmed(_) => {}
                PostingEnd::Held(why) => {
                    let sku = &record.key.sku;
                    let message = format!(
                        "SKU {sku} is part {} here, and Epicor did not take the cross reference: \
                         {why}. Somebody who knows the articles corrects it there, or accepts another \
                         part with `ml-connector catalog accept {sku} PART`",
                        record.to.part
                    );
                    let reason = HeldReason::new("posting_held", message);
                    let hold = HeldReason::to_stored(std::slice::from_ref(&reason));
                    let moved = (State::Writing, State::Held);
                    return self.advance(record, moved, Some(&hold), &[]).await;
                }
            }
        }
        self.advance(record, (State::Writing, State::Written), None, &[]).await
    }

    async fn advance(
        &self,
        record: &MappingRecord,
        (from, to): (State, State),
        hold: Option<&str>,
        intents: &[store::NewPosting],
    ) -> anyhow::Result<State> {
        let key = &record.key;
        let scribe = Scribe { connection: &key.connection, at: self.clock.now() };
        let event = scribe.event(
            &Actor::Connector,
            &key.sku,
            format!("SKU {}", key.sku),
            to.as_str(),
            (Some(from.as_str()), Some(to.as_str())),
            json!({ "part": record.to.part, "reasons": HeldReason::parse_all(hold) }),
        );
        let moved = (from.as_str(), to.as_str());
        self.store.mapping_advance(key, moved, hold, intents, &event).await?;
        Ok(to)
    }

    async fn load(&self, key: &MappingKey) -> anyhow::Result<MappingRecord> {
        self.store.mapping(key).await?.with_context(|| format!("there is no part for {key}"))
    }
}

/// The state of a stored mapping.
fn state_of(record: &MappingRecord) -> Result<State, UnknownWord> {
    State::parse(&record.state)
        .ok_or_else(|| UnknownWord { record: record.key.to_string(), word: record.state.clone() })
}
