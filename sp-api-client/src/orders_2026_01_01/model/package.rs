//! The packages of an order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;
use crate::text::open_enum;

/// A package of an order that the seller ships (`OrderPackage`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderPackage {
    /// `packageReferenceId`: the seller's number of the package.
    pub package_reference_id: String,
    /// `createdTime`.
    pub created_time: Option<Timestamp>,
    /// `packageStatus`.
    pub package_status: Option<PackageStatus>,
    /// `carrier`.
    pub carrier: Option<String>,
    /// `shipTime`.
    pub ship_time: Option<Timestamp>,
    /// `shippingService`.
    pub shipping_service: Option<String>,
    /// `trackingNumber`.
    pub tracking_number: Option<String>,
    /// `shipFromAddress`.
    pub ship_from_address: Option<MerchantAddress>,
    /// `packageItems`.
    #[serde(default, deserialize_with = "json::list")]
    pub package_items: Vec<PackageItem>,
}

/// The address that a package is sent from (`MerchantAddress`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MerchantAddress {
    /// `name`.
    pub name: Option<String>,
    /// `addressLine1`.
    pub address_line1: Option<String>,
    /// `addressLine2`.
    pub address_line2: Option<String>,
    /// `addressLine3`.
    pub address_line3: Option<String>,
    /// `city`.
    pub city: Option<String>,
    /// `districtOrCounty`.
    pub district_or_county: Option<String>,
    /// `stateOrRegion`.
    pub state_or_region: Option<String>,
    /// `municipality`.
    pub municipality: Option<String>,
    /// `postalCode`.
    pub postal_code: Option<String>,
    /// `countryCode`.
    pub country_code: Option<String>,
}

/// How far a package is (`PackageStatus`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PackageStatus {
    /// `status`.
    pub status: PackageState,
    /// `detailedStatus`.
    pub detailed_status: Option<String>,
}

open_enum! {
    /// How far a package is (`status`).
    PackageState {
        /// `PENDING`.
        Pending = "PENDING",
        /// `IN_TRANSIT`.
        InTransit = "IN_TRANSIT",
        /// `SHIPPED`.
        Shipped = "SHIPPED",
        /// `DELIVERED`.
        Delivered = "DELIVERED",
        /// `CANCELLED`.
        Cancelled = "CANCELLED",
        /// `UNDELIVERABLE`.
        Undeliverable = "UNDELIVERABLE",
    }
}

/// How many of a line are in a package (`PackageItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PackageItem {
    /// `orderItemId`.
    pub order_item_id: String,
    /// `quantity`.
    pub quantity: i64,
    /// `transparencyCodes`.
    #[serde(default, deserialize_with = "json::list")]
    pub transparency_codes: Vec<String>,
}

/// An order that Amazon fulfils for the seller (`FulfillmentOrder`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FulfillmentOrder {
    /// `fulfillmentOrderId`.
    pub fulfillment_order_id: String,
}
