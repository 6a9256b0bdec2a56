//! `listFinancialEventsByOrderId`: what was booked for an order.

use bytes::Bytes;
use url::Url;
use wire::{Class, Page};

use super::list_financial_events::ListFinancialEventsResponse;
use super::{FinancesV0, FinancialEvents, PLAN, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{Query, TO_100};
use crate::client::{Call, Operation, call};

/// Which events to list: the parameters of `listFinancialEventsByOrderId`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFinancialEventsByOrderId {
    order_id: String,
    max_results_per_page: Option<u8>,
    next_token: Option<String>,
}

impl ListFinancialEventsByOrderId {
    /// Events of this order (`orderId`), like `171-9876543-2109876`.
    #[must_use]
    pub fn of_order(order_id: impl Into<String>) -> Self {
        Self { order_id: order_id.into(), max_results_per_page: None, next_token: None }
    }

    /// How many events a page has (`MaxResultsPerPage`): 1 to 100, which it is unless said.
    #[must_use]
    pub fn max_results_per_page(mut self, events: u8) -> Self {
        self.max_results_per_page = Some(events);
        self
    }
}

impl Call for ListFinancialEventsByOrderId {
    const OPERATION: Operation =
        Operation { name: "listFinancialEventsByOrderId", class: Class::Safe, plan: PLAN };
    type Answer = ListFinancialEventsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", &self.order_id)?;
        Query::default()
            .size("MaxResultsPerPage", self.max_results_per_page, &TO_100)
            .set("NextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["orders", id, "financialEvents"])
    }
}

lists! {
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-08-27: use `Finances::list_transactions`"
    )]
    FinancesV0: "listFinancialEventsByOrderId",
    ListFinancialEventsByOrderId => Page<FinancialEvents>, FinancialEvents;
    token "NextToken" in next_token;
    /// Pages of 100 events.
    at most 100_000 pages;
    /// Its one item holds the events of the page, by their kind. Events whose payment is deferred
    /// are not there until they are released; orders of the last 48 hours may be missing.
    list_financial_events_by_order_id, list_financial_events_by_order_id_pages,
    /// An item holds the events of a page.
    list_financial_events_by_order_id_stream
}
