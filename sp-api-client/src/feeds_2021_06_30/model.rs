//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::RedactedUrl;

use super::{CompressionAlgorithm, ProcessingStatus};
use crate::text::id;

id! {
    /// The id of a feed (`feedId`). Opaque, and unique for one seller only.
    FeedId
}
id! {
    /// The id of a feed's document, sent or received (`feedDocumentId`).
    FeedDocumentId
}

/// What Amazon tells about a feed (`Feed`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Feed {
    /// `feedId`.
    pub feed_id: FeedId,
    /// `feedType`, like `JSON_LISTINGS_FEED`.
    pub feed_type: String,
    /// `marketplaceIds`: the stores it is for. Empty when Amazon names none.
    #[serde(default)]
    pub marketplace_ids: Vec<String>,
    /// `createdTime`.
    pub created_time: Timestamp,
    /// `processingStatus`. `DONE` does not mean that every record was taken.
    pub processing_status: ProcessingStatus,
    /// `processingStartTime`.
    pub processing_start_time: Option<Timestamp>,
    /// `processingEndTime`.
    pub processing_end_time: Option<Timestamp>,
    /// `resultFeedDocumentId`: the report of what was taken and what was not.
    pub result_feed_document_id: Option<FeedDocumentId>,
}

/// Where a document may be uploaded to (`CreateFeedDocumentResponse`).
///
/// Whoever has the address can write the document, so `Debug` does not show its query.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadDocument {
    pub(super) id: FeedDocumentId,
    pub(super) url: Url,
    pub(super) content_type: String,
}

impl UploadDocument {
    /// `feedDocumentId`.
    #[must_use]
    pub fn id(&self) -> &FeedDocumentId {
        &self.id
    }

    /// `url`: presigned, valid for five minutes. A secret.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The content type that the upload must have, to the letter.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }
}

impl fmt::Debug for UploadDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadDocument")
            .field("id", &self.id)
            .field("url", &RedactedUrl(&self.url))
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// Where a feed's processing report is (`FeedDocument`).
///
/// Whoever has the address can read the document, so `Debug` does not show its query.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireFeedDocument")]
pub struct FeedDocument {
    id: FeedDocumentId,
    url: Url,
    compression: Option<CompressionAlgorithm>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireFeedDocument {
    pub(super) feed_document_id: FeedDocumentId,
    pub(super) url: String,
    compression_algorithm: Option<CompressionAlgorithm>,
}

impl WireFeedDocument {
    /// The address. The parser's error is left out: it is for people who may not see the address.
    pub(super) fn address(&self) -> Result<Url, &'static str> {
        Url::parse(&self.url).map_err(|_| "url is no address")
    }
}

impl TryFrom<WireFeedDocument> for FeedDocument {
    type Error = &'static str;

    fn try_from(wire: WireFeedDocument) -> Result<Self, Self::Error> {
        let url = wire.address()?;
        Ok(Self { id: wire.feed_document_id, url, compression: wire.compression_algorithm })
    }
}

impl FeedDocument {
    /// `feedDocumentId`.
    #[must_use]
    pub fn id(&self) -> &FeedDocumentId {
        &self.id
    }

    /// `url`: presigned, valid for five minutes. A secret.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// `compressionAlgorithm`, when the document is compressed.
    #[must_use]
    pub fn compression(&self) -> Option<&CompressionAlgorithm> {
        self.compression.as_ref()
    }
}

impl fmt::Debug for FeedDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeedDocument")
            .field("id", &self.id)
            .field("url", &RedactedUrl(&self.url))
            .field("compression", &self.compression)
            .finish()
    }
}
