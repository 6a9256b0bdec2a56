//! The send guard: no request that changes something leaves later than its decision allows.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use wire::{Class, Clock, Request, Response, Transport, TransportError, TransportErrorKind};

/// A transport that drops late writes instead of sending them. A machine that slept through its
/// send grace wakes up to find the settle time running on the other side; what it meant to send
/// must not leave any more.
#[derive(Debug)]
pub(super) struct SendGuard {
    inner: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    not_after: Mutex<Option<Timestamp>>,
}

/// Why a request was dropped.
#[derive(Debug, thiserror::Error)]
#[error("it is past {0}, the end of its send grace")]
struct TooLate(Timestamp);

impl SendGuard {
    pub(super) fn new(inner: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock, not_after: Mutex::new(None) }
    }

    /// From now on, writes may leave until this instant; never when it was not called.
    pub(super) fn allow_until(&self, not_after: Timestamp) {
        *self.not_after.lock().unwrap_or_else(PoisonError::into_inner) = Some(not_after);
    }

    fn deadline(&self) -> Timestamp {
        self.not_after.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(Timestamp::MIN)
    }
}

#[async_trait]
impl Transport for SendGuard {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let deadline = self.deadline();
        if request.class == Class::Once && self.clock.now() > deadline {
            let host = request.http.uri().host().unwrap_or_default().to_owned();
            return Err(
                TransportError::new(TransportErrorKind::Dropped, host).caused_by(TooLate(deadline))
            );
        }
        self.inner.send(request).await
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
        let guard = SendGuard::new(inner.clone(), clock.clone());

        let error = guard.send(request(Class::Once)).await.expect_err("nobody allowed it");
        assert_eq!(error.reached_server(), Reached::No);

        guard.allow_until(clock.now() + jiff::SignedDuration::from_secs(10));
        guard.send(request(Class::Once)).await.expect("in time");
        clock.advance(Duration::from_secs(11));
        guard.send(request(Class::Once)).await.expect_err("too late");
        guard.send(request(Class::Safe)).await.expect("reads may always leave");
        assert_eq!(inner.0.load(Ordering::SeqCst), 2);
    }
}
