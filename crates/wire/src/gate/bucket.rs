//! The bucket itself: pure arithmetic in whole nanoseconds. The time is an argument.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The slowest and the fastest rate that a server is believed.
pub(super) const INTERVAL_MAX: Duration = Duration::from_hours(24);
pub(super) const INTERVAL_MIN: Duration = Duration::from_millis(1);

/// A rate, without fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The time to earn one token: the reciprocal of the published rate.
    pub interval: Duration,
    /// The most tokens that can be saved up. 0 counts as 1.
    pub burst: u32,
}

/// A bucket as it was at a time of day, to be kept beyond the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedBucket {
    /// When this was.
    pub saved_at: Timestamp,
    /// The whole tokens in it.
    pub tokens: u32,
    /// Since when the next token is being earned. Later than `saved_at` while the server has asked
    /// for a rest.
    pub earning_since: Timestamp,
    /// The time to earn one token, as the server told last, in nanoseconds.
    pub interval_ns: u64,
}

/// The bucket at time `since`: it held `tokens` then, and has been earning one each interval from
/// then on. `since` lies ahead while the server has asked for a rest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    plan: Plan,
    /// The interval of the published rate, which is what counts when a learned one proves wrong.
    published: Duration,
    tokens: u32,
    since: Duration,
    /// Whether the call that took the first token of a full bucket is under way.
    leaves_full: bool,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn new(plan: Plan, now: Duration) -> Self {
        let plan = Plan {
            interval: plan.interval.clamp(INTERVAL_MIN, INTERVAL_MAX),
            burst: plan.burst.max(1),
        };
        let published = plan.interval;
        Self { plan, published, tokens: plan.burst, since: now, leaves_full: false }
    }

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

    /// How long until there are this many tokens, if nobody takes any.
    pub(super) fn wait_for(&mut self, tokens: u32, now: Duration) -> Duration {
        self.earn(now);
        match tokens.saturating_sub(self.tokens) {
            0 => Duration::ZERO,
            missing => (self.since + self.plan.interval * missing).saturating_sub(now),
        }
    }

    /// Takes a token, which must be there.
    pub(super) fn take(&mut self) {
        self.leaves_full |= self.tokens == self.plan.burst;
        self.tokens = self.tokens.saturating_sub(1);
    }

    /// A call was answered. The server's bucket began to earn when the first call reached it, which
    /// is known to be over now: counted from its sending, each later call of a burst that travels
    /// faster would be early.
    pub(super) fn answered(&mut self, now: Duration) {
        if self.leaves_full {
            self.earn(now);
            self.since = self.since.max(now);
            self.leaves_full = false;
        }
    }

    /// Takes over the rate a server tells.
    pub(super) fn learn(&mut self, rate_text: &str, now: Duration) {
        if let Some(interval) = interval(rate_text) {
            self.earn(now);
            self.plan.interval = interval;
        }
    }

    /// The server refused a call.
    pub(super) fn throttled(&mut self, retry_after: Option<Duration>, now: Duration) {
        self.earn(now);
        self.tokens = 0;
        self.plan.interval = self.plan.interval.max(self.published);
        let rest = retry_after.unwrap_or_default().saturating_sub(self.plan.interval);
        // Of two refusals the longer rest counts.
        self.since = self.since.max(now.saturating_add(rest.min(INTERVAL_MAX)));
    }

    /// The state at `now`, which is `today` by the time of day.
    pub(super) fn save(&mut self, now: Duration, today: Timestamp) -> SavedBucket {
        self.earn(now);
        let shift = |by: Duration| SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let rested = shift(now.saturating_sub(self.since));
        let ahead = shift(self.since.saturating_sub(now));
        SavedBucket {
            saved_at: today,
            tokens: self.tokens,
            earning_since: today.saturating_add(ahead - rested).unwrap_or(today),
            interval_ns: u64::try_from(self.plan.interval.as_nanos()).unwrap_or(u64::MAX),
        }
    }

    /// Goes on from a saved state: what was earned meanwhile counts, up to the burst. A time of day
    /// that was set back meanwhile earns nothing. `now` is at least [`INTERVAL_MAX`].
    pub(super) fn restore(&mut self, saved: &SavedBucket, now: Duration, today: Timestamp) {
        let positive = |by: SignedDuration| Duration::try_from(by).unwrap_or_default();
        let rested = positive(saved.saved_at.duration_since(saved.earning_since));
        let ahead = positive(saved.earning_since.duration_since(saved.saved_at));
        let passed = positive(today.duration_since(saved.saved_at));
        let interval = Duration::from_nanos(saved.interval_ns).clamp(INTERVAL_MIN, INTERVAL_MAX);
        // As if it had all happened on a clock that began with the interval under way.
        let begun = ahead.min(INTERVAL_MAX + interval);
        let end = rested.min(interval).saturating_add(passed);
        let tokens = saved.tokens.min(self.plan.burst);
        let plan = Plan { interval, ..self.plan };
        let mut then = Self { plan, tokens, since: begun, ..*self };
        then.earn(end);
        let (to_come, under_way) = (then.since.saturating_sub(end), end.saturating_sub(then.since));
        then.since = (now + to_come).saturating_sub(under_way);
        *self = then;
    }

    /// Takes over a saved state if it leaves less than there is: of two accounts of one bucket, the
    /// one that is full later counts.
    pub(super) fn humble(&mut self, saved: &SavedBucket, now: Duration, today: Timestamp) {
        let mut told = *self;
        told.restore(saved, now, today);
        let burst = self.plan.burst;
        if told.wait_for(burst, now) > self.wait_for(burst, now) {
            *self = told;
        }
    }
}

/// The time between two tokens at this many tokens per second, rounded up to the nanosecond.
pub(super) fn interval(rate_text: &str) -> Option<Duration> {
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
