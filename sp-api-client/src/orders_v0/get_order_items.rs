//! `getOrderItems` and `getOrderItemsBuyerInfo`: the lines of an order.

use bytes::Bytes;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page};

use super::{OrderId, OrderItem, OrderItemBuyerInfo, OrdersV0, PLAN, ROOT};
use crate::Error;
use crate::client::call::{self, Payload};
use crate::client::list::lists;
use crate::client::query::Query;
use crate::client::{Call, Operation};
use crate::json::Unused;

/// The payload of both answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Items<T> {
    /// Whose lines they are, once more.
    #[serde(default, rename = "AmazonOrderId")]
    _amazon_order_id: Option<Unused>,
    order_items: Vec<T>,
    next_token: Option<String>,
}

impl<T> From<Payload<Items<T>>> for Page<T> {
    fn from(Payload { payload }: Payload<Items<T>>) -> Self {
        Self { items: payload.order_items, next_token: payload.next_token }
    }
}

/// Which lines to list: the parameters of `getOrderItems`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetOrderItems {
    order_id: OrderId,
    next_token: Option<String>,
}

impl GetOrderItems {
    /// The lines of this order (`orderId`).
    #[must_use]
    pub fn of_order(order_id: OrderId) -> Self {
        Self { order_id, next_token: None }
    }
}

impl Call for GetOrderItems {
    const OPERATION: Operation =
        Operation { name: "getOrderItems", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Items<OrderItem>>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.order_id.as_str())?;
        let query = Query::default().set("NextToken", self.next_token.as_ref());
        query.get(base, &ROOT, &[id, "orderItems"])
    }
}

lists! {
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-03-27: use `Orders::get_order`"
    )]
    OrdersV0: "getOrderItems", GetOrderItems => Page<OrderItem>, OrderItem;
    token "NextToken" in next_token;
    /// An order has far fewer lines.
    at most 1000 pages;
    get_order_items, get_order_items_pages, get_order_items_stream
}

/// Which lines to list: the parameters of `getOrderItemsBuyerInfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetOrderItemsBuyerInfo {
    order_id: OrderId,
    next_token: Option<String>,
}

impl GetOrderItemsBuyerInfo {
    /// What the buyer wants of the lines of this order (`orderId`).
    #[must_use]
    pub fn of_order(order_id: OrderId) -> Self {
        Self { order_id, next_token: None }
    }
}

impl Call for GetOrderItemsBuyerInfo {
    const OPERATION: Operation =
        Operation { name: "getOrderItemsBuyerInfo", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Items<OrderItemBuyerInfo>>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("orderId", self.order_id.as_str())?;
        let query = Query::default().set("NextToken", self.next_token.as_ref());
        query.get(base, &ROOT, &[id, "orderItems", "buyerInfo"])
    }
}

lists! {
    #[deprecated(
        since = "0.1.0",
        note = "Amazon removes it on 2027-03-27: use `Orders::get_order`"
    )]
    OrdersV0: "getOrderItemsBuyerInfo",
    GetOrderItemsBuyerInfo => Page<OrderItemBuyerInfo>, OrderItemBuyerInfo;
    token "NextToken" in next_token;
    /// An order has far fewer lines.
    at most 1000 pages;
    get_order_items_buyer_info, get_order_items_buyer_info_pages, get_order_items_buyer_info_stream
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn the_order_is_in_the_path_and_the_token_in_the_query() {
        let at = "GET /orders/v0/orders/1-2-3/orderItems";
        let items = GetOrderItems::of_order(OrderId::new("1-2-3"));
        assert_eq!(line(&items).unwrap(), at);
        assert_eq!(line(&items.from_page("n=")).unwrap(), format!("{at}?NextToken=n%3D"));
        let buyer = GetOrderItemsBuyerInfo::of_order(OrderId::new("1-2-3"));
        assert_eq!(line(&buyer.from_page("n")).unwrap(), format!("{at}/buyerInfo?NextToken=n"));
        assert!(line(&GetOrderItems::of_order(OrderId::new(".."))).is_err());
    }
}
