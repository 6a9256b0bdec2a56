//! What must not be sent twice: the caller learns when it may have been done.

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use http::{HeaderMap, StatusCode};
use sp_api_client::reports_2021_06_30::CreateReport;
use sp_api_client::{
    Client, Error, ErrorKind, Region, Request, Response, Transport, TransportError,
    TransportErrorKind,
};
use wire::ManualClock;

use crate::common::{credentials, grant};

/// What comes back for a report that is asked for.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Status(u16, &'static str),
    Lost(TransportErrorKind),
    /// The login before it gets lost.
    NoLogin(TransportErrorKind),
}

#[derive(Debug)]
struct Amazon {
    fate: Fate,
    asked: Mutex<u32>,
}

#[async_trait]
impl Transport for Amazon {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let answer =
            |status, body: String| Ok(Response::full(status, HeaderMap::new(), body.into()));
        if let (Fate::NoLogin(kind), "login") = (self.fate, request.operation) {
            return Err(TransportError::new(kind, "amazon".to_owned()));
        }
        if request.operation == "login" {
            return answer(StatusCode::OK, grant("token").to_string());
        }
        *self.asked.lock().unwrap() += 1;
        match self.fate {
            Fate::Status(status, body) => {
                answer(StatusCode::from_u16(status).unwrap(), body.to_owned())
            }
            Fate::Lost(kind) | Fate::NoLogin(kind) => {
                Err(TransportError::new(kind, "amazon".to_owned()))
            }
        }
    }
}

async fn create(fate: Fate) -> Error {
    let amazon = Arc::new(Amazon { fate, asked: Mutex::default() });
    let client = Client::builder(Region::Europe, credentials())
        .transport(Arc::clone(&amazon) as Arc<dyn Transport>)
        .clock(Arc::new(ManualClock::default()))
        .build()
        .unwrap();
    let error = client.reports().create_report(&CreateReport::new("T", ["M"])).await.unwrap_err();
    let asked = u32::from(!matches!(fate, Fate::NoLogin(_)));
    assert_eq!(*amazon.asked.lock().unwrap(), asked, "{fate:?}");
    error
}

#[tokio::test]
async fn an_outcome_that_is_not_known_is_never_told_as_a_failure() {
    use TransportErrorKind::{Body, Connect, Dropped, Reset, Resolve, Timeout, Tls, TooLarge};
    for fate in [
        Fate::Lost(Timeout),
        Fate::Lost(Reset),
        Fate::Lost(Body),
        Fate::Lost(TooLarge),
        Fate::Status(500, ""),
        Fate::Status(503, ""),
        Fate::Status(408, ""),
        Fate::Status(202, "{\"reportId\":"),
    ] {
        let error = create(fate).await;
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{fate:?}");
        assert!(!error.retryable(), "{fate:?}");
    }
    for (fate, kind) in [
        (Fate::Lost(Connect), ErrorKind::Unreachable),
        (Fate::Lost(Resolve), ErrorKind::Unreachable),
        (Fate::Lost(Tls), ErrorKind::Unreachable),
        (Fate::Lost(Dropped), ErrorKind::Unreachable),
        (Fate::NoLogin(Timeout), ErrorKind::Unreachable),
        (Fate::Status(429, ""), ErrorKind::Throttled),
        (Fate::Status(400, ""), ErrorKind::BadRequest),
        (Fate::Status(403, ""), ErrorKind::Forbidden),
    ] {
        assert_eq!(create(fate).await.kind(), kind, "{fate:?}");
    }
}

#[tokio::test]
async fn an_unknown_outcome_says_who_must_look_and_what_came_instead() {
    let body = r#"{"errors":[{"code":"InternalFailure","message":"Try again"}]}"#;
    let error = create(Fate::Status(500, body)).await;
    assert_eq!(
        error.to_string(),
        "createReport: it is not known whether Amazon did it; look there before it is asked for \
         again"
    );
    assert_eq!(error.refusal().unwrap().code.as_deref(), Some("InternalFailure"));
}
