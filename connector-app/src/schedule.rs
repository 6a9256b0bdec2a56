//! When a flow is due: an interval or a cron expression, spread over the connections. Pure.
//!
//! A connection's place within the interval follows from its name, so that a thousand connections
//! never start in the same second, and each keeps its minute. After a downtime a flow runs once,
//! however often it would have run.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, de};
use sha2::{Digest as _, Sha256};
use store::{Planned, ScheduleRecord};

use crate::config::Config;
use crate::flow::FLOWS;

/// How far the connections of one cron expression are spread; at most half the time between two
/// of its moments.
const SPREAD_MAX_MILLIS: i64 = 5 * 60 * 1000;

/// How long after a failure that may pass by itself a flow is tried again, if it is not due before.
const RETRY: SignedDuration = SignedDuration::from_mins(5);

/// The shortest interval.
const SHORTEST: SignedDuration = SignedDuration::from_secs(1);

/// The longest interval.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// When a flow runs: `every 30m`, `0 2 * * * America/Denver`, or `never` by itself.
#[derive(Clone, Debug)]
pub enum Spec {
    /// Only when a person asks for it.
    Never,
    /// Again and again after this time.
    Every(SignedDuration),
    /// At the moments of a cron expression with a time zone.
    Cron(Box<Cron>),
}

/// A cron expression with a time zone.
#[derive(Clone, Debug)]
pub struct Cron {
    text: String,
    table: cronexpr::Crontab,
}

/// The words are not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is not a schedule ({why}); write one such as \"every 30m\", \
     \"0 2 * * * America/Denver\" (minute, hour, day, month, weekday, time zone) or \"never\""
)]
pub struct NotASpec {
    text: String,
    why: String,
}

impl FromStr for Spec {
    type Err = NotASpec;

    fn from_str(text: &str) -> Result<Self, NotASpec> {
        let no = |why: String| NotASpec { text: text.to_owned(), why };
        let words = text.trim();
        if words == "never" {
            return Ok(Self::Never);
        }
        if let Some(interval) = words.strip_prefix("every ") {
            let every: SignedDuration = interval.trim().parse().map_err(|_| {
                no(format!("\"{}\" is not a time such as 30m, 6h or 1h 30m", interval.trim()))
            })?;
            return match every {
                _ if every < SHORTEST => Err(no("the shortest interval is one second".to_owned())),
                _ if every > LONGEST => Err(no("the longest interval is 366 days".to_owned())),
                _ => Ok(Self::Every(every)),
            };
        }
        let table = cronexpr::parse_crontab(words).map_err(|error| no(reason(&error)))?;
        let cron = Cron { text: words.to_owned(), table };
        match cron.moment_after(Timestamp::UNIX_EPOCH) {
            Some(_) => Ok(Self::Cron(Box::new(cron))),
            None => Err(no("it never comes".to_owned())),
        }
    }
}

/// The parser repeats the words and points at the place before it says what is wrong.
fn reason(error: &cronexpr::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim().trim_start_matches('^').trim().to_owned()
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Every(every) => write!(f, "every {every:#}"),
            Self::Cron(cron) => f.write_str(&cron.text),
        }
    }
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl Spec {
    /// When a flow is due that ran `last`, or never yet. The time may have passed: then it is due
    /// now, once. `None` where only a person starts it.
    ///
    /// A flow with an interval that never ran is due at once; one with a cron expression at its next
    /// moment. `seed` tells the connection's place among the others; see [`seed`].
    #[must_use]
    pub fn due(&self, last: Option<Timestamp>, now: Timestamp, seed: u64) -> Option<Timestamp> {
        match (self, last) {
            (Self::Never, _) => None,
            (Self::Every(_), None) => Some(now),
            (Self::Every(every), Some(last)) => slot_after(*every, last, seed),
            (Self::Cron(cron), last) => cron.slot_after(last.unwrap_or(now), seed),
        }
    }

    /// When a flow is due after a run that ended. A failure that may pass by itself is tried again
    /// soon.
    #[must_use]
    pub fn due_after(&self, ended: Timestamp, may_pass: bool, seed: u64) -> Option<Timestamp> {
        let due = self.due(Some(ended), ended, seed)?;
        let again = ended.saturating_add(RETRY).unwrap_or(Timestamp::MAX);
        Some(if may_pass { due.min(again) } else { due })
    }
}

