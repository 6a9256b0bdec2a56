//! What is said of a transaction beyond its money.

use serde::{Deserialize, Serialize};

use crate::DateOrTime;
use serde_json::Value;

/// Something said of a transaction or a line (`Context`), told apart by its `contextType`.
///
/// What Amazon adds to a kind that is known is left out, and is not among the
/// [`unknown_members`](crate::Client::unknown_members).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
#[non_exhaustive]
pub enum Context {
    /// `ProductContext`.
    Product(ProductContext),
    /// `AmazonPayContext`.
    AmazonPay(AmazonPayContext),
    /// `PaymentsContext`.
    Payments(PaymentsContext),
    /// `DeferredContext`.
    Deferred(DeferredContext),
    /// `BusinessContext`.
    Business(BusinessContext),
    /// `TimeRangeContext`.
    TimeRange(TimeRangeContext),
    /// One that is new to this version, or unlike the documented, as Amazon sent it.
    Other(Value),
}

/// The member that tells the kinds apart.
const TAG: &str = "contextType";

impl From<Value> for Context {
    fn from(value: Value) -> Self {
        fn read<T: for<'de> Deserialize<'de>>(
            value: &Value,
            kind: fn(T) -> Context,
        ) -> Option<Context> {
            T::deserialize(value).ok().map(kind)
        }
        let known = match value[TAG].as_str().unwrap_or_default() {
            "ProductContext" => read(&value, Self::Product),
            "AmazonPayContext" => read(&value, Self::AmazonPay),
            "PaymentsContext" => read(&value, Self::Payments),
            "DeferredContext" => read(&value, Self::Deferred),
            "BusinessContext" => read(&value, Self::Business),
            "TimeRangeContext" => read(&value, Self::TimeRange),
            _ => None,
        };
        known.unwrap_or(Self::Other(value))
    }
}

impl From<Context> for Value {
    fn from(context: Context) -> Self {
        let (tag, members) = match context {
            Context::Product(context) => ("ProductContext", serde_json::to_value(context)),
            Context::AmazonPay(context) => ("AmazonPayContext", serde_json::to_value(context)),
            Context::Payments(context) => ("PaymentsContext", serde_json::to_value(context)),
            Context::Deferred(context) => ("DeferredContext", serde_json::to_value(context)),
            Context::Business(context) => ("BusinessContext", serde_json::to_value(context)),
            Context::TimeRange(context) => ("TimeRangeContext", serde_json::to_value(context)),
            Context::Other(value) => return value,
        };
        let mut value = members.unwrap_or_default();
        value[TAG] = tag.into();
        value
    }
}

/// What was sold (`ProductContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductContext {
    /// `asin`.
    pub asin: Option<String>,
    /// `sku`.
    pub sku: Option<String>,
    /// `quantityShipped`: pieces.
    pub quantity_shipped: Option<i64>,
    /// `fulfillmentNetwork`.
    pub fulfillment_network: Option<String>,
}

/// The shop that took Amazon Pay (`AmazonPayContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AmazonPayContext {
    /// `storeName`.
    pub store_name: Option<String>,
    /// `orderType`.
    pub order_type: Option<String>,
    /// `channel`.
    pub channel: Option<String>,
}

/// How a payment went (`PaymentsContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentsContext {
    /// `paymentType`.
    pub payment_type: Option<String>,
    /// `paymentMethod`.
    pub payment_method: Option<String>,
    /// `paymentReference`.
    pub payment_reference: Option<String>,
    /// `paymentDate`.
    pub payment_date: Option<DateOrTime>,
}

/// Why money is held back, and until when (`DeferredContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeferredContext {
    /// `deferralReason`.
    pub deferral_reason: Option<String>,
    /// `maturityDate`: when it is released.
    pub maturity_date: Option<DateOrTime>,
}

/// The line of business (`BusinessContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BusinessContext {
    /// `storeName`.
    pub store_name: Option<String>,
}

/// The time a charge is for (`TimeRangeContext`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TimeRangeContext {
    /// `startTime`.
    pub start_time: Option<DateOrTime>,
    /// `endTime`.
    pub end_time: Option<DateOrTime>,
}
