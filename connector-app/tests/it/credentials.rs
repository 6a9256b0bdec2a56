//! The secrets in the vault: set, used, rotated, encrypted anew, forgotten, and nowhere in clear.

use std::path::Path;

use connector_app::stage::{Setting, Stage};
use fixtures::documents;

use crate::support::{Said, run, run_with_input};

pub(crate) const SECRETS: [(&str, &str); 4] = [
    ("amazon.client_secret", "stand-in-secret"),
    ("amazon.refresh_token", "Atzr|stand-in"),
    ("epicor.api_key", "stand-in-key"),
    ("epicor.password", "connector"),
];

/// A stage whose configuration names no place for its secrets, with a key for the vault.
pub(crate) async fn stage() -> Stage {
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let named = ["client_secret", "refresh_token", "api_key", "password"];
    let kept = text
        .lines()
        .filter(|line| !named.iter().any(|name| line.starts_with(&format!("{name} ="))));
    let vault = "\n[vault]\nkey = { file = \"vault.key\" }\n";
    let text = kept.collect::<Vec<_>>().join("\n") + vault;
    std::fs::write(stage.config(), text).expect("written");
    for file in ["client-secret", "refresh-token", "api-key", "password"] {
        std::fs::remove_file(stage.folder().join(file)).expect("it was there");
    }
    let said = run(stage.folder(), &["credentials", "key"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    stage
}

async fn set(stage: &Stage, name: &str, secret: &str) {
    let said = run_with_input(stage.folder(), &["credentials", "set", name], secret).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(!(said.out + &said.err).contains(secret));
}

pub(crate) async fn set_all(stage: &Stage) {
    for (name, secret) in SECRETS {
        set(stage, name, &format!("{secret}\n")).await;
    }
}

async fn sync(stage: &Stage) -> Said {
    run(stage.folder(), &["sync", "settlements"]).await
}

async fn states(stage: &Stage) -> Vec<(String, String)> {
    let said = run(stage.folder(), &["credentials", "status", "--json"]).await;
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    said.json_lines().iter().map(|line| (text(&line["name"]), text(&line["state"]))).collect()
}

/// No file of the folder has any of these secrets in it.
fn nowhere_in_clear(folder: &Path, secrets: &[&str]) {
    for entry in std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable"))
    {
        if entry.file_type().expect("known").is_dir() {
            nowhere_in_clear(&entry.path(), secrets);
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("readable");
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", entry.path().display());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_is_posted_with_secrets_from_the_vault() {
    let stage = stage().await;
    let said = sync(&stage).await;
    assert_eq!(said.code, 78, "{}", said.err);
    assert!(said.err.contains("credentials set amazon.client_secret"), "{}", said.err);

    set_all(&stage).await;
    let said = sync(&stage).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    let states = states(&stage).await;
    assert!(states[0].1.starts_with("ok, rotate it by "), "{states:?}");
    assert!(states[1..].iter().all(|(_, state)| state == "ok"), "{states:?}");
    // "connector" is the user's name too, and so is in the configuration.
    nowhere_in_clear(stage.folder(), &[SECRETS[0].1, SECRETS[1].1, SECRETS[2].1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_client_secret_takes_over_once_it_was_accepted() {
    let stage = stage().await;
    set_all(&stage).await;
    let rotate = ["credentials", "rotate"];

    // Not known at Amazon yet: the former one goes on being used.
    let said = run_with_input(stage.folder(), &rotate, "too-early\n").await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(sync(&stage).await.code, 0);
    let waiting = ("amazon.client_secret.new".to_owned(), "waits to be accepted".to_owned());
    assert!(states(&stage).await.contains(&waiting));

    // The former one has ended, the new one is good.
    set(&stage, "amazon.client_secret", "ended").await;
    run_with_input(stage.folder(), &rotate, "stand-in-secret\n").await;
    assert_eq!(sync(&stage).await.code, 0);
    assert_eq!(states(&stage).await.len(), 4, "nothing waits any more");
    assert_eq!(sync(&stage).await.code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_takes_over_and_the_wrong_one_says_so() {
    let stage = stage().await;
    set_all(&stage).await;
    let rekey = ["credentials", "rekey", "--key-file", "second.key"];
    let said = run(stage.folder(), &rekey).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("key = { file = \"second.key\" }"), "{}", said.out);

    let said = sync(&stage).await;
    assert_ne!(said.code, 0);
    assert!(said.err.contains("give the former key, or set the secret again"), "{}", said.err);

    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    std::fs::write(stage.config(), text.replace("vault.key", "second.key")).expect("written");
    assert_eq!(sync(&stage).await.code, 0);
    let again = run(stage.folder(), &rekey).await;
    assert_eq!(again.code, 1, "a key that exists is never written over");
    assert_eq!(sync(&stage).await.code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forgotten_credentials_are_gone_from_the_file() {
    let stage = stage().await;
    set_all(&stage).await;
    let database = stage.folder().join("data/ml-connector.db");
    let sealed = |bytes: Vec<u8>| bytes.windows(4).filter(|window| *window == b"ml1.").count();
    let said = run(stage.folder(), &["credentials", "forget"]).await;
    assert_ne!(said.code, 0, "a connection must be named");
    let said = run(stage.folder(), &["credentials", "forget", "--connection", "demo"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let left = sealed(std::fs::read(&database).expect("readable"));
    assert_eq!(left, 1, "the key that signs the audit log is the installation's");
    let missing = states(&stage).await;
    assert!(missing.iter().all(|(_, state)| state.starts_with("missing")), "{missing:?}");
    let story = run(stage.folder(), &["credentials", "set", "no.such"]).await;
    assert!(story.err.contains("amazon.refresh_token"), "{}", story.err);
}
