//! `backup` and `restore` as an IT admin uses them: another machine, another engine, the vault.

use std::path::Path;

use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use fixtures::postgres::Server;

use crate::credentials::{self, SECRETS};
use crate::support::{Said, run};

/// The same installation elsewhere: its configuration and its key, and no data.
fn elsewhere(stage: &Stage, postgres: Option<&Server>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(stage.folder()).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_file() {
            std::fs::copy(&path, folder.path().join(path.file_name().expect("a name")))
                .expect("copied");
        }
    }
    if let Some(server) = postgres {
        let url = folder.path().join("database-url");
        std::fs::write(&url, server.url()).expect("written");
        #[cfg(unix)]
        std::fs::set_permissions(&url, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .expect("private");
        let config = folder.path().join("ml-connector.toml");
        let text = std::fs::read_to_string(&config).expect("a configuration");
        let server = "[postgres]\nurl = { file = \"database-url\" }\n\n[[connection]]";
        std::fs::write(&config, text.replacen("[[connection]]", server, 1)).expect("written");
    }
    folder
}

async fn good(folder: &Path, args: &[&str]) -> Said {
    let said = run(folder, args).await;
    assert_eq!(said.code, 0, "{args:?}: {}\n{}", said.out, said.err);
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_installation_moves_to_a_server_and_back() {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("not cancelled");
    let server = server.expect("a throwaway PostgreSQL server");
    let stage = credentials::stage().await;
    credentials::set_all(&stage).await;
    good(stage.folder(), &["sync", "settlements"]).await;
    let before = good(stage.folder(), &["status", "--json"]).await.out;
    good(stage.folder(), &["backup", "first"]).await;
    let secrets = SECRETS.map(|(_, secret)| secret);
    let text = unpacked(&stage.folder().join("first"));
    assert!(text.contains("ml1."), "the sealed credentials are in it");
    assert!(!secrets[..3].iter().any(|secret| text.contains(secret)), "and none in clear");

    let moved = elsewhere(&stage, Some(&server));
    good(moved.path(), &["restore", "first"]).await;
    assert_eq!(good(moved.path(), &["status", "--json"]).await.out, before);
    good(moved.path(), &["audit", "verify"]).await;
    good(moved.path(), &["sync", "settlements"]).await;
    assert_eq!(
        stage.epicor.posted_journals().len(),
        1,
        "the same journal once, with the same secrets"
    );
    let again = run(moved.path(), &["restore", "first"]).await;
    assert_eq!(again.code, 1);
    assert!(again.err.contains("there is data here already"), "{}", again.err);

    good(moved.path(), &["backup", "second"]).await;
    let back = elsewhere(&stage, None);
    std::fs::copy(moved.path().join("second"), back.path().join("second")).expect("copied");
    good(back.path(), &["restore", "second"]).await;
    assert_eq!(good(back.path(), &["status", "--json"]).await.out, before);
    good(back.path(), &["audit", "verify"]).await;
}

fn unpacked(file: &Path) -> String {
    let file = std::fs::File::open(file).expect("it is there");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text)
        .expect("gzip");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credentials_that_were_forgotten_stay_so_once_the_former_key_is_destroyed() {
    let stage = credentials::stage().await;
    credentials::set_all(&stage).await;
    good(stage.folder(), &["backup", "before"]).await;
    let said = good(stage.folder(), &["credentials", "forget", "--connection", "demo"]).await;
    assert!(said.out.contains("credentials rekey"), "{}", said.out);
    good(stage.folder(), &["credentials", "rekey", "--key-file", "second.key"]).await;
    std::fs::remove_file(stage.folder().join("vault.key")).expect("it was there");
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    std::fs::write(stage.config(), config.replace("vault.key", "second.key")).expect("written");
    good(stage.folder(), &["audit", "verify"]).await;

    let from_backup = elsewhere(&stage, None);
    let restored = run(from_backup.path(), &["restore", "before"]).await;
    assert_eq!(restored.code, 0, "{}", restored.err);
    let status = run(from_backup.path(), &["credentials", "status"]).await;
    assert_eq!(status.code, 78, "{}", status.out);
    assert_eq!(status.out.matches("give the former key").count(), 4, "{}", status.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_restores_nothing() {
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    let stage = Stage::set(setting).await.expect("stand-ins start");
    good(stage.folder(), &["sync", "settlements"]).await;
    good(stage.folder(), &["backup", "whole"]).await;
    let mut bytes = std::fs::read(stage.folder().join("whole")).expect("written");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(stage.folder().join("flipped"), &bytes).expect("written");
    std::fs::write(stage.folder().join("short"), &bytes[..middle]).expect("written");
    let empty = elsewhere(&stage, None);
    for file in ["flipped", "short"] {
        let said = run(empty.path(), &["restore", file]).await;
        assert_eq!(said.code, 1, "{file}");
        assert!(said.err.contains("nothing was restored"), "{}", said.err);
    }
    good(empty.path(), &["restore", "whole"]).await;
}
