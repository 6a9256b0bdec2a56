//! The upload of a feed's document.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, USER_AGENT};
use wire::{Class, Request};

use super::{FeedDocumentId, Feeds, UploadDocument};
use crate::Error;
use crate::client::Client;
use crate::download::storage::Said;
use crate::error::Refusal;

const OPERATION: &str = "upload";
/// The longest wait for the storage's answer, the sending included.
const TIMEOUT: Duration = Duration::from_mins(4);
/// Errors of the storage are below a kilobyte.
const REFUSAL_MAX_BYTES: usize = 64 << 10;

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
        self.client.0.shell.link.repeat(Class::Idempotent, once, Error::outcome).await
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
    let shell = &client.0.shell;
    let unreachable = |source| Error::Unreachable { operation: OPERATION, source };
    let http = http::Request::put(place.url.as_str())
        .header(CONTENT_TYPE, &place.content_type)
        .header(USER_AGENT, &shell.user_agent)
        .body(content)
        .map_err(|_| Error::InvalidParameter {
            parameter: "url",
            reason: "the document's address cannot be called",
        })?;
    let request = Request {
        operation: OPERATION,
        class: Class::Idempotent,
        sensitive: true,
        timeout: TIMEOUT,
        http,
    };
    let answer = shell.link.transport.send(request).await.map_err(unreachable)?;
    let status = answer.status();
    tracing::debug!(operation = OPERATION, status = status.as_u16(), "answered");
    if status == StatusCode::OK {
        return Ok(());
    }
    let headers = answer.headers().clone();
    // The status alone tells enough when the words get lost on the way.
    let said = Said::read(&answer.bytes(REFUSAL_MAX_BYTES).await.unwrap_or_default());
    if said.expired(status) {
        return Err(Error::UploadExpired);
    }
    let mut refusal = Refusal::read(OPERATION, status, &headers, &[], &[]);
    refusal.code = said.code;
    Err(Error::refused(refusal))
}
