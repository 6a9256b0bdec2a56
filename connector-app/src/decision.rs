//! What a person decides about one settlement, from the command line or the console.

use anyhow::Context as _;
use jiff::civil::Date;
use store::{SettlementKey, Store};
use wire::Clock;

use crate::lane;
use crate::pipeline::settlement::{Event, State};
use crate::pipeline::{Actor, Silent, Site, Worker};

/// One decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may be posted; or, of one that Amazon issued again, its new content. The day is that of an
    /// adjusting journal: today, when there is none.
    Approve(Option<Date>),
    /// It stops until a person lets it go on.
    Hold,
    /// It is in the books already: a person entered it by hand.
    EnteredByHand,
    /// It goes on.
    Release,
}

impl Decision {
    async fn take(
        self,
        worker: &Worker<'_>,
        key: &SettlementKey,
        (actor, reason): (Actor, Option<&str>),
    ) -> anyhow::Result<State> {
        match self {
            Self::Approve(date) => worker.approve(key, date, actor, reason).await,
            Self::Hold => worker.decide(key, Event::Hold, actor, reason).await,
            Self::EnteredByHand => worker.entered_by_hand(key, actor, reason).await,
            Self::Release => worker.release(key, actor, reason).await,
        }
    }
}

/// Decides, and takes the settlement as far as it goes without Epicor; the next run does the rest.
///
/// # Errors
/// [`Illegal`](crate::pipeline::settlement::Illegal) when the settlement's state does not allow it,
/// [`store::Error::Stale`] when somebody else decided meanwhile, or the store's other errors.
pub async fn decide(
    (store, site, clock): (&Store, &Site, &dyn Clock),
    key: &SettlementKey,
    decision: Decision,
    who: (Actor, Option<&str>),
) -> anyhow::Result<State> {
    let worker = Worker { site, store, ledger: None, clock, watch: &Silent };
    decision.take(&worker, key, who).await.with_context(|| {
        format!(
            "settlement {} stays as it is; `ml-connector status` tells where it stands",
            key.settlement_id
        )
    })?;
    let went = lane::alone(store, &key.connection, clock, async |store| {
        Worker { store: &store, ..worker }.run(key).await
    });
    match went.await {
        // The process that is at it goes on from the decision.
        Err(error) if error.is::<lane::Taken>() => worker.state(key).await,
        other => other,
    }
}
