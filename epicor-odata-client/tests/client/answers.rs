//! What is no success although it says so, what passes by itself, and how many calls go at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::*;
use async_trait::async_trait;
use epicor_odata_client::{Effect, Error};
use futures_util::future::join_all;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use wire::{ManualClock, Request, Response, Transport, TransportError};
use wiremock::ResponseTemplate;

const COMPANIES: &str = "Erp.BO.CompanySvc/Companies";
const POST: &str = "Erp.BO.GLJrnGrpSvc/PostGroupJournals";

#[tokio::test]
async fn a_web_page_with_status_200_is_no_success() {
    let kinetic = Kinetic::start().await;
    let page =
        "\u{feff}\r\n<!DOCTYPE html><html><head><title>Sign in canary-key</title></head></html>";
    let page = ResponseTemplate::new(200).set_body_raw(page, "text/html");
    kinetic.instead(COMPANIES, page.clone()).await;
    kinetic.instead(POST, page).await;
    let client = kinetic.client();
    let error = client.ping().await.unwrap_err();
    assert!(matches!(error, Error::InvalidResponse { .. }), "{error:?}");
    assert!(error.to_string().contains("a web page instead of an answer: Sign in ***"), "{error}");

    let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(kinetic.operations().await.iter().filter(|sent| *sent == POST).count(), 1);
}

#[tokio::test]
async fn a_refusal_with_status_200_is_one() {
    let kinetic = Kinetic::start().await;
    let body = |status| {
        json!({ "HttpStatus": status, "ErrorMessage": "GL Account 1 is not active.",
            "ErrorType": "Ice.BLException", "CorrelationId": "c" })
    };
    kinetic.once(POST, json_answer(200, &body(400))).await;
    let journals = kinetic.client();
    let journals = journals.gl_journals();
    let error = journals.post_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::BusinessRule { .. }) && error.is_definite_no(), "{error:?}");
    assert_eq!(error.correlation_id(), Some("c"));

    kinetic.once(POST, json_answer(200, &body(500))).await;
    let error = journals.post_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
}

#[tokio::test]
async fn taken_seats_are_waited_for_by_reads_alone() {
    let kinetic = Kinetic::start().await;
    let taken = || {
        let text =
            "Maximum users exceeded on license type DefaultUser, assigned to company EPIC06.";
        refusal(400, "Ice.Security.LicenseAccessException", text)
    };
    let clock = Arc::new(ManualClock::default());
    let client = builder(&kinetic.server.uri())
        .retry(wire::RetryPolicy::default())
        .clock(clock.clone())
        .build()
        .unwrap();
    for _ in 0..3 {
        kinetic.once(COMPANIES, taken()).await;
    }
    client.ping().await.unwrap();
    assert_eq!(clock.sleeps(), [10, 20, 40].map(Duration::from_secs));

    kinetic.instead(POST, taken()).await;
    let error = client.gl_journals().post_group(&group_id()).await.unwrap_err();
    assert!(matches!(error, Error::SeatsExhausted { .. }), "{error:?}");
    assert!(error.is_transient() && error.is_definite_no());
    assert_eq!(clock.sleeps().len(), 3, "a write is not repeated");
}

#[tokio::test]
async fn a_session_that_ended_is_told_as_that() {
    let kinetic = Kinetic::start().await;
    let ended = refusal(410, "Ice.Common.InvalidSessionException", "Session is not valid.");
    kinetic.instead(COMPANIES, ended).await;
    let error = kinetic.client().ping().await.unwrap_err();
    assert!(matches!(error, Error::SessionEnded { .. }), "{error:?}");
}

/// Takes a while for each answer, and remembers how many it had to give at once.
#[derive(Debug, Default)]
struct Slow {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Transport for Slow {
    async fn send(&self, _: Request) -> Result<Response, TransportError> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(Response::full(StatusCode::OK, HeaderMap::new(), "{}".into()))
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_than_allowed_are_under_way() {
    for (allowed, most) in [(None, 3), (Some(1), 1), (Some(0), 1), (Some(8), 8)] {
        let slow = Arc::new(Slow::default());
        let mut builder = builder("https://erp.example.com").transport(slow.clone());
        if let Some(calls) = allowed {
            builder = builder.concurrency(calls);
        }
        let client = builder.build().unwrap();
        // Those of another company count too.
        let clients = [client.for_company("EPIC07").unwrap(), client];
        let calls = (0..40).map(|number| {
            let method = clients[number % 2].service("S").unwrap().method("M").unwrap();
            method.effect(Effect::Repeatable).call()
        });
        assert!(join_all(calls).await.iter().all(Result::is_ok));
        assert_eq!(slow.most.load(Ordering::SeqCst), most);
    }
}
