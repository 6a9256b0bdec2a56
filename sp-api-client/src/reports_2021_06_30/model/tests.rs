use serde_json::json;

use super::*;

#[test]
fn a_full_report() {
    let report: Report = serde_json::from_value(json!({
        "reportId": "50011020000",
        "reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
        "processingStatus": "DONE",
        "createdTime": "2026-11-15T06:07:08.677Z",
        "marketplaceIds": ["ATVPDKIKX0DER"],
        "dataStartTime": "2026-11-01T00:00:00+00:00",
        "dataEndTime": "2026-11-15T00:00:00-08:00",
        "reportScheduleId": "5",
        "processingStartTime": "2026-11-15T06:07:08Z",
        "processingEndTime": "2026-11-15T06:07:09Z",
        "reportDocumentId": "amzn1.spdoc.1",
        "aMemberOfNextYear": {"a": [1]},
    }))
    .unwrap();
    assert_eq!(report.report_id, ReportId::new("50011020000"));
    assert_eq!(report.processing_status, ProcessingStatus::Done);
    assert_eq!(report.created_time, "2026-11-15T06:07:08.677Z".parse().unwrap());
    assert_eq!(report.data_end_time, Some("2026-11-15T08:00:00Z".parse().unwrap()));
    assert_eq!(report.report_document_id, Some(ReportDocumentId::new("amzn1.spdoc.1")));
    assert_eq!(report.marketplace_ids, ["ATVPDKIKX0DER"]);
}

#[test]
fn a_report_with_the_required_members_alone() {
    let report: Report = serde_json::from_value(json!({
        "reportId": "1", "reportType": "T", "processingStatus": "IN_QUEUE",
        "createdTime": "2026-11-15T06:07:08Z",
    }))
    .unwrap();
    assert_eq!(report.processing_status, ProcessingStatus::InQueue);
    assert_eq!((report.report_document_id, report.marketplace_ids), (None, vec![]));
}

#[test]
fn every_status_and_one_of_the_future() {
    for text in ["CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"] {
        let status: ProcessingStatus = serde_json::from_value(json!(text)).unwrap();
        assert!(!matches!(status, ProcessingStatus::Other(_)), "{text}");
        assert_eq!(status.as_str(), text);
    }
    let status: ProcessingStatus = serde_json::from_value(json!("PAUSED")).unwrap();
    assert_eq!(status, ProcessingStatus::Other("PAUSED".to_owned()));
    assert_eq!(status.as_str(), "PAUSED");
}

#[test]
fn a_document_shows_its_host_and_not_its_permission() {
    let document: ReportDocument = serde_json::from_value(json!({
        "reportDocumentId": "d", "compressionAlgorithm": "GZIP",
        "url": "https://bucket.s3.amazonaws.com/file?X-Amz-Signature=canary",
    }))
    .unwrap();
    assert_eq!(document.compression(), Some(&CompressionAlgorithm::Gzip));
    assert!(document.url().as_str().ends_with("canary"));
    let shown = format!("{document:?}");
    assert!(shown.contains("https://bucket.s3.amazonaws.com/file?…"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn an_address_that_is_none_is_not_repeated() {
    let document = json!({"reportDocumentId": "d", "url": "canary"});
    let error = serde_json::from_value::<ReportDocument>(document).unwrap_err();
    assert_eq!(error.to_string(), "url is no address");
}
