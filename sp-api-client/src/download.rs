//! The download of a document: streamed, inflated as it comes, whole or an error.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_compression::tokio::bufread::GzipDecoder;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, TryStreamExt, stream};
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use tokio_util::io::StreamReader;
use wire::{ByteStream, Class, Request, Response, TransportError};

use url::Url;

use crate::Error;
use crate::client::Client;
use crate::error::Refusal;
use crate::text::open_enum;

pub(crate) mod storage;
#[cfg(test)]
mod tests;

const OPERATION: &str = "download";
/// The longest wait for the document to begin, and between two pieces of it.
const TIMEOUT: Duration = Duration::from_mins(1);
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// A settlement of ten million rows is about two gigabytes.
const DEFAULT_LIMIT_BYTES: u64 = 8 << 30;
/// Errors of the storage are below a kilobyte.
const REFUSAL_MAX_BYTES: usize = 64 << 10;

/// A document on its way, inflated. Read it as an [`AsyncRead`], or whole with
/// [`read_to_end`](Self::read_to_end).
///
/// A document that is cut short ends in an error. What was read until then must not be used.
pub struct Download {
    charset: Option<String>,
    reader: Pin<Box<dyn AsyncRead + Send>>,
    limit: u64,
    read: u64,
}

open_enum! {
    /// How a document is compressed (`compressionAlgorithm`).
    CompressionAlgorithm {
        /// `GZIP`. No other is read by this version.
        Gzip = "GZIP",
    }
}

