//! A backup of either engine goes back into either, whole or not at all.

use std::{path::Path, sync::Arc};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Write as _};
use store::{BackupSummary, CHECKPOINT_EVERY, DocumentHash, Error, NewEvent, Store};

use crate::{
    samples::{
        Seal, US, about_posting, about_report, about_settlement, at, came, event, intend, key,
        minute, read, report, text_of,
    },
    server::connect,
};

/// Something of everything.
async fn filled(store: Store) -> Store {
    let store = store.signed_by(Arc::new(Seal));
    store.report_discovered(&report("51"), &about_report(1, "51")).await.unwrap();
    store
        .report_retrieved(US, "51", came("51", &[0, 255, 7]), &about_report(2, "51"))
        .await
        .unwrap();
    let alert = store::NewAlert {
        key: "held settlement 810".to_owned(),
        kind: "held".to_owned(),
        stage: "unknown_amount".to_owned(),
        message: "{}".to_owned(),
    };
    store.alerts_found(US, &["held"], &[alert], minute(2)).await.unwrap();
    let told = store.alerts(None).await.unwrap();
    store.alerts_told(US, "log", &told, minute(2)).await.unwrap();
    for (minutes, id) in (3..).zip(["810", "811", "812"]) {
        read(&store, minutes, id).await;
    }
    intend(&store, 6, "811", &["k-2", "k-1"]).await;
    let sent = about_posting(7, "811", "k-1");
    store.posting_advance("k-1", "intended", "sent", &at(7, Some(1), None), &sent).await.unwrap();
    store
        .secret_set(US, "a", "ml1.sealed", &event(8, "credentials", "credential a"))
        .await
        .unwrap();
    store.setting_once("salt", "s").await.unwrap();
    for minutes in 9..=i64::try_from(CHECKPOINT_EVERY).unwrap() {
        store.append(&about_settlement(minutes, "81\u{2}\"')")).await.unwrap();
    }
    store.checkpoint(US, minute(0)).await.unwrap();
    store
}

/// Everything that the store tells.
async fn told(store: &Store) -> impl PartialEq + std::fmt::Debug + use<> {
    let document = DocumentHash::of(text_of("810").as_bytes());
    (
        (
            store.settlements(None).await.unwrap(),
            store.reports(US).await.unwrap(),
            store.postings_of(&key("811")).await.unwrap(),
            store.document(&document).await.unwrap(),
            store.document(&DocumentHash::of(&[0, 255, 7])).await.unwrap(),
        ),
        (
            store.audit_lines(US, 0).await.unwrap(),
            store.verify_audit().await.unwrap(),
            store.checkpoints(US).await.unwrap(),
            store.secrets(None).await.unwrap(),
            store.setting("salt").await.unwrap(),
            store.events_of("811").await.unwrap(),
        ),
    )
}

async fn backed_up(store: &Store, dir: &Path) -> (std::path::PathBuf, BackupSummary) {
    let file = dir.join("backup");
    let summary = store.backup(&file, minute(9)).await.unwrap();
    (file, summary)
}

/// Both ways between two engines: the same comes out as went in, and work goes on.
async fn there_and_back(from: Store, to: Store) {
    let dir = tempfile::tempdir().unwrap();
    let from = filled(from).await;
    let (file, summary) = backed_up(&from, dir.path()).await;
    assert_eq!(summary.rows["documents"], 4);
    assert_eq!(summary.rows["postings"], 2);
    assert_eq!(to.restore(&file, None).await.unwrap(), summary);
    assert_eq!(told(&to).await, told(&from).await);

    // Numbers go on behind those restored, and a second backup says the same.
    let next = about_posting(20, "811", "k-2");
    to.posting_advance("k-2", "intended", "sent", &at(20, Some(1), None), &next).await.unwrap();
    intend(&to, 21, "812", &["k-3"]).await;
    assert_eq!(to.postings_of(&key("812")).await.unwrap().len(), 1);
    assert_eq!(to.verify_audit().await.unwrap().events(), CHECKPOINT_EVERY + 2);

    let refused = to.restore(&file, None).await;
    assert!(matches!(refused, Err(Error::NotEmpty { .. })), "{refused:?}");
    let again = from.backup(&file, minute(9)).await;
    assert!(matches!(again, Err(Error::Io { .. })), "a file that is there stays as it is");
}

#[tokio::test]
async fn from_a_folder_to_a_folder() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let open = |dir: &tempfile::TempDir| Store::open(dir.path()).unwrap();
    there_and_back(open(&one), open(&other)).await;
}

#[tokio::test]
async fn from_a_folder_to_a_server() {
    let dir = tempfile::tempdir().unwrap();
    there_and_back(Store::open(dir.path()).unwrap(), connect("folder_to_server").await).await;
}

#[tokio::test]
async fn from_a_server_to_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    there_and_back(connect("server_to_folder").await, Store::open(dir.path()).unwrap()).await;
}

#[tokio::test]
async fn from_a_server_to_another_schema() {
    there_and_back(connect("server_from").await, connect("server_to").await).await;
}

