//! Each way a call fails: its kind, its words, and how often it was tried.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde_json::json;
use sp_api_client::reports_2021_06_30::{GetReports, ReportId};
use sp_api_client::{Error, ErrorKind, HttpClient, RetryPolicy, TransportErrorKind};
use wiremock::ResponseTemplate;

use crate::common::{REPORTS, World, ok, refusal, report};

async fn list(world: &World) -> Error {
    world.client().reports().get_reports(&GetReports::of_types(["T"])).await.unwrap_err()
}

#[tokio::test]
async fn each_status_has_its_meaning_and_only_passing_ones_are_repeated() {
    for (status, kind, attempts) in [
        (400, ErrorKind::BadRequest, 1),
        (403, ErrorKind::Forbidden, 1),
        (404, ErrorKind::NotFound, 1),
        (413, ErrorKind::BadRequest, 1),
        (415, ErrorKind::BadRequest, 1),
        (429, ErrorKind::Throttled, 5),
        (500, ErrorKind::Server, 5),
        (501, ErrorKind::Server, 1),
        (503, ErrorKind::Server, 5),
    ] {
        let world = World::with_login().await;
        world.answer(REPORTS, vec![refusal(status, "SomeCode", "Some words.")]).await;
        let error = list(&world).await;
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(world.sent(REPORTS).await.len(), attempts, "{status}");
        let refusal = error.refusal().unwrap();
        assert_eq!((refusal.operation, refusal.status.as_u16()), ("getReports", status));
        assert_eq!(refusal.code.as_deref(), Some("SomeCode"));
        assert_eq!(refusal.message.as_deref(), Some("Some words."));
        assert_eq!(refusal.request_id.as_deref(), Some("request-7"));
        let message = error.to_string();
        let start =
            format!("getReports: Amazon answered {status} (SomeCode: Some words.) [request ");
        assert!(message.starts_with(&start), "{message}");
    }
}

#[tokio::test]
async fn a_refusal_without_the_documented_body_keeps_its_meaning() {
    for body in ["", "<html>busy</html>", r#"{"errors":[]}"#, r#"{"errors":"none"}"#] {
        let world = World::with_login().await;
        world.answer(REPORTS, vec![ResponseTemplate::new(404).set_body_string(body)]).await;
        let error = list(&world).await;
        assert_eq!(error.kind(), ErrorKind::NotFound, "{body}");
        assert!(!error.to_string().contains("busy"));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = World::with_login().await;
    let away = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
    world.answer(REPORTS, vec![away]).await;
    assert_eq!(list(&world).await.kind(), ErrorKind::InvalidResponse);
    assert_eq!(world.sent("/elsewhere").await.len(), 0);
}

#[tokio::test]
async fn an_answer_unlike_the_documented_names_the_place_and_not_the_content() {
    let mut reports = json!({"reports": [report("1"), report("2")]});
    reports["reports"][1]["createdTime"] = json!("canary");
    for (body, expected) in [
        (reports.to_string(), "reports[1].createdTime"),
        (json!({"payload": "canary"}).to_string(), ""),
        ("canary".to_owned(), ""),
        (r#"{"reports":[{"reportId":"canary"#.to_owned(), ""),
    ] {
        let world = World::with_login().await;
        let answer = ResponseTemplate::new(200)
            .insert_header("x-amzn-RequestId", "request-9")
            .set_body_string(body.as_str());
        world.answer(REPORTS, vec![answer]).await;
        let error = list(&world).await;
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        assert_eq!(error.request_id(), Some("request-9"));
        let Error::InvalidResponse { path, .. } = error else { panic!("{error:?}") };
        assert_eq!(path.trim_start_matches('.'), expected, "{body}");
    }
}

#[tokio::test]
async fn an_answer_from_nobody_is_unreachable() {
    let world = World::with_login().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let client = world.builder().base_url(nobody).build().unwrap();
    let error = client.reports().get_report(&ReportId::new("7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(error.retryable());
    assert_eq!(world.clock.sleeps().len(), 4, "five attempts");
}

#[tokio::test]
async fn the_callers_own_reqwest_client_is_used() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![ok(&json!({"reports": []}))]).await;
    let named = [(HeaderName::from_static("x-tenant"), HeaderValue::from_static("7"))];
    let http = HttpClient::builder().default_headers(named.into_iter().collect()).build().unwrap();
    let client = world.builder().http_client(http).build().unwrap();
    client.reports().get_reports(&GetReports::of_types(["T"])).await.unwrap();
    assert_eq!(world.sent(REPORTS).await[0].headers["x-tenant"], "7");
}

#[tokio::test]
async fn a_service_that_never_answers_is_waited_for_as_long_as_said() {
    let world = World::with_login().await;
    let late = ok(&json!({"reports": []})).set_delay(Duration::from_secs(60));
    world.answer(REPORTS, vec![late]).await;
    let once = RetryPolicy { max_attempts: 1, ..RetryPolicy::default() };
    let client = world.builder().timeout(Duration::from_millis(50)).retry(once).build().unwrap();
    let error = client.reports().get_reports(&GetReports::of_types(["T"])).await.unwrap_err();
    let Error::Unreachable { source, .. } = error else { panic!("{error:?}") };
    assert_eq!(source.kind(), TransportErrorKind::Timeout);
}

#[tokio::test]
async fn the_retry_policy_is_the_callers() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![refusal(503, "", ""), ok(&json!({"reports": []}))]).await;
    let once = RetryPolicy { max_attempts: 1, ..RetryPolicy::default() };
    let client = world.builder().retry(once).build().unwrap();
    let error = client.reports().get_reports(&GetReports::of_types(["T"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
}

#[tokio::test]
async fn nothing_is_sent_for_what_the_service_would_refuse() {
    let world = World::with_login().await;
    let client = world.client();
    let none = GetReports::of_types(Vec::<String>::new());
    let error = client.reports().get_reports(&none).await.unwrap_err();
    assert_eq!(error.to_string(), "reportTypes: the service wants at least one value");
    assert!(world.server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn addresses_must_be_encrypted_and_plain() {
    let world = World::new().await;
    let build = |base: &str| world.builder().base_url(base.parse().unwrap()).build();
    assert!(matches!(build("http://sellingpartnerapi-eu.amazon.com/"), Err(Error::Insecure(_))));
    for address in ["https://me:pw@example.com/", "https://example.com/?q=1"] {
        assert!(matches!(
            build(address),
            Err(Error::InvalidParameter { parameter: "base_url", .. })
        ));
    }
    let lwa = world.builder().lwa_url("http://api.amazon.com/auth/o2/token".parse().unwrap());
    assert!(matches!(lwa.build(), Err(Error::Insecure(_))));
}
