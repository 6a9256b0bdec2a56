//! The client: sends calls, reads answers, repeats only what is safe to repeat.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;
use wire::{Link, Outcome, Reached, Request, TransportError, masked, retry_after};

use crate::call::{Call, Effect};
use crate::dataset::{MethodAnswer, Row};
use crate::error::classify::{classify, leaves_open};
use crate::error::envelope::Envelope;
use crate::error::{Error, ReadAnswer};
use crate::gl_journal::GlJournals;
use crate::odata::{Page, PageRequest, Pager, Query};

pub(crate) mod builder;

/// The largest answer that is read, in bytes. A page of rows or a journal is far below.
const MAX_ANSWER: usize = 64 << 20;
/// The largest error answer that is read, in bytes.
const MAX_ERROR_ANSWER: usize = 1 << 20;

/// One company of one Epicor, reached over REST v2. Cheap to clone.
///
/// Made by [`Client::builder`]. Reads are repeated as the retry policy says; a write is sent
/// once, and when no clear answer comes back it ends in [`Error::OutcomeUnknown`].
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    /// The company's root, with a slash at its end.
    root: Url,
    company: String,
    headers: HeaderMap,
    /// What must not come back in an error's text.
    secrets: Vec<SecretString>,
    link: Link,
    page_size: u32,
    description_length: usize,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("root", &self.0.root.as_str())
            .field("company", &self.0.company)
            .finish_non_exhaustive()
    }
}

/// The body of an entity-set answer.
#[derive(Deserialize)]
struct EntitySet {
    value: Vec<Row>,
    #[serde(rename = "@odata.count")]
    count: Option<u64>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

impl Client {
    /// The company's id, as it stands in every address.
    #[must_use]
    pub fn company(&self) -> &str {
        &self.0.company
    }

    /// GL journals: entering, looking up and posting them.
    #[must_use]
    pub fn gl_journals(&self) -> GlJournals<'_> {
        GlJournals::new(self)
    }

    /// The column length of journal descriptions, in UTF-16 units.
    pub(crate) fn description_length(&self) -> usize {
        self.0.description_length
    }

    /// Reads an entity set to its end, page by page.
    ///
    /// The query's `$orderby` must be the set's whole key, and its `$select` must hold enough of
    /// it to tell rows apart.
    pub(crate) async fn read_all(
        &self,
        operation: &'static str,
        query: Query,
        max_rows: usize,
    ) -> Result<Vec<Row>, Error> {
        let mut pager = Pager::new(query, self.0.page_size);
        let mut rows = Vec::new();
        let mut address = self.0.root.clone();
        while let Some(request) = pager.next_request() {
            let call = match request {
                PageRequest::Query(query) => Call::entity_set(operation, &query)?,
                PageRequest::Link(link) => {
                    Call::link(operation, same_host(operation, &address, &link)?)
                }
            };
            address = call.url(&self.0.root)?;
            let page = self.read_page(&call).await?;
            rows.extend(pager.accept(page).in_answer_to(operation)?);
            if rows.len() > max_rows {
                let reason = format!("it has more than {max_rows} rows");
                return Err(Error::invalid_response(operation, reason));
            }
        }
        Ok(rows)
    }

    /// Reads one page of an entity set.
    pub(crate) async fn read_page(&self, call: &Call) -> Result<Page, Error> {
        let body = self.send(call).await?;
        let set: EntitySet = serde_json::from_slice(&body)
            .map_err(|_| Error::invalid_response(call.operation, "it is no list of rows"))?;
        Ok(Page { rows: set.value, count: set.count, next_link: set.next_link })
    }

    /// Calls a business method. What is wrong with a write's answer leaves its outcome unknown.
    pub(crate) async fn call_method(&self, call: &Call) -> Result<MethodAnswer, Error> {
        let body = self.send(call).await?;
        // A method that returns nothing answers 204, or 200 without content.
        if body.is_empty() {
            return Ok(MethodAnswer::default());
        }
        MethodAnswer::parse(&body).ok_or_else(|| {
            let error = Error::invalid_response(call.operation, "it is no JSON object");
            match call.effect {
                Effect::Read | Effect::Repeatable => error,
                Effect::Write => error.outcome_unknown(call.operation),
            }
        })
    }

