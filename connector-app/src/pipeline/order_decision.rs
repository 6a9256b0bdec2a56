//! What a person does with an order: stop it, or let it go on.

use anyhow::Context as _;
use serde_json::{Value, json};
use store::{OrderKey, OrderMove, OrderRecord, Store};
use wire::Clock;

use super::audit::Scribe;
use super::order::{Event, State, Unconfirmed, decide};
use super::order_intake::state_of;
use super::posting::Step;
use super::{Actor, HeldReason};
use crate::ledger::Kind;

/// Lets a held order go on.
///
/// # Errors
/// [`super::order::Illegal`] when it is not held, or the store's errors.
pub async fn release(
    store: &Store,
    key: &OrderKey,
    actor: &Actor,
    clock: &dyn Clock,
) -> anyhow::Result<State> {
    let record = store.order(key).await?.with_context(|| format!("there is no {key}"))?;
    let state = state_of(key, &record.state)?;
    let postings = store.postings_of(key).await?;
    let open = postings.last().filter(|posting| posting.step != Step::Confirmed.as_str());
    let document = open.map(|posting| match record.entered {
        None => Unconfirmed::Order,
        Some(_) if posting.kind == Kind::CustomerShipment.as_str() => Unconfirmed::Pack,
        Some(_) => Unconfirmed::Change,
    });
    person(store, &record, state, Event::Release { document }, (actor, None), clock).await
}

/// Stops an order.
///
/// # Errors
/// [`super::order::Illegal`] when it is on its way, or the store's errors.
pub async fn hold(
    store: &Store,
    key: &OrderKey,
    (actor, reason): (&Actor, Option<&str>),
    clock: &dyn Clock,
) -> anyhow::Result<State> {
    let record = store.order(key).await?.with_context(|| format!("there is no {key}"))?;
    let state = state_of(key, &record.state)?;
    person(store, &record, state, Event::Hold, (actor, reason), clock).await
}

async fn person(
    store: &Store,
    record: &OrderRecord,
    state: State,
    event: Event,
    (actor, reason): (&Actor, Option<&str>),
    clock: &dyn Clock,
) -> anyhow::Result<State> {
    let next = decide(state, event)?;
    let hold =
        (event == Event::Hold).then(|| HeldReason::to_stored(&[HeldReason::by_person(reason)]));
    let change = OrderMove { hold: Some(hold), ..OrderMove::default() };
    let detail = json!({ "reason": reason });
    let audit = audit_event(&record.key, actor, event, (state, next), detail, clock);
    store.order_advance(&record.key, state.as_str(), next.as_str(), &change, &audit).await?;
    Ok(next)
}

/// An event of an order, in its own story.
pub(super) fn audit_event(
    key: &OrderKey,
    actor: &Actor,
    event: Event,
    (from, to): (State, State),
    detail: Value,
    clock: &dyn Clock,
) -> store::NewEvent {
    Scribe { connection: &key.connection, at: clock.now() }.event(
        actor,
        &key.order_id,
        format!("order {}", key.order_id),
        event.name(),
        (Some(from.as_str()), Some(to.as_str())),
        detail,
    )
}
