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
