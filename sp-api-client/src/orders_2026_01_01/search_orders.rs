//! `searchOrders`: the orders that were made, or changed, in a window of time.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Paged, Plan};

use super::{FulfilledBy, FulfillmentStatus, IncludedData, Order, Orders, ROOT};
use crate::Error;
use crate::client::list::{Pagination, lists};
use crate::client::query::{Query, TO_100, Window, WindowRule};
use crate::client::{Call, Operation};

#[cfg(test)]
mod tests;

const MARKETPLACES_MAX: usize = 50;
const CREATED: WindowRule = WindowRule::closed("createdAfter", "createdBefore").two_minutes_ago();
const UPDATED: WindowRule =
    WindowRule::closed("lastUpdatedAfter", "lastUpdatedBefore").two_minutes_ago();

/// Which orders to list: the parameters of `searchOrders`.
///
/// A window of time is over the creation or over the last change, never over both.
///
/// ```
/// use sp_api_client::orders_2026_01_01::{FulfilledBy, SearchOrders};
///
/// let query = SearchOrders::created_since("2026-11-01T00:00:00Z".parse()?)
///     .until("2026-11-02T00:00:00Z".parse()?)
///     .fulfilled_by([FulfilledBy::Merchant]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOrders {
    over: &'static WindowRule,
    window: Window,
    fulfillment_statuses: Vec<FulfillmentStatus>,
    marketplace_ids: Vec<String>,
    fulfilled_by: Vec<FulfilledBy>,
    max_results_per_page: Option<u8>,
    pagination_token: Option<String>,
    included_data: Vec<IncludedData>,
}

impl SearchOrders {
    /// Orders made at this time or later (`createdAfter`).
    #[must_use]
    pub fn created_since(time: Timestamp) -> Self {
        Self::new(&CREATED, time)
    }

    /// Orders changed at this time or later (`lastUpdatedAfter`): new ones too.
    #[must_use]
    pub fn updated_since(time: Timestamp) -> Self {
        Self::new(&UPDATED, time)
    }

    fn new(over: &'static WindowRule, since: Timestamp) -> Self {
        Self {
            over,
            window: Window { after: Some(since), before: None },
            fulfillment_statuses: Vec::new(),
            marketplace_ids: Vec::new(),
            fulfilled_by: Vec::new(),
            max_results_per_page: None,
            pagination_token: None,
            included_data: Vec::new(),
        }
    }

    /// The end of the window (`createdBefore` or `lastUpdatedBefore`): at least two minutes ago.
    /// Unless said, the service takes two minutes ago, and tells so in [`OrdersPage::until`].
    #[must_use]
    pub fn until(mut self, time: Timestamp) -> Self {
        self.window.before = Some(time);
        self
    }

    /// Only orders that are this far (`fulfillmentStatuses`).
    #[must_use]
    pub fn fulfillment_statuses(
        mut self,
        statuses: impl IntoIterator<Item = FulfillmentStatus>,
    ) -> Self {
        self.fulfillment_statuses = statuses.into_iter().collect();
        self
    }

    /// Only orders of these marketplaces (`marketplaceIds`): at most 50.
    #[must_use]
    pub fn marketplace_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.marketplace_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only orders that these ship (`fulfilledBy`).
    #[must_use]
    pub fn fulfilled_by(mut self, who: impl IntoIterator<Item = FulfilledBy>) -> Self {
        self.fulfilled_by = who.into_iter().collect();
        self
    }

    /// How many orders a page has (`maxResultsPerPage`): 1 to 100, which it is unless said.
    #[must_use]
    pub fn max_results_per_page(mut self, orders: u8) -> Self {
        self.max_results_per_page = Some(orders);
        self
    }

    /// What to tell beyond the orders and their items (`includedData`).
    #[must_use]
    pub fn included_data(mut self, data: impl IntoIterator<Item = IncludedData>) -> Self {
        self.included_data = data.into_iter().collect();
        self
    }
}

/// A page of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrdersPage {
    /// The orders on it. An empty page does not end the list.
    pub orders: Vec<Order>,
    /// What the next page is asked for with: [`SearchOrders::from_page`].
    pub next_token: Option<String>,
    /// The end of the window that the service used (`createdBefore` or `lastUpdatedBefore`):
    /// where the next window may begin, with an overlap.
    pub until: Option<Timestamp>,
}

impl Paged for OrdersPage {
    fn next_token(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchOrdersResponse {
    orders: Vec<Order>,
    pagination: Option<Pagination>,
    created_before: Option<Timestamp>,
    last_updated_before: Option<Timestamp>,
}

impl From<SearchOrdersResponse> for OrdersPage {
    fn from(answer: SearchOrdersResponse) -> Self {
        let next_token = answer.pagination.and_then(|pagination| pagination.next_token);
        let until = answer.created_before.or(answer.last_updated_before);
        Self { orders: answer.orders, next_token, until }
    }
}

impl From<OrdersPage> for Page<Order> {
    fn from(page: OrdersPage) -> Self {
        Self { items: page.orders, next_token: page.next_token }
    }
}

impl Call for SearchOrders {
    const OPERATION: Operation = Operation {
        name: "searchOrders",
        class: Class::Safe,
        // 0.0056 a second: a little more than 178 seconds, which the next second covers.
        plan: Plan { interval: Duration::from_secs(179), burst: 20 },
    };
    type Answer = SearchOrdersResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .window(self.over, self.window)
            .list("fulfillmentStatuses", &self.fulfillment_statuses, ..)
            .list("marketplaceIds", &self.marketplace_ids, ..=MARKETPLACES_MAX)
            .list("fulfilledBy", &self.fulfilled_by, ..)
            .size("maxResultsPerPage", self.max_results_per_page, &TO_100)
            .set("paginationToken", self.pagination_token.as_ref())
            .list("includedData", &self.included_data, ..)
            .get(base, &ROOT, &["orders"])
    }
}

lists! {
    Orders: "searchOrders", SearchOrders => OrdersPage, Order;
    /// The token is good for 24 hours.
    token "paginationToken" in pagination_token;
    /// Two years of 100 orders a page, every three minutes.
    at most 400_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            self.over.check(self.window, now)
        }

        /// An order as it was at its last change: a token lives for a day.
        fn key(order: &Order) -> Option<String> {
            Some(format!("{} {}", order.order_id, order.last_updated_time))
        }

        /// From the first page on it is this window, however late the next page is asked for.
        fn fix(&mut self, page: &OrdersPage) {
            self.window.before = self.window.before.or(page.until);
        }
    };
    search_orders, search_orders_pages,
    ///
    /// When the token of the next page is refused because it became too old, the same window is
    /// read again from its begin, and what was given already is left out.
    search_orders_stream
}
