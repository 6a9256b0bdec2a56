//! Takes Epicor's packs as far as they go: seen, confirmed to Amazon, read back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use epicor_odata_client::shipment::{Pack, PackLine, Shipment, ShippedQuery};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{
    OrderKey, OrderRecord, Poll, PostingRecord, ShipmentKey, ShipmentMove, ShipmentRecord, Store,
};

use super::audit::Scribe;
use super::posting::Step;
use super::run_posting::{PostingEnd, PostingRunner, draft_of, intent_of};
use super::shipment::{Event, State, decide};
use super::{Actor, Content, HeldReason, OrderWork, UnknownWord};
use crate::day::{begin_of, day_of};
use crate::ledger::shipment::{AmazonShipments, ShipmentConfirmation, Shipped};
use crate::ledger::{Document, Draft};

/// The name of the list in the store.
const LIST: &str = "packs";

/// A pack's day of change has no time and is the server's own; tracking numbers come late.
const OVERLAP: SignedDuration = SignedDuration::from_hours(48);

/// Moves the shipments of one connection through their life.
#[derive(Debug, Clone, Copy)]
pub struct ShipmentWorker<'a> {
    /// The connection's orders.
    pub work: OrderWork<'a>,
    /// Confirmations that Amazon has taken in a feed, by their keys.
    pub fed: &'a BTreeSet<String>,
}

