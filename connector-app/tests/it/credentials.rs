//! The secrets in the vault: set, used, rotated, encrypted anew, forgotten, and nowhere in clear.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use connector_app::config::Config;
use connector_app::connect;
use connector_app::pipeline::Actor;
use connector_app::secrets::{OpenVault, entropy};
use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use jiff::Timestamp;
use vault::{KeyEncryptionKey, Place};

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
    let story = told(&stage).await;
    let forgotten = &story.last().expect("events")["detail"]["credentials"];
    assert_eq!(*forgotten, serde_json::json!(SECRETS.map(|(name, _)| name)));
    let missing = states(&stage).await;
    assert!(missing.iter().all(|(_, state)| state.starts_with("missing")), "{missing:?}");
    let story = run(stage.folder(), &["credentials", "set", "no.such"]).await;
    assert!(story.err.contains("amazon.refresh_token"), "{}", story.err);
}

/// A connection that was removed can be forgotten; a name that nobody knows begins no story.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_connection_that_is_known_is_forgotten() {
    let stage = stage().await;
    set(&stage, SECRETS[0].0, SECRETS[0].1).await;
    in_config(&stage, "name = \"demo\"", "name = \"us\"");
    let forget = async |name: &str| {
        run(stage.folder(), &["credentials", "forget", "--connection", name, "--json"]).await
    };
    let said = forget("demo").await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.json_lines()[0]["names"], serde_json::json!([SECRETS[0].0]));
    // By now nothing is kept of that one, either; under no name the installation's own key is kept.
    for name in ["demo", "uss", ""] {
        let said = forget(name).await;
        assert_eq!((said.code, said.out.as_str()), (78, ""), "{name}: {}", said.err);
        assert!(said.err.contains("with --connection: us"), "{name}: {}", said.err);
    }
    let verified = run(stage.folder(), &["audit", "verify", "--json"]).await.json_lines().remove(0);
    let events = |name: &str| verified["ends"][name]["events"].as_u64();
    assert_eq!((events("demo"), events("uss")), (Some(2), None), "{verified}");
    let said = forget("us").await;
    assert_eq!(said.code, 0, "a configured one may have none: {}", said.err);
}

/// What the audit log tells of the connection's credentials.
async fn told(stage: &Stage) -> Vec<serde_json::Value> {
    let show = ["audit", "show", "credentials", "--connection", "demo", "--json"];
    run(stage.folder(), &show).await.json_lines()
}

/// Sets a secret between what `rekey` reads and what it writes, as often as it may.
#[derive(Debug)]
struct SetsMeanwhile {
    vault: OpenVault,
    begins: AtomicU32,
    left: AtomicU32,
}

impl store::Interruptions for SetsMeanwhile {
    fn at(&self, moment: store::Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            // The second transaction of each try.
            if moment != store::Moment::BeforeBegin
                || self.begins.fetch_add(1, Ordering::Relaxed).is_multiple_of(2)
                || self.left.load(Ordering::Relaxed) == 0
            {
                return;
            }
            let left = self.left.fetch_sub(1, Ordering::Relaxed);
            let name = format!("set-{left}");
            let place = Place { connection: "new", name: &name };
            let now = Timestamp::UNIX_EPOCH;
            self.vault.set(&Actor::Connector, now, place, &"one".into()).await.expect("set");
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_that_is_set_meanwhile_is_encrypted_anew_too() {
    let stage = stage().await;
    set_all(&stage).await;
    let config = Config::load(&stage.config()).expect("a configuration");
    let store = connect::store(&config).await.expect("a store");
    let vault = OpenVault::open(&config, store.clone()).await.expect("a vault");
    let rekey = async |often: u32, key: &KeyEncryptionKey| {
        let meanwhile = Arc::new(SetsMeanwhile {
            vault: vault.clone(),
            begins: AtomicU32::new(0),
            left: AtomicU32::new(often),
        });
        let under = store.with_interruptions(meanwhile.clone());
        let under = OpenVault::open(&config, under).await.expect("a vault");
        meanwhile.begins.store(0, Ordering::Relaxed);
        under.rekey(&Actor::Connector, Timestamp::UNIX_EPOCH, key).await
    };
    let key = KeyEncryptionKey::generate(&mut entropy);
    let refused = rekey(u32::MAX, &key).await.expect_err("each time there is one more");
    assert!(matches!(refused.downcast_ref(), Some(store::Error::Stale { .. })), "{refused:#}");
    for record in store.secrets(None).await.expect("secrets") {
        vault.check(&record).expect("all stay under the former key");
    }
    let before = store.secrets(None).await.expect("secrets").len();
    assert_eq!(rekey(1, &key).await.expect("tried again"), before + 1);
    for record in store.secrets(None).await.expect("secrets") {
        let place = Place { connection: &record.connection, name: &record.name };
        key.open(place, &record.sealed).expect("none is left under the former key");
    }
}

fn in_config(stage: &Stage, from: &str, to: &str) {
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    assert!(text.contains(from), "{text}");
    std::fs::write(stage.config(), text.replace(from, to)).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vault_goes_over_to_a_passphrase_and_to_another_one() {
    let stage = stage().await;
    set_all(&stage).await;
    let rekey = ["credentials", "rekey", "--passphrase", "--json"];
    let put = |text: &str| {
        let file = stage.folder().join("passphrase");
        std::fs::write(&file, text).expect("written");
        #[cfg(unix)]
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))
            .expect("private");
    };
    let said = run_with_input(stage.folder(), &rekey, "short\n").await;
    assert_eq!(said.code, 78, "{}", said.err);
    let said = run_with_input(stage.folder(), &rekey, "correct horse battery\n").await;
    assert_eq!(said.code, 0, "{}", said.err);
    let first = said.json_lines().remove(0);
    assert_eq!((&first["done"], &first["credentials"]), (&"rekeyed".into(), &5.into()), "{first}");
    assert!(first["next"].as_str().expect("text").contains("in place of the key"), "{first}");
    put("correct horse battery");
    in_config(&stage, "key = { file = \"vault.key\" }", "passphrase = { file = \"passphrase\" }");
    assert_eq!(sync(&stage).await.code, 0);

    let said = run_with_input(stage.folder(), &rekey, "correct horse battery\n").await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("the passphrase in use"), "{}", said.err);
    let said = run_with_input(stage.folder(), &rekey, "staple staple staple\n").await;
    assert_eq!(said.code, 0, "{}", said.err);
    let second = said.json_lines().remove(0);
    assert_eq!(second["former_key"], first["key"]);
    assert!(second["next"].as_str().expect("text").contains("file passphrase"), "{second}");
    put("staple staple staple");
    let states = states(&stage).await;
    assert!(states.iter().all(|(_, state)| state.starts_with("ok")), "{states:?}");

