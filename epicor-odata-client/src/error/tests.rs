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
        {"message":"inner","type":"Microsoft.OData.ODataException","stacktrace":"at …","correlationId":"c"}}}"#;
    let odata_3 = r#"{"error":{"message":{"lang":"en-US","value":"Bad Request"}}}"#;
    let xml = "<?xml version=\"1.0\"?>\n<RestErrorResponse xmlns=\"x\"><HttpStatus>400</HttpStatus>\
        <ErrorMessage>A &lt;b&gt; &amp;amp; c</ErrorMessage><ErrorType>Ice.BLException</ErrorType>\
        <CorrelationId>abc</CorrelationId></RestErrorResponse>";
    let html =
        "<!DOCTYPE html><html><head><TITLE>503 - Service\n Unavailable</TITLE></head></html>";
    for (body, message, error_type, correlation_id) in [
        (odata, "Could not find a property", "Microsoft.OData.ODataException", Some("c")),
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

#[test]
fn findings_are_read_from_xml_as_from_json() {
    let xml = "<Error><HttpStatus>400</HttpStatus><ErrorMessage>Two things</ErrorMessage>\
        <ErrorType>Ice.BLException</ErrorType><ErrorDetails><ErrorDetail><Message>First &#8364;\
        </Message><Type>Error</Type><Table>OrderDtl</Table><Field>PartNum</Field></ErrorDetail>\
        <ErrorDetail><Message><![CDATA[<second>]]></Message></ErrorDetail></ErrorDetails>\
        <CorrelationId>abc</CorrelationId></Error>";
    let error = meaning(400, xml);
    assert_eq!(error.correlation_id(), Some("abc"));
    let [first, second] = error.details() else { panic!("{error:?}") };
    assert_eq!(first.message, "First €");
    assert_eq!((first.table.as_str(), first.field.as_str()), ("OrderDtl", "PartNum"));
    assert_eq!((second.message.as_str(), second.table.as_str()), ("<second>", ""));
}

#[test]
fn a_row_changed_meanwhile_is_stale_whatever_the_status() {
    let text = "Row has been modified by another user and couldn't be updated.";
    for status in [400, 409] {
        let error = meaning(status, &epicor("Ice.Common.BusinessObjectException", text));
        assert!(matches!(error, Error::Stale { .. }), "{error:?}");
        assert!(error.is_definite_no() && !error.is_transient());
    }
}

#[test]
fn only_epicors_own_shapes_are_taken_for_epicors() {
    let odata = r#"{"error":{"code":"","message":"no"}}"#;
    let xml = "<Error><ErrorMessage>no</ErrorMessage></Error>";
    for (body, from_epicor) in [
        (epicor("x", "y").as_str(), true),
        (odata, true),
        (xml, true),
        ("<html><title>404</title></html>", false),
        (r#"{"message":"no route"}"#, false),
        ("Not Found", false),
        ("", false),
    ] {
        assert_eq!(Envelope::parse(body.as_bytes()).from_epicor, from_epicor, "{body}");
    }
}

#[test]
fn a_refusal_with_a_status_of_success_is_recognised() {
    let told = |body: &str| Envelope::disguised(body.as_bytes()).map(|(status, _)| status);
    assert_eq!(told(&epicor("Ice.BLException", "no")), Some(400));
    assert_eq!(told(r#"{"ErrorMessage":"no","ErrorType":"x"}"#), Some(500));
    assert_eq!(told(r#"{"HttpStatus":200,"ErrorMessage":"no"}"#), Some(500));
    assert_eq!(told(r#"{"error":{"message":"no"}}"#), Some(500));
    for success in [
        "",
        "[]",
        r#"{"value":[{"ErrorMessage":"a column","HttpStatus":1}]}"#,
        r#"{"returnObj":{},"error":{"message":"a function's output"}}"#,
        r#"{"ErrorMessage":null,"HttpStatus":200}"#,
        r#"{"ErrorMessage":"an output of that name"}"#,
    ] {
        assert_eq!(told(success), None, "{success}");
    }
}

#[test]
fn the_faulty_part_of_a_connection_is_named() {
    use ConnectionFault as Fault;
    use wire::TransportErrorKind as Kind;
    let unreachable = |kind| Error::Unreachable(TransportError::new(kind, "erp".to_owned()));
    let company = |body: &str| match meaning(404, body) {
        Error::NotFound { answer, .. } => Error::UnknownCompany { company: "E".into(), answer },
        other => other,
    };
    let service = "Erp.BO.GLJrnGrpSvc".to_owned();
    for (error, fault) in [
        (unreachable(Kind::Tls), Some(Fault::Tls)),
        (unreachable(Kind::Connect), Some(Fault::Unreachable)),
        (unreachable(Kind::Timeout), Some(Fault::Unreachable)),
        (meaning(401, "Invalid API key"), Some(Fault::ApiKey)),
        (meaning(401, "wrong password"), Some(Fault::Identity)),
        (meaning(401, ""), Some(Fault::ApiKeyOrIdentity)),
        (meaning(403, ""), Some(Fault::AccessScope(service))),
        (company(&epicor("x", "no company")), Some(Fault::Company("E".into()))),
        (company("<html><title>404</title></html>"), Some(Fault::Address)),
        (meaning(302, ""), Some(Fault::Address)),
        (Error::web_page(OPERATION, "a web page".to_owned()), Some(Fault::Address)),
        (Error::invalid_response(OPERATION, "a column is missing"), None),
        (meaning(400, &epicor("Ice.BLException", "no")), None),
        (meaning(503, ""), None),
    ] {
        assert_eq!(error.connection_fault(), fault, "{error:?}");
    }
    assert!(unreachable(Kind::Tls).to_string().contains("CA file"));
    assert_eq!(Fault::Company("E".into()).to_string(), "the company E");
}
