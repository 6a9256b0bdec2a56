//! Whoever edits the audit log behind the store's back is found out.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use store::{AuditLine, CHECKPOINT_EVERY, CONSOLE, DocumentHash, Error, NewUser, Store};

use crate::{
    folder::raw,
    samples::{Seal, US, event, minute, read},
    server::connect,
};

/// A log of five events.
async fn five(store: Store) -> Store {
    let store = store.signed_by(Arc::new(Seal));
    read(&store, 1, "810").await;
    for minutes in 2..=5 {
        store.append(&event(minutes, "810", "settlement 810")).await.unwrap();
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), 5);
    store
}

/// What a check says: the number of the first event that does not fit, and why.
async fn found(store: &Store, sql: &str) -> (u64, String) {
    match store.verify_audit().await {
        Err(Error::AuditBroken { connection, seq, what }) if connection == US => (seq, what),
        other => panic!("{sql} went unnoticed: {other:?}"),
    }
}

/// Somebody takes the triggers of the data folder off and changes rows by `sql`.
fn change_file(dir: &Path, sql: &str) {
    let off = "DROP TRIGGER audit_is_never_updated; DROP TRIGGER audit_is_never_deleted;
         DROP TRIGGER audit_head_only_advances; DROP TRIGGER audit_head_is_never_deleted;
         DROP TRIGGER checkpoints_are_never_updated; DROP TRIGGER checkpoints_are_never_deleted;";
    raw(dir).execute_batch(&format!("{off} {sql}")).unwrap();
}

