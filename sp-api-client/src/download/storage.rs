//! What Amazon's storage says when it refuses: a short XML of `Error`, `Code` and `Message`.

use http::StatusCode;

use crate::error::refusal::readable;

/// The words of a refusal. The rest of the body repeats parts of the address, and is left out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// `Code`, like `AccessDenied`.
    pub(crate) code: Option<String>,
    message: Option<String>,
}

impl Said {
    pub(crate) fn read(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        Self { code: element(&text, "Code"), message: element(&text, "Message") }
    }

    /// Whether the address is past its time. The storage says so in words; a plain 403 means the
    /// same, since an address that was ever good fails for no other reason.
    pub(crate) fn expired(&self, status: StatusCode) -> bool {
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
