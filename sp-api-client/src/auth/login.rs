//! The token exchange.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_TYPE, USER_AGENT};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;
use wire::{Class, Request, Token, TokenCache, retry_after, secret_body, secret_header, wipe};
use zeroize::Zeroizing;

use super::{Credentials, LwaErrorCode, SecretInUse};
use crate::Error;
use crate::client::{Grant, Scope, Shell};
use crate::error::refusal::{readable, request_id};

const OPERATION: &str = "login";
/// An access token lives an hour; the next one is fetched this long before.
const EARLY: Duration = Duration::from_mins(5);
const TIMEOUT: Duration = Duration::from_secs(20);
/// Two tokens of at most 2,048 bytes each, and some JSON.
const ANSWER_MAX_BYTES: usize = 64 << 10;

/// Logs in when needed and keeps the access tokens, one for each grant.
#[derive(Debug)]
pub(crate) struct Login {
    url: Url,
    credentials: Credentials,
    new_secret: Option<SecretString>,
    in_use: Mutex<Option<SecretInUse>>,
    seller: TokenCache<Error>,
    notifications: TokenCache<Error>,
}

/// A success. `refresh_token` is there too and stays what it was; `token_type` is always `bearer`.
#[derive(Deserialize)]
struct Granted {
    access_token: Zeroizing<String>,
    expires_in: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Denied {
    error: String,
    error_description: Option<String>,
}

impl Login {
    pub(crate) fn new(
        url: Url,
        credentials: Credentials,
        new_secret: Option<SecretString>,
    ) -> Self {
        let (seller, notifications) = (TokenCache::new(EARLY), TokenCache::new(EARLY));
        Self { url, credentials, new_secret, in_use: Mutex::default(), seller, notifications }
    }

    /// The secret of the last login that succeeded.
    pub(crate) fn secret_in_use(&self) -> Option<SecretInUse> {
        *self.in_use.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self, grant: Grant) -> &TokenCache<Error> {
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
        self.cache(grant).get(shell.link.clock.as_ref(), exchange).await
    }

    /// The service does not take this access token any more.
    pub(crate) async fn invalidate(&self, grant: Grant, token: &SecretString) {
        self.cache(grant).invalidate(token).await;
    }

    /// The exchange with the new secret, if there is one, and otherwise or failing that with the
    /// old one: neither is taken before the other one is, or longer.
    async fn exchange(&self, grant: Grant, shell: &Shell) -> Result<Token, Error> {
        if let Some(secret) = &self.new_secret {
            let done = self.exchange_with(secret, SecretInUse::New, grant, shell).await;
            if !matches!(&done, Err(Error::Login { code: LwaErrorCode::InvalidClient, .. })) {
                return done;
            }
            tracing::info!("the new client secret is not taken; trying the old one");
        }
        let old = &self.credentials.client_secret;
        self.exchange_with(old, SecretInUse::Old, grant, shell).await
    }

    /// The exchange with this secret, with its retries.
    async fn exchange_with(
        &self,
        secret: &SecretString,
        which: SecretInUse,
        grant: Grant,
        shell: &Shell,
    ) -> Result<Token, Error> {
        let once = || self.exchange_once(secret, grant, shell);
        let token = shell.repeat(OPERATION, Class::Idempotent, once).await?;
        *self.in_use.lock().unwrap_or_else(PoisonError::into_inner) = Some(which);
        Ok(token)
    }

    async fn exchange_once(
        &self,
        secret: &SecretString,
        grant: Grant,
        shell: &Shell,
    ) -> Result<Token, Error> {
        let unreachable = |source| Error::Unreachable { operation: OPERATION, source };
        let request = Request {
            operation: OPERATION,
            class: Class::Idempotent,
            sensitive: true,
            timeout: TIMEOUT,
            http: self.request(secret, grant, &shell.user_agent)?,
        };
        let asked_at = shell.link.clock.now();
        let answer = shell.link.transport.send(request).await.map_err(unreachable)?;
        let (status, request_id) = (answer.status(), request_id(answer.headers()));
        let retry_after = retry_after(answer.headers());
        tracing::debug!(operation = OPERATION, status = status.as_u16(), request_id, "answered");
        let body = answer.bytes(ANSWER_MAX_BYTES).await.map_err(unreachable)?;
        if status.is_success() {
            let token = granted(&body, asked_at);
            wipe(body);
            return token.ok_or(Error::InvalidResponse {
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
            retry_after,
        })
    }

    /// The exchange as a request: a form.
    fn request(
        &self,
        secret: &SecretString,
        grant: Grant,
        user_agent: &HeaderValue,
    ) -> Result<http::Request<Bytes>, Error> {
        let Credentials { client_id, refresh_token, .. } = &self.credentials;
        let permission = match grant {
            Grant::Seller => {
                [("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose_secret())]
            }
            Grant::Application(scope) => {
                [("grant_type", "client_credentials"), ("scope", scope.as_str())]
            }
        };
        let application =
            [("client_id", client_id.as_str()), ("client_secret", secret.expose_secret())];
        // Room for every sign escaped, so that no growing leaves a copy behind.
        let pairs = || permission.iter().chain(&application);
        let room = pairs().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
        let form = String::with_capacity(room);
        let form = url::form_urlencoded::Serializer::new(form).extend_pairs(pairs()).finish();
        http::Request::post(self.url.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .header(USER_AGENT, user_agent)
            .body(secret_body(Zeroizing::new(form)))
            .map_err(|_| Error::InvalidParameter {
                parameter: "lwa_url",
                reason: "this is no address to send to",
            })
    }

    /// What must not come back in an error's text.
    fn secrets(&self) -> Vec<&str> {
        let Credentials { client_secret, refresh_token, .. } = &self.credentials;
        let all = [Some(client_secret), Some(refresh_token), self.new_secret.as_ref()];
        all.into_iter().flatten().map(ExposeSecret::expose_secret).collect()
    }
}

fn granted(body: &[u8], asked_at: Timestamp) -> Option<Token> {
    let granted: Granted = serde_json::from_slice(body).ok()?;
    let life = SignedDuration::from_secs(granted.expires_in.into());
    let secret = SecretString::from(granted.access_token.as_str());
    // It travels in a header, which not every text can.
    secret_header(&secret)?;
    Some(Token { secret, expires_at: asked_at.checked_add(life).ok()? })
}