    /// Sends a call, again where that is safe, and gives back the body of a success.
    async fn send(&self, call: &Call) -> Result<Bytes, Error> {
        let inner = &*self.0;
        let class = call.effect.class();
        let mut attempts = inner.link.attempts(class);
        loop {
            let (error, again) = match self.exchange(call).await? {
                Exchange::Success(body) => return Ok(body),
                Exchange::Refused { status, retry_after, error } => {
                    let outcome = Outcome::Status { status, retry_after };
                    (error, attempts.again(&outcome).await)
                }
                Exchange::Lost(error) => {
                    let again = attempts.again(&Outcome::Error(&error)).await;
                    (lost(call, error), again)
                }
            };
            if !again {
                return Err(error);
            }
            let attempt = attempts.number();
            tracing::debug!(operation = call.operation, attempt, "calling Epicor again");
        }
    }

    /// Sends a call once.
    async fn exchange(&self, call: &Call) -> Result<Exchange, Error> {
        let request = Request {
            operation: call.operation,
            class: call.effect.class(),
            sensitive: true,
            timeout: self.0.link.timeout,
            http: call.request(&self.0.root, &self.0.headers)?,
        };
        let response = match self.0.link.transport.send(request).await {
            Ok(response) => response,
            Err(error) => return Ok(Exchange::Lost(error)),
        };
        let status = response.status();
        tracing::debug!(operation = call.operation, status = status.as_u16(), "Epicor answered");
        if status.is_success() {
            return Ok(match response.bytes(MAX_ANSWER).await {
                Ok(body) => Exchange::Success(body),
                Err(error) => Exchange::Lost(error),
            });
        }
        let retry_after = retry_after(response.headers());
        // The status alone tells enough when the text gets lost on the way.
        let body = response.bytes(MAX_ERROR_ANSWER).await.unwrap_or_default();
        let envelope = Envelope::parse(self.without_secrets(&body).as_bytes());
        let error = classify(call.operation, status, retry_after, envelope);
        tracing::debug!(
            operation = call.operation,
            correlation_id = error.correlation_id(),
            "Epicor refused"
        );
        let error = match call.effect {
            Effect::Write if leaves_open(status) => error.outcome_unknown(call.operation),
            _ => error,
        };
        Ok(Exchange::Refused { status, retry_after, error })
    }

    /// A server, or a proxy before it, may repeat what it was sent.
    fn without_secrets(&self, body: &[u8]) -> String {
        let secrets: Vec<_> = self.0.secrets.iter().map(ExposeSecret::expose_secret).collect();
        masked(String::from_utf8_lossy(body).into_owned(), &secrets)
    }
}

/// How one sending of a call ended.
enum Exchange {
    Success(Bytes),
    Refused { status: StatusCode, retry_after: Option<Duration>, error: Error },
    Lost(TransportError),
}

/// No answer: harmless unless a write may have reached the server.
fn lost(call: &Call, error: TransportError) -> Error {
    let reached = error.reached_server();
    let error = Error::Unreachable(error);
    match (call.effect, reached) {
        (Effect::Write, Reached::Unknown) => error.outcome_unknown(call.operation),
        _ => error,
    }
}

/// A next-page link resolved against the address it came from. It must not lead the credentials
/// to another host.
fn same_host(operation: &'static str, from: &Url, link: &str) -> Result<Url, Error> {
    let to = from
        .join(link)
        .map_err(|_| Error::invalid_response(operation, "its next-page link is no address"))?;
    if to.origin() != from.origin() {
        let reason = "its next-page link leads to another host";
        return Err(Error::invalid_response(operation, reason));
    }
    Ok(to)
}
