//! Proof that nobody changed the audit log: whatever was done to an export is found and named.

use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use serde_json::{Value, json};
use store::{Checkpoint, DocumentHash};
use vault::SigningKey;

use crate::support::{Said, run};

/// An export of a run over the demo's settlements, with the public key that signed it.
struct Export {
    stage: Stage,
    lines: Vec<Value>,
    key: String,
}

impl Export {
    async fn new() -> Self {
        let stage = Stage::set(Setting::new(documents::demo())).await.expect("stand-ins start");
        run(stage.folder(), &["sync", "settlements"]).await;
        let said = run(stage.folder(), &["audit", "export", "log"]).await;
        assert_eq!(said.code, 0, "{}", said.err);
        let text = std::fs::read_to_string(stage.folder().join("log")).expect("written");
        let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let key = run(stage.folder(), &["audit", "key"]).await;
        Self { stage, lines, key: key.out.trim().to_owned() }
    }

    async fn verify(&self, lines: &[Value], key: Option<&str>) -> Said {
        let elsewhere = tempfile::tempdir().expect("a folder");
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(elsewhere.path().join("log"), text).expect("written");
        let mut args = vec!["audit", "verify", "log"];
        args.extend(key.iter().flat_map(|key| ["--key", key]));
        run(elsewhere.path(), &args).await
    }

    /// What is said with the right key at hand.
    async fn refused(&self, lines: &[Value]) -> String {
        let said = self.verify(lines, Some(&self.key)).await;
        assert_eq!(said.code, 1, "{}", said.out);
        said.err
    }

    fn place_of(&self, seq: u64) -> usize {
        let of = |line: &Value| line["seq"] == seq && line["event"].is_string();
        self.lines.iter().position(of).expect("an event")
    }

    fn events(&self) -> u64 {
        self.lines.iter().filter(|line| line["event"].is_string()).count() as u64
    }
}

/// The lines with event `from` changed, and everything behind it made to fit; by whoever holds this
/// key, the checkpoints and the end too.
fn rewritten(lines: &[Value], from: u64, key: Option<&SigningKey>) -> Vec<Value> {
    let mut lines = lines.to_vec();
    let mut previous = String::new();
    let mut heads = std::collections::BTreeMap::new();
    for line in lines.iter_mut().filter(|line| line["event"].is_string()) {
        let seq = line["seq"].as_u64().expect("a number");
        if seq == from {
            let event =
                line["event"].as_str().expect("a text").replacen("ml-connector", "nobody", 1);
            line["event"] = event.into();
        }
        if seq > from {
            line["previous"] = previous.clone().into();
        }
        let text = |name: &str| line[name].as_str().expect("a text").to_owned();
        let (before, event) = (text("previous"), text("event"));
        previous = DocumentHash::of(format!("{before}\n{event}\n").as_bytes()).to_string();
        line["hash"] = previous.clone().into();
        heads.insert(seq, previous.clone());
    }
    let Some(key) = key else { return lines };
    for line in &mut lines {
        if line["checkpoint"].is_object() {
            let mut checkpoint: Checkpoint =
                serde_json::from_value(line["checkpoint"].clone()).expect("a checkpoint");
            checkpoint.head = heads[&checkpoint.seq].clone();
            checkpoint.public_key = key.public().to_string();
            checkpoint.signature = key.sign(&checkpoint.text());
            line["checkpoint"] = json!(checkpoint);
        }
    }
    sign_end(&mut lines, &previous, key);
    lines
}

fn sign_end(lines: &mut [Value], head: &str, key: &SigningKey) {
    let events = lines.iter().filter(|line| line["event"].is_string()).count();
    let end = lines.last_mut().expect("an end");
    end["ends"]["demo"] = json!({ "events": events, "head": head });
    end["public_key"] = key.public().to_string().into();
    let form = "ml-connector audit export 1";
    let text = format!(
        r#"["{form}",{{"demo":{{"events":{events},"head":"{head}"}}}},{},{}]"#,
        end["at"], end["public_key"]
    );
    end["signature"] = key.sign(text.as_bytes()).into();
}

