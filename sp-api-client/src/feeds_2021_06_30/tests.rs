use serde_json::json;

use super::documents::{CreateFeedDocument, GetFeedDocument};
use super::feed::{CancelFeed, GetFeed};
use super::*;
use crate::Error;
use crate::client::call::testing::{body, line};

fn document() -> FeedDocumentId {
    FeedDocumentId::new("amzn1.tortuga.3/4")
}

#[test]
fn what_is_asked_for() {
    let feed = CreateFeed::new("JSON_LISTINGS_FEED", ["M1"], document()).option("a", "b");
    assert_eq!(line(&feed).unwrap(), "POST /feeds/2021-06-30/feeds");
    let expected = json!({
        "feedType": "JSON_LISTINGS_FEED", "marketplaceIds": ["M1"],
        "inputFeedDocumentId": "amzn1.tortuga.3/4", "feedOptions": {"a": "b"},
    });
    assert_eq!(body(&feed), expected);
    let place = CreateFeedDocument { content_type: "text/xml; charset=UTF-8" };
    assert_eq!(line(&place).unwrap(), "POST /feeds/2021-06-30/documents");
    assert_eq!(body(&place), json!({"contentType": "text/xml; charset=UTF-8"}));
}

#[test]
fn where_it_is_asked() {
    let feed = FeedId::new("1/2");
    for (asked, expected) in [
        (line(&GetFeed(&feed)), "GET /feeds/2021-06-30/feeds/1%2F2"),
        (line(&CancelFeed(&feed)), "DELETE /feeds/2021-06-30/feeds/1%2F2"),
        (
            line(&GetFeedDocument(&document())),
            "GET /feeds/2021-06-30/documents/amzn1.tortuga.3%2F4",
        ),
        (
            line(&GetFeeds::of_types(["A", "B"]).page_size(100)),
            "GET /feeds/2021-06-30/feeds?feedTypes=A%2CB&pageSize=100",
        ),
        (
            line(&GetFeeds::of_types(["A"]).from_page("n=").page_size(100)),
            "GET /feeds/2021-06-30/feeds?nextToken=n%3D",
        ),
    ] {
        assert_eq!(asked.unwrap(), expected);
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let many = (0..26).map(|number| number.to_string());
    for (asked, expected) in [
        (line(&CreateFeed::new("", ["M"], document())), "feedType"),
        (line(&CreateFeed::new("T", [""; 0], document())), "marketplaceIds"),
        (line(&CreateFeed::new("T", many, document())), "marketplaceIds"),
        (line(&CreateFeedDocument { content_type: "" }), "contentType"),
        (line(&CreateFeedDocument { content_type: "a\nb" }), "contentType"),
        (line(&GetFeeds::of_types([""; 0])), "feedTypes"),
        (line(&GetFeed(&FeedId::new("."))), "feedId"),
        (line(&GetFeedDocument(&FeedDocumentId::new(""))), "feedDocumentId"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn addresses_are_shown_without_their_permission() {
    let url = "https://bucket.s3.amazonaws.com/file?X-Amz-Signature=canary";
    let document: FeedDocument =
        serde_json::from_value(json!({"feedDocumentId": "d", "url": url})).unwrap();
    let place = UploadDocument {
        id: FeedDocumentId::new("d"),
        url: url.parse().unwrap(),
        content_type: "text/plain".to_owned(),
    };
    let shown = format!("{document:?} {place:?}");
    assert_eq!(shown.matches("https://bucket.s3.amazonaws.com/file?…").count(), 2, "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}
