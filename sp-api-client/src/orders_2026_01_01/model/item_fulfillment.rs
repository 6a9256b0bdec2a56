//! How a line is to be picked, packed and shipped, and what was cancelled of it.

use serde::{Deserialize, Serialize};

use super::{DateTimeRange, Measurement};
use crate::Personal;
use crate::json;

/// How far a line is, and what to mind (`ItemFulfillment`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemFulfillment {
    /// `quantityFulfilled`.
    pub quantity_fulfilled: Option<i64>,
    /// `quantityUnfulfilled`.
    pub quantity_unfulfilled: Option<i64>,
    /// `picking`.
    pub picking: Option<ItemPicking>,
    /// `packing`.
    pub packing: Option<ItemPacking>,
    /// `shipping`.
    pub shipping: Option<ItemShipping>,
}

/// What to mind when picking (`ItemPicking`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemPicking {
    /// `substitutionPreference`.
    pub substitution_preference: Option<ItemSubstitutionPreference>,
}

/// What to send when it is out of stock (`ItemSubstitutionPreference`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemSubstitutionPreference {
    /// `substitutionType`.
    pub substitution_type: String,
    /// `substitutionOptions`.
    #[serde(default, deserialize_with = "json::list")]
    pub substitution_options: Vec<ItemSubstitutionOption>,
}

/// Something to send instead (`ItemSubstitutionOption`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemSubstitutionOption {
    /// `asin`.
    pub asin: Option<String>,
    /// `quantityOrdered`.
    pub quantity_ordered: Option<i64>,
    /// `sellerSku`.
    pub seller_sku: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `measurement`.
    pub measurement: Option<Measurement>,
}

/// What to mind when packing (`ItemPacking`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemPacking {
    /// `giftOption`.
    pub gift_option: Option<GiftOption>,
    /// `serialNumberRequirement`.
    pub serial_number_requirement: Option<SerialNumberRequirement>,
}

/// Gift wrapping and message (`GiftOption`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GiftOption {
    /// `giftMessage`.
    pub gift_message: Option<Personal>,
    /// `giftWrapLevel`.
    pub gift_wrap_level: Option<String>,
}

/// Whether serial numbers must be told (`SerialNumberRequirement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SerialNumberRequirement {
    /// `requirementType`.
    pub requirement_type: Option<String>,
}

/// What to mind when shipping (`ItemShipping`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemShipping {
    /// `scheduledDeliveryWindow`.
    pub scheduled_delivery_window: Option<DateTimeRange>,
    /// `shippingConstraints`.
    pub shipping_constraints: Option<ItemShippingConstraints>,
    /// `internationalShipping`.
    pub international_shipping: Option<ItemInternationalShipping>,
}

/// What the carrier must do (`ItemShippingConstraints`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemShippingConstraints {
    /// `palletDelivery`.
    pub pallet_delivery: Option<String>,
    /// `cashOnDelivery`.
    pub cash_on_delivery: Option<String>,
    /// `signatureConfirmation`.
    pub signature_confirmation: Option<String>,
    /// `recipientIdentityVerification`.
    pub recipient_identity_verification: Option<String>,
    /// `recipientAgeVerification`.
    pub recipient_age_verification: Option<String>,
}

/// What customs wants (`ItemInternationalShipping`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemInternationalShipping {
    /// `iossNumber`.
    pub ioss_number: Option<String>,
}

/// The cancellation of a line, asked for or done (`ItemCancellation`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemCancellation {
    /// `cancellationRequest`.
    pub cancellation_request: Option<ItemCancellationRequest>,
    /// `cancellationExecution`.
    pub cancellation_execution: Option<ItemCancellationExecution>,
}

/// A cancellation that was asked for (`ItemCancellationRequest`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemCancellationRequest {
    /// `requester`.
    pub requester: Option<String>,
    /// `cancelReason`.
    pub cancel_reason: Option<String>,
}

/// A cancellation that was done (`ItemCancellationExecution`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ItemCancellationExecution {
    /// `cancelledBy`.
    pub cancelled_by: Option<String>,
    /// `cancelReason`.
    pub cancel_reason: Option<String>,
}
