//! Sending a call: who calls, how often, and what the answer means.

use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use wire::{Outcome, Reached, Request, TransportError, masked, retry_after};

use super::{Client, in_answer, unreadable};
use crate::call::{Call, Effect};
use crate::error::Credential;
use crate::error::Error;
use crate::error::classify::{classify, leaves_open};
use crate::error::envelope::Envelope;
use crate::login::Pass;

/// The largest answer that is read, in bytes. A page of rows or a journal is far below.
const MAX_ANSWER: usize = 64 << 20;
/// The largest error answer that is read, in bytes.
const MAX_ERROR_ANSWER: usize = 1 << 20;
/// How much longer than another failure taken licence seats are waited for. They are other
/// people's work, not a hiccup: 10 s at first with the default policy.
const SEAT_PATIENCE: u32 = 20;

/// How one sending of a call ended.
enum Exchange {
    Success(Bytes),
    Refused(Refused),
    Lost(TransportError),
}

struct Refused {
    status: StatusCode,
    retry_after: Option<Duration>,
    error: Error,
}

impl Client {
    /// Sends a call, again where that is safe, and gives back the body of a success.
    ///
    /// An access token that is refused is renewed once and the call sent again, whatever its
    /// effect: who is not let in has changed nothing.
    pub(crate) async fn send(&self, call: &Call) -> Result<Bytes, Error> {
        let link = &self.shared.link;
        let mut attempts = link.attempts(call.effect.class());
        let mut renewed = false;
        loop {
            let pass = self.shared.login.pass(link).await?;
            let (error, again) = match self.exchange(call, &pass).await? {
                Exchange::Success(body) => return Ok(body),
                Exchange::Refused(refused) => {
                    if let Some(token) = pass.token.filter(|_| !renewed && refused.is_of_token()) {
                        renewed = true;
                        self.shared.login.refused(&token).await;
                        continue;
                    }
                    let outcome = self.outcome(&refused, attempts.number());
                    let again = attempts.again(&outcome).await;
                    (refused.error, again)
                }
                Exchange::Lost(error) => {
                    let again = attempts.again(&Outcome::Error(&error)).await;
                    (lost(call, error), again)
                }
            };
            if !again {
                return Err(error);
            }
            let (operation, attempt) = (call.operation.as_str(), attempts.number());
            tracing::debug!(operation, attempt, "calling Epicor again");
        }
    }

    /// What a refusal means for another attempt. Epicor says 400 when all licence seats are taken,
    /// which passes, and after longer waits than other failures.
    fn outcome(&self, refused: &Refused, attempt: u32) -> Outcome<'static> {
        let Refused { status, retry_after, error } = refused;
        if matches!(error, Error::SeatsExhausted { .. }) {
            let wait = self.shared.link.retry.base.saturating_mul(SEAT_PATIENCE);
            let wait = wait.saturating_mul(1 << attempt.saturating_sub(1).min(16));
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Outcome::Status { status, retry_after: Some(wait) };
        }
        Outcome::Status { status: *status, retry_after: *retry_after }
    }

    /// Sends a call once, when it is its turn among the calls under way.
    async fn exchange(&self, call: &Call, pass: &Pass) -> Result<Exchange, Error> {
        let request = self.request(call, pass)?;
        // The semaphore is never closed.
        let _turn = self.shared.permits.acquire().await;
        let response = match self.shared.link.transport.send(request).await {
            Ok(response) => response,
            Err(error) => return Ok(Exchange::Lost(error)),
        };
        let status = response.status();
        let operation = call.operation.as_str();
        tracing::debug!(operation, status = status.as_u16(), "Epicor answered");
        let retry_after = retry_after(response.headers());
        if status.is_success() {
            let body = match response.bytes(MAX_ANSWER).await {
                Ok(body) => body,
                Err(error) => return Ok(Exchange::Lost(error)),
            };
            return self.success(call, pass, body);
        }
        // The status alone tells enough when the text gets lost on the way.
        let body = response.bytes(MAX_ERROR_ANSWER).await.unwrap_or_default();
        let envelope = Envelope::parse(self.without_secrets(pass, &body).as_bytes());
        Ok(Exchange::Refused(refused(call, status, retry_after, envelope)))
    }

    /// The request, with everything but its body.
    fn request(&self, call: &Call, pass: &Pass) -> Result<Request, Error> {
        let mut headers: HeaderMap = self.company.headers.clone();
        headers.insert(AUTHORIZATION, pass.header.clone());
        Ok(Request {
            operation: call.operation.label(),
            class: call.effect.class(),
            sensitive: true,
            timeout: self.shared.link.timeout,
            http: call.request(self.root(), &headers)?,
        })
    }

    /// A status of success is none when a web page comes with it, or Epicor's own refusal.
    fn success(&self, call: &Call, pass: &Pass, body: Bytes) -> Result<Exchange, Error> {
        if !call.wants_json() {
            return Ok(Exchange::Success(body));
        }
        let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body).trim_ascii_start();
        if start.starts_with(b"<") {
            let page = Envelope::parse(self.without_secrets(pass, &body).as_bytes());
            return Err(in_answer(call, Error::web_page(&call.operation, page.message)));
        }
        if Envelope::disguised(&body).is_none() {
            return Ok(Exchange::Success(body));
        }
        let text = self.without_secrets(pass, &body);
        let Some((status, envelope)) = Envelope::disguised(text.as_bytes()) else {
            return Err(unreadable(call, "it is a refusal that cannot be read"));
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Ok(Exchange::Refused(refused(call, status, None, envelope)))
    }

    /// A server, or a proxy before it, may repeat what it was sent.
    fn without_secrets(&self, pass: &Pass, body: &[u8]) -> String {
        let known = self.shared.secrets.iter().chain(&pass.token);
        let secrets: Vec<_> = known.map(SecretString::expose_secret).collect();
        masked(String::from_utf8_lossy(body).into_owned(), &secrets)
    }
}

impl Refused {
    /// Whether a fresh access token could help.
    fn is_of_token(&self) -> bool {
        let Error::Unauthorized { refused, .. } = &self.error else {
            return false;
        };
        self.status == StatusCode::UNAUTHORIZED && *refused != Credential::ApiKey
    }
}

fn refused(
    call: &Call,
    status: StatusCode,
    retry_after: Option<Duration>,
    envelope: Envelope,
) -> Refused {
    let error = classify(&call.operation, status, retry_after, envelope);
    let correlation_id = error.correlation_id();
    tracing::debug!(operation = call.operation.as_str(), correlation_id, "Epicor refused");
    let error = match call.effect {
        Effect::Write if leaves_open(status) => error.outcome_unknown(&call.operation),
        _ => error,
    };
    Refused { status, retry_after, error }
}

/// No answer: harmless unless a write may have reached the server.
fn lost(call: &Call, error: TransportError) -> Error {
    let reached = error.reached_server();
    let error = Error::Unreachable(error);
    match (call.effect, reached) {
        (Effect::Write, Reached::Unknown) => error.outcome_unknown(&call.operation),
        _ => error,
    }
}
