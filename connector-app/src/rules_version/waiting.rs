//! The settlements that wait for a decision about the rules.

use store::{SettlementKey, SettlementRecord};

use super::{Decision, Mapping, Note};
use crate::pipeline::settlement::{Event, State};
use crate::pipeline::{HeldReason, Worker};

/// A settlement that was looked at again.
#[derive(Debug)]
pub struct Released {
    /// Which.
    pub key: SettlementKey,
    /// Where it stands now: held, if it waits for something else too.
    pub state: anyhow::Result<State>,
}

/// Whether a settlement is held for exactly this decision, maybe beside other reasons.
#[must_use]
pub fn waits_for(record: &SettlementRecord, decision: &Decision) -> bool {
    record.state == State::Held.as_str()
        && HeldReason::parse_all(record.hold.as_deref())
            .iter()
            .any(|reason| is_answered(reason, &decision.mapping))
}

fn is_answered(reason: &HeldReason, mapping: &Mapping) -> bool {
    let fact = |name: &str| reason.facts.get(name).and_then(|value| value.as_str());
    match mapping {
        Mapping::Role { role, .. } => {
            reason.reason == "role_without_account" && fact("role") == Some(role.as_str())
        }
        Mapping::Triple { triple, .. } => {
            matches!(reason.reason.as_str(), "unknown_amount" | "role_without_account")
                && fact("transaction_type") == Some(triple.transaction_type.as_str())
                && fact("amount_type") == Some(triple.amount_type.as_str())
                && fact("amount_description") == Some(triple.amount_description.as_str())
        }
    }
}

/// Looks again at every settlement of the worker's connection that was held for exactly this, and
/// takes it as far as it goes. The worker has the rules with the decision. One that fails stops no
/// other.
///
/// # Errors
/// The store's errors.
pub async fn release_waiting(
    worker: &Worker<'_>,
    decision: &Decision,
    note: &Note<'_>,
) -> anyhow::Result<Vec<Released>> {
    let mut released = Vec::new();
    for record in worker.store.settlements(Some(&worker.site.connection)).await? {
        if !waits_for(&record, decision) {
            continue;
        }
        let key = record.key;
        let state = look_again(worker, &key, note).await;
        released.push(Released { key, state });
    }
    Ok(released)
}

async fn look_again(
    worker: &Worker<'_>,
    key: &SettlementKey,
    note: &Note<'_>,
) -> anyhow::Result<State> {
    if worker.would_change(key).await? {
        let (actor, reason) = (note.actor.clone(), Some(note.reason));
        worker.decide(key, Event::Reconsider, actor, reason).await?;
    }
    worker.run(key).await
}
