//! The send guard: no request that changes something leaves long after it was decided upon.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use wire::{Class, Clock, Request, Response, Transport, TransportError, TransportErrorKind};

/// A transport that drops late writes instead of sending them. A machine that slept through its
/// send grace wakes up to find that another one may have taken over; what it meant to send must
/// not leave any more. Each answer starts the grace anew: a slow ERP is no sleeping machine.
#[derive(Debug)]
pub(super) struct SendGuard {
    inner: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    grace: SignedDuration,
    window: Mutex<Window>,
}

/// When writes may leave: from a decision, or from an answer, until the grace after it. A clock that
/// shows an earlier time was set since, and proves nothing.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: Timestamp,
    until: Timestamp,
}

/// Why a request was dropped.
#[derive(Debug, thiserror::Error)]
#[error("it is {now}, and it was to leave between {} and {}", window.from, window.until)]
struct OutsideGrace {
    now: Timestamp,
    window: Window,
}

impl SendGuard {
    /// Nothing may be written before [`allow_until`](Self::allow_until).
    pub(super) fn new(
        inner: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        grace: SignedDuration,
    ) -> Self {
        let window = Window { from: Timestamp::MAX, until: Timestamp::MIN };
        Self { inner, clock, grace, window: Mutex::new(window) }
    }

    /// From the grace before this instant on, writes may leave until then, or until the grace after
    /// an answer.
    pub(super) fn allow_until(&self, not_after: Timestamp) {
        let from = not_after.checked_sub(self.grace).unwrap_or(Timestamp::MIN);
        *self.window() = Window { from, until: not_after };
    }

    /// An answer that came later than it is waited for was found by a machine that slept meanwhile:
    /// it earns no new grace.
    fn answered(&self, sent: Timestamp, timeout: SignedDuration) {
        let now = self.clock.now();
        let awake = (SignedDuration::ZERO..=timeout).contains(&now.duration_since(sent));
        if awake {
            let until = now.checked_add(self.grace).unwrap_or(Timestamp::MAX);
            *self.window() = Window { from: now, until };
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for SendGuard {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let (now, window) = (self.clock.now(), *self.window());
        let allowed = (window.from..=window.until).contains(&now);
        if request.class == Class::Once && !allowed {
            let host = request.http.uri().host().unwrap_or_default().to_owned();
            return Err(TransportError::new(TransportErrorKind::Dropped, host)
                .caused_by(OutsideGrace { now, window }));
        }
        let timeout = SignedDuration::try_from(request.timeout).unwrap_or(SignedDuration::MAX);
        let answer = self.inner.send(request).await;
        // A machine that slept does not earn a new grace by the first thing it reads.
        if allowed && answer.is_ok() {
            self.answered(now, timeout);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use bytes::Bytes;
    use wire::{ManualClock, Reached};

    use super::*;

    #[derive(Debug, Default)]
    struct Counting(AtomicU32);

    #[async_trait]
    impl Transport for Counting {
        async fn send(&self, _: Request) -> Result<Response, TransportError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Response::full(http::StatusCode::OK, http::HeaderMap::new(), Bytes::new()))
        }
    }

    fn request(class: Class) -> Request {
        Request {
            operation: "PostGroupJournals",
            class,
            sensitive: false,
            timeout: Duration::from_secs(1),
            http: http::Request::builder()
                .uri("https://erp.example.com/x")
                .body(Bytes::new())
                .expect("a request"),
        }
    }

    #[tokio::test]
    async fn a_write_after_its_grace_never_leaves() {
        let clock = Arc::new(ManualClock::default());
        let inner = Arc::new(Counting::default());
        let grace = SignedDuration::from_secs(10);
        let guard = SendGuard::new(inner.clone(), clock.clone(), grace);

        let error = guard.send(request(Class::Once)).await.expect_err("nobody allowed it");
        assert_eq!(error.reached_server(), Reached::No);

        guard.allow_until(clock.now() + grace);
        guard.send(request(Class::Once)).await.expect("in time");
        clock.advance(Duration::from_secs(9));
        guard.send(request(Class::Once)).await.expect("in time, and the grace starts anew");
        clock.advance(Duration::from_secs(9));
        guard.send(request(Class::Once)).await.expect("a slow ERP is no sleeping machine");
        clock.advance(Duration::from_secs(11));
        guard.send(request(Class::Once)).await.expect_err("too late");
        guard.send(request(Class::Safe)).await.expect("reads may always leave");
        guard.send(request(Class::Once)).await.expect_err("a read earns nothing");
        assert_eq!(inner.0.load(Ordering::SeqCst), 4);
    }

    /// Answers when the machine wakes up.
    #[derive(Debug)]
    struct Asleep(Arc<ManualClock>, Duration);

    #[async_trait]
    impl Transport for Asleep {
        async fn send(&self, _: Request) -> Result<Response, TransportError> {
            self.0.advance(self.1);
            Ok(Response::full(http::StatusCode::OK, http::HeaderMap::new(), Bytes::new()))
        }
    }

    #[tokio::test]
    async fn an_answer_found_after_a_sleep_earns_nothing() {
        let grace = SignedDuration::from_secs(10);
        for (sleep, goes_on) in [(1, true), (300, false)] {
            let clock = Arc::new(ManualClock::default());
            let inner = Arc::new(Asleep(clock.clone(), Duration::from_secs(sleep)));
            let guard = SendGuard::new(inner, clock.clone(), grace);
            guard.allow_until(clock.now() + grace);
            guard.send(request(Class::Once)).await.expect("in time");
            assert_eq!(guard.send(request(Class::Once)).await.is_ok(), goes_on, "{sleep} s");
        }
    }

    #[tokio::test]
    async fn a_clock_set_back_proves_nothing() {
        let clock = Arc::new(ManualClock::default());
        let grace = SignedDuration::from_secs(10);
        let guard = SendGuard::new(Arc::new(Counting::default()), clock.clone(), grace);
        guard.allow_until(clock.now() + SignedDuration::from_secs(60) + grace);
        guard.send(request(Class::Once)).await.expect_err("it was decided a minute from now");
    }
}
