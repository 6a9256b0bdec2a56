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
    not_after: Mutex<Timestamp>,
}

/// Why a request was dropped.
#[derive(Debug, thiserror::Error)]
#[error("it is past {0}, the end of its send grace")]
struct TooLate(Timestamp);

impl SendGuard {
    /// Nothing may be written before [`allow_until`](Self::allow_until).
    pub(super) fn new(
        inner: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        grace: SignedDuration,
    ) -> Self {
        Self { inner, clock, grace, not_after: Mutex::new(Timestamp::MIN) }
    }

    /// From now on, writes may leave until this instant, or until the grace after an answer.
    pub(super) fn allow_until(&self, not_after: Timestamp) {
        *self.not_after() = not_after;
    }

    fn answered(&self) {
        let until = self.clock.now().checked_add(self.grace).unwrap_or(Timestamp::MAX);
        let mut not_after = self.not_after();
        *not_after = (*not_after).max(until);
    }

    fn not_after(&self) -> MutexGuard<'_, Timestamp> {
        self.not_after.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for SendGuard {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let deadline = *self.not_after();
        let allowed = self.clock.now() <= deadline;
        if request.class == Class::Once && !allowed {
            let host = request.http.uri().host().unwrap_or_default().to_owned();
            return Err(
                TransportError::new(TransportErrorKind::Dropped, host).caused_by(TooLate(deadline))
            );
        }
        let answer = self.inner.send(request).await;
        // A machine that slept does not earn a new grace by the first thing it reads.
        if allowed && answer.is_ok() {
            self.answered();
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
}
