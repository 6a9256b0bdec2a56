//! What comes back.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::{TransportError, TransportErrorKind};

#[cfg(test)]
mod tests;

/// A body, piece by piece. An error is its last item.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// An answer whose head has arrived and whose body may still be on its way.
pub struct Response {
    host: String,
    status: StatusCode,
    headers: HeaderMap,
    body: ByteStream,
}

impl Response {
    /// An answer with a body that is still to come.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: ByteStream) -> Self {
        Self { host: "the server".to_owned(), status, headers, body }
    }

    /// An answer that is all here.
    #[must_use]
    pub fn full(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self::new(status, headers, stream::iter([Ok(body)]).boxed())
    }

    /// Names the host that answered, for error messages.
    #[must_use]
    pub fn from_host(mut self, host: String) -> Self {
        self.host = host;
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The whole body, when it is at most `limit` bytes.
    ///
    /// # Errors
    /// [`TransportErrorKind::TooLarge`] as soon as there is more, and whatever ends the body early.
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let Some(first) = self.body.try_next().await? else {
            return Ok(Bytes::new());
        };
        let too_large = |host| TransportError::new(TransportErrorKind::TooLarge, host);
        if first.len() > limit {
            return Err(too_large(self.host));
        }
        // Most bodies are one piece, which is passed on without a copy.
        let Some(second) = self.body.try_next().await? else {
            return Ok(first);
        };
        let mut all = BytesMut::from(first);
        let mut next = Some(second);
        while let Some(piece) = next {
            if piece.len() > limit - all.len() {
                return Err(too_large(self.host));
            }
            all.extend_from_slice(&piece);
            next = self.body.try_next().await?;
        }
        Ok(all.freeze())
    }

    /// The body as it comes.
    #[must_use]
    pub fn into_stream(self) -> ByteStream {
        self.body
    }
}

/// `Retry-After` in whole seconds. The form with a date is not read: it would need our clock and
/// the server's to agree.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// Headers and body may hold secrets and are not shown.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("host", &self.host)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
