//! What both are made of.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::text::{id, open_enum};

/// An amount of money (`Currency`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Currency {
    /// `currencyCode`: ISO 4217.
    pub currency_code: String,
    /// `currencyAmount`: exact, in whole units of the currency with its decimals. Amazon writes a number.
    #[serde(with = "json::number")]
    pub currency_amount: Decimal,
}

/// A part of an amount, and its own parts (`Breakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Breakdown {
    /// `breakdownType`: like `TaxAmount`.
    pub breakdown_type: String,
    /// `breakdownAmount`: the sum of its parts, if it has any.
    pub breakdown_amount: Currency,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<Self>,
}

/// What else it belongs to (`RelatedIdentifier`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelatedIdentifier {
    /// `relatedIdentifierName`: like `PURCHASE_ORDER_IDS`.
    pub related_identifier_name: String,
    /// `relatedIdentifierValue`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifier_value: Vec<String>,
}

id! {
    /// The id of an invoice (`invoiceIdentifier`): for what Amazon buys from a vendor, its number
    /// and the payee's code, like `INV-1~ABCDEF`.
    InvoiceIdentifier
}

open_enum! {
    /// How far an invoice is (`invoiceStatus`).
    InvoiceStatus {
        /// `IN_PROGRESS`.
        InProgress = "IN_PROGRESS",
        /// `REJECTED`.
        Rejected = "REJECTED",
        /// `PARTIALLY_PAID`.
        PartiallyPaid = "PARTIALLY_PAID",
        /// `PARTIALLY_DEDUCTED`.
        PartiallyDeducted = "PARTIALLY_DEDUCTED",
        /// `PAID`.
        Paid = "PAID",
        /// `DEDUCTED`: set off against other money.
        Deducted = "DEDUCTED",
    }
}

open_enum! {
    /// What kind of invoice it is (`invoiceType`).
    InvoiceType {
        /// `AP_INVENTORY`: for what Amazon buys from a vendor.
        ApInventory = "AP_INVENTORY",
        /// `OTHER`, which is Amazon's word too.
        Miscellaneous = "OTHER",
    }
}
