//! The client: login, rate, retry and transport around each operation.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, USER_AGENT};
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;
use tracing::field::Empty;
use url::Url;
use wire::{
    Caller, Class, Gate, GateKey, Gates, Link, OnWait, Priority, Request, WaitNotice, WaitReason,
    secret_header, wipe,
};

use crate::Error;
use crate::auth::{Login, SecretInUse};
use crate::error::refusal::{Refusal, request_id};

mod builder;
pub(crate) mod call;
pub(crate) mod list;
pub(crate) mod query;
mod token;
mod unknown;

use call::Told;
use unknown::UnknownMembers;

pub use builder::ClientBuilder;
pub(crate) use call::{Call, Grant, Operation, Scope};
pub(crate) use token::TokenSource;
pub use unknown::UnknownMember;

/// A page of 100 reports is below 100 kB; no answer of the service comes near this.
const ANSWER_MAX_BYTES: usize = 16 << 20;

/// A client for one application and one selling account. Clones share login and rates.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    /// Gives the tokens in place of the seller's login.
    instead: Option<Arc<dyn TokenSource>>,
    priority: Priority,
}

struct Inner {
    shell: Shell,
    base: Url,
    sandbox: bool,
    login: Login,
    gates: Arc<Gates>,
    /// Whose gates; the operation is left empty.
    account: GateKey,
    /// The gates met so far.
    met: Mutex<HashMap<&'static str, Arc<Gate>>>,
    download_hosts: Vec<String>,
    unknown: UnknownMembers,
}

/// What every request needs, whichever host it goes to.
pub(crate) struct Shell {
    pub(crate) link: Link,
    pub(crate) user_agent: HeaderValue,
    on_wait: Option<OnWait>,
}

impl Shell {
    /// Waits before another attempt.
    pub(crate) async fn pause(&self, operation: &'static str, wait: Duration) {
        let clock = self.link.clock.as_ref();
        if let Some(on_wait) = &self.on_wait {
            on_wait(&WaitNotice::new(operation, WaitReason::Retry, wait, clock));
        }
        clock.sleep(wait).await;
    }

    /// Does something until it succeeds or its failure stands.
    pub(crate) async fn repeat<T, Fut>(
        &self,
        operation: &'static str,
        class: Class,
        attempt: impl FnMut() -> Fut,
    ) -> Result<T, Error>
    where
        Fut: Future<Output = Result<T, Error>>,
    {
        let pause = |wait| self.pause(operation, wait);
        self.link.repeat_after(class, attempt, Error::outcome, pause).await
    }
}

/// A success: its body and Amazon's id of the request.
struct Answer {
    body: Bytes,
    request_id: Option<String>,
}

