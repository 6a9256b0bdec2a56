//! Who can write the database, and has no key of the vault, writes the audit log anew.

use std::path::Path;

use connector_app::stage::Stage;
use rusqlite::Connection;
use store::DocumentHash;

use crate::credentials::{set_all, stage};
use crate::support::{Said, run};

/// The log of the connection says something else from its third event on, all hashes fit, and no
/// checkpoint is left.
fn write_anew(database: &Connection) {
    database
        .execute_batch(
            "DROP TRIGGER audit_is_never_updated; DROP TRIGGER audit_head_only_advances;
             DROP TRIGGER checkpoints_are_never_deleted; DELETE FROM checkpoints",
        )
        .expect("nothing refuses");
    let mut lines = database
        .prepare("SELECT seq, event FROM audit WHERE connection = 'demo' ORDER BY seq")
        .expect("a query");
    let lines = lines.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
    let lines: Vec<_> = lines.expect("a log").map(|line| line.expect("an event")).collect();
    assert!(lines.len() > 3, "{lines:?}");
    let mut previous = "0".repeat(64);
    for (seq, mut event) in lines {
        if seq == 3 {
            event = event.replacen(r#""actor":""#, r#""actor":"not-"#, 1);
        }
        let hash = DocumentHash::of(format!("{previous}\n{event}\n").as_bytes()).to_string();
        let update = "UPDATE audit SET previous = ?2, event = ?3, hash = ?4
             WHERE connection = 'demo' AND seq = ?1";
        database.execute(update, (seq, &previous, event, &hash)).expect("nothing refuses");
        previous = hash;
    }
    let head = "UPDATE audit_heads SET hash = ?1 WHERE connection = 'demo'";
    database.execute(head, [previous]).expect("nothing refuses");
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("data/ml-connector.db")).expect("the database opens")
}

/// The keys that `[audit]` names are these.
fn trust(stage: &Stage, keys: &[&str]) {
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let (text, _) = text.split_once("\n[audit]").unwrap_or((&text, ""));
    let text = format!("{text}\n[audit]\ntrusted_keys = {keys:?}\n");
    std::fs::write(stage.config(), text).expect("written");
}

/// What `check` says of the log.
async fn checked(stage: &Stage) -> (String, String) {
    let said = run(stage.folder(), &["check", "--json"]).await;
    let lines = said.json_lines();
    let told = lines.iter().find(|line| line["check"] == "audit").expect("of the audit log");
    let text = |name: &str| told[name].as_str().expect("a text").to_owned();
    (text("state"), text("message"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_written_anew_and_signed_by_another_key_is_found_by_the_keys_that_are_named()
{
    let stage = stage().await;
    let verify = async || run(stage.folder(), &["audit", "verify"]).await;
    let refused = |said: &Said, why: &str| {
        assert_eq!(said.code, 1, "{}{}", said.out, said.err);
        assert!(said.err.contains(why), "{}", said.err);
    };
    set_all(&stage).await;
    let said = run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!said.err.contains("trusted_keys"), "{}", said.err);
    let key = run(stage.folder(), &["audit", "key"]).await.out.trim().to_owned();

    // Nobody outside the store is named: it verifies, and what that does not prove is told.
    let said = verify().await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("nothing outside the store vouches for this log"), "{}", said.out);
    let told = run(stage.folder(), &["audit", "verify", "--json"]).await.json_lines().remove(0);
    assert!(told["not_proved"].as_str().expect("a text").contains("trusted_keys"), "{told}");
    let (state, message) = checked(&stage).await;
    assert_eq!(state, "warning", "{message}");
    assert!(message.contains("which the store itself keeps"), "{message}");

    trust(&stage, &[&key]);
    let said = verify().await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!said.out.contains("note:"), "{}", said.out);
    let (state, message) = checked(&stage).await;
    assert_eq!(state, "ok", "{message}");

    write_anew(&database(stage.folder()));
    let said = verify().await;
    assert!(said.out.contains("nobody vouches for any event of demo"), "{}", said.out);
    let key_row = "DELETE FROM secrets WHERE name = 'audit.signing_key'";
    assert_eq!(database(stage.folder()).execute(key_row, []).expect("nothing refuses"), 1);
    refused(&verify().await, "is gone from the store");
    assert_eq!(checked(&stage).await.0, "warning");

    // The next run makes another key, and signs.
    let said = run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("[audit] trusted_keys does not name"), "{}", said.err);
    refused(&verify().await, "which is not trusted");
    let (state, message) = checked(&stage).await;
    assert_eq!(state, "failed", "{message}");
    assert!(message.contains("[audit] trusted_keys does not name"), "{message}");
    // Without the checkpoints of the other key there is the key.
    database(stage.folder()).execute("DELETE FROM checkpoints", []).expect("nothing refuses");
    refused(&verify().await, "[audit] trusted_keys does not name");
    trust(&stage, &[]);
    assert_eq!(verify().await.code, 0, "that is what is not proved without a key outside");
}
