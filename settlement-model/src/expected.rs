//! When the next settlement is due, by those that came before.
//!
//! Settlements cannot be requested, so one that does not come is noticed only by who expects it.
//! Nothing here reads files, asks a clock or remembers anything.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::chain::streams::{Links, Period, instant, streams};
use crate::money::Currency;
use crate::settlement::{ReportTime, SettlementId};

/// How often Amazon settles unless it is told otherwise; also the longest time after a payout that
/// the seller asked for.
const USUAL_DAYS: i64 = 14;
/// The longest rhythm: an account that is settled once a month.
const LONGEST_DAYS: i64 = 31;
/// How much longer a settlement may run on behind one that left a debt: Amazon waits for sales that
/// pay it. One is known that ran for 56 days.
const DEBT_DAYS: i64 = 42;
/// So many periods in a row of one length make a rhythm.
const RHYTHM_PERIODS: usize = 3;
/// Periods that differ by less have one length: daylight saving time, and Amazon's own lateness.
const TOLERANCE_HOURS: i64 = 12;
/// Working days from the end of a settlement until its report must be listed.
const SLACK_DAYS: u32 = 2;
/// Days on which little is done anywhere, as month and day; a slack does not count them.
const QUIET_DAYS: [(i8, i8); 5] = [(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)];
/// A stream that stays away for so long beyond its time is one that ended.
const GIVEN_UP_DAYS: i64 = 45;

/// A settlement that came, as far as it tells of the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Amazon's number of it.
    pub id: SettlementId,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Its marketplace, if it is known: whatever names one and the same store alike.
    pub marketplace: Option<String>,
    /// Column `settlement-start-date`.
    pub start: ReportTime,
    /// Column `settlement-end-date`.
    pub end: ReportTime,
    /// Whether its total is negative: the seller owes Amazon, which settles again when sales have
    /// paid it.
    pub owes: bool,
}

impl Period for Past {
    fn currency(&self) -> Currency {
        self.currency
    }

    fn store(&self) -> Option<&str> {
        self.marketplace.as_deref()
    }

    fn start(&self) -> Timestamp {
        instant(self.start)
    }

    fn end(&self) -> Timestamp {
        instant(self.end)
    }
}

/// How regularly the settlements of a stream came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Rhythm {
    /// The last ones ran for so many days each.
    Every {
        /// 1 for a daily payout, 7, 14, up to 31.
        days: u8,
    },
    /// Their lengths differ, as when the seller asks for payouts.
    Irregular,
    /// There was only one so far.
    Unknown,
}

/// The next settlement of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Expected {
    /// The stream's currency.
    pub currency: Currency,
    /// The stream's marketplace, if any of its settlements told.
    pub marketplace: Option<String>,
    /// The settlement that came last.
    pub last: SettlementId,
    /// When that one ended and the expected one began.
    pub since: Timestamp,
    /// How regular the stream is.
    pub rhythm: Rhythm,
    /// When the expected one ends, by the rhythm. Where there is none this is the latest time that
    /// is usual: it may well come earlier.
    pub due: Timestamp,
    /// When it must have come: two working days after `due`, and six weeks more when the last one
    /// left a debt.
    pub late: Timestamp,
    /// From then on the stream counts as ended, as of a store that was closed.
    pub given_up: Timestamp,
}

/// Where an expected settlement stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Standing {
    /// It is not due yet.
    Ahead,
    /// It is due and may be listed at any hour.
    Due,
    /// It should have come: someone must look.
    Late,
    /// It did not come for so long that the stream counts as ended.
    GivenUp,
}

impl Expected {
    /// Where it stands at a time.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match () {
            () if now < self.due => Standing::Ahead,
            () if now < self.late => Standing::Due,
            () if now < self.given_up => Standing::Late,
            () => Standing::GivenUp,
        }
    }
}

