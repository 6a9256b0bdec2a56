//! The socket: the one trait that sends a request, and its implementation with reqwest.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use crate::{Request, Response};

mod error;
mod secure;
#[cfg(test)]
mod tests;

pub use error::{Reached, TransportError, TransportErrorKind};
pub use secure::{InsecureUrl, base_fault, is_loopback, require_secure};

/// Sends one request, once.
///
/// An implementation neither repeats nor redirects. Any status is an answer, not an error.
#[async_trait]
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends the request and waits for the answer's head.
    async fn send(&self, request: Request) -> Result<Response, TransportError>;
}

/// How a [`ReqwestTransport`] connects.
#[derive(Clone, Debug)]
pub struct TransportOptions {
    /// The longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// Certificate authorities trusted besides the system's: one or more in PEM.
    pub extra_root_ca_pem: Option<Vec<u8>>,
    /// The `User-Agent` of requests that bring none.
    pub user_agent: Option<String>,
}

/// Ten seconds to connect, the system's certificate authorities, no `User-Agent`.
impl Default for TransportOptions {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(10), extra_root_ca_pem: None, user_agent: None }
    }
}

/// Sends with reqwest: TLS 1.2 or newer, no redirects, no retries, no automatic decompression.
///
/// It goes through the proxy that the system or the environment names (`HTTPS_PROXY`), but never to
/// this very machine: what is sent there may be unencrypted.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    /// For addresses on this machine.
    here: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with its own connections.
    ///
    /// # Errors
    /// [`TransportErrorKind::Setup`] when the extra certificate authorities are no PEM, the
    /// `User-Agent` cannot be a header, or TLS cannot be set up on this machine.
    pub fn new(options: &TransportOptions) -> Result<Self, TransportError> {
        let client = builder(options)?.build().map_err(TransportError::setup)?;
        let here = builder(options)?.no_proxy().build().map_err(TransportError::setup)?;
        Ok(Self { client, here })
    }

    /// A transport over a client made elsewhere. It must not retry, redirect or decompress: a
    /// redirect would carry secrets to an address nobody checked. Its proxies are its own affair.
    #[must_use]
    pub fn from_client(client: reqwest::Client) -> Self {
        Self { here: client.clone(), client }
    }
}

/// What both clients have in common.
fn builder(options: &TransportOptions) -> Result<reqwest::ClientBuilder, TransportError> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_rustls()
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .connect_timeout(options.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    if let Some(pem) = &options.extra_root_ca_pem {
        let authorities =
            reqwest::Certificate::from_pem_bundle(pem).map_err(TransportError::setup)?;
        builder = builder.tls_certs_merge(authorities);
    }
    if let Some(user_agent) = &options.user_agent {
        builder = builder.user_agent(user_agent);
    }
    Ok(builder)
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let Request { operation, sensitive, timeout, http, .. } = request;
        let method = http.method().clone();
        let mut outgoing = reqwest::Request::try_from(http)
            .map_err(|error| TransportError::from_reqwest("the server".to_owned(), error))?;
        if outgoing.body().and_then(reqwest::Body::as_bytes).is_some_and(<[u8]>::is_empty) {
            // An empty body is none: on a GET even `Content-Length: 0` is refused by some.
            *outgoing.body_mut() = None;
        }
        let host = outgoing.url().host_str().unwrap_or_default().to_owned();
        require_secure(outgoing.url()).map_err(|error| {
            TransportError::new(TransportErrorKind::Insecure, host.clone()).caused_by(error)
        })?;
        let path = (!sensitive).then(|| outgoing.url().path().to_owned());
        tracing::trace!(operation, %method, host, path, "sending");

        let client = if is_loopback(outgoing.url()) { &self.here } else { &self.client };
        let answer = tokio::time::timeout(timeout, client.execute(outgoing))
            .await
            .map_err(|_| TransportError::new(TransportErrorKind::Timeout, host.clone()))?
            .map_err(|error| TransportError::from_reqwest(host.clone(), error))?;

        let (status, headers) = (answer.status(), answer.headers().clone());
        tracing::trace!(operation, host, status = status.as_u16(), "answered");
        let body = watched(answer.bytes_stream().boxed(), host.clone(), timeout);
        Ok(Response::new(status, headers, body).from_host(host))
    }
}

type RawBody = stream::BoxStream<'static, reqwest::Result<Bytes>>;

/// The body with our errors, in which no piece takes longer than `timeout`. Ends after an error.
fn watched(body: RawBody, host: String, timeout: Duration) -> crate::ByteStream {
    stream::try_unfold((body, host), move |(mut body, host)| async move {
        let Ok(next) = tokio::time::timeout(timeout, body.next()).await else {
            return Err(TransportError::new(TransportErrorKind::Timeout, host));
        };
        match next {
            None => Ok(None),
            Some(Ok(piece)) => Ok(Some((piece, (body, host)))),
            Some(Err(error)) => Err(TransportError::from_reqwest(host, error)),
        }
    })
    .boxed()
}
