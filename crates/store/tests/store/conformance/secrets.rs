use std::sync::Arc;

use store::{CHECKPOINT_EVERY, Error, NewEvent, Resealed, SecretRecord, Store};

use crate::samples::{Seal, US, event, minute};

fn about(minutes: i64, connection: &str) -> NewEvent {
    let told = event(minutes, "credentials", "credentials");
    NewEvent { connection: connection.to_owned(), ..told }
}

async fn set(store: &Store, minutes: i64, connection: &str, name: &str, sealed: &str) {
    store.secret_set(connection, name, sealed, &about(minutes, connection)).await.unwrap();
}

async fn sealed(store: &Store) -> Vec<String> {
    store.secrets(None).await.unwrap().into_iter().map(|secret| secret.sealed).collect()
}

pub(super) async fn a_secret_is_replaced(store: &Store) {
    assert_eq!(store.secret(US, "a").await.unwrap(), None);
    set(store, 1, US, "a", "one").await;
    set(store, 2, US, "a", "two").await;
    let kept = store.secret(US, "a").await.unwrap().unwrap();
    assert_eq!((kept.sealed.as_str(), kept.set_at), ("two", minute(2)));
    assert!(!format!("{kept:?}").contains("two"));
    assert_eq!(store.verify_audit().await.unwrap().events(), 2);
}

pub(super) async fn a_secret_that_waited_takes_the_place(store: &Store) {
    set(store, 1, US, "a", "one").await;
    set(store, 2, US, "a.new", "two").await;
    let waiting = store.secret(US, "a.new").await.unwrap().unwrap();
    let accepted = SecretRecord { name: "a".to_owned(), sealed: "two-as-a".to_owned(), ..waiting };
    store.secret_accepted(&accepted, "a.new", &about(3, US)).await.unwrap();
    assert_eq!(store.secret(US, "a").await.unwrap(), Some(accepted.clone()));
    assert_eq!(store.secret(US, "a.new").await.unwrap(), None);
    let again = store.secret_accepted(&accepted, "a.new", &about(4, US)).await;
    assert!(matches!(again, Err(Error::Unknown { .. })));
    assert_eq!(store.verify_audit().await.unwrap().events(), 3);
}

pub(super) async fn secrets_are_resealed_together_or_not_at_all(store: &Store) {
    set(store, 1, US, "a", "one").await;
    set(store, 2, "de", "b", "two").await;
    let resealed: Vec<_> = store
        .secrets(None)
        .await
        .unwrap()
        .into_iter()
        .map(|was| Resealed { sealed: format!("{}-anew", was.sealed), was })
        .collect();
    let event = about(3, "");
    store.secrets_resealed(&resealed, &event).await.unwrap();
    assert_eq!(sealed(store).await, ["two-anew", "one-anew"]);
    assert_eq!(store.secret(US, "a").await.unwrap().unwrap().set_at, minute(1));
    assert_eq!(store.verify_audit().await.unwrap().events(), 4, "one more in each chain");

    // The first of them fits again, the second does not.
    set(store, 4, "de", "b", "two").await;
    let refused = store.secrets_resealed(&resealed, &event).await;
    assert!(matches!(refused, Err(Error::Stale { ref record, .. }) if record == "secret a of us"));
    assert_eq!(sealed(store).await, ["two", "one-anew"]);
}

pub(super) async fn a_secret_that_was_set_since_is_not_left_behind(store: &Store) {
    set(store, 1, US, "a", "one").await;
    let read = store.secrets(None).await.unwrap();
    let anew = |was: SecretRecord| Resealed { sealed: format!("{}-anew", was.sealed), was };
    let resealed: Vec<_> = read.into_iter().map(anew).collect();
    // One of the same connection, and the first of another.
    for (connection, name) in [(US, "b"), ("de", "a")] {
        set(store, 2, connection, name, "two").await;
        let refused = store.secrets_resealed(&resealed, &about(3, "")).await;
        let record = format!("secret {name} of {connection}");
        assert!(
            matches!(refused, Err(Error::Stale { record: ref named, .. }) if *named == record),
            "{refused:?}"
        );
        let before = sealed(store).await;
        assert!(before.iter().all(|sealed| !sealed.ends_with("-anew")), "{before:?}");
        store.secrets_forget(connection, &about(4, connection)).await.unwrap();
        set(store, 1, US, "a", "one").await;
    }
}

pub(super) async fn resealing_is_vouched_for_as_all_else(store: &Store) {
    let store = store.clone().signed_by(Arc::new(Seal));
    for minutes in 1..i64::try_from(CHECKPOINT_EVERY).unwrap() {
        set(&store, minutes, US, "a", "one").await;
    }
    let was = store.secret(US, "a").await.unwrap().unwrap();
    let resealed = [Resealed { sealed: "one-anew".to_owned(), was }];
    store.secrets_resealed(&resealed, &about(100, "")).await.unwrap();
    let check = store.verify_audit().await.unwrap();
    assert_eq!(check.vouched.get(US), Some(&CHECKPOINT_EVERY));
}

pub(super) async fn a_connection_is_forgotten_alone(store: &Store) {
    set(store, 1, US, "a", "one").await;
    set(store, 1, US, "b", "two").await;
    set(store, 1, "de", "a", "three").await;
    assert_eq!(store.secrets_forget(US, &about(2, US)).await.unwrap(), ["a", "b"]);
    let told = store.audit_lines(US, 2).await.unwrap();
    assert!(told[0].event.contains(r#""credentials":["a","b"]"#), "{told:?}");
    assert_eq!(sealed(store).await, ["three"]);
    assert_eq!(store.secrets_forget(US, &about(3, US)).await.unwrap(), [""; 0]);
}

pub(super) async fn a_setting_is_noted_once(store: &Store) {
    assert_eq!(store.setting("salt").await.unwrap(), None);
    assert_eq!(store.setting_once("salt", "one").await.unwrap(), "one");
    assert_eq!(store.setting_once("salt", "two").await.unwrap(), "one");
    assert_eq!(store.setting("salt").await.unwrap().as_deref(), Some("one"));
}

pub(super) async fn the_first_of_two_secrets_stays(store: &Store) {
    let once = async |minutes, sealed: &str| {
        store.secret_set_once(US, "a", sealed, &about(minutes, US)).await.unwrap()
    };
    let first = once(1, "one").await;
    assert_eq!((first.sealed.as_str(), first.set_at), ("one", minute(1)));
    assert_eq!(once(2, "two").await, first);
    assert_eq!(store.verify_audit().await.unwrap().events(), 1, "nothing was set the second time");
}
