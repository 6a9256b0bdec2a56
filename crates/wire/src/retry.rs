//! Whether to try again: a pure decision, and the loop around it.

use std::time::Duration;

use http::StatusCode;

use crate::{Class, Clock, Random, TransportError, TransportErrorKind};

#[cfg(test)]
mod tests;

/// How often and how long one call is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most attempts, the first included.
    pub max_attempts: u32,
    /// No attempt starts later than this after the first one.
    pub budget: Duration,
    /// The wait after the first failure, before it is spread; it doubles with each further one.
    pub base: Duration,
    /// The longest wait, before it is spread. A server's `Retry-After` may be longer.
    pub cap: Duration,
}

/// Five attempts within five minutes, half a second apart at first and 30 s at most.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            budget: Duration::from_mins(5),
            base: Duration::from_millis(500),
            cap: Duration::from_secs(30),
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// With an answer.
    Status {
        /// Its status.
        status: StatusCode,
        /// Its `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Without one, or with half of one.
    Error(&'a TransportError),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is a success.
    Accept,
    /// Try again.
    Retry {
        /// The wait before it.
        after: Duration,
    },
    /// The failure stands.
    GiveUp,
}

/// Judges attempt number `attempt` (from 1), which ended `elapsed` after the first one began.
///
/// | outcome | `Safe`, `Idempotent` | `Once` |
/// |---|---|---|
/// | 2xx | accept | accept |
/// | 408, 429, 500, 502, 503, 504 | retry | give up |
/// | any other status | give up | give up |
/// | name not resolved, no connection, timeout, reset, body cut short | retry | give up |
/// | TLS, too large, insecure, dropped, not set up, other | give up | give up |
///
/// A `Once` request is never repeated here, not even after a 429 or a refused connection: whether
/// it acted is judged by who can look that up.
///
/// The wait doubles with each attempt up to the cap, is spread over its upper half so that clients
/// do not come back together, and is never shorter than the server's `Retry-After`. It is a give-up
/// when no attempts are left, or when the wait would outlast the budget.
pub fn decide(
    policy: &RetryPolicy,
    class: Class,
    attempt: u32,
    elapsed: Duration,
    outcome: &Outcome<'_>,
    random: &dyn Random,
) -> Verdict {
    let (transient, retry_after) = match outcome {
        Outcome::Status { status, .. } if status.is_success() => return Verdict::Accept,
        Outcome::Status { status, retry_after } => (may_pass(*status), *retry_after),
        Outcome::Error(error) => (may_go_through(error.kind()), None),
    };
    if class == Class::Once || !transient || attempt >= policy.max_attempts {
        return Verdict::GiveUp;
    }
    let after = backoff(policy, attempt, random).max(retry_after.unwrap_or_default());
    if elapsed.saturating_add(after) > policy.budget {
        return Verdict::GiveUp;
    }
    Verdict::Retry { after }
}

fn may_pass(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

fn may_go_through(kind: TransportErrorKind) -> bool {
    use TransportErrorKind as Kind;
    match kind {
        Kind::Resolve | Kind::Connect | Kind::Timeout | Kind::Reset | Kind::Body => true,
        Kind::Tls | Kind::TooLarge | Kind::Insecure | Kind::Dropped | Kind::Setup | Kind::Other => {
            false
        }
    }
}

/// Between half of the doubled base and all of it.
fn backoff(policy: &RetryPolicy, attempt: u32, random: &dyn Random) -> Duration {
    let doublings = attempt.saturating_sub(1).min(31);
    let full = policy.base.saturating_mul(1 << doublings).min(policy.cap);
    let half = full / 2;
    let spread = u64::try_from((full - half).as_nanos()).unwrap_or(u64::MAX);
    half + Duration::from_nanos(random.below(spread.saturating_add(1)))
}

/// The loop: counts the attempts of one call, decides and waits.
///
/// ```
/// # use std::time::Duration;
/// # use wire::{Attempts, Class, ManualClock, Outcome, RetryPolicy, SeededRandom};
/// # async fn call() -> http::StatusCode { http::StatusCode::OK }
/// # async fn example() {
/// let (clock, random) = (ManualClock::default(), SeededRandom::new(1));
/// let policy = RetryPolicy::default();
/// let mut attempts = Attempts::new(&policy, Class::Safe, &clock, &random);
/// let status = loop {
///     let status = call().await;
///     let outcome = Outcome::Status { status, retry_after: None };
///     if !attempts.again(&outcome).await {
///         break status;
///     }
/// };
/// # }
/// ```
#[derive(Debug)]
pub struct Attempts<'a> {
    policy: &'a RetryPolicy,
    class: Class,
    clock: &'a dyn Clock,
    random: &'a dyn Random,
    started: Duration,
    attempt: u32,
}

impl<'a> Attempts<'a> {
    /// The first attempt begins now.
    pub fn new(
        policy: &'a RetryPolicy,
        class: Class,
        clock: &'a dyn Clock,
        random: &'a dyn Random,
    ) -> Self {
        Self { policy, class, clock, random, started: clock.monotonic(), attempt: 1 }
    }

    /// The number of the attempt under way, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.attempt
    }

    /// Takes the outcome of the attempt under way. `true` after the wait when there is to be
    /// another one; `false` at once when the outcome stands, good or bad.
    pub async fn again(&mut self, outcome: &Outcome<'_>) -> bool {
        match self.next_wait(outcome) {
            Some(wait) => {
                self.clock.sleep(wait).await;
                true
            }
            None => false,
        }
    }

    /// Like [`again`](Self::again), but leaves the wait before the next attempt to the caller.
    pub fn next_wait(&mut self, outcome: &Outcome<'_>) -> Option<Duration> {
        let elapsed = self.clock.monotonic().saturating_sub(self.started);
        let verdict = decide(self.policy, self.class, self.attempt, elapsed, outcome, self.random);
        let Verdict::Retry { after } = verdict else {
            return None;
        };
        self.attempt += 1;
        Some(after)
    }
}
