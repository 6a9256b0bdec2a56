//! `init` and the published schema: what is written can be used, and an editor takes it for right.

use std::path::{Path, PathBuf};

use connector_app::config::Config;
use connector_app::stage::{Setting, Stage};
use serde_json::Value;

use crate::json_schema::fault;
use crate::support::run;

async fn schema() -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let said = run(folder.path(), &["config", "schema"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).expect("JSON")
}

/// TOML as editors check it.
fn as_json(text: &str) -> Value {
    let table: toml::Table = text.parse().expect("TOML");
    serde_json::to_value(table).expect("no dates")
}

fn faults(schema: &Value, text: &str) -> Option<String> {
    fault(schema, &as_json(text))
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_is_right_and_never_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let args =
        ["init", "--name", "us", "--company", "ACME", "--url", "https://erp.example.org/live"];
    let said = run(folder.path(), &args).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("credentials set amazon.client_secret"), "{}", said.out);

    let path = folder.path().join("ml-connector.toml");
    let text = std::fs::read_to_string(&path).expect("written");
    assert_eq!(faults(&schema().await, &text), None);
    let config = Config::load(&path).expect("valid");
    assert_eq!(config.connection(Some("us")).expect("there").epicor.company, "ACME");
    config.connections[0].load_rules(folder.path()).expect("the rules are valid");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&folder.path().join("vault.key")), 0o600);
    for (file, first) in [
        ("ml-connector.toml", "#:schema ./ml-connector.schema.json"),
        ("rules.toml", "#:schema ./rules.schema.json"),
    ] {
        let text = std::fs::read_to_string(folder.path().join(file)).expect("written");
        assert_eq!(text.lines().next(), Some(first));
        let schema = first.split_once("./").expect("a file").1;
        let schema = std::fs::read_to_string(folder.path().join(schema)).expect("written");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        assert_eq!(schema["type"], "object");
    }
    let rules = std::fs::read_to_string(folder.path().join("rules.toml")).expect("written");
    assert!(rules.contains("Put your own account numbers in"), "{rules}");
    assert!(!rules.contains("Copy it"), "what the sample says of itself is left out");
    // The key is there already, and stays as it is.
    let key = run(folder.path(), &["credentials", "key"]).await;
    assert_eq!(key.code, 1, "{}", key.err);
    assert!(key.err.contains("go on with `credentials set`"), "{}", key.err);
    // The key is good: a credential goes in and is told to be there.
    let set = ["credentials", "set", "epicor.api_key"];
    let said = crate::support::run_with_input(folder.path(), &set, "a-key\n").await;
    assert_eq!(said.code, 0, "{}", said.err);

    let again = run(folder.path(), &args).await;
    assert_eq!(again.code, 1);
    assert!(again.err.contains("ml-connector.toml is there already"), "{}", again.err);
    assert_eq!(std::fs::read_to_string(&path).expect("as it was"), text);

    let elsewhere = tempfile::tempdir().expect("a folder");
    let wrong = run(elsewhere.path(), &["init", "--region", "moon"]).await;
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("--region: write na, eu or fe"), "{}", wrong.err);
    assert_eq!(std::fs::read_dir(elsewhere.path()).expect("readable").count(), 0);
}

/// The template, with every setting that stands behind a # put in force.
fn everything() -> String {
    let text = include_str!("../../data/ml-connector.toml");
    let lines = text.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) => {
            setting
        }
        _ => line,
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    ["name", "region", "client_id", "url", "company", "user"].iter().fold(text, |text, name| {
        let value = match *name {
            "region" => "\"na\"",
            "url" => "\"https://erp.example.com/kinetic\"",
            _ => "\"x\"",
        };
        text.replace(&format!("@{name}@"), value)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_setting_is_in_the_template_and_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ml-connector.toml");
    std::fs::write(&path, everything()).expect("written");
    Config::load(&path).expect("every setting that is shown may be written so");

    let schema = schema().await;
    assert_eq!(faults(&schema, &everything()), None);
    let text = everything();
    let objects =
        std::iter::once(&schema).chain(schema["$defs"].as_object().expect("definitions").values());
    for property in objects.filter_map(|object| object["properties"].as_object()).flatten() {
        let name = property.0;
        assert!(
            text.contains(&format!("{name} =")) || text.contains(&format!("{name}]")),
            "data/ml-connector.toml does not show the setting {name}"
        );
    }
}

/// The files that hold a configuration in documentation, as TOML blocks or whole.
fn documented() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for file in ["README.md", "docs/ARCHITECTURE.md", "connector-app/README.md"] {
        let path = root.join(file);
        let text = std::fs::read_to_string(&path).expect("readable");
        let blocks = text.split("```toml\n").skip(1);
        let blocks = blocks.filter_map(|block| block.split("```").next());
        found.extend(blocks.map(|block| (path.clone(), block.to_owned())));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schema_takes_what_the_program_takes() {
    let schema = schema().await;
    let stage = Stage::set(Setting::new(Vec::new())).await.expect("stand-ins start");
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    assert_eq!(faults(&schema, &text), None);
    let whole = documented().into_iter().filter(|(_, text)| text.contains("[connection.amazon]"));
    let whole: Vec<_> = whole.collect();
    assert!(!whole.is_empty(), "the README shows a configuration");
    for (path, block) in whole {
        assert_eq!(faults(&schema, &block), None, "{}", path.display());
    }
    for (from, to) in [
        ("rules =", "ruels ="),
        ("region = \"na\"", "region = \"moon\""),
        ("{ file = \"password\" }", "\"in-clear\""),
        ("{ file = \"password\" }", "{ file = \"a\", env = \"b\" }"),
        ("company = \"EPIC06\"\n", ""),
        ("automatic = true", "automatic = 1"),
    ] {
        assert!(text.contains(from), "{from}");
        let wrong = text.replace(from, to);
        assert!(faults(&schema, &wrong).is_some(), "{to}: the schema refuses it");
        std::fs::write(stage.config(), &wrong).expect("written");
        assert!(Config::load(&stage.config()).is_err(), "{to}: the program refuses it");
    }
}
