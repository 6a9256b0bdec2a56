//! Single values.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::text::open_enum;

/// An amount of money (`Money`). Amazon requires neither half of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Money {
    /// `CurrencyCode`: ISO 4217.
    pub currency_code: Option<String>,
    /// `Amount`: exact, in whole units of the currency with its decimals. Amazon writes a text.
    #[serde(default, with = "json::text::option")]
    pub amount: Option<Decimal>,
}

/// Where on earth an address is, in WGS 84 (`GeoCoordinates`). `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct GeoCoordinates {
    /// `Latitude`: in degrees north.
    #[serde(default, with = "json::number::option")]
    pub latitude: Option<Decimal>,
    /// `Longitude`: in degrees east.
    #[serde(default, with = "json::number::option")]
    pub longitude: Option<Decimal>,
}

impl fmt::Debug for GeoCoordinates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

open_enum! {
    /// How far an order is (`OrderStatus`).
    OrderStatus {
        /// `PendingAvailability`: ordered ahead of its release.
        PendingAvailability = "PendingAvailability",
        /// `Pending`: not yet paid. It has no prices, and may not be shipped.
        Pending = "Pending",
        /// `Unshipped`: paid; nothing has left.
        Unshipped = "Unshipped",
        /// `PartiallyShipped`.
        PartiallyShipped = "PartiallyShipped",
        /// `Shipped`: all of it.
        Shipped = "Shipped",
        /// `InvoiceUnconfirmed`: shipped, and the invoice is not confirmed yet.
        InvoiceUnconfirmed = "InvoiceUnconfirmed",
        /// `Canceled`.
        Canceled = "Canceled",
        /// `Unfulfillable`: a multi-channel order that Amazon cannot fulfil.
        Unfulfillable = "Unfulfillable",
    }
}

open_enum! {
    /// Whether an order of a regulated product may be shipped (`VerificationStatus`).
    VerificationStatus {
        /// `Pending`: nobody has decided yet.
        Pending = "Pending",
        /// `Approved`.
        Approved = "Approved",
        /// `Rejected`.
        Rejected = "Rejected",
        /// `Expired`: nobody decided in time.
        Expired = "Expired",
        /// `Cancelled`: by the buyer.
        Cancelled = "Cancelled",
    }
}