/// Begins to download the document at a presigned address that `told` gave.
pub(crate) async fn download(
    client: &Client,
    told: &'static str,
    url: &Url,
    compression: Option<&CompressionAlgorithm>,
) -> Result<Download, Error> {
    client.check_download_host(url)?;
    if let Some(CompressionAlgorithm::Other(_)) = compression {
        return Err(Error::InvalidResponse {
            operation: told,
            path: "compressionAlgorithm".to_owned(),
            reason: "the document is compressed in a way this version cannot read",
            request_id: None,
        });
    }
    let answer = begin(client, url).await?;
    let charset = charset(answer.headers());
    let announced = compression == Some(&CompressionAlgorithm::Gzip);
    let (start, rest) = match peek(answer.into_stream()).await {
        Ok((start, _)) if announced && start.len() < GZIP_MAGIC.len() => {
            return Err(Error::DownloadDamaged(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(pieces) => pieces,
        // It broke off at once: whoever reads it is told, as for any later byte.
        Err(error) => (Bytes::new(), stream::iter([Err(error)]).boxed()),
    };
    let zipped = start.starts_with(&GZIP_MAGIC);
    // An announced gzip without its magic was inflated on the way.
    let whole = stream::iter([Ok(start)]).chain(rest).map_err(io::Error::other);
    let reader = StreamReader::new(whole);
    let reader: Pin<Box<dyn AsyncRead + Send>> = if zipped {
        let mut inflated = GzipDecoder::new(reader);
        // A second member is part of the document, not a tail to be dropped.
        inflated.multiple_members(true);
        Box::pin(inflated)
    } else {
        Box::pin(reader)
    };
    Ok(Download { charset, reader, limit: DEFAULT_LIMIT_BYTES, read: 0 })
}

/// Reads a document whole, from its address on again while it arrives damaged.
pub(crate) async fn read_whole(
    client: &Client,
    limit: usize,
    open: impl AsyncFn() -> Result<Download, Error>,
) -> Result<Bytes, Error> {
    let mut left = client.0.shell.link.retry.max_attempts;
    loop {
        left = left.saturating_sub(1);
        let error = match open().await {
            Ok(download) => match download.read_to_end(limit).await {
                Ok(document) => return Ok(document),
                Err(error) if error.retryable() => error,
                Err(error) => return Err(error),
            },
            Err(error @ (Error::DownloadExpired | Error::DownloadDamaged(_))) => error,
            // Whatever else keeps it from beginning was tried often enough.
            Err(error) => return Err(error),
        };
        if left == 0 {
            return Err(error);
        }
        tracing::debug!(%error, left, "fetching the document anew");
    }
}

impl Download {
    /// The document's character set, if its `Content-Type` names one, like `Cp1252`. Settlement
    /// reports come without.
    #[must_use]
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref()
    }

    /// Takes at most this many bytes, inflated; 8 GiB unless said. More is an error.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The whole document, when it is at most `limit` bytes, inflated.
    ///
    /// # Errors
    /// [`Error::DownloadTooLarge`], [`Error::DownloadDamaged`] when it is cut short or does not
    /// inflate, and [`Error::Unreachable`] when the connection breaks off.
    pub async fn read_to_end(self, limit: usize) -> Result<Bytes, Error> {
        let mut reader = self.with_limit(u64::try_from(limit).unwrap_or(u64::MAX));
        let mut document = BytesMut::new();
        while reader.read_buf(&mut document).await.map_err(read_error)? > 0 {}
        Ok(document.freeze())
    }
}

impl AsyncRead for Download {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(self.reader.as_mut().poll_read(context, buffer))?;
        let read = buffer.filled().len() - before;
        self.read = self.read.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        if self.read > self.limit {
            buffer.set_filled(before);
            return Poll::Ready(Err(io::Error::other(TooLarge { limit: self.limit })));
        }
        Poll::Ready(Ok(()))
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("charset", &self.charset)
            .field("limit", &self.limit)
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the document is larger than the {limit} bytes allowed")]
struct TooLarge {
    limit: u64,
}

/// What a reading error means. The transport's own and ours travel inside `io::Error`; any other
/// is the decoder's.
fn read_error(error: io::Error) -> Error {
    if let Some(TooLarge { limit }) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
        return Error::DownloadTooLarge { limit: *limit };
    }
    match error.downcast::<TransportError>() {
        Ok(source) => Error::Unreachable { operation: OPERATION, source },
        Err(error) => Error::DownloadDamaged(error),
    }
}

/// Sends the request, again while that may help.
async fn begin(client: &Client, url: &Url) -> Result<Response, Error> {
    let once = || begin_once(client, url);
    client.0.shell.link.repeat(Class::Safe, once, Error::outcome).await
}

async fn begin_once(client: &Client, url: &Url) -> Result<Response, Error> {
    let shell = &client.0.shell;
    let unreachable = |source| Error::Unreachable { operation: OPERATION, source };
    let http = http::Request::get(url.as_str())
        .header(USER_AGENT, &shell.user_agent)
        .body(Bytes::new())
        .map_err(|_| Error::InvalidParameter {
            parameter: "url",
            reason: "the document's address cannot be called",
        })?;
    let request = Request {
        operation: OPERATION,
        class: Class::Safe,
        sensitive: true,
        timeout: TIMEOUT,
        http,
    };
    let answer = shell.link.transport.send(request).await.map_err(unreachable)?;
    let status = answer.status();
    tracing::debug!(operation = OPERATION, status = status.as_u16(), "answered");
    if status == StatusCode::OK {
        return Ok(answer);
    }
    let headers = answer.headers().clone();
    // The status alone tells enough when the words get lost on the way.
    let body = answer.bytes(REFUSAL_MAX_BYTES).await.unwrap_or_default();
    let said = storage::Said::read(&body);
    if said.expired(status) {
        return Err(Error::DownloadExpired);
    }
    let mut refusal = Refusal::read(OPERATION, status, &headers, &[], &[]);
    refusal.code = said.code;
    Err(Error::refused(refusal))
}

/// The first pieces, until they show whether this is gzip, and the rest.
async fn peek(mut body: ByteStream) -> Result<(Bytes, ByteStream), TransportError> {
    let mut start = Bytes::new();
    while start.len() < GZIP_MAGIC.len() {
        let Some(piece) = body.try_next().await? else { break };
        start = if start.is_empty() { piece } else { [start, piece].concat().into() };
    }
    Ok((start, body))
}

/// The `charset` of a `Content-Type`.
fn charset(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}
