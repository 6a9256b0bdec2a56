//! The client: login, rate, retry and transport around each operation.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;
use url::Url;
use wire::{Attempts, Clock, Gate, OnWait, Random, Request, RetryPolicy, Transport};

use crate::Error;
use crate::auth::Login;
use crate::error::refusal::{Refusal, request_id};

mod builder;
pub(crate) mod call;
pub(crate) mod list;
pub(crate) mod query;
mod unknown;

use call::Told;
use unknown::UnknownMembers;

pub use builder::ClientBuilder;
pub(crate) use call::{Call, Grant, Operation, Scope};
pub use unknown::UnknownMember;

/// The longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A page of 100 reports is below 100 kB; no answer of the service comes near this.
const ANSWER_MAX_BYTES: usize = 16 << 20;

/// A client for one application and one selling account. Clones share login and rates.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>, Option<SecretString>);

pub(crate) struct Inner {
    pub(crate) shell: Shell,
    base: Url,
    sandbox: bool,
    login: Login,
    on_wait: Option<OnWait>,
    gates: Mutex<HashMap<&'static str, Arc<Gate>>>,
    download_hosts: Vec<String>,
    unknown: UnknownMembers,
}

/// What every request needs, whichever host it goes to.
pub(crate) struct Shell {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) retry: RetryPolicy,
    pub(crate) user_agent: HeaderValue,
}

/// A success: its body and Amazon's id of the request.
struct Answer {
    body: Bytes,
    request_id: Option<String>,
}

impl Client {
    /// The same client with a token of its own in place of the seller's access token.
    pub(crate) fn with_token(&self, token: SecretString) -> Self {
        Self(Arc::clone(&self.0), Some(token))
    }

    /// Makes a call: takes its turn at the rate, logs in if need be, repeats what may be repeated.
    pub(crate) async fn call<C: Call>(&self, call: &C) -> Result<C::Answer, Error> {
        let operation = &C::OPERATION;
        let request = call.request(&self.0.base)?;
        let span = tracing::debug_span!("sp_api", operation = operation.name);
        let answer = self.send(operation, C::GRANT, &request).instrument(span).await?;
        let told = Told { request_id: answer.request_id, unknown: &self.0.unknown };
        C::answer(&answer.body, told)
    }

    async fn send(
        &self,
        operation: &Operation,
        grant: Grant,
        request: &http::Request<Bytes>,
    ) -> Result<Answer, Error> {
        let Inner { shell, login, .. } = self.0.as_ref();
        let own = self.1.as_ref().filter(|_| grant == Grant::Seller);
        let gate = self.gate(operation);
        gate.acquire().await;
        // The budget is for failures: queueing for the first turn does not count.
        let (clock, random) = (shell.clock.as_ref(), shell.random.as_ref());
        let mut attempts = Attempts::new(&shell.retry, operation.class, clock, random);
        let mut renewed = false;
        loop {
            let token = match own {
                Some(token) => token.clone(),
                None => login.access_token(grant, shell).await?,
            };
            let error = match self.exchange(operation, request, &token, &gate).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !renewed && own.is_none() && refuses_token(&error) {
                tracing::debug!("the access token was refused; logging in again");
                login.invalidate(grant, &token).await;
                renewed = true;
            } else {
                let again = match error.outcome() {
                    Some(outcome) => attempts.again(&outcome).await,
                    None => false,
                };
                if !again {
                    return Err(error);
                }
            }
            gate.acquire().await;
        }
    }

    /// Sends the request once.
    async fn exchange(
        &self,
        operation: &Operation,
        request: &http::Request<Bytes>,
        token: &SecretString,
        gate: &Gate,
    ) -> Result<Answer, Error> {
        let shell = &self.0.shell;
        let unreachable = |source| Error::Unreachable { operation: operation.name, source };
        let request = Request {
            operation: operation.name,
            class: operation.class,
            sensitive: false,
            timeout: TIMEOUT,
            http: authorised(request, token, shell)?,
        };
        let answer = shell.transport.send(request).await.map_err(unreachable)?;
        let status = answer.status();
        let headers = answer.headers().clone();
        if let Some(rate) = headers.get("x-amzn-ratelimit-limit").and_then(|v| v.to_str().ok()) {
            gate.learn(rate);
        }
        let request_id = request_id(&headers);
        tracing::debug!(status = status.as_u16(), request_id, "answered");
        let body = answer.bytes(ANSWER_MAX_BYTES).await;
        if status.is_success() {
            return Ok(Answer { body: body.map_err(unreachable)?, request_id });
        }
        // The status alone tells enough when the words get lost on the way.
        let body = body.unwrap_or_default();
        let secrets = [token.expose_secret()];
        let refusal = Refusal::read(operation.name, status, &headers, &body, &secrets);
        if status == StatusCode::TOO_MANY_REQUESTS {
            gate.throttled(refusal.retry_after);
        }
        Err(Error::refused(refusal))
    }

    /// The operation's own rate gate, made at its first call.
    fn gate(&self, operation: &Operation) -> Arc<Gate> {
        let inner = self.0.as_ref();
        let mut gates = inner.gates.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = gates.entry(operation.name).or_insert_with(|| {
            let plan = if inner.sandbox { call::SANDBOX_PLAN } else { operation.plan };
            let gate = Gate::new(plan, Arc::clone(&inner.shell.clock));
            Arc::new(match &inner.on_wait {
                Some(observer) => gate.on_wait(operation.name, Arc::clone(observer)),
                None => gate,
            })
        });
        Arc::clone(gate)
    }

    /// Whether a document may come from this address: encrypted and from Amazon's storage, from a
    /// host that was allowed, or from this machine when the service itself is on it.
    pub(crate) fn check_download_host(&self, url: &Url) -> Result<(), Error> {
        wire::require_secure(url)?;
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let amazons = host == "amazonaws.com" || host.ends_with(".amazonaws.com");
        let ours = wire::is_loopback(url) && wire::is_loopback(&self.0.base);
        if amazons || ours || self.0.download_hosts.contains(&host) {
            return Ok(());
        }
        Err(Error::ForeignDownloadHost { host })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.0.base.as_str()).finish_non_exhaustive()
    }
}

/// The request with the headers that every call carries.
fn authorised(
    request: &http::Request<Bytes>,
    token: &SecretString,
    shell: &Shell,
) -> Result<http::Request<Bytes>, Error> {
    let invalid = |_| Error::InvalidParameter {
        parameter: "x-amz-access-token",
        reason: "the access token cannot be sent as a header",
    };
    let mut token = HeaderValue::from_str(token.expose_secret()).map_err(invalid)?;
    token.set_sensitive(true);
    let date = shell.clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut request = request.clone();
    let headers = request.headers_mut();
    headers.insert("x-amz-access-token", token);
    headers.insert("x-amz-date", HeaderValue::from_str(&date).map_err(invalid)?);
    headers.insert(USER_AGENT, shell.user_agent.clone());
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    Ok(request)
}

/// A 401, or a 403 whose words are about the token: a fresh one may be taken.
fn refuses_token(error: &Error) -> bool {
    match error {
        Error::Unauthorized(_) => true,
        Error::Forbidden(refusal) => refusal.blames_token(),
        _ => false,
    }
}
