//! The upload of a feed's document.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use wire::Class;

use super::{FeedDocumentId, Feeds, UploadDocument};
use crate::Error;
use crate::client::Client;
use crate::download::storage::Exchange;

const OPERATION: &str = "upload";
/// The longest wait for the storage's answer, the sending included.
const TIMEOUT: Duration = Duration::from_mins(4);

impl Feeds<'_> {
    /// Uploads a document: `createFeedDocument`, and then its bytes. Gives back the id that
    /// [`CreateFeed`](super::CreateFeed) wants.
    ///
    /// # Errors
    /// Those of [`create_feed_document`](Self::create_feed_document) and
    /// [`upload_to`](Self::upload_to).
    pub async fn upload(
        self,
        content_type: &str,
        content: impl Into<Bytes>,
    ) -> Result<FeedDocumentId, Error> {
        let content = checked(content.into())?;
        let place = self.create_feed_document(content_type).await?;
        self.upload_to(&place, content).await?;
        Ok(place.id)
    }

    /// Sends a document's bytes to the place made for it, with its content type to the letter. The
    /// access token is not sent along. Repeating it leaves the same document there.
    ///
    /// # Errors
    /// [`Error::UploadExpired`] when the five minutes are over, [`Error::ForeignDownloadHost`] or
    /// [`Error::Insecure`] for an address that is not called, [`Error::InvalidParameter`] for an
    /// empty document, and those of any call.
    pub async fn upload_to(
        self,
        place: &UploadDocument,
        content: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let content = checked(content.into())?;
        self.client.check_download_host(place.url())?;
        let once = || put(self.client, place, content.clone());
        self.client.shell().repeat(OPERATION, Class::Idempotent, once).await
    }
}

fn checked(content: Bytes) -> Result<Bytes, Error> {
    if content.is_empty() {
        let reason = "an empty document cannot be a feed";
        return Err(Error::InvalidParameter { parameter: "content", reason });
    }
    Ok(content)
}

/// Sends the bytes once.
async fn put(client: &Client, place: &UploadDocument, content: Bytes) -> Result<(), Error> {
    let exchange = Exchange {
        operation: OPERATION,
        class: Class::Idempotent,
        timeout: TIMEOUT,
        expired: || Error::UploadExpired,
    };
    let request = http::Request::put(place.url.as_str()).header(CONTENT_TYPE, &place.content_type);
    exchange.send(client, request, content).await.map(drop)
}