/// The next of the times `n × every + place` after `at`.
fn slot_after(every: SignedDuration, at: Timestamp, seed: u64) -> Option<Timestamp> {
    let every = i64::try_from(every.as_millis()).ok()?;
    let place = below(seed, every);
    let passed = at.as_millisecond().checked_sub(place)?.div_euclid(every);
    let next = passed.checked_add(1)?.checked_mul(every)?.checked_add(place)?;
    Timestamp::from_millisecond(next).ok()
}

/// A number from zero to below `bound`, the same for the same seed.
fn below(seed: u64, bound: i64) -> i64 {
    let bound = u64::try_from(bound).unwrap_or(0).max(1);
    i64::try_from(seed % bound).unwrap_or(0)
}

impl Cron {
    /// The first time after `at` when it is this connection's turn.
    fn slot_after(&self, at: Timestamp, seed: u64) -> Option<Timestamp> {
        // The turn of a moment that has passed may be still to come.
        let spread = SignedDuration::from_millis(SPREAD_MAX_MILLIS);
        let mut moment = self.moment_after(at.saturating_sub(spread).ok()?)?;
        // Moments are a minute apart or more, so few can lie within the spread.
        for _ in 0..=SPREAD_MAX_MILLIS / 60_000 + 1 {
            let Some(following) = self.moment_after(moment) else { return Some(moment) };
            let gap = following.as_millisecond() - moment.as_millisecond();
            let wait = below(seed, SPREAD_MAX_MILLIS.min(gap / 2));
            let slot = moment.checked_add(SignedDuration::from_millis(wait)).ok()?;
            if slot > at {
                return Some(slot);
            }
            moment = following;
        }
        None
    }

    /// The first moment of the expression after `at`. The library has a version of the time types of
    /// its own; seconds are common ground.
    fn moment_after(&self, at: Timestamp) -> Option<Timestamp> {
        let at = cronexpr::MakeTimestamp::from_second(at.as_second()).ok()?;
        let found = self.table.find_next(at).ok()?;
        Timestamp::from_second(found.timestamp().as_second()).ok()
    }
}

/// A connection's place among all: the same for the same names, on every machine.
#[must_use]
pub fn seed(connection: &str, flow: &str) -> u64 {
    let digest = Sha256::digest(format!("{connection}\n{flow}"));
    digest.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}

/// What the store's schedule must be told so that it says what the configuration says: flows that
/// are new or have another time, and flows that are gone. What is planned already stays as it is.
#[must_use]
pub fn plan(
    config: &Config,
    kept: &[ScheduleRecord],
    now: Timestamp,
) -> (Vec<Planned>, Vec<Planned>) {
    let mut gone: std::collections::BTreeMap<(&str, &str), &ScheduleRecord> = kept
        .iter()
        .map(|record| ((record.planned.connection.as_str(), record.planned.flow.as_str()), record))
        .collect();
    let mut planned = Vec::new();
    for connection in &config.connections {
        for flow in FLOWS {
            let spec = connection.runs(flow);
            let words = spec.to_string();
            let record = gone.remove(&(connection.name.as_str(), flow.name));
            if record.is_some_and(|record| record.planned.spec == words) {
                continue;
            }
            let last = record.and_then(|record| record.ended);
            planned.push(Planned {
                connection: connection.name.clone(),
                flow: flow.name.to_owned(),
                spec: words,
                due: spec.due(last, now, seed(&connection.name, flow.name)),
            });
        }
    }
    (planned, gone.into_values().map(|record| record.planned.clone()).collect())
}

#[cfg(test)]
mod tests;
