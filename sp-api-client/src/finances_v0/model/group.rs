//! The API's objects. Members we do not know are ignored.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::json;

/// A period of an account: what was booked in it, and what was paid out at its end (`FinancialEventGroup`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FinancialEventGroup {
    /// `FinancialEventGroupId`: not the id of the settlement.
    pub financial_event_group_id: Option<String>,
    /// `ProcessingStatus`: `Open` while it runs, then `Closed`.
    pub processing_status: Option<String>,
    /// `FundTransferStatus`: how far the payout is.
    pub fund_transfer_status: Option<String>,
    /// `OriginalTotal`: in the store's currency.
    pub original_total: Option<Currency>,
    /// `ConvertedTotal`: in the currency of the bank account.
    pub converted_total: Option<Currency>,
    /// `FundTransferDate`: when it was paid out.
    pub fund_transfer_date: Option<Timestamp>,
    /// `TraceId`: what the bank statement shows.
    pub trace_id: Option<String>,
    /// `AccountTail`: the last digits of the bank account.
    pub account_tail: Option<String>,
    /// `BeginningBalance`: what was carried over.
    pub beginning_balance: Option<Currency>,
    /// `FinancialEventGroupStart`: the begin.
    pub financial_event_group_start: Option<Timestamp>,
    /// `FinancialEventGroupEnd`: the end; none while it is open.
    pub financial_event_group_end: Option<Timestamp>,
}

/// An amount of money (`Currency`). Amazon requires neither half of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Currency {
    /// `CurrencyCode`: ISO 4217.
    pub currency_code: Option<String>,
    /// `CurrencyAmount`: exact, in whole units of the currency with its decimals. Amazon writes a
    /// number.
    #[serde(default, with = "json::number::option")]
    pub currency_amount: Option<Decimal>,
}
