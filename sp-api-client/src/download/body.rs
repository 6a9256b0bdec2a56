//! A document's bytes as the storage keeps them, from the first to the last, over as many
//! connections and addresses as it takes.

use std::io;
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_core::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_MATCH, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};
use url::Url;
use wire::{ByteStream, Class, Outcome, Response, TransportError, TransportErrorKind, Verdict};

use super::storage::Exchange;
use super::{OPERATION, TIMEOUT, damaged};
use crate::Error;
use crate::client::Client;

/// Asks for the document's address anew.
pub(crate) type Renew = Box<dyn Fn(Client) -> BoxFuture<'static, Result<Url, Error>> + Send + Sync>;

/// This much that is new makes up for earlier trouble, so that a long document may break off more
/// often than a short one and still none can do so for ever.
const PROGRESS_BYTES: u64 = 64 << 10;

/// A document on its way.
pub(super) struct Body {
    client: Client,
    url: Url,
    renew: Renew,
    head: Head,
    stream: ByteStream,
    /// How many bytes were passed on.
    passed_on: u64,
    /// How many bytes of this answer were passed on before it came.
    repeated: u64,
    trouble: Trouble,
}

/// Whether it is still the same document: what the first answer said of it.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) headers: HeaderMap,
    length: Option<u64>,
    tag: Option<HeaderValue>,
}

/// Failures since the last progress.
#[derive(Debug, Default)]
struct Trouble {
    failures: u32,
    since: Duration,
    /// How far the document had come.
    at: u64,
}

type Piece = Result<Bytes, Error>;

impl Body {
    /// Begins to read the document.
    pub(super) async fn begin(client: &Client, url: Url, renew: Renew) -> Result<Self, Error> {
        let mut body = Self {
            client: client.clone(),
            url,
            renew,
            head: Head::default(),
            stream: stream::empty().boxed(),
            passed_on: 0,
            repeated: 0,
            trouble: Trouble::default(),
        };
        let answer = body.answer().await?;
        body.head = Head {
            headers: answer.headers().clone(),
            length: number(answer.headers().get(CONTENT_LENGTH)),
            tag: answer.headers().get(ETAG).filter(|tag| is_strong(tag)).cloned(),
        };
        body.stream = answer.into_stream();
        Ok(body)
    }

    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// The pieces. Ends after an error.
    pub(super) fn into_stream(self) -> impl stream::Stream<Item = Piece> + Send {
        stream::try_unfold(self, Self::step)
    }

    async fn step(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        loop {
            let error = match self.stream.try_next().await {
                Ok(Some(piece)) => match self.unseen(piece) {
                    Some(piece) => return Ok(Some((piece, self))),
                    None => continue,
                },
                Ok(None) if self.is_complete() => return Ok(None),
                Ok(None) => TransportError::new(TransportErrorKind::Body, self.host()),
                Err(error) => error,
            };
            tracing::debug!(%error, at = self.passed_on, "the document broke off");
            self.again(Error::Unreachable { operation: OPERATION, source: error }).await?;
            self.reopen().await?;
        }
    }

