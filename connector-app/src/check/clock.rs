//! Whether our clock and a server's agree, by the `Date` of its answers.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use wire::{Clock, Request, Response, Transport, TransportError};

use super::{Finding, Part, Who};
use crate::exit::Exit;

/// Beyond this a person should look at the clock.
const DOUBTFUL: SignedDuration = SignedDuration::from_secs(30);

/// Beyond this presigned addresses and tokens are taken for expired when they are not.
const WRONG: SignedDuration = SignedDuration::from_mins(5);

/// Notes how far each answer's `Date` is from our clock.
pub struct Dated {
    inner: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    /// Ours minus theirs, of the last answer that told a date.
    ahead: Mutex<Option<SignedDuration>>,
}

impl Dated {
    /// Watches what goes through `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock, ahead: Mutex::default() }
    }

    /// How far our clock is ahead of theirs; negative when it is behind, `None` when no answer told.
    #[must_use]
    pub fn ahead(&self) -> Option<SignedDuration> {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Dated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dated").field("ahead", &self.ahead()).finish_non_exhaustive()
    }
}

#[async_trait]
impl Transport for Dated {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let answer = self.inner.send(request).await?;
        if let Some(theirs) = date(answer.headers()) {
            let ahead = self.clock.now().duration_since(theirs);
            *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
        }
        Ok(answer)
    }
}

/// `Date`, in the one form that HTTP has for it.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(http::header::DATE)?.to_str().ok()?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// What the difference means. The date is told in whole seconds.
#[must_use]
pub fn finding(part: Part, ahead: Option<SignedDuration>) -> Finding {
    let Some(ahead) = ahead else {
        let message = "the answers tell no date, so the clocks cannot be compared";
        return Finding::warning(part, "clock", Who::ItAdmin, message);
    };
    let seconds = ahead.abs().as_secs();
    let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
    let apart = format!("our clock is {seconds} s {direction} {part}'s");
    match ahead.abs() {
        apart_by if apart_by >= WRONG => {
            let act = (Who::ItAdmin, Exit::Failed);
            let message = format!("{apart}; set this machine's clock by a time server (NTP)");
            Finding::failed(part, "clock", act, message)
        }
        apart_by if apart_by >= DOUBTFUL => {
            let message = format!("{apart}; let a time server (NTP) keep this machine's clock");
            Finding::warning(part, "clock", Who::ItAdmin, message)
        }
        _ => Finding::ok(part, "clock", apart),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_told_by_how_much_and_which_way() {
        let of = |seconds| finding(Part::Amazon, Some(SignedDuration::from_secs(seconds)));
        assert_eq!(of(2).state(), "ok");
        assert_eq!(of(-29).state(), "ok");
        assert_eq!(of(30).state(), "warning");
        assert_eq!(of(-299).state(), "warning");
        assert!(of(-299).message.contains("299 s behind Amazon's"), "{}", of(-299).message);
        assert_eq!(of(300).state(), "failed");
        assert!(of(300).message.contains("ahead of"), "{}", of(300).message);
        assert_eq!(finding(Part::Epicor, None).state(), "warning");
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        let mut headers = HeaderMap::new();
        assert_eq!(date(&headers), None);
        let text = http::HeaderValue::from_static("Thu, 26 Nov 2026 01:04:40 GMT");
        headers.insert(http::header::DATE, text);
        assert_eq!(date(&headers), "2026-11-26T01:04:40Z".parse().ok());
        headers.insert(http::header::DATE, http::HeaderValue::from_static("today"));
        assert_eq!(date(&headers), None);
    }
}
