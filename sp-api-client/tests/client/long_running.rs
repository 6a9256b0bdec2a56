//! What takes its time: waiting for reports, uploading feeds, and the application's own login.

use std::time::Duration;

use serde_json::{Value, json};
use sp_api_client::feeds_2021_06_30::FeedDocumentId;
use sp_api_client::notifications_v1::DestinationId;
use sp_api_client::reports_2021_06_30::{CreateReport, ProcessingStatus, ReportId};
use sp_api_client::{Error, ErrorKind};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::common::{LOGIN, REPORTS, World, ok, refusal, report};

const PLACES: &str = "/feeds/2021-06-30/documents";
const DESTINATIONS: &str = "/notifications/v1/destinations";

fn report_that_is(status: &str) -> ResponseTemplate {
    let mut report = report("1");
    report["processingStatus"] = json!(status);
    ok(&report)
}

async fn wait(world: &World, patience: Duration) -> ProcessingStatus {
    let client = world.client();
    let id = ReportId::new("1");
    client.reports().wait_for_report(&id, patience).await.unwrap().processing_status
}

#[tokio::test]
async fn a_report_is_waited_for_less_and_less_often() {
    let world = World::with_login().await;
    let courses = ["IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "PAUSED", "IN_PROGRESS", "DONE"];
    world.answer(&format!("{REPORTS}/1"), courses.map(report_that_is).into()).await;
    assert_eq!(wait(&world, Duration::from_mins(30)).await, ProcessingStatus::Done);
    let seconds: Vec<_> = world.clock.sleeps().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [5, 10, 20, 40, 60]);
}

#[tokio::test]
async fn patience_ends_with_what_was_told_last() {
    let world = World::with_login().await;
    world.answer(&format!("{REPORTS}/1"), vec![report_that_is("IN_PROGRESS")]).await;
    assert_eq!(wait(&world, Duration::from_secs(20)).await, ProcessingStatus::InProgress);
    let seconds: Vec<_> = world.clock.sleeps().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [5, 10, 5], "asked once more at the very end");
}

#[tokio::test]
async fn a_report_is_asked_for_once_whatever_comes_back() {
    for (status, kind) in [(429, ErrorKind::Throttled), (500, ErrorKind::OutcomeUnknown)] {
        let world = World::with_login().await;
        let answer = refusal(status, "Code", "words");
        Mock::given(method("POST"))
            .and(path(REPORTS))
            .respond_with(answer)
            .mount(&world.server)
            .await;
        let client = world.client();
        let error = client.reports().create_report(&CreateReport::new("T", ["M"])).await;
        assert_eq!(error.unwrap_err().kind(), kind);
        let sent = world.sent(REPORTS).await;
        assert_eq!(sent.len(), 1, "{status}");
        assert_eq!(sent[0].headers["content-type"], "application/json");
        let body: Value = sent[0].body_json().unwrap();
        assert_eq!(body, json!({"reportType": "T", "marketplaceIds": ["M"]}));
    }
}

/// A world with a place to upload to, where the uploads are answered like this.
async fn with_place(answers: Vec<ResponseTemplate>) -> World {
    let world = World::with_login().await;
    let url = format!("{}?X-Amz-Signature=canary", world.url("/place"));
    let told = ResponseTemplate::new(201)
        .set_body_json(json!({"feedDocumentId": "amzn1.tortuga.1", "url": url}));
    Mock::given(method("POST")).and(path(PLACES)).respond_with(told).mount(&world.server).await;
    let last = answers.len() - 1;
    for (i, answer) in answers.into_iter().enumerate() {
        let put = Mock::given(method("PUT")).and(path("/place")).respond_with(answer);
        let put = if i < last { put.up_to_n_times(1) } else { put };
        put.with_priority(u8::try_from(i + 1).unwrap()).mount(&world.server).await;
    }
    world
}

async fn upload(world: &World) -> Result<FeedDocumentId, Error> {
    let content = b"sku\tquantity\nA\t1\n".as_slice();
    world.client().feeds().upload("text/tab-separated-values; charset=UTF-8", content).await
}

