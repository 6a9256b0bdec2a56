//! What can go wrong between two machines.

use std::error::Error as StdError;
use std::sync::Arc;
use std::{fmt, io};

/// What went wrong on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host's name has no address.
    Resolve,
    /// No connection could be made.
    Connect,
    /// No trusted encryption could be agreed on.
    Tls,
    /// The answer, or a piece of it, did not come in time.
    Timeout,
    /// The connection broke off before an answer, or what came was no HTTP.
    Reset,
    /// The answer's body ended early.
    Body,
    /// The answer's body is larger than the caller takes.
    TooLarge,
    /// The address would carry secrets unencrypted; nothing was sent.
    Insecure,
    /// Dropped on purpose before it was sent, such as by a deadline of the caller's.
    Dropped,
    /// The transport cannot be set up on this machine.
    Setup,
    /// Anything else, such as an address that is none.
    Other,
}

/// Whether the server may have seen, and acted on, a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reached {
    /// Certainly not: it failed before anything was sent.
    No,
    /// Nobody can tell from here.
    Unknown,
}

/// A request that got no answer, or half of one. Names the host alone: never the address.
#[derive(Clone, Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    reached: Reached,
    host: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind. Only kinds that precede the sending leave the server unreached.
    #[must_use]
    pub fn new(kind: TransportErrorKind, host: String) -> Self {
        use TransportErrorKind as Kind;
        let reached = match kind {
            Kind::Resolve
            | Kind::Connect
            | Kind::Tls
            | Kind::Insecure
            | Kind::Setup
            | Kind::Dropped => Reached::No,
            Kind::Timeout | Kind::Reset | Kind::Body | Kind::TooLarge | Kind::Other => {
                Reached::Unknown
            }
        };
        Self { kind, reached, host, source: None }
    }

    /// With what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The host that was called.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether the server may have acted on the request. Only what fails while connecting is sure
    /// not to have reached it.
    #[must_use]
    pub fn reached_server(&self) -> Reached {
        self.reached
    }

    pub(super) fn setup(error: reqwest::Error) -> Self {
        Self::new(TransportErrorKind::Setup, String::new()).caused_by(error)
    }

    pub(super) fn from_reqwest(host: String, error: reqwest::Error) -> Self {
        // The address may be presigned: whoever holds it may read the document.
        let error = error.without_url();
        let reached = if error.is_connect() { Reached::No } else { Reached::Unknown };
        Self { reached, ..Self::new(kind_of(&error), host).caused_by(error) }
    }
}

fn kind_of(error: &reqwest::Error) -> TransportErrorKind {
    use TransportErrorKind as Kind;
    if error.is_timeout() {
        return Kind::Timeout;
    }
    if error.is_connect() {
        return if error.is_dns() {
            Kind::Resolve
        } else if is_tls(error) {
            Kind::Tls
        } else {
            Kind::Connect
        };
    }
    if error.is_body() || error.is_decode() {
        return Kind::Body;
    }
    if error.is_request() { Kind::Reset } else { Kind::Other }
}

/// Whether TLS failed for what the other side sent: rustls reports that as invalid data, inside
/// an input/output error of reqwest's.
fn is_tls(error: &reqwest::Error) -> bool {
    std::iter::successors(error.source(), |cause| {
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map_or_else(|| (*cause).source(), |wrapped| Some(wrapped))
    })
    .filter_map(|cause| cause.downcast_ref::<io::Error>())
    .any(|cause| cause.kind() == io::ErrorKind::InvalidData)
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use TransportErrorKind as Kind;
        let host = &self.host;
        match (self.kind, self.reached) {
            (Kind::Resolve, _) => write!(f, "cannot reach {host}: no address for that name"),
            (Kind::Connect, _) => write!(f, "cannot reach {host}: no connection"),
            (Kind::Tls, _) => write!(f, "cannot reach {host}: no trusted TLS connection"),
            (Kind::Timeout, Reached::No) => write!(f, "cannot reach {host}: no connection in time"),
            (Kind::Timeout, _) => write!(f, "no answer from {host} in time"),
            (Kind::Reset, _) => write!(f, "the connection to {host} broke off before an answer"),
            (Kind::Body, _) => write!(f, "the answer of {host} ended early"),
            (Kind::TooLarge, _) => write!(f, "the answer of {host} is larger than allowed"),
            (Kind::Insecure | Kind::Dropped, _) => write!(f, "nothing was sent to {host}"),
            (Kind::Setup, _) => f.write_str("the HTTP client cannot be set up"),
            (Kind::Other, _) => write!(f, "the request to {host} failed"),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
