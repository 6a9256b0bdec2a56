//! `updateVerificationStatus`: decides whether an order of a regulated product may be shipped.

use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;
use wire::Class;

use super::{OrderId, OrdersV0, PLAN, ROOT, VerificationStatus};
use crate::client::{Call, Operation, call};
use crate::{Error, Personal};

#[cfg(test)]
mod tests;

/// A decision on an order of a regulated product (`UpdateVerificationStatusRequestBody`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateVerificationStatus {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<VerificationStatus>,
    external_reviewer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection_reason_id: Option<String>,
    #[serde(skip_serializing_if = "Details::is_empty")]
    verification_details: Details,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    prescription_detail: Option<PrescriptionDetail>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    approved_alternative_details: Vec<ApprovedAttribute>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interim_status_detail: Option<InterimStatusDetail>,
}

impl Details {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct InterimStatusDetail {
    status_code: String,
    status_date_time: String,
}

impl UpdateVerificationStatus {
    /// The order may be shipped (`Approved`), says this reviewer (`externalReviewerId`).
    #[must_use]
    pub fn approved(reviewer: impl Into<String>) -> Self {
        Self { status: Some(VerificationStatus::Approved), ..Self::unchanged(reviewer) }
    }

    /// The order may not be shipped (`Rejected`), for one of the reasons that
    /// `getOrderRegulatedInfo` gives (`rejectionReasonId`).
    #[must_use]
    pub fn rejected(reviewer: impl Into<String>, rejection_reason_id: impl Into<String>) -> Self {
        Self {
            status: Some(VerificationStatus::Rejected),
            rejection_reason_id: Some(rejection_reason_id.into()),
            ..Self::unchanged(reviewer)
        }
    }

    /// Nothing is decided yet (`Pending`), but this far it is since this time
    /// (`interimStatusDetail`), as one of the codes says that `getOrderRegulatedInfo` gives.
    #[must_use]
    pub fn pending(
        reviewer: impl Into<String>,
        status_code: impl Into<String>,
        since: Timestamp,
    ) -> Self {
        let mut update = Self::unchanged(reviewer);
        update.status = Some(VerificationStatus::Pending);
        update.verification_details.interim_status_detail = Some(InterimStatusDetail {
            status_code: status_code.into(),
            status_date_time: call::time(since),
        });
        update
    }

    /// What was decided stays; only details are added.
    #[must_use]
    pub fn unchanged(reviewer: impl Into<String>) -> Self {
        Self {
            status: None,
            external_reviewer_id: reviewer.into(),
            rejection_reason_id: None,
            verification_details: Details::default(),
        }
    }

    /// The prescription that was checked (`prescriptionDetail`): for an order that is approved.
    #[must_use]
    pub fn prescription(mut self, prescription: PrescriptionDetail) -> Self {
        self.verification_details.prescription_detail = Some(prescription);
        self
    }

    /// What would have been approved instead (`approvedAlternativeDetails`): for an order that is
    /// rejected.
    #[must_use]
    pub fn alternatives(
        mut self,
        alternatives: impl IntoIterator<Item = ApprovedAttribute>,
    ) -> Self {
        self.verification_details.approved_alternative_details = alternatives.into_iter().collect();
        self
    }

    /// Refuses what the service would refuse.
    fn check(&self) -> Result<(), Error> {
        let Details { prescription_detail, approved_alternative_details, interim_status_detail } =
            &self.verification_details;
        let status = self.status.as_ref();
        let no_reason = self.rejection_reason_id.as_deref().is_some_and(str::is_empty);
        let nowhere = interim_status_detail.as_ref().is_some_and(|at| at.status_code.is_empty());
        let refusals = [
            (
                self.external_reviewer_id.is_empty(),
                "externalReviewerId",
                "the service wants to know who decides",
            ),
            (no_reason, "rejectionReasonId", "with Rejected the service wants the reason"),
            (nowhere, "statusCode", "the service wants a code of how far it is"),
            (
                prescription_detail.is_some()
                    && status.is_some_and(|status| *status != VerificationStatus::Approved),
                "prescriptionDetail",
                "only an approved order can have a prescription",
            ),
            (
                prescription_detail.as_ref().is_some_and(|detail| detail.written_quantity == 0),
                "writtenQuantity",
                "the service wants at least one",
            ),
            (
                !approved_alternative_details.is_empty()
                    && status != Some(&VerificationStatus::Rejected),
                "approvedAlternativeDetails",
                "only with Rejected may alternatives be told",
            ),
        ];
        match refusals.into_iter().find(|(refused, ..)| *refused) {
            Some((_, parameter, reason)) => Err(Error::InvalidParameter { parameter, reason }),
            None => Ok(()),
        }
    }
}

/// A prescription (`PrescriptionDetail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrescriptionDetail {
    /// `prescriptionId`.
    pub prescription_id: Personal,
    /// `expirationDate`.
    pub expiration_date: Timestamp,
    /// `writtenQuantity`: pieces in each fill, one or more.
    pub written_quantity: u32,
    /// `totalRefillsAuthorized`: how often it may be filled again.
    pub total_refills_authorized: u32,
    /// `refillsRemaining`: how often of that is left.
    pub refills_remaining: u32,
    /// `clinicId`.
    pub clinic_id: String,
    /// `usageInstructions`.
    pub usage_instructions: Personal,
}

/// What would have been approved instead (`ApprovedAttribute`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApprovedAttribute {
    /// `attributeName`: like `asin` or `petWeight`.
    pub attribute_name: String,
    /// `originalValue`: what was ordered.
    pub original_value: String,
    /// `approvedValue`: what would have been approved.
    pub approved_value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    #[serde(skip)]
    order_id: &'a OrderId,
    regulated_order_verification_status: &'a UpdateVerificationStatus,
}

impl Call for Update<'_> {
    const OPERATION: Operation = Operation {
        name: "updateVerificationStatus",
        // It sets a status, which is the same after the second time.
        class: Class::Idempotent,
        plan: PLAN,
    };
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        self.regulated_order_verification_status.check()?;
        let id = call::path_id("orderId", self.order_id.as_str())?;
        let url = call::address(base, &ROOT, &[id, "regulatedInfo"])?;
        call::json(Method::PATCH, &url, self)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl OrdersV0<'_> {
    /// `updateVerificationStatus`: decides whether an order of a regulated product may be shipped,
    /// or adds to the decision.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn update_verification_status(
        self,
        order_id: &OrderId,
        update: &UpdateVerificationStatus,
    ) -> Result<(), Error> {
        let update = Update { order_id, regulated_order_verification_status: update };
        self.client.call(&update).await
    }
}
