use std::time::Duration;

use futures_util::future;

use super::*;
use crate::ManualClock;

const PLAN: Plan = Plan { interval: Duration::from_secs(60), burst: 1 };

fn key(account: &str, operation: &str) -> GateKey {
    GateKey {
        account: account.to_owned(),
        application: "app".to_owned(),
        operation: operation.to_owned(),
    }
}

#[tokio::test]
async fn the_same_key_is_the_same_gate() {
    let clock = Arc::new(ManualClock::default());
    let gates = Gates::new(clock);
    assert_eq!(gates.gate(&key("a", "x"), PLAN).acquire().await, Duration::ZERO);
    assert_eq!(gates.gate(&key("a", "x"), PLAN).acquire().await, PLAN.interval);
    assert_eq!(gates.gate(&key("a", "y"), PLAN).acquire().await, Duration::ZERO);
}

#[tokio::test]
async fn an_account_that_waits_keeps_no_other_one_waiting() {
    let clock = Arc::new(ManualClock::default());
    let gates = Gates::new(Arc::<ManualClock>::clone(&clock));
    let slow = gates.gate(&key("slow", "x"), PLAN);
    slow.throttled(Some(Duration::from_hours(5)));
    let waits = (0..50).map(|account| {
        let gate = gates.gate(&key(&format!("quick {account}"), "x"), PLAN);
        async move { gate.acquire().await }
    });
    let both = future::join(slow.acquire(), future::join_all(waits));
    let (waited, quick) = both.await;
    assert_eq!(waited, Duration::from_hours(5));
    assert!(quick.iter().all(Duration::is_zero), "{quick:?}");
}

#[tokio::test]
async fn a_restart_goes_on_where_the_process_ended() {
    let clock = Arc::new(ManualClock::default());
    let gates = Gates::new(Arc::<ManualClock>::clone(&clock));
    for account in ["a", "b"] {
        gates.gate(&key(account, "x"), PLAN).acquire().await;
    }
    clock.advance(Duration::from_secs(20));
    let saved = gates.save();
    let restart =
        |saved: Vec<SavedGate>| Gates::new(Arc::new(ManualClock::new(clock.now()))).restored(saved);
    let first = restart(saved.clone());
    assert_eq!(first.save(), saved, "nothing is lost of gates nobody asked for");
    assert_eq!(first.gate(&key("a", "x"), PLAN).acquire().await, Duration::from_secs(40));
    let keys: Vec<_> = first.save().into_iter().map(|gate| gate.key).collect();
    assert_eq!(keys, [key("a", "x"), key("b", "x")]);
}

#[tokio::test]
async fn of_two_processes_that_drew_on_a_bucket_the_poorer_account_counts() {
    let plan = Plan { interval: Duration::from_secs(60), burst: 3 };
    let clock = Arc::new(ManualClock::default());
    let process = || Gates::new(Arc::<ManualClock>::clone(&clock));
    let (ours, theirs) = (process(), process());
    let key = key("a@host", "x");
    ours.gate(&key, plan).acquire().await;
    for _ in 0..3 {
        theirs.gate(&key, plan).acquire().await;
    }
    assert!(theirs.save_of("b@").is_empty());
    ours.take_note(theirs.save_of("a@"));
    assert_eq!(ours.gate(&key, plan).acquire().await, plan.interval, "they took the rest");

    let richer = process().restored(ours.save_of("a@"));
    theirs.gate(&key, plan).throttled(Some(Duration::from_hours(1)));
    richer.take_note(theirs.save_of("a@"));
    let waited = richer.gate(&key, plan).acquire().await;
    assert_eq!(waited, Duration::from_hours(1), "what was told to others holds for us");

    let poorer = theirs.save_of("a@");
    theirs.take_note(process().save());
    assert_eq!(theirs.save_of("a@"), poorer, "and nothing is given back by a richer one");
}
