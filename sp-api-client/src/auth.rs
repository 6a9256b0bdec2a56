//! Login with Amazon: a refresh token becomes an access token.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;
use wire::{Class, Request, Token, TokenCache};

use crate::Error;
use crate::client::{Grant, Scope, Shell};
use crate::error::refusal::{readable, request_id};

/// The token endpoint, the same for every region.
pub(crate) const LWA_URL: &str = "https://api.amazon.com/auth/o2/token";

const OPERATION: &str = "login";
/// An access token lives an hour; the next one is fetched this long before.
const EARLY: Duration = Duration::from_mins(5);
const TIMEOUT: Duration = Duration::from_secs(20);
/// Two tokens of at most 2,048 bytes each, and some JSON.
const ANSWER_MAX_BYTES: usize = 64 << 10;

/// What an application logs in with, for one selling account.
///
/// `Debug` shows the client id alone.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The application's LWA client id (`amzn1.application-oa2-client.…`).
    pub client_id: String,
    /// The application's LWA client secret. It must be renewed every 180 days.
    pub client_secret: SecretString,
    /// The selling account's authorisation of the application (`Atzr|…`).
    pub refresh_token: SecretString,
}

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
    fn parse(text: &str) -> Self {
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

/// Logs in when needed and keeps the access tokens, one for each grant.
#[derive(Debug)]
pub(crate) struct Login {
    url: Url,
    credentials: Credentials,
    seller: TokenCache,
    notifications: TokenCache,
}

/// A success. `refresh_token` is there too and stays what it was; `token_type` is always `bearer`.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Denied {
    error: String,
    error_description: Option<String>,
}

impl Login {
    pub(crate) fn new(url: Url, credentials: Credentials) -> Self {
        let (seller, notifications) = (TokenCache::new(EARLY), TokenCache::new(EARLY));
        Self { url, credentials, seller, notifications }
    }

    fn cache(&self, grant: Grant) -> &TokenCache {
        match grant {
            Grant::Seller => &self.seller,
            Grant::Application(Scope::Notifications) => &self.notifications,
        }
    }

    /// An access token that is good for five minutes more at least.
    pub(crate) async fn access_token(
        &self,
        grant: Grant,
        shell: &Shell,
    ) -> Result<SecretString, Error> {
        let exchange = async || self.exchange(grant, shell).await;
        self.cache(grant).get(shell.link.clock.now(), exchange).await
    }

    /// The service does not take this access token any more.
    pub(crate) async fn invalidate(&self, grant: Grant, token: &SecretString) {
        self.cache(grant).invalidate(token).await;
    }

    /// The exchange, with its retries.
    async fn exchange(&self, grant: Grant, shell: &Shell) -> Result<Token, Error> {
        let once = || self.exchange_once(grant, shell);
        shell.link.repeat(Class::Idempotent, once, Error::outcome).await
    }

    async fn exchange_once(&self, grant: Grant, shell: &Shell) -> Result<Token, Error> {
        let unreachable = |source| Error::Unreachable { operation: OPERATION, source };
        let request = Request {
            operation: OPERATION,
            class: Class::Idempotent,
            sensitive: true,
            timeout: TIMEOUT,
            http: self.request(grant, &shell.user_agent)?,
        };
        let asked_at = shell.link.clock.now();
        let answer = shell.link.transport.send(request).await.map_err(unreachable)?;
        let (status, request_id) = (answer.status(), request_id(answer.headers()));
        tracing::debug!(operation = OPERATION, status = status.as_u16(), request_id, "answered");
        let body = answer.bytes(ANSWER_MAX_BYTES).await.map_err(unreachable)?;
        if status.is_success() {
            return granted(&body, asked_at).ok_or(Error::InvalidResponse {
                operation: OPERATION,
                path: String::new(),
                reason: "it holds no access token",
                request_id,
            });
        }
        let denied: Denied = serde_json::from_slice(&body).unwrap_or_default();
        let words = |text: &str| readable(text, &self.secrets());
        Err(Error::Login {
            code: LwaErrorCode::parse(&words(&denied.error)),
            status,
            description: denied.error_description.as_deref().map(words),
        })
    }

    /// The exchange as a request: a form.
    fn request(
        &self,
        grant: Grant,
        user_agent: &http::HeaderValue,
    ) -> Result<http::Request<Bytes>, Error> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        match grant {
            Grant::Seller => form
                .append_pair("grant_type", "refresh_token")
                .append_pair("refresh_token", self.credentials.refresh_token.expose_secret()),
            Grant::Application(scope) => form
                .append_pair("grant_type", "client_credentials")
                .append_pair("scope", scope.as_str()),
        };
        let form = form
            .append_pair("client_id", &self.credentials.client_id)
            .append_pair("client_secret", self.credentials.client_secret.expose_secret())
            .finish();
        http::Request::post(self.url.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .header(http::header::USER_AGENT, user_agent)
            .body(form.into())
            .map_err(|_| Error::InvalidParameter {
                parameter: "lwa_url",
                reason: "this is no address to send to",
            })
    }

    fn secrets(&self) -> [&str; 2] {
        let Credentials { client_secret, refresh_token, .. } = &self.credentials;
        [client_secret.expose_secret(), refresh_token.expose_secret()]
    }
}

fn granted(body: &[u8], asked_at: Timestamp) -> Option<Token> {
    let granted: Granted = serde_json::from_slice(body).ok()?;
    let life = SignedDuration::from_secs(granted.expires_in.into());
    let secret = SecretString::from(granted.access_token);
    // It travels in a header, which not every text can.
    http::HeaderValue::from_str(secret.expose_secret()).ok().filter(|value| !value.is_empty())?;
    Some(Token { secret, expires_at: asked_at.checked_add(life).ok()? })
}
