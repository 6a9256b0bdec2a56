//! A client for restricted data, which sees to its token by itself.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future;
use serde_json::json;
use sp_api_client::reports_2021_06_30::ReportDocumentId;
use sp_api_client::tokens_2021_03_01::RestrictedResource;
use sp_api_client::{Client, Error, ErrorKind};
use wiremock::matchers::path;
use wiremock::{Mock, Request, ResponseTemplate};

use crate::common::{DOCUMENTS, LOGIN, World, ok, refusal};

const TOKENS: &str = "/tokens/2021-03-01/restrictedDataToken";

/// A world that gives `restricted-1`, `restricted-2`, … and answers for the document like this.
async fn world(answers: Vec<ResponseTemplate>) -> (World, Client) {
    let world = World::with_login().await;
    let given = AtomicU32::new(0);
    let give = move |_: &Request| {
        let number = given.fetch_add(1, Ordering::SeqCst) + 1;
        ok(&json!({"restrictedDataToken": format!("restricted-{number}"), "expiresIn": 3600}))
    };
    Mock::given(path(TOKENS)).respond_with(give).mount(&world.server).await;
    world.answer(&format!("{DOCUMENTS}/d"), answers).await;
    let resource = RestrictedResource::get(format!("{DOCUMENTS}/d"));
    let client = world.client().restricted_to([resource]);
    (world, client)
}

fn document() -> ResponseTemplate {
    ok(&json!({"reportDocumentId": "d", "url": "https://b.s3.amazonaws.com/f?s=1"}))
}

async fn get(client: &Client) -> Result<(), Error> {
    client.reports().get_report_document(&ReportDocumentId::new("d")).await.map(drop)
}

async fn tokens(world: &World) -> Vec<String> {
    let sent = world.sent(&format!("{DOCUMENTS}/d")).await;
    let token = |sent: &Request| sent.headers["x-amz-access-token"].to_str().unwrap().to_owned();
    sent.iter().map(token).collect()
}

#[tokio::test]
async fn one_token_serves_all_clones_until_five_minutes_before_its_end() {
    let (world, client) = world(vec![document()]).await;
    future::try_join_all([client.clone(), client.clone()].iter().map(get)).await.unwrap();
    world.clock.advance(Duration::from_mins(54));
    get(&client).await.unwrap();
    world.clock.advance(Duration::from_mins(2));
    get(&client).await.unwrap();
    let expected = ["restricted-1", "restricted-1", "restricted-1", "restricted-2"];
    assert_eq!(tokens(&world).await, expected);
    let asked = world.sent(TOKENS).await;
    let by: Vec<_> = asked.iter().map(|asked| &asked.headers["x-amz-access-token"]).collect();
    assert_eq!(by, ["token-1", "token-2"], "on the seller's permission");
}

#[tokio::test]
async fn a_token_that_is_refused_is_asked_for_anew_once() {
    let expired = refusal(403, "Unauthorized", "The access token you provided has expired.");
    let (world, client) = world(vec![expired.clone(), document()]).await;
    get(&client).await.unwrap();
    assert_eq!(tokens(&world).await, ["restricted-1", "restricted-2"]);

    let (world, client) = self::world(vec![expired]).await;
    assert_eq!(get(&client).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(tokens(&world).await.len(), 2);
    assert_eq!(world.sent(LOGIN).await.len(), 1, "the login was not to blame");
}

#[tokio::test]
async fn a_token_that_is_not_given_fails_the_call() {
    let world = World::with_login().await;
    let denied = refusal(403, "Unauthorized", "Access to requested resource is denied.");
    Mock::given(path(TOKENS)).respond_with(denied).mount(&world.server).await;
    let resource = RestrictedResource::get(format!("{DOCUMENTS}/d"));
    let error = get(&world.client().restricted_to([resource])).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().operation, "createRestrictedDataToken");
    assert!(world.sent(&format!("{DOCUMENTS}/d")).await.is_empty());
}
