//! Many orders against the service's own rules of rates, tokens and windows, on a simulated clock.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sp_api_client::orders_2026_01_01::{Order, SearchOrders};
use sp_api_client::{Client, ErrorKind, Region, RetryPolicy};
use url::Url;
use wire::{Clock, ManualClock, Request, Response, SeededRandom, Transport, TransportError};

use crate::common::{LOGIN, credentials, grant};

/// The published plan of `searchOrders`: 0.0056 a second, twenty at once, 100 orders a page.
const PER_SECOND_E4: u128 = 56;
const BURST: u128 = 20;
const PAGE: usize = 100;
/// A token of the bucket, in the unit in which a nanosecond earns as many as `PER_SECOND_E4`.
const TOKEN: u128 = 10_000 * 1_000_000_000;

/// The service: an exact bucket, orders made a minute apart, and page tokens that live a day.
#[derive(Debug)]
struct Amazon {
    clock: Arc<ManualClock>,
    orders: usize,
    page: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    level: u128,
    seen: Duration,
    /// Ten-thousandths of a call a second.
    rate: u128,
    /// What `x-amzn-RateLimit-Limit` says.
    header: Option<&'static str>,
    /// The number of the call whose token is said to have expired.
    expire_at: Option<usize>,
    calls: usize,
    throttled: usize,
    logins: usize,
}

impl Amazon {
    fn new(orders: usize) -> Arc<Self> {
        Self::with_pages_of(PAGE, orders)
    }