    /// What of a piece was not passed on before.
    fn unseen(&mut self, mut piece: Bytes) -> Option<Bytes> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        let repeated = self.repeated.min(length);
        self.repeated -= repeated;
        self.passed_on += length - repeated;
        piece.advance(usize::try_from(repeated).unwrap_or(usize::MAX));
        if self.passed_on - self.trouble.at >= PROGRESS_BYTES {
            self.trouble = Trouble { at: self.passed_on, ..Trouble::default() };
        }
        (!piece.is_empty()).then_some(piece)
    }

    /// Without an announced length the end is where the storage says.
    fn is_complete(&self) -> bool {
        self.repeated == 0 && self.head.length.is_none_or(|length| self.passed_on >= length)
    }

    fn host(&self) -> String {
        self.url.host_str().unwrap_or_default().to_owned()
    }

    /// Asks for the rest of the document.
    async fn reopen(&mut self) -> Result<(), Error> {
        let answer = self.answer().await?;
        let same = |name, first: Option<&HeaderValue>| match (answer.headers().get(name), first) {
            (Some(now), Some(first)) => now == first,
            _ => true,
        };
        let begin = match answer.status() {
            StatusCode::PARTIAL_CONTENT => begin_of(answer.headers()),
            _ => Some(0),
        };
        let whole = begin == Some(0);
        let another = !same(ETAG, self.head.tag.as_ref())
            || whole && !same(CONTENT_LENGTH, self.head.headers.get(CONTENT_LENGTH));
        match begin {
            Some(begin) if begin <= self.passed_on && !another => {
                self.repeated = self.passed_on - begin;
                self.stream = answer.into_stream();
                Ok(())
            }
            _ => Err(changed()),
        }
    }

    /// The storage's answer to a request for what is missing, at a new address where need be.
    async fn answer(&mut self) -> Result<Response, Error> {
        loop {
            let error = match self.ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let expired = matches!(error, Error::DownloadExpired);
            self.again(error).await?;
            if expired {
                tracing::debug!("the document's address is past its time; asking for another");
                self.url = (self.renew)(self.client.clone()).await?;
            }
        }
    }

    /// Asks once.
    async fn ask(&mut self) -> Result<Response, Error> {
        self.client.check_download_host(&self.url)?;
        let mut request = http::Request::get(self.url.as_str());
        // A body of announced length is the bytes as they are kept, which can be counted from.
        let ranged = self.passed_on > 0 && self.head.length.is_some();
        if ranged {
            request = request.header(RANGE, format!("bytes={}-", self.passed_on));
            if let Some(tag) = &self.head.tag {
                request = request.header(IF_MATCH, tag);
            }
        }
        let exchange = Exchange {
            operation: OPERATION,
            class: Class::Safe,
            timeout: TIMEOUT,
            expired: || Error::DownloadExpired,
        };
        let answer = match exchange.send(&self.client, request, Bytes::new()).await {
            Err(Error::BadRequest(refusal)) if is_of_range(refusal.status) => return Err(changed()),
            answer => answer?,
        };
        match answer.status() {
            StatusCode::OK => Ok(answer),
            StatusCode::PARTIAL_CONTENT if ranged => Ok(answer),
            _ => Err(Error::InvalidResponse {
                operation: OPERATION,
                path: String::new(),
                reason: "it is a part of the document that nobody asked for",
                request_id: None,
            }),
        }
    }

    /// Waits before the next try, if `error` leaves one.
    async fn again(&mut self, error: Error) -> Result<(), Error> {
        let link = &self.client.shell().link;
        let now = link.clock.monotonic();
        if self.trouble.failures == 0 {
            self.trouble.since = now;
        }
        self.trouble.failures += 1;
        let Trouble { failures, since, .. } = self.trouble;
        if matches!(error, Error::DownloadExpired) {
            // Another address may help at once.
            return if failures < link.retry.max_attempts { Ok(()) } else { Err(error) };
        }
        let random = link.random.as_ref();
        let judge = |outcome: Outcome<'_>| {
            wire::decide(&link.retry, Class::Safe, failures, now - since, &outcome, random)
        };
        let Some(Verdict::Retry { after }) = error.outcome().map(judge) else {
            return Err(error);
        };
        self.client.shell().pause(OPERATION, after).await;
        Ok(())
    }
}

fn changed() -> Error {
    damaged(io::Error::other("it changed while it was read"))
}

/// Whether a refusal is about the part that was asked for, or the tag it was to have.
fn is_of_range(status: StatusCode) -> bool {
    matches!(status, StatusCode::PRECONDITION_FAILED | StatusCode::RANGE_NOT_SATISFIABLE)
}

fn number(value: Option<&HeaderValue>) -> Option<u64> {
    value?.to_str().ok()?.trim().parse().ok()
}

/// A weak tag does not promise the same bytes.
fn is_strong(tag: &HeaderValue) -> bool {
    !tag.as_bytes().starts_with(b"W/")
}

/// Where a part begins: `bytes 100-199/200`.
fn begin_of(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")?;
    range.split_once('-')?.0.trim().parse().ok()
}
