//! The order itself, and what is said of it as a whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    DateTimeRange, FulfillmentOrder, Money, OrderItem, OrderPackage, OrderPayment, OrderTax,
    Recipient,
};
use crate::Personal;
use crate::json;
use crate::order_id::OrderId;
use crate::text::open_enum;

/// An order, with its items (`Order`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Order {
    /// `orderId`: unique for all sellers.
    pub order_id: OrderId,
    /// `orderAliases`: the seller's own number, if one was given.
    #[serde(default, deserialize_with = "json::list")]
    pub order_aliases: Vec<Alias>,
    /// `createdTime`: when the buyer ordered.
    pub created_time: Timestamp,
    /// `lastUpdatedTime`: when anything about it changed last.
    pub last_updated_time: Timestamp,
    /// `programs`: what it takes part in, like `PRIME` or `AMAZON_BUSINESS`.
    #[serde(default, deserialize_with = "json::list")]
    pub programs: Vec<String>,
    /// `associatedOrders`.
    #[serde(default, deserialize_with = "json::list")]
    pub associated_orders: Vec<AssociatedOrder>,
    /// `salesChannel`.
    pub sales_channel: SalesChannel,
    /// `buyer`: with `BUYER`.
    pub buyer: Option<Buyer>,
    /// `recipient`: with `RECIPIENT`.
    pub recipient: Option<Recipient>,
    /// `proceeds`: with `PROCEEDS`; not while the order is pending.
    pub proceeds: Option<OrderProceeds>,
    /// `payment`: with `PAYMENT`.
    pub payment: Option<OrderPayment>,
    /// `tax`: with `TAX`.
    pub tax: Option<OrderTax>,
    /// `fulfillment`: with `FULFILLMENT`.
    pub fulfillment: Option<OrderFulfillment>,
    /// `orderItems`.
    pub order_items: Vec<OrderItem>,
    /// `packages`: for orders that the seller ships.
    #[serde(default, deserialize_with = "json::list")]
    pub packages: Vec<OrderPackage>,
    /// `fulfillmentOrders`: with `FULFILLMENT_ORDERS`.
    #[serde(default, deserialize_with = "json::list")]
    pub fulfillment_orders: Vec<FulfillmentOrder>,
}

/// Another name of an order (`Alias`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Alias {
    /// `aliasId`.
    pub alias_id: String,
    /// `aliasType`: `SELLER_ORDER_ID`.
    pub alias_type: String,
}

/// An order that this one replaces or exchanges (`AssociatedOrder`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssociatedOrder {
    /// `orderId`.
    pub order_id: Option<OrderId>,
    /// `associationType`: `REPLACEMENT_ORIGINAL_ID` or `EXCHANGE_ORIGINAL_ID`.
    pub association_type: Option<String>,
}

/// Where it was sold (`SalesChannel`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SalesChannel {
    /// `channelName`: `AMAZON` or `NON_AMAZON`.
    pub channel_name: String,
    /// `marketplaceId`: not one of the published ones when it was sold outside Amazon.
    pub marketplace_id: Option<String>,
    /// `marketplaceName`.
    pub marketplace_name: Option<String>,
}

/// Who bought it; as much of it as the application may see (`Buyer`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Buyer {
    /// `buyerName`.
    pub buyer_name: Option<Personal>,
    /// `buyerEmail`.
    pub buyer_email: Option<Personal>,
    /// `buyerCompanyName`.
    pub buyer_company_name: Option<String>,
    /// `buyerPurchaseOrderNumber`.
    pub buyer_purchase_order_number: Option<String>,
}

/// What the seller gets for an order (`OrderProceeds`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderProceeds {
    /// `grandTotal`: of the whole order.
    pub grand_total: Option<Money>,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<OrderProceedsBreakdown>,
}

/// One part of what the seller gets for an order (`OrderProceedsBreakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderProceedsBreakdown {
    /// `type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `status`.
    pub status: Option<String>,
    /// `subtotal`.
    pub subtotal: Money,
}

/// How far the order is, and when it is due (`OrderFulfillment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderFulfillment {
    /// `fulfillmentStatus`.
    pub fulfillment_status: FulfillmentStatus,
    /// `fulfilledBy`.
    pub fulfilled_by: Option<FulfilledBy>,
    /// `fulfillmentServiceLevel`.
    pub fulfillment_service_level: Option<String>,
    /// `shipByWindow`.
    pub ship_by_window: Option<DateTimeRange>,
    /// `deliverByWindow`.
    pub deliver_by_window: Option<DateTimeRange>,
    /// `labelPrintingWindow`.
    pub label_printing_window: Option<DateTimeRange>,
}

open_enum! {
    /// How far an order is (`fulfillmentStatus`).
    FulfillmentStatus {
        /// `PENDING_AVAILABILITY`: ordered ahead of its release.
        PendingAvailability = "PENDING_AVAILABILITY",
        /// `PENDING`: not yet paid. It has no prices, and may not be shipped.
        Pending = "PENDING",
        /// `UNSHIPPED`: paid; nothing has left.
        Unshipped = "UNSHIPPED",
        /// `PARTIALLY_SHIPPED`.
        PartiallyShipped = "PARTIALLY_SHIPPED",
        /// `SHIPPED`: all of it.
        Shipped = "SHIPPED",
        /// `CANCELLED`.
        Cancelled = "CANCELLED",
        /// `UNFULFILLABLE`: a multi-channel order that Amazon cannot fulfil.
        Unfulfillable = "UNFULFILLABLE",
    }
}

open_enum! {
    /// Who ships (`fulfilledBy`).
    FulfilledBy {
        /// `MERCHANT`: the seller.
        Merchant = "MERCHANT",
        /// `AMAZON`.
        Amazon = "AMAZON",
    }
}
