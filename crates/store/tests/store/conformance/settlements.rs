use store::{
    DocumentHash, Error, NewContent, NewEvent, NewSettlement, Recorded, SettlementChange,
    SettlementKey, Store,
};

use crate::samples::{US, about_settlement, key, minute, new_settlement, read};

pub(super) async fn a_settlement_is_new_once(store: &Store) {
    let new = read(store, 1, "810").await;
    let kept = store.settlement(&key("810")).await.unwrap().unwrap();
    assert_eq!((kept.document, kept.rows, kept.deposit.as_str()), (new.document, 1204, "-12.34"));
    assert_eq!((&kept.source, &kept.currency), (&new.source, &new.currency));
    assert_eq!((&kept.start, &kept.end, &kept.content), (&new.start, &new.end, &new.content));
    assert_eq!((kept.state.as_str(), &kept.hold, &kept.plan), ("read", &None, &None));
    assert_eq!((kept.created, kept.updated), (minute(1), minute(1)));

    // The same settlement inside another document, as Amazon lists it under several reports.
    let document = store.put_document("wider.txt", b"two settlements").await.unwrap();
    let again = NewSettlement { document, source: "report 5".to_owned(), ..new };
    let recorded = store.settlement_read(&again, &about_settlement(2, "810")).await.unwrap();
    assert_eq!(recorded, Recorded::Same);
    assert_eq!(store.settlement(&key("810")).await.unwrap().unwrap(), kept);
    assert_eq!(store.events_of("810").await.unwrap().len(), 1);
    assert_eq!(store.settlement(&key("811")).await.unwrap(), None);
}

pub(super) async fn another_content_is_a_reissue(store: &Store) {
    let known = read(store, 1, "810").await;
    let before = store.settlement(&key("810")).await.unwrap();
    let document = store.put_document("reissue.txt", b"other rows").await.unwrap();
    let content = DocumentHash::of(b"other content").to_string();
    let new = NewSettlement { document, content, ..known.clone() };
    let recorded = store.settlement_read(&new, &about_settlement(2, "810")).await.unwrap();
    assert_eq!(recorded, Recorded::Reissue { known: known.document });
    assert_eq!(store.settlement(&key("810")).await.unwrap(), before);
}

pub(super) async fn a_settlement_takes_on_another_content(store: &Store) {
    let known = read(store, 1, "810").await;
    let document = store.put_document("reissue.txt", b"other rows").await.unwrap();
    let content = NewContent {
        document,
        source: "report 52".to_owned(),
        deposit: "12.35".to_owned(),
        start: known.start.clone(),
        end: "2026-10-16T00:00:00Z".to_owned(),
        rows: 1205,
        content: DocumentHash::of(b"other content").to_string(),
        chain: "\"other\"".to_owned(),
    };
    let change = SettlementChange {
        reissue: Some("{}".to_owned()),
        waived: Some("[]".to_owned()),
        content: Some(content.clone()),
        ..SettlementChange::default()
    };
    let event = about_settlement(2, "810");
    store.settlement_advance(&key("810"), "read", "read", &change, &event).await.unwrap();
    let kept = store.settlement(&key("810")).await.unwrap().unwrap();
    assert_eq!((kept.document, &kept.source), (document, &content.source));
    assert_eq!((&kept.deposit, &kept.end, kept.rows), (&content.deposit, &content.end, 1205));
    assert_eq!((kept.reissue.as_deref(), kept.waived.as_deref()), (Some("{}"), Some("[]")));
    assert_eq!(store.chain_facts(US, "USD").await.unwrap(), [content.chain]);
    assert!(store.chain_facts(US, "EUR").await.unwrap().is_empty());

    // From now on that content is the known one, and the former is another.
    let same = NewSettlement { content: content.content, ..known.clone() };
    let recorded = store.settlement_read(&same, &about_settlement(3, "810")).await.unwrap();
    assert_eq!(recorded, Recorded::Same);
    let former = store.settlement_read(&known, &about_settlement(3, "810")).await.unwrap();
    assert_eq!(former, Recorded::Reissue { known: document });
}

/// A change that holds.
fn held() -> SettlementChange {
    SettlementChange { hold: Some(Some("{}".to_owned())), ..SettlementChange::default() }
}

pub(super) async fn a_settlement_needs_its_document(store: &Store) {
    let new = new_settlement("810", DocumentHash::of(b"never kept"));
    let refused = store.settlement_read(&new, &about_settlement(1, "810")).await.unwrap_err();
    assert!(matches!(refused, Error::Unknown { ref record } if record.starts_with("document ")));
    assert_eq!(store.settlement(&key("810")).await.unwrap(), None);
}

