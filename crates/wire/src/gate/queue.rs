//! Who goes first: two queues before one bucket.

use std::time::Duration;

use super::Gate;
use super::bucket::Bucket;

/// What goes first when there are more callers than tokens.
///
/// An interactive call goes before every waiting backfill call, but of five tokens that both wait
/// for, one goes to the backfill: it slows down, and never stands still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Priority {
    /// Somebody, or a schedule, waits for the answer.
    #[default]
    Interactive,
    /// It may take as long as it takes.
    Backfill,
}

/// How many interactive calls in a row go before a waiting backfill call.
const OVERTAKING_MAX: u32 = 4;

impl Priority {
    pub(super) const COUNT: usize = 2;

    pub(super) fn index(self) -> usize {
        match self {
            Self::Interactive => 0,
            Self::Backfill => 1,
        }
    }
}

/// The bucket, and who waits for it.
#[derive(Debug)]
pub(super) struct State {
    pub(super) bucket: Bucket,
    /// How many wait, of each priority.
    waiting: [u32; Priority::COUNT],
    /// How many interactive calls went before the backfill call that waits now.
    overtook: u32,
}

/// What a caller at the head of its queue is to do.
pub(super) enum Turn {
    /// Go: it has a token.
    Taken,
    /// Wait for the head of the other queue, whose token it is.
    GivesWay,
    /// Wait this long for a token.
    Empty(Duration),
}

impl State {
    pub(super) fn new(bucket: Bucket) -> Self {
        Self { bucket, waiting: [0; Priority::COUNT], overtook: 0 }
    }

    /// The wait of the caller that came last, if nobody comes after it.
    pub(super) fn wait_of_last(&mut self, priority: Priority, now: Duration) -> Duration {
        let [interactive, backfill] = self.waiting;
        let before = match priority {
            Priority::Interactive => interactive + backfill.min(interactive / OVERTAKING_MAX),
            Priority::Backfill => interactive + backfill,
        };
        self.bucket.wait_for(before, now)
    }

    /// Takes a token for the head of a queue, if there is one and it is its turn.
    pub(super) fn take(&mut self, priority: Priority, now: Duration) -> Turn {
        let wait = self.bucket.wait_for(1, now);
        if !wait.is_zero() {
            return Turn::Empty(wait);
        }
        let [interactive, backfill] = self.waiting.map(|waiting| waiting > 0);
        let backfill_goes = backfill && (!interactive || self.overtook >= OVERTAKING_MAX);
        if backfill_goes != (priority == Priority::Backfill) {
            return Turn::GivesWay;
        }
        self.bucket.take();
        self.overtook = if backfill && !backfill_goes { self.overtook + 1 } else { 0 };
        Turn::Taken
    }
}

/// A caller's place in its queue, until it is dropped.
pub(super) struct Place<'a> {
    gate: &'a Gate,
    priority: Priority,
}

impl<'a> Place<'a> {
    pub(super) fn new(gate: &'a Gate, priority: Priority) -> Self {
        gate.state().waiting[priority.index()] += 1;
        Self { gate, priority }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.state().waiting[self.priority.index()] -= 1;
        self.gate.left.notify_waiters();
    }
}
