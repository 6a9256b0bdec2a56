//! What can go wrong, by meaning, and who must act.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use wire::{BrokenPaging, InsecureUrl, Outcome, Reached, TransportError, TransportErrorKind};

use crate::LwaErrorCode;

pub(crate) mod refusal;
#[cfg(test)]
mod tests;

pub use refusal::Refusal;

/// A call that failed. No secret, token or presigned address is in it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Login with Amazon gave no access token.
    #[error("login with Amazon failed ({code}, status {}{}): {}", status.as_u16(),
        description.as_deref().map(|text| format!(", {text}")).unwrap_or_default(), code.advice())]
    Login {
        /// Amazon's reason.
        code: LwaErrorCode,
        /// The status of the answer.
        status: StatusCode,
        /// Amazon's words for it.
        description: Option<String>,
        /// How long Amazon asked to wait: `Retry-After`, in whole seconds.
        retry_after: Option<Duration>,
    },

    /// 401: the access token was not taken, not even a fresh one.
    #[error(
        "{0}: the login is not accepted; a person with access to Seller Central must check that \
        the application is still authorised there"
    )]
    Unauthorized(Box<Refusal>),

    /// 403: the login is good, but not for this.
    #[error(
        "{0}: the access is not allowed; a person with access to Seller Central must check the \
        application's roles, its authorisation and the region"
    )]
    Forbidden(Box<Refusal>),

    /// 404: there is no such thing, or not any more.
    #[error("{0}: it does not exist, or is kept no longer")]
    NotFound(Box<Refusal>),

    /// Another 4xx: the request itself is not taken. Repeating it cannot help.
    #[error("{0}: the request is not valid; this is a defect of the program or of its settings")]
    BadRequest(Box<Refusal>),

    /// 429, again and again.
    #[error(
        "{0}: the account's rate for this operation is used up, here or by another program of \
        the same application; try again later"
    )]
    Throttled(Box<Refusal>),

    /// 5xx, again and again.
    #[error("{0}: the fault is Amazon's; try again later")]
    Server(Box<Refusal>),

    /// A request that must not be sent twice got no answer that tells whether Amazon acted on it.
    #[error(
        "{operation}: it is not known whether Amazon did it; look there before it is asked for \
        again"
    )]
    OutcomeUnknown {
        /// The operation that was called.
        operation: &'static str,
        /// What came instead of an answer.
        #[source]
        source: Box<Self>,
    },

    /// No answer, or half of one.
    #[error("{operation}: Amazon gave no complete answer")]
    Unreachable {
        /// The operation that was called.
        operation: &'static str,
        /// What happened on the way.
        #[source]
        source: TransportError,
    },

    /// An answer that is not what Amazon documents.
    #[error("{operation}: Amazon's answer cannot be read: {reason}{}{}",
        at(path), request_id.as_deref().map(refusal::request).unwrap_or_default())]
    InvalidResponse {
        /// The operation that was called.
        operation: &'static str,
        /// Where in the answer, like `reports[3].createdTime`; empty when it is no JSON at all.
        path: String,
        /// What is wrong there.
        reason: &'static str,
        /// Amazon's id of the request.
        request_id: Option<String>,
    },

    /// A list that would not end.
    #[error("Amazon's list cannot be read to its end")]
    Paging(#[from] BrokenPaging),

    /// The presigned address of a document is past its five minutes: get the document again.
    #[error("download: the address of the document is no longer valid; it must be fetched anew")]
    DownloadExpired,

    /// The document ended early, or does not inflate. What was read of it must not be used.
    #[error("download: the document arrived incomplete or damaged; it must be fetched anew")]
    DownloadDamaged(#[source] Arc<std::io::Error>),

    /// The document is larger, inflated, than the caller takes.
    #[error("download: the document is larger than the {limit} bytes allowed")]
    DownloadTooLarge {
        /// The most bytes allowed.
        limit: u64,
    },

    /// The presigned address for an upload is past its five minutes: another must be made.
    #[error("upload: the address for the document is no longer valid; another must be made")]
    UploadExpired,

    /// A document's address leads to a host that documents do not come from.
    #[error(
        "the document is said to be at {host}, which is not one of Amazon's storage \
        hosts; if it is trusted, an IT administrator must allow it"
    )]
    ForeignDownloadHost {
        /// The host.
        host: String,
    },

    /// An address would carry secrets unencrypted.
    #[error("nothing was sent: an IT administrator must correct the address")]
    Insecure(#[from] InsecureUrl),

    /// The caller asks for something the service would refuse. Nothing was sent.
    #[error("{parameter}: {reason}")]
    InvalidParameter {
        /// Amazon's name of the parameter, or that of a setting.
        parameter: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// The kind of an [`Error`], to decide by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Login with Amazon failed.
    Login,
    /// The access token was not taken.
    Unauthorized,
    /// The access is not allowed.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The request is not valid.
    BadRequest,
    /// The rate is used up.
    Throttled,
    /// Amazon has a fault.
    Server,
    /// Whether it was done is not known.
    OutcomeUnknown,
    /// No complete answer.
    Unreachable,
    /// The answer makes no sense.
    InvalidResponse,
    /// The document's address is no longer valid.
    DownloadExpired,
    /// The document arrived incomplete or damaged.
    DownloadDamaged,
    /// The document is too large.
    DownloadTooLarge,
    /// The address for an upload is no longer valid.
    UploadExpired,
    /// An address must not be used.
    Insecure,
    /// The caller asks for something invalid.
    InvalidParameter,
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Login { .. } => ErrorKind::Login,
            Self::Unauthorized(_) => ErrorKind::Unauthorized,
            Self::Forbidden(_) => ErrorKind::Forbidden,
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::BadRequest(_) => ErrorKind::BadRequest,
            Self::Throttled(_) => ErrorKind::Throttled,
            Self::Server(_) => ErrorKind::Server,
            Self::OutcomeUnknown { .. } => ErrorKind::OutcomeUnknown,
            Self::Unreachable { .. } => ErrorKind::Unreachable,
            Self::InvalidResponse { .. } | Self::Paging(_) => ErrorKind::InvalidResponse,
            Self::DownloadExpired => ErrorKind::DownloadExpired,
            Self::DownloadDamaged(_) => ErrorKind::DownloadDamaged,
            Self::DownloadTooLarge { .. } => ErrorKind::DownloadTooLarge,
            Self::UploadExpired => ErrorKind::UploadExpired,
            Self::ForeignDownloadHost { .. } | Self::Insecure(_) => ErrorKind::Insecure,
            Self::InvalidParameter { .. } => ErrorKind::InvalidParameter,
        }
    }

    /// Whether the same work may succeed later without anybody acting. For a download that is the
    /// work from `getReportDocument` on.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::Login { code, status, .. } => code.retryable() || may_pass(*status),
            Self::Unreachable { source, .. } => !matches!(
                source.kind(),
                TransportErrorKind::Tls
                    | TransportErrorKind::TooLarge
                    | TransportErrorKind::Insecure
                    | TransportErrorKind::Setup
            ),
            Self::Throttled(_)
            | Self::Server(_)
            | Self::DownloadExpired
            | Self::UploadExpired
            | Self::DownloadDamaged(_) => true,
            Self::OutcomeUnknown { .. }
            | Self::Unauthorized(_)
            | Self::Forbidden(_)
            | Self::NotFound(_)
            | Self::BadRequest(_)
            | Self::InvalidResponse { .. }
            | Self::Paging(_)
            | Self::DownloadTooLarge { .. }
            | Self::ForeignDownloadHost { .. }
            | Self::Insecure(_)
            | Self::InvalidParameter { .. } => false,
        }
    }

    /// Amazon's refusal behind it, when Amazon answered with one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Unauthorized(refusal)
            | Self::Forbidden(refusal)
            | Self::NotFound(refusal)
            | Self::BadRequest(refusal)
            | Self::Throttled(refusal)
            | Self::Server(refusal) => Some(refusal),
            Self::OutcomeUnknown { source, .. } => source.refusal(),
            _ => None,
        }
    }

    /// Amazon's id of the request, for its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::InvalidResponse { request_id, .. } => request_id.as_deref(),
            Self::OutcomeUnknown { source, .. } => source.request_id(),
            _ => self.refusal()?.request_id.as_deref(),
        }
    }

    /// Whether the service may have acted on this operation all the same. What failed before it,
    /// for its token, does not count.
    pub(crate) fn leaves_open(&self, of: &'static str) -> bool {
        match self {
            Self::Unreachable { operation, source } => {
                *operation == of && source.reached_server() == Reached::Unknown
            }
            Self::InvalidResponse { operation, .. } => *operation == of,
            Self::BadRequest(refusal) => {
                refusal.operation == of && refusal.status == StatusCode::REQUEST_TIMEOUT
            }
            Self::Server(refusal) => refusal.operation == of,
            _ => false,
        }
    }

    /// How the attempt ended, as far as another one may end better.
    pub(crate) fn outcome(&self) -> Option<Outcome<'_>> {
        match self {
            Self::Unreachable { source, .. } => Some(Outcome::Error(source)),
            // Login may call a fault of its own a bad request.
            Self::Login { code, retry_after, .. } if code.retryable() => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Some(Outcome::Status { status, retry_after: *retry_after })
            }
            Self::Login { status, retry_after, .. } => {
                Some(Outcome::Status { status: *status, retry_after: *retry_after })
            }
            _ => self.refusal().map(|refusal| Outcome::Status {
                status: refusal.status,
                retry_after: refusal.retry_after,
            }),
        }
    }

    /// The meaning of an answer that is no success.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        let status = refusal.status;
        if status.is_redirection() || status.is_informational() {
            return Self::InvalidResponse {
                operation: refusal.operation,
                path: String::new(),
                reason: "it leads elsewhere instead of answering",
                request_id: refusal.request_id,
            };
        }
        let refusal = Box::new(refusal);
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthorized(refusal),
            StatusCode::FORBIDDEN => Self::Forbidden(refusal),
            StatusCode::NOT_FOUND => Self::NotFound(refusal),
            StatusCode::TOO_MANY_REQUESTS => Self::Throttled(refusal),
            _ if status.is_client_error() => Self::BadRequest(refusal),
            _ => Self::Server(refusal),
        }
    }
}

/// A login answer that may be another one later.
fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(", at {path}") }
}
