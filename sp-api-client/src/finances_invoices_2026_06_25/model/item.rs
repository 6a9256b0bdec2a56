//! A line of an invoice.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Breakdown, Currency, RelatedIdentifier};
use crate::json;

/// A line of an invoice (`InvoiceItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoiceItem {
    /// `lineItemId`.
    pub line_item_id: String,
    /// `unitCost`.
    pub unit_cost: Option<Currency>,
    /// `quantity`: in pieces.
    pub quantity: Option<i64>,
    /// `taxRateCodes`: a country and a rate, like `DE 19`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_rate_codes: Vec<String>,
    /// `totalAmount`: with tax.
    pub total_amount: Currency,
    /// `totalAmountBreakdown`.
    #[serde(default, deserialize_with = "json::list")]
    pub total_amount_breakdown: Vec<Breakdown>,
    /// `lineItemContext`.
    pub line_item_context: LineItemContext,
    /// `relatedItemIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_item_identifiers: Vec<RelatedIdentifier>,
}

/// What a line is about (`LineItemContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LineItemContext {
    /// `lineItemType`: `GOODS`, `SERVICES` or `OTHERS`.
    pub line_item_type: String,
    /// `itemIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub item_identifiers: Vec<ItemIdentifier>,
    /// `itemDescription`.
    pub item_description: Option<String>,
    /// `serviceChargeType`: like `FBA_INVENTORY_STORAGE_FEE`.
    pub service_charge_type: Option<String>,
    /// `serviceChargePeriod`.
    pub service_charge_period: Option<ServiceChargePeriod>,
    /// `matchingContext`.
    pub matching_context: Option<MatchingContext>,
}

/// What the item goes by (`ItemIdentifier`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemIdentifier {
    /// `itemIdentifierName`: like `ASIN` or `SKU`.
    pub item_identifier_name: String,
    /// `itemIdentifierValue`.
    pub item_identifier_value: String,
}

/// The period a service is charged for (`ServiceChargePeriod`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceChargePeriod {
    /// `startDate`.
    pub start_date: Timestamp,
    /// `endDate`.
    pub end_date: Timestamp,
}

/// How a line agrees with what Amazon expected (`MatchingContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MatchingContext {
    /// `matchedQuantity`.
    pub matched_quantity: i64,
    /// `matchedAmount`.
    pub matched_amount: Currency,
    /// `quantityVariance`.
    pub quantity_variance: Option<i64>,
    /// `priceVariance`.
    pub price_variance: Option<Currency>,
    /// `paidQuantity`.
    pub paid_quantity: Option<i64>,
    /// `paidAmount`.
    pub paid_amount: Option<Currency>,
    /// `varianceReasons`.
    #[serde(default, deserialize_with = "json::list")]
    pub variance_reasons: Vec<VarianceReason>,
}

/// Why it does not (`VarianceReason`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VarianceReason {
    /// `varianceType`: `PQV` (quantity), `PPV` (price) or `OTHER`.
    pub variance_type: String,
    /// `defectTypes`.
    #[serde(default, deserialize_with = "json::list")]
    pub defect_types: Vec<String>,
}