pub(super) async fn hold_and_plan_change_only_when_asked(store: &Store) {
    read(store, 1, "810").await;
    let advance = async |minutes, from, to, hold, plan: Option<&str>| {
        let change =
            SettlementChange { hold, plan: plan.map(str::to_owned), ..SettlementChange::default() };
        let event = about_settlement(minutes, "810");
        store.settlement_advance(&key("810"), from, to, &change, &event).await.unwrap();
        let kept = store.settlement(&key("810")).await.unwrap().unwrap();
        assert_eq!((kept.state.as_str(), kept.updated), (to, minute(minutes)));
        (kept.hold, kept.plan)
    };
    let hold = || Some("{}".to_owned());
    let plan = || Some("[1]".to_owned());
    assert_eq!(advance(2, "read", "mapped", None, Some("[1]")).await, (None, plan()));
    assert_eq!(advance(3, "mapped", "held", Some(hold()), None).await, (hold(), plan()));
    assert_eq!(advance(4, "held", "waiting", None, None).await, (hold(), plan()));
    let replanned = Some("[2]".to_owned());
    assert_eq!(advance(5, "waiting", "mapped", Some(None), Some("[2]")).await, (None, replanned));
}

pub(super) async fn a_refused_move_changes_nothing(store: &Store) {
    read(store, 1, "810").await;
    let before = store.settlement(&key("810")).await.unwrap();
    let change = SettlementChange { plan: Some("[]".to_owned()), ..held() };
    let event = about_settlement(2, "810");
    let stale = store.settlement_advance(&key("810"), "mapped", "ready", &change, &event).await;
    match stale {
        Err(Error::Stale { record, expected, actual }) => {
            assert_eq!(record, "settlement 810 of us");
            assert_eq!((expected.as_str(), actual.as_str()), ("mapped", "read"));
        }
        other => panic!("{other:?}"),
    }
    let elsewhere = SettlementKey { connection: "de".to_owned(), ..key("810") };
    let unknown = store.settlement_advance(&elsewhere, "read", "mapped", &change, &event).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
    assert_eq!(store.settlement(&key("810")).await.unwrap(), before);
    assert_eq!(store.verify_audit().await.unwrap().events(), 1);
}

pub(super) async fn only_one_of_two_deciders_wins(store: &Store) {
    read(store, 1, "810").await;
    let change = SettlementChange::default();
    let decide = async |to: &'static str| {
        let event = about_settlement(2, "810");
        store.settlement_advance(&key("810"), "read", to, &change, &event).await.is_ok()
    };
    let (approved, held) = tokio::join!(decide("approved"), decide("held"));
    assert!(approved ^ held, "exactly one");
    let state = store.settlement(&key("810")).await.unwrap().unwrap().state;
    assert_eq!(state, if approved { "approved" } else { "held" });
    assert_eq!(store.events_of("810").await.unwrap().len(), 2);
}

pub(super) async fn settlements_are_ordered_by_end_then_id(store: &Store) {
    for (connection, id, end) in [("us", "3", "11"), ("us", "2", "12"), ("de", "1", "12")] {
        let document = store.put_document(id, id.as_bytes()).await.unwrap();
        let new = new_settlement(id, document);
        let key = SettlementKey { connection: connection.to_owned(), ..new.key };
        let new = NewSettlement { key, end: format!("2026-{end}-01T00:00:00Z"), ..new };
        store.settlement_read(&new, &about_settlement(1, id)).await.unwrap();
    }
    let ids = async |connection| -> Vec<_> {
        let found = store.settlements(connection).await.unwrap();
        found.into_iter().map(|record| record.key.settlement_id).collect()
    };
    assert_eq!(ids(None).await, ["3", "1", "2"]);
    assert_eq!(ids(Some(US)).await, ["3", "2"]);
    assert!(ids(Some("fr")).await.is_empty());
}

pub(super) async fn a_settlement_of_two_connections_is_known_to_both(store: &Store) {
    let new = read(store, 1, "810").await;
    let elsewhere = async |key: &SettlementKey| {
        let found = store.settlement_elsewhere(key).await.unwrap();
        found.into_iter().map(|there| (there.key, there.state)).collect::<Vec<_>>()
    };
    assert_eq!(elsewhere(&new.key).await, []);
    let theirs = SettlementKey { connection: "de".to_owned(), ..key("810") };
    let again = NewSettlement { key: theirs.clone(), state: "mapped".to_owned(), ..new };
    let event = NewEvent { connection: "de".to_owned(), ..about_settlement(2, "810") };
    assert_eq!(store.settlement_read(&again, &event).await.unwrap(), Recorded::New);
    // Twice seen there, and another settlement of theirs.
    let wider = NewSettlement { source: "report 5".to_owned(), ..again.clone() };
    assert_eq!(store.settlement_read(&wider, &event).await.unwrap(), Recorded::Same);
    read(store, 3, "811").await;

    assert_eq!(elsewhere(&key("810")).await, [(theirs.clone(), "mapped".to_owned())]);
    assert_eq!(elsewhere(&theirs).await, [(key("810"), "read".to_owned())]);
    assert_eq!(elsewhere(&key("811")).await, []);
}
