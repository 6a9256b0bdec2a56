//! The query of a request: what is set, by Amazon's names, and nothing that the service would
//! refuse.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::call;
use crate::Error;

#[cfg(test)]
mod tests;

/// The parameters of a query in the order they are told in. What is not set is not sent, and the
/// first mistake is kept until the request is made.
#[derive(Debug, Default)]
pub(crate) struct Query {
    set: Vec<(&'static str, String)>,
    fault: Option<(&'static str, &'static str)>,
}

impl Query {
    /// A parameter, when there is one; an empty text is none.
    pub(crate) fn set(mut self, name: &'static str, value: Option<impl Display>) -> Self {
        let value = value.map(|value| value.to_string()).unwrap_or_default();
        if !value.is_empty() {
            self.set.push((name, value));
        }
        self
    }

    /// A parameter that may not be empty.
    pub(crate) fn required(self, name: &'static str, value: &str, reason: &'static str) -> Self {
        self.refuse(value.is_empty(), name, reason).set(name, Some(value))
    }

    /// A time: ISO 8601, to the second.
    pub(crate) fn time(self, name: &'static str, time: Option<Timestamp>) -> Self {
        self.set(name, time.map(call::time))
    }

    /// `true`, or nothing.
    pub(crate) fn flag(self, name: &'static str, on: bool) -> Self {
        self.set(name, on.then_some(on))
    }

    /// How many a page has.
    pub(crate) fn size(self, name: &'static str, size: Option<u8>, takes: &Sizes) -> Self {
        let refused = size.is_some_and(|size| !(takes.least..=takes.most).contains(&size));
        self.refuse(refused, name, takes.reason).set(name, size)
    }

    /// A list, in one value with commas, of as many members as the service takes.
    pub(crate) fn list(
        self,
        name: &'static str,
        members: &[impl AsRef<str>],
        takes: impl RangeBounds<usize>,
    ) -> Self {
        let members: Vec<_> = members.iter().map(AsRef::as_ref).collect();
        let spoiled = members.iter().any(|member| member.is_empty() || member.contains(','));
        let few = match takes.start_bound() {
            Bound::Included(least) => members.len() < *least,
            Bound::Excluded(_) | Bound::Unbounded => false,
        };
        self.refuse(few, name, "the service wants at least one value")
            .refuse(
                !few && !takes.contains(&members.len()),
                name,
                "there are more values than the service takes at once",
            )
            .refuse(spoiled, name, "an empty value, or one with a comma, cannot be sent in a list")
            .set(name, Some(members.join(",")))
    }

    /// A window of time. What depends on the time it is, is checked by [`WindowRule::check`].
    pub(crate) fn window(mut self, rule: &WindowRule, window: Window) -> Self {
        let [after, before] = rule.names;
        if self.fault.is_none() {
            self.fault = rule.disorder(window);
        }
        self.time(after, window.after).time(before, window.before)
    }

    /// Refuses the query for a parameter when something holds that must not.
    pub(crate) fn refuse(
        mut self,
        refused: bool,
        parameter: &'static str,
        reason: &'static str,
    ) -> Self {
        if refused && self.fault.is_none() {
            self.fault = Some((parameter, reason));
        }
        self
    }

    /// The address with this query.
    pub(crate) fn address(self, base: &Url, root: &[&str], rest: &[&str]) -> Result<Url, Error> {
        if let Some((parameter, reason)) = self.fault {
            return Err(Error::InvalidParameter { parameter, reason });
        }
        let mut url = call::address(base, root, rest)?;
        if !self.set.is_empty() {
            url.query_pairs_mut().extend_pairs(self.set);
        }
        Ok(url)
    }

    /// A GET with this query.
    pub(crate) fn get(
        self,
        base: &Url,
        root: &[&str],
        rest: &[&str],
    ) -> Result<http::Request<Bytes>, Error> {
        call::get(&self.address(base, root, rest)?)
    }
}

/// How many items the service gives on a page.
#[derive(Debug)]
pub(crate) struct Sizes {
    pub(crate) least: u8,
    pub(crate) most: u8,
    pub(crate) reason: &'static str,
}

/// 1 to 100.
pub(crate) const TO_100: Sizes =
    Sizes { least: 1, most: 100, reason: "the service takes 1 to 100" };

/// 1 to 20.
pub(crate) const TO_20: Sizes = Sizes { least: 1, most: 20, reason: "the service takes 1 to 20" };

/// A window of time. An end that is not set is left to the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) after: Option<Timestamp>,
    pub(crate) before: Option<Timestamp>,
}

