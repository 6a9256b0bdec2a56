use std::sync::Mutex;

use super::*;
use crate::{ManualClock, SeededRandom, TransportErrorKind};

fn link(clock: &Arc<ManualClock>) -> Link {
    LinkBuilder::new(Duration::from_secs(9))
        .clock(Arc::<ManualClock>::clone(clock))
        .random(Arc::new(SeededRandom::new(1)))
        .build(&TransportOptions::default())
        .unwrap()
}

/// Fails with these kinds, one after the other, and then succeeds.
async fn run(
    class: Class,
    kinds: &[TransportErrorKind],
) -> (Result<u32, TransportErrorKind>, usize) {
    let clock = Arc::new(ManualClock::default());
    let (link, tries) = (link(&clock), Mutex::new(0));
    let attempt = || async {
        let mut tries = tries.lock().unwrap();
        *tries += 1;
        kinds.get(*tries - 1).map_or(Ok(7), |kind| Err(TransportError::new(*kind, "h".to_owned())))
    };
    let done = link.repeat(class, attempt, |error| Some(Outcome::Error(error))).await;
    (done.map_err(|error| error.kind()), tries.into_inner().unwrap())
}

#[tokio::test]
async fn what_may_pass_is_repeated_and_the_last_failure_told() {
    use TransportErrorKind::{Connect, Reset, Timeout, Tls};
    assert_eq!(run(Class::Safe, &[Reset, Timeout]).await, (Ok(7), 3));
    assert_eq!(run(Class::Safe, &[Reset, Tls]).await, (Err(Tls), 2));
    assert_eq!(run(Class::Safe, &[Connect; 9]).await, (Err(Connect), 5));
    assert_eq!(run(Class::Once, &[Connect]).await, (Err(Connect), 1));
}

#[tokio::test]
async fn a_failure_without_an_outcome_stands() {
    let clock = Arc::new(ManualClock::default());
    let fails = || async { Err::<(), _>("no") };
    assert_eq!(link(&clock).repeat(Class::Safe, fails, |_| None).await, Err("no"));
    assert!(clock.sleeps().is_empty());
}

#[test]
fn what_is_chosen_is_taken() {
    let chosen = link(&Arc::default());
    assert_eq!(chosen.timeout, Duration::from_secs(9));
    assert_eq!(chosen.retry, RetryPolicy::default());
    let once = RetryPolicy { max_attempts: 1, ..RetryPolicy::default() };
    let builder = LinkBuilder::new(Duration::ZERO).retry(once).transport(chosen.transport);
    let other =
        builder.timeout(Duration::from_secs(1)).build(&TransportOptions::default()).unwrap();
    assert_eq!((other.retry.max_attempts, other.timeout), (1, Duration::from_secs(1)));
}
