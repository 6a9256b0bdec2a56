use std::error::Error as _;

use super::*;
use crate::error::refusal::readable;

fn transport(kind: TransportErrorKind) -> Error {
    let source = TransportError::new(kind, "example.com".to_owned());
    Error::Unreachable { operation: "getReports", source }
}

#[test]
fn what_may_pass_on_the_way_is_retryable() {
    use TransportErrorKind as Kind;
    for kind in [Kind::Resolve, Kind::Connect, Kind::Timeout, Kind::Reset, Kind::Body] {
        assert!(transport(kind).retryable(), "{kind:?}");
    }
    for kind in [Kind::Tls, Kind::TooLarge, Kind::Insecure, Kind::Setup] {
        assert!(!transport(kind).retryable(), "{kind:?}");
    }
}

#[test]
fn a_message_does_not_repeat_its_source() {
    let error = transport(TransportErrorKind::Timeout);
    let (own, source) = (error.to_string(), error.source().unwrap().to_string());
    assert_eq!(own, "getReports: Amazon gave no complete answer");
    assert_eq!(source, "no answer from example.com in time");
    let insecure = wire::require_secure(&"http://example.com".parse().unwrap()).unwrap_err();
    let error = Error::from(insecure);
    assert!(!error.to_string().contains("example.com"));
    assert!(error.source().unwrap().to_string().contains("http://example.com/"));
}

#[test]
fn an_invalid_answer_tells_place_and_request() {
    let error = Error::InvalidResponse {
        operation: "getReports",
        path: "reports[3].createdTime".to_owned(),
        reason: "a member is missing",
        request_id: Some("abc-1".to_owned()),
    };
    let expected = "getReports: Amazon's answer cannot be read: a member is missing, at \
        reports[3].createdTime [request abc-1]";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn an_error_stays_small() {
    assert!(size_of::<Error>() <= 96, "{}", size_of::<Error>());
}

#[test]
fn foreign_words_become_one_short_line_without_secrets() {
    let text = format!("a\r\nkey is hunter2, again hunter2 {}", "x".repeat(1000));
    let readable = readable(&text, &["hunter2", ""]);
    assert!(readable.starts_with("a  key is ***, again *** xxx"), "{readable}");
    assert_eq!(readable.chars().count(), 500);
}
