//! Why Login with Amazon gives no token.

use std::fmt;

/// Why Login with Amazon gives no token: the `error` of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LwaErrorCode {
    /// `invalid_request`: a parameter is missing or malformed.
    InvalidRequest,
    /// `invalid_client`: the client id or secret is wrong, or the secret was replaced.
    InvalidClient,
    /// `invalid_grant`: the refresh token was revoked, is malformed, or is another application's.
    InvalidGrant,
    /// `unauthorized_client`: the application may not log in like this.
    UnauthorizedClient,
    /// `unsupported_grant_type`.
    UnsupportedGrantType,
    /// `invalid_scope`.
    InvalidScope,
    /// `access_denied`.
    AccessDenied,
    /// `server_error`: Amazon's fault.
    ServerError,
    /// `temporarily_unavailable`: Amazon is overloaded.
    TemporarilyUnavailable,
    /// Another code, or none (empty).
    Other(String),
}

impl LwaErrorCode {
    pub(super) fn parse(text: &str) -> Self {
        match text {
            "invalid_request" => Self::InvalidRequest,
            "invalid_client" => Self::InvalidClient,
            "invalid_grant" => Self::InvalidGrant,
            "unauthorized_client" => Self::UnauthorizedClient,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            "invalid_scope" => Self::InvalidScope,
            "access_denied" => Self::AccessDenied,
            "server_error" => Self::ServerError,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Amazon's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::Other(other) => other,
        }
    }

    /// Whether it may pass by itself. The other codes need a person.
    #[must_use]
    pub fn retryable(&self) -> bool {
        matches!(self, Self::ServerError | Self::TemporarilyUnavailable)
    }

    /// Who must do what.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::InvalidClient => {
                "an administrator must enter the application's current client id and secret; a \
                 secret ends after 180 days"
            }
            Self::InvalidGrant => {
                "the refresh token was revoked, or belongs to another application; a person with \
                 access to Seller Central must authorise the application again, and the new \
                 refresh token be entered"
            }
            Self::UnauthorizedClient | Self::AccessDenied => {
                "a person with access to Seller Central must check the application's authorisation"
            }
            Self::InvalidRequest | Self::UnsupportedGrantType | Self::InvalidScope => {
                "an administrator must check the client id, the secret and the refresh token; if \
                 they are right, this is a defect of the program"
            }
            Self::ServerError | Self::TemporarilyUnavailable => {
                "the fault is Amazon's; try again later"
            }
            Self::Other(_) => "if it lasts, an administrator must check the credentials",
        }
    }
}

impl fmt::Display for LwaErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.as_str().is_empty() { "no code" } else { self.as_str() })
    }
}