    let story = told(&stage).await;
    let rekeyed: Vec<_> = story.iter().filter(|event| event["action"] == "rekeyed").collect();
    assert_eq!(rekeyed.len(), 2);
    for (event, said) in rekeyed.into_iter().zip([&first, &second]) {
        for name in ["former_key", "key", "credentials"] {
            assert_eq!(event["detail"][name], said[name], "{event}");
        }
    }
    assert_eq!(story[0]["detail"]["credential"], "amazon.client_secret");
    assert_eq!(story[0]["detail"]["key"], first["former_key"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_done_with_credentials_is_told_to_machines_and_never_the_secret() {
    let stage = stage().await;
    let one = async |args: &[&str], input: &str| {
        let args: Vec<_> = args.iter().copied().chain(["--json"]).collect();
        let said = run_with_input(stage.folder(), &args, input).await;
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        assert!(!said.out.contains("canary"), "{}", said.out);
        let mut lines = said.json_lines();
        assert_eq!(lines.len(), 1, "{args:?}");
        lines.remove(0)
    };
    let name = "amazon.client_secret";
    let key = one(&["credentials", "key", "--file", "other.key"], "").await;
    assert!(key["file"].as_str().expect("a path").ends_with("other.key"), "{key}");
    let set = serde_json::json!({ "done": "set", "connection": "demo", "name": name });
    assert_eq!(one(&["credentials", "set", name], "canary").await, set);
    let rotated = one(&["credentials", "rotate"], "canary").await;
    assert_eq!(rotated["waits"], "to be accepted");
    let rekeyed = one(&["credentials", "rekey", "--key-file", "third.key"], "").await;
    assert_eq!(rekeyed["next"].as_str().expect("text").matches("third.key").count(), 1);
    let forgotten = one(&["credentials", "forget", "--connection", "demo"], "").await;
    let names = serde_json::json!([name, "amazon.client_secret.new"]);
    assert_eq!(forgotten["names"], names);
}

/// A file tells since when a secret is in use, as the vault does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_of_a_client_secret_in_a_file_is_counted() {
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let state = async || states(&stage).await.remove(0).1;
    assert!(state().await.starts_with("ok, rotate it by "), "{}", state().await);
    let file = std::fs::File::options().write(true).open(stage.folder().join("client-secret"));
    let file = file.expect("it is there");
    let written = file.metadata().and_then(|about| about.modified()).expect("it has a date");
    let days = std::time::Duration::from_hours(160 * 24);
    file.set_modified(written - days).expect("ours");
    assert!(state().await.starts_with("rotate it by "), "{}", state().await);
    assert_eq!(sync(&stage).await.code, 0);
    let alerts = run(stage.folder(), &["alerts", "--json"]).await;
    let told = alerts.json_lines().into_iter().find(|alert| alert["kind"] == "secret_age");
    let told = told.unwrap_or_else(|| panic!("{}", alerts.out)).to_string();
    assert!(told.contains("put it into its place (file client-secret)"), "{told}");
}
