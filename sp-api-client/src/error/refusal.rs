//! Amazon's answer when it refuses: which operation, which words, which request.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use wire::{masked, retry_after};

/// More of Amazon's words than this are cut off.
const TEXT_MAX_CHARS: usize = 500;

/// An answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The operation that was called.
    pub operation: &'static str,
    /// The status. It decides; the code is only told.
    pub status: StatusCode,
    /// Amazon's code: a word like `QuotaExceeded`, or the status again as text.
    pub code: Option<String>,
    /// Amazon's message and details.
    pub message: Option<String>,
    /// `x-amzn-RequestId`, which Amazon's support asks for.
    pub request_id: Option<String>,
    /// How long the service asked to wait: `Retry-After`, in whole seconds.
    pub retry_after: Option<Duration>,
}

/// The documented body: `{"errors":[{"code","message","details"}]}`.
#[derive(Deserialize)]
struct ErrorList {
    errors: Vec<ErrorEntry>,
}

#[derive(Deserialize)]
struct ErrorEntry {
    code: Option<String>,
    message: Option<String>,
    details: Option<String>,
}

impl Refusal {
    /// Reads an answer. A body of another shape adds nothing; `secrets` are masked if it repeats them.
    pub(crate) fn read(
        operation: &'static str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        secrets: &[&str],
    ) -> Self {
        let entry = serde_json::from_slice(body)
            .ok()
            .and_then(|ErrorList { errors }| errors.into_iter().next());
        let (code, message) = entry.map_or((None, None), |entry| {
            let words = [entry.message, entry.details].into_iter().flatten();
            let words: Vec<_> = words.filter(|words| !words.is_empty()).collect();
            (entry.code, (!words.is_empty()).then(|| words.join(": ")))
        });
        let readable = |text: String| readable(&text, secrets);
        let (code, message) = (code.map(readable), message.map(readable));
        let (request_id, retry_after) = (request_id(headers), retry_after(headers));
        Self { operation, status, code, message, request_id, retry_after }
    }

    /// Whether the words are about the token: missing, expired, revoked or malformed.
    pub(crate) fn blames_token(&self) -> bool {
        let message = self.message.as_deref().unwrap_or_default().to_ascii_lowercase();
        message.contains("token")
            && ["expired", "revoked", "invalid", "missing"].iter().any(|why| message.contains(why))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: Amazon answered {}", self.operation, self.status.as_u16())?;
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => write!(f, " ({code}: {message})")?,
            (Some(words), None) | (None, Some(words)) => write!(f, " ({words})")?,
            (None, None) => {}
        }
        f.write_str(&self.request_id.as_deref().map(request).unwrap_or_default())
    }
}

/// How a request id is told.
pub(crate) fn request(id: &str) -> String {
    format!(" [request {id}]")
}

/// `x-amzn-RequestId`.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("x-amzn-requestid")?.to_str().ok()?;
    Some(readable(id, &[]))
}

/// Somebody else's words, fit for a message or a log: one line, not too long, without our secrets.
pub(crate) fn readable(text: &str, secrets: &[&str]) -> String {
    let text = masked(text.to_owned(), secrets);
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(TEXT_MAX_CHARS).collect::<String>().trim().to_owned()
}
