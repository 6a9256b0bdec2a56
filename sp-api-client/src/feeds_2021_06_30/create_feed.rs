//! `createFeed`: has an uploaded document processed.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Plan};

use super::{FeedDocumentId, FeedId, Feeds, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};

/// Amazon takes 1 to 25 marketplaces in one feed.
const MARKETPLACES_MAX: usize = 25;

/// A feed to be processed: the body of `createFeed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateFeed {
    feed_type: String,
    marketplace_ids: Vec<String>,
    input_feed_document_id: FeedDocumentId,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    feed_options: BTreeMap<String, String>,
}

impl CreateFeed {
    /// A feed of this type, like `JSON_LISTINGS_FEED`, for these marketplaces, 1 to 25, of a
    /// document that was uploaded.
    #[must_use]
    pub fn new(
        feed_type: impl Into<String>,
        marketplace_ids: impl IntoIterator<Item = impl Into<String>>,
        document: FeedDocumentId,
    ) -> Self {
        Self {
            feed_type: feed_type.into(),
            marketplace_ids: marketplace_ids.into_iter().map(Into::into).collect(),
            input_feed_document_id: document,
            feed_options: BTreeMap::new(),
        }
    }

    /// One of the `feedOptions`, which differ by feed type.
    #[must_use]
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.feed_options.insert(name.into(), value.into());
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateFeedResponse {
    feed_id: FeedId,
}

impl Call for CreateFeed {
    const OPERATION: Operation = Operation {
        name: "createFeed",
        // Twice sent is twice processed.
        class: Class::Once,
        // 0.0083 a second.
        plan: Plan { interval: Duration::from_millis(120_482), burst: 15 },
    };
    type Answer = CreateFeedResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if self.feed_type.is_empty() {
            return invalid("feedType", "the service wants a type");
        }
        if !(1..=MARKETPLACES_MAX).contains(&self.marketplace_ids.len()) {
            return invalid("marketplaceIds", "the service takes 1 to 25 marketplaces");
        }
        let url = call::address(base, &ROOT, &["feeds"])?;
        call::json(Method::POST, &url, self)
    }
}

impl Feeds<'_> {
    /// `createFeed`: has a document processed, and gives back the id to ask for it with.
    ///
    /// It is sent once. After an error that leaves open whether it arrived,
    /// [`get_feeds`](Self::get_feeds) shows whether the feed is there.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn create_feed(self, feed: &CreateFeed) -> Result<FeedId, Error> {
        Ok(self.client.call(feed).await?.feed_id)
    }
}
