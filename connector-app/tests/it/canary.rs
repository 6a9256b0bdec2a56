//! Secrets that are easy to recognise go through everything that may fail; then every byte that was
//! written anywhere is searched for them.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use fixtures::postgres::Server;
use fixtures::{Fault, amazon, documents, epicor};
use ledger_mapper::Rules;

use crate::support::{Said, binary, run_with};

/// What must be found nowhere: four secrets, a passphrase, the next client secret, and wrong ones.
const CANARIES: [&str; 8] = [
    "canary-client-secret-1f0a",
    "Atzr|canary-refresh-token-2e1b",
    "canary-api-key-3d2c",
    "canary-password-4c3d",
    "canary-passphrase-5b4e",
    "canary-next-secret-6a5f",
    "canary-wrong-password-7960",
    "canary-wrong-key-8871",
];

/// Every form in which a canary would still be readable.
fn forms() -> Vec<String> {
    let standard = base64::engine::general_purpose::STANDARD_NO_PAD;
    let mut forms = Vec::new();
    for canary in CANARIES {
        forms.push(canary.to_owned());
        forms.push(url::form_urlencoded::byte_serialize(canary.as_bytes()).collect());
        forms.push(canary.bytes().map(|byte| format!("{byte:02x}")).collect());
        // Within a longer text, base64 has three alignments; the middle is the same whatever is around.
        for lead in ["", "x", "xx"] {
            let encoded = standard.encode(format!("{lead}{canary}"));
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    // Basic sign-in sends the user with the password.
    forms.push(standard.encode(format!("connector:{}", CANARIES[3])));
    forms
}

fn search(place: &str, bytes: &[u8], forms: &[String]) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms {
        assert!(!text.contains(form.as_str()), "{form} is in {place}");
    }
}

/// Every file of the folder, compressed ones as what they hold.
fn search_files(folder: &Path, forms: &[String]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable"))
    {
        let path = entry.path();
        if entry.file_type().expect("known").is_dir() {
            files += search_files(&path, forms);
            continue;
        }
        let bytes = std::fs::read(&path).expect("readable");
        let place = path.display().to_string();
        search(&place, &bytes, forms);
        let mut inflated = Vec::new();
        if flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated).is_ok() {
            search(&place, &inflated, forms);
        }
        files += 1;
    }
    files
}

/// An installation whose secrets are canaries, with what it said so far.
struct Installation {
    folder: tempfile::TempDir,
    amazon: amazon::StandIn,
    epicor: epicor::StandIn,
    said: Vec<Said>,
}

impl Installation {
    async fn new(postgres: Option<&Server>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let amazon = amazon::StandIn::start(amazon::Options {
            settlements: documents::demo(),
            client_secret: CANARIES[0].to_owned(),
            refresh_token: CANARIES[1].to_owned(),
            // Many processes would wait for each other's calls.
            enforce_rates: false,
            ..amazon::Options::default()
        });
        let key =
            epicor::ApiKey { key: CANARIES[2].to_owned(), companies: Vec::new(), scope: None };
        let epicor = epicor::StandIn::start(epicor::Options {
            users: vec![("connector".to_owned(), CANARIES[3].to_owned())],
            api_keys: vec![key],
            ..epicor::Options::default()
        });
        let (amazon, epicor) = (amazon.await.expect("a port"), epicor.await.expect("a port"));
        let rules = Rules::sample();
        for account in
            ledger_mapper::roles().iter().filter_map(|info| rules.account_for(&info.role))
        {
            epicor.add_account(&epicor::GlAccountRow::active(account.as_str(), ""));
        }
        let postgres = postgres.map_or(String::new(), |server| {
            let path = folder.path().join("database-url");
            std::fs::write(&path, server.url()).expect("written");
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
                .expect("private");
            "[postgres]\nurl = { file = \"database-url\" }\n".to_owned()
        });
        let config = format!(
            r#"data_dir = "data"
{postgres}
[vault]
passphrase = {{ env = "ML_CANARY_PASSPHRASE" }}
[[connection]]
name = "demo"
rules = "rules.toml"
[connection.amazon]
region = "na"
client_id = "stand-in-client"
base_url = "{}"
lwa_url = "{}"
[connection.epicor]
url = "{}"
company = "EPIC06"
user = "connector"
[connection.approval]
automatic = true
[connection.posting]
settle_seconds = 1
send_grace_seconds = 1
request_timeout_seconds = 5
"#,
            amazon.base_url(),
            amazon.lwa_url(),
            epicor.base_url(),
        );
        std::fs::write(folder.path().join("ml-connector.toml"), config).expect("written");
        std::fs::write(folder.path().join("rules.toml"), Rules::sample_text()).expect("written");
        Self { folder, amazon, epicor, said: Vec::new() }
    }

