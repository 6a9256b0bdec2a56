use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use futures_util::future;

use super::*;
use crate::ManualClock;

const EARLY: Duration = Duration::from_mins(5);

type Cache = TokenCache<&'static str>;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn clock(seconds: i64) -> ManualClock {
    ManualClock::new(at(seconds))
}

/// Hands out `token-1`, `token-2`, …, each valid for `life` seconds from `now`.
#[derive(Default)]
struct Issuer(AtomicU32);

impl Issuer {
    async fn issue(&self, now: i64, life: i64) -> Result<Token, &'static str> {
        tokio::task::yield_now().await;
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Token { secret: format!("token-{number}").into(), expires_at: at(now + life) })
    }

    fn issued(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

async fn get(cache: &Cache, issuer: &Issuer, now: i64, life: i64) -> String {
    let token = cache.get(&clock(now), async || issuer.issue(now, life).await).await.unwrap();
    token.expose_secret().to_owned()
}

#[tokio::test]
async fn a_token_is_used_until_the_early_time_before_its_end() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    for (now, expected) in [(0, "token-1"), (3299, "token-1"), (3300, "token-2"), (6599, "token-2")]
    {
        assert_eq!(get(&cache, &issuer, now, 3600).await, expected, "at {now} s");
    }
}

#[tokio::test]
async fn a_short_token_is_used_for_half_its_life() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    for (now, expected) in [(0, "token-1"), (29, "token-1"), (30, "token-2")] {
        assert_eq!(get(&cache, &issuer, now, 60).await, expected, "at {now} s");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_at_once_make_one_fetch() {
    let shared = Arc::new((Cache::new(EARLY), Issuer::default()));
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
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    let first = SecretString::from(get(&cache, &issuer, 0, 3600).await);
    cache.invalidate(&first).await;
    assert_eq!(get(&cache, &issuer, 1, 3600).await, "token-2");
    cache.invalidate(&first).await;
    assert_eq!(get(&cache, &issuer, 2, 3600).await, "token-2", "the newer one stays");
}

#[tokio::test]
async fn a_failed_fetch_is_not_kept() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    let failed = cache.get(&clock(0), async || Err("no")).await;
    assert_eq!(failed.unwrap_err(), "no");
    assert_eq!(get(&cache, &issuer, 0, 3600).await, "token-1");
}

#[tokio::test]
async fn the_old_token_serves_while_the_next_cannot_be_fetched() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    get(&cache, &issuer, 0, 3600).await;
    let tries = AtomicU32::new(0);
    let failing = async |now| {
        let fetch = async || {
            tries.fetch_add(1, Ordering::SeqCst);
            Err("no")
        };
        cache.get(&clock(now), fetch).await.map(|token| token.expose_secret().to_owned())
    };
    for now in [3300, 3329, 3330] {
        assert_eq!(failing(now).await.as_deref(), Ok("token-1"), "at {now} s");
    }
    assert_eq!(tries.load(Ordering::SeqCst), 2, "not before every call");
    assert_eq!(failing(3600).await, Err("no"), "past its end it does not serve");
    assert_eq!(get(&cache, &issuer, 3600, 3600).await, "token-2");
}

/// Takes as long as a login that is repeated until it gives up.
async fn long_failure(clock: &ManualClock, tries: &AtomicU32) -> Result<Token, &'static str> {
    tries.fetch_add(1, Ordering::SeqCst);
    clock.sleep(Duration::from_secs(105)).await;
    Err("no")
}

#[tokio::test]
async fn the_pause_begins_when_a_fetch_has_failed_and_not_when_it_began() {
    let (cache, issuer, tries) = (Cache::new(EARLY), Issuer::default(), AtomicU32::new(0));
    get(&cache, &issuer, 0, 3600).await;
    let clock = clock(3300);
    for (now, expected) in [(3405, 1), (3434, 1), (3540, 2)] {
        let token = cache.get(&clock, async || long_failure(&clock, &tries).await).await;
        assert_eq!(token.unwrap().expose_secret(), "token-1");
        assert_eq!((clock.now(), tries.load(Ordering::SeqCst)), (at(now), expected));
        clock.advance(Duration::from_secs(if now == 3405 { 29 } else { 1 }));
    }
}

#[tokio::test]
async fn a_token_that_ends_during_a_fetch_or_a_pause_does_not_serve() {
    let (cache, issuer, tries) = (Cache::new(EARLY), Issuer::default(), AtomicU32::new(0));
    get(&cache, &issuer, 0, 3600).await;
    let during = clock(3500);
    let token = cache.get(&during, async || long_failure(&during, &tries).await).await;
    assert_eq!(token.unwrap_err(), "no", "it ended at 3600 s, and this is 3605 s");

    let cache = Cache::new(EARLY);
    get(&cache, &issuer, 0, 3600).await;
    assert!(cache.get(&clock(3590), async || Err("no")).await.is_ok());
    assert!(cache.get(&clock(3599), async || panic!("it pauses")).await.is_ok());
    assert_eq!(cache.get(&clock(3600), async || Err("no")).await.unwrap_err(), "no");
}

#[tokio::test]
async fn those_who_waited_for_a_fetch_that_failed_share_the_failure() {
    let (cache, clock, tries) = (Cache::new(EARLY), clock(0), AtomicU32::new(0));
    let get = async || cache.get(&clock, async || long_failure(&clock, &tries).await).await;
    let all = future::join_all((0..10).map(|_| get())).await;
    assert!(all.into_iter().all(|token| token.is_err_and(|failure| failure == "no")));
    assert_eq!((clock.now(), tries.load(Ordering::SeqCst)), (at(105), 1));
    // Who comes afterwards tries again.
    assert_eq!(get().await.unwrap_err(), "no");
    assert_eq!(tries.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn while_the_next_token_is_fetched_the_old_one_serves() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    get(&cache, &issuer, 0, 3600).await;
    let now = clock(3300);
    let mut hanging = std::pin::pin!(cache.get(&now, async || future::pending().await));
    assert!(futures_util::poll!(&mut hanging).is_pending());
    let served = std::pin::pin!(get(&cache, &issuer, 3599, 3600));
    assert_eq!(futures_util::poll!(served), Poll::Ready("token-1".to_owned()));
    let waiting = std::pin::pin!(get(&cache, &issuer, 3600, 3600));
    assert!(futures_util::poll!(waiting).is_pending(), "past its end it does not serve");
}

#[tokio::test]
async fn a_refused_token_does_not_serve_again() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    cache.invalidate(&get(&cache, &issuer, 0, 3600).await.into()).await;
    assert_eq!(cache.get(&clock(1), async || Err("no")).await.unwrap_err(), "no");
}

#[tokio::test]
async fn a_dropped_fetch_leaves_the_cache_working() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    {
        let now = clock(0);
        let hanging = cache.get(&now, async || future::pending().await);
        let hanging = std::pin::pin!(hanging);
        assert!(futures_util::poll!(hanging).is_pending());
    }
    assert_eq!(get(&cache, &issuer, 0, 3600).await, "token-1");
}

#[tokio::test]
async fn the_cache_prints_no_token() {
    let (cache, issuer) = (Cache::new(EARLY), Issuer::default());
    get(&cache, &issuer, 0, 3600).await;
    assert!(!format!("{cache:?}").contains("token-1"));
}