fn other_key() -> SigningKey {
    SigningKey::generate(&mut |bytes| bytes.fill(7)).expect("a key")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_was_done_to_an_export_is_found_and_named() {
    let export = Export::new().await;
    let good = export.verify(&export.lines, Some(&export.key)).await;
    assert_eq!(good.code, 0, "{}", good.err);
    assert!(good.out.contains("signed by key"), "{}", good.out);
    let events = export.events();
    assert!(events > 100, "the demo makes more events than go between two checkpoints: {events}");

    let mut edited = export.lines.clone();
    let place = export.place_of(7);
    edited[place]["event"] = edited[place]["event"]
        .as_str()
        .expect("a text")
        .replacen("ml-connector", "nobody", 1)
        .into();
    let said = export.refused(&edited).await;
    assert!(said.contains("audit event 7 of demo: its text was changed"), "{said}");

    let mut deleted = export.lines.clone();
    deleted.remove(place);
    let said = export.refused(&deleted).await;
    assert!(said.contains("audit event 7 of demo: it is missing"), "{said}");

    let mut reordered = export.lines.clone();
    reordered.swap(place, export.place_of(8));
    let said = export.refused(&reordered).await;
    assert!(said.contains("audit event 7 of demo: it is missing"), "{said}");

    // Cut off, with an end that says so; the checkpoints beyond it removed as well.
    let mut cut = export.lines.clone();
    let end = cut.pop().expect("an end");
    let last = cut.pop().expect("an event");
    cut.push(end.clone());
    let said = export.refused(&cut).await;
    assert!(said.contains(&format!("audit event {events} of demo")), "{said}");
    assert!(said.contains(&format!("event {events} was vouched for at")), "{said}");
    cut.retain(|line| line["checkpoint"]["seq"] != events);
    let said = export.refused(&cut).await;
    assert!(said.contains(&format!("event {events} of demo is missing")), "{said}");
    let at = cut.len() - 1;
    cut[at]["ends"]["demo"] = json!({ "events": events - 1, "head": last["previous"] });
    let said = export.refused(&cut).await;
    assert!(said.contains("the signature of its end does not hold"), "{said}");

    let said = export.refused(&rewritten(&export.lines, 7, None)).await;
    assert!(said.contains("audit event 100 of demo") && said.contains("was rewritten"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_somebody_else_signed_shows_by_its_key() {
    let export = Export::new().await;
    let theirs = rewritten(&export.lines, 7, Some(&other_key()));
    let said = export.verify(&theirs, None).await;
    assert_eq!(said.code, 0, "it fits together: {}", said.err);
    assert!(said.out.contains(&other_key().public().id().to_string()), "{}", said.out);
    assert!(said.out.contains("compare the key"), "{}", said.out);
    let said = export.refused(&theirs).await;
    assert!(said.contains("which is not trusted"), "{said}");

    // The end alone signed anew, and no checkpoint left.
    let mut bare = export.lines.clone();
    bare.retain(|line| !line["checkpoint"].is_object());
    let head = bare[bare.len() - 2]["hash"].as_str().expect("a text").to_owned();
    sign_end(&mut bare, &head, &other_key());
    let said = export.refused(&bare).await;
    assert!(said.contains("which is not the one given"), "{said}");
    let end = bare.last_mut().expect("an end").as_object_mut().expect("an object");
    end.remove("public_key");
    end.remove("signature");
    let said = export.refused(&bare).await;
    assert!(said.contains("is not signed"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_may_begin_with_a_hyphen() {
    let export = Export::new().await;
    let mut keys = (0..=u8::MAX).filter_map(|byte| {
        let key = SigningKey::generate(&mut |bytes| bytes.fill(byte)).ok()?;
        Some(key.public().to_string())
    });
    let key = keys.find(|key| key.starts_with('-')).expect("one in sixty-four");
    let said = export.verify(&export.lines, Some(&key)).await;
    assert_eq!(said.code, 1, "it is read, and not the one that signed: {}", said.err);
    assert!(said.err.contains("not trusted"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_is_verified_by_the_installations_key() {
    let export = Export::new().await;
    let folder = export.stage.folder();
    let said = run(folder, &["audit", "verify", "--json"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let told = said.json_lines().remove(0);
    assert_eq!(told["vouched"]["demo"], export.events(), "the end of the run is vouched for");
    assert_eq!(told["keys"].as_array().map(Vec::len), Some(1));
    assert!(told["not_proved"].is_null(), "the key is outside the store: {told}");
    // Nobody's key at all.
    let key = folder.join("audit.key");
    std::fs::remove_file(&key).expect("it was there");
    let said = run(folder, &["audit", "verify"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("nothing outside the store vouches for this log"), "{}", said.out);
    // Another key than the one that signed.
    let text = secrecy::ExposeSecret::expose_secret(&other_key().to_text()).to_owned();
    std::fs::write(&key, text).expect("written");
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("private");
    let said = run(folder, &["audit", "verify"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("which is not trusted"), "{}", said.err);
    let said = run(folder, &["audit", "verify", "--key", &export.key]).await;
    assert_eq!(said.code, 0, "the former key may be named: {}", said.err);
    // Where machines without a vault share a store, all of them are named.
    let config = std::fs::read_to_string(export.stage.config()).expect("a configuration");
    let named = |keys: &[&str]| {
        let audit = format!("[audit]\ntrusted_keys = {keys:?}\n[[connection]]");
        let text = config.replacen("[[connection]]", &audit, 1);
        std::fs::write(export.stage.config(), text).expect("written");
    };
    let own = other_key().public().to_string();
    named(&[&export.key, &own]);
    let said = run(folder, &["audit", "verify", "--json"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.json_lines()[0]["keys"].as_array().map(Vec::len), Some(1), "who signed");
    named(&[&export.key]);
    let said = run(folder, &["audit", "verify"]).await;
    assert_eq!(said.code, 1, "this machine would sign by a key that nobody named");
    assert!(said.err.contains("[audit] trusted_keys does not name"), "{}", said.err);
    named(&[&own]);
    let said = run(folder, &["audit", "verify"]).await;
    assert_eq!(said.code, 1, "a third one is not taken");
    assert!(said.err.contains("which is not trusted"), "{}", said.err);
    named(&["no key"]);
    let said = run(folder, &["audit", "verify"]).await;
    assert_eq!(said.code, 78, "{}", said.err);
    assert!(said.err.contains("is no public key"), "{}", said.err);
}
