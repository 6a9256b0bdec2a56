//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use serde::{Deserialize, Serialize};

use crate::DateOrTime;
use crate::Personal;
use crate::finances_2024_06_19::{Currency, PartnerMetadata, RelatedIdentifier};
use crate::json;
use crate::text::open_enum;

/// A transfer to the bank of the seller (`Payout`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Payout {
    /// `id`: the settlement's id, in Amazon's own sample.
    pub id: String,
    /// `partnerMetadata`.
    pub partner_metadata: PartnerMetadata,
    /// `currentStatus`.
    pub current_status: PayoutStatus,
    /// `statusHistory`.
    pub status_history: Vec<PayoutStatusEntry>,
    /// `type`.
    #[serde(rename = "type")]
    pub kind: Option<PayoutType>,
    /// `amount`: positive when it goes to the seller.
    pub amount: Option<Currency>,
    /// `accountTail`: the last digits of the bank account.
    pub account_tail: Option<String>,
    /// `paymentMethod`.
    pub payment_method: Option<PayoutMethod>,
    /// `creationDate`.
    pub creation_date: Option<DateOrTime>,
    /// `paymentRail`: the way through the banks, like `ACH`.
    pub payment_rail: Option<String>,
    /// `traceId`: what the bank statement shows.
    pub trace_id: Option<String>,
    /// `period`.
    pub period: Option<Period>,
    /// `relatedIdentifiers`: the settlement, as `SETTLEMENT_ID`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifiers: Vec<RelatedIdentifier>,
}

open_enum! {
    /// How far a payout is (`PayoutStatusName`).
    PayoutStatus {
        /// `STARTED`.
        Started = "STARTED",
        /// `IN_TRANSIT`.
        InTransit = "IN_TRANSIT",
        /// `PAID`.
        Paid = "PAID",
        /// `FAILED`.
        Failed = "FAILED",
        /// `CANCELLED`.
        Cancelled = "CANCELLED",
        /// `NO_PAYOUT`.
        NoPayout = "NO_PAYOUT",
    }
}

/// A step in the life of a payout (`PayoutStatusEntry`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutStatusEntry {
    /// `status`.
    pub status: PayoutStatus,
    /// `lastUpdatedDate`.
    pub last_updated_date: DateOrTime,
    /// `failureReason`: why it failed, if it did.
    pub failure_reason: Option<String>,
}

open_enum! {
    /// Why a payout was made (`PayoutTypeName`).
    PayoutType {
        /// `SCHEDULED`.
        Scheduled = "SCHEDULED",
        /// `ON_DEMAND`.
        OnDemand = "ON_DEMAND",
    }
}

open_enum! {
    /// Where a payout goes (`PaymentMethodName`).
    PayoutMethod {
        /// `BANK_ACCOUNT`.
        BankAccount = "BANK_ACCOUNT",
        /// `DEBIT_CARD`.
        DebitCard = "DEBIT_CARD",
    }
}

/// The time a payout is for (`Period`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Period {
    /// `startDate`.
    pub start_date: DateOrTime,
    /// `endDate`.
    pub end_date: Option<DateOrTime>,
}

/// A transfer that is to come (`ExpectedPayout`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExpectedPayout {
    /// `partnerMetadata`.
    pub partner_metadata: PartnerMetadata,
    /// `amount`.
    pub amount: Option<Currency>,
    /// `status`.
    pub status: ExpectedPayoutStatus,
    /// `period`.
    pub period: Option<Period>,
    /// `scheduledDate`.
    pub scheduled_date: Option<DateOrTime>,
    /// `accountTail`: the last digits of the bank account.
    pub account_tail: Option<String>,
    /// `paymentMethod`.
    pub payment_method: Option<PayoutMethod>,
    /// `relatedIdentifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub related_identifiers: Vec<RelatedIdentifier>,
}

open_enum! {
    /// Whether a payout is to be expected (`ExpectedPayoutStatusName`).
    ExpectedPayoutStatus {
        /// `SCHEDULED`.
        Scheduled = "SCHEDULED",
        /// `DISABLED`.
        Disabled = "DISABLED",
        /// `AT_RISK`.
        AtRisk = "AT_RISK",
        /// `NO_PAYOUT_EXPECTED`.
        NoPayoutExpected = "NO_PAYOUT_EXPECTED",
    }
}

/// A bank account or a card of the seller (`PaymentMethodDetails`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentMethodDetails {
    /// `accountHolderName`.
    pub account_holder_name: Option<Personal>,
    /// `paymentMethodId`.
    pub payment_method_id: Option<String>,
    /// `tail`: the last digits of the account or the card.
    pub tail: Option<String>,
    /// `expiryDate`.
    pub expiry_date: Option<ExpiryDate>,
    /// `countryCode`.
    pub country_code: Option<String>,
    /// `paymentMethodType`.
    pub payment_method_type: Option<PaymentMethodType>,
    /// `assignmentType`.
    pub assignment_type: Option<AssignmentType>,
}

open_enum! {
    /// What a payment method is (`paymentMethodType`).
    PaymentMethodType {
        /// `BANK_ACCOUNT`.
        BankAccount = "BANK_ACCOUNT",
        /// `CARD`.
        Card = "CARD",
        /// `SELLER_WALLET`.
        SellerWallet = "SELLER_WALLET",
    }
}

open_enum! {
    /// What a payment method is used for (`assignmentType`).
    AssignmentType {
        /// `DEFAULT_DEPOSIT_METHOD`.
        DefaultDepositMethod = "DEFAULT_DEPOSIT_METHOD",
    }
}

/// The end of a card (`ExpiryDate`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExpiryDate {
    /// `month`: two digits.
    pub month: Option<String>,
    /// `year`: four digits.
    pub year: Option<String>,
}
