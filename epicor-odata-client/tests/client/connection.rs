//! What every call carries, how pages are read, and how the ping tells failures apart.

use std::sync::Arc;
use std::time::Duration;

use crate::support::*;
use epicor_odata_client::odata::{Guid, Query};
use epicor_odata_client::{ApiKey, CallSettings, Client, Credential, Error, Identity};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use wire::ManualClock;
use wiremock::ResponseTemplate;

const COMPANIES: &str = "Erp.BO.CompanySvc/Companies";
const BOOKS: &str = "Erp.BO.GLBookSvc/GLBooks";

#[tokio::test]
async fn every_call_carries_both_locks_and_the_settings() {
    let kinetic = Kinetic::start().await;
    let settings = CallSettings {
        plant: Some("MfgSys".to_owned()),
        language: Some("enu".to_owned()),
        format_culture: None,
    };
    let client = builder(&kinetic.server.uri())
        .call_settings(settings)
        .license(Guid::web_service_license())
        .build()
        .unwrap();
    assert_eq!(client.ping().await.unwrap().company_name, "Acme");
    client.gl_journals().unlock_group(&group_id()).await.unwrap();

    let requests = kinetic.server.received_requests().await.unwrap();
    for request in &requests {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header("x-api-key"), Some("canary-key"));
        assert_eq!(header("authorization"), Some("Basic Y29ubmVjdG9yOmNhbmFyeS1wYXNzd29yZA=="));
        assert_eq!(header("accept"), Some("application/json"));
        let settings: Value = serde_json::from_str(header("CallSettings").unwrap()).unwrap();
        assert_eq!(settings, json!({ "Company": "EPIC06", "Plant": "MfgSys", "Language": "enu" }));
        let license: Value = serde_json::from_str(header("License").unwrap()).unwrap();
        assert_eq!(license["ClaimedLicense"], "00000003-9439-4b30-a6f4-6d2fd4b9fd0f");
    }
    let content_type = |index: usize| requests[index].headers.get("content-type").is_some();
    assert_eq!([content_type(0), content_type(1)], [false, true]);
}

#[tokio::test]
async fn the_ping_asks_for_one_row_and_tells_failures_apart() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    client.ping().await.unwrap();
    let asked = kinetic.asked().await;
    assert_eq!(asked[0].option("$filter"), "Company1 eq 'EPIC06'");
    assert_eq!(asked[0].option("$top"), "1");

    let key = "System.UnauthorizedAccessException";
    for (answer, expected) in [
        (refusal(401, key, "Invalid API Key."), "Unauthorized { refused: ApiKey"),
        (refusal(403, key, "Invalid API Key."), "Unauthorized { refused: ApiKey"),
        (refusal(401, key, "Invalid username or password."), "Unauthorized { refused: Identity"),
        (refusal(403, key, "Not in the access scope."), "Forbidden"),
        (ResponseTemplate::new(404), "UnknownCompany { company: \"EPIC06\""),
        (json_answer(200, &json!({ "value": [] })), "UnknownCompany { company: \"EPIC06\""),
        (ResponseTemplate::new(200).set_body_string("<html>sign in"), "InvalidResponse"),
        (ResponseTemplate::new(302), "InvalidResponse"),
    ] {
        kinetic.once(COMPANIES, answer).await;
        let error = client.ping().await.unwrap_err();
        assert!(format!("{error:?}").starts_with(expected), "{error:?}");
    }
    let nobody = builder("http://127.0.0.1:1").build().unwrap();
    assert!(matches!(nobody.ping().await, Err(Error::Unreachable(_))));
    assert_eq!(Credential::Identity.to_string(), "the user name or password");
}

#[tokio::test]
async fn a_throttled_read_waits_as_long_as_it_is_told() {
    let kinetic = Kinetic::start().await;
    let clock = Arc::new(ManualClock::default());
    let client = builder(&kinetic.server.uri()).clock(clock.clone()).build().unwrap();
    let busy = ResponseTemplate::new(429).insert_header("Retry-After", "7");
    kinetic.once(COMPANIES, busy).await;
    client.ping().await.unwrap();
    assert_eq!(clock.sleeps(), [Duration::from_secs(7)]);

    kinetic.instead(COMPANIES, ResponseTemplate::new(429)).await;
    let error = client.ping().await.unwrap_err();
    assert!(matches!(&error, Error::Throttled { .. }) && error.is_transient());
}

