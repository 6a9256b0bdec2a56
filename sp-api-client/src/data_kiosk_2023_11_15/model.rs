//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::RedactedUrl;

use super::ProcessingStatus;
use crate::text::id;

id! {
    /// The id of a query (`queryId`). Opaque, and unique for one seller only.
    QueryId
}
id! {
    /// The id of a query's document (`documentId`): its data, or what went wrong.
    DocumentId
}

/// What Amazon tells about a query (`Query`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Query {
    /// `queryId`.
    pub query_id: QueryId,
    /// `query`: its GraphQL.
    pub query: String,
    /// `createdTime`.
    pub created_time: Timestamp,
    /// `processingStatus`.
    pub processing_status: ProcessingStatus,
    /// `processingStartTime`.
    pub processing_start_time: Option<Timestamp>,
    /// `processingEndTime`.
    pub processing_end_time: Option<Timestamp>,
    /// `dataDocumentId`. A query that found nothing is `DONE` without one.
    pub data_document_id: Option<DocumentId>,
    /// `errorDocumentId`: why it is `FATAL`.
    pub error_document_id: Option<DocumentId>,
    /// `pagination`: how the data goes on, if this is not all of it.
    pub pagination: Option<Pagination>,
}

impl Query {
    /// What [`create_query_page`](super::DataKiosk::create_query_page) takes to go on behind this
    /// query's data.
    #[must_use]
    pub fn next_token(&self) -> Option<&str> {
        self.pagination.as_ref()?.next_token.as_deref()
    }
}

/// How a list goes on (`pagination`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Pagination {
    /// `nextToken`.
    pub next_token: Option<String>,
}

/// Where a query's document is (`GetDocumentResponse`).
///
/// Whoever has the address can read the document, so `Debug` does not show its query.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WireDocument")]
pub struct Document {
    id: DocumentId,
    url: Url,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDocument {
    document_id: DocumentId,
    document_url: String,
}

impl TryFrom<WireDocument> for Document {
    type Error = &'static str;

    fn try_from(wire: WireDocument) -> Result<Self, Self::Error> {
        // The parser's error is left out: it is for people who may not see the address.
        let url = Url::parse(&wire.document_url).map_err(|_| "documentUrl is no address")?;
        Ok(Self { id: wire.document_id, url })
    }
}

impl Document {
    /// `documentId`.
    #[must_use]
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// `documentUrl`: presigned, valid for five minutes. A secret.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("url", &RedactedUrl(&self.url))
            .finish()
    }
}
