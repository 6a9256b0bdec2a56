//! Amazon's request budgets, kept beyond the process: what it learnt of them, and what is left.

use std::time::Duration;

use store::{RateRecord, Store};
use wire::{Clock, GateKey, Gates, SavedBucket, SavedGate};

/// How often they are kept while a connection is worked on. A process that dies forgets the calls of
/// so many seconds; Amazon refuses one for each kind then, and the gate keeps to that.
const EVERY: Duration = Duration::from_secs(5);

/// The budgets of one connection, for one turn.
pub(super) struct Rates<'a> {
    pub(super) gates: &'a Gates,
    pub(super) store: &'a Store,
    pub(super) connection: &'a str,
}

impl Rates<'_> {
    /// Goes on from what was kept, by this process before or by another worker.
    pub(super) async fn take_note(&self) {
        match self.store.rates(self.connection).await {
            Ok(kept) => self.gates.take_note(kept.into_iter().map(saved)),
            Err(error) => tracing::warn!("{}: {error}", self.connection),
        }
    }

    /// Keeps them now and again. Does not end.
    pub(super) async fn keep_on(&self, clock: &dyn Clock) {
        loop {
            clock.sleep(EVERY).await;
            self.keep().await;
        }
    }

    /// Keeps them. Whoever cannot loses little, so that is no reason to stop.
    pub(super) async fn keep(&self) {
        let gates = self.gates.save_of(&format!("{}@", self.connection));
        let rates: Vec<_> = gates.into_iter().map(record).collect();
        if rates.is_empty() {
            return;
        }
        if let Err(error) = self.store.rates_set(self.connection, &rates).await {
            let connection = self.connection;
            if matches!(error, store::Error::LeaseLost { .. }) {
                // The worker that took over keeps its own.
                tracing::debug!("{connection}: Amazon's limits are not kept: {error}");
            } else {
                tracing::warn!("{connection}: Amazon's limits are not kept: {error}");
            }
        }
    }
}

fn record(saved: SavedGate) -> RateRecord {
    let SavedGate { key, bucket } = saved;
    RateRecord {
        account: key.account,
        application: key.application,
        operation: key.operation,
        tokens: bucket.tokens,
        earning_since: bucket.earning_since,
        interval_ns: bucket.interval_ns,
        saved: bucket.saved_at,
    }
}

fn saved(kept: RateRecord) -> SavedGate {
    SavedGate {
        key: GateKey {
            account: kept.account,
            application: kept.application,
            operation: kept.operation,
        },
        bucket: SavedBucket {
            saved_at: kept.saved,
            tokens: kept.tokens,
            earning_since: kept.earning_since,
            interval_ns: kept.interval_ns,
        },
    }
}
