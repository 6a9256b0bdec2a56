//! What was booked for the account itself: debts, loans, payouts, tax.

use serde::{Deserialize, Serialize};

use super::Currency;
use crate::DateOrTime;
use crate::json;

/// A debt that was paid or corrected (`DebtRecoveryEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DebtRecoveryEvent {
    /// `DebtRecoveryType`: `DebtPayment`, `DebtPaymentFailure` or `DebtAdjustment`.
    pub debt_recovery_type: Option<String>,
    /// `RecoveryAmount`.
    pub recovery_amount: Option<Currency>,
    /// `OverPaymentCredit`.
    pub over_payment_credit: Option<Currency>,
    /// `DebtRecoveryItemList`.
    #[serde(default, deserialize_with = "json::list")]
    pub debt_recovery_item_list: Vec<DebtRecoveryItem>,
    /// `ChargeInstrumentList`.
    #[serde(default, deserialize_with = "json::list")]
    pub charge_instrument_list: Vec<ChargeInstrument>,
}

/// One debt (`DebtRecoveryItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DebtRecoveryItem {
    /// `RecoveryAmount`.
    pub recovery_amount: Option<Currency>,
    /// `OriginalAmount`.
    pub original_amount: Option<Currency>,
    /// `GroupBeginDate`.
    pub group_begin_date: Option<DateOrTime>,
    /// `GroupEndDate`.
    pub group_end_date: Option<DateOrTime>,
}

/// What was charged (`ChargeInstrument`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ChargeInstrument {
    /// `Description`.
    pub description: Option<String>,
    /// `Tail`: the last digits of its number.
    pub tail: Option<String>,
    /// `Amount`.
    pub amount: Option<Currency>,
}

/// A loan (`LoanServicingEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct LoanServicingEvent {
    /// `LoanAmount`.
    pub loan_amount: Option<Currency>,
    /// `SourceBusinessEventType`: `LoanAdvance`, `LoanPayment` or `LoanRefund`.
    pub source_business_event_type: Option<String>,
}

/// A payout on demand (`AdhocDisbursementEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AdhocDisbursementEvent {
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `TransactionId`.
    pub transaction_id: Option<String>,
    /// `TransactionAmount`.
    pub transaction_amount: Option<Currency>,
}

/// A payout on demand that failed (`FailedAdhocDisbursementEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FailedAdhocDisbursementEvent {
    /// `FundsTransfersType`.
    pub funds_transfers_type: Option<String>,
    /// `TransferId`.
    pub transfer_id: Option<String>,
    /// `DisbursementId`.
    pub disbursement_id: Option<String>,
    /// `PaymentDisbursementType`.
    pub payment_disbursement_type: Option<String>,
    /// `Status`.
    pub status: Option<String>,
    /// `TransferAmount`.
    pub transfer_amount: Option<Currency>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
}

/// Tax that was withheld from the account (`TaxWithholdingEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaxWithholdingEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `BaseAmount`.
    pub base_amount: Option<Currency>,
    /// `WithheldAmount`.
    pub withheld_amount: Option<Currency>,
    /// `TaxWithholdingPeriod`.
    pub tax_withholding_period: Option<TaxWithholdingPeriod>,
}

/// The period of such tax (`TaxWithholdingPeriod`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TaxWithholdingPeriod {
    /// `StartDate`.
    pub start_date: Option<DateOrTime>,
    /// `EndDate`.
    pub end_date: Option<DateOrTime>,
}

/// A charge that was refunded (`ChargeRefundEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ChargeRefundEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `ReasonCode`.
    pub reason_code: Option<String>,
    /// `ReasonCodeDescription`.
    pub reason_code_description: Option<String>,
    /// `ChargeRefundTransactions`.
    #[serde(default, deserialize_with = "json::list")]
    pub charge_refund_transactions: Vec<ChargeRefundTransaction>,
}

/// One refund (`ChargeRefundTransaction`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ChargeRefundTransaction {
    /// `ChargeAmount`.
    pub charge_amount: Option<Currency>,
    /// `ChargeType`: like `Principal` or `Tax`.
    pub charge_type: Option<String>,
}
