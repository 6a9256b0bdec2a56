//! `getOrders`: the orders that were made, or changed, in a window of time.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Paged, Plan};

use super::{Order, OrderId, OrderStatus, OrdersV0, ROOT};
use crate::client::list::lists;
use crate::client::query::{Query, TO_100, Window, WindowRule};
use crate::client::{Call, Operation};
use crate::{DateOrTime, Error, Personal};

#[cfg(test)]
mod tests;

/// The service takes this many marketplaces, and this many orders, at once.
const LIST_MAX: usize = 50;
const CREATED: WindowRule = WindowRule::closed("CreatedAfter", "CreatedBefore").two_minutes_ago();
const UPDATED: WindowRule =
    WindowRule::closed("LastUpdatedAfter", "LastUpdatedBefore").two_minutes_ago();
const EARLIEST_DELIVERY: WindowRule =
    WindowRule::closed("EarliestDeliveryDateAfter", "EarliestDeliveryDateBefore");
const LATEST_DELIVERY: WindowRule =
    WindowRule::closed("LatestDeliveryDateAfter", "LatestDeliveryDateBefore");

/// Which orders to list: the parameters of `getOrders`.
///
/// A window of time is over the creation or over the last change, never over both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetOrders {
    marketplace_ids: Vec<String>,
    over: &'static WindowRule,
    window: Window,
    order_statuses: Vec<OrderStatus>,
    fulfillment_channels: Vec<String>,
    payment_methods: Vec<String>,
    buyer_email: Option<Personal>,
    seller_order_id: Option<String>,
    max_results_per_page: Option<u8>,
    easy_ship_shipment_statuses: Vec<String>,
    electronic_invoice_statuses: Vec<String>,
    amazon_order_ids: Vec<OrderId>,
    actual_fulfillment_supply_source_id: Option<String>,
    is_ispu: Option<bool>,
    store_chain_store_id: Option<String>,
    earliest_delivery: Window,
    latest_delivery: Window,
    next_token: Option<String>,
}

impl GetOrders {
    /// Orders of these marketplaces (`MarketplaceIds`), 1 to 50, made at this time or later
    /// (`CreatedAfter`).
    #[must_use]
    pub fn created_since(
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
        time: Timestamp,
    ) -> Self {
        Self::new(marketplace_ids, &CREATED, time)
    }

    /// Orders of these marketplaces (`MarketplaceIds`), 1 to 50, changed at this time or later
    /// (`LastUpdatedAfter`): new ones too.
    #[must_use]
    pub fn updated_since(
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
        time: Timestamp,
    ) -> Self {
        Self::new(marketplace_ids, &UPDATED, time)
    }

    fn new(
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
        over: &'static WindowRule,
        since: Timestamp,
    ) -> Self {
        Self {
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            over,
            window: Window { after: Some(since), before: None },
            order_statuses: Vec::new(),
            fulfillment_channels: Vec::new(),
            payment_methods: Vec::new(),
            buyer_email: None,
            seller_order_id: None,
            max_results_per_page: None,
            easy_ship_shipment_statuses: Vec::new(),
            electronic_invoice_statuses: Vec::new(),
            amazon_order_ids: Vec::new(),
            actual_fulfillment_supply_source_id: None,
            is_ispu: None,
            store_chain_store_id: None,
            earliest_delivery: Window::default(),
            latest_delivery: Window::default(),
            next_token: None,
        }
    }

    /// The end of the window (`CreatedBefore` or `LastUpdatedBefore`): at least two minutes ago,
    /// which it is unless said.
    #[must_use]
    pub fn until(mut self, time: Timestamp) -> Self {
        self.window.before = Some(time);
        self
    }

    /// Only orders that are this far (`OrderStatuses`). Amazon wants `Unshipped` and
    /// `PartiallyShipped` together.
    #[must_use]
    pub fn order_statuses(mut self, statuses: impl IntoIterator<Item = OrderStatus>) -> Self {
        self.order_statuses = statuses.into_iter().collect();
        self
    }

