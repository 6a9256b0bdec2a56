//! What is left of a load, as the store has it: reports to be read, and orders that only a report has told.

use std::cmp::Reverse;
use std::fmt;

use anyhow::Context as _;
use jiff::Timestamp;
use ledger_mapper::OrderStatus;
use serde::{Deserialize, Serialize};
use store::{NewEvent, OrderRecord, Poll, Store};

use crate::amazon::{ORDERS_REPORT_MAX, OrderFacts, Reported};
use crate::config::Orders;
use crate::day::day_of;
use crate::pipeline::order::State;
use crate::pipeline::requested;

/// The name of what is left to be reported.
const LOAD: &str = "orders-load";

/// A time whose orders are in one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Window {
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
}

impl Window {
    /// The name of its request.
    pub(super) fn list(self) -> String {
        format!("{LOAD}/{}/{}", self.since, self.until)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", day_of(self.since), day_of(self.until))
    }
}

/// The times from `since` on that a report each can tell.
pub(super) fn windows(since: Timestamp, until: Timestamp) -> Vec<Window> {
    let mut windows = Vec::new();
    let mut since = since;
    while since < until {
        let end = since.checked_add(ORDERS_REPORT_MAX).unwrap_or(until).min(until);
        windows.push(Window { since, until: end });
        since = end;
    }
    windows
}

/// A load as it is kept.
pub(super) struct Load {
    /// Where the reports end and the search begins.
    pub(super) until: Timestamp,
    /// What is still to be reported.
    pub(super) left: Vec<Window>,
}

impl Load {
    /// The connection's load; `None` where none was ever planned.
    pub(super) async fn kept(store: &Store, connection: &str) -> anyhow::Result<Option<Self>> {
        let kept = store.poll(connection, LOAD).await?;
        let Some(Poll { since, page, .. }) = kept else { return Ok(None) };
        let left = page.as_deref().map(serde_json::from_str).transpose();
        let left = left.context("what is left of the first load of orders")?;
        Ok(Some(Self { until: since, left: left.unwrap_or_default() }))
    }

    pub(super) async fn keep(
        &self,
        store: &Store,
        connection: &str,
        event: &NewEvent,
    ) -> anyhow::Result<()> {
        let page = Some(&self.left).filter(|left| !left.is_empty());
        let page = page.map(serde_json::to_string).transpose()?;
        let poll = Poll { since: self.until, until: None, page };
        Ok(store.polled(connection, LOAD, &poll, Some(event)).await?)
    }
}

/// The wanted orders that only a report has told, the newest first.
pub(super) struct Unread {
    /// Those that the Orders API was not asked for yet.
    pub(super) due: Vec<(OrderRecord, OrderFacts)>,
    /// Those that it did not give.
    pub(super) missed: Vec<(OrderRecord, OrderFacts)>,
}

impl Unread {
    pub(super) async fn of(
        store: &Store,
        connection: &str,
        setting: &Orders,
    ) -> anyhow::Result<Self> {
        let mut unread = Self { due: Vec::new(), missed: Vec::new() };
        for state in [State::Pending, State::Waiting] {
            for record in store.orders(Some(connection), Some(state.as_str())).await? {
                let facts: OrderFacts = serde_json::from_str(&record.told.payload)
                    .with_context(|| format!("{}: its stored form", record.key))?;
                let is_wanted = setting.wants(facts.order.fulfilled_by)
                    && !matches!(facts.order.status, OrderStatus::Pending | OrderStatus::Cancelled);
                match facts.reported {
                    Some(Reported::Unread) if is_wanted || !facts.unclear.is_empty() => {
                        unread.due.push((record, facts));
                    }
                    Some(Reported::NotGiven) if is_wanted => unread.missed.push((record, facts)),
                    _ => {}
                }
            }
        }
        for orders in [&mut unread.due, &mut unread.missed] {
            orders.sort_by_key(|(_, facts)| Reverse(facts.order.created));
        }
        Ok(unread)
    }
}

/// How far a load is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// What is still to be reported, with how far its report is.
    pub reports_left: Vec<(String, &'static str)>,
    /// Orders that only a report has told, still to be read.
    pub orders_left: usize,
}

/// How far a connection's load is; `None` when nothing of one is left.
///
/// # Errors
/// The store's errors.
pub async fn standing(
    store: &Store,
    connection: &str,
    setting: &Orders,
) -> anyhow::Result<Option<Standing>> {
    let unread = Unread::of(store, connection, setting).await?;
    let mut standing = Standing { orders_left: unread.due.len(), ..Standing::default() };
    let load = Load::kept(store, connection).await?;
    for window in load.into_iter().flat_map(|load| load.left) {
        let far = requested::standing(store, connection, &window.list()).await?;
        standing.reports_left.push((window.to_string(), far));
    }
    Ok(Some(standing).filter(|standing| *standing != Standing::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_and_none_is_longer_than_a_report() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (since, until) = (at("2024-11-27T00:00:00Z"), at("2026-11-26T11:00:00Z"));
        let windows = windows(since, until);
        assert_eq!((windows.len(), windows[0].since, windows[24].until), (25, since, until));
        for pair in windows.windows(2) {
            assert_eq!(pair[0].until, pair[1].since);
        }
        let long = windows.iter().find(|w| w.until.duration_since(w.since) > ORDERS_REPORT_MAX);
        assert_eq!(long, None);
        assert!(super::windows(until, since).is_empty());
    }
}
