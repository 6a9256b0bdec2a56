use std::cell::Cell;

use proptest::prelude::*;
use serde_json::{Value, json};
use store::{DocumentHash, Event, NewEvent, NewSettlement, Store};

use crate::samples::{
    US, about_posting, about_report, about_settlement, at, event, intend, minute, new_settlement,
    read, report,
};

/// The whole life of settlement 810, which came under reports 51 and 52.
fn life(store: &Store) {
    store.report_discovered(&report("51"), &about_report(1, "51")).unwrap();
    store.report_discovered(&report("52"), &about_report(2, "52")).unwrap();
    store.report_discovered(&report("99"), &about_report(3, "99")).unwrap();
    let first = store.report_retrieved(US, "51", "51", b"rows", &about_report(4, "51")).unwrap();
    let second = store.report_retrieved(US, "52", "52", b"wide", &about_report(5, "52")).unwrap();
    store.report_retrieved(US, "99", "99", b"else", &about_report(6, "99")).unwrap();
    let new = new_settlement("810", first);
    store.settlement_read(&new, &about_settlement(7, "810")).unwrap();
    let again = NewSettlement { document: second, ..new };
    store.settlement_read(&again, &about_settlement(8, "810")).unwrap();
    read(store, 9, "81");
    intend(store, 10, "810", &["810-a"]);
    let (change, sent) = (at(11, Some(1), None), about_posting(11, "810", "810-a"));
    store.posting_advance("810-a", "intended", "sent", &change, &sent).unwrap();
}

fn minutes(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.detail["minute"].as_i64().unwrap()).collect()
}

pub(super) fn every_transition_is_told_with_its_states(store: &Store) {
    life(store);
    let told: Vec<_> = store
        .events_of("810")
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

pub(super) fn the_chain_can_be_recomputed(store: &Store) {
    assert_eq!(store.verify_audit().unwrap().events, 0);
    assert_eq!(store.append(&event(1, "810", "settlement 810")).unwrap(), 1);
    assert_eq!(store.append(&event(2, "810", "settlement 810")).unwrap(), 2);
    let [first, second] = store.events_of("810").unwrap().try_into().unwrap();
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
    let check = store.verify_audit().unwrap();
    assert_eq!((check.events, check.head), (2, second.hash));
}

pub(super) fn a_story_has_its_reports_and_postings_and_no_others(store: &Store) {
    life(store);
    assert_eq!(minutes(&store.events_of("810").unwrap()), [1, 2, 4, 5, 7, 10, 11]);
    assert_eq!(minutes(&store.events_of("81").unwrap()), [9]);
    assert_eq!(minutes(&store.events_of("99").unwrap()), [3, 6]);
    assert!(store.events_of("").unwrap().is_empty());
}

pub(super) fn a_subject_selects_whole_words(store: &Store) {
    life(store);
    assert_eq!(minutes(&store.events_of("settlement").unwrap()), [7, 9, 10]);
    assert_eq!(minutes(&store.events_of("settlement 81").unwrap()), [9]);
    assert_eq!(minutes(&store.events_of("posting 810-a").unwrap()), [11]);
    assert!(store.events_of("settle").unwrap().is_empty());
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

pub(super) fn any_event_comes_back_and_verifies(store: &Store) {
    let told = Cell::new(0);
    proptest!(ProptestConfig::with_cases(48), |(
        actor in any::<String>(),
        subject in any::<String>(),
        action in any::<String>(),
        from in any::<Option<String>>(),
        minutes in 0..1_000_000i64,
        detail in any_detail(),
    )| {
        told.set(told.get() + 1);
        let record = format!("r{}", told.get());
        let to = Some("next".to_owned());
        let at = minute(minutes);
        let connection = US.to_owned();
        let new = NewEvent { at, actor, connection, record, subject, action, from, to, detail };
        let seq = store.append(&new).unwrap();
        let [event] = store.events_of(&new.record).unwrap().try_into().unwrap();
        prop_assert_eq!(seq, told.get());
        let Event { at, actor, connection, record, subject, action, from, to, detail, .. } = event;
        let back =
            NewEvent { at, actor, connection, record, subject, action, from, to, detail };
        prop_assert_eq!(back, new);
    });
    assert_eq!(store.verify_audit().unwrap().events, told.get());
}