    /// Only orders that these ship (`FulfillmentChannels`): `AFN` (Amazon) or `MFN` (the seller).
    #[must_use]
    pub fn fulfillment_channels(
        mut self,
        channels: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.fulfillment_channels = channels.into_iter().map(Into::into).collect();
        self
    }

    /// Only orders paid like this (`PaymentMethods`): `COD`, `CVS` or `Other`.
    #[must_use]
    pub fn payment_methods(mut self, methods: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.payment_methods = methods.into_iter().map(Into::into).collect();
        self
    }

    /// Only orders of the buyer with this address (`BuyerEmail`).
    #[must_use]
    pub fn buyer_email(mut self, email: impl Into<String>) -> Self {
        self.buyer_email = Some(Personal::new(email));
        self
    }

    /// Only the order with this number of the seller's (`SellerOrderId`). It goes with a window
    /// over the creation, and without channels, statuses, payment methods and the buyer's address.
    #[must_use]
    pub fn seller_order_id(mut self, id: impl Into<String>) -> Self {
        self.seller_order_id = Some(id.into());
        self
    }

    /// How many orders a page has (`MaxResultsPerPage`): 1 to 100, which it is unless said.
    #[must_use]
    pub fn max_results_per_page(mut self, orders: u8) -> Self {
        self.max_results_per_page = Some(orders);
        self
    }

    /// Only Easy Ship orders whose package is this far (`EasyShipShipmentStatuses`), like
    /// `PendingPickUp`.
    #[must_use]
    pub fn easy_ship_shipment_statuses(
        mut self,
        statuses: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.easy_ship_shipment_statuses = statuses.into_iter().map(Into::into).collect();
        self
    }

    /// Only orders whose electronic invoice is this far (`ElectronicInvoiceStatuses`), like
    /// `Accepted`.
    #[must_use]
    pub fn electronic_invoice_statuses(
        mut self,
        statuses: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.electronic_invoice_statuses = statuses.into_iter().map(Into::into).collect();
        self
    }

    /// Only these orders (`AmazonOrderIds`): at most 50.
    #[must_use]
    pub fn amazon_order_ids(mut self, ids: impl IntoIterator<Item = OrderId>) -> Self {
        self.amazon_order_ids = ids.into_iter().collect();
        self
    }

    /// Only orders to be fulfilled from this place (`ActualFulfillmentSupplySourceId`).
    #[must_use]
    pub fn actual_fulfillment_supply_source_id(mut self, id: impl Into<String>) -> Self {
        self.actual_fulfillment_supply_source_id = Some(id.into());
        self
    }

    /// Only orders that are, or are not, collected in a shop (`IsISPU`).
    #[must_use]
    pub fn is_ispu(mut self, collected: bool) -> Self {
        self.is_ispu = Some(collected);
        self
    }

    /// Only orders of this shop (`StoreChainStoreId`).
    #[must_use]
    pub fn store_chain_store_id(mut self, id: impl Into<String>) -> Self {
        self.store_chain_store_id = Some(id.into());
        self
    }

    /// Only orders that may arrive from this time on (`EarliestDeliveryDateAfter`), until that one
    /// (`EarliestDeliveryDateBefore`).
    #[must_use]
    pub fn earliest_delivery(mut self, after: Timestamp, before: Timestamp) -> Self {
        self.earliest_delivery = Window { after: Some(after), before: Some(before) };
        self
    }

    /// Only orders that must arrive from this time on (`LatestDeliveryDateAfter`), until that one
    /// (`LatestDeliveryDateBefore`).
    #[must_use]
    pub fn latest_delivery(mut self, after: Timestamp, before: Timestamp) -> Self {
        self.latest_delivery = Window { after: Some(after), before: Some(before) };
        self
    }

