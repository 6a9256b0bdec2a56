//! What amounts are made of. Positive in favour of the seller.

use serde::{Deserialize, Serialize};

use super::Currency;
use crate::json;

/// A charge (`ChargeComponent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ChargeComponent {
    /// `ChargeType`: like `Principal` or `Tax`.
    pub charge_type: Option<String>,
    /// `ChargeAmount`.
    pub charge_amount: Option<Currency>,
}

/// A fee (`FeeComponent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FeeComponent {
    /// `FeeType`: like `FBAPerUnitFulfillmentFee`.
    pub fee_type: Option<String>,
    /// `FeeAmount`.
    pub fee_amount: Option<Currency>,
}

/// A promotion (`Promotion`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Promotion {
    /// `PromotionType`.
    pub promotion_type: Option<String>,
    /// `PromotionId`: the seller's name of it.
    pub promotion_id: Option<String>,
    /// `PromotionAmount`.
    pub promotion_amount: Option<Currency>,
}

/// A payment that went to the seller directly (`DirectPayment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DirectPayment {
    /// `DirectPaymentType`.
    pub direct_payment_type: Option<String>,
    /// `DirectPaymentAmount`.
    pub direct_payment_amount: Option<Currency>,
}

/// Tax that was withheld (`TaxWithheldComponent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaxWithheldComponent {
    /// `TaxCollectionModel`: `MarketplaceFacilitator` when Amazon pays the tax to the state, else `Standard`.
    pub tax_collection_model: Option<String>,
    /// `TaxesWithheld`.
    #[serde(default, deserialize_with = "json::list")]
    pub taxes_withheld: Vec<ChargeComponent>,
}
