//! What was booked for stock.

use serde::{Deserialize, Serialize};

use super::Currency;
use crate::DateOrTime;
use crate::json;

/// An adjustment of the account (`AdjustmentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AdjustmentEvent {
    /// `AdjustmentType`: like `FBAInventoryReimbursement` or `ReserveEvent`.
    pub adjustment_type: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `StoreName`: the seller's store.
    pub store_name: Option<String>,
    /// `AdjustmentAmount`.
    pub adjustment_amount: Option<Currency>,
    /// `AdjustmentItemList`.
    #[serde(default, deserialize_with = "json::list")]
    pub adjustment_item_list: Vec<AdjustmentItem>,
}

/// A line of one (`AdjustmentItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AdjustmentItem {
    /// `Quantity`: in pieces, as Amazon writes it.
    pub quantity: Option<String>,
    /// `PerUnitAmount`.
    pub per_unit_amount: Option<Currency>,
    /// `TotalAmount`.
    pub total_amount: Option<Currency>,
    /// `SellerSKU`: the seller's number of the item.
    #[serde(rename = "SellerSKU")]
    pub seller_sku: Option<String>,
    /// `FnSKU`: the warehouses' number of the item.
    #[serde(rename = "FnSKU")]
    pub fn_sku: Option<String>,
    /// `ProductDescription`.
    pub product_description: Option<String>,
    /// `ASIN`: Amazon's number of the item.
    #[serde(rename = "ASIN")]
    pub asin: Option<String>,
    /// `TransactionNumber`.
    pub transaction_number: Option<String>,
}

/// Stock that was liquidated (US) (`FBALiquidationEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FbaLiquidationEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `OriginalRemovalOrderId`.
    pub original_removal_order_id: Option<String>,
    /// `LiquidationProceedsAmount`.
    pub liquidation_proceeds_amount: Option<Currency>,
    /// `LiquidationFeeAmount`.
    pub liquidation_fee_amount: Option<Currency>,
}

/// An item that was swapped for another of the same kind (`NetworkComminglingTransactionEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct NetworkComminglingTransactionEvent {
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `NetCoTransactionID`.
    #[serde(rename = "NetCoTransactionID")]
    pub net_co_transaction_id: Option<String>,
    /// `SwapReason`.
    pub swap_reason: Option<String>,
    /// `ASIN`: Amazon's number of the item.
    #[serde(rename = "ASIN")]
    pub asin: Option<String>,
    /// `MarketplaceId`.
    pub marketplace_id: Option<String>,
    /// `TaxExclusiveAmount`.
    pub tax_exclusive_amount: Option<Currency>,
    /// `TaxAmount`.
    pub tax_amount: Option<Currency>,
}

/// Stock that was removed (`RemovalShipmentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RemovalShipmentEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `MerchantOrderId`.
    pub merchant_order_id: Option<String>,
    /// `OrderId`.
    pub order_id: Option<String>,
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `StoreName`: the seller's store.
    pub store_name: Option<String>,
    /// `RemovalShipmentItemList`.
    #[serde(default, deserialize_with = "json::list")]
    pub removal_shipment_item_list: Vec<RemovalShipmentItem>,
}

/// A line of one (`RemovalShipmentItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RemovalShipmentItem {
    /// `RemovalShipmentItemId`.
    pub removal_shipment_item_id: Option<String>,
    /// `TaxCollectionModel`: `MarketplaceFacilitator` when Amazon pays the tax to the state, else `Standard`.
    pub tax_collection_model: Option<String>,
    /// `FulfillmentNetworkSKU`: the warehouses' number of the item.
    #[serde(rename = "FulfillmentNetworkSKU")]
    pub fulfillment_network_sku: Option<String>,
    /// `Quantity`: in pieces.
    pub quantity: Option<i64>,
    /// `Revenue`.
    pub revenue: Option<Currency>,
    /// `FeeAmount`: negative: what Amazon takes.
    pub fee_amount: Option<Currency>,
    /// `TaxAmount`.
    pub tax_amount: Option<Currency>,
    /// `TaxWithheld`.
    pub tax_withheld: Option<Currency>,
}

/// A removal that is corrected. Here a positive amount is owed to Amazon (`RemovalShipmentAdjustmentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RemovalShipmentAdjustmentEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `AdjustmentEventId`.
    pub adjustment_event_id: Option<String>,
    /// `MerchantOrderId`.
    pub merchant_order_id: Option<String>,
    /// `OrderId`.
    pub order_id: Option<String>,
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `RemovalShipmentItemAdjustmentList`.
    #[serde(default, deserialize_with = "json::list")]
    pub removal_shipment_item_adjustment_list: Vec<RemovalShipmentItemAdjustment>,
}

/// A line of one (`RemovalShipmentItemAdjustment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RemovalShipmentItemAdjustment {
    /// `RemovalShipmentItemId`.
    pub removal_shipment_item_id: Option<String>,
    /// `TaxCollectionModel`: `MarketplaceFacilitator` when Amazon pays the tax to the state, else `Standard`.
    pub tax_collection_model: Option<String>,
    /// `FulfillmentNetworkSKU`: the warehouses' number of the item.
    #[serde(rename = "FulfillmentNetworkSKU")]
    pub fulfillment_network_sku: Option<String>,
    /// `AdjustedQuantity`.
    pub adjusted_quantity: Option<i64>,
    /// `RevenueAdjustment`.
    pub revenue_adjustment: Option<Currency>,
    /// `TaxAmountAdjustment`.
    pub tax_amount_adjustment: Option<Currency>,
    /// `TaxWithheldAdjustment`.
    pub tax_withheld_adjustment: Option<Currency>,
}
