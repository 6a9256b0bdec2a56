use serde_json::json;

use super::create_query::CreateQuery;
use super::get_document::GetDocument;
use super::query::{CancelQuery, GetQuery};
use super::*;
use crate::Error;
use crate::client::call::testing::{body, line};

fn create(query: &str) -> CreateQuery<'_> {
    CreateQuery { query, pagination_token: None }
}

#[test]
fn what_is_asked_for() {
    assert_eq!(line(&create("{ a }")).unwrap(), "POST /dataKiosk/2023-11-15/queries");
    assert_eq!(body(&create("{ a }")), json!({"query": "{ a }"}));
    let next = CreateQuery { query: "{ a }", pagination_token: Some("n") };
    assert_eq!(body(&next), json!({"query": "{ a }", "paginationToken": "n"}));
}

#[test]
fn where_it_is_asked() {
    let (query, document) = (QueryId::new("1/2"), DocumentId::new("3/4"));
    let all = GetQueries::default();
    let some = GetQueries::default()
        .processing_statuses([ProcessingStatus::Done, ProcessingStatus::Fatal])
        .page_size(100)
        .created_since("2026-11-01T00:00:00Z".parse().unwrap())
        .from_page("n=");
    for (asked, expected) in [
        (line(&GetQuery(&query)), "GET /dataKiosk/2023-11-15/queries/1%2F2"),
        (line(&CancelQuery(&query)), "DELETE /dataKiosk/2023-11-15/queries/1%2F2"),
        (line(&GetDocument(&document)), "GET /dataKiosk/2023-11-15/documents/3%2F4"),
        (line(&all), "GET /dataKiosk/2023-11-15/queries"),
        (
            line(&some),
            "GET /dataKiosk/2023-11-15/queries?processingStatuses=DONE%2CFATAL&pageSize=100\
             &createdSince=2026-11-01T00%3A00%3A00Z&paginationToken=n%3D",
        ),
    ] {
        assert_eq!(asked.unwrap(), expected);
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let longest = format!(" {}\n", "a ".repeat(8000));
    assert!(line(&create(&longest)).is_ok(), "white space does not count");
    let (early, late) = (jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX);
    for (asked, expected) in [
        (line(&create(&"a".repeat(8001))), "query"),
        (line(&create(" \n")), "query"),
        (line(&GetQueries::default().page_size(0)), "pageSize"),
        (line(&GetQueries::default().created_since(late).created_until(early)), "createdUntil"),
        (line(&GetQuery(&QueryId::new(""))), "queryId"),
        (line(&GetDocument(&DocumentId::new(".."))), "documentId"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn an_address_is_shown_without_its_permission() {
    let url = "https://bucket.s3.amazonaws.com/file?X-Amz-Signature=canary";
    let document: Document =
        serde_json::from_value(json!({"documentId": "d", "documentUrl": url})).unwrap();
    let shown = format!("{document:?}");
    assert!(shown.contains("amazonaws.com/file?…") && !shown.contains("canary"), "{shown}");
}
