//! What may be sent where: secrets travel encrypted, or not beyond this machine.

use url::{Host, Url};

use crate::RedactedUrl;

/// An address that would carry secrets unencrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{address} is not encrypted: use an https address (http is for this machine alone)")]
pub struct InsecureUrl {
    address: String,
}

/// Checks that an address is `https`, or `http` to this very machine.
///
/// # Errors
/// [`InsecureUrl`], which names the address without its query and its user.
pub fn require_secure(url: &Url) -> Result<(), InsecureUrl> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => Err(InsecureUrl { address: RedactedUrl(url).to_string() }),
    }
}

/// Why an address cannot be what the paths of calls are appended to.
#[must_use]
pub fn base_fault(url: &Url) -> Option<&'static str> {
    if !url.username().is_empty() || url.password().is_some() {
        return Some("an address with a user or a password is not taken");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Some("an address with a query or a fragment is not taken");
    }
    url.cannot_be_a_base().then_some("this address has no path")
}

/// Whether an address leads to this very machine: `localhost`, `127.0.0.0/8` or `::1`.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_http_stays_here() {
        for (address, secure) in [
            ("https://erp.example.com/api", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:1", true),
            ("http://127.8.9.1", true),
            ("http://[::1]:9000/x", true),
            ("http://erp.example.com", false),
            ("http://localhost.example.com", false),
            ("http://10.0.0.1", false),
            ("http://[::2]", false),
            ("ftp://localhost/file", false),
            ("file:///etc/passwd", false),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(require_secure(&url).is_ok(), secure, "{address}");
        }
    }

    #[test]
    fn only_a_plain_address_is_a_base() {
        for (address, fault) in [
            ("https://erp.example.com/Live", None),
            ("https://me@erp.example.com/", Some("user")),
            ("https://:pw@erp.example.com/", Some("user")),
            ("https://erp.example.com/?q", Some("query")),
            ("https://erp.example.com/#f", Some("query")),
            ("mailto:me", Some("no path")),
        ] {
            let told = base_fault(&Url::parse(address).unwrap());
            assert_eq!(told.is_some(), fault.is_some(), "{address}");
            assert!(told.unwrap_or_default().contains(fault.unwrap_or_default()), "{address}");
        }
    }

    #[test]
    fn the_refusal_shows_no_secret() {
        let url = Url::parse("http://me:canary@example.com/path?key=canary").unwrap();
        let message = require_secure(&url).unwrap_err().to_string();
        assert!(message.starts_with("http://example.com/path?… is not encrypted"), "{message}");
        assert!(!message.contains("canary"), "{message}");
    }
}
