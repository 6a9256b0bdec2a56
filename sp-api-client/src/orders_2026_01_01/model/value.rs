//! Money, measures and windows.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::json;

/// An amount of money (`Money`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// `amount`: exact, in whole units of the currency with its decimals. Amazon writes a text.
    #[serde(with = "json::text")]
    pub amount: Decimal,
    /// `currencyCode`: ISO 4217.
    pub currency_code: String,
}

/// An amount of something that is not counted in pieces (`Measurement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Measurement {
    /// `unit`.
    pub unit: String,
    /// `value`.
    #[serde(with = "json::number")]
    pub value: Decimal,
}

/// From when to when (`DateTimeRange`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DateTimeRange {
    /// `earliestDateTime`: the begin.
    pub earliest_date_time: Option<Timestamp>,
    /// `latestDateTime`: the end.
    pub latest_date_time: Option<Timestamp>,
}
