//! The Feeds API, version 2021-06-30: sending Amazon many changes in one document.
//!
//! A document is uploaded, a feed made of it, waited for, and its processing report read: `DONE`
//! does not mean that every record was taken.
//!
//! ```no_run
//! # use std::time::Duration;
//! # use sp_api_client::feeds_2021_06_30::CreateFeed;
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let feeds = client.feeds();
//! let changes = br#"{"header": {"sellerId": "A1", "version": "2.0"}, "messages": []}"#;
//! let document = feeds.upload("application/json; charset=UTF-8", changes.as_slice()).await?;
//! let wanted = CreateFeed::new("JSON_LISTINGS_FEED", ["ATVPDKIKX0DER"], document);
//! let id = feeds.create_feed(&wanted).await?;
//! let feed = feeds.wait_for_feed(&id, Duration::from_mins(30)).await?;
//! if let Some(result) = feed.result_feed_document_id {
//!     let report = feeds.read_document(&result, 64 << 20).await?;
//!     println!("{}", String::from_utf8_lossy(&report));
//! }
//! # Ok(())
//! # }
//! ```

mod create_feed;
mod documents;
mod feed;
mod get_feeds;
mod model;
#[cfg(test)]
mod tests;
mod upload;

use crate::Client;

pub use crate::download::{CompressionAlgorithm, Download};
pub use crate::polling::ProcessingStatus;
pub use create_feed::CreateFeed;
pub use get_feeds::GetFeeds;
pub use model::{Feed, FeedDocument, FeedDocumentId, FeedId, UploadDocument};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Feeds<'a> {
    client: &'a Client,
}

impl Client {
    /// The Feeds API, version 2021-06-30.
    #[must_use]
    pub fn feeds(&self) -> Feeds<'_> {
        Feeds { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["feeds", "2021-06-30"];
