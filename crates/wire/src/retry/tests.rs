use proptest::prelude::*;

use super::*;
use crate::{ManualClock, SeededRandom};

const KINDS: [TransportErrorKind; 11] = [
    TransportErrorKind::Resolve,
    TransportErrorKind::Connect,
    TransportErrorKind::Tls,
    TransportErrorKind::Timeout,
    TransportErrorKind::Reset,
    TransportErrorKind::Body,
    TransportErrorKind::TooLarge,
    TransportErrorKind::Insecure,
    TransportErrorKind::Dropped,
    TransportErrorKind::Setup,
    TransportErrorKind::Other,
];

const CLASSES: [Class; 3] = [Class::Safe, Class::Idempotent, Class::Once];

fn policy() -> RetryPolicy {
    RetryPolicy {
        max_attempts: 4,
        budget: Duration::from_mins(1),
        base: Duration::from_secs(1),
        cap: Duration::from_secs(3),
    }
}

fn judge(class: Class, attempt: u32, elapsed: Duration, outcome: &Outcome<'_>) -> Verdict {
    decide(&policy(), class, attempt, elapsed, outcome, &SeededRandom::new(1))
}

fn status(code: u16, retry_after: Option<Duration>) -> Outcome<'static> {
    Outcome::Status { status: StatusCode::from_u16(code).unwrap(), retry_after }
}

#[test]
fn every_status_of_every_class() {
    for class in CLASSES {
        for code in 100..=999 {
            let verdict = judge(class, 1, Duration::ZERO, &status(code, None));
            let name = match verdict {
                Verdict::Accept => "accept",
                Verdict::Retry { .. } => "retry",
                Verdict::GiveUp => "give up",
            };
            let expected = match (code, class) {
                (200..=299, _) => "accept",
                (_, Class::Once) => "give up",
                (408 | 429 | 500 | 502 | 503 | 504, _) => "retry",
                _ => "give up",
            };
            assert_eq!(name, expected, "{class:?} {code}");
        }
    }
}

#[test]
fn every_error_of_every_class() {
    use TransportErrorKind::{Body, Connect, Reset, Resolve, Timeout};
    for class in CLASSES {
        let retried: Vec<_> = KINDS
            .into_iter()
            .filter(|kind| {
                let error = TransportError::new(*kind, String::new());
                judge(class, 1, Duration::ZERO, &Outcome::Error(&error)) != Verdict::GiveUp
            })
            .collect();
        let expected: &[_] = match class {
            Class::Safe | Class::Idempotent => &[Resolve, Connect, Timeout, Reset, Body],
            Class::Once => &[],
        };
        assert_eq!(retried, expected, "{class:?}");
    }
}

#[test]
fn the_last_attempt_is_the_last() {
    assert!(matches!(
        judge(Class::Safe, 3, Duration::ZERO, &status(503, None)),
        Verdict::Retry { .. }
    ));
    assert_eq!(judge(Class::Safe, 4, Duration::ZERO, &status(503, None)), Verdict::GiveUp);
    assert_eq!(judge(Class::Safe, 4, Duration::ZERO, &status(200, None)), Verdict::Accept);
}

#[test]
fn the_server_may_ask_for_more_than_the_cap_but_not_for_more_than_the_budget() {
    let asked = |seconds, elapsed| {
        let outcome = status(429, Some(Duration::from_secs(seconds)));
        judge(Class::Safe, 1, Duration::from_secs(elapsed), &outcome)
    };
    assert_eq!(asked(40, 0), Verdict::Retry { after: Duration::from_secs(40) });
    assert_eq!(asked(60, 0), Verdict::Retry { after: Duration::from_mins(1) });
    assert_eq!(asked(60, 1), Verdict::GiveUp);
    assert_eq!(asked(u64::MAX, 1), Verdict::GiveUp);
    // Less than the own wait does not shorten it.
    assert!(matches!(asked(0, 0), Verdict::Retry { after } if after >= Duration::from_millis(500)));
}

proptest! {
    #[test]
    fn waits_double_up_to_the_cap_and_spread_over_the_upper_half(
        attempt in 1_u32..200, base in 0_u64..100_000, cap in 0_u64..100_000, seed: u64,
    ) {
        let policy = RetryPolicy {
            max_attempts: u32::MAX,
            budget: Duration::MAX,
            base: Duration::from_millis(base),
            cap: Duration::from_millis(cap),
        };
        let verdict = decide(
            &policy, Class::Safe, attempt, Duration::ZERO, &status(500, None), &SeededRandom::new(seed),
        );
        let doubled = u128::from(base) << (attempt - 1).min(64);
        let full = Duration::from_millis(u64::try_from(doubled.min(cap.into())).unwrap());
        let Verdict::Retry { after } = verdict else { panic!("{verdict:?}") };
        prop_assert!(full / 2 <= after && after <= full, "{after:?} of {full:?}");
    }
}

#[tokio::test]
async fn the_loop_waits_counts_and_stops() {
    let (clock, random, policy) = (ManualClock::default(), SeededRandom::new(3), policy());
    let mut attempts = Attempts::new(&policy, Class::Idempotent, &clock, &random);
    let mut numbers = vec![attempts.number()];
    while attempts.again(&status(503, Some(Duration::from_secs(10)))).await {
        numbers.push(attempts.number());
    }
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(clock.sleeps(), [Duration::from_secs(10); 3]);
}

#[tokio::test]
async fn the_loop_ends_when_the_next_wait_would_outlast_the_budget() {
    let (clock, random) = (ManualClock::default(), SeededRandom::new(3));
    let policy = RetryPolicy { max_attempts: 100, ..policy() };
    let mut attempts = Attempts::new(&policy, Class::Safe, &clock, &random);
    while attempts.again(&status(429, Some(Duration::from_secs(25)))).await {
        clock.advance(Duration::from_secs(4));
    }
    assert_eq!(clock.monotonic(), Duration::from_secs(58));
}

#[tokio::test]
async fn the_loop_does_not_repeat_what_was_accepted_or_is_sent_once() {
    let (clock, random, policy) = (ManualClock::default(), SeededRandom::new(3), policy());
    let mut accepted = Attempts::new(&policy, Class::Safe, &clock, &random);
    assert!(!accepted.again(&status(200, None)).await);
    let refused = TransportError::new(TransportErrorKind::Connect, String::new());
    let mut once = Attempts::new(&policy, Class::Once, &clock, &random);
    assert!(!once.again(&Outcome::Error(&refused)).await);
    assert_eq!(clock.sleeps(), []);
}