/// What is expected next, stream by stream, by currency and by the start of each stream's first
/// settlement; see [`chain::check`](crate::chain::check) for what a stream is. The order in which
/// the settlements are given does not matter, and one that is given twice counts once.
///
/// ```
/// use settlement_model::expected::{Past, Rhythm, Standing, expect};
/// use settlement_model::{Currency, ReportTime, SettlementId};
///
/// let past = |id: &str, start: &str, end: &str| Past {
///     id: SettlementId::parse(id).unwrap(),
///     currency: Currency::parse("USD").unwrap(),
///     marketplace: None,
///     start: ReportTime::Instant(start.parse().unwrap()),
///     end: ReportTime::Instant(end.parse().unwrap()),
///     owes: false,
/// };
/// let next = expect([
///     past("81", "2026-10-14T18:00:00Z", "2026-10-28T18:00:00Z"),
///     past("82", "2026-10-28T18:00:00Z", "2026-11-11T18:00:00Z"),
/// ]);
/// assert_eq!(next[0].rhythm, Rhythm::Every { days: 14 });
/// assert_eq!(next[0].due.to_string(), "2026-11-25T18:00:00Z");
/// assert_eq!(next[0].late.to_string(), "2026-11-27T18:00:00Z");
/// assert_eq!(next[0].standing("2026-11-26T09:00:00Z".parse().unwrap()), Standing::Due);
/// ```
#[must_use]
pub fn expect(past: impl IntoIterator<Item = Past>) -> Vec<Expected> {
    let mut past: Vec<_> = past.into_iter().collect();
    past.sort_by(|a, b| {
        let key = |one: &Past| (one.currency, instant(one.start), instant(one.end));
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    past.dedup_by(|a, b| a.id == b.id);
    let past: Vec<_> = past.iter().collect();
    streams(&past).iter().filter_map(next).collect()
}

fn next(stream: &Links<'_, Past>) -> Option<Expected> {
    let last = stream.settlements.last()?;
    let rhythm = rhythm(&stream.settlements);
    let days = match rhythm {
        Rhythm::Every { days } => i64::from(days),
        Rhythm::Irregular | Rhythm::Unknown => longest(&stream.settlements),
    };
    let since = last.end();
    let due = after(since, days);
    let debt = if last.owes { DEBT_DAYS } else { 0 };
    let late = after_working_days(after(due, debt), SLACK_DAYS);
    Some(Expected {
        currency: stream.currency,
        marketplace: stream.marketplace.map(str::to_owned),
        last: last.id.clone(),
        since,
        rhythm,
        due,
        late,
        given_up: after(late, GIVEN_UP_DAYS),
    })
}

/// The length that the last periods share, if they do.
fn rhythm(settlements: &[&Past]) -> Rhythm {
    if settlements.len() < 2 {
        return Rhythm::Unknown;
    }
    let recent = &settlements[settlements.len().saturating_sub(RHYTHM_PERIODS)..];
    let days = whole_days(length(recent[0]));
    let same = |period: &&Past| {
        let off = length(period) - SignedDuration::from_hours(days.saturating_mul(24));
        off.abs() <= SignedDuration::from_hours(TOLERANCE_HOURS)
    };
    match u8::try_from(days) {
        Ok(days) if (1..=LONGEST_DAYS).contains(&i64::from(days)) && recent.iter().all(same) => {
            Rhythm::Every { days }
        }
        _ => Rhythm::Irregular,
    }
}

/// The most days that a settlement of the stream usually takes.
fn longest(settlements: &[&Past]) -> i64 {
    let recent = settlements.iter().rev().take(2 * RHYTHM_PERIODS);
    let longest = recent.map(|period| whole_days(length(period))).max().unwrap_or_default();
    longest.clamp(USUAL_DAYS, LONGEST_DAYS)
}

fn length(period: &Past) -> SignedDuration {
    period.end().duration_since(period.start())
}

fn whole_days(length: SignedDuration) -> i64 {
    length.as_hours().saturating_add(12).div_euclid(24)
}

fn after(time: Timestamp, days: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX)
}

/// So many days on, not counting those on which nobody works.
fn after_working_days(from: Timestamp, days: u32) -> Timestamp {
    let (mut time, mut left) = (from, days);
    // A week has five of them, and the quiet days are five a year.
    for _ in 0..7 + 2 * days + 5 {
        if left == 0 {
            break;
        }
        time = after(time, 1);
        left -= u32::from(is_working_day(TimeZone::UTC.to_datetime(time).date()));
    }
    time
}

fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        && !QUIET_DAYS.contains(&(day.month(), day.day()))
}

#[cfg(test)]
mod tests;
