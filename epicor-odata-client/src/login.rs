//! Who calls, as a header: user and password, or an access token that is fetched when needed.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use url::{Url, form_urlencoded};
use wire::{Class, Link, Outcome, Request, Token, TokenCache, masked, require_secure, retry_after};

use crate::Operation;
use crate::credentials::{ApiKey, Identity, TokenForm, basic_pair};
use crate::error::classify::classify;
use crate::error::envelope::Envelope;
use crate::error::{Credential, Error};

mod granted;
#[cfg(test)]
mod tests;

use granted::Granted;

/// A token is renewed this long before it expires.
const EARLY: Duration = Duration::from_mins(5);
/// The life of a token whose issuer tells none. Epicor's live one hour or eight.
const UNTOLD_LIFE: SignedDuration = SignedDuration::from_mins(20);
const TIMEOUT: Duration = Duration::from_secs(30);
/// A token with many claims, and some JSON around it.
const MAX_ANSWER: usize = 256 << 10;

/// The way in.
#[derive(Debug)]
pub(crate) enum Login {
    /// The same header for every call.
    Fixed(HeaderValue),
    /// A token, good for a while.
    Bearer(Box<Bearer>),
}

/// One header that says who calls, and the token it was made from.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) header: HeaderValue,
    pub(crate) token: Option<SecretString>,
}

/// An issuer of access tokens and the token it gave last.
#[derive(Debug)]
pub(crate) struct Bearer {
    issuer: Issuer,
    cache: TokenCache<Error>,
    secrets: Vec<SecretString>,
}

/// Where tokens come from, and what is sent for one.
#[derive(Debug)]
struct Issuer {
    /// `TokenResource.svc`, or the provider's host.
    name: String,
    url: Url,
    headers: HeaderMap,
    body: SecretString,
    credential: Credential,
}

impl Login {
    /// The way in for an identity of the instance at `base`.
    pub(crate) fn new(base: &Url, api_key: &ApiKey, identity: &Identity) -> Result<Self, Error> {
        let issuer = match identity {
            Identity::Basic { user, password } => {
                return basic_header(user, password).map(Self::Fixed);
            }
            Identity::TokenService { user, password, form } => {
                Issuer::token_service(base, api_key, user, password, *form)?
            }
            Identity::ClientCredentials { token_url, client_id, client_secret, scope } => {
                Issuer::provider(token_url, client_id, client_secret, scope)?
            }
        };
        let mut secrets = identity.secrets();
        secrets.push(api_key.0.clone());
        let bearer = Bearer { issuer, cache: TokenCache::new(EARLY), secrets };
        Ok(Self::Bearer(Box::new(bearer)))
    }

    /// The header to send now. One caller at a time fetches a token; the others wait for it.
    pub(crate) async fn pass(&self, link: &Link) -> Result<Pass, Error> {
        match self {
            Self::Fixed(header) => Ok(Pass { header: header.clone(), token: None }),
            Self::Bearer(bearer) => {
                let fetch = async || bearer.fetch(link).await;
                let token = bearer.cache.get(link.clock.as_ref(), fetch).await?;
                let text = format!("Bearer {}", token.expose_secret());
                let header = secret_header("the access token", &text)?;
                Ok(Pass { header, token: Some(token) })
            }
        }
    }

    /// Epicor does not take this token any more.
    pub(crate) async fn refused(&self, token: &SecretString) {
        if let Self::Bearer(bearer) = self {
            bearer.cache.invalidate(token).await;
        }
    }
}

impl Bearer {
    /// Asks the issuer, again where that may help: a token more harms nobody.
    async fn fetch(&self, link: &Link) -> Result<Token, Error> {
        let once = async || self.fetch_once(link).await;
        let fetched = link.repeat(Class::Idempotent, once, Failed::outcome).await;
        fetched.map_err(|failed| failed.error)
    }

    async fn fetch_once(&self, link: &Link) -> Result<Token, Failed> {
        let issuer = &self.issuer;
        let now = link.clock.now();
        let response = link.transport.send(issuer.request()?).await.map_err(Error::Unreachable)?;
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        tracing::debug!(issuer = issuer.name, status = status.as_u16(), "the issuer answered");
        let body = response.bytes(MAX_ANSWER).await.map_err(Error::Unreachable)?;
        if !status.is_success() {
            let error = issuer.refusal(status, &body, &self.secrets);
            return Err(Failed { error, answered: Some((status, retry_after)) });
        }
        let granted = Granted::parse(&body).map_err(|reason| issuer.no_token(reason))?;
        let life = granted.life.unwrap_or(UNTOLD_LIFE);
        let expires_at =
            now.saturating_add(life).map_err(|_| issuer.no_token("its life is no time"))?;
        Ok(Token { secret: granted.token, expires_at })
    }
}

/// Why one asking gave no token, and what it was answered with, if at all.
struct Failed {
    error: Error,
    answered: Option<(StatusCode, Option<Duration>)>,
}