    fn with_pages_of(page: usize, orders: usize) -> Arc<Self> {
        let clock = Arc::new(ManualClock::new("2026-11-23T12:00:00Z".parse().unwrap()));
        let state = State {
            level: BURST * TOKEN,
            seen: Duration::ZERO,
            rate: PER_SECOND_E4,
            header: None,
            expire_at: None,
            calls: 0,
            throttled: 0,
            logins: 0,
        };
        Arc::new(Self { clock, orders, page, state: state.into() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn client(self: &Arc<Self>) -> Client {
        Client::builder(Region::Europe, credentials())
            .transport(Arc::clone(self) as Arc<dyn Transport>)
            .clock(Arc::<ManualClock>::clone(&self.clock))
            .random(Arc::new(SeededRandom::new(1)))
            .retry(RetryPolicy {
                max_attempts: 10,
                budget: Duration::from_hours(1),
                ..RetryPolicy::default()
            })
            .build()
            .unwrap()
    }

    /// Takes a token of the bucket, if there is one.
    fn admit(&self) -> bool {
        let now = self.clock.monotonic();
        let mut state = self.state();
        let earned = (now - state.seen).as_nanos() * state.rate;
        state.level = (state.level + earned).min(BURST * TOKEN);
        state.seen = now;
        state.calls += 1;
        if state.level < TOKEN {
            state.throttled += 1;
            return false;
        }
        state.level -= TOKEN;
        true
    }

    /// A page of the orders made in the window. A page's token tells its offset and its age.
    fn page(&self, url: &Url) -> Result<Value, &'static str> {
        let parameter = |name| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let now = self.clock.now();
        let time = |name| parameter(name).map(|text| text.parse::<Timestamp>().unwrap());
        let before = time("createdBefore").unwrap_or(now - SignedDuration::from_mins(2));
        let after = time("createdAfter").unwrap();
        let made = |i: usize| after + SignedDuration::from_mins(i64::try_from(i).unwrap());
        let seconds = u64::try_from(before.duration_since(after).as_secs()).unwrap();
        let window = self.orders.min(usize::try_from(seconds.div_ceil(60)).unwrap());
        let offset = match parameter("paginationToken") {
            None => 0,
            Some(token) => {
                let (offset, issued) = token.split_once('/').unwrap();
                let issued: Timestamp = issued.parse().unwrap();
                if now.duration_since(issued) > SignedDuration::from_hours(24) {
                    return Err("the token is too old");
                }
                offset.parse().unwrap()
            }
        };
        let end = window.min(offset + self.page);
        let page: Vec<Value> = (offset..end).map(|i| order(i, made(i))).collect();
        let next = (end < window).then(|| format!("{end}/{now}"));
        let pagination = next.map(|token| json!({"nextToken": token}));
        Ok(json!({"orders": page, "pagination": pagination, "createdBefore": before}))
    }
}

fn order(i: usize, made: Timestamp) -> Value {
    json!({
        "orderId": format!("{i:07}"), "createdTime": made, "lastUpdatedTime": made,
        "salesChannel": {"channelName": "AMAZON"}, "orderItems": [],
    })
}

fn refuse(status: StatusCode, message: &str) -> Response {
    let body = json!({"errors": [{"code": "c", "message": message}]}).to_string();
    Response::full(status, HeaderMap::new(), body.into())
}

#[async_trait]
impl Transport for Amazon {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let url = Url::parse(&request.http.uri().to_string()).unwrap();
        let ok = |body: &Value, headers| {
            Ok(Response::full(StatusCode::OK, headers, Bytes::from(body.to_string())))
        };
        if url.path() == LOGIN {
            let mut state = self.state();
            state.logins += 1;
            return ok(&grant(&format!("token-{}", state.logins)), HeaderMap::new());
        }
        if !self.admit() {
            return Ok(refuse(StatusCode::TOO_MANY_REQUESTS, "You exceeded your quota"));
        }
        let (header, expired) = {
            let mut state = self.state();
            let expired = state.expire_at == Some(state.calls);
            state.expire_at = state.expire_at.filter(|_| !expired);
            (state.header, expired)
        };
        if expired {
            let words = "The access token you provided has expired.";
            return Ok(refuse(StatusCode::FORBIDDEN, words));
        }
        let mut headers = HeaderMap::new();
        if let Some(rate) = header {
            headers.insert("x-amzn-ratelimit-limit", HeaderValue::from_static(rate));
        }
        match self.page(&url) {
            Ok(page) => ok(&page, headers),
            Err(words) => Ok(refuse(StatusCode::BAD_REQUEST, words)),
        }
    }
}

fn since() -> SearchOrders {
    SearchOrders::created_since("2026-11-01T00:00:00Z".parse().unwrap())
}

async fn read(amazon: &Arc<Amazon>) -> Vec<Order> {
    amazon.client().orders().search_orders_stream(since()).try_collect().await.unwrap()
}

/// Every order once, in the order they were made.
#[track_caller]
fn assert_complete(orders: &[Order], count: usize) {
    let ids = orders.iter().map(|order| order.order_id.as_str().to_owned());
    let expected = (0..count).map(|i| format!("{i:07}"));
    assert!(ids.eq(expected), "{} of {count} orders, or out of order", orders.len());
}

#[tokio::test]
async fn ten_thousand_orders_cost_100_calls_no_429_and_no_idle_time() {
    let amazon = Amazon::new(10_000);
    assert_complete(&read(&amazon).await, 10_000);
    let State { calls, throttled, logins, .. } = *amazon.state();
    assert_eq!((calls, throttled), (100, 0));
    // Nobody can be faster: 20 calls at once, and 80 at 0.0056 a second.
    let bound = Duration::from_nanos(u64::try_from(80 * TOKEN / PER_SECOND_E4).unwrap());
    let took = amazon.clock.monotonic();
    assert!(took >= bound && took * 100 <= bound * 102, "{took:?} of {bound:?}");
    // A token lives an hour, and is renewed five minutes before.
    assert_eq!(logins, 1 + usize::try_from(took.as_secs() / (55 * 60)).unwrap());
}

#[tokio::test]
async fn a_limit_that_shrinks_and_says_so_costs_a_few_calls_once() {
    let amazon = Amazon::new(5_000);
    amazon.state().header = Some("0.0056");
    let client = amazon.client();
    let mut orders = std::pin::pin!(client.orders().search_orders_stream(since()));
    let mut read = Vec::new();
    while let Some(order) = orders.try_next().await.unwrap() {
        read.push(order);
        if read.len() == 3_000 {
            let mut state = amazon.state();
            (state.rate, state.header) = (PER_SECOND_E4 / 4, Some("0.0014"));
        }
    }
    assert_complete(&read, 5_000);
    let State { calls, throttled, .. } = *amazon.state();
    assert_eq!(calls, 50 + throttled);
    // Until the first answer tells the new rate, the old one is kept: four tries for one token.
    assert!(throttled <= 3, "{throttled} wasted calls");
}

#[tokio::test]
async fn a_header_that_lies_costs_one_call_a_refill_at_most_and_stops_nothing() {
    for lie in ["1000", "0.5", "0.0057"] {
        let amazon = Amazon::new(4_000);
        amazon.state().header = Some(lie);
        assert_complete(&read(&amazon).await, 4_000);
        let State { calls, throttled, .. } = *amazon.state();
        assert_eq!(calls, 40 + throttled, "{lie}");
        let refills = amazon.clock.monotonic().as_nanos() * PER_SECOND_E4 / TOKEN;
        assert!(throttled as u128 <= refills, "{lie}: {throttled} wasted in {refills} refills");
    }
}

#[tokio::test]
async fn a_token_that_expires_at_any_call_changes_nothing() {
    const PAGES: usize = 50;
    for k in 1..=PAGES {
        let amazon = Amazon::with_pages_of(2, PAGES * 2);
        amazon.state().expire_at = Some(k);
        assert_complete(&read(&amazon).await, PAGES * 2);
        let State { calls, throttled, .. } = *amazon.state();
        assert_eq!((calls, throttled), (PAGES + 1, 0), "at call {k}");
    }
}

#[tokio::test]
async fn a_page_token_that_is_too_old_restarts_the_same_window() {
    // More orders come while the reader sleeps; they are not of the window.
    let amazon = Amazon::new(100_000);
    let query = SearchOrders::created_since("2026-11-22T00:00:00Z".parse().unwrap());
    let in_window = 36 * 60 - 2;
    let client = amazon.client();
    let mut orders = std::pin::pin!(client.orders().search_orders_stream(query));
    let mut read = Vec::new();
    while let Some(order) = orders.try_next().await.unwrap() {
        read.push(order);
        if read.len() == 700 || read.len() == 1_500 {
            amazon.clock.advance(Duration::from_hours(25));
        }
    }
    assert_complete(&read, in_window);
    // Seven pages and a refusal, fifteen and a refusal, and all 22.
    assert_eq!(amazon.state().calls, 8 + 16 + 22);
}

#[tokio::test]
async fn a_reading_goes_on_from_a_saved_token_within_a_day() {
    let amazon = Amazon::new(1_000);
    let client = amazon.client();
    let pages = client.orders().search_orders_pages(since());
    let mut pages = std::pin::pin!(pages);
    let mut read = Vec::new();
    let mut saved = None;
    for _ in 0..4 {
        let page = pages.try_next().await.unwrap().unwrap();
        read.extend(page.orders);
        saved = page.next_token;
    }
    let query = since().from_page(saved.unwrap());
    // Another process, which knows the token alone.
    let client = amazon.client();
    let rest = client.orders().search_orders_stream(query.clone()).try_collect::<Vec<_>>().await;
    read.extend(rest.unwrap());
    assert_complete(&read, 1_000);
    // After a day there is no window to restart: what was read is not known here.
    amazon.clock.advance(Duration::from_hours(25));
    let late = client.orders().search_orders_stream(query).try_collect::<Vec<_>>().await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::BadRequest);
}
