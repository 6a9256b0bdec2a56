//! Where an order goes.

use serde::{Deserialize, Serialize};

use super::{GeoCoordinates, OrderId};
use crate::DateOrTime;
use crate::Personal;
use crate::json;

/// Where an order goes (`OrderAddress`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrderAddress {
    /// `AmazonOrderId`: like `171-9876543-2109876`.
    pub amazon_order_id: OrderId,
    /// `BuyerCompanyName`.
    pub buyer_company_name: Option<String>,
    /// `ShippingAddress`: with a restricted data token.
    pub shipping_address: Option<Address>,
    /// `DeliveryPreferences`.
    pub delivery_preferences: Option<DeliveryPreferences>,
}

/// An address (`Address`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Address {
    /// `Name`.
    pub name: Option<Personal>,
    /// `CompanyName`.
    pub company_name: Option<Personal>,
    /// `AddressLine1`.
    pub address_line1: Option<Personal>,
    /// `AddressLine2`.
    pub address_line2: Option<Personal>,
    /// `AddressLine3`.
    pub address_line3: Option<Personal>,
    /// `City`.
    pub city: Option<String>,
    /// `County`.
    pub county: Option<String>,
    /// `District`.
    pub district: Option<String>,
    /// `StateOrRegion`.
    pub state_or_region: Option<String>,
    /// `Municipality`.
    pub municipality: Option<String>,
    /// `PostalCode`.
    pub postal_code: Option<Personal>,
    /// `CountryCode`: two letters.
    pub country_code: Option<String>,
    /// `Phone`.
    pub phone: Option<Personal>,
    /// `ExtendedFields`.
    pub extended_fields: Option<AddressExtendedFields>,
    /// `AddressType`.
    pub address_type: Option<String>,
}

/// The parts of a street line (`AddressExtendedFields`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AddressExtendedFields {
    /// `StreetName`.
    pub street_name: Option<Personal>,
    /// `StreetNumber`.
    pub street_number: Option<Personal>,
    /// `Complement`.
    pub complement: Option<Personal>,
    /// `Neighborhood`.
    pub neighborhood: Option<Personal>,
    /// `GeoCoordinates`.
    pub geo_coordinates: Option<GeoCoordinates>,
}

/// How the buyer wants it delivered (`DeliveryPreferences`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeliveryPreferences {
    /// `DropOffLocation`.
    pub drop_off_location: Option<Personal>,
    /// `PreferredDeliveryTime`.
    pub preferred_delivery_time: Option<PreferredDeliveryTime>,
    /// `OtherAttributes`: like `HAS_ACCESS_POINT`.
    #[serde(default, deserialize_with = "json::list")]
    pub other_attributes: Vec<String>,
    /// `AddressInstructions`.
    pub address_instructions: Option<Personal>,
}

/// When it may be delivered (`PreferredDeliveryTime`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PreferredDeliveryTime {
    /// `BusinessHours`.
    #[serde(default, deserialize_with = "json::list")]
    pub business_hours: Vec<BusinessHours>,
    /// `ExceptionDates`.
    #[serde(default, deserialize_with = "json::list")]
    pub exception_dates: Vec<ExceptionDates>,
}

/// The open hours of a day of the week (`BusinessHours`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BusinessHours {
    /// `DayOfWeek`: `SUN` to `SAT`.
    pub day_of_week: Option<String>,
    /// `OpenIntervals`.
    #[serde(default, deserialize_with = "json::list")]
    pub open_intervals: Vec<OpenInterval>,
}

/// A day that is not like the others (`ExceptionDates`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ExceptionDates {
    /// `ExceptionDate`.
    pub exception_date: Option<DateOrTime>,
    /// `IsOpen`.
    pub is_open: Option<bool>,
    /// `OpenIntervals`.
    #[serde(default, deserialize_with = "json::list")]
    pub open_intervals: Vec<OpenInterval>,
}

/// Open hours (`OpenInterval`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OpenInterval {
    /// `StartTime`.
    pub start_time: Option<OpenTimeInterval>,
    /// `EndTime`.
    pub end_time: Option<OpenTimeInterval>,
}

/// A time of day (`OpenTimeInterval`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OpenTimeInterval {
    /// `Hour`.
    pub hour: Option<i64>,
    /// `Minute`.
    pub minute: Option<i64>,
}
