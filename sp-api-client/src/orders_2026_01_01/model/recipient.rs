//! Where an order goes.

use serde::{Deserialize, Serialize};

use crate::Personal;
use crate::json;

/// Who gets it, and how it is to be delivered (`Recipient`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Recipient {
    /// `deliveryAddress`.
    pub delivery_address: Option<CustomerAddress>,
    /// `deliveryPreference`.
    pub delivery_preference: Option<DeliveryPreference>,
}

/// The address of a buyer (`CustomerAddress`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomerAddress {
    /// `name`.
    pub name: Option<Personal>,
    /// `companyName`.
    pub company_name: Option<Personal>,
    /// `addressLine1`.
    pub address_line1: Option<Personal>,
    /// `addressLine2`.
    pub address_line2: Option<Personal>,
    /// `addressLine3`.
    pub address_line3: Option<Personal>,
    /// `city`.
    pub city: Option<String>,
    /// `districtOrCounty`.
    pub district_or_county: Option<String>,
    /// `stateOrRegion`.
    pub state_or_region: Option<String>,
    /// `municipality`.
    pub municipality: Option<String>,
    /// `postalCode`.
    pub postal_code: Option<Personal>,
    /// `countryCode`: two letters.
    pub country_code: Option<String>,
    /// `phone`.
    pub phone: Option<Personal>,
    /// `extendedFields`.
    pub extended_fields: Option<AddressExtendedFields>,
    /// `addressType`.
    pub address_type: Option<String>,
}

/// The parts of a Brazilian street line (`AddressExtendedFields`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AddressExtendedFields {
    /// `streetName`.
    pub street_name: Option<Personal>,
    /// `streetNumber`.
    pub street_number: Option<Personal>,
    /// `complement`.
    pub complement: Option<Personal>,
    /// `neighborhood`.
    pub neighborhood: Option<Personal>,
}

/// How the buyer wants it delivered (`DeliveryPreference`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeliveryPreference {
    /// `dropOffLocation`.
    pub drop_off_location: Option<Personal>,
    /// `addressInstruction`.
    pub address_instruction: Option<Personal>,
    /// `deliveryTime`.
    pub delivery_time: Option<PreferredDeliveryTime>,
    /// `deliveryCapabilities`.
    #[serde(default, deserialize_with = "json::list")]
    pub delivery_capabilities: Vec<String>,
}

/// When it may be delivered (`PreferredDeliveryTime`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PreferredDeliveryTime {
    /// `businessHours`.
    #[serde(default, deserialize_with = "json::list")]
    pub business_hours: Vec<BusinessHour>,
    /// `exceptionDates`.
    #[serde(default, deserialize_with = "json::list")]
    pub exception_dates: Vec<ExceptionDate>,
}

/// The open hours of a day of the week (`BusinessHour`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BusinessHour {
    /// `dayOfWeek`.
    pub day_of_week: Option<String>,
    /// `timeWindows`.
    #[serde(default, deserialize_with = "json::list")]
    pub time_windows: Vec<TimeWindow>,
}

/// A day with other hours (`ExceptionDate`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExceptionDate {
    /// `exceptionDate`.
    pub exception_date: Option<jiff::civil::Date>,
    /// `exceptionDateType`.
    pub exception_date_type: Option<String>,
    /// `timeWindows`.
    #[serde(default, deserialize_with = "json::list")]
    pub time_windows: Vec<TimeWindow>,
}

/// From when to when, within a day (`TimeWindow`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TimeWindow {
    /// `startTime`.
    pub start_time: Option<HourMinute>,
    /// `endTime`.
    pub end_time: Option<HourMinute>,
}

/// A time of day (`HourMinute`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HourMinute {
    /// `hour`: 0 to 23.
    pub hour: Option<i64>,
    /// `minute`: 0 to 59.
    pub minute: Option<i64>,
}