impl ShipmentWorker<'_> {
    /// Reads the packs that changed since the last look and records what each says; returns how many
    /// packs of Amazon's orders were read.
    ///
    /// # Errors
    /// The store's errors and the ERP's.
    pub async fn look(&self) -> anyhow::Result<u64> {
        let now = self.work.clock.now();
        let connection = &self.work.site.connection;
        let first = begin_of(self.work.setting.since);
        let since = self.work.store.poll(connection, LIST).await?.map_or(first, |poll| poll.since);
        let changed_from = day_of(since - OVERLAP);
        let mut packs = 0;
        for cust_id in self.work.setting.all_customers() {
            let Some(customer) = self.work.ledger.customer(cust_id).await? else { continue };
            let when = self.work.setting.shipped_when.into();
            let query = ShippedQuery { changed_from, when, cust_num: Some(customer.cust_num) };
            for shipment in self.work.ledger.shipped(query).await? {
                packs += self.record(&shipment).await?;
            }
        }
        let read = Poll { since: now, until: None, page: None };
        self.work.store.polled(connection, LIST, &read, None).await?;
        Ok(packs)
    }

    /// Records a pack, for each of Amazon's orders in it.
    async fn record(&self, shipment: &Shipment) -> anyhow::Result<u64> {
        let mut lines: BTreeMap<i64, Vec<&PackLine>> = BTreeMap::new();
        for line in &shipment.lines {
            lines.entry(line.order_num).or_default().push(line);
        }
        let mut recorded = 0;
        for (order_num, lines) in lines {
            let number = order_num.to_string();
            let found = self.work.store.order_numbered(&self.work.site.connection, &number).await?;
            // A pack may also hold what was sold elsewhere.
            let Some(order) = found else { continue };
            let pack_num = shipment.pack.pack_num.to_string();
            let others = self.others(&order.key, &pack_num).await?;
            let with = (self.work.setting, others.as_slice());
            let content = Content::of(&shipment.pack, &lines, &order, with)?;
            self.record_one(&shipment.pack, &order, &content).await?;
            recorded += 1;
        }
        Ok(recorded)
    }

    /// What the order's other packs say.
    async fn others(&self, order: &OrderKey, pack_num: &str) -> anyhow::Result<Vec<Content>> {
        let shipments = self.work.store.shipments_of(order).await?;
        let others = shipments.iter().filter(|other| other.key.pack_num != pack_num);
        others.map(content_of).collect()
    }

    async fn record_one(
        &self,
        pack: &Pack,
        order: &OrderRecord,
        content: &Content,
    ) -> anyhow::Result<()> {
        let key = ShipmentKey {
            connection: self.work.site.connection.clone(),
            pack_num: pack.pack_num.to_string(),
            order_id: order.key.order_id.clone(),
        };
        let stored = serde_json::to_string(content)?;
        let Some(known) = self.work.store.shipment(&key).await? else {
            let moved = (None, State::Seen);
            let event = self.event(&key, &Actor::Connector, "seen", moved, json!({}));
            self.work.store.shipment_seen(&key, &stored, State::Seen.as_str(), &event).await?;
            return Ok(());
        };
        let state = state_of(&known)?;
        if known.content == stored || state == State::Confirming {
            return Ok(());
        }
        let change = ShipmentMove { content: Some(stored), hold: Some(None) };
        self.advance(&known, state, Event::Corrected, change, json!({})).await?;
        Ok(())
    }

    /// Judges a shipment, and gives its confirmation if nothing of that was sent yet.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn intend(&self, key: &ShipmentKey) -> anyhow::Result<Option<(String, Shipped)>> {
        let record = self.load(key).await?;
        let mut state = state_of(&record)?;
        if matches!(state, State::Seen | State::Waiting) {
            state = self.judge(&record, state).await?;
        }
        if state != State::Confirming {
            return Ok(None);
        }
        let posting = self.posting(key).await?;
        if Step::parse(&posting.step) != Some(Step::Intended) {
            return Ok(None);
        }
        let draft = draft_of(&posting)?;
        Ok(match draft.document {
            Document::ShipmentConfirmation(confirmation) => Some((draft.key, confirmation.package)),
            _ => None,
        })
    }

    /// The newest confirmation of a shipment.
    async fn posting(&self, key: &ShipmentKey) -> anyhow::Result<PostingRecord> {
        let postings = self.work.store.postings_of(key).await?;
        // An order's story holds those of all its packs.
        let ours = format!("/{}/{}/", key.order_id, key.pack_num);
        let posting = postings.into_iter().rfind(|posting| posting.key.contains(&ours));
        posting.with_context(|| format!("{key} has no confirmation"))
    }

    /// Goes on with a shipment from where it stands; returns where it got to.
    ///
    /// # Errors
    /// The store's errors, and those of a system that cannot be asked now.
    pub async fn run(&self, key: &ShipmentKey) -> anyhow::Result<State> {
        let mut record = self.load(key).await?;
        let mut state = state_of(&record)?;
        if matches!(state, State::Seen | State::Waiting) {
            state = self.judge(&record, state).await?;
            record = self.load(key).await?;
        }
        if state == State::Confirming {
            state = self.confirm(&record).await?;
        }
        Ok(state)
    }

    async fn judge(&self, record: &ShipmentRecord, state: State) -> anyhow::Result<State> {
        let content = content_of(record)?;
        let ShipmentKey { connection, order_id, pack_num } = &record.key;
        let order = OrderKey { connection: connection.clone(), order_id: order_id.clone() };
        let told_already = !content.missing.is_empty()
            && content.is_told_with(&self.others(&order, pack_num).await?);
        if content.by_amazon || told_already {
            let change = ShipmentMove { content: None, hold: Some(None) };
            let detail = json!({ "told with other packs": told_already });
            return self.advance(record, state, Event::NotOurs, change, detail).await;
        }
        let Some(package) = content.package.filter(|_| content.missing.is_empty()) else {
            let hold = Some(HeldReason::to_stored(&content.missing));
            if state == State::Waiting && record.hold == hold {
                return Ok(state);
            }
            let change = ShipmentMove { content: None, hold: Some(hold) };
            let detail = json!({ "reasons": content.missing });
            return self.advance(record, state, Event::Missing, change, detail).await;
        };
        let next = decide(state, Event::Intended)?;
        let detail = json!({ "tracking": package.tracking, "items": package.items,
                             "not told": package.more_tracking });
        let moved = (Some(state), next);
        let event =
            self.event(&record.key, &Actor::Connector, Event::Intended.name(), moved, detail);
        let confirmation = ShipmentConfirmation {
            connection: self.work.site.connection.clone(),
            revision: record.revision,
            package,
        };
        let intent = intent_of(&Draft::new(Document::ShipmentConfirmation(confirmation)))?;
        let change = ShipmentMove { content: None, hold: Some(None) };
        let states = (state.as_str(), next.as_str());
        self.work.store.shipment_intended(&record.key, states, &change, &[intent], &event).await?;
        Ok(next)
    }

    async fn confirm(&self, record: &ShipmentRecord) -> anyhow::Result<State> {
        let target = AmazonShipments { orders: self.work.amazon, fed: self.fed };
        let runner = PostingRunner {
            store: self.work.store,
            target: &target,
            clock: self.work.clock,
            watch: self.work.watch,
            policy: &self.work.site.posting,
        };
        let key = &record.key;
        let posting = self.posting(key).await?;
        match runner.run(&posting.key).await? {
            PostingEnd::Held(why) => {
                let message = format!(
                    "{key} is not confirmed at Amazon: {why}. Solve it in Seller Central, then run \
                     `ml-connector release {}`",
                    key.order_id
                );
                let reason = HeldReason::posting_held(message);
                let stored = HeldReason::to_stored(std::slice::from_ref(&reason));
                let change = ShipmentMove { content: None, hold: Some(Some(stored)) };
                let detail = json!({ "reasons": [reason] });
                self.advance(record, State::Confirming, Event::PostingHeld, change, detail).await
            }
            PostingEnd::Confirmed(_) => {
                let change = ShipmentMove { content: None, hold: Some(None) };
                self.advance(record, State::Confirming, Event::Confirmed, change, json!({})).await
            }
        }
    }

    async fn advance(
        &self,
        record: &ShipmentRecord,
        state: State,
        event: Event,
        change: ShipmentMove,
        detail: Value,
    ) -> anyhow::Result<State> {
        let next = decide(state, event)?;
        let moved = (Some(state), next);
        let audit = self.event(&record.key, &Actor::Connector, event.name(), moved, detail);
        let (from, to) = (state.as_str(), next.as_str());
        self.work.store.shipment_advance(&record.key, from, to, &change, &audit).await?;
        Ok(next)
    }

    fn event(
        &self,
        key: &ShipmentKey,
        actor: &Actor,
        action: &str,
        (from, to): (Option<State>, State),
        detail: Value,
    ) -> store::NewEvent {
        Scribe { connection: &key.connection, at: self.work.clock.now() }.event(
            actor,
            &key.order_id,
            format!("pack {}", key.pack_num),
            action,
            (from.map(State::as_str), Some(to.as_str())),
            detail,
        )
    }

    async fn load(&self, key: &ShipmentKey) -> anyhow::Result<ShipmentRecord> {
        self.work.store.shipment(key).await?.with_context(|| format!("there is no {key}"))
    }
}

