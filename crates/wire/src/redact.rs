//! What may be printed of what must not be.

use std::fmt;

use url::Url;

/// Prints an address without user name, password, query and fragment; a query is marked by `?…`.
///
/// ```
/// let url = url::Url::parse("https://me:pw@example.com:8443/file?X-Signature=abc").unwrap();
/// assert_eq!(wire::RedactedUrl(&url).to_string(), "https://example.com:8443/file?…");
/// ```
#[derive(Clone, Copy)]
pub struct RedactedUrl<'a>(pub &'a Url);

impl fmt::Display for RedactedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0;
        write!(f, "{}://{}", url.scheme(), url.host_str().unwrap_or_default())?;
        if let Some(port) = url.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(url.path())?;
        if url.query().is_some() { f.write_str("?…") } else { Ok(()) }
    }
}

impl fmt::Debug for RedactedUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Somebody else's words with each of our secrets in them replaced by `***`.
///
/// ```
/// assert_eq!(wire::masked("no: hunter2".to_owned(), &["hunter2", ""]), "no: ***");
/// ```
#[must_use]
pub fn masked(mut text: String, secrets: &[&str]) -> String {
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        if text.contains(secret) {
            text = text.replace(secret, "***");
        }
    }
    text
}

/// Holds a value that prints as `[redacted]`, whatever it is.
///
/// ```
/// let address = wire::Redacted("https://example.com/?signature=abc");
/// assert_eq!(format!("{address} {address:?}"), "[redacted] [redacted]");
/// assert!(address.0.ends_with("abc"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Redacted<T>(pub T);

impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