impl Client {
    /// The same client, whose calls wait for an operation's rate with this priority. It shares
    /// login and rates with this one.
    #[must_use]
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self { priority, ..self.clone() }
    }

    /// Which client secret the last login was made with; `None` before the first one. While a
    /// secret is being renewed it tells when the old one can be forgotten.
    #[must_use]
    pub fn secret_in_use(&self) -> Option<SecretInUse> {
        self.inner.login.secret_in_use()
    }

    pub(crate) fn shell(&self) -> &Shell {
        &self.inner.shell
    }

    /// The time of day.
    pub(crate) fn now(&self) -> Timestamp {
        self.shell().link.clock.now()
    }

    /// Makes a call: takes its turn at the rate, logs in if need be, repeats what may be repeated.
    pub(crate) async fn call<C: Call>(&self, call: &C) -> Result<C::Answer, Error> {
        let operation = &C::OPERATION;
        let request = call.request(&self.inner.base)?;
        let span = tracing::debug_span!("sp_api", operation = operation.name, request_id = Empty);
        let answer = self.send(operation, C::GRANT, C::REMOVES, &request).instrument(span).await;
        let answer = answer.and_then(|Answer { body, request_id }| {
            let told = Told { request_id, unknown: &self.inner.unknown };
            let read = C::answer(&body, told);
            // It may have held a token, or persons.
            wipe(body);
            read
        });
        answer.map_err(|error| match operation.class {
            Class::Once if error.leaves_open(operation.name) => {
                Error::OutcomeUnknown { operation: operation.name, source: Box::new(error) }
            }
            Class::Once | Class::Safe | Class::Idempotent => error,
        })
    }

    async fn send(
        &self,
        operation: &Operation,
        grant: Grant,
        removes: bool,
        request: &http::Request<Bytes>,
    ) -> Result<Answer, Error> {
        // A login that fails is not to cost a call.
        self.token(grant).await?;
        let gate = self.gate(operation);
        self.take_turn(operation, &gate).await;
        // The budget is for failures: queueing for the first turn does not count.
        let mut attempts = self.shell().link.attempts(operation.class);
        let (mut renewed, mut may_be_done) = (false, false);
        loop {
            let token = self.token(grant).await?;
            let error = match self.exchange(operation, request, &token, &gate).await {
                Ok(answer) => return Ok(answer),
                Err(Error::NotFound(refusal)) if removes && may_be_done => {
                    return Ok(Answer { body: Bytes::new(), request_id: refusal.request_id });
                }
                Err(error) => error,
            };
            may_be_done |= error.leaves_open(operation.name);
            if !renewed && refuses_token(&error) && self.forget_token(grant, &token).await {
                tracing::debug!("the token was refused; asking for another");
                renewed = true;
            } else {
                let outcome = error.outcome();
                let Some(wait) = outcome.and_then(|outcome| attempts.next_wait(&outcome)) else {
                    return Err(error);
                };
                self.shell().pause(operation.name, wait).await;
            }
            self.take_turn(operation, &gate).await;
        }
    }

    /// Waits until the operation's rate allows a call.
    async fn take_turn(&self, operation: &Operation, gate: &Gate) {
        let on_wait = self.shell().on_wait.as_ref();
        let caller = Caller { operation: operation.name, priority: self.priority, on_wait };
        gate.acquire_as(caller).await;
    }

    /// Sends the request once.
    async fn exchange(
        &self,
        operation: &Operation,
        request: &http::Request<Bytes>,
        token: &SecretString,
        gate: &Gate,
    ) -> Result<Answer, Error> {
        let shell = self.shell();
        let unreachable = |source| Error::Unreachable { operation: operation.name, source };
        let request = Request {
            operation: operation.name,
            class: operation.class,
            sensitive: false,
            timeout: shell.link.timeout,
            http: authorised(request, token, shell)?,
        };
        let answer = shell.link.transport.send(request).await;
        gate.answered();
        let answer = answer.map_err(unreachable)?;
        let status = answer.status();
        let headers = answer.headers().clone();
        if let Some(rate) = headers.get("x-amzn-ratelimit-limit").and_then(|v| v.to_str().ok()) {
            gate.learn(rate);
        }
        let request_id = request_id(&headers);
        tracing::Span::current().record("request_id", request_id.as_deref());
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

    /// The operation's own rate gate.
    fn gate(&self, operation: &Operation) -> Arc<Gate> {
        let inner = self.inner.as_ref();
        let mut met = inner.met.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = met.entry(operation.name).or_insert_with(|| {
            let plan = if inner.sandbox { call::SANDBOX_PLAN } else { operation.plan };
            let key = GateKey { operation: operation.name.to_owned(), ..inner.account.clone() };
            inner.gates.gate(&key, plan)
        });
        Arc::clone(gate)
    }

    /// Whether a document may come from this address: encrypted and from Amazon's storage, from a
    /// host that was allowed, or from this machine when the service itself is on it.
    pub(crate) fn check_download_host(&self, url: &Url) -> Result<(), Error> {
        wire::require_secure(url)?;
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let amazons = host == "amazonaws.com" || host.ends_with(".amazonaws.com");
        let ours = wire::is_loopback(url) && wire::is_loopback(&self.inner.base);
        if amazons || ours || self.inner.download_hosts.contains(&host) {
            return Ok(());
        }
        Err(Error::ForeignDownloadHost { host })
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.inner.base.as_str()).finish_non_exhaustive()
    }
}

/// The request with the headers that every call carries.
fn authorised(
    request: &http::Request<Bytes>,
    token: &SecretString,
    shell: &Shell,
) -> Result<http::Request<Bytes>, Error> {
    let invalid = || Error::InvalidParameter {
        parameter: "x-amz-access-token",
        reason: "the access token cannot be sent as a header",
    };
    let token = secret_header(token).ok_or_else(invalid)?;
    let date = shell.link.clock.now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let date = HeaderValue::from_str(&date).map_err(|_| invalid())?;
    let mut request = request.clone();
    let headers = request.headers_mut();
    headers.insert("x-amz-access-token", token);
    headers.insert("x-amz-date", date);
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