/// The service knows nothing of the last two minutes.
const EDGE: SignedDuration = SignedDuration::from_mins(2);
/// A limit of days back is told by a clock that may differ, of a call that may wait.
const GRACE: SignedDuration = SignedDuration::from_hours(1);

/// What the service takes as a window of time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WindowRule {
    /// The names of its begin and its end.
    names: [&'static str; 2],
    end_excluded: bool,
    /// How long ago both ends must be.
    edge: Option<(SignedDuration, &'static str)>,
    /// The most days between the ends.
    longest: Option<(i64, &'static str)>,
    /// The most days back.
    oldest: Option<(i64, &'static str)>,
}

impl WindowRule {
    /// A window to which its end belongs.
    pub(crate) const fn closed(after: &'static str, before: &'static str) -> Self {
        let names = [after, before];
        Self { names, end_excluded: false, edge: None, longest: None, oldest: None }
    }

    /// A window that ends before its end.
    pub(crate) const fn half_open(after: &'static str, before: &'static str) -> Self {
        Self { end_excluded: true, ..Self::closed(after, before) }
    }

    /// Neither end is in the last two minutes.
    pub(crate) const fn two_minutes_ago(self) -> Self {
        Self { edge: Some((EDGE, "the service wants a time at least two minutes ago")), ..self }
    }

    /// Neither end is in the future.
    pub(crate) const fn past(self) -> Self {
        let reason = "the service takes no time in the future";
        Self { edge: Some((SignedDuration::ZERO, reason)), ..self }
    }

    /// It has at most this many days.
    pub(crate) const fn longest(self, days: i64, reason: &'static str) -> Self {
        Self { longest: Some((days, reason)), ..self }
    }

    /// It begins at most this many days ago.
    pub(crate) const fn oldest(self, days: i64, reason: &'static str) -> Self {
        Self { oldest: Some((days, reason)), ..self }
    }

    /// The end that is not behind the begin, and how to say so.
    fn disorder(&self, window: Window) -> Option<(&'static str, &'static str)> {
        let (after, before) = window.after.zip(window.before)?;
        let wrong = before < after || (self.end_excluded && before == after);
        let reason = if self.end_excluded {
            "the end of the window must lie behind its begin"
        } else {
            "the end of the window lies before its begin"
        };
        wrong.then_some((self.names[1], reason))
    }

    /// Refuses a window whose ends are not in order.
    pub(crate) fn check_order(&self, window: Window) -> Result<(), Error> {
        match self.disorder(window) {
            Some((parameter, reason)) => Err(Error::InvalidParameter { parameter, reason }),
            None => Ok(()),
        }
    }

    /// Refuses what the service would refuse, or answer with nothing, because of the time it is.
    pub(crate) fn check(&self, window: Window, now: Timestamp) -> Result<(), Error> {
        let [after, before] = self.names;
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        let (edge, late) = self.edge.unwrap_or((SignedDuration::ZERO, ""));
        let end = back(now, edge);
        if self.edge.is_some() {
            for (name, time) in [(after, window.after), (before, window.before)] {
                if time.is_some_and(|time| time > end) {
                    return invalid(name, late);
                }
            }
        }
        let Some(begin) = window.after else { return Ok(()) };
        if let Some((days, reason)) = self.oldest
            && begin < back(now, SignedDuration::from_hours(24 * days).saturating_add(GRACE))
        {
            return invalid(after, reason);
        }
        if let Some((days, reason)) = self.longest
            && window.before.unwrap_or(end).duration_since(begin)
                > SignedDuration::from_hours(24 * days)
        {
            return invalid(before, reason);
        }
        Ok(())
    }
}

fn back(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_sub(by).unwrap_or(Timestamp::MIN)
}
