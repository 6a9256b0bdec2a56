//! The invoice as a whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Breakdown, Currency, InvoiceIdentifier, InvoiceStatus, InvoiceType, RelatedIdentifier,
};
use crate::Personal;
use crate::json;

/// An invoice (`InvoiceHeader`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoiceHeader {
    /// `invoiceNumber`: as whoever issued it numbers it.
    pub invoice_number: String,
    /// `invoiceStatus`.
    pub invoice_status: InvoiceStatus,
    /// `invoiceType`.
    pub invoice_type: InvoiceType,
    /// `billingPeriod`.
    pub billing_period: Option<BillingPeriod>,
    /// `payer`: who pays.
    pub payer: PartnerMetadata,
    /// `payee`: who is paid.
    pub payee: PartnerMetadata,
    /// `invoiceIdentifier`: what `getInvoice` wants.
    pub invoice_identifier: InvoiceIdentifier,
    /// `issueDate`: when it was issued.
    pub issue_date: Timestamp,
    /// `dueDate`: when it is due.
    pub due_date: Option<Timestamp>,
    /// `paymentTerms`: like `NET30`.
    pub payment_terms: Option<String>,
    /// `invoiceAmount`: the whole amount.
    pub invoice_amount: Currency,
    /// `invoiceAmountBreakdowns`: what the amount is made of.
    #[serde(default, deserialize_with = "json::list")]
    pub invoice_amount_breakdowns: Vec<Breakdown>,
    /// `invoiceSettlementBreakdowns`: how it was paid.
    #[serde(default, deserialize_with = "json::list")]
    pub invoice_settlement_breakdowns: Vec<Breakdown>,
    /// `relatedIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifiers: Vec<RelatedIdentifier>,
    /// `creationDate`.
    pub creation_date: Timestamp,
    /// `lastUpdatedDate`.
    pub last_updated_date: Timestamp,
}

/// The period it is for (`BillingPeriod`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BillingPeriod {
    /// `startDate`.
    pub start_date: Timestamp,
    /// `endDate`.
    pub end_date: Timestamp,
}

/// Who pays it, or is paid (`PartnerMetadata`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PartnerMetadata {
    /// `partnerId`.
    pub partner_id: String,
    /// `partnerType`: `SELLER`, `VENDOR` or `AMAZON`.
    pub partner_type: String,
    /// `partnerEntities`.
    #[serde(default, deserialize_with = "json::list")]
    pub partner_entities: Vec<String>,
    /// `partnerName`.
    pub partner_name: Option<String>,
    /// `partnerAddress`.
    pub partner_address: Option<Personal>,
    /// `taxRegistrationNumber`.
    pub tax_registration_number: Option<Personal>,
}
