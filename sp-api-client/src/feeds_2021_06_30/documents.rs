//! `createFeedDocument` and `getFeedDocument`: where a feed's documents are.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;
use wire::{Class, Plan};

use super::model::WireFeedDocument;
use super::{Download, FeedDocument, FeedDocumentId, Feeds, ROOT, UploadDocument};
use crate::client::{Call, Operation, call};
use crate::{Error, download};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateFeedDocument<'a> {
    pub(super) content_type: &'a str,
}

impl Call for CreateFeedDocument<'_> {
    const OPERATION: Operation = Operation {
        name: "createFeedDocument",
        // A place that is never used does no harm.
        class: Class::Idempotent,
        // 0.5 a second.
        plan: Plan { interval: Duration::from_secs(2), burst: 15 },
    };
    type Answer = WireFeedDocument;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        if http::HeaderValue::from_str(self.content_type).is_err() || self.content_type.is_empty() {
            let reason = "it cannot be the header of an upload";
            return Err(Error::InvalidParameter { parameter: "contentType", reason });
        }
        let url = call::address(base, &ROOT, &["documents"])?;
        call::json(Method::POST, &url, self)
    }
}

pub(super) struct GetFeedDocument<'a>(pub(super) &'a FeedDocumentId);

impl Call for GetFeedDocument<'_> {
    const OPERATION: Operation = Operation {
        name: "getFeedDocument",
        class: Class::Safe,
        // 0.0222 a second.
        plan: Plan { interval: Duration::from_secs(45), burst: 10 },
    };
    type Answer = FeedDocument;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("feedDocumentId", self.0.as_str())?;
        call::get(&call::address(base, &ROOT, &["documents", id])?)
    }
}

impl Feeds<'_> {
    /// `createFeedDocument`: a place to upload a document of this content type to, within five
    /// minutes. [`upload`](Self::upload) does both.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a content type that cannot be sent, and those of any call.
    pub async fn create_feed_document(self, content_type: &str) -> Result<UploadDocument, Error> {
        let operation = CreateFeedDocument::OPERATION.name;
        let told = self.client.call(&CreateFeedDocument { content_type }).await?;
        let url = told.address().map_err(|reason| Error::InvalidResponse {
            operation,
            path: "url".to_owned(),
            reason,
            request_id: None,
        })?;
        Ok(UploadDocument { id: told.feed_document_id, url, content_type: content_type.to_owned() })
    }

    /// `getFeedDocument`: the presigned address of a processing report, valid for five minutes.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or older than 28 days, and those
    /// of any call.
    pub async fn get_feed_document(self, id: &FeedDocumentId) -> Result<FeedDocument, Error> {
        self.client.call(&GetFeedDocument(id)).await
    }

    /// Begins to download a processing report. The access token is not sent along. An
    /// address that is past its five minutes is fetched anew.
    ///
    /// # Errors
    /// Those of [`Reports::download`](crate::Reports::download).
    pub async fn download(self, document: &FeedDocument) -> Result<Download, Error> {
        let told = GetFeedDocument::OPERATION.name;
        let id = document.id().clone();
        let renew: download::Renew = Box::new(move |client| {
            let id = id.clone();
            Box::pin(async move { Ok(client.feeds().get_feed_document(&id).await?.url().clone()) })
        });
        download::download(self.client, told, document.url(), document.compression(), renew).await
    }

    /// The whole processing report of this id, inflated, when it is at most `limit` bytes; fetched
    /// anew while it arrives damaged.
    ///
    /// # Errors
    /// Those of [`get_feed_document`](Self::get_feed_document), [`download`](Self::download) and
    /// [`Download::read_to_end`].
    pub async fn read_document(self, id: &FeedDocumentId, limit: usize) -> Result<Bytes, Error> {
        download::read_whole(self.client, limit, async || {
            let document = self.get_feed_document(id).await?;
            self.download(&document).await
        })
        .await
    }
}
