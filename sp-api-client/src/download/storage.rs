//! Amazon's storage: one request to it, and what it says when it refuses: a short XML of `Error`,
//! `Code` and `Message`.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::USER_AGENT;
use http::request::Builder;
use wire::{Class, Request, Response};

use crate::Error;
use crate::client::Client;
use crate::error::Refusal;
use crate::error::refusal::readable;

/// Errors of the storage are below a kilobyte.
const REFUSAL_MAX_BYTES: usize = 64 << 10;

/// What is known of a request to the storage without its address.
pub(crate) struct Exchange {
    pub(crate) operation: &'static str,
    pub(crate) class: Class,
    pub(crate) timeout: Duration,
    /// What it means that the address is past its time.
    pub(crate) expired: fn() -> Error,
}

impl Exchange {
    /// Sends the request once, without the access token, and gives back the answer of a success.
    pub(crate) async fn send(
        &self,
        client: &Client,
        request: Builder,
        body: Bytes,
    ) -> Result<Response, Error> {
        let (operation, shell) = (self.operation, client.shell());
        let unreachable = |source| Error::Unreachable { operation, source };
        let http = request.header(USER_AGENT, &shell.user_agent).body(body).map_err(|_| {
            let reason = "the document's address cannot be called";
            Error::InvalidParameter { parameter: "url", reason }
        })?;
        let Self { class, timeout, .. } = *self;
        let request = Request { operation, class, sensitive: true, timeout, http };
        let answer = shell.link.transport.send(request).await.map_err(unreachable)?;
        let status = answer.status();
        tracing::debug!(operation, status = status.as_u16(), "answered");
        if matches!(status, StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
            return Ok(answer);
        }
        let headers = answer.headers().clone();
        // The status alone tells enough when the words get lost on the way.
        let said = Said::read(&answer.bytes(REFUSAL_MAX_BYTES).await.unwrap_or_default());
        if said.expired(status) {
            return Err((self.expired)());
        }
        let mut refusal = Refusal::read(operation, status, &headers, &[], &[]);
        refusal.code = said.code;
        Err(Error::refused(refusal))
    }
}

/// The words of a refusal. The rest of the body repeats parts of the address, and is left out.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    /// `Code`, like `AccessDenied`.
    code: Option<String>,
    message: Option<String>,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        Self { code: element(&text, "Code"), message: element(&text, "Message") }
    }

    /// Whether the address is past its time. The storage says so in words; a plain 403 means the
    /// same, since an address that was ever good fails for no other reason.
    fn expired(&self, status: StatusCode) -> bool {
        let expired = self.message.as_deref().is_some_and(|message| message.contains("expired"));
        match self.code.as_deref() {
            None | Some("AccessDenied") => status == StatusCode::FORBIDDEN,
            Some("ExpiredToken") => true,
            Some(_) => expired,
        }
    }
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(readable(text, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(code: &str, message: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
             <Message>{message}</Message><Expires>2026-11-01T00:05:00Z</Expires></Error>"
        )
    }

    #[test]
    fn an_expired_address_is_told_from_other_refusals() {
        for (status, body, expired) in [
            (403, xml("AccessDenied", "Request has expired"), true),
            (403, xml("AccessDenied", "Access Denied"), true),
            (403, String::new(), true),
            (403, "<html>".to_owned(), true),
            (400, xml("ExpiredToken", "The provided token has expired."), true),
            (400, xml("AuthorizationQueryParametersError", "the request expired"), true),
            (403, xml("SignatureDoesNotMatch", "The signature does not match"), false),
            (404, xml("NoSuchKey", "The specified key does not exist."), false),
            (503, xml("SlowDown", "Please reduce your request rate."), false),
            (500, String::new(), false),
        ] {
            let said = Said::read(body.as_bytes());
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(said.expired(status), expired, "{status} {body}");
        }
    }
}
