//! Who is signed in: a random token in the browser's cookie, its SHA-256 in the store.

use std::fmt::Write as _;

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use jiff::{SignedDuration, Timestamp};
use store::{DocumentHash, SessionRecord};

use crate::config::Console;
use crate::secrets::entropy;

/// How long a use of a session may go unnoted: one write a minute, not one a click.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// What the browser holds; whoever has it is signed in.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token(String);

impl Token {
    /// 256 random bits.
    pub(super) fn generate() -> Self {
        let mut bytes = [0; 32];
        entropy(&mut bytes);
        let mut text = String::with_capacity(64);
        for byte in bytes {
            // Writing to a string does not fail.
            let _written = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// What the store knows it by.
    pub(super) fn kept(&self) -> String {
        DocumentHash::of(format!("session {}", self.0).as_bytes()).to_string()
    }

    /// What every form of this session carries: known to our pages alone, and useless without the
    /// cookie.
    pub(super) fn csrf(&self) -> String {
        DocumentHash::of(format!("form {}", self.0).as_bytes()).to_string()
    }

    /// The token that came with a request.
    pub(super) fn of(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let text = cookie(headers, name(secure))?;
        let shaped = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        shaped.then(|| Self(text.to_owned()))
    }

    /// The header that gives it to the browser. Its end is for the store to know.
    pub(super) fn set_cookie(&self, secure: bool) -> String {
        set_cookie(name(secure), &self.0, secure, "")
    }
}

/// The header that takes the token from the browser.
pub(super) fn forget_cookie(secure: bool) -> String {
    set_cookie(name(secure), "", secure, "; Max-Age=0")
}

/// With `__Host-` the browser takes it over TLS alone, and from no other host.
const fn name(secure: bool) -> &'static str {
    if secure { "__Host-ml-connector" } else { "ml-connector" }
}

/// A cookie of ours: no script reads it, and no other site's page sends it.
pub(super) fn set_cookie(name: &str, value: &str, secure: bool, more: &str) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}")
}

/// The value of a cookie that came with a request.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).find_map(|cookie| {
        let (known, value) = cookie.trim().split_once('=')?;
        (known == name).then_some(value)
    })
}

/// Whether a session goes on, and whether that is to be noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// It was used just now.
    Fresh,
    /// It goes on; its use is to be noted.
    ToNote,
    /// It is over.
    Over,
}

impl Age {
    pub(super) fn of(session: &SessionRecord, settings: &Console, now: Timestamp) -> Self {
        let idle = now.duration_since(session.seen);
        let idle_max = SignedDuration::from_mins(settings.idle_minutes.into());
        if now.duration_since(session.began) >= longest(settings) || idle >= idle_max {
            Self::Over
        } else if idle >= NOTED_EVERY {
            Self::ToNote
        } else {
            Self::Fresh
        }
    }
}

/// How long a session lasts at most.
pub(super) fn longest(settings: &Console) -> SignedDuration {
    SignedDuration::from_hours(settings.session_hours.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_idleness_and_by_age() {
        let settings = Console { idle_minutes: 30, session_hours: 2, ..Console::default() };
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let session = |seen: i64| SessionRecord {
            user: "anna".to_owned(),
            roles: "viewer".to_owned(),
            began: at(0),
            seen: at(seen),
        };
        for (seen, now, age) in [
            (0, 0, Age::Fresh),
            (0, 1, Age::ToNote),
            (0, 29, Age::ToNote),
            (0, 30, Age::Over),
            (119, 119, Age::Fresh),
            (119, 120, Age::Over),
        ] {
            assert_eq!(Age::of(&session(seen), &settings, at(now)), age, "{seen} {now}");
        }
    }

    #[test]
    fn a_token_comes_back_from_its_cookie_and_from_no_other() {
        let token = Token::generate();
        assert_ne!(token.kept(), token.csrf());
        assert!(Token::generate() != token);
        let set = token.set_cookie(true);
        assert!(set.starts_with("__Host-") && set.contains("; Secure"), "{set}");
        let sent = set.split(';').next().expect("a value");
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, format!("a=b; {sent}").parse().expect("a header"));
        assert!(Token::of(&headers, true) == Some(token));
        assert!(Token::of(&headers, false).is_none(), "the plain name is another cookie");
        headers.insert(COOKIE, "ml-connector=short".parse().expect("a header"));
        assert!(Token::of(&headers, false).is_none());
    }
}
