use serde_json::json;

use super::*;
use crate::client::call::testing::{body, line};

fn prescription() -> PrescriptionDetail {
    PrescriptionDetail {
        prescription_id: Personal::new("Rx-1234"),
        expiration_date: "2024-01-01T00:00:00Z".parse().unwrap(),
        written_quantity: 3,
        total_refills_authorized: 10,
        refills_remaining: 9,
        clinic_id: "ABC-1234".to_owned(),
        usage_instructions: Personal::new("one a day"),
    }
}

fn alternative() -> ApprovedAttribute {
    ApprovedAttribute {
        attribute_name: "petWeight".to_owned(),
        original_value: "12".to_owned(),
        approved_value: "10".to_owned(),
    }
}

fn sent(update: &UpdateVerificationStatus) -> serde_json::Value {
    let id = OrderId::new("1-2-3");
    let call = Update { order_id: &id, regulated_order_verification_status: update };
    assert_eq!(line(&call).unwrap(), "PATCH /orders/v0/orders/1-2-3/regulatedInfo");
    body(&call)["regulatedOrderVerificationStatus"].clone()
}

#[test]
fn each_decision() {
    let approved = UpdateVerificationStatus::approved("r").prescription(prescription());
    let expected = json!({
        "status": "Approved", "externalReviewerId": "r",
        "verificationDetails": {"prescriptionDetail": {
            "prescriptionId": "Rx-1234", "expirationDate": "2024-01-01T00:00:00Z",
            "writtenQuantity": 3, "totalRefillsAuthorized": 10, "refillsRemaining": 9,
            "clinicId": "ABC-1234", "usageInstructions": "one a day",
        }},
    });
    assert_eq!(sent(&approved), expected);
    let rejected = UpdateVerificationStatus::rejected("r", "too_young");
    let expected =
        json!({"status": "Rejected", "externalReviewerId": "r", "rejectionReasonId": "too_young"});
    assert_eq!(sent(&rejected), expected);
    let rejected = sent(&rejected.alternatives([alternative()]));
    let expected = json!([
        {"attributeName": "petWeight", "originalValue": "12", "approvedValue": "10"},
    ]);
    assert_eq!(rejected["verificationDetails"]["approvedAlternativeDetails"], expected);
    let time = "2026-11-01T00:00:00Z".parse().unwrap();
    let pending = sent(&UpdateVerificationStatus::pending("r", "VET_CALLED", time));
    let expected = json!({"statusCode": "VET_CALLED", "statusDateTime": "2026-11-01T00:00:00Z"});
    assert_eq!(pending["verificationDetails"]["interimStatusDetail"], expected);
    let unchanged = UpdateVerificationStatus::unchanged("r");
    assert_eq!(sent(&unchanged), json!({"externalReviewerId": "r"}));
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let id = OrderId::new("1");
    let time = "2026-11-01T00:00:00Z".parse().unwrap();
    let none = PrescriptionDetail { written_quantity: 0, ..prescription() };
    for (update, expected) in [
        (UpdateVerificationStatus::approved(""), "externalReviewerId"),
        (UpdateVerificationStatus::rejected("r", ""), "rejectionReasonId"),
        (UpdateVerificationStatus::pending("r", "", time), "statusCode"),
        (
            UpdateVerificationStatus::rejected("r", "x").prescription(prescription()),
            "prescriptionDetail",
        ),
        (UpdateVerificationStatus::unchanged("r").prescription(none), "writtenQuantity"),
        (
            UpdateVerificationStatus::approved("r").alternatives([alternative()]),
            "approvedAlternativeDetails",
        ),
    ] {
        let call = Update { order_id: &id, regulated_order_verification_status: &update };
        match line(&call) {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn a_prescription_is_not_shown() {
    let shown = format!("{:?}", prescription());
    assert!(!shown.contains("Rx-1234") && !shown.contains("one a day"), "{shown}");
}
