use http::StatusCode;

use super::classify::{classify, leaves_open};
use super::envelope::Envelope;
use super::*;

const OPERATION: &str = "Erp.BO.GLJrnGrpSvc/Update";

fn meaning(status: u16, body: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    classify(&OPERATION.into(), status, None, Envelope::parse(body.as_bytes()))
}

fn epicor(error_type: &str, message: &str) -> String {
    serde_json::json!({
        "HttpStatus": 400,
        "ReasonPhrase": "REST API Exception",
        "ErrorMessage": message,
        "ErrorType": error_type,
        "ErrorDetails": [
            { "Message": message, "Type": "Error", "Table": "GLJrnDtlMnl", "Field": "GLAccount" }
        ],
        "CorrelationId": "0b9d0f3e-0000-0000-0000-000000000001",
    })
    .to_string()
}

#[test]
fn a_business_rule_keeps_text_details_and_correlation_id() {
    let error = meaning(400, &epicor("Ice.BLException", "GL Account 4000 is not active."));
    assert_eq!(error.correlation_id(), Some("0b9d0f3e-0000-0000-0000-000000000001"));
    assert!(error.is_definite_no() && !error.is_transient());
    let Error::BusinessRule { message, details, .. } = &error else { panic!("{error:?}") };
    assert_eq!(message, "GL Account 4000 is not active.");
    assert_eq!(details[0].table, "GLJrnDtlMnl");
    assert_eq!(details[0].field, "GLAccount");
    assert_eq!(
        error.to_string(),
        "Epicor refused Erp.BO.GLJrnGrpSvc/Update: GL Account 4000 is not active. [GL Account \
         4000 is not active., GLJrnDtlMnl.GLAccount]; the finance clerk must correct what it \
         names, or ask an Epicor admin [correlation id 0b9d0f3e-0000-0000-0000-000000000001]",
    );
}

#[test]
fn the_text_decides_before_the_status() {
    let licence = epicor(
        "Ice.Security.LicenseAccessException",
        "Maximum users exceeded on license type DefaultUser",
    );
    let licence_text = epicor("", "Maximum users exceeded on license type Z assigned to company");
    let key = epicor("System.UnauthorizedAccessException", "Invalid API Key");
    let missing = epicor("Ice.Common.RecordNotFoundException", "Record not found.");
    let taken = epicor("Ice.Common.DuplicateRecordException", "Record exists.");
    let duplicate = epicor("Ice.BLException", "Duplicate entry of GroupID.");
    for (status, body, expected) in [
        (400, &licence, "SeatsExhausted"),
        (400, &licence_text, "SeatsExhausted"),
        (401, &key, "Unauthorized { refused: ApiKey"),
        (403, &key, "Unauthorized { refused: ApiKey"),
        (404, &missing, "NotFound { record: true"),
        (500, &missing, "NotFound { record: true"),
        (400, &taken, "Duplicate"),
        (409, &licence_text, "SeatsExhausted"),
        (400, &duplicate, "Duplicate"),
    ] {
        let debug = format!("{:?}", meaning(status, body));
        assert!(debug.starts_with(expected), "{status}: {debug}");
    }
}

#[test]
fn the_status_decides_when_the_text_does_not() {
    for (status, body, expected) in [
        (401, "", "Unauthorized { refused: Either"),
        (401, "Invalid username or password", "Unauthorized { refused: Identity"),
        (401, "API key expired", "Unauthorized { refused: ApiKey"),
        (403, "", "Forbidden"),
        (404, "", "NotFound { record: false"),
        (408, "", "Server"),
        (409, "", "Duplicate"),
        (410, "", "SessionEnded"),
        (412, "", "Stale"),
        (429, "", "Throttled"),
        (500, "", "Server"),
        (503, "<html><title>Maintenance</title></html>", "Server"),
        (302, "", "InvalidResponse"),
    ] {
        let debug = format!("{:?}", meaning(status, body));
        assert!(debug.starts_with(expected), "{status}: {debug}");
    }
}

#[test]
fn only_a_clean_4xx_says_that_nothing_was_written() {
    for status in 100..600 {
        let expected = !(400..500).contains(&status) || status == 408;
        let status = StatusCode::from_u16(status).unwrap_or_default();
        assert_eq!(leaves_open(status), expected, "{status}");
    }
}

#[test]
fn all_four_shapes_are_read() {
    let odata = r#"{"error":{"code":"","message":"Could not find a property","innererror":
        {"message":"inner","type":"Microsoft.OData.ODataException","stacktrace":"at …"}}}"#;
    let odata_3 = r#"{"error":{"message":{"lang":"en-US","value":"Bad Request"}}}"#;
    let xml = "<?xml version=\"1.0\"?>\n<RestErrorResponse xmlns=\"x\"><HttpStatus>400</HttpStatus>\
        <ErrorMessage>A &lt;b&gt; &amp;amp; c</ErrorMessage><ErrorType>Ice.BLException</ErrorType>\
        <CorrelationId>abc</CorrelationId></RestErrorResponse>";
    let html =
        "<!DOCTYPE html><html><head><TITLE>503 - Service\n Unavailable</TITLE></head></html>";
    for (body, message, error_type, correlation_id) in [
        (odata, "Could not find a property", "Microsoft.OData.ODataException", None),
        (odata_3, "Bad Request", "", None),
        (xml, "A <b> &amp; c", "Ice.BLException", Some("abc")),
        (html, "a web page instead of an answer: 503 - Service Unavailable", "", None),
        ("<html>", "a web page instead of an answer", "", None),
        ("\u{feff} The service\r\nis unavailable. ", "The service is unavailable.", "", None),
        (r#"{"ReasonPhrase":"Not Found","ErrorDetails":null}"#, "Not Found", "", None),
        ("[]", "[]", "", None),
        ("", "", "", None),
    ] {
        let envelope = Envelope::parse(body.as_bytes());
        assert_eq!(envelope.message, message, "{body}");
        assert_eq!(envelope.error_type, error_type, "{body}");
        assert_eq!(envelope.correlation_id.as_deref(), correlation_id, "{body}");
    }
}

#[test]
fn long_and_broken_texts_are_cut_and_cleaned() {
    let text = format!("a\u{0}b\u{1b}[31m{}", "ü".repeat(10_000));
    let message = Envelope::parse(text.as_bytes()).message;
    assert_eq!(message.chars().count(), 501);
    assert!(message.starts_with("a b [31mü") && message.ends_with('…'));
    assert!(Envelope::parse(b"\xff\xfe<").message.contains('<'));
}

#[test]
fn an_unknown_outcome_is_neither_no_nor_transient_and_keeps_its_cause() {
    let missing = epicor("Ice.Common.RecordNotFoundException", "Record not found.");
    let error = meaning(500, &missing).outcome_unknown(OPERATION);
    assert!(!error.is_definite_no() && !error.is_transient() && error.is_missing_record());
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(source.contains("Record not found."), "{source}");
    assert!(!error.to_string().contains("Record not found."));
}
