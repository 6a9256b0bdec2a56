//! Whoever edits the audit log behind the store's back is found out.

use store::{DocumentHash, Error, Store};

use crate::{
    folder::raw,
    samples::{US, event, read},
};

/// A log of five events, whose triggers someone dropped and whose rows someone changed by `sql`.
/// Returns the number of the first event that does not fit, and what is said about it.
async fn found_after(sql: &str) -> (u64, String) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    read(&store, 1, "810").await;
    for minutes in 2..=5 {
        store.append(&event(minutes, "810", "settlement 810")).await.unwrap();
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), 5);
    raw(dir.path())
        .execute_batch(&format!(
            "DROP TRIGGER audit_is_never_updated; DROP TRIGGER audit_is_never_deleted;
             DROP TRIGGER audit_head_only_advances; DROP TRIGGER audit_head_is_never_deleted;
             {sql}"
        ))
        .unwrap();
    match store.verify_audit().await {
        Err(Error::AuditBroken { connection, seq, what }) if connection == US => (seq, what),
        other => panic!("{sql} went unnoticed: {other:?}"),
    }
}

#[tokio::test]
async fn an_edited_text() {
    let sql = "UPDATE audit SET event = replace(event, 'connector', 'nobody') WHERE seq = 3";
    assert_eq!(found_after(sql).await, (3, "its text was changed".to_owned()));
}

#[tokio::test]
async fn an_edited_text_with_a_hash_that_fits_it() {
    let (previous, event) = ("0".repeat(64), r#"{"seq":3}"#);
    let hash = DocumentHash::of(format!("{previous}\n{event}\n").as_bytes());
    let sql = format!(
        "UPDATE audit SET (previous, event, hash) = ('{previous}', '{event}', '{hash}')
         WHERE seq = 3"
    );
    assert_eq!(found_after(&sql).await, (3, "it does not follow the event before it".to_owned()));
}

#[tokio::test]
async fn an_edited_hash() {
    let sql = "UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE seq = 3";
    assert_eq!(found_after(sql).await, (3, "its text was changed".to_owned()));
}

#[tokio::test]
async fn an_event_replaced_by_a_copy_of_another() {
    let sql = "UPDATE audit SET (previous, event, hash) =
        (SELECT previous, event, hash FROM audit WHERE seq = 2) WHERE seq = 4";
    assert_eq!(found_after(sql).await.0, 4);
}

#[tokio::test]
async fn a_deleted_event() {
    assert_eq!(
        found_after("DELETE FROM audit WHERE seq = 3").await,
        (3, "it is missing".to_owned())
    );
}

#[tokio::test]
async fn a_deleted_event_whose_gap_was_closed() {
    let sql = "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3";
    assert_eq!(found_after(sql).await.0, 3);
}

#[tokio::test]
async fn two_events_in_another_order() {
    let sql = "UPDATE audit SET seq = 9 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4;
        UPDATE audit SET seq = 4 WHERE seq = 9";
    assert_eq!(found_after(sql).await.0, 3);
}

#[tokio::test]
async fn an_end_that_was_cut_off() {
    let (seq, what) = found_after("DELETE FROM audit WHERE seq > 3").await;
    assert_eq!((seq, what.as_str()), (4, "the log ends at event 3, not at event 5"));
}

#[tokio::test]
async fn an_empty_log() {
    assert_eq!(found_after("DELETE FROM audit").await.0, 1);
}

#[tokio::test]
async fn a_note_of_the_newest_event_that_is_gone() {
    assert_eq!(found_after("DELETE FROM audit_heads").await.0, 0);
}

#[tokio::test]
async fn an_event_that_was_added() {
    let sql = "INSERT INTO audit
        SELECT connection, 6, hash, event, hash, record, subject FROM audit WHERE seq = 5";
    assert_eq!(found_after(sql).await.0, 6);
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_an_event() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    read(&store, 1, "810").await;
    for sql in [
        "UPDATE audit SET event = '{}'",
        "DELETE FROM audit",
        "UPDATE audit_heads SET seq = 0",
        "DELETE FROM audit_heads",
    ] {
        let refused = raw(dir.path()).execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("audit log"), "{sql}: {refused}");
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), 1);
}
