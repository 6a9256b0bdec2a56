//! Time, as an argument. The one place that reads the system's clock.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

#[cfg(test)]
mod tests;

/// Tells the time and waits.
#[async_trait]
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time of day. It may jump when the machine's clock is set.
    fn now(&self) -> Timestamp;

    /// The time since this clock was made. It never goes back.
    fn monotonic(&self) -> Duration;

    /// Waits this long. Dropping the future ends the wait.
    async fn sleep(&self, duration: Duration);
}

/// The machine's clock. Waits with tokio's timer, so tokio's paused time works for
/// [`monotonic`](Clock::monotonic) and [`sleep`](Clock::sleep).
#[derive(Clone, Debug)]
pub struct SystemClock {
    started: tokio::time::Instant,
}

impl SystemClock {
    /// A clock that starts counting now.
    #[must_use]
    pub fn new() -> Self {
        Self { started: tokio::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one owner of the system's time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// A clock for tests: it moves only when told to, or when somebody sleeps by it.
///
/// A sleep moves the time to its end at once and is recorded. Sleeps that begin at the same time
/// overlap, as real ones do.
#[derive(Debug)]
pub struct ManualClock {
    start: Timestamp,
    state: Mutex<ManualState>,
}

#[derive(Debug, Default)]
struct ManualState {
    elapsed: Duration,
    sleeps: Vec<Duration>,
}

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self { start, state: Mutex::default() }
    }

    /// Moves the time on.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state();
        state.elapsed = state.elapsed.saturating_add(duration);
    }

    /// Every sleep so far, in the order they began.
    #[must_use]
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().sleeps.clone()
    }

    fn state(&self) -> MutexGuard<'_, ManualState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that shows the first second of 1970.
impl Default for ManualClock {
    fn default() -> Self {
        Self::new(Timestamp::UNIX_EPOCH)
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.start.saturating_add(self.monotonic()).unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        self.state().elapsed
    }

    async fn sleep(&self, duration: Duration) {
        let end = {
            let mut state = self.state();
            state.sleeps.push(duration);
            state.elapsed.saturating_add(duration)
        };
        // Whoever else is ready acts first, as in a real wait.
        tokio::task::yield_now().await;
        let mut state = self.state();
        state.elapsed = state.elapsed.max(end);
    }
}
