use std::collections::BTreeMap;

use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use store::{
    AuditCheck, AuditLine, ChainEnd, DocumentHash, Error, Event, NewEvent, NewSettlement, Store,
};

use crate::samples::{
    US, about_posting, about_report, about_settlement, at, came, event, intend, minute,
    new_settlement, read, report,
};

/// The whole life of settlement 810, which came under reports 51 and 52.
async fn life(store: &Store) {
    store.report_discovered(&report("51"), &about_report(1, "51")).await.unwrap();
    store.report_discovered(&report("52"), &about_report(2, "52")).await.unwrap();
    store.report_discovered(&report("99"), &about_report(3, "99")).await.unwrap();
    let first = store
        .report_retrieved(US, "51", came("51", b"rows"), &about_report(4, "51"))
        .await
        .unwrap();
    let second = store
        .report_retrieved(US, "52", came("52", b"wide"), &about_report(5, "52"))
        .await
        .unwrap();
    store.report_retrieved(US, "99", came("99", b"else"), &about_report(6, "99")).await.unwrap();
    let new = new_settlement("810", first);
    store.settlement_read(&new, &about_settlement(7, "810")).await.unwrap();
    let again = NewSettlement { document: second, ..new };
    store.settlement_read(&again, &about_settlement(8, "810")).await.unwrap();
    read(store, 9, "81").await;
    intend(store, 10, "810", &["810-a"]).await;
    let (change, sent) = (at(11, Some(1), None), about_posting(11, "810", "810-a"));
    store.posting_advance("810-a", "intended", "sent", &change, &sent).await.unwrap();
}

fn minutes(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.detail["minute"].as_i64().unwrap()).collect()
}

pub(super) async fn every_transition_is_told_with_its_states(store: &Store) {
    life(store).await;
    let told: Vec<_> = store
        .events_of("810")
        .await
        .unwrap()
        .into_iter()
        .map(|e| [e.subject, e.from.unwrap_or_default(), e.to.unwrap_or_default()].join("|"))
        .collect();
    assert_eq!(
        told,
        [
            "report 51||discovered",
            "report 52||discovered",
            "report 51|discovered|retrieved",
            "report 52|discovered|retrieved",
            "settlement 810||read",
            "settlement 810|read|posting",
            "posting 810-a|intended|sent",
        ]
    );
}

pub(super) async fn the_chain_can_be_recomputed(store: &Store) {
    assert_eq!(store.verify_audit().await.unwrap().events(), 0);
    assert_eq!(store.append(&event(1, "810", "settlement 810")).await.unwrap(), 1);
    assert_eq!(store.append(&event(2, "810", "settlement 810")).await.unwrap(), 2);
    let [first, second] = store.events_of("810").await.unwrap().try_into().unwrap();
    assert_eq!((first.seq, second.seq), (1, 2));
    assert_eq!(first.previous, "0".repeat(64));
    // The line is written out here, so that a change of its form cannot go unnoticed.
    let line = concat!(
        r#"{"seq":1,"at":"2026-11-02T08:01:00.25Z","actor":"connector","connection":"us","#,
        r#""record":"810","subject":"settlement 810","action":"moved","from":null,"to":null,"#,
        r#""detail":{"minute":1}}"#,
    );
    let hashed = format!("{}\n{line}\n", first.previous);
    assert_eq!(first.hash, DocumentHash::of(hashed.as_bytes()).to_string());
    assert_eq!(second.previous, first.hash);
    let end = ChainEnd { events: 2, head: second.hash };
    assert_eq!(store.verify_audit().await.unwrap().chains, BTreeMap::from([(US.to_owned(), end)]));
}

pub(super) async fn a_story_has_its_reports_and_postings_and_no_others(store: &Store) {
    life(store).await;
    assert_eq!(minutes(&store.events_of("810").await.unwrap()), [1, 2, 4, 5, 7, 10, 11]);
    assert_eq!(minutes(&store.events_of("81").await.unwrap()), [9]);
    assert_eq!(minutes(&store.events_of("99").await.unwrap()), [3, 6]);
    assert!(store.events_of("").await.unwrap().is_empty());
}

