//! What must not be sent twice: the caller learns when it may have been done.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, StatusCode};
use sp_api_client::feeds_2021_06_30::FeedId;
use sp_api_client::listings_items_2021_08_01::Listing;
use sp_api_client::notifications_v1::{DestinationId, SubscriptionId};
use sp_api_client::reports_2021_06_30::{CreateReport, ReportScheduleId};
use sp_api_client::tokens_2021_03_01::RestrictedResource;
use sp_api_client::{
    Client, Error, ErrorKind, Region, Request, Response, Transport, TransportError,
    TransportErrorKind,
};
use wire::ManualClock;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use crate::common::{World, credentials, grant, refusal};

/// What comes back for a report that is asked for.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Status(u16, &'static str),
    Lost(TransportErrorKind),
    /// The login before it gets lost.
    NoLogin(TransportErrorKind),
    /// There is no restricted data token for it.
    NoToken(u16),
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
        if request.operation == "createReport" {
            *self.asked.lock().unwrap() += 1;
        }
        match self.fate {
            Fate::Status(status, body) => {
                answer(StatusCode::from_u16(status).unwrap(), body.to_owned())
            }
            Fate::NoToken(status) => answer(StatusCode::from_u16(status).unwrap(), String::new()),
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
    let client = match fate {
        Fate::NoToken(_) => client.restricted_to([RestrictedResource::post("/a")]),
        _ => client,
    };
    let error = client.reports().create_report(&CreateReport::new("T", ["M"])).await.unwrap_err();
    let asked = u32::from(!matches!(fate, Fate::NoLogin(_) | Fate::NoToken(_)));
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
        (Fate::NoToken(500), ErrorKind::Server),
        (Fate::NoToken(408), ErrorKind::BadRequest),
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

/// A world whose DELETEs are answered with these, one after the other; the last one stays.
async fn deleting(answers: &[ResponseTemplate]) -> World {
    let world = World::with_login().await;
    for (i, answer) in answers.iter().enumerate() {
        let mock = Mock::given(method("DELETE")).respond_with(answer.clone());
        let mock = if i + 1 < answers.len() { mock.up_to_n_times(1) } else { mock };
        mock.with_priority(u8::try_from(i + 1).unwrap()).mount(&world.server).await;
    }
    world
}

#[tokio::test]
async fn what_an_attempt_deleted_whose_answer_was_lost_is_done() {
    let gone = refusal(404, "NotFound", "There is no such thing.");
    let lost = ResponseTemplate::new(204).set_delay(Duration::from_mins(1));
    let again = async |first| {
        let world = deleting(&[first, gone.clone()]).await;
        let impatient = world.builder().timeout(Duration::from_millis(200)).build().unwrap();
        (world, impatient)
    };
    for first in [lost, refusal(503, "", "")] {
        let (_world, client) = again(first.clone()).await;
        client.notifications().delete_destination(&DestinationId::new("d")).await.unwrap();
        let (_world, client) = again(first.clone()).await;
        let id = SubscriptionId::new("s");
        client.notifications().delete_subscription_by_id("ORDER_CHANGE", &id).await.unwrap();
        let (_world, client) = again(first.clone()).await;
        client.reports().cancel_report_schedule(&ReportScheduleId::new("s")).await.unwrap();
        // This one would have to answer with what became of it.
        let (_world, client) = again(first).await;
        let listing = Listing::new("S", "a", ["M"]);
        let ended = client.listings_items().delete_listings_item(&listing).await;
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn what_was_never_there_is_an_error() {
    let gone = refusal(404, "NotFound", "There is no such thing.");
    for answers in [vec![gone.clone()], vec![refusal(429, "QuotaExceeded", ""), gone.clone()]] {
        let (world, id) = (deleting(&answers).await, DestinationId::new("d"));
        let deleted = world.client().notifications().delete_destination(&id).await;
        assert_eq!(deleted.unwrap_err().kind(), ErrorKind::NotFound);
    }
    // What is cancelled remains, so that it cannot be missing.
    let world = deleting(&[refusal(503, "", ""), gone]).await;
    let cancelled = world.client().feeds().cancel_feed(&FeedId::new("f")).await;
    assert_eq!(cancelled.unwrap_err().kind(), ErrorKind::NotFound);
}
