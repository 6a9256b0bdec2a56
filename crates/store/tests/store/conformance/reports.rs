use store::{DocumentHash, Error, Hints, NewDocument, NewReport, Store};

use crate::samples::{US, about_report, came, minute, report};

pub(super) async fn a_report_is_new_once(store: &Store) {
    assert!(store.report_discovered(&report("1"), &about_report(1, "1")).await.unwrap());
    assert!(!store.report_discovered(&report("1"), &about_report(2, "1")).await.unwrap());
    assert_eq!(store.events_of("1").await.unwrap().len(), 1, "polling again leaves no trace");
    let elsewhere = NewReport { connection: "de".to_owned(), ..report("1") };
    assert!(store.report_discovered(&elsewhere, &about_report(3, "1")).await.unwrap());
}

pub(super) async fn a_report_lives_through_its_states(store: &Store) {
    store.report_discovered(&report("1"), &about_report(1, "1")).await.unwrap();
    assert_eq!(store.reports(US).await.unwrap()[0].state, "discovered");

    let hash = store
        .report_retrieved(US, "1", came("report 1", b"rows"), &about_report(2, "1"))
        .await
        .unwrap();
    assert_eq!(hash, DocumentHash::of(b"rows"));
    assert_eq!(store.document(&hash).await.unwrap().unwrap().name, "report 1");

    let hold = r#"{"reason":"line 7"}"#;
    store
        .report_advance(US, "1", "retrieved", "held", Some(hold), &about_report(3, "1"))
        .await
        .unwrap();
    let [held] = store.reports(US).await.unwrap().try_into().unwrap();
    assert_eq!((held.state.as_str(), held.hold.as_deref()), ("held", Some(hold)));
    assert_eq!(held.document, Some(hash));
    assert_eq!(held.report_document_id, "amzn1.spdoc.1");
    assert_eq!((held.created, held.discovered, held.updated), (minute(0), minute(1), minute(3)));

    store.report_advance(US, "1", "held", "read", None, &about_report(4, "1")).await.unwrap();
    let [read] = store.reports(US).await.unwrap().try_into().unwrap();
    assert_eq!((read.state.as_str(), read.hold), ("read", None));
}

pub(super) async fn what_was_said_of_a_document_stays(store: &Store) {
    let hints = async |bytes: &[u8]| {
        let hash = DocumentHash::of(bytes);
        let hints = store.document_hints(&hash).await.unwrap();
        if let Some(kept) = store.document(&hash).await.unwrap() {
            assert_eq!(kept.hints, hints);
        }
        hints
    };
    assert_eq!(hints(b"rows").await, Hints::default());
    store.report_discovered(&report("1"), &about_report(1, "1")).await.unwrap();
    store.report_retrieved(US, "1", came("1", b"rows"), &about_report(2, "1")).await.unwrap();
    let said = Hints {
        charset: Some("Cp1252".to_owned()),
        marketplace: Some("A1PA6795UKMFR9".to_owned()),
    };
    assert_eq!(hints(b"rows").await, said);

    // The same bytes of another report, of which nothing is said, are read as they were.
    let silent = NewReport { marketplace: None, ..report("2") };
    store.report_discovered(&silent, &about_report(3, "2")).await.unwrap();
    let document = NewDocument { charset: None, ..came("2", b"rows") };
    store.report_retrieved(US, "2", document, &about_report(4, "2")).await.unwrap();
    assert_eq!(hints(b"rows").await, said);

    store.put_document("by hand", b"others").await.unwrap();
    assert_eq!(hints(b"others").await, Hints::default());
}

pub(super) async fn a_refused_move_changes_nothing(store: &Store) {
    store.report_discovered(&report("1"), &about_report(1, "1")).await.unwrap();
    store
        .report_retrieved(US, "1", came("report 1", b"rows"), &about_report(2, "1"))
        .await
        .unwrap();
    let before = store.reports(US).await.unwrap();

    let again =
        store.report_retrieved(US, "1", came("report 1", b"others"), &about_report(3, "1")).await;
    assert!(matches!(again, Err(Error::Stale { ref actual, .. }) if actual == "retrieved"));
    assert_eq!(store.document(&DocumentHash::of(b"others")).await.unwrap(), None);
    let stale =
        store.report_advance(US, "1", "discovered", "read", None, &about_report(3, "1")).await;
    assert!(matches!(stale, Err(Error::Stale { .. })));
    let unknown =
        store.report_advance(US, "2", "retrieved", "read", None, &about_report(3, "2")).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));

    assert_eq!(store.reports(US).await.unwrap(), before);
    assert_eq!(store.verify_audit().await.unwrap().events(), 2);
}

pub(super) async fn reports_are_listed_per_connection_by_age(store: &Store) {
    for (report_id, created) in [("9", 5), ("10", 5), ("2", 9), ("3", 1)] {
        let new = NewReport { created: minute(created), ..report(report_id) };
        store.report_discovered(&new, &about_report(10, report_id)).await.unwrap();
    }
    let elsewhere = NewReport { connection: "de".to_owned(), ..report("4") };
    store.report_discovered(&elsewhere, &about_report(11, "4")).await.unwrap();

    let listed: Vec<_> =
        store.reports(US).await.unwrap().into_iter().map(|report| report.report_id).collect();
    assert_eq!(listed, ["3", "10", "9", "2"]);
    assert_eq!(store.reports("fr").await.unwrap(), []);
}
