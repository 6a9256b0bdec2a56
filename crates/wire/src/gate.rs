//! A rate gate: the client-side twin of a server's token bucket.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Clock;

#[cfg(test)]
mod tests;

/// The slowest and the fastest rate that a server is believed.
const INTERVAL_MAX: Duration = Duration::from_hours(24);
const INTERVAL_MIN: Duration = Duration::from_millis(1);

/// A rate, without fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The time to earn one token: the reciprocal of the published rate.
    pub interval: Duration,
    /// The most tokens that can be saved up. 0 counts as 1.
    pub burst: u32,
}

/// Somebody is about to wait for a token.
#[derive(Clone, Copy, Debug)]
pub struct WaitNotice {
    /// The operation whose rate is used up.
    pub operation: &'static str,
    /// How long the wait is, as far as is known now.
    pub wait: Duration,
}

/// Is told of waits.
pub type OnWait = Arc<dyn Fn(&WaitNotice) + Send + Sync>;

/// Lets calls through at the rate of a [`Plan`]: a token bucket that starts full.
///
/// Waiting callers go in the order they came. A caller that gives up while it waits has taken no
/// token.
pub struct Gate {
    clock: Arc<dyn Clock>,
    observer: Option<(&'static str, OnWait)>,
    /// The queue. Its lock is fair, and held while waiting for a token.
    turn: tokio::sync::Mutex<()>,
    bucket: Mutex<Bucket>,
}

/// The bucket at time `since`: it held `tokens` then, and has been earning one each interval from
/// then on. `since` lies ahead while the server has asked for a rest.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    plan: Plan,
    /// The interval of the published rate, which is what counts when a learned one proves wrong.
    published: Duration,
    tokens: u32,
    since: Duration,
}

impl Bucket {
    /// Moves `since` up to the last token earned by `now`.
    fn earn(&mut self, now: Duration) {
        let resting = now.saturating_sub(self.since);
        let earned = resting.as_nanos() / self.plan.interval.as_nanos();
        let earned = u32::try_from(earned).unwrap_or(u32::MAX);
        self.tokens = self.tokens.saturating_add(earned);
        if self.tokens >= self.plan.burst {
            self.tokens = self.plan.burst;
            self.since = self.since.max(now);
        } else {
            self.since += self.plan.interval * earned;
        }
    }

    /// Takes a token, or tells how long until there is one.
    fn take(&mut self, now: Duration) -> Result<(), Duration> {
        self.earn(now);
        if self.tokens == 0 {
            return Err((self.since + self.plan.interval).saturating_sub(now));
        }
        self.tokens -= 1;
        Ok(())
    }
}

impl Gate {
    /// A gate with a full bucket.
    #[must_use]
    pub fn new(plan: Plan, clock: Arc<dyn Clock>) -> Self {
        let plan = Plan {
            interval: plan.interval.clamp(INTERVAL_MIN, INTERVAL_MAX),
            burst: plan.burst.max(1),
        };
        let (published, tokens) = (plan.interval, plan.burst);
        let bucket = Bucket { plan, published, tokens, since: clock.monotonic() };
        Self { clock, observer: None, turn: tokio::sync::Mutex::default(), bucket: bucket.into() }
    }

    /// Tells `observer` of each wait, under the name of `operation`.
    #[must_use]
    pub fn on_wait(mut self, operation: &'static str, observer: OnWait) -> Self {
        self.observer = Some((operation, observer));
        self
    }

    /// Takes a token, after waiting for one if need be. Gives back how long that took.
    pub async fn acquire(&self) -> Duration {
        let came = self.clock.monotonic();
        let _turn = self.turn.lock().await;
        loop {
            let now = self.clock.monotonic();
            let taken = self.bucket().take(now);
            let Err(wait) = taken else {
                return now.saturating_sub(came);
            };
            if let Some((operation, observer)) = &self.observer {
                observer(&WaitNotice { operation, wait });
            }
            // Somebody may be told to slow down meanwhile, so look again afterwards.
            self.clock.sleep(wait).await;
        }
    }

    /// Takes over the rate a server tells, in tokens per second, like `0.0222`.
    ///
    /// It is read exactly. What is not a plain positive number, or is beyond one call a day or a
    /// thousand a second, is ignored.
    pub fn learn(&self, rate_text: &str) {
        let Some(interval) = interval(rate_text) else {
            return;
        };
        let now = self.clock.monotonic();
        let mut bucket = self.bucket();
        bucket.earn(now);
        bucket.plan.interval = interval;
    }

    /// The server refused a call for its rate: somebody else drew on the same bucket, or the rate
    /// it told is not its rate. Empties the bucket; the next token comes after the interval, or
    /// after `retry_after` when that is longer. A learned rate faster than the published one is
    /// forgotten, so that a server that tells a wrong one refuses at most one call for each token.
    pub fn throttled(&self, retry_after: Option<Duration>) {
        let now = self.clock.monotonic();
        let mut bucket = self.bucket();
        bucket.earn(now);
        bucket.tokens = 0;
        bucket.plan.interval = bucket.plan.interval.max(bucket.published);
        let rest = retry_after.unwrap_or_default().saturating_sub(bucket.plan.interval);
        // Of two refusals the longer rest counts.
        bucket.since = bucket.since.max(now.saturating_add(rest.min(INTERVAL_MAX)));
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("bucket", &*self.bucket()).finish_non_exhaustive()
    }
}

/// The time between two tokens at this many tokens per second, rounded up to the nanosecond.
fn interval(rate_text: &str) -> Option<Duration> {
    let (whole, fraction) = rate_text.trim().split_once('.').unwrap_or((rate_text.trim(), ""));
    let digits = format!("{whole}{fraction}");
    // 18 digits keep the arithmetic in range; no honest rate has more.
    if digits.len() > 18 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mantissa: u128 = digits.parse().ok().filter(|mantissa| *mantissa > 0)?;
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let nanos = (scale * 1_000_000_000).div_ceil(mantissa);
    let interval = Duration::from_nanos(u64::try_from(nanos).ok()?);
    (INTERVAL_MIN..=INTERVAL_MAX).contains(&interval).then_some(interval)
}
