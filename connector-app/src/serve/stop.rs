//! Coming to an end in good order.
//!
//! Every step of the pipeline is in the store before the next begins, so a run may be left anywhere.
//! Leaving it between two steps spares the next start the wait for an outcome that nobody knows.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use wire::Clock;

/// How far the end has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    /// Work goes on.
    Going,
    /// Nothing new begins; what is under way ends at the next good moment.
    Stopping,
    /// What is under way still is left where it stands.
    Leaving,
}

/// Tells everything in this process that it is to stop. A clone tells the same.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<Phase>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Going)))
    }
}

impl Stop {
    /// Begins the end.
    pub fn ask(&self) {
        self.reach(Phase::Stopping);
    }

    /// There is no more time.
    pub fn leave(&self) {
        self.reach(Phase::Leaving);
    }

    /// Whether the end has begun.
    #[must_use]
    pub fn asked(&self) -> bool {
        *self.0.borrow() >= Phase::Stopping
    }

    /// Waits until the end has begun.
    pub async fn wait(&self) {
        self.reached(Phase::Stopping).await;
    }

    /// Waits until there is no more time.
    pub async fn wait_to_leave(&self) {
        self.reached(Phase::Leaving).await;
    }

    fn reach(&self, phase: Phase) {
        self.0.send_modify(|now| *now = phase.max(*now));
    }

    async fn reached(&self, phase: Phase) {
        // The sender lives as long as this.
        let mut told = self.0.subscribe();
        let _reached = told.wait_for(|now| *now >= phase).await;
    }
}

/// The clock of one run. When the process is to stop, a wait by it never ends, and
/// [`parked`](Self::parked) tells that the run can be left: whoever waits has nothing under way.
#[derive(Debug)]
pub struct RunClock {
    clock: Arc<dyn Clock>,
    stop: Stop,
    parked: Notify,
}

impl RunClock {
    /// A clock that shows what `clock` shows.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, stop: Stop) -> Self {
        Self { clock, stop, parked: Notify::new() }
    }

    /// Waits until the run waits and the process is to stop.
    pub async fn parked(&self) {
        self.parked.notified().await;
    }
}

#[async_trait]
impl Clock for RunClock {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::select! {
            () = self.clock.sleep(duration) => {}
            () = self.stop.wait() => {
                self.parked.notify_one();
                pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use wire::SystemClock;

    use super::*;

    #[tokio::test]
    async fn a_wait_that_meets_the_end_can_be_left() {
        let stop = Stop::default();
        let clock = Arc::new(RunClock::new(Arc::new(SystemClock::new()), stop.clone()));
        clock.sleep(Duration::from_millis(5)).await;
        assert!(!stop.asked());

        let waits = Arc::clone(&clock);
        let run = tokio::spawn(async move { waits.sleep(Duration::from_secs(120)).await });
        tokio::task::yield_now().await;
        stop.ask();
        clock.parked().await;
        assert!(!run.is_finished(), "it must not look too early");
        run.abort();
        // A wait that begins after the end does not end either.
        tokio::select! {
            () = clock.sleep(Duration::from_millis(50)) => panic!("it went on"),
            () = clock.parked() => {}
        }
    }

    #[tokio::test]
    async fn the_end_never_goes_back() {
        let stop = Stop::default();
        stop.leave();
        stop.ask();
        stop.wait_to_leave().await;
        assert!(stop.asked());
    }
}
