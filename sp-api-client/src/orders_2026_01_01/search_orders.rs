//! `searchOrders`: the orders that were made, or changed, in a window of time.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use url::Url;
use wire::{Class, Paged, Plan};

use super::{FulfilledBy, FulfillmentStatus, INCLUDED_DATA_MAX, IncludedData, Order, Orders, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};

mod walk;

#[cfg(test)]
mod tests;

const MARKETPLACES_MAX: usize = 50;
const WORDS_MAX: usize = 50;
const PAGE_SIZE_MAX: u8 = 100;
/// Two years of 100 orders a page, every three minutes; more pages are a list that does not end.
const PAGES_MAX: u32 = 400_000;
/// The service knows nothing of the last two minutes.
const EDGE: SignedDuration = SignedDuration::from_mins(2);

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
    window: Window,
    since: Timestamp,
    until: Option<Timestamp>,
    fulfillment_statuses: Vec<FulfillmentStatus>,
    marketplace_ids: Vec<String>,
    fulfilled_by: Vec<FulfilledBy>,
    max_results_per_page: Option<u8>,
    pagination_token: Option<String>,
    included_data: Vec<IncludedData>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Window {
    Created,
    Updated,
}

impl Window {
    /// The names of its begin and its end.
    fn parameters(self) -> (&'static str, &'static str) {
        match self {
            Self::Created => ("createdAfter", "createdBefore"),
            Self::Updated => ("lastUpdatedAfter", "lastUpdatedBefore"),
        }
    }
}

impl SearchOrders {
    /// Orders made at this time or later (`createdAfter`).
    #[must_use]
    pub fn created_since(time: Timestamp) -> Self {
        Self::new(Window::Created, time)
    }

    /// Orders changed at this time or later (`lastUpdatedAfter`): new ones too.
    #[must_use]
    pub fn updated_since(time: Timestamp) -> Self {
        Self::new(Window::Updated, time)
    }

    fn new(window: Window, since: Timestamp) -> Self {
        Self {
            window,
            since,
            until: None,
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
        self.until = Some(time);
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

    /// Goes on behind a page that was read (`paginationToken`). The token is good for 24 hours,
    /// and only with the filters it was given for.
    #[must_use]
    pub fn from_page(mut self, token: impl Into<String>) -> Self {
        self.pagination_token = Some(token.into());
        self
    }

    /// Refuses what the service would refuse because of the time it is.
    fn check_edge(&self, now: Timestamp) -> Result<(), Error> {
        let edge = now.saturating_sub(EDGE).unwrap_or(Timestamp::MIN);
        let (since, until) = self.window.parameters();
        let late = |parameter| {
            let reason = "the service wants a time at least two minutes ago";
            Err(Error::InvalidParameter { parameter, reason })
        };
        if self.since > edge {
            return late(since);
        }
        if self.until.is_some_and(|until| until > edge) {
            return late(until);
        }
        Ok(())
    }

    /// The parameters by their names; empty when not set.
    fn parameters(&self) -> Result<[(&'static str, String); 8], Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        let (since, until) = self.window.parameters();
        if self.until.is_some_and(|until| until < self.since) {
            return invalid(until, "the end of the window lies before its begin");
        }
        if self.max_results_per_page.is_some_and(|size| !(1..=PAGE_SIZE_MAX).contains(&size)) {
            return invalid("maxResultsPerPage", "the service takes 1 to 100");
        }
        let statuses = &self.fulfillment_statuses;
        let marketplaces = &self.marketplace_ids;
        let page_size = self.max_results_per_page.map(|size| size.to_string());
        let lists = [
            call::comma_separated("fulfillmentStatuses", statuses, WORDS_MAX)?,
            call::comma_separated("marketplaceIds", marketplaces, MARKETPLACES_MAX)?,
            call::comma_separated("fulfilledBy", &self.fulfilled_by, WORDS_MAX)?,
            call::comma_separated("includedData", &self.included_data, INCLUDED_DATA_MAX)?,
        ];
        let [statuses, marketplaces, fulfilled_by, included_data] = lists;
        Ok([
            (since, call::time(self.since)),
            (until, self.until.map(call::time).unwrap_or_default()),
            ("fulfillmentStatuses", statuses),
            ("marketplaceIds", marketplaces),
            ("fulfilledBy", fulfilled_by),
            ("maxResultsPerPage", page_size.unwrap_or_default()),
            ("paginationToken", self.pagination_token.clone().unwrap_or_default()),
            ("includedData", included_data),
        ])
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
    #[serde(default)]
    pagination: Option<Pagination>,
    created_before: Option<Timestamp>,
    last_updated_before: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pagination {
    next_token: Option<String>,
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
        let path = [&ROOT[..], &["orders"]].concat();
        call::get(&call::with_query(base, &path, self.parameters()?)?)
    }
}

impl<'a> Orders<'a> {
    /// `searchOrders`: one page of orders, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call. A
    /// token that is older than a day is an [`Error::BadRequest`].
    pub async fn search_orders(self, query: &SearchOrders) -> Result<OrdersPage, Error> {
        query.check_edge(self.client.now())?;
        let answer = self.client.call(query).await?;
        let next_token = answer.pagination.and_then(|pagination| pagination.next_token);
        let until = answer.created_before.or(answer.last_updated_before);
        Ok(OrdersPage { orders: answer.orders, next_token, until })
    }

    /// `searchOrders`, page by page: whoever keeps [`OrdersPage::next_token`] can go on from it
    /// within a day. The stream ends after an error.
    pub fn search_orders_pages(
        self,
        query: SearchOrders,
    ) -> impl Stream<Item = Result<OrdersPage, Error>> + Send + use<'a> {
        wire::whole_pages(PAGES_MAX, move |token| {
            let query = match token {
                Some(token) => query.clone().from_page(token),
                None => query.clone(),
            };
            async move { self.search_orders(&query).await }
        })
    }

    /// `searchOrders` to the end: every order of the window, once.
    ///
    /// When the token of the next page is refused because it became too old, the same window is
    /// read again from its begin, and what was given already is left out. The stream ends after
    /// any other error.
    pub fn search_orders_stream(
        self,
        query: SearchOrders,
    ) -> impl Stream<Item = Result<Order, Error>> + Send + use<'a> {
        stream::try_unfold(walk::Walk::new(self, query), walk::Walk::step)
            .map_ok(|orders| stream::iter(orders.into_iter().map(Ok)))
            .try_flatten()
    }
}