/// As [`change_file`], on the server.
async fn change_schema(schema: &str, sql: &str) {
    let pool = sqlx::PgPool::connect(&crate::server::url()).await.unwrap();
    let off = ["audit", "audit_heads", "checkpoints"]
        .map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER USER;"))
        .concat();
    let sql = format!("SET search_path TO {schema}; {off} {sql}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool).await.unwrap();
}

/// A schema that no other test has.
fn schema() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("tampered_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// What is said after rows were changed by `sql`, on either engine: both say the same.
async fn found_after(sql: &str) -> (u64, String) {
    let dir = tempfile::tempdir().unwrap();
    let store = five(Store::open(dir.path()).unwrap()).await;
    change_file(dir.path(), sql);
    let in_file = found(&store, sql).await;

    let schema = schema();
    let store = five(connect(&schema).await).await;
    change_schema(&schema, sql).await;
    assert_eq!(found(&store, sql).await, in_file, "{sql}: both engines say the same");
    in_file
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

/// Statements that leave the records of a connection and nothing of its log.
const WIPED: [&str; 2] = [
    "DELETE FROM audit; DELETE FROM audit_heads; DELETE FROM checkpoints",
    "DELETE FROM audit; DELETE FROM checkpoints; UPDATE audit_heads SET seq = 0,
        hash = '0000000000000000000000000000000000000000000000000000000000000000'",
];

#[tokio::test]
async fn a_whole_log_whose_records_are_still_there() {
    let said = (1, "it is missing, though there are records of the connection".to_owned());
    for sql in WIPED {
        assert_eq!(found_after(sql).await, said);
    }
}

/// Otherwise the next run would begin a new chain, and nobody would see that there was another.
#[tokio::test]
async fn a_log_that_is_gone_is_not_begun_anew() {
    let refused = async |store: &Store, sql: &str| {
        let refused = store.append(&event(6, "810", "settlement 810")).await;
        assert!(
            matches!(refused, Err(Error::AuditBroken { seq: 1, ref connection, .. }) if connection == US),
            "{sql}: {refused:?}"
        );
    };
    for sql in WIPED {
        let dir = tempfile::tempdir().unwrap();
        let store = five(Store::open(dir.path()).unwrap()).await;
        change_file(dir.path(), sql);
        refused(&store, sql).await;

        let schema = schema();
        let store = five(connect(&schema).await).await;
        change_schema(&schema, sql).await;
        refused(&store, sql).await;
    }
}

#[tokio::test]
async fn the_log_of_the_users_whose_users_are_still_there() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let clerk = NewUser {
        name: "clerk".to_owned(),
        roles: "viewer".to_owned(),
        password: "a hash".to_owned(),
    };
    store.user_add(&clerk, &event(1, "user clerk", "user clerk")).await.unwrap();
    change_file(dir.path(), WIPED[0]);
    let said = store.verify_audit().await;
    assert!(
        matches!(said, Err(Error::AuditBroken { seq: 1, ref connection, .. }) if connection == CONSOLE),
        "{said:?}"
    );
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
    let store = store.signed_by(Arc::new(Seal));
    store.checkpoint(US, minute(2)).await.unwrap();
    for sql in [
        "UPDATE audit SET event = '{}'",
        "DELETE FROM audit",
        "UPDATE audit_heads SET seq = 0",
        "DELETE FROM audit_heads",
        "UPDATE checkpoints SET seq = 0",
        "DELETE FROM checkpoints",
    ] {
        let refused = raw(dir.path()).execute(sql, []).unwrap_err();
        assert!(refused.to_string().contains("audit log"), "{sql}: {refused}");
    }
    assert_eq!(store.verify_audit().await.unwrap().events(), 1);
}

/// The statements that rewrite a chain from its event `from` on, all hashes and the head included.
fn rewritten(lines: &[AuditLine], from: usize) -> String {
    let mut sql = String::new();
    let mut previous = lines[from - 1].previous.clone();
    for line in &lines[from - 1..] {
        let event = line.event.replace("moved", "never");
        let hash = DocumentHash::of(format!("{previous}\n{event}\n").as_bytes()).to_string();
        sql += &format!(
            "UPDATE audit SET (previous, event, hash) = ('{previous}', '{event}', '{hash}')
             WHERE seq = {};",
            line.seq
        );
        previous = hash;
    }
    sql + &format!("UPDATE audit_heads SET hash = '{previous}';")
}

#[tokio::test]
async fn a_chain_that_was_rewritten_as_a_whole() {
    let events = i64::try_from(CHECKPOINT_EVERY).unwrap() + 3;
    let fill = async |store: Store| {
        let store = store.signed_by(Arc::new(Seal));
        for minutes in 1..=events {
            store.append(&event(minutes, "810", "settlement 810")).await.unwrap();
        }
        store
    };
    let said = |found: (u64, String), seq: u64| {
        assert_eq!(found.0, seq, "{}", found.1);
        assert!(found.1.contains("was rewritten"), "{}", found.1);
    };
    let dir = tempfile::tempdir().unwrap();
    let store = fill(Store::open(dir.path()).unwrap()).await;
    let sql = rewritten(&store.audit_lines(US, 0).await.unwrap(), 7);
    change_file(dir.path(), &sql);
    said(found(&store, "rewriting").await, CHECKPOINT_EVERY);

    let schema = schema();
    let store = fill(connect(&schema).await).await;
    let sql = rewritten(&store.audit_lines(US, 0).await.unwrap(), 7);
    change_schema(&schema, &sql).await;
    said(found(&store, "rewriting").await, CHECKPOINT_EVERY);
}

#[tokio::test]
async fn an_end_that_was_cut_off_with_the_note_of_it() {
    let cut = |vouched: bool| async move {
        let dir = tempfile::tempdir().unwrap();
        let store = five(Store::open(dir.path()).unwrap()).await;
        if vouched {
            store.checkpoint(US, minute(6)).await.unwrap();
        }
        let sql = "DELETE FROM audit WHERE seq > 3;
            UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3)";
        change_file(dir.path(), sql);
        store.verify_audit().await
    };
    assert_eq!(cut(false).await.unwrap().events(), 3, "nobody vouched for the rest");
    match cut(true).await {
        Err(Error::AuditBroken { seq: 4, what, .. }) => {
            assert!(what.contains("event 5 was vouched for at"), "{what}");
        }
        other => panic!("{other:?}"),
    }
}
