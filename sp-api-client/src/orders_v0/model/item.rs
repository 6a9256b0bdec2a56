//! A line of an order.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ItemBuyerInfo, Money, OrderId};
use crate::DateOrTime;
use crate::json;

/// A line of an order (`OrderItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrderItem {
    /// `ASIN`.
    #[serde(rename = "ASIN")]
    pub asin: String,
    /// `SellerSKU`.
    #[serde(rename = "SellerSKU")]
    pub seller_sku: Option<String>,
    /// `OrderItemId`: what `confirmShipment` wants.
    pub order_item_id: String,
    /// `AssociatedItems`.
    #[serde(default, deserialize_with = "json::list")]
    pub associated_items: Vec<AssociatedItem>,
    /// `Title`.
    pub title: Option<String>,
    /// `QuantityOrdered`: in pieces.
    pub quantity_ordered: i64,
    /// `QuantityShipped`: in pieces.
    pub quantity_shipped: Option<i64>,
    /// `ProductInfo`.
    pub product_info: Option<ProductInfoDetail>,
    /// `PointsGranted`.
    pub points_granted: Option<PointsGrantedDetail>,
    /// `ItemPrice`: of the whole line, not of a piece.
    pub item_price: Option<Money>,
    /// `ShippingPrice`: of the whole line.
    pub shipping_price: Option<Money>,
    /// `ItemTax`: of the whole line.
    pub item_tax: Option<Money>,
    /// `ShippingTax`.
    pub shipping_tax: Option<Money>,
    /// `ShippingDiscount`.
    pub shipping_discount: Option<Money>,
    /// `ShippingDiscountTax`.
    pub shipping_discount_tax: Option<Money>,
    /// `PromotionDiscount`.
    pub promotion_discount: Option<Money>,
    /// `PromotionDiscountTax`.
    pub promotion_discount_tax: Option<Money>,
    /// `PromotionIds`.
    #[serde(default, deserialize_with = "json::list")]
    pub promotion_ids: Vec<String>,
    /// `CODFee`.
    #[serde(rename = "CODFee")]
    pub cod_fee: Option<Money>,
    /// `CODFeeDiscount`.
    #[serde(rename = "CODFeeDiscount")]
    pub cod_fee_discount: Option<Money>,
    /// `IsGift`: `true` or `false`, as text.
    pub is_gift: Option<String>,
    /// `ConditionNote`.
    pub condition_note: Option<String>,
    /// `ConditionId`.
    pub condition_id: Option<String>,
    /// `ConditionSubtypeId`.
    pub condition_subtype_id: Option<String>,
    /// `ScheduledDeliveryStartDate`.
    pub scheduled_delivery_start_date: Option<DateOrTime>,
    /// `ScheduledDeliveryEndDate`.
    pub scheduled_delivery_end_date: Option<DateOrTime>,
    /// `PriceDesignation`.
    pub price_designation: Option<String>,
    /// `TaxCollection`.
    pub tax_collection: Option<TaxCollection>,
    /// `SerialNumberRequired`.
    pub serial_number_required: Option<bool>,
    /// `IsTransparency`.
    pub is_transparency: Option<bool>,
    /// `IossNumber`.
    pub ioss_number: Option<String>,
    /// `StoreChainStoreId`.
    pub store_chain_store_id: Option<String>,
    /// `DeemedResellerCategory`.
    pub deemed_reseller_category: Option<String>,
    /// `BuyerInfo`: with a restricted data token.
    pub buyer_info: Option<ItemBuyerInfo>,
    /// `BuyerRequestedCancel`.
    pub buyer_requested_cancel: Option<BuyerRequestedCancel>,
    /// `SerialNumbers`.
    #[serde(default, deserialize_with = "json::list")]
    pub serial_numbers: Vec<String>,
    /// `SubstitutionPreferences`.
    pub substitution_preferences: Option<SubstitutionPreferences>,
    /// `Measurement`.
    pub measurement: Option<Measurement>,
    /// `ShippingConstraints`.
    pub shipping_constraints: Option<ShippingConstraints>,
    /// `AmazonPrograms`.
    pub amazon_programs: Option<AmazonPrograms>,
}

/// A line of another order that belongs to this one (`AssociatedItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AssociatedItem {
    /// `OrderId`.
    pub order_id: Option<OrderId>,
    /// `OrderItemId`: what `confirmShipment` wants.
    pub order_item_id: Option<String>,
    /// `AssociationType`.
    pub association_type: Option<String>,
}

/// How many are in one (`ProductInfoDetail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ProductInfoDetail {
    /// `NumberOfItems`: as text.
    pub number_of_items: Option<String>,
}

/// Amazon Points given with a line (Japan) (`PointsGrantedDetail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PointsGrantedDetail {
    /// `PointsNumber`.
    pub points_number: Option<i64>,
    /// `PointsMonetaryValue`.
    pub points_monetary_value: Option<Money>,
}

/// Who collects a tax (`TaxCollection`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaxCollection {
    /// `Model`: `MarketplaceFacilitator`: Amazon pays it to the state.
    pub model: Option<String>,
    /// `ResponsibleParty`.
    pub responsible_party: Option<String>,
}

/// Whether the buyer wants it cancelled (`BuyerRequestedCancel`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuyerRequestedCancel {
    /// `IsBuyerRequestedCancel`: `true` or `false`, as text.
    pub is_buyer_requested_cancel: Option<String>,
    /// `BuyerCancelReason`.
    pub buyer_cancel_reason: Option<String>,
}

/// What to send when it is out of stock (`SubstitutionPreferences`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SubstitutionPreferences {
    /// `SubstitutionType`.
    pub substitution_type: String,
    /// `SubstitutionOptions`.
    #[serde(default, deserialize_with = "json::list")]
    pub substitution_options: Vec<SubstitutionOption>,
}

/// Something to send instead (`SubstitutionOption`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SubstitutionOption {
    /// `ASIN`.
    #[serde(rename = "ASIN")]
    pub asin: Option<String>,
    /// `QuantityOrdered`: in pieces.
    pub quantity_ordered: Option<i64>,
    /// `SellerSKU`.
    #[serde(rename = "SellerSKU")]
    pub seller_sku: Option<String>,
    /// `Title`.
    pub title: Option<String>,
    /// `Measurement`.
    pub measurement: Option<Measurement>,
}

/// How much of it is ordered, when not in pieces (`Measurement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Measurement {
    /// `Unit`.
    pub unit: String,
    /// `Value`.
    #[serde(with = "json::number")]
    pub value: Decimal,
}

/// What the carrier must do (`ShippingConstraints`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ShippingConstraints {
    /// `PalletDelivery`.
    pub pallet_delivery: Option<String>,
    /// `SignatureConfirmation`.
    pub signature_confirmation: Option<String>,
    /// `RecipientIdentityVerification`.
    pub recipient_identity_verification: Option<String>,
    /// `RecipientAgeVerification`.
    pub recipient_age_verification: Option<String>,
}

/// What it takes part in (`AmazonPrograms`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AmazonPrograms {
    /// `Programs`.
    #[serde(default, deserialize_with = "json::list")]
    pub programs: Vec<String>,
}
