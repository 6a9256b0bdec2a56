//! What the law wants to know of an order, and whether that was checked.

use serde::{Deserialize, Serialize};

use super::{OrderId, VerificationStatus};
use crate::DateOrTime;
use crate::Personal;
use crate::json;

/// What was asked of the buyer of a regulated product (`OrderRegulatedInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OrderRegulatedInfo {
    /// `AmazonOrderId`: like `171-9876543-2109876`.
    pub amazon_order_id: OrderId,
    /// `RegulatedInformation`.
    pub regulated_information: RegulatedInformation,
    /// `RequiresDosageLabel`: whether the package must tell the dosage.
    pub requires_dosage_label: bool,
    /// `RegulatedOrderVerificationStatus`.
    pub regulated_order_verification_status: RegulatedOrderVerificationStatus,
}

/// What the buyer told (`RegulatedInformation`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RegulatedInformation {
    /// `Fields`.
    #[serde(default, deserialize_with = "json::list")]
    pub fields: Vec<RegulatedInformationField>,
}

/// One answer of the buyer (`RegulatedInformationField`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RegulatedInformationField {
    /// `FieldId`.
    pub field_id: String,
    /// `FieldLabel`.
    pub field_label: String,
    /// `FieldType`.
    pub field_type: String,
    /// `FieldValue`: a text, or the address of a file.
    pub field_value: Personal,
}

/// Whether it was checked (`RegulatedOrderVerificationStatus`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RegulatedOrderVerificationStatus {
    /// `Status`.
    pub status: VerificationStatus,
    /// `RequiresMerchantAction`: whether the seller must decide.
    pub requires_merchant_action: bool,
    /// `ValidRejectionReasons`: what an order may be rejected for.
    #[serde(default, deserialize_with = "json::list")]
    pub valid_rejection_reasons: Vec<RejectionReason>,
    /// `RejectionReason`.
    pub rejection_reason: Option<RejectionReason>,
    /// `ReviewDate`.
    pub review_date: Option<DateOrTime>,
    /// `ExternalReviewerId`.
    pub external_reviewer_id: Option<String>,
    /// `ValidVerificationDetails`.
    #[serde(default, deserialize_with = "json::list")]
    pub valid_verification_details: Vec<ValidVerificationDetail>,
    /// `ValidInterimStatusCodes`.
    #[serde(default, deserialize_with = "json::list")]
    pub valid_interim_status_codes: Vec<ValidInterimStatusCode>,
}

/// Why an order is rejected (`RejectionReason`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RejectionReason {
    /// `RejectionReasonId`: what `updateVerificationStatus` wants.
    pub rejection_reason_id: String,
    /// `RejectionReasonDescription`.
    pub rejection_reason_description: String,
}

/// What may be told with a decision (`ValidVerificationDetail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ValidVerificationDetail {
    /// `VerificationDetailType`: `prescriptionDetail`, `approvedAlternativeDetails` or `interimStatusDetail`.
    pub verification_detail_type: String,
    /// `ValidVerificationStatuses`: when it may be given.
    #[serde(default, deserialize_with = "json::list")]
    pub valid_verification_statuses: Vec<VerificationStatus>,
}

/// How far a check may be (`ValidInterimStatusCode`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ValidInterimStatusCode {
    /// `StatusCode`: what `updateVerificationStatus` wants.
    pub status_code: String,
    /// `StatusDescription`.
    pub status_description: String,
}
