//! Payment and tax of an order.

use serde::{Deserialize, Serialize};

use super::{CustomerAddress, Money};
use crate::Personal;
use crate::json;

/// How it was paid (Brazil) (`OrderPayment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderPayment {
    /// `paymentExecutions`.
    #[serde(default, deserialize_with = "json::list")]
    pub payment_executions: Vec<PaymentExecution>,
}

/// One payment (`PaymentExecution`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentExecution {
    /// `paymentMethod`.
    pub payment_method: Option<String>,
    /// `paymentAmount`.
    pub payment_amount: Option<Money>,
    /// `acquirerId`.
    pub acquirer_id: Option<String>,
    /// `cardBrand`.
    pub card_brand: Option<String>,
    /// `authorizationCode`.
    pub authorization_code: Option<Personal>,
}

/// The tax registrations of the buyer, and how to invoice (`OrderTax`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderTax {
    /// `taxRegistrations`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_registrations: Vec<OrderTaxRegistration>,
    /// `taxInvoicing`.
    pub tax_invoicing: Option<OrderTaxInvoicing>,
}

/// A tax registration (`OrderTaxRegistration`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderTaxRegistration {
    /// `entityType`.
    pub entity_type: Option<String>,
    /// `legalName`.
    pub legal_name: Option<Personal>,
    /// `taxRegistrationType`.
    pub tax_registration_type: Option<String>,
    /// `taxRegistrationNumber`.
    pub tax_registration_number: Option<Personal>,
    /// `taxRegistrationAddress`.
    pub tax_registration_address: Option<CustomerAddress>,
    /// `taxRegistrationAttributes`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_registration_attributes: Vec<TaxRegistrationAttribute>,
}

/// A property of a tax registration (`TaxRegistrationAttribute`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TaxRegistrationAttribute {
    /// `key`.
    pub key: Option<String>,
    /// `value`.
    pub value: Option<Personal>,
}

/// Whether an invoice is wanted, and there (`OrderTaxInvoicing`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderTaxInvoicing {
    /// `buyerInvoicePreference`.
    pub buyer_invoice_preference: Option<String>,
    /// `invoiceStatus`.
    pub invoice_status: Option<String>,
}
