use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future;

use super::*;

const EARLY: Duration = Duration::from_mins(5);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// Hands out `token-1`, `token-2`, …, each valid for `life` seconds from `now`.
#[derive(Default)]
struct Issuer(AtomicU32);

impl Issuer {
    async fn issue(&self, now: i64, life: i64) -> Result<Token, Infallible> {
        tokio::task::yield_now().await;
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Token { secret: format!("token-{number}").into(), expires_at: at(now + life) })
    }

    fn issued(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

async fn get(cache: &TokenCache, issuer: &Issuer, now: i64, life: i64) -> String {
    let token = cache.get(at(now), async || issuer.issue(now, life).await).await.unwrap();
    token.expose_secret().to_owned()
}

#[tokio::test]
async fn a_token_is_used_until_the_early_time_before_its_end() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    for (now, expected) in [(0, "token-1"), (3299, "token-1"), (3300, "token-2"), (6599, "token-2")]
    {
        assert_eq!(get(&cache, &issuer, now, 3600).await, expected, "at {now} s");
    }
}

#[tokio::test]
async fn a_short_token_is_used_for_half_its_life() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    for (now, expected) in [(0, "token-1"), (29, "token-1"), (30, "token-2")] {
        assert_eq!(get(&cache, &issuer, now, 60).await, expected, "at {now} s");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_at_once_make_one_fetch() {
    let shared = Arc::new((TokenCache::new(EARLY), Issuer::default()));
    let callers = (0..50).map(|_| {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move { get(&shared.0, &shared.1, 0, 3600).await })
    });
    let tokens = future::try_join_all(callers).await.unwrap();
    assert!(tokens.iter().all(|token| token == "token-1"));
    assert_eq!(shared.1.issued(), 1);
}

#[tokio::test]
async fn a_refused_token_is_forgotten_once() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    let first = SecretString::from(get(&cache, &issuer, 0, 3600).await);
    cache.invalidate(&first).await;
    assert_eq!(get(&cache, &issuer, 1, 3600).await, "token-2");
    cache.invalidate(&first).await;
    assert_eq!(get(&cache, &issuer, 2, 3600).await, "token-2", "the newer one stays");
}

#[tokio::test]
async fn a_failed_fetch_is_not_kept() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    let failed = cache.get(at(0), async || Err("no")).await;
    assert_eq!(failed.unwrap_err(), "no");
    assert_eq!(get(&cache, &issuer, 0, 3600).await, "token-1");
}

#[tokio::test]
async fn the_old_token_serves_while_the_next_cannot_be_fetched() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    get(&cache, &issuer, 0, 3600).await;
    let tries = AtomicU32::new(0);
    let failing = async |now| {
        let fetch = async || {
            tries.fetch_add(1, Ordering::SeqCst);
            Err("no")
        };
        cache.get(at(now), fetch).await.map(|token| token.expose_secret().to_owned())
    };
    for now in [3300, 3329, 3330] {
        assert_eq!(failing(now).await.as_deref(), Ok("token-1"), "at {now} s");
    }
    assert_eq!(tries.load(Ordering::SeqCst), 2, "not before every call");
    assert_eq!(failing(3600).await, Err("no"), "past its end it does not serve");
    assert_eq!(get(&cache, &issuer, 3600, 3600).await, "token-2");
}

#[tokio::test]
async fn a_refused_token_does_not_serve_again() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    cache.invalidate(&get(&cache, &issuer, 0, 3600).await.into()).await;
    assert_eq!(cache.get(at(1), async || Err("no")).await.unwrap_err(), "no");
}

#[tokio::test]
async fn a_dropped_fetch_leaves_the_cache_working() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    {
        let hanging = cache.get::<Infallible, _>(at(0), async || future::pending().await);
        let hanging = std::pin::pin!(hanging);
        assert!(futures_util::poll!(hanging).is_pending());
    }
    assert_eq!(get(&cache, &issuer, 0, 3600).await, "token-1");
}

#[tokio::test]
async fn the_cache_prints_no_token() {
    let (cache, issuer) = (TokenCache::new(EARLY), Issuer::default());
    get(&cache, &issuer, 0, 3600).await;
    assert!(!format!("{cache:?}").contains("token-1"));
}
