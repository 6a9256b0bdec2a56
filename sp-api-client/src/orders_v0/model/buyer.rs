//! The buyer of an order.

use serde::{Deserialize, Serialize};

use super::{Money, OrderId};
use crate::Personal;
use crate::json;

/// The buyer of an order (`OrderBuyerInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrderBuyerInfo {
    /// `AmazonOrderId`: like `171-9876543-2109876`.
    pub amazon_order_id: OrderId,
    /// `BuyerEmail`.
    pub buyer_email: Option<Personal>,
    /// `BuyerName`.
    pub buyer_name: Option<Personal>,
    /// `BuyerCounty`.
    pub buyer_county: Option<Personal>,
    /// `BuyerTaxInfo`.
    pub buyer_tax_info: Option<BuyerTaxInfo>,
    /// `PurchaseOrderNumber`.
    pub purchase_order_number: Option<String>,
}

/// The buyer (`BuyerInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuyerInfo {
    /// `BuyerEmail`.
    pub buyer_email: Option<Personal>,
    /// `BuyerName`.
    pub buyer_name: Option<Personal>,
    /// `BuyerCounty`.
    pub buyer_county: Option<Personal>,
    /// `BuyerTaxInfo`.
    pub buyer_tax_info: Option<BuyerTaxInfo>,
    /// `PurchaseOrderNumber`.
    pub purchase_order_number: Option<String>,
}

/// The tax registrations of the buyer (`BuyerTaxInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuyerTaxInfo {
    /// `CompanyLegalName`.
    pub company_legal_name: Option<Personal>,
    /// `TaxingRegion`.
    pub taxing_region: Option<String>,
    /// `TaxClassifications`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_classifications: Vec<TaxClassification>,
}

/// A tax, and the number it is known by (`TaxClassification`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaxClassification {
    /// `Name`.
    pub name: Option<String>,
    /// `Value`.
    pub value: Option<Personal>,
}

/// What the buyer wants of a line (`OrderItemBuyerInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrderItemBuyerInfo {
    /// `OrderItemId`: what `confirmShipment` wants.
    pub order_item_id: String,
    /// `BuyerCustomizedInfo`.
    pub buyer_customized_info: Option<BuyerCustomizedInfoDetail>,
    /// `GiftWrapPrice`.
    pub gift_wrap_price: Option<Money>,
    /// `GiftWrapTax`.
    pub gift_wrap_tax: Option<Money>,
    /// `GiftMessageText`.
    pub gift_message_text: Option<Personal>,
    /// `GiftWrapLevel`.
    pub gift_wrap_level: Option<String>,
}

/// What the buyer wants of a line, within the line (`ItemBuyerInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ItemBuyerInfo {
    /// `BuyerCustomizedInfo`.
    pub buyer_customized_info: Option<BuyerCustomizedInfoDetail>,
    /// `GiftWrapPrice`.
    pub gift_wrap_price: Option<Money>,
    /// `GiftWrapTax`.
    pub gift_wrap_tax: Option<Money>,
    /// `GiftMessageText`.
    pub gift_message_text: Option<Personal>,
    /// `GiftWrapLevel`.
    pub gift_wrap_level: Option<String>,
}

/// What the buyer had made to order (`BuyerCustomizedInfoDetail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuyerCustomizedInfoDetail {
    /// `CustomizedURL`.
    #[serde(rename = "CustomizedURL")]
    pub customized_url: Option<Personal>,
}
