//! The data folder: who may open it, and what it keeps.

use std::path::Path;

use rusqlite::Connection;
use store::{DocumentHash, Error, Store};

use crate::samples::{about_posting, about_settlement, at, intend, key, read, text_of};

pub(crate) const DATABASE: &str = "ml-connector.db";

/// The database behind the store's back.
pub(crate) fn raw(dir: &Path) -> Connection {
    Connection::open(dir.join(DATABASE)).expect("the database opens")
}

#[tokio::test]
async fn reopening_finds_everything() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    read(&store, 1, "810").await;
    intend(&store, 2, "810", &["k"]).await;
    let told = async |store: &Store| {
        (
            store.settlements(None).await.unwrap(),
            store.postings_of(&key("810")).await.unwrap(),
            store.events_of("810").await.unwrap(),
            store.verify_audit().await.unwrap(),
            store.document(&DocumentHash::of(text_of("810").as_bytes())).await.unwrap().unwrap(),
        )
    };
    let before = told(&store).await;
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(told(&store).await, before);
    let event = about_posting(3, "810", "k");
    store.posting_advance("k", "intended", "sent", &at(3, Some(1), None), &event).await.unwrap();
    assert_eq!(store.verify_audit().await.unwrap().events(), 3);
}

#[tokio::test]
async fn a_folder_is_open_for_writing_once() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(dir.path()).unwrap();
    let second = Store::open(dir.path());
    assert!(matches!(second, Err(Error::InUse { dir: ref named }) if named == dir.path()));
    drop(first);
    Store::open(dir.path()).unwrap();
}

#[tokio::test]
async fn a_reader_sees_what_the_writer_does_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Store::open(dir.path()).unwrap();
    let reader = Store::open_read_only(dir.path()).unwrap();
    assert_eq!(reader.settlements(None).await.unwrap(), []);
    read(&writer, 1, "810").await;
    assert_eq!(reader.settlements(None).await.unwrap(), writer.settlements(None).await.unwrap());
    assert_eq!(reader.verify_audit().await.unwrap(), writer.verify_audit().await.unwrap());

    let refused = reader.append(&about_settlement(2, "810")).await;
    assert!(matches!(refused, Err(Error::ReadOnly { ref record }) if record == "settlement 810"));
    drop((reader, writer));
    let alone = Store::open_read_only(dir.path()).unwrap();
    assert_eq!(alone.settlements(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_here_is_said_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    for empty in [dir.path(), &missing] {
        assert!(matches!(Store::open_read_only(empty), Err(Error::NothingHere { .. })));
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    std::fs::write(dir.path().join(DATABASE), b"").unwrap();
    assert!(matches!(Store::open_read_only(dir.path()), Err(Error::NothingHere { .. })));
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    raw(dir.path()).pragma_update(None, "user_version", 99).unwrap();
    for opened in [Store::open(dir.path()), Store::open_read_only(dir.path())] {
        assert!(matches!(opened, Err(Error::NewerSchema { found: 99, .. })));
    }
    let version: u32 =
        raw(dir.path()).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 99);
}

#[tokio::test]
async fn an_older_schema_is_not_upgraded_by_a_reader() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    raw(dir.path()).pragma_update(None, "user_version", 0).unwrap();
    let opened = Store::open_read_only(dir.path());
    assert!(matches!(opened, Err(Error::OlderSchema { found: 0, .. })));
}

#[tokio::test]
async fn a_schema_that_is_not_ours_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path()).unwrap());
    raw(dir.path()).execute("UPDATE schema_migrations SET sha256 = 'edited'", []).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(Error::Corrupt { .. })));
}

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    raw(dir.path()).execute_batch("CREATE TABLE theirs (x); PRAGMA application_id = 7").unwrap();
    let before = std::fs::read(dir.path().join(DATABASE)).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(Error::Corrupt { .. })));
    assert_eq!(std::fs::read(dir.path().join(DATABASE)).unwrap(), before);

    std::fs::write(dir.path().join(DATABASE), "not a database at all ".repeat(100)).unwrap();
    assert!(matches!(Store::open(dir.path()), Err(Error::Corrupt { .. })));
    assert!(matches!(Store::open_read_only(dir.path()), Err(Error::Corrupt { .. })));
}

#[tokio::test]
async fn damage_is_told_and_never_returned() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    read(&store, 1, "810").await;
    let hash = DocumentHash::of(text_of("810").as_bytes());
    let other = store.put_document("other", b"other bytes").await.unwrap();
    let damage = |sql: &str| assert_eq!(raw(dir.path()).execute(sql, []).unwrap(), 1, "{sql}");

    damage(&format!(
        "UPDATE documents SET (gzip, size) =
            (SELECT gzip, size FROM documents WHERE hash = '{other}') WHERE hash = '{hash}'"
    ));
    assert!(matches!(store.document(&hash).await, Err(Error::Corrupt { .. })));
    damage(&format!("UPDATE documents SET gzip = x'00' WHERE hash = '{hash}'"));
    assert!(matches!(store.document(&hash).await, Err(Error::Corrupt { .. })));
    damage("UPDATE settlements SET updated = 'yesterday'");
    let broken = store.settlement(&key("810")).await;
    assert!(
        matches!(broken, Err(Error::Corrupt { ref record, .. }) if record == "settlement 810 of us")
    );
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("data");
    let store = Store::open(&dir).unwrap();
    read(&store, 1, "810").await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "database, its two journal files, lock: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn who_asks_beside_the_writer_can_do_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Store::open(dir.path()).unwrap();
    read(&writer, 1, "810").await;
    let plan = store::Planned {
        connection: "us".to_owned(),
        flow: "settlements".to_owned(),
        spec: "never".to_owned(),
        due: None,
    };
    writer.schedule_set(&[plan], &[]).await.unwrap();
    let asks = Store::open_to_ask(dir.path()).unwrap();
    let at = crate::samples::minute(2);
    assert!(asks.run_asked("us", "settlements", at, "clerk").await.unwrap());
    let refused = asks.append(&about_settlement(2, "810")).await;
    assert!(matches!(refused, Err(Error::ReadOnly { .. })));
    let due = writer.due_claim(at, 1, &Default::default(), ("worker", Default::default())).await;
    assert_eq!(due.unwrap()[0].flows[0].asked, Some(at));
    let weak = writer.downgrade();
    assert!(weak.upgrade().is_some());
    drop(writer);
    assert!(weak.upgrade().is_none(), "it is closed with its last handle");
    Store::open(dir.path()).unwrap();
}
