//! What clients share: the rates of a selling account, also beyond a restart; and what they do not.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use sp_api_client::reports_2021_06_30::GetReports;
use sp_api_client::{
    Client, ClientBuilder, Error, ErrorKind, Gates, Priority, Region, Request, Response, SavedGate,
    Transport, TransportError, WaitNotice, WaitReason,
};
use wire::{Clock, ManualClock, SeededRandom};

use crate::common::{credentials, grant};

/// The published plan of `getReports`.
const BURST: usize = 10;
const INTERVAL: Duration = Duration::from_secs(45);

/// Amazon for many sellers, of whom it refuses every call of the one named.
#[derive(Debug)]
struct Amazon {
    throttled_host: &'static str,
}

#[async_trait]
impl Transport for Amazon {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let answer = |status, body: serde_json::Value| {
            Ok(Response::full(status, HeaderMap::new(), body.to_string().into()))
        };
        if request.operation == "login" {
            return answer(StatusCode::OK, grant("token"));
        }
        if request.http.uri().host() == Some(self.throttled_host) {
            return answer(StatusCode::TOO_MANY_REQUESTS, json!({"errors": []}));
        }
        answer(StatusCode::OK, json!({"reports": []}))
    }
}

fn builder(
    gates: &Arc<Gates>,
    clock: &Arc<ManualClock>,
    region: Region,
    seller: &str,
) -> ClientBuilder {
    Client::builder(region, credentials())
        .transport(Arc::new(Amazon { throttled_host: "sellingpartnerapi-fe.amazon.com" }))
        .clock(Arc::<ManualClock>::clone(clock))
        .random(Arc::new(SeededRandom::new(1)))
        .shared_rates(Arc::clone(gates), seller)
}

fn client(gates: &Arc<Gates>, clock: &Arc<ManualClock>, region: Region, seller: &str) -> Client {
    builder(gates, clock, region, seller).build().unwrap()
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().unwrap()))
}

fn gates(clock: &Arc<ManualClock>) -> Arc<Gates> {
    Arc::new(Gates::new(Arc::<ManualClock>::clone(clock)))
}

async fn list(client: &Client) -> Result<(), Error> {
    client.reports().get_reports(&GetReports::of_types(["T"])).await.map(drop)
}

async fn list_times(client: &Client, times: usize) {
    for _ in 0..times {
        list(client).await.unwrap();
    }
}

#[tokio::test]
async fn clients_of_one_seller_share_a_rate_and_others_do_not() {
    let clock = clock();
    let gates = gates(&clock);
    let client = |region, seller| client(&gates, &clock, region, seller);
    list_times(&client(Region::Europe, "A1"), BURST - 1).await;
    list_times(&client(Region::Europe, "A1"), 1).await;
    list_times(&client(Region::Europe, "B2"), BURST).await;
    list_times(&client(Region::NorthAmerica, "A1"), BURST).await;
    assert_eq!(clock.monotonic(), Duration::ZERO);
    list_times(&client(Region::Europe, "A1"), 1).await;
    assert_eq!(clock.monotonic(), INTERVAL);
}

#[tokio::test]
async fn a_restart_gains_no_calls() {
    let clock = clock();
    let before = gates(&clock);
    list_times(&client(&before, &clock, Region::Europe, "A1"), BURST).await;
    clock.advance(Duration::from_secs(5));
    let file = serde_json::to_string_pretty(&before.save()).unwrap();
    assert!(!file.contains("secret") && !file.contains("refresh"), "{file}");

    let saved: Vec<SavedGate> = serde_json::from_str(&file).unwrap();
    let clock = Arc::new(ManualClock::new(clock.now() + Duration::from_secs(10)));
    let after = Arc::new(Gates::new(Arc::<ManualClock>::clone(&clock)).restored(saved));
    list_times(&client(&after, &clock, Region::Europe, "A1"), 1).await;
    assert_eq!(clock.monotonic(), INTERVAL - Duration::from_secs(15));
}

#[tokio::test]
async fn a_throttled_seller_delays_nobody_else() {
    let clock = clock();
    let gates = gates(&clock);
    let waited = Arc::new(Mutex::new(Vec::new()));
    let client = |region, seller: &str| {
        let (waited, name) = (Arc::clone(&waited), seller.to_owned());
        let told = move |_: &WaitNotice| waited.lock().unwrap().push(name.clone());
        builder(&gates, &clock, region, seller).on_wait(told).build().unwrap()
    };
    let throttled = client(Region::FarEast, "slow");
    let quick = future::join_all((0..20).map(|seller| {
        let client = client(Region::Europe, &format!("quick {seller}"));
        async move { list_times(&client, BURST).await }
    }));
    let (error, _) = future::join(list(&throttled), quick).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Throttled);
    let waited: BTreeSet<_> = waited.lock().unwrap().drain(..).collect();
    assert_eq!(waited, BTreeSet::from(["slow".to_owned()]));
}

#[tokio::test]
async fn a_person_goes_before_a_backfill_which_goes_on() {
    let clock = clock();
    let gates = gates(&clock);
    let person = client(&gates, &clock, Region::Europe, "A1");
    let backfill = person.with_priority(Priority::Backfill);
    list_times(&person, BURST).await;
    let order = Mutex::new(String::new());
    let call = async |client: &Client, sign| {
        list(client).await.unwrap();
        order.lock().unwrap().push(sign);
    };
    let calls: Vec<_> = std::iter::repeat_n((&backfill, 'b'), 3)
        .chain(std::iter::repeat_n((&person, 'p'), 6))
        .map(|(client, sign)| call(client, sign))
        .collect();
    future::join_all(calls).await;
    assert_eq!(order.into_inner().unwrap(), "ppppbppbb");
}

#[tokio::test]
async fn the_observer_sees_the_waits_for_the_rate_and_before_another_attempt() {
    let clock = clock();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let client = Client::builder(Region::FarEast, credentials())
        .transport(Arc::new(Amazon { throttled_host: "sellingpartnerapi-fe.amazon.com" }))
        .clock(Arc::<ManualClock>::clone(&clock))
        .on_wait(move |notice: &WaitNotice| listener.lock().unwrap().push(*notice))
        .build()
        .unwrap();
    list(&client).await.unwrap_err();
    let told = told.lock().unwrap();
    let reasons: Vec<_> = told.iter().map(|notice| notice.reason).collect();
    assert_eq!(reasons, [WaitReason::Retry, WaitReason::Rate].repeat(4));
    // Nobody waited but for what was told.
    assert_eq!(told.iter().map(|notice| notice.wait).sum::<Duration>(), clock.monotonic());
    assert_eq!(told.last().unwrap().resumes_at, clock.now());
    assert!(told.iter().all(|notice| notice.operation == "getReports"));
}