/// Books `from..to` as rows.
fn books(from: u32, to: u32) -> Vec<Value> {
    let book = |number| {
        json!({
            "BookID": format!("B{number:03}"), "Description": "", "MainBook": number == 0,
            "COACode": "C", "CurrencyCode": "USD", "FiscalCalendarID": "M", "Inactive": false,
        })
    };
    (from..to).map(book).collect()
}

#[tokio::test]
async fn pages_are_read_to_the_end_whatever_the_server_caps() {
    let kinetic = Kinetic::start().await;
    kinetic
        .instead(BOOKS, |request: &wiremock::Request| {
            let option = |name| request.url.query_pairs().find(|(option, _)| option == name);
            let last = option("$filter").map(|(_, filter)| filter.replace("BookID gt 'B", ""));
            let from = last.map_or(0, |last| last.replace('\'', "").parse::<u32>().unwrap() + 1);
            let to = (from + 40).min(95);
            json_answer(200, &json!({ "value": books(from, to), "@odata.count": 95 - from }))
        })
        .await;
    let read = kinetic.client().gl_books().all().await.unwrap();
    assert_eq!(read.len(), 95);
    assert_eq!(read[94].book_id, "B094");
    let asked = kinetic.asked().await;
    let windows: Vec<_> = asked.iter().map(|asked| asked.option("$filter")).collect();
    let after = |book| format!("BookID gt 'B{book}'");
    assert_eq!(windows, ["", &after("039"), &after("079"), &after("094")]);
    assert!(asked.iter().all(|asked| asked.option("$orderby") == "BookID"));
    assert!(asked.iter().all(|asked| asked.option("$top") == "500"));
    assert_eq!((asked[0].option("$count"), asked[1].option("$count")), ("true", ""));
}

#[tokio::test]
async fn next_links_are_followed_on_the_same_host_only() {
    let kinetic = Kinetic::start().await;
    let first = json!({ "value": books(0, 2), "@odata.nextLink": "GLBooks?$skiptoken=x" });
    kinetic.once(BOOKS, json_answer(200, &first)).await;
    let last = json!({ "value": books(2, 3), "@odata.count": 3 });
    kinetic.once(BOOKS, json_answer(200, &last)).await;
    let set = kinetic.client().service("Erp.BO.GLBookSvc").unwrap().set("GLBooks").unwrap();
    let read = async || set.linked_pages(Query::new()).try_collect::<Vec<_>>().await;
    assert_eq!(read().await.unwrap().concat().len(), 3);
    assert_eq!(kinetic.asked().await[1].option("$skiptoken"), "x");

    let elsewhere = json!({ "value": books(0, 2), "@odata.nextLink": "https://evil.example/x" });
    kinetic.once(BOOKS, json_answer(200, &elsewhere)).await;
    let error = read().await.unwrap_err();
    assert!(error.to_string().contains("another host"), "{error}");
}

#[test]
fn what_cannot_be_sent_safely_is_refused_before_anything_is() {
    let build = |base: &str, company: &str, user: &str, key: &str| {
        let identity = Identity::Basic { user: user.to_owned(), password: "p".into() };
        Client::builder(base.parse().unwrap(), company, ApiKey::from(key), identity).build()
    };
    let https = "https://erp.example.com/KineticLive/";
    for base in [https, "https://kinetic.example.com/SaaS1234"] {
        assert_eq!(build(base, "EPIC06", "u", "k").unwrap().company(), "EPIC06");
    }
    assert!(matches!(build("http://erp.example.com/", "E", "u", "k"), Err(Error::Insecure(_))));
    for (base, company, user, key) in [
        ("https://u:secret@erp.example.com/", "E", "u", "k"),
        ("https://erp.example.com/x?y=1", "E", "u", "k"),
        ("https://erp.example.com/x/api/v2", "E", "u", "k"),
        ("https://erp.example.com/x/apps/erp/home/", "E", "u", "k"),
        (https, "", "u", "k"),
        (https, "../E", "u", "k"),
        (https, "E", "", "k"),
        (https, "E", "a:b", "k"),
        (https, "E", "u", ""),
        (https, "E", "u", "k\n"),
    ] {
        let result = build(base, company, user, key);
        assert!(matches!(result, Err(Error::InvalidParameter { .. })), "{base} {company} {user}");
    }
}
