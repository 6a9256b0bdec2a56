//! Feeds 2021-06-30.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::feeds_2021_06_30::{
    CreateFeed, FeedDocumentId, FeedId, GetFeeds, ProcessingStatus,
};

use crate::service::check;

#[tokio::test]
async fn get_feeds() {
    let which = GetFeeds::of_types(["POST_PRODUCT_DATA"])
        .processing_statuses([ProcessingStatus::Cancelled, ProcessingStatus::Done])
        .marketplace_ids(["ATVPDKIKX0DER"])
        .page_size(10)
        .created_since("2026-11-01T00:00:00Z".parse().unwrap())
        .created_until("2026-11-02T00:00:00Z".parse().unwrap());
    let call = async |client: &Client| {
        let page = client.feeds().get_feeds(&which).await?;
        Ok(json!({"feeds": page.items, "nextToken": page.next_token}))
    };
    check("feeds_2021-06-30/getFeeds", call, &[]).await;
}

#[tokio::test]
async fn create_feed() {
    let document = FeedDocumentId::new("amzn1.tortuga.3.1");
    let feed = CreateFeed::new("JSON_LISTINGS_FEED", ["ATVPDKIKX0DER"], document).option("a", "b");
    let call =
        async |client: &Client| Ok(json!({"feedId": client.feeds().create_feed(&feed).await?}));
    check("feeds_2021-06-30/createFeed", call, &[]).await;
}

#[tokio::test]
async fn get_feed() {
    let call =
        async |client: &Client| Ok(json!(client.feeds().get_feed(&FeedId::new("feedId1")).await?));
    check("feeds_2021-06-30/getFeed", call, &[]).await;
}

#[tokio::test]
async fn cancel_feed() {
    let call = async |client: &Client| {
        client.feeds().cancel_feed(&FeedId::new("feedId1")).await?;
        Ok(json!(null))
    };
    check("feeds_2021-06-30/cancelFeed", call, &[]).await;
}

#[tokio::test]
async fn create_feed_document() {
    let call = async |client: &Client| {
        let place = client.feeds().create_feed_document("text/tab-separated-values").await?;
        Ok(json!({"feedDocumentId": place.id(), "url": place.url().as_str()}))
    };
    check("feeds_2021-06-30/createFeedDocument", call, &[]).await;
}

#[tokio::test]
async fn get_feed_document() {
    let call = async |client: &Client| {
        let id = FeedDocumentId::new("0356cf79-b8b0-4226-b4b9-0ee058ea5760");
        let document = client.feeds().get_feed_document(&id).await?;
        let (id, url) = (document.id(), document.url().as_str());
        let compression = document.compression();
        Ok(json!({"feedDocumentId": id, "url": url, "compressionAlgorithm": compression}))
    };
    check("feeds_2021-06-30/getFeedDocument", call, &[]).await;
}