impl Failed {
    fn outcome(&self) -> Option<Outcome<'_>> {
        match (self.answered, &self.error) {
            (Some((status, retry_after)), _) => Some(Outcome::Status { status, retry_after }),
            (None, Error::Unreachable(error)) => Some(Outcome::Error(error)),
            (None, _) => None,
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, answered: None }
    }
}

impl Issuer {
    fn token_service(
        base: &Url,
        api_key: &ApiKey,
        user: &str,
        password: &SecretString,
        form: TokenForm,
    ) -> Result<Self, Error> {
        let name = "TokenResource.svc";
        let url = base.join("TokenResource.svc/").map_err(|error| {
            let reason = error.to_string();
            Error::InvalidParameter { parameter: "the base address", reason }
        })?;
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", secret_header("the API key", api_key.0.expose_secret())?);
        match form {
            TokenForm::Basic => {
                headers.insert(AUTHORIZATION, basic_header(user, password)?);
            }
            TokenForm::Headers => {
                let username = HeaderName::from_static("username");
                headers.insert(username, secret_header("the user name", user)?);
                let password = secret_header("the password", password.expose_secret())?;
                headers.insert(HeaderName::from_static("password"), password);
            }
        }
        let (body, credential) = (SecretString::default(), Credential::Identity);
        Ok(Self { name: name.to_owned(), url, headers, body, credential })
    }

    fn provider(url: &Url, id: &str, secret: &SecretString, scope: &str) -> Result<Self, Error> {
        require_secure(url).map_err(Error::Insecure)?;
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("grant_type", "client_credentials");
        body.append_pair("client_id", id).append_pair("client_secret", secret.expose_secret());
        if !scope.is_empty() {
            body.append_pair("scope", scope);
        }
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        Ok(Self {
            name: url.host_str().unwrap_or_default().to_owned(),
            url: url.clone(),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, form)]),
            body: body.finish().into(),
            credential: Credential::ClientSecret,
        })
    }

    fn request(&self) -> Result<Request, Error> {
        let body = Bytes::from(self.body.expose_secret().to_owned());
        let mut http = http::Request::builder()
            .method(Method::POST)
            .uri(self.url.as_str())
            .body(body)
            .map_err(|error| Error::InvalidParameter {
                parameter: "the address of the token service",
                reason: error.to_string(),
            })?;
        http.headers_mut().extend(self.headers.clone());
        http.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(Request {
            operation: "access token",
            class: Class::Idempotent,
            sensitive: true,
            timeout: TIMEOUT,
            http,
        })
    }

    fn no_token(&self, reason: &str) -> Error {
        Error::NoToken { issuer: self.name.clone(), reason: reason.to_owned() }
    }

    /// What it means that the issuer answers with this status. A provider names the cause in its
    /// `error`; the token service answers as the rest of Epicor does.
    fn refusal(&self, status: StatusCode, body: &[u8], secrets: &[SecretString]) -> Error {
        let secrets: Vec<_> = secrets.iter().map(ExposeSecret::expose_secret).collect();
        let text = masked(String::from_utf8_lossy(body).into_owned(), &secrets);
        let mut envelope = Envelope::parse(text.as_bytes());
        let code = granted::error_code(&text);
        if let Some((_, description)) = &code {
            envelope.message.clone_from(description);
        }
        let refuses_client = matches!(
            code.as_ref().map(|(code, _)| code.as_str()),
            Some("invalid_client" | "unauthorized_client" | "access_denied")
        );
        let operation = Operation::from(self.name.clone());
        match classify(&operation, status, None, envelope) {
            Error::Unauthorized { refused: Credential::ApiKey, answer } => {
                Error::Unauthorized { refused: Credential::ApiKey, answer }
            }
            Error::Unauthorized { answer, .. } | Error::Forbidden { answer } => {
                Error::Unauthorized { refused: self.credential, answer }
            }
            Error::BusinessRule { message, .. } if refuses_client => Error::Unauthorized {
                refused: self.credential,
                answer: crate::Answer {
                    operation,
                    status: status.as_u16(),
                    message,
                    from_epicor: false,
                    correlation_id: None,
                },
            },
            Error::NotFound { .. } => self.no_token("there is no such address"),
            Error::BusinessRule { message, .. }
            | Error::InvalidResponse { reason: message, .. } => self.no_token(&message),
            other => other,
        }
    }
}

/// An `Authorization` header for Basic sign-in.
fn basic_header(user: &str, password: &SecretString) -> Result<HeaderValue, Error> {
    if user.is_empty() || user.contains(':') {
        let reason = "it is empty or holds a colon, which Basic sign-in cannot carry".into();
        return Err(Error::InvalidParameter { parameter: "the user name", reason });
    }
    let pair = basic_pair(user, password);
    secret_header("the password", &format!("Basic {}", pair.expose_secret()))
}

/// A header that is not shown in logs.
pub(crate) fn secret_header(parameter: &'static str, text: &str) -> Result<HeaderValue, Error> {
    let header = HeaderValue::from_str(text).ok().filter(|_| !text.is_empty());
    let Some(mut header) = header else {
        let reason = "it is empty or holds characters a header cannot carry".into();
        return Err(Error::InvalidParameter { parameter, reason });
    };
    header.set_sensitive(true);
    Ok(header)
}