/// What a stored shipment says.
fn content_of(record: &ShipmentRecord) -> anyhow::Result<Content> {
    serde_json::from_str(&record.content)
        .with_context(|| format!("{}: its stored form", record.key))
}

/// The state of a stored shipment.
pub(crate) fn state_of(record: &ShipmentRecord) -> Result<State, UnknownWord> {
    State::parse(&record.state)
        .ok_or_else(|| UnknownWord { record: record.key.to_string(), word: record.state.clone() })
}

/// Lets a held shipment of an order go on.
///
/// # Errors
/// [`super::shipment::Illegal`] when it is not held, or the store's errors.
pub async fn release(
    store: &Store,
    record: &ShipmentRecord,
    actor: &Actor,
    now: Timestamp,
) -> anyhow::Result<State> {
    let state = state_of(record)?;
    let next = decide(state, Event::Release)?;
    let event = Scribe { connection: &record.key.connection, at: now }.event(
        actor,
        &record.key.order_id,
        format!("pack {}", record.key.pack_num),
        Event::Release.name(),
        (Some(state.as_str()), Some(next.as_str())),
        json!({}),
    );
    let change = ShipmentMove { content: None, hold: Some(None) };
    store.shipment_advance(&record.key, state.as_str(), next.as_str(), &change, &event).await?;
    Ok(next)
}
