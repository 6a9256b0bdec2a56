use store::{Error, RecordKey, RecordKind, SettlementChange, Store};

use crate::samples::{about_posting, about_settlement, at, intend, intent, key, minute, read};

pub(super) async fn intents_come_with_the_transition(store: &Store) {
    read(store, 1, "810").await;
    intend(store, 2, "810", &["810-b", "810-a"]).await;
    assert_eq!(store.settlement(&key("810")).await.unwrap().unwrap().state, "posting");
    let postings = store.postings_of(&key("810")).await.unwrap();
    let keys: Vec<_> = postings.iter().map(|posting| posting.key.as_str()).collect();
    assert_eq!(keys, ["810-b", "810-a"], "in the order given");

    let posting = store.posting("810-a").await.unwrap().unwrap();
    assert_eq!(posting, postings[1]);
    let sent = intent("810-a");
    assert_eq!(posting.record, RecordKey::from(&key("810")));
    assert_eq!((posting.kind, posting.token), (sent.kind, sent.token));
    assert_eq!((posting.group_id, posting.payload), (sent.group_id, sent.payload));
    assert_eq!((posting.step, posting.attempts, posting.outcome), (sent.step, 0, None));
    assert_eq!([posting.since, posting.created, posting.updated], [minute(2); 3]);
    assert_eq!(store.posting("810-c").await.unwrap(), None);

    // The same id of another kind is another record.
    let order = RecordKey { kind: RecordKind::Order, ..RecordKey::from(&key("810")) };
    assert_eq!(store.postings_of(order).await.unwrap(), []);
}

pub(super) async fn a_key_is_never_recorded_twice(store: &Store) {
    read(store, 1, "810").await;
    read(store, 2, "811").await;
    intend(store, 3, "810", &["810-a"]).await;
    let intents = [intent("811-a"), intent("810-a")];
    let event = about_settlement(4, "811");
    let refused = store
        .intents_recorded(
            &key("811"),
            ("read", "posting"),
            &SettlementChange::default(),
            &intents,
            &event,
        )
        .await;
    assert!(
        matches!(refused, Err(Error::AlreadyThere { ref record }) if record == "posting 810-a")
    );
    assert_eq!(store.settlement(&key("811")).await.unwrap().unwrap().state, "read");
    assert_eq!(store.postings_of(&key("811")).await.unwrap(), []);
    assert_eq!(store.verify_audit().await.unwrap().events(), 3);
}

pub(super) async fn intents_need_the_expected_state(store: &Store) {
    read(store, 1, "810").await;
    intend(store, 2, "810", &["810-a"]).await;
    let intents = [intent("810-b")];
    let event = about_settlement(3, "810");
    let again = store
        .intents_recorded(
            &key("810"),
            ("read", "posting"),
            &SettlementChange::default(),
            &intents,
            &event,
        )
        .await;
    assert!(matches!(again, Err(Error::Stale { ref actual, .. }) if actual == "posting"));
    assert_eq!(store.posting("810-b").await.unwrap(), None);
}

pub(super) async fn steps_count_attempts_and_keep_the_outcome(store: &Store) {
    read(store, 1, "810").await;
    intend(store, 2, "810", &["k"]).await;
    let advance = async |minutes, from, to, attempts, outcome| {
        let event = about_posting(minutes, "810", "k");
        store
            .posting_advance("k", from, to, &at(minutes, attempts, outcome), &event)
            .await
            .unwrap();
        let kept = store.posting("k").await.unwrap().unwrap();
        assert_eq!((kept.step.as_str(), kept.since), (to, minute(minutes)));
        assert_eq!((kept.created, kept.updated), (minute(2), minute(minutes)));
        (kept.attempts, kept.outcome)
    };
    let timeout = || Some("\"timeout\"".to_owned());
    assert_eq!(advance(3, "intended", "sent", Some(1), None).await, (1, None));
    assert_eq!(advance(4, "sent", "unknown", None, Some("\"timeout\"")).await, (1, timeout()));
    assert_eq!(advance(5, "unknown", "sent", Some(2), None).await, (2, timeout()));
    let posted = Some("{}".to_owned());
    assert_eq!(advance(6, "sent", "confirmed", None, Some("{}")).await, (2, posted));
}

pub(super) async fn waiting_on_does_not_start_the_wait_again(store: &Store) {
    read(store, 1, "810").await;
    intend(store, 2, "810", &["k"]).await;
    let event = |minutes| about_posting(minutes, "810", "k");
    let since = async || store.posting("k").await.unwrap().unwrap().since;
    store.posting_advance("k", "intended", "unknown", &at(3, None, None), &event(3)).await.unwrap();
    store.posting_advance("k", "unknown", "unknown", &at(4, None, None), &event(4)).await.unwrap();
    assert_eq!(since().await, minute(3));
    store
        .posting_advance("k", "unknown", "unknown", &at(5, Some(1), None), &event(5))
        .await
        .unwrap();
    assert_eq!(since().await, minute(5), "an attempt does");
}

pub(super) async fn a_refused_step_changes_nothing(store: &Store) {
    read(store, 1, "810").await;
    intend(store, 2, "810", &["k"]).await;
    let before = store.posting("k").await.unwrap();
    let (change, event) = (at(3, Some(1), Some("{}")), about_posting(3, "810", "k"));
    let stale = store.posting_advance("k", "sent", "confirmed", &change, &event).await;
    assert!(matches!(stale, Err(Error::Stale { ref actual, .. }) if actual == "intended"));
    let unknown = store.posting_advance("j", "intended", "sent", &change, &event).await;
    assert!(matches!(unknown, Err(Error::Unknown { ref record }) if record == "posting j"));
    assert_eq!(store.posting("k").await.unwrap(), before);
    assert_eq!(store.verify_audit().await.unwrap().events(), 2);
}

pub(super) async fn an_incident_is_kept_until_it_is_gone(store: &Store) {
    read(store, 1, "810").await;
    intend(store, 2, "810", &["a", "b"]).await;
    let keys = async |since| -> Vec<_> {
        let found = store.postings_since("us", minute(since)).await.unwrap();
        found.into_iter().map(|posting| posting.key).collect()
    };
    assert_eq!(keys(2).await, ["a", "b"]);
    assert!(keys(3).await.is_empty());
    assert!(store.postings_since("de", minute(0)).await.unwrap().is_empty());

    let event = about_posting(4, "810", "a");
    let incident = || Some("{}".to_owned());
    store.posting_swept("us", "a", minute(4), incident(), Some(&event)).await.unwrap();
    store.posting_swept("us", "b", minute(4), None, None).await.unwrap();
    let found = store.incidents(Some("us")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0].incident, found[0].swept), (&incident(), Some(minute(4))));
    assert_eq!(store.incidents(None).await.unwrap(), found);
    assert_eq!(store.verify_audit().await.unwrap().events(), 3, "one more");

    store.posting_swept("us", "a", minute(5), None, None).await.unwrap();
    assert!(store.incidents(None).await.unwrap().is_empty());
    let unknown = store.posting_swept("us", "c", minute(5), None, None).await;
    assert!(matches!(unknown, Err(Error::Unknown { ref record }) if record == "posting c"));
}
