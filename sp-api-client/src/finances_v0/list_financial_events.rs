//! `listFinancialEvents`: what was booked in a window of time.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page};

use super::{FinancesV0, FinancialEvents, PLAN, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{Query, TO_100, Window, WindowRule};
use crate::client::{Call, Operation};

pub(super) const POSTED: WindowRule = WindowRule::half_open("PostedAfter", "PostedBefore")
    .two_minutes_ago()
    .longest(180, "the service answers a window of more than 180 days with nothing; ask for parts");

/// Which events to list: the parameters of `listFinancialEvents`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFinancialEvents {
    posted: Window,
    max_results_per_page: Option<u8>,
    next_token: Option<String>,
}

impl ListFinancialEvents {
    /// Events booked at this time or later (`PostedAfter`).
    #[must_use]
    pub fn posted_since(time: Timestamp) -> Self {
        let posted = Window { after: Some(time), before: None };
        Self { posted, max_results_per_page: None, next_token: None }
    }

    /// Only events booked before this time (`PostedBefore`): at least two minutes ago, which it is
    /// unless said, and at most 180 days after `PostedAfter`.
    #[must_use]
    pub fn posted_before(mut self, time: Timestamp) -> Self {
        self.posted.before = Some(time);
        self
    }

    /// How many events a page has (`MaxResultsPerPage`): 1 to 100, which it is unless said.
    #[must_use]
    pub fn max_results_per_page(mut self, events: u8) -> Self {
        self.max_results_per_page = Some(events);
        self
    }
}

/// The body of an answer of each of the three operations.
#[derive(Deserialize)]
pub(crate) struct ListFinancialEventsResponse {
    payload: ListFinancialEventsPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListFinancialEventsPayload {
    #[serde(default)]
    financial_events: Option<FinancialEvents>,
    next_token: Option<String>,
}

impl From<ListFinancialEventsResponse> for Page<FinancialEvents> {
    fn from(answer: ListFinancialEventsResponse) -> Self {
        let ListFinancialEventsPayload { financial_events, next_token } = answer.payload;
        Self { items: financial_events.into_iter().collect(), next_token }
    }
}

impl Call for ListFinancialEvents {
    const OPERATION: Operation =
        Operation { name: "listFinancialEvents", class: Class::Safe, plan: PLAN };
    type Answer = ListFinancialEventsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .size("MaxResultsPerPage", self.max_results_per_page, &TO_100)
            .window(&POSTED, self.posted)
            .set("NextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["financialEvents"])
    }
}

lists! {
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-08-27: use `Finances::list_transactions`"
    )]
    FinancesV0: "listFinancialEvents",
    ListFinancialEvents => Page<FinancialEvents>, FinancialEvents;
    token "NextToken" in next_token;
    /// Pages of 100 events.
    at most 100_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            POSTED.check(self.posted, now)
        }
    };
    /// Its one item holds the events of the page, by their kind. Events whose payment is deferred
    /// are not there until they are released; orders of the last 48 hours may be missing.
    list_financial_events, list_financial_events_pages,
    /// An item holds the events of a page.
    list_financial_events_stream
}
