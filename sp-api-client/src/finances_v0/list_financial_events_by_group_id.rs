//! `listFinancialEventsByGroupId`: what was booked in a financial event group.

use bytes::Bytes;
use jiff::Timestamp;
use url::Url;
use wire::{Class, Page};

use super::list_financial_events::{ListFinancialEventsResponse, POSTED};
use super::{FinancesV0, FinancialEvents, PLAN, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{Query, TO_100, Window};
use crate::client::{Call, Operation, call};

/// Which events to list: the parameters of `listFinancialEventsByGroupId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFinancialEventsByGroupId {
    event_group_id: String,
    posted: Window,
    max_results_per_page: Option<u8>,
    next_token: Option<String>,
}

impl ListFinancialEventsByGroupId {
    /// Events of this group (`eventGroupId`), which is not a settlement's id. The service looks two
    /// years back.
    #[must_use]
    pub fn of_group(event_group_id: impl Into<String>) -> Self {
        Self {
            event_group_id: event_group_id.into(),
            posted: Window::default(),
            max_results_per_page: None,
            next_token: None,
        }
    }

    /// Only events booked at this time or later (`PostedAfter`).
    #[must_use]
    pub fn posted_after(mut self, time: Timestamp) -> Self {
        self.posted.after = Some(time);
        self
    }

    /// Only events booked before this time (`PostedBefore`): at least two minutes ago, which it is
    /// unless said, and at most 180 days after `PostedAfter`,
    /// which must be said too.
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

impl Call for ListFinancialEventsByGroupId {
    const OPERATION: Operation =
        Operation { name: "listFinancialEventsByGroupId", class: Class::Safe, plan: PLAN };
    type Answer = ListFinancialEventsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("eventGroupId", &self.event_group_id)?;
        let endless = self.posted.before.is_some() && self.posted.after.is_none();
        Query::default()
            .size("MaxResultsPerPage", self.max_results_per_page, &TO_100)
            .refuse(endless, "PostedAfter", "with PostedBefore the service wants PostedAfter too")
            .window(&POSTED, self.posted)
            .set("NextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["financialEventGroups", id, "financialEvents"])
    }
}

lists! {
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-08-27: use `Finances::list_transactions`"
    )]
    FinancesV0: "listFinancialEventsByGroupId",
    ListFinancialEventsByGroupId => Page<FinancialEvents>, FinancialEvents;
    token "NextToken" in next_token;
    /// Pages of 100 events.
    at most 100_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            POSTED.check(self.posted, now)
        }
    };
    /// Its one item holds the events of the page, by their kind. Events whose payment is deferred
    /// are not there until they are released; orders of the last 48 hours may be missing.
    list_financial_events_by_group_id, list_financial_events_by_group_id_pages,
    /// An item holds the events of a page.
    list_financial_events_by_group_id_stream
}