    /// What a seller's number of an order may not go with.
    fn beside_seller_order_id(&self) -> bool {
        self.over == &UPDATED
            || !self.fulfillment_channels.is_empty()
            || !self.order_statuses.is_empty()
            || !self.payment_methods.is_empty()
            || self.buyer_email.is_some()
    }
}

/// A page of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrdersPage {
    /// The orders on it. An empty page does not end the list.
    pub orders: Vec<Order>,
    /// What the next page is asked for with: [`GetOrders::from_page`].
    pub next_token: Option<String>,
    /// The end of the window that the service used (`CreatedBefore` or `LastUpdatedBefore`).
    pub until: Option<DateOrTime>,
}

impl Paged for OrdersPage {
    fn next_token(&self) -> Option<&str> {
        self.next_token.as_deref()
    }
}

/// The body of an answer.
#[derive(Deserialize)]
pub(crate) struct GetOrdersResponse {
    payload: OrdersList,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OrdersList {
    orders: Vec<Order>,
    next_token: Option<String>,
    last_updated_before: Option<DateOrTime>,
    created_before: Option<DateOrTime>,
}

impl From<GetOrdersResponse> for OrdersPage {
    fn from(GetOrdersResponse { payload }: GetOrdersResponse) -> Self {
        let until = payload.created_before.or(payload.last_updated_before);
        Self { orders: payload.orders, next_token: payload.next_token, until }
    }
}

impl From<OrdersPage> for Page<Order> {
    fn from(page: OrdersPage) -> Self {
        Self { items: page.orders, next_token: page.next_token }
    }
}

impl Call for GetOrders {
    const OPERATION: Operation = Operation {
        name: "getOrders",
        class: Class::Safe,
        // 0.0167 a second.
        plan: Plan { interval: Duration::from_mins(1), burst: 20 },
    };
    type Answer = GetOrdersResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let ids: Vec<_> = self.amazon_order_ids.iter().map(OrderId::as_str).collect();
        let email = self.buyer_email.as_ref().map(Personal::as_str);
        Query::default()
            .list("MarketplaceIds", &self.marketplace_ids, 1..=LIST_MAX)
            .window(self.over, self.window)
            .refuse(
                self.seller_order_id.is_some() && self.beside_seller_order_id(),
                "SellerOrderId",
                "it goes with a window over the creation, and with no channels, statuses, payment \
                 methods or buyer's address",
            )
            .list("OrderStatuses", &self.order_statuses, ..)
            .list("FulfillmentChannels", &self.fulfillment_channels, ..)
            .list("PaymentMethods", &self.payment_methods, ..)
            .set("BuyerEmail", email)
            .set("SellerOrderId", self.seller_order_id.as_ref())
            .size("MaxResultsPerPage", self.max_results_per_page, &TO_100)
            .list("EasyShipShipmentStatuses", &self.easy_ship_shipment_statuses, ..)
            .list("ElectronicInvoiceStatuses", &self.electronic_invoice_statuses, ..)
            .list("AmazonOrderIds", &ids, ..=LIST_MAX)
            .set(
                "ActualFulfillmentSupplySourceId",
                self.actual_fulfillment_supply_source_id.as_ref(),
            )
            .set("IsISPU", self.is_ispu)
            .set("StoreChainStoreId", self.store_chain_store_id.as_ref())
            .window(&EARLIEST_DELIVERY, self.earliest_delivery)
            .window(&LATEST_DELIVERY, self.latest_delivery)
            .set("NextToken", self.next_token.as_ref())
            .get(base, &ROOT, &[])
    }
}

lists! {
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-03-27: use `Orders::search_orders`"
    )]
    OrdersV0: "getOrders", GetOrders => OrdersPage, Order;
    token "NextToken" in next_token;
    /// Two years of 100 orders a page, one a minute.
    at most 1_100_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            self.over.check(self.window, now)
        }
    };
    /// What is about the buyer comes on a [restricted](crate::Client::restricted) client alone,
    /// which every page needs.
    get_orders, get_orders_pages, get_orders_stream
}
