//! Takes one order as far as it goes: judged, entered, changed, read back.

use anyhow::Context as _;
use serde_json::{Value, json};
use store::{OrderKey, OrderMove, OrderRecord};

use super::order::{Event, State, decide};
use super::order_decision::audit_event;
use super::order_intake::state_of;
use super::order_judge::{Judged, Known, Masters};
use super::run_posting::{PostingEnd, PostingRunner, draft_of, intent_of};
use super::{Actor, HeldReason, OrderWork};
use crate::ledger::sales_order::Entered;
use crate::ledger::{Document, Draft};

/// Moves orders of one connection through their life.
#[derive(Debug, Clone, Copy)]
pub struct OrderWorker<'a> {
    /// The connection's orders.
    pub work: OrderWork<'a>,
}

impl OrderWorker<'_> {
    /// Goes on with an order from where it stands; returns where it got to.
    ///
    /// # Errors
    /// The store's errors, and those of a system that cannot be asked now.
    pub async fn run(&self, key: &OrderKey, masters: &Masters) -> anyhow::Result<State> {
        let mut record = self.record(key).await?;
        let mut state = state_of(key, &record.state)?;
        // Judged, written, and judged again if Amazon told something meanwhile.
        for _ in 0..4 {
            if state.is_judged() {
                let judged = self.judge_whole(&record, masters).await?;
                state = self.take(&record, state, judged).await?;
            }
            if !state.is_under_way() {
                break;
            }
            record = self.record(key).await?;
            state = self.write(&record, state, masters).await?;
            record = self.record(key).await?;
        }
        Ok(state)
    }

    /// One transition by a judgement; nothing is written when nothing is new.
    async fn take(
        &self,
        record: &OrderRecord,
        state: State,
        judged: Judged,
    ) -> anyhow::Result<State> {
        let next = decide(state, judged.event)?;
        let hold = stored(&judged.reasons);
        if next == state && hold == record.hold {
            return Ok(state);
        }
        let detail = match (&judged.document, &judged.pack) {
            (None, None) => json!({ "reasons": judged.reasons }),
            (None, Some(pack)) => json!({ "order_num": pack.order_num, "day": pack.day }),
            (Some(order), _) => json!({
                "total": order.draft.total.to_string(),
                "changes": order.change.as_ref().map(|change| {
                    change.changes.iter().map(ToString::to_string).collect::<Vec<_>>()
                }),
            }),
        };
        let change = OrderMove { hold: Some(hold), ..OrderMove::default() };
        let event = self.event(&record.key, &Actor::Connector, judged.event, (state, next), detail);
        let (from, to) = (state.as_str(), next.as_str());
        let order = judged.document.map(Document::SalesOrder);
        match order.or(judged.pack.map(Document::CustomerShipment)) {
            None => self.work.store.order_advance(&record.key, from, to, &change, &event).await?,
            Some(document) => {
                let intent = intent_of(&Draft::new(document))?;
                let (key, moved) = (&record.key, (from, to));
                self.work.store.order_intended(key, moved, &change, &[intent], &event).await?;
            }
        }
        Ok(next)
    }

    /// Runs the order's newest document.
    async fn write(
        &self,
        record: &OrderRecord,
        state: State,
        masters: &Masters,
    ) -> anyhow::Result<State> {
        let runner = PostingRunner {
            store: self.work.store,
            target: self.work.ledger,
            clock: self.work.clock,
            watch: self.work.watch,
            policy: &self.work.site.posting,
        };
        let id = &record.key.order_id;
        let postings = self.work.store.postings_of(&record.key).await?;
        let posting = postings.last().with_context(|| format!("order {id} has no document"))?;
        let mut change = OrderMove::default();
        let (event, detail) = match runner.run(&posting.key).await? {
            PostingEnd::Held(why) => {
                let what = if state == State::Packing { "the pack of order" } else { "order" };
                let message = format!(
                    "{what} {id} is not in Epicor: {why}. Solve it there, then run \
                     `ml-connector release {id}`"
                );
                let reason = HeldReason::posting_held(message);
                change.hold = Some(Some(HeldReason::to_stored(std::slice::from_ref(&reason))));
                (Event::PostingHeld, json!({ "reasons": [reason] }))
            }
            PostingEnd::Confirmed(number) => {
                let before = Known::of(record)?;
                let entered = entered_by(&draft_of(posting)?, number.as_deref(), before.entered)?;
                self.work.amazon.forget_address(id);
                change.entered = Some(serde_json::to_string(&entered)?);
                change.order_num = Some(entered.order_num.to_string());
                let detail = json!({ "order_num": entered.order_num, "pack": entered.pack });
                let known = Known { facts: before.facts, entered: Some(entered) };
                let again = self.judge_known(record, &known, masters)?;
                change.hold = Some(stored(&again.reasons));
                let retold = !matches!(again.event, Event::NothingToDo(_) | Event::NotPaid);
                (Event::Confirmed { retold, has: known.has() }, detail)
            }
        };
        let next = decide(state, event)?;
        let audit = self.event(&record.key, &Actor::Connector, event, (state, next), detail);
        let (from, to) = (state.as_str(), next.as_str());
        self.work.store.order_advance(&record.key, from, to, &change, &audit).await?;
        Ok(next)
    }

    fn event(
        &self,
        key: &OrderKey,
        actor: &Actor,
        event: Event,
        (from, to): (State, State),
        detail: Value,
    ) -> store::NewEvent {
        audit_event(key, actor, event, (from, to), detail, self.work.clock)
    }

    async fn record(&self, key: &OrderKey) -> anyhow::Result<OrderRecord> {
        self.work.store.order(key).await?.with_context(|| format!("there is no {key}"))
    }
}

/// Reasons as they are kept; `None` when there are none.
fn stored(reasons: &[HeldReason]) -> Option<String> {
    (!reasons.is_empty()).then(|| HeldReason::to_stored(reasons))
}

/// What Epicor has once a document is confirmed, of which it had something `before`.
fn entered_by(
    draft: &Draft,
    number: Option<&str>,
    before: Option<Entered>,
) -> anyhow::Result<Entered> {
    let number = number.and_then(|number| number.parse().ok());
    match &draft.document {
        Document::SalesOrder(order) => {
            if let Some(change) = &order.change {
                return Ok(change.entered.clone().changed(&order.draft));
            }
            let number = number.with_context(|| format!("{} has no order number", draft.key))?;
            Ok(Entered::new(number, &draft.token, &order.draft))
        }
        Document::CustomerShipment(shipment) => {
            let number = number.with_context(|| format!("{} has no pack number", draft.key))?;
            let before = before
                .with_context(|| format!("order {} is packed, and not there", shipment.order_id))?;
            Ok(Entered { pack: Some(number), ..before })
        }
        other => anyhow::bail!("the document {} is a {}", draft.key, other.kind()),
    }
}
