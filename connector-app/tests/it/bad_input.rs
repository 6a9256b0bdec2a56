//! Bad input and bad credentials: one clear message naming the record and who must act, the
//! documented exit code, and a store that is as it was.

use std::path::Path;

use crate::support::{self, Said};
use connector_app::stage::{Setting, Stage};
use fixtures::documents;

/// Every byte of the data folder that says something: an empty list when it was never made.
fn store_bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = std::fs::read_dir(folder.join("data")) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("readable"))
        // SQLite's shared-memory index is a cache, rebuilt at every opening.
        .filter(|entry| !entry.file_name().to_string_lossy().ends_with("-shm"))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).expect("readable"))
        })
        .collect();
    files.sort();
    files
}

/// A stage whose store already holds one posted settlement.
async fn used_stage() -> Stage {
    let stage = Stage::set(Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]))
        .await
        .expect("starts");
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    stage
}

async fn leaves_the_store(stage: &Stage, args: &[&str]) -> Said {
    let before = store_bytes(stage.folder());
    assert!(!before.is_empty(), "the store holds something");
    let said = support::run(stage.folder(), args).await;
    assert_eq!(
        store_bytes(stage.folder()),
        before,
        "the store changed: {}\n{}",
        said.out,
        said.err
    );
    said
}

/// A broken file of our own, what its message must name, by `import` and by `plan --json`.
async fn refuses_file(stage: &Stage, name: &str, names: &[&str], reason: &str) {
    let bytes = documents::get(name).expect("it ships").bytes;
    refuses(stage, name, &bytes, names, reason).await;
}

async fn refuses(stage: &Stage, name: &str, bytes: &[u8], names: &[&str], reason: &str) {
    std::fs::write(stage.folder().join(name), bytes).expect("written");

    let said = leaves_the_store(stage, &["import", name]).await;
    assert_eq!(said.code, 3, "{name}: {}\n{}", said.out, said.err);
    for word in names.iter().chain(&[name, "Seller Central"]) {
        assert!(said.out.contains(word), "{name}: \"{word}\" is missing in\n{}", said.out);
    }

    let said = leaves_the_store(stage, &["plan", name, "--json"]).await;
    assert_eq!(said.code, 3, "{name}");
    let documents = said.json_lines();
    let held = &documents[0]["held"];
    let reasons: Vec<_> = held.as_array().expect("a list").iter().map(|h| &h["reason"]).collect();
    assert!(reasons.iter().any(|r| *r == reason), "{name}: {reasons:?} lacks {reason}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_file_is_named_with_line_and_column() {
    let stage = used_stage().await;
    let plain = documents::get("us-plain.txt").expect("it ships").bytes;
    let plain = String::from_utf8(plain).expect("text");
    let short = shorten_line(&plain, 5);
    refuses(&stage, "short.txt", short.as_bytes(), &["line 5"], "too_few_cells").await;
    refuses_file(&stage, "few-columns.txt", &["column"], "missing_column").await;
    refuses_file(&stage, "bad-amount.txt", &["line", "amount", "N/A"], "bad_number").await;
    refuses_file(&stage, "unknown-encoding.txt", &[], "unknown_encoding").await;
    refuses_file(&stage, "header-only.txt", &[], "no_settlement").await;
    refuses_file(&stage, "excel-damaged.txt", &["line"], "bad_settlement_id").await;
    refuses_file(&stage, "not-a-settlement.csv", &[], "not_a_settlement_report").await;
}

/// Keeps the first four cells of one line (counted from one).
fn shorten_line(text: &str, line: usize) -> String {
    let shorten = |(index, row): (usize, &str)| {
        let cells: Vec<_> = row.split('\t').collect();
        if index + 1 == line { cells[..4].join("\t") } else { row.to_owned() }
    };
    text.lines().enumerate().map(shorten).collect::<Vec<_>>().join("\n")
}

/// Cut in the middle of a row: either the row is too short to be one, or the rest does not tie.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_truncated_file_is_never_planned() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = documents::get("us-plain.txt").expect("it ships").bytes;
    for cut in (1..whole.len()).step_by(97) {
        std::fs::write(folder.path().join("cut.txt"), &whole[..cut]).expect("written");
        let said = support::run(folder.path(), &["plan", "cut.txt", "--json"]).await;
        assert_eq!(said.code, 3, "cut at {cut}: {}", said.out);
        for document in said.json_lines() {
            assert!(!document["held"].as_array().expect("a list").is_empty(), "cut at {cut}");
            assert!(document["journals"].as_array().is_none_or(Vec::is_empty), "cut at {cut}");
        }
    }
}

/// Replaces one secret file of the stage.
fn spoil(stage: &Stage, secret: &str, value: &str) {
    std::fs::write(stage.folder().join(secret), value).expect("written");
}

fn says(said: &Said, code: i32, words: &[&str]) {
    assert_eq!(said.code, code, "{}\n{}", said.out, said.err);
    for word in words {
        assert!(said.err.contains(word), "\"{word}\" is missing in\n{}", said.err);
    }
    assert!(!said.err.contains("canary"), "a secret is printed:\n{}", said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_api_key_says_so() {
    let stage = used_stage().await;
    spoil(&stage, "api-key", "canary-key");
    let said = leaves_the_store(&stage, &["sync", "settlements"]).await;
    says(&said, 77, &["Epicor", "API key", "Epicor admin"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_says_so() {
    let stage = used_stage().await;
    spoil(&stage, "password", "canary-password");
    let said = leaves_the_store(&stage, &["sync", "settlements"]).await;
    says(&said, 77, &["Epicor", "password"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_refresh_token_says_so() {
    let stage = used_stage().await;
    stage.amazon.revoke_refresh_token();
    let said = leaves_the_store(&stage, &["sync", "settlements"]).await;
    says(&said, 77, &["Amazon", "refresh token", "authori"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_host_is_named() {
    let stage = used_stage().await;
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    // A port of this machine where nobody listens.
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = unused.local_addr().expect("an address").port();
    drop(unused);
    let epicor = stage.epicor.base_url();
    let gone = config.replace(epicor.as_str(), &format!("http://127.0.0.1:{port}/kinetic"));
    assert_ne!(gone, config);
    std::fs::write(stage.config(), gone).expect("written");
    let said = leaves_the_store(&stage, &["sync", "settlements"]).await;
    says(&said, 1, &["Epicor", "127.0.0.1", "IT admin"]);

    let amazon = stage.amazon.base_url();
    let gone =
        config.replace(amazon.as_str().trim_end_matches('/'), &format!("http://127.0.0.1:{port}"));
    std::fs::write(stage.config(), gone).expect("written");
    let said = leaves_the_store(&stage, &["sync", "settlements"]).await;
    says(&said, 1, &["127.0.0.1"]);
}

#[tokio::test]
async fn a_configuration_error_exits_with_78() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = support::run(folder.path(), &["status"]).await;
    says(&said, 78, &["ml-connector.toml", "--config"]);
    std::fs::write(folder.path().join("ml-connector.toml"), "data_dir = 1").expect("written");
    let said = support::run(folder.path(), &["status"]).await;
    says(&said, 78, &["ml-connector.toml:1:"]);
}
