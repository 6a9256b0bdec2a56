//! The orders of one selling account: searched, read one by one, reported, and told that they left.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use ledger_mapper::ShipTo;
use sp_api_client::feeds_2021_06_30::{CreateFeed, Feed, FeedDocumentId, FeedId, GetFeeds};
use sp_api_client::orders_2026_01_01::{IncludedData, Order, SearchOrders};
use sp_api_client::orders_v0::{ConfirmShipment, OrderId};
use sp_api_client::reports_2021_06_30::ProcessingStatus;
use sp_api_client::{Client, Error};

use super::ReportsOnRequest;
use super::order_facts::ship_to;
use crate::ledger::AddressBook;

/// The flat file of shipped orders.
pub const FULFILMENT: &str = "POST_FLAT_FILE_FULFILLMENT_DATA";

/// What it is uploaded as.
const FULFILMENT_CONTENT: &str = "text/tab-separated-values; charset=UTF-8";

/// Amazon's report on a feed with a million lines.
const REPORT_BYTES_MAX: usize = 1 << 30;

/// How long a feed may take to be processed.
const FEED_PATIENCE: Duration = Duration::from_hours(2);

/// What every order is read with.
const DATA: [IncludedData; 5] = [
    IncludedData::Proceeds,
    IncludedData::Cancellation,
    IncludedData::Fulfillment,
    IncludedData::Tax,
    IncludedData::Payment,
];

/// One page of a search.
#[derive(Debug)]
pub struct OrdersSeen {
    /// The orders on it, in Amazon's order.
    pub orders: Vec<Order>,
    /// What the next page is asked for with.
    pub next: Option<String>,
    /// The end of the window by Amazon's own clock.
    pub until: Option<Timestamp>,
}

/// What became of a feed.
#[derive(Debug)]
pub enum FeedEnd {
    /// Amazon's report on it.
    Reported(Bytes),
    /// It ended so without a report (`FATAL`, `CANCELLED`), or Amazon keeps the report no longer.
    Unreported(ProcessingStatus),
}