pub(super) async fn a_subject_selects_whole_words(store: &Store) {
    life(store).await;
    assert_eq!(minutes(&store.events_of("settlement").await.unwrap()), [7, 9, 10]);
    assert_eq!(minutes(&store.events_of("settlement 81").await.unwrap()), [9]);
    assert_eq!(minutes(&store.events_of("posting 810-a").await.unwrap()), [11]);
    assert!(store.events_of("settle").await.unwrap().is_empty());
}

fn any_detail() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        // Money beyond what a binary float can hold.
        Just(serde_json::from_str("12345678901234567890.10").unwrap()),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| json!(map)),
        ]
    })
}

pub(super) async fn any_event_comes_back_and_verifies(store: &Store) {
    let any = (
        any::<String>(),
        any::<String>(),
        any::<String>(),
        any::<Option<String>>(),
        0..1_000_000i64,
        any_detail(),
    );
    let mut runner = TestRunner::deterministic();
    let mut told = 0;
    // Not by the `proptest!` macro: its cases are not asynchronous.
    for _ in 0..48 {
        told += 1;
        let (actor, subject, action, from, minutes, detail) =
            any.new_tree(&mut runner).unwrap().current();
        let record = format!("r{told}\0");
        let (connection, to) = (US.to_owned(), Some("next".to_owned()));
        let at = minute(minutes);
        let new = NewEvent { at, actor, connection, record, subject, action, from, to, detail };
        assert_eq!(store.append(&new).await.unwrap(), told);
        let [event] = store.events_of(&new.record).await.unwrap().try_into().unwrap();
        let Event { at, actor, connection, record, subject, action, from, to, detail, .. } = event;
        let back = NewEvent { at, actor, connection, record, subject, action, from, to, detail };
        assert_eq!(back, new);
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), told);
}

pub(super) async fn exported_lines_verify_without_the_store(store: &Store) {
    for minutes in 1..=3 {
        store.append(&event(minutes, "9", "report 9")).await.unwrap();
    }
    let lines = store.audit_lines(US, 0).await.unwrap();
    assert_eq!(store.audit_lines(US, 1).await.unwrap(), lines[1..]);
    assert_eq!(store.audit_lines(US, 3).await.unwrap(), []);
    let check = AuditCheck::of_lines(lines.clone()).unwrap();
    assert_eq!(check, store.verify_audit().await.unwrap());

    let broken_at = |lines: Vec<AuditLine>| match AuditCheck::of_lines(lines) {
        Err(Error::AuditBroken { connection, seq, .. }) if connection == US => seq,
        other => panic!("{other:?}"),
    };
    let mut edited = lines.clone();
    edited[1].event = edited[1].event.replace("moved", "never");
    assert_eq!(broken_at(edited), 2);
    let removed = vec![lines[0].clone(), lines[2].clone()];
    assert_eq!(broken_at(removed), 2);
    let swapped = vec![lines[1].clone(), lines[0].clone()];
    assert_eq!(broken_at(swapped), 1);
}

pub(super) async fn each_connection_has_a_chain_of_its_own(store: &Store) {
    let de = |minutes| NewEvent { connection: "de".to_owned(), ..event(minutes, "9", "report 9") };
    assert_eq!(store.append(&event(1, "9", "report 9")).await.unwrap(), 1);
    assert_eq!(store.append(&de(2)).await.unwrap(), 1);
    assert_eq!(store.append(&event(3, "9", "report 9")).await.unwrap(), 2);
    assert_eq!(minutes(&store.events_of("9").await.unwrap()), [2, 1, 3]);
    let check = store.verify_audit().await.unwrap();
    let ends: Vec<_> = check.chains.iter().map(|(name, end)| (&**name, end.events)).collect();
    assert_eq!((ends, check.events()), (vec![("de", 1), (US, 2)], 3));
}