    /// Runs a command with everything logged.
    async fn run(&mut self, args: &[&str], input: &str) -> i32 {
        let mut command = binary(self.folder.path());
        command
            .args(args)
            .env("ML_CANARY_PASSPHRASE", CANARIES[4])
            .env("ML_CONNECTOR_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        let said = run_with(command, input).await;
        let code = said.code;
        self.said.push(said);
        code
    }

    async fn set(&mut self, name: &str, secret: &str) {
        assert_eq!(self.run(&["credentials", "set", name], secret).await, 0, "{name}");
    }

    async fn through_everything(&mut self) {
        for (name, secret) in [
            ("amazon.client_secret", CANARIES[0]),
            ("amazon.refresh_token", CANARIES[1]),
            ("epicor.api_key", CANARIES[2]),
            ("epicor.password", CANARIES[6]),
        ] {
            self.set(name, secret).await;
        }
        assert_eq!(self.run(&["check"], "").await, 77, "the password is wrong");
        assert_eq!(self.run(&["sync", "settlements"], "").await, 77, "the password is wrong");
        self.set("epicor.password", CANARIES[3]).await;
        self.set("epicor.api_key", CANARIES[7]).await;
        assert_eq!(self.run(&["sync", "settlements"], "").await, 77, "the key is wrong");
        self.set("epicor.api_key", CANARIES[2]).await;
        assert_eq!(self.run(&["credentials", "rotate"], CANARIES[5]).await, 0);

        self.amazon.faults().seeded(7, 60);
        self.epicor.faults().seeded_from(
            8,
            60,
            &[Fault::Status(500), Fault::ResetAfter, Fault::TruncateBody, Fault::Html(502)],
        );
        self.killed_on_the_way().await;
        self.run(&["sync", "settlements"], "").await;
        self.amazon.faults().clear();
        self.epicor.faults().clear();
        assert_eq!(self.run(&["check", "--json"], "").await, 0, "{}", self.last());
        // On a server, the lease of the process that was killed runs out first.
        for _ in 0..30 {
            self.run(&["sync", "settlements", "--json"], "").await;
            if !self.epicor.posted_journals().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        assert!(!self.epicor.posted_journals().is_empty(), "it got through: {}", self.last());
        for args in [
            &["status"][..],
            &["credentials", "status"],
            &["audit", "verify"],
            &["audit", "export", "log"],
            &["backup", "copy"],
        ] {
            let code = self.run(args, "").await;
            assert!([0, 3].contains(&code), "{args:?}: {}", self.last());
        }
    }

    /// A run that ends in the middle, as when the machine goes down.
    async fn killed_on_the_way(&self) {
        let log = std::fs::File::create(self.folder.path().join("killed.log")).expect("made");
        let mut command = binary(self.folder.path());
        command
            .args(["sync", "settlements"])
            .env("ML_CANARY_PASSPHRASE", CANARIES[4])
            .env("ML_CONNECTOR_LOG", "trace")
            .stdout(std::process::Stdio::null())
            .stderr(log);
        let mut child = command.spawn().expect("the binary starts");
        let before = self.epicor.requests().len();
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if self.epicor.requests().len() > before + 8 {
                break;
            }
        }
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
    }

    fn last(&self) -> String {
        let last = self.said.last().expect("something was said");
        let log: Vec<_> = last.err.lines().rev().take(5).collect();
        format!("{}\n{}", last.out, log.join("\n"))
    }

    fn search_all(&self, forms: &[String]) {
        let logged: usize = self.said.iter().map(|said| said.err.len()).sum();
        assert!(logged > 100_000, "the logs are at trace level: {logged} bytes");
        for said in &self.said {
            search("standard output", said.out.as_bytes(), forms);
            search("the log", said.err.as_bytes(), forms);
        }
        let files = search_files(self.folder.path(), forms);
        assert!(files >= 5, "configuration, rules, log, export, backup: {files}");
    }
}

#[test]
fn the_search_finds_what_is_there() {
    let forms = forms();
    for canary in CANARIES {
        let standard = base64::engine::general_purpose::STANDARD;
        for text in [format!("a {canary} b"), standard.encode(format!("connector:{canary}"))] {
            let found = std::panic::catch_unwind(|| search("here", text.as_bytes(), &forms));
            assert!(found.is_err(), "{text}");
        }
    }
    search("here", b"nothing of the kind", &forms);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_anywhere_in_clear_with_a_data_folder() {
    let mut installation = Installation::new(None).await;
    installation.through_everything().await;
    installation.search_all(&forms());
    assert!(installation.folder.path().join("data/ml-connector.db").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_anywhere_in_clear_with_a_server() {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("not cancelled");
    let server = server.expect("a throwaway PostgreSQL server");
    let mut installation = Installation::new(Some(&server)).await;
    installation.through_everything().await;
    let forms = forms();
    installation.search_all(&forms);
    let dump = server.dump().expect("pg_dump runs");
    assert!(dump.contains("COPY ml_connector.secrets"), "every table is in it");
    search("the database", dump.as_bytes(), &forms);
}
