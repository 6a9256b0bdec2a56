//! What is sent.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;

/// What repeating a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It changes nothing: a read.
    Safe,
    /// Sent twice it leaves the same state as sent once.
    Idempotent,
    /// Sent twice it may act twice. Never repeated below the pipeline, whatever came back: only
    /// who can look its outcome up may send it again.
    Once,
}

/// One request, with what the layers around the socket must know about it.
pub struct Request {
    /// The vendor's name of the operation, for messages and logs.
    pub operation: &'static str,
    /// What repeating it does.
    pub class: Class,
    /// Neither its address nor its host's answer may be logged.
    pub sensitive: bool,
    /// The longest wait for the answer's head, and after it for each piece of its body.
    pub timeout: Duration,
    /// The request itself. Its address is absolute; an empty body sends none.
    pub http: http::Request<Bytes>,
}

/// Headers and body hold secrets, so neither they nor a sensitive address are shown.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.http.uri();
        let mut debug = f.debug_struct("Request");
        debug.field("operation", &self.operation).field("class", &self.class);
        debug.field("method", self.http.method()).field("host", &uri.host().unwrap_or_default());
        if !self.sensitive {
            debug.field("path", &uri.path());
        }
        debug.field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(sensitive: bool) -> Request {
        Request {
            operation: "getReport",
            class: Class::Safe,
            sensitive,
            timeout: Duration::from_secs(1),
            http: http::Request::get("https://user:canary@example.com/path/1?signature=canary")
                .header("x-token", "canary")
                .body(Bytes::from_static(b"canary"))
                .unwrap(),
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let open = format!("{:?}", request(false));
        assert!(open.contains("example.com") && open.contains("/path/1"), "{open}");
        assert!(!open.contains("canary"), "{open}");
        let closed = format!("{:?}", request(true));
        assert!(!closed.contains("canary") && !closed.contains("/path/1"), "{closed}");
    }
}