/// Amazon does not take the token of the next page any more, or not this window.
#[derive(Debug, thiserror::Error)]
#[error("Amazon refused the next page of orders; the window is read again from its begin")]
pub struct WindowRefused(#[source] Error);

/// Reads and confirms orders.
///
/// Buyers' addresses are kept in memory alone, for as long as this lives, and only where they are
/// needed: they are written into the sales order and nowhere else.
#[derive(Debug)]
pub struct SellerOrders {
    client: Client,
    personal: bool,
    page_size: u8,
    addresses: Mutex<HashMap<String, ShipTo>>,
}

impl SellerOrders {
    /// Over a client of the selling account. `personal` asks for addresses, too.
    #[must_use]
    pub fn new(client: Client, personal: bool) -> Self {
        Self { client, personal, page_size: 100, addresses: Mutex::default() }
    }

    /// How many orders a page of the search has: 1 to 100, the most there can be unless said.
    #[must_use]
    pub fn with_page_size(self, page_size: u8) -> Self {
        Self { page_size, ..self }
    }

    fn data(&self) -> Vec<IncludedData> {
        let address = self.personal.then_some(IncludedData::Recipient);
        DATA.into_iter().chain(address).collect()
    }

    /// One page of the orders that changed in a window. Without an end it is Amazon's latest, two
    /// minutes ago by its own clock.
    ///
    /// # Errors
    /// [`WindowRefused`] when a page's token is not taken; the client's errors.
    pub async fn changed(
        &self,
        since: Timestamp,
        until: Option<Timestamp>,
        page: Option<&str>,
    ) -> anyhow::Result<OrdersSeen> {
        let mut query = SearchOrders::updated_since(since)
            .max_results_per_page(self.page_size)
            .included_data(self.data());
        if let Some(until) = until {
            query = query.until(until);
        }
        if let Some(token) = page {
            query = query.from_page(token);
        }
        let found = match self.client.orders().search_orders(&query).await {
            Ok(found) => found,
            Err(error @ Error::BadRequest(_)) if page.is_some() => {
                return Err(WindowRefused(error).into());
            }
            Err(error) => return Err(error.into()),
        };
        found.orders.iter().for_each(|order| self.keep_address(order));
        Ok(OrdersSeen { orders: found.orders, next: found.next_token, until: found.until })
    }

    /// One order as it is now; `None` when Amazon has it no longer.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn order(&self, id: &str) -> anyhow::Result<Option<Order>> {
        self.read(id, &self.data()).await
    }

    /// One order with its packages.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn with_packages(&self, id: &str) -> anyhow::Result<Option<Order>> {
        self.read(id, &[IncludedData::Fulfillment, IncludedData::Packages]).await
    }

    async fn read(&self, id: &str, data: &[IncludedData]) -> anyhow::Result<Option<Order>> {
        match self.client.orders().get_order(&OrderId::new(id), data).await {
            Ok(order) => {
                self.keep_address(&order);
                Ok(Some(order))
            }
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Where an order goes, if Amazon tells: from memory, or asked for anew.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn address(&self, id: &str) -> anyhow::Result<Option<ShipTo>> {
        if let Some(known) = self.addresses().get(id) {
            return Ok(Some(known.clone()));
        }
        let told = self.read(id, &[IncludedData::Fulfillment, IncludedData::Recipient]).await?;
        Ok(told.as_ref().and_then(ship_to))
    }

    /// Forgets an address that is not needed any more.
    pub fn forget_address(&self, id: &str) {
        self.addresses().remove(id);
    }

    fn keep_address(&self, order: &Order) {
        if !self.personal {
            return;
        }
        if let Some(address) = ship_to(order) {
            self.addresses().insert(order.order_id.as_str().to_owned(), address);
        }
    }

    fn addresses(&self) -> MutexGuard<'_, HashMap<String, ShipTo>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reports of the same selling account that are made on request.
    #[must_use]
    pub fn on_request(&self) -> ReportsOnRequest {
        ReportsOnRequest::new(self.client.clone())
    }

    /// Tells Amazon that a package left.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn confirm(&self, id: &str, shipment: &ConfirmShipment) -> Result<(), Error> {
        self.client.orders_v0().confirm_shipment(&OrderId::new(id), shipment).await
    }

    /// Uploads a flat file of shipped orders; nothing is told by it yet.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn upload_fulfilment(&self, file: String) -> Result<FeedDocumentId, Error> {
        self.client.feeds().upload(FULFILMENT_CONTENT, file).await
    }

    /// Has an uploaded file processed.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn create_fulfilment_feed(
        &self,
        document: FeedDocumentId,
        marketplaces: Vec<String>,
    ) -> Result<FeedId, Error> {
        let feed = CreateFeed::new(FULFILMENT, marketplaces, document);
        self.client.feeds().create_feed(&feed).await
    }

    /// The newest feed of shipped orders that Amazon has.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn newest_fulfilment_feed(&self) -> Result<Option<FeedId>, Error> {
        let query = GetFeeds::of_types([FULFILMENT]).page_size(100);
        let feeds: Vec<Feed> = self.client.feeds().get_feeds_stream(query).try_collect().await?;
        Ok(feeds.into_iter().max_by_key(|feed| feed.created_time).map(|feed| feed.feed_id))
    }

    /// Waits for a feed, and reads Amazon's report on it; `None` when Amazon has no such feed.
    ///
    /// # Errors
    /// The client's errors; a feed that takes too long.
    pub async fn feed_end(&self, id: &FeedId) -> anyhow::Result<Option<FeedEnd>> {
        let feeds = self.client.feeds();
        let feed = match feeds.wait_for_feed(id, FEED_PATIENCE).await {
            Err(Error::NotFound(_)) => return Ok(None),
            feed => feed?,
        };
        let status = feed.processing_status;
        anyhow::ensure!(
            status.is_final(),
            "feed {id} is still being processed; the next run asks again"
        );
        let Some(document) = feed.result_feed_document_id else {
            return Ok(Some(FeedEnd::Unreported(status)));
        };
        let document = match feeds.get_feed_document(&document).await {
            Err(Error::NotFound(_)) => return Ok(Some(FeedEnd::Unreported(status))),
            document => document?,
        };
        let download = feeds.download(&document).await?;
        Ok(Some(FeedEnd::Reported(download.read_to_end(REPORT_BYTES_MAX).await?)))
    }
}

#[async_trait]
impl AddressBook for SellerOrders {
    async fn address(&self, order_id: &str) -> anyhow::Result<Option<ShipTo>> {
        Self::address(self, order_id).await
    }
}
