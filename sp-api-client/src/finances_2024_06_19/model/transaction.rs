//! Transactions and their lines.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Context;
use crate::DateOrTime;
use crate::json;
use crate::text::open_enum;

/// Something that changed what Amazon owes the seller, or the other way round (`Transaction`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Transaction {
    /// `sellingPartnerMetadata`.
    pub selling_partner_metadata: Option<SellingPartnerMetadata>,
    /// `relatedIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifiers: Vec<RelatedIdentifier>,
    /// `transactionType`: like `Shipment`, `Refund` or `ServiceFee`.
    pub transaction_type: Option<String>,
    /// `transactionId`: the same whenever it is read: what to recognise it by.
    pub transaction_id: Option<String>,
    /// `transactionStatus`: money is booked from `RELEASED` and `DEFERRED_RELEASED`; `DEFERRED` is a reserve.
    pub transaction_status: Option<TransactionStatus>,
    /// `description`.
    pub description: Option<String>,
    /// `postedDate`: when it was booked. Orders of the last 48 hours may still be missing.
    pub posted_date: Option<DateOrTime>,
    /// `totalAmount`: positive in favour of the seller.
    pub total_amount: Option<Currency>,
    /// `marketplaceDetails`.
    pub marketplace_details: Option<MarketplaceDetails>,
    /// `items`.
    #[serde(default, deserialize_with = "json::list")]
    pub items: Vec<Item>,
    /// `contexts`.
    #[serde(default, deserialize_with = "json::list")]
    pub contexts: Vec<Context>,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<Breakdown>,
}

open_enum! {
    /// Whether the money is held back (`transactionStatus`).
    TransactionStatus {
        /// `DEFERRED`: held back.
        Deferred = "DEFERRED",
        /// `RELEASED`: not held back, and never was.
        Released = "RELEASED",
        /// `DEFERRED_RELEASED`: was held back, and is no more.
        DeferredReleased = "DEFERRED_RELEASED",
    }
}

/// Whose transaction it is (`SellingPartnerMetadata`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SellingPartnerMetadata {
    /// `sellingPartnerId`.
    pub selling_partner_id: Option<String>,
    /// `accountType`: like `PAYABLE`. Spelt differently from API to API.
    pub account_type: Option<String>,
    /// `marketplaceId`.
    pub marketplace_id: Option<String>,
}

/// What a transaction belongs to (`RelatedIdentifier`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelatedIdentifier {
    /// `relatedIdentifierName`.
    pub related_identifier_name: Option<RelatedIdentifierName>,
    /// `relatedIdentifierValue`.
    pub related_identifier_value: Option<String>,
}

open_enum! {
    /// What an identifier is (`relatedIdentifierName`).
    RelatedIdentifierName {
        /// `ORDER_ID`.
        OrderId = "ORDER_ID",
        /// `SHIPMENT_ID`.
        ShipmentId = "SHIPMENT_ID",
        /// `FINANCIAL_EVENT_GROUP_ID`.
        FinancialEventGroupId = "FINANCIAL_EVENT_GROUP_ID",
        /// `REFUND_ID`.
        RefundId = "REFUND_ID",
        /// `INVOICE_ID`.
        InvoiceId = "INVOICE_ID",
        /// `DISBURSEMENT_ID`.
        DisbursementId = "DISBURSEMENT_ID",
        /// `TRANSFER_ID`.
        TransferId = "TRANSFER_ID",
        /// `DEFERRED_TRANSACTION_ID`.
        DeferredTransactionId = "DEFERRED_TRANSACTION_ID",
        /// `RELEASE_TRANSACTION_ID`.
        ReleaseTransactionId = "RELEASE_TRANSACTION_ID",
        /// `SETTLEMENT_ID`.
        SettlementId = "SETTLEMENT_ID",
    }
}

/// The store (`MarketplaceDetails`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MarketplaceDetails {
    /// `marketplaceId`.
    pub marketplace_id: Option<String>,
    /// `marketplaceName`.
    pub marketplace_name: Option<String>,
}

/// One line of a transaction (`Item`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Item {
    /// `description`.
    pub description: Option<String>,
    /// `relatedIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifiers: Vec<ItemRelatedIdentifier>,
    /// `totalAmount`.
    pub total_amount: Option<Currency>,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<Breakdown>,
    /// `contexts`.
    #[serde(default, deserialize_with = "json::list")]
    pub contexts: Vec<Context>,
}

/// What a line belongs to (`ItemRelatedIdentifier`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemRelatedIdentifier {
    /// `itemRelatedIdentifierName`.
    pub item_related_identifier_name: Option<String>,
    /// `itemRelatedIdentifierValue`.
    pub item_related_identifier_value: Option<String>,
}

/// A part of an amount, and its own parts (`Breakdown`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Breakdown {
    /// `breakdownType`.
    pub breakdown_type: Option<String>,
    /// `breakdownAmount`: the sum of its parts, if it has any.
    pub breakdown_amount: Option<Currency>,
    /// `breakdowns`.
    #[serde(default, deserialize_with = "json::list")]
    pub breakdowns: Vec<Self>,
}

/// An amount of money (`Currency`). Amazon requires neither half of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Currency {
    /// `currencyCode`: ISO 4217.
    pub currency_code: Option<String>,
    /// `currencyAmount`: exact, in whole units of the currency with its decimals. Amazon writes a
    /// number.
    #[serde(default, with = "json::number::option")]
    pub currency_amount: Option<Decimal>,
}
