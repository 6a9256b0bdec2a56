//! Takes an accepted mapping into Epicor: one cross reference for each customer, written once.

use anyhow::Context as _;
use serde_json::json;
use store::{MappedTo, MappingKey, MappingRecord, Store};
use wire::Clock;

use super::audit::Scribe;
use super::mapping::{Event, State, decide};
use super::run_posting::{PostingEnd, PostingRunner, draft_of, intent_of};
use super::{Actor, HeldReason, Site, UnknownWord, Watch};
use crate::ledger::cross_reference::CrossReference;
use crate::ledger::{Document, Draft, EpicorLedger};

/// Names the part of a SKU; from then on orders and settlements go by it. Its cross reference is
/// written once none of the SKU is on its way any more.
///
/// # Errors
/// The store's errors.
pub async fn accept(
    store: &Store,
    key: &MappingKey,
    to: &MappedTo,
    actor: &Actor,
    clock: &dyn Clock,
) -> anyhow::Result<()> {
    let before = store.mapping(key).await?;
    let from = before.as_ref().map(state_of).transpose()?;
    let state = match from {
        None => State::Accepted,
        Some(state) => decide(state, Event::Accepted)?,
    };
    let moved = (from.map(State::as_str), state.as_str());
    let scribe = Scribe { connection: &key.connection, at: clock.now() };
    let event = scribe.event(
        actor,
        &key.sku,
        format!("SKU {}", key.sku),
        Event::Accepted.name(),
        (moved.0, Some(moved.1)),
        json!({ "part": to.part, "unit": to.unit, "multiple": to.multiple }),
    );
    Ok(store.mapping_accepted(key, to, moved, &event).await?)
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
    /// The store's errors, and Epicor's when it cannot be asked now.
    pub async fn run(&self, key: &MappingKey) -> anyhow::Result<State> {
        loop {
            let record = self.load(key).await?;
            match state_of(&record)? {
                State::Accepted if !self.customers.is_empty() => self.intend(&record).await?,
                State::Writing => self.write(&record).await?,
                state => return Ok(state),
            }
        }
    }

    async fn intend(&self, record: &MappingRecord) -> anyhow::Result<()> {
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
        self.advance(record, Event::Intended, &[], &intents).await
    }

    /// Runs the cross references that were intended last.
    async fn write(&self, record: &MappingRecord) -> anyhow::Result<()> {
        let runner = PostingRunner {
            store: self.store,
            target: self.ledger,
            clock: self.clock,
            watch: self.watch,
            policy: &self.site.posting,
        };
        let newest = format!("/r{}", record.revision.saturating_sub(1));
        let mut renamed = false;
        for posting in self.store.postings_of(&record.key).await? {
            if !posting.key.ends_with(&newest) {
                continue;
            }
            let part = part_of(draft_of(&posting)?)?;
            renamed |= part != record.to.part;
            match runner.run(&posting.key).await? {
                PostingEnd::Confirmed(_) => {}
                PostingEnd::Held(why) => {
                    let sku = &record.key.sku;
                    let message = format!(
                        "SKU {sku} is part {part} here, and Epicor did not take the cross reference: \
                         {why}. Somebody who knows the articles corrects it there, or accepts another \
                         part with `ml-connector catalog accept {sku} PART`"
                    );
                    let reasons = [HeldReason::posting_held(message)];
                    return self
                        .advance(record, Event::PostingHeld { renamed }, &reasons, &[])
                        .await;
                }
            }
        }
        self.advance(record, Event::Confirmed { renamed }, &[], &[]).await
    }

    async fn advance(
        &self,
        record: &MappingRecord,
        event: Event,
        reasons: &[HeldReason],
        intents: &[store::NewPosting],
    ) -> anyhow::Result<()> {
        let key = &record.key;
        let from = state_of(record)?;
        let to = decide(from, event)?;
        let scribe = Scribe { connection: &key.connection, at: self.clock.now() };
        let audit = scribe.event(
            &Actor::Connector,
            &key.sku,
            format!("SKU {}", key.sku),
            event.name(),
            (Some(from.as_str()), Some(to.as_str())),
            json!({ "part": record.to.part, "reasons": reasons }),
        );
        // A part that was named meanwhile is not held for what became of the one before.
        let hold = (to == State::Held).then(|| HeldReason::to_stored(reasons));
        let moved = (from.as_str(), to.as_str());
        Ok(self.store.mapping_advance(key, moved, hold.as_deref(), intents, &audit).await?)
    }

    async fn load(&self, key: &MappingKey) -> anyhow::Result<MappingRecord> {
        self.store.mapping(key).await?.with_context(|| format!("there is no part for {key}"))
    }
}

/// The part that a cross reference names.
fn part_of(draft: Draft) -> anyhow::Result<String> {
    match draft.document {
        Document::CrossReference(reference) => Ok(reference.part),
        other => anyhow::bail!("the document {} is a {}", draft.key, other.kind()),
    }
}

/// The state of a stored mapping.
fn state_of(record: &MappingRecord) -> Result<State, UnknownWord> {
    State::parse(&record.state)
        .ok_or_else(|| UnknownWord { record: record.key.to_string(), word: record.state.clone() })
}
