//! The download of a document: streamed, inflated as it comes, whole or an error.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_compression::tokio::bufread::GzipDecoder;
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use tokio_util::io::StreamReader;
use url::Url;

use crate::Error;
use crate::client::Client;
use crate::text::open_enum;

mod body;
pub(crate) mod storage;
#[cfg(test)]
mod tests;

use body::Body;
pub(crate) use body::Renew;

const OPERATION: &str = "download";
/// The longest wait for the document to begin, and between two pieces of it.
const TIMEOUT: Duration = Duration::from_mins(1);
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// A settlement of ten million rows is about two gigabytes.
const DEFAULT_LIMIT_BYTES: u64 = 8 << 30;

/// A document on its way, inflated. Read it as an [`AsyncRead`], or whole with
/// [`read_to_end`](Self::read_to_end).
///
/// A connection that breaks off is made again, at a new address when the old one is past its time,
/// and goes on behind the last byte that came. A document that stays cut short, or turns out to be
/// another one, ends in an error: what was read until then must not be used.
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

/// Begins to download the document at a presigned address that `told` gave, and `renew` gives anew.
pub(crate) async fn download(
    client: &Client,
    told: &'static str,
    url: &Url,
    compression: Option<&CompressionAlgorithm>,
    renew: Renew,
) -> Result<Download, Error> {
    if let Some(CompressionAlgorithm::Other(_)) = compression {
        return Err(Error::InvalidResponse {
            operation: told,
            path: "compressionAlgorithm".to_owned(),
            reason: "the document is compressed in a way this version cannot read",
            request_id: None,
        });
    }
    let body = Body::begin(client, url.clone(), renew).await?;
    let charset = charset(&body.head().headers);
    let announced = compression == Some(&CompressionAlgorithm::Gzip);
    let mut pieces = Box::pin(body.into_stream());
    let start = match peek(&mut pieces).await {
        Ok(start) if announced && start.len() < GZIP_MAGIC.len() => {
            return Err(damaged(io::ErrorKind::UnexpectedEof.into()));
        }
        start => start?,
    };
    let zipped = start.starts_with(&GZIP_MAGIC);
    // An announced gzip without its magic was inflated on the way.
    let whole = stream::iter([Ok(start)]).chain(pieces).map_err(io::Error::other);
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
    let mut left = client.shell().link.retry.max_attempts;
    loop {
        left = left.saturating_sub(1);
        let error = match open().await {
            Ok(download) => match download.read_to_end(limit).await {
                Ok(document) => return Ok(document),
                Err(error @ Error::DownloadDamaged(_)) => error,
                Err(error) => return Err(error),
            },
            Err(error @ Error::DownloadDamaged(_)) => error,
            // Whatever else went wrong was tried often enough.
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
    /// inflate, and those of any call when the rest of it cannot be fetched.
    pub async fn read_to_end(self, limit: usize) -> Result<Bytes, Error> {
        let mut reader = self.with_limit(u64::try_from(limit).unwrap_or(u64::MAX));
        let mut document = BytesMut::new();
        while reader.read_buf(&mut document).await.map_err(Self::error)? > 0 {}
        Ok(document.freeze())
    }
}

impl Download {
    /// What an error of reading a `Download` means.
    #[must_use]
    pub fn error(error: io::Error) -> Error {
        if let Some(TooLarge { limit }) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
            return Error::DownloadTooLarge { limit: *limit };
        }
        // Ours travel inside; any other is the decoder's.
        error.downcast::<Error>().unwrap_or_else(damaged)
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

fn damaged(error: io::Error) -> Error {
    Error::DownloadDamaged(Arc::new(error))
}

/// The first pieces, until they show whether this is gzip.
async fn peek(
    pieces: &mut (impl Stream<Item = Result<Bytes, Error>> + Unpin),
) -> Result<Bytes, Error> {
    let mut start = Bytes::new();
    while start.len() < GZIP_MAGIC.len() {
        let Some(piece) = pieces.try_next().await? else { break };
        start = if start.is_empty() { piece } else { [start, piece].concat().into() };
    }
    Ok(start)
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
