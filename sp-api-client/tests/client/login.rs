//! Logging in: what is sent, when, and how often.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future;
use serde_json::json;
use sp_api_client::reports_2021_06_30::ReportId;
use sp_api_client::{
    Client, Credentials, Error, ErrorKind, LwaErrorCode, SecretInUse, WaitNotice, WaitReason,
};
use wiremock::matchers::{body_string_contains, header, path};
use wiremock::{Mock, ResponseTemplate};

use crate::common::{LOGIN, World, credentials, grant, ok, refusal, report};

const REPORT: &str = "/reports/2021-06-30/reports/7";
const EXPIRED: &str = "The access token you provided has expired.";

async fn get_report(client: &Client) -> Result<(), Error> {
    let report = client.reports().get_report(&ReportId::new("7")).await?;
    assert_eq!(report.report_id.as_str(), "7");
    Ok(())
}

fn tokens(requests: &[wiremock::Request]) -> Vec<&str> {
    requests.iter().map(|request| request.headers["x-amz-access-token"].to_str().unwrap()).collect()
}

#[tokio::test]
async fn the_refresh_grant_is_a_form_and_the_token_a_header() {
    let world = World::with_login().await;
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    get_report(&world.client()).await.unwrap();

    let login = &world.sent(LOGIN).await[0];
    let media_type = "application/x-www-form-urlencoded;charset=UTF-8";
    assert_eq!(login.headers["content-type"], media_type);
    assert!(!login.headers.contains_key("x-amz-access-token"));
    let form: BTreeMap<_, _> = url::form_urlencoded::parse(&login.body).into_owned().collect();
    let expected = [
        ("client_id", "amzn1.application-oa2-client.test"),
        ("client_secret", "client secret&=+"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "Atzr|refresh"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());

    let call = &world.sent(REPORT).await[0];
    assert_eq!(call.headers["x-amz-access-token"], "token-1");
    assert_eq!(call.headers["x-amz-date"], "20261123T120000Z");
    assert_eq!(call.headers["accept"], "application/json");
    let user_agent = format!("test/1.0 (Language=Rust; Platform={})", std::env::consts::OS);
    assert_eq!(call.headers["user-agent"], user_agent.as_str());
    for name in ["content-length", "content-type", "authorization"] {
        assert!(!call.headers.contains_key(name), "{name}");
    }
    assert!(call.body.is_empty());
}

#[tokio::test]
async fn a_token_serves_until_five_minutes_before_its_end() {
    let world = World::with_login().await;
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    let client = world.client();
    get_report(&client).await.unwrap();
    world.clock.advance(Duration::from_mins(55) - Duration::from_secs(1));
    get_report(&client.clone()).await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    get_report(&client).await.unwrap();
    assert_eq!(tokens(&world.sent(REPORT).await), ["token-1", "token-1", "token-2"]);
    assert_eq!(world.sent(LOGIN).await.len(), 2);
}

#[tokio::test]
async fn many_calls_at_once_log_in_once() {
    let world = World::with_login().await;
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    let client = world.client();
    future::try_join_all((0..15).map(|_| get_report(&client))).await.unwrap();
    assert_eq!(world.sent(REPORT).await.len(), 15);
    assert_eq!(world.sent(LOGIN).await.len(), 1);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_call_repeated() {
    for status in [401, 403] {
        let world = World::with_login().await;
        let answers = vec![refusal(status, "Unauthorized", EXPIRED), ok(&report("7"))];
        world.answer(REPORT, answers).await;
        get_report(&world.client()).await.unwrap();
        assert_eq!(tokens(&world.sent(REPORT).await), ["token-1", "token-2"], "{status}");
    }
}

#[tokio::test]
async fn a_token_that_stays_refused_is_not_renewed_again() {
    let world = World::with_login().await;
    world.answer(REPORT, vec![refusal(403, "Unauthorized", EXPIRED)]).await;
    let error = get_report(&world.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(world.sent(LOGIN).await.len(), 2);
    assert_eq!(world.sent(REPORT).await.len(), 2);
}

#[tokio::test]
async fn many_calls_with_the_same_expired_token_renew_it_once() {
    let world = World::with_login().await;
    let expired = Mock::given(header("x-amz-access-token", "token-1")).respond_with(refusal(
        403,
        "Unauthorized",
        EXPIRED,
    ));
    expired.with_priority(1).mount(&world.server).await;
    let good = Mock::given(path(REPORT)).respond_with(ok(&report("7")));
    good.with_priority(2).mount(&world.server).await;
    let client = world.client();
    future::try_join_all((0..7).map(|_| get_report(&client))).await.unwrap();
    assert_eq!(world.sent(LOGIN).await.len(), 2);
}

#[tokio::test]
async fn a_missing_role_is_no_reason_to_log_in_again() {
    let world = World::with_login().await;
    let denied = "Access to requested resource is denied.";
    world.answer(REPORT, vec![refusal(403, "Unauthorized", denied)]).await;
    let error = get_report(&world.client()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(world.sent(LOGIN).await.len(), 1);
}

#[tokio::test]
async fn what_needs_a_person_stops_at_once_and_what_may_pass_is_repeated() {
    for (status, code, expected, attempts) in [
        (400, "invalid_request", LwaErrorCode::InvalidRequest, 1),
        (401, "invalid_client", LwaErrorCode::InvalidClient, 1),
        (400, "invalid_grant", LwaErrorCode::InvalidGrant, 1),
        (400, "unauthorized_client", LwaErrorCode::UnauthorizedClient, 1),
        (400, "unsupported_grant_type", LwaErrorCode::UnsupportedGrantType, 1),
        (400, "invalid_scope", LwaErrorCode::InvalidScope, 1),
        (403, "access_denied", LwaErrorCode::AccessDenied, 1),
        (400, "new_code", LwaErrorCode::Other("new_code".to_owned()), 1),
        (400, "server_error", LwaErrorCode::ServerError, 5),
        (503, "temporarily_unavailable", LwaErrorCode::TemporarilyUnavailable, 5),
        (429, "slow_down", LwaErrorCode::Other("slow_down".to_owned()), 5),
        (500, "", LwaErrorCode::Other(String::new()), 5),
    ] {
        let world = World::new().await;
        let denial = json!({"error": code, "error_description": "in other words"});
        let denial = ResponseTemplate::new(status).set_body_json(denial);
        Mock::given(path(LOGIN)).respond_with(denial).mount(&world.server).await;
        let error = get_report(&world.client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Login, "{code}");
        assert_eq!(error.retryable(), attempts > 1, "{code}");
        assert_eq!(world.sent(LOGIN).await.len(), attempts, "{code}");
        let Error::Login { code, description, .. } = error else { unreachable!() };
        assert_eq!(code, expected);
        assert_eq!(description.as_deref(), Some("in other words"));
        assert_eq!(world.sent(REPORT).await.len(), 0);
    }
}

#[tokio::test]
async fn a_revoked_authorisation_says_who_must_act() {
    let world = World::new().await;
    let denial = ResponseTemplate::new(400).set_body_json(json!({"error": "invalid_grant"}));
    Mock::given(path(LOGIN)).respond_with(denial).mount(&world.server).await;
    let message = get_report(&world.client()).await.unwrap_err().to_string();
    let expected = "login with Amazon failed (invalid_grant, status 400): the refresh token was \
        revoked, or belongs to another application; a person with access to Seller Central must \
        authorise the application again, and the new refresh token be entered";
    assert_eq!(message, expected);
}

#[tokio::test]
async fn a_login_without_a_usable_token_is_an_error() {
    for body in [
        "",
        "{}",
        "<html>",
        r#"{"access_token":"","expires_in":3600}"#,
        r#"{"access_token":"canary\n","expires_in":3600}"#,
    ] {
        let world = World::new().await;
        let answer = ResponseTemplate::new(200).set_body_string(body);
        Mock::given(path(LOGIN)).respond_with(answer).mount(&world.server).await;
        let error = get_report(&world.client()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}

/// A world in which logins are granted with these secrets alone.
async fn taking(secrets: &[&str]) -> World {
    let world = World::new().await;
    let denial = ResponseTemplate::new(401).set_body_json(json!({"error": "invalid_client"}));
    Mock::given(path(LOGIN)).respond_with(denial).with_priority(9).mount(&world.server).await;
    for secret in secrets {
        let form = format!("client_secret={secret}");
        let granted = ResponseTemplate::new(200).set_body_json(grant(&format!("of-{secret}")));
        Mock::given(path(LOGIN))
            .and(body_string_contains(form))
            .respond_with(granted)
            .mount(&world.server)
            .await;
    }
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    world
}

fn renewing(world: &World) -> Client {
    let old = Credentials { client_secret: "old".to_owned().into(), ..credentials() };
    let builder = Client::builder(sp_api_client::Region::Europe, old);
    let builder = builder.base_url(world.url("/")).lwa_url(world.url(LOGIN));
    let clock = Arc::<wire::ManualClock>::clone(&world.clock);
    builder.clock(clock).new_client_secret("new".to_owned().into()).build().unwrap()
}

#[tokio::test]
async fn of_two_secrets_the_new_one_is_tried_first_and_the_old_one_serves_until_it_is_taken() {
    for (taken, logins, expected) in [
        (["old", "new"].as_slice(), 1, SecretInUse::New),
        (&["new"], 1, SecretInUse::New),
        (&["old"], 2, SecretInUse::Old),
    ] {
        let world = taking(taken).await;
        let client = renewing(&world);
        assert_eq!(client.secret_in_use(), None);
        get_report(&client).await.unwrap();
        assert_eq!(client.secret_in_use(), Some(expected), "{taken:?}");
        assert_eq!(world.sent(LOGIN).await.len(), logins, "{taken:?}");
    }
    let error = get_report(&renewing(&taking(&[]).await)).await.unwrap_err();
    let Error::Login { code, .. } = error else { panic!("{error:?}") };
    assert_eq!(code, LwaErrorCode::InvalidClient);
}

#[tokio::test]
async fn the_hour_in_which_amazon_changes_the_secret_is_no_outage() {
    let world = taking(&["old"]).await;
    let client = renewing(&world);
    get_report(&client).await.unwrap();
    world.server.reset().await;
    let after = json!({"error": "invalid_client"});
    let after = ResponseTemplate::new(401).set_body_json(after);
    Mock::given(path(LOGIN))
        .and(body_string_contains("client_secret=old"))
        .respond_with(after)
        .mount(&world.server)
        .await;
    let granted = ResponseTemplate::new(200).set_body_json(grant("next"));
    Mock::given(path(LOGIN)).respond_with(granted).mount(&world.server).await;
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    world.clock.advance(Duration::from_hours(1));
    get_report(&client).await.unwrap();
    assert_eq!(client.secret_in_use(), Some(SecretInUse::New));
}

#[tokio::test]
async fn a_fault_of_amazons_is_no_reason_to_try_the_old_secret() {
    let world = World::new().await;
    let fault = json!({"error": "temporarily_unavailable"});
    let fault = ResponseTemplate::new(503).set_body_json(fault);
    Mock::given(path(LOGIN)).respond_with(fault).mount(&world.server).await;
    get_report(&renewing(&world)).await.unwrap_err();
    for login in world.sent(LOGIN).await {
        assert!(String::from_utf8_lossy(&login.body).ends_with("client_secret=new"));
    }
}

#[tokio::test]
async fn an_outage_of_the_login_is_not_felt_while_the_token_is_good() {
    let world = World::new().await;
    let granted = ResponseTemplate::new(200).set_body_json(grant("token-1"));
    Mock::given(path(LOGIN)).respond_with(granted).up_to_n_times(1).mount(&world.server).await;
    let fault = ResponseTemplate::new(503);
    Mock::given(path(LOGIN)).respond_with(fault).mount(&world.server).await;
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    let client = world.client();
    get_report(&client).await.unwrap();
    world.clock.advance(Duration::from_mins(56));
    get_report(&client).await.unwrap();
    world.clock.advance(Duration::from_mins(4));
    assert_eq!(get_report(&client).await.unwrap_err().kind(), ErrorKind::Login);
}

#[tokio::test]
async fn a_login_that_is_to_wait_waits_as_long_as_it_is_told_and_says_so() {
    let world = World::with_login().await;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "120");
    let busy = Mock::given(path(LOGIN)).respond_with(busy).up_to_n_times(1).with_priority(1);
    busy.mount(&world.server).await;
    world.answer(REPORT, vec![ok(&report("7"))]).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let observer = move |notice: &WaitNotice| {
        listener.lock().unwrap().push((notice.operation, notice.reason, notice.wait));
    };
    let client = world.builder().on_wait(observer).build().unwrap();
    get_report(&client).await.unwrap();
    let wait = Duration::from_mins(2);
    assert_eq!(world.clock.sleeps(), [wait]);
    assert_eq!(told.lock().unwrap().as_slice(), [("login", WaitReason::Retry, wait)]);
}

#[tokio::test]
async fn a_login_that_is_to_wait_too_long_says_how_long() {
    let world = World::new().await;
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "600");
    Mock::given(path(LOGIN)).respond_with(busy).mount(&world.server).await;
    let error = get_report(&world.client()).await.unwrap_err();
    let Error::Login { retry_after, .. } = error else { panic!("{error:?}") };
    assert_eq!(retry_after, Some(Duration::from_mins(10)));
    assert_eq!(world.sent(LOGIN).await.len(), 1);
}

#[tokio::test]
async fn a_login_that_fails_is_not_made_once_for_each_call_that_waits() {
    let world = World::new().await;
    let fault = ResponseTemplate::new(503).set_delay(Duration::from_millis(20));
    Mock::given(path(LOGIN)).respond_with(fault).mount(&world.server).await;
    let client = world.client();
    let all = future::join_all((0..10).map(|_| get_report(&client))).await;
    assert!(all.into_iter().all(|got| got.unwrap_err().kind() == ErrorKind::Login));
    assert_eq!(world.sent(LOGIN).await.len(), 5, "the attempts of one");
}
