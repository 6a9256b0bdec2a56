//! A computer with a clock of its own, which somebody may set, and which does not notice its sleep.

use std::fmt;
use std::future::pending;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use store::{Interruptions, Moment};
use tokio::sync::Notify;
use wire::{Class, Clock};

use crate::world::World;

/// Where something can happen to a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// Before a call of the store, within it, after it.
    Store(Moment),
    /// Before it is checked whether a request may still be sent.
    Sending(Class),
    /// A request is about to leave.
    Leaving,
    /// The answer is there, and nobody has read it.
    Answered,
}

pub(crate) struct Machine {
    pub(crate) name: String,
    pub(crate) world: Arc<World>,
    state: Mutex<State>,
    crashed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// How far its clock is ahead of the true time.
    ahead: SignedDuration,
    /// When it slept, in true time.
    sleeps: Vec<(Duration, Duration)>,
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Machine {
    pub(crate) fn new(world: &Arc<World>, name: String) -> Arc<Self> {
        let (state, crashed) = (Mutex::default(), Notify::new());
        Arc::new(Self { name, world: Arc::clone(world), state, crashed })
    }

    /// Waits until the machine crashes.
    pub(crate) async fn crashed(&self) {
        self.crashed.notified().await;
    }

    /// Something may happen here. Returns when the process goes on, if it does.
    pub(crate) async fn pass(&self, point: Point) {
        self.awake().await;
        if !self.world.strikes_machine(point == Point::Sending(Class::Once)) {
            return;
        }
        let seconds = Duration::from_secs;
        match (self.world.below(10), point) {
            _ if self.world.terms.drowsy => {
                self.fall_asleep(self.world.between(seconds(300), seconds(600)));
            }
            // Whoever sleeps within a transaction on a server keeps nobody else waiting; here all
            // would wait. And what sleeps between check and socket is a late request.
            (0..5, Point::Sending(_) | Point::Answered)
            | (0..2, Point::Store(Moment::BeforeBegin)) => {
                self.fall_asleep(self.world.between(seconds(1), seconds(400)));
            }
            (5..7, Point::Sending(_) | Point::Store(Moment::BeforeBegin)) => self.set_clock(),
            _ => {
                self.world.count("crashes");
                self.tell(|| format!("CRASHES ({point:?})"));
                self.crashed.notify_one();
                pending::<()>().await;
            }
        }
        self.awake().await;
    }

    /// Waits while the machine sleeps.
    pub(crate) async fn awake(&self) {
        loop {
            let now = self.world.elapsed();
            let asleep = self.state().sleeps.last().is_some_and(|(_, until)| *until > now);
            if !asleep {
                return;
            }
            let until = self.state().sleeps.last().map_or(now, |(_, until)| *until);
            tokio::time::sleep(until.saturating_sub(now)).await;
        }
    }

    /// Sleeps before a request if the schedule says so.
    pub(crate) async fn nap_before(&self, service: &str, method: &str) {
        if let Some(time) = self.world.nap_before(service, method) {
            self.fall_asleep(time);
            self.awake().await;
        }
    }

    fn fall_asleep(&self, time: Duration) {
        self.world.count("suspensions");
        self.tell(|| format!("FALLS ASLEEP for {time:?}"));
        let now = self.world.elapsed();
        self.state().sleeps.push((now, now + time));
    }

    fn set_clock(&self) {
        self.world.count("clock steps");
        let by = i64::try_from(self.world.below(1201)).expect("small") - 600;
        self.tell(|| format!("its clock is set by {by} s"));
        self.state().ahead += SignedDuration::from_secs(by);
    }

    pub(crate) fn tell(&self, what: impl FnOnce() -> String) {
        self.world.tell(&self.name, what);
    }

    /// How long it slept until now.
    fn slept(&self) -> Duration {
        let now = self.world.elapsed();
        let part = |(from, until): &(Duration, Duration)| (*until).min(now).saturating_sub(*from);
        self.state().sleeps.iter().map(part).sum()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("not poisoned")
    }
}

#[async_trait]
impl Clock for Machine {
    fn now(&self) -> Timestamp {
        self.world.now() + self.state().ahead
    }

    fn monotonic(&self) -> Duration {
        let slept = if self.world.timers_count_sleep { Duration::ZERO } else { self.slept() };
        self.world.elapsed().saturating_sub(slept)
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.monotonic().saturating_add(duration);
        while self.monotonic() < until {
            tokio::time::sleep(until.saturating_sub(self.monotonic())).await;
            self.awake().await;
        }
    }
}

/// Every call of the store takes its way to the server, and may be where the machine fails.
impl Interruptions for Machine {
    fn at(&self, moment: Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            if moment == Moment::BeforeBegin {
                let way = self.world.between(Duration::from_millis(1), Duration::from_millis(4));
                tokio::time::sleep(way).await;
            }
            self.pass(Point::Store(moment)).await;
        })
    }
}

/// The database server's clock, by which leases are counted, with this machine's timers.
#[derive(Debug)]
pub(crate) struct ServerTime<'a>(pub(crate) &'a Machine);

#[async_trait]
impl Clock for ServerTime<'_> {
    fn now(&self) -> Timestamp {
        self.0.world.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}
