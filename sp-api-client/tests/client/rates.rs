//! Keeping to the rate: published, learned, and after a refusal.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use sp_api_client::reports_2021_06_30::GetReports;
use sp_api_client::{Client, WaitNotice};
use wire::Clock;
use wiremock::ResponseTemplate;

use crate::common::{REPORTS, World, ok, refusal};

fn empty() -> ResponseTemplate {
    ok(&json!({"reports": []}))
}

async fn list(client: &Client, times: usize) {
    for _ in 0..times {
        client.reports().get_reports(&GetReports::of_types(["T"])).await.unwrap();
    }
}

#[tokio::test]
async fn after_the_burst_calls_wait_for_the_published_rate_and_tell() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![empty()]).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let observer = move |notice: &WaitNotice| {
        listener.lock().unwrap().push((notice.operation, notice.wait.as_secs()));
    };
    let client = world.builder().on_wait(observer).build().unwrap();
    list(&client, 10).await;
    assert_eq!(world.clock.monotonic(), Duration::ZERO);
    // A clone has no bucket of its own.
    list(&client.clone(), 2).await;
    assert_eq!(world.clock.monotonic(), Duration::from_secs(90));
    assert_eq!(told.lock().unwrap().as_slice(), [("getReports", 45), ("getReports", 45)]);
}

#[tokio::test]
async fn the_accounts_own_rate_is_learned_and_nonsense_is_not() {
    for (rate, seconds) in [("0.5", 2), ("-1", 45), ("0", 45), ("fast", 45)] {
        let world = World::with_login().await;
        let answer = empty().insert_header("x-amzn-RateLimit-Limit", rate);
        world.answer(REPORTS, vec![answer]).await;
        list(&world.client(), 11).await;
        assert_eq!(world.clock.monotonic(), Duration::from_secs(seconds), "{rate}");
    }
}

#[tokio::test]
async fn after_a_429_the_next_call_waits_for_the_next_token() {
    let world = World::with_login().await;
    let over = "You exceeded your quota for the requested resource.";
    world.answer(REPORTS, vec![refusal(429, "QuotaExceeded", over), empty()]).await;
    list(&world.client(), 1).await;
    assert_eq!(world.clock.monotonic(), Duration::from_secs(45));
    assert_eq!(world.sent(REPORTS).await.len(), 2);
}

#[tokio::test]
async fn retry_after_is_kept() {
    for status in [429, 503] {
        let world = World::with_login().await;
        let busy = refusal(status, "", "").insert_header("retry-after", "120");
        world.answer(REPORTS, vec![busy, empty()]).await;
        list(&world.client(), 1).await;
        assert_eq!(world.clock.monotonic(), Duration::from_mins(2), "{status}");
    }
}

#[tokio::test]
async fn the_sandbox_has_its_own_rate() {
    let world = World::with_login().await;
    world.answer(REPORTS, vec![empty()]).await;
    let client = world.builder().sandbox().build().unwrap();
    list(&client, 16).await;
    assert_eq!(world.clock.monotonic(), Duration::from_millis(200));
}
