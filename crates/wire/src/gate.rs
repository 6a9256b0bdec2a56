//! A rate gate: the client-side twin of a server's token bucket, with a queue before it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::Clock;

mod bucket;
mod queue;
#[cfg(test)]
mod tests;

use bucket::{Bucket, INTERVAL_MAX};
pub use bucket::{Plan, SavedBucket};
pub use queue::Priority;
use queue::{Place, State};

/// Somebody is about to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitNotice {
    /// The operation that has to wait.
    pub operation: &'static str,
    /// Why.
    pub reason: WaitReason,
    /// How long the wait is, as far as is known now.
    pub wait: Duration,
    /// When it ends, as far as is known now.
    pub resumes_at: Timestamp,
}

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WaitReason {
    /// The operation's rate is used up.
    Rate,
    /// The last attempt failed, and another one may succeed.
    Retry,
}

impl WaitNotice {
    /// A wait that begins now by this clock.
    #[must_use]
    pub fn new(
        operation: &'static str,
        reason: WaitReason,
        wait: Duration,
        clock: &dyn Clock,
    ) -> Self {
        let resumes_at = clock.now().saturating_add(wait).unwrap_or(Timestamp::MAX);
        Self { operation, reason, wait, resumes_at }
    }
}

/// Is told of waits.
pub type OnWait = Arc<dyn Fn(&WaitNotice) + Send + Sync>;

/// Who asks for a token.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// The operation that is to be called.
    pub operation: &'static str,
    /// What goes first when there are more callers than tokens.
    pub priority: Priority,
    /// Is told when the call has to wait, and again whenever the wait proves longer than told.
    pub on_wait: Option<&'a OnWait>,
}

impl fmt::Debug for Caller<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("operation", &self.operation)
            .field("priority", &self.priority)
            .finish_non_exhaustive()
    }
}

/// Lets calls through at the rate of a [`Plan`]: a token bucket that starts full.
///
/// Callers of one [`Priority`] go in the order they came. A caller that gives up while it waits
/// (its future is dropped) has taken no token. One that waits must be polled, though: others queue
/// behind it.
pub struct Gate {
    clock: Arc<dyn Clock>,
    /// The first caller of each priority. The locks are fair, and held while waiting for a token.
    turns: [tokio::sync::Mutex<()>; Priority::COUNT],
    /// A caller left the queue.
    left: Notify,
    state: Mutex<State>,
}

impl Gate {
    /// A gate with a full bucket.
    #[must_use]
    pub fn new(plan: Plan, clock: Arc<dyn Clock>) -> Self {
        let state = State::new(Bucket::new(plan, time(clock.as_ref())));
        Self { clock, turns: Default::default(), left: Notify::new(), state: state.into() }
    }

    /// Goes on from a saved state instead: what was earned meanwhile counts, up to the burst.
    #[must_use]
    pub fn restored(self, saved: &SavedBucket) -> Self {
        let (now, today) = (self.now(), self.clock.now());
        self.state().bucket.restore(saved, now, today);
        self
    }

    /// Takes over a state that another process saved of the same bucket, if it leaves less than this
    /// gate knows of: both drew on it.
    pub fn humble(&self, saved: &SavedBucket) {
        let (now, today) = (self.now(), self.clock.now());
        self.state().bucket.humble(saved, now, today);
    }

    /// The state of the bucket, to go on from after a restart.
    #[must_use]
    pub fn save(&self) -> SavedBucket {
        let (now, today) = (self.now(), self.clock.now());
        self.state().bucket.save(now, today)
    }

    /// Takes a token, after waiting for one if need be. Gives back how long that took.
    pub async fn acquire(&self) -> Duration {
        let caller = Caller { operation: "", priority: Priority::Interactive, on_wait: None };
        self.acquire_as(caller).await
    }

    /// Takes a token by the order of priorities, after waiting for one if need be. Gives back how
    /// long that took.
    pub async fn acquire_as(&self, caller: Caller<'_>) -> Duration {
        let came = self.now();
        let place = Place::new(self, caller.priority);
        let mut told = came;
        let wait = self.state().wait_of_last(caller.priority, came);
        self.tell(caller, wait, &mut told);
        let _turn = self.turns[caller.priority.index()].lock().await;
        loop {
            let left = self.left.notified();
            let now = self.now();
            let turn = self.state().take(caller.priority, now);
            match turn {
                queue::Turn::Taken => {
                    drop(place);
                    return now.saturating_sub(came);
                }
                queue::Turn::GivesWay => left.await,
                queue::Turn::Empty(wait) => {
                    self.tell(caller, wait, &mut told);
                    // Somebody may be told to slow down meanwhile, so look again afterwards.
                    self.clock.sleep(wait).await;
                }
            }
        }
    }

    /// Tells of a wait that ends later than what was `told` so far.
    fn tell(&self, caller: Caller<'_>, wait: Duration, told: &mut Duration) {
        let end = self.now() + wait;
        if end <= *told {
            return;
        }
        *told = end;
        if let Some(on_wait) = caller.on_wait {
            let clock = self.clock.as_ref();
            on_wait(&WaitNotice::new(caller.operation, WaitReason::Rate, wait, clock));
        }
    }

    /// A call was answered, well or badly. A bucket that was full earns from the answer to the call
    /// that drew on it first: only then is it certain that the server's has begun, too.
    pub fn answered(&self) {
        let now = self.now();
        self.state().bucket.answered(now);
    }

    /// Takes over the rate a server tells, in tokens per second, like `0.0222`.
    ///
    /// It is read exactly. What is not a plain positive number, or is beyond one call a day or a
    /// thousand a second, is ignored.
    pub fn learn(&self, rate_text: &str) {
        let now = self.now();
        self.state().bucket.learn(rate_text, now);
    }

    /// The server refused a call for its rate: somebody else drew on the same bucket, or the rate
    /// it told is not its rate. Empties the bucket; the next token comes after the interval, or
    /// after `retry_after` when that is longer. A learned rate faster than the published one is
    /// forgotten, so that a server that tells a wrong one refuses at most one call for each token.
    pub fn throttled(&self, retry_after: Option<Duration>) {
        let now = self.now();
        self.state().bucket.throttled(retry_after, now);
    }

    fn now(&self) -> Duration {
        time(self.clock.as_ref())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The clock's time, far enough from its start that an interval can have begun before it.
fn time(clock: &dyn Clock) -> Duration {
    clock.monotonic().saturating_add(INTERVAL_MAX)
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("state", &*self.state()).finish_non_exhaustive()
    }
}
