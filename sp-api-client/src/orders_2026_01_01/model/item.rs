//! A line of an order.

use serde::{Deserialize, Serialize};

use super::{ItemCancellation, ItemFulfillment, Measurement, Money, OrderId};
use crate::Personal;
use crate::json;

/// One line of an order (`OrderItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderItem {
    /// `orderItemId`: what `confirmShipment` wants; Finances has other ids.
    pub order_item_id: String,
    /// `quantityOrdered`: pieces; lower after a cancellation.
    pub quantity_ordered: i64,
    /// `measurement`.
    pub measurement: Option<Measurement>,
    /// `associatedOrderItems`.
    #[serde(default, deserialize_with = "json::list")]
    pub associated_order_items: Vec<AssociatedOrderItem>,
    /// `programs`.
    #[serde(default, deserialize_with = "json::list")]
    pub programs: Vec<String>,
    /// `product`.
    pub product: ItemProduct,
    /// `proceeds`.
    pub proceeds: Option<ItemProceeds>,
    /// `expense`.
    pub expense: Option<ItemExpense>,
    /// `promotion`.
    pub promotion: Option<ItemPromotion>,
    /// `cancellation`.
    pub cancellation: Option<ItemCancellation>,
    /// `fulfillment`.
    pub fulfillment: Option<ItemFulfillment>,
    /// `tax`.
    pub tax: Option<ItemTax>,
}

/// A line of another order that belongs to this one (`AssociatedOrderItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssociatedOrderItem {
    /// `orderId`.
    pub order_id: Option<OrderId>,
    /// `orderItemId`.
    pub order_item_id: Option<String>,
    /// `associationType`.
    pub association_type: Option<String>,
}

/// What is sold (`ItemProduct`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemProduct {
    /// `asin`.
    pub asin: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `sellerSku`.
    pub seller_sku: Option<String>,
    /// `condition`.
    pub condition: Option<ItemCondition>,
    /// `price`.
    pub price: Option<ItemPrice>,
    /// `serialNumbers`.
    #[serde(default, deserialize_with = "json::list")]
    pub serial_numbers: Vec<String>,
    /// `customization`.
    pub customization: Option<ItemCustomization>,
}

/// The state of what is sold (`ItemCondition`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemCondition {
    /// `conditionType`.
    pub condition_type: Option<String>,
    /// `conditionSubtype`.
    pub condition_subtype: Option<String>,
    /// `conditionNote`.
    pub condition_note: Option<String>,
}

/// The price of one piece (`ItemPrice`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemPrice {
    /// `unitPrice`.
    pub unit_price: Option<Money>,
    /// `priceDesignation`: like `BUSINESS_PRICE`.
    pub price_designation: Option<String>,
}

/// What the buyer had made to order (`ItemCustomization`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemCustomization {
    /// `customizedUrl`.
    pub customized_url: Option<Personal>,
}

/// What the seller gets for a line (`ItemProceeds`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemProceeds {
    /// `proceedsTotal`: of the whole line.
    pub proceeds_total: Option<Money>,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<ItemProceedsBreakdown>,
}

/// One part of what the seller gets for a line (`ItemProceedsBreakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemProceedsBreakdown {
    /// `type`: like `ITEM`, `SHIPPING`, `TAX`, `DISCOUNT`; `ITEM` is the line, not a piece.
    #[serde(rename = "type")]
    pub kind: String,
    /// `subtotal`.
    pub subtotal: Money,
    /// `detailedBreakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub detailed_breakdowns: Vec<ItemProceedsDetailedBreakdown>,
}

/// A part of a part (`ItemProceedsDetailedBreakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemProceedsDetailedBreakdown {
    /// `subtype`.
    pub subtype: Option<String>,
    /// `value`.
    pub value: Option<Money>,
}

/// What the seller spends on a line (`ItemExpense`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemExpense {
    /// `pointsCost`.
    pub points_cost: Option<ItemPointsCost>,
}

/// Points that the seller pays for (`ItemPointsCost`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemPointsCost {
    /// `pointsGranted`.
    pub points_granted: Option<PointsGranted>,
}

/// Amazon Points given with a line (Japan) (`PointsGranted`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PointsGranted {
    /// `pointsNumber`.
    pub points_number: Option<i64>,
    /// `pointsMonetaryValue`.
    pub points_monetary_value: Option<Money>,
}

/// The promotions of a line (`ItemPromotion`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemPromotion {
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<ItemPromotionBreakdown>,
}

/// A promotion that was used (`ItemPromotionBreakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemPromotionBreakdown {
    /// `promotionId`.
    pub promotion_id: Option<String>,
}

/// How the tax of a line is reckoned and collected (`ItemTax`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemTax {
    /// `taxCalculationBreakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_calculation_breakdowns: Vec<ItemTaxCalculationBreakdown>,
    /// `taxCollections`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_collections: Vec<ItemTaxCollection>,
}

/// The scheme that a tax is reported under (`ItemTaxCalculationBreakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemTaxCalculationBreakdown {
    /// `reportingScheme`.
    pub reporting_scheme: Option<String>,
}

/// Who collects a tax (`ItemTaxCollection`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemTaxCollection {
    /// `model`: like `MARKETPLACE_FACILITATOR`: Amazon pays it to the state.
    pub model: Option<String>,
    /// `responsibleParty`.
    pub responsible_party: Option<String>,
}
