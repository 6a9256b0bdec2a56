//! The gates of a whole process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::{Clock, Gate, Plan, SavedBucket};

#[cfg(test)]
mod tests;

/// Whose bucket it is: a server counts the calls of each account, application and operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GateKey {
    /// The account that is called for.
    pub account: String,
    /// The application that calls.
    pub application: String,
    /// What is called.
    pub operation: String,
}

/// One [`Gate`] for each account, application and operation, shared by all clients that are given
/// the same `Gates`. The gates are independent: an account that waits keeps no other one waiting.
///
/// What is saved and restored keeps a restart from calling faster than the server allows. A save
/// that is older than the last calls promises too much; the server then refuses a call, and the
/// gate keeps to that.
#[derive(Debug)]
pub struct Gates {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    gates: BTreeMap<GateKey, Arc<Gate>>,
    /// Restored, and not asked for yet.
    saved: BTreeMap<GateKey, SavedBucket>,
}

/// The state of one gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedGate {
    /// Which gate.
    pub key: GateKey,
    /// Its bucket.
    pub bucket: SavedBucket,
}

impl Gates {
    /// No gates yet. Waits are by this clock, whatever that of a client is.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Gates that go on from a saved state.
    #[must_use]
    pub fn restored(self, saved: impl IntoIterator<Item = SavedGate>) -> Self {
        self.state().saved.extend(saved.into_iter().map(|gate| (gate.key, gate.bucket)));
        self
    }

    /// Takes note of what was saved, by this process or another one that drew on the same buckets.
    /// Gates that are there keep to whichever leaves less.
    pub fn take_note(&self, saved: impl IntoIterator<Item = SavedGate>) {
        let mut state = self.state();
        for SavedGate { key, bucket } in saved {
            match state.gates.get(&key) {
                Some(gate) => gate.humble(&bucket),
                None => {
                    state.saved.insert(key, bucket);
                }
            }
        }
    }

    /// The state of the gates whose account begins like this, in the order of keys.
    #[must_use]
    pub fn save_of(&self, account: &str) -> Vec<SavedGate> {
        let from = GateKey {
            account: account.to_owned(),
            application: String::new(),
            operation: String::new(),
        };
        let state = self.state();
        let gates = state.gates.range(from..);
        let gates = gates.take_while(|(key, _)| key.account.starts_with(account));
        gates.map(|(key, gate)| SavedGate { key: key.clone(), bucket: gate.save() }).collect()
    }

    /// The gate of this key: the one there is, or one of this plan, restored or with a full bucket.
    #[must_use]
    pub fn gate(&self, key: &GateKey, plan: Plan) -> Arc<Gate> {
        let mut state = self.state();
        if let Some(gate) = state.gates.get(key) {
            return Arc::clone(gate);
        }
        let gate = Gate::new(plan, Arc::clone(&self.clock));
        let gate = match state.saved.remove(key) {
            Some(saved) => gate.restored(&saved),
            None => gate,
        };
        let gate = Arc::new(gate);
        state.gates.insert(key.clone(), Arc::clone(&gate));
        gate
    }

    /// The state of every gate, in the order of keys, to be kept beyond the process.
    #[must_use]
    pub fn save(&self) -> Vec<SavedGate> {
        let state = self.state();
        let of_gates = state.gates.iter().map(|(key, gate)| (key.clone(), gate.save()));
        let untouched = state.saved.iter().map(|(key, bucket)| (key.clone(), *bucket));
        let all: BTreeMap<_, _> = untouched.chain(of_gates).collect();
        all.into_iter().map(|(key, bucket)| SavedGate { key, bucket }).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