#[tokio::test]
async fn a_feed_is_uploaded_to_the_letter_without_the_access_token() {
    let world = with_place(vec![ResponseTemplate::new(503), ResponseTemplate::new(200)]).await;
    assert_eq!(upload(&world).await.unwrap().as_str(), "amzn1.tortuga.1");
    let asked: Value = world.sent(PLACES).await[0].body_json().unwrap();
    assert_eq!(asked, json!({"contentType": "text/tab-separated-values; charset=UTF-8"}));
    let sent = world.sent("/place").await;
    assert_eq!(sent.len(), 2, "a busy storage is asked again");
    for put in sent {
        assert_eq!(put.headers["content-type"], "text/tab-separated-values; charset=UTF-8");
        assert_eq!(put.body, b"sku\tquantity\nA\t1\n");
        assert_eq!(put.url.query(), Some("X-Amz-Signature=canary"));
        assert!(!put.headers.contains_key("x-amz-access-token"));
    }
}

#[tokio::test]
async fn an_upload_that_fails_says_how_and_tells_no_permission() {
    for (status, body, kind) in [
        (
            403,
            "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
            ErrorKind::UploadExpired,
        ),
        (
            403,
            "<Error><Code>SignatureDoesNotMatch</Code><Message>canary</Message></Error>",
            ErrorKind::Forbidden,
        ),
        (503, "", ErrorKind::Server),
    ] {
        let world = with_place(vec![ResponseTemplate::new(status).set_body_string(body)]).await;
        let error = upload(&world).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn an_empty_document_is_not_uploaded() {
    let world = World::with_login().await;
    let error = world.client().feeds().upload("text/plain", "").await.unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { parameter: "content", .. }), "{error:?}");
    assert!(world.server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_application_logs_in_on_its_own_for_what_is_no_sellers() {
    let world = World::with_login().await;
    let destination = json!({"name": "n", "destinationId": "d", "resource": {}});
    world.answer(&format!("{DESTINATIONS}/d"), vec![ok(&json!({"payload": destination}))]).await;
    world.answer(&format!("{REPORTS}/1"), vec![report_that_is("DONE")]).await;
    let client = world.client();
    for _ in ["first", "second"] {
        client.notifications().get_destination(&DestinationId::new("d")).await.unwrap();
        client.reports().get_report(&ReportId::new("1")).await.unwrap();
    }
    let logins = world.sent(LOGIN).await;
    let forms: Vec<_> = logins.iter().map(|login| String::from_utf8_lossy(&login.body)).collect();
    let [application, seller] = &forms[..] else { panic!("{} logins", forms.len()) };
    assert!(
        application.starts_with(
            "grant_type=client_credentials&scope=sellingpartnerapi%3A%3Anotifications&client_id="
        ) && !application.contains("refresh_token"),
        "{application}"
    );
    assert!(seller.starts_with("grant_type=refresh_token&refresh_token="), "{seller}");
    for call in world.sent(&format!("{DESTINATIONS}/d")).await {
        assert_eq!(call.headers["x-amz-access-token"], "token-1");
    }
    for call in world.sent(&format!("{REPORTS}/1")).await {
        assert_eq!(call.headers["x-amz-access-token"], "token-2");
    }
}

#[tokio::test]
async fn the_applications_token_is_renewed_when_it_is_refused() {
    let world = World::with_login().await;
    let destination = json!({"name": "n", "destinationId": "d", "resource": {}});
    let expired = refusal(403, "Unauthorized", "The access token you provided has expired.");
    let told = ok(&json!({"payload": destination}));
    world.answer(&format!("{DESTINATIONS}/d"), vec![expired, told]).await;
    world.client().notifications().get_destination(&DestinationId::new("d")).await.unwrap();
    let calls = world.sent(&format!("{DESTINATIONS}/d")).await;
    let tokens: Vec<_> = calls.iter().map(|call| &call.headers["x-amz-access-token"]).collect();
    assert_eq!(tokens, ["token-1", "token-2"]);
}