#[tokio::test]
async fn others_may_write_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let writer = Store::open(dir.path()).unwrap();
    let reader = Store::open_read_only(dir.path()).unwrap();
    let writing = async {
        for minutes in 1..=200 {
            writer.append(&about_settlement(minutes, "810")).await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    let backing_up = async {
        let mut counts = Vec::new();
        for number in 0..8 {
            let file = dir.path().join(format!("backup-{number}"));
            let summary = reader.backup(&file, minute(0)).await.unwrap();
            let store = Store::in_memory().unwrap();
            store.restore(&file, None).await.unwrap();
            counts.push(summary.rows["audit"]);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
        }
        counts
    };
    let ((), counts) = tokio::join!(writing, backing_up);
    assert!(counts.is_sorted() && counts.first() < counts.last(), "{counts:?}");
}

/// Who took it back is in the log from the moment that anything else is.
#[tokio::test]
async fn the_event_is_restored_with_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(Store::in_memory().unwrap()).await;
    let (file, summary) = backed_up(&store, dir.path()).await;
    let event = NewEvent { connection: String::new(), ..about_settlement(30, "backup") };
    let to = Store::in_memory().unwrap();
    to.restore(&file, Some(&event)).await.unwrap();
    let told = to.events_of("backup").await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].detail["sha256"], summary.sha256.as_str());
    assert_eq!(told[0].detail["made"], summary.at.to_string());
    let before = store.verify_audit().await.unwrap().events();
    assert_eq!(to.verify_audit().await.unwrap().events(), before + 1);
}

async fn refused(file: &Path) -> String {
    let store = Store::in_memory().unwrap();
    let event = NewEvent { connection: String::new(), ..about_settlement(30, "backup") };
    let error = store.restore(file, Some(&event)).await.expect_err("a damaged file");
    assert_eq!(store.verify_audit().await.unwrap().events(), 0, "nothing was restored");
    assert_eq!(store.settlements(None).await.unwrap(), []);
    error.to_string()
}

#[tokio::test]
async fn a_flipped_bit_or_a_cut_end_is_refused_and_nothing_is_restored() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(Store::in_memory().unwrap()).await;
    let (file, _) = backed_up(&store, dir.path()).await;
    let whole = std::fs::read(&file).unwrap();
    let damaged = dir.path().join("damaged");
    // The header of gzip holds a time and a system that nothing depends on.
    for at in (10..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&damaged, bytes).unwrap();
        refused(&damaged).await;
        std::fs::write(&damaged, &whole[..at]).unwrap();
        let said = refused(&damaged).await;
        assert!(said.contains("cut off") || said.contains("damaged"), "{said}");
    }
    std::fs::write(&damaged, "no backup at all").unwrap();
    assert!(refused(&damaged).await.contains("no backup"));
}

/// Writes the lines anew, with a checksum that fits them.
fn rewrite(file: &Path, to: &Path, change: impl Fn(&str) -> String) {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    let changed: Vec<_> = text.lines().map(change).collect();
    let (end, lines) = changed.split_last().unwrap();
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let digest = Sha256::digest(lines.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut end: serde_json::Value = serde_json::from_str(end).unwrap();
    end["end"]["sha256"] = digest.into();
    let mut out = GzEncoder::new(std::fs::File::create(to).unwrap(), Compression::fast());
    writeln!(out, "{lines}{end}").unwrap();
    out.finish().unwrap();
}

#[tokio::test]
async fn a_backup_that_was_edited_with_its_checksum_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(Store::in_memory().unwrap()).await;
    let (file, summary) = backed_up(&store, dir.path()).await;
    let edited = dir.path().join("edited");
    rewrite(&file, &edited, str::to_owned);
    assert_eq!(Store::in_memory().unwrap().restore(&edited, None).await.unwrap(), summary);

    let says = async |change: &dyn Fn(&str) -> String| {
        rewrite(&file, &edited, change);
        refused(&edited).await
    };
    let said = says(&|line| line.replace("\\\"minute\\\":9", "\\\"minute\\\":8")).await;
    assert!(said.contains("its text was changed"), "{said}");
    let said = says(&|line| line.replace("\"settlements\":3", "\"settlements\":4")).await;
    assert!(said.contains("3 rows of settlements came, not 4"), "{said}");
    let said = says(&|line| line.replace("\"table\":\"settings\"", "\"table\":\"lanes\"")).await;
    assert!(said.contains("a table lanes"), "{said}");
    let said = says(&|line| line.replace("\"name\":\"salt\"", "\"name) --\":\"salt\"")).await;
    assert!(said.contains("a column"), "{said}");
    let said = says(&|line| line.replace("\"schema\":", "\"schema\":9")).await;
    assert!(said.contains("newer version"), "{said}");
}

#[tokio::test]
async fn every_table_is_backed_up() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let (_, summary) = backed_up(&store, dir.path()).await;
    let raw = crate::folder::raw(dir.path());
    let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let mut statement = raw.prepare(query).unwrap();
    let tables = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    // Leases and sessions are worth nothing later; the schema is the program's.
    let left_out = ["lanes", "schema_migrations", "sessions"];
    for table in tables.map(|table| table.unwrap()).filter(|name| !left_out.contains(&&**name)) {
        assert!(summary.rows.contains_key(&table), "{table} is missing in the backup's TABLES");
    }
}

#[tokio::test]
async fn a_log_that_was_changed_is_not_backed_up() {
    let dir = tempfile::tempdir().unwrap();
    let store = filled(Store::open(dir.path()).unwrap()).await;
    crate::folder::raw(dir.path())
        .execute_batch("DROP TRIGGER audit_is_never_deleted; DELETE FROM audit WHERE seq = 5")
        .unwrap();
    let refused = store.backup(&dir.path().join("backup"), minute(0)).await;
    assert!(matches!(refused, Err(Error::AuditBroken { seq: 5, .. })), "{refused:?}");
    assert!(!dir.path().join("backup").exists());
}
