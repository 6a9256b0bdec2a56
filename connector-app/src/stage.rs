//! Stand-in servers with a configuration for them: what `demo` shows and the tests drive.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use fixtures::documents::SettlementDocument;
use fixtures::{amazon, epicor};
use ledger_mapper::Rules;

use crate::config::{DEFAULT_FILE, Posting};

/// The one connection's name.
pub const CONNECTION: &str = "demo";

/// What to set up.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The settlements that Amazon lists.
    pub settlements: Vec<SettlementDocument>,
    /// Where configuration and data go; a temporary folder when `None`.
    pub folder: Option<PathBuf>,
    /// How the stand-in Amazon is set up beside its settlements.
    pub amazon: amazon::Options,
    /// How the stand-in Epicor is set up.
    pub epicor: epicor::Options,
    /// Further tables of the connection's configuration.
    pub tables: String,
    /// Approve by policy.
    pub automatic: bool,
    /// `settle_seconds` of the configuration.
    pub settle_seconds: u32,
    /// `send_grace_seconds` of the configuration.
    pub send_grace_seconds: u32,
    /// `request_timeout_seconds` of the configuration.
    pub request_timeout_seconds: u32,
    /// Further lines of `[connection.posting]`.
    pub posting: String,
}

impl Setting {
    /// Everything approved by policy, with short times.
    #[must_use]
    pub fn new(settlements: Vec<SettlementDocument>) -> Self {
        Self {
            settlements,
            folder: None,
            amazon: amazon::Options::default(),
            epicor: epicor::Options::default(),
            tables: String::new(),
            automatic: true,
            settle_seconds: 2,
            send_grace_seconds: 2,
            request_timeout_seconds: 10,
            posting: String::new(),
        }
    }

    /// With the times of a configuration that sets none: `check` fails on short ones.
    #[must_use]
    pub fn usual_times(self) -> Self {
        let Posting { settle_seconds, send_grace_seconds, request_timeout_seconds, .. } =
            Posting::default();
        Self { settle_seconds, send_grace_seconds, request_timeout_seconds, ..self }
    }
}

/// Two running stand-ins and a folder with configuration, rules and secrets.
#[derive(Debug)]
pub struct Stage {
    /// The stand-in Amazon.
    pub amazon: amazon::StandIn,
    /// The stand-in Epicor.
    pub epicor: epicor::StandIn,
    settlements: Vec<SettlementDocument>,
    folder: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Stage {
    /// Starts the servers and writes the folder.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub async fn set(setting: Setting) -> anyhow::Result<Self> {
        let (folder, temporary) = if let Some(folder) = setting.folder.clone() {
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("creating {}", folder.display()))?;
            (folder, None)
        } else {
            let temporary = tempfile::tempdir().context("creating a temporary folder")?;
            (temporary.path().to_owned(), Some(temporary))
        };
        let settlements = setting.settlements.clone();
        let options = amazon::Options { settlements, ..setting.amazon.clone() };
        let amazon =
            amazon::StandIn::start(options).await.context("starting the stand-in Amazon")?;
        let epicor = epicor::StandIn::start(setting.epicor.clone())
            .await
            .context("starting the stand-in Epicor")?;
        add_sample_chart(&epicor);
        let settlements = setting.settlements.clone();
        let stage = Self { amazon, epicor, settlements, folder, _temporary: temporary };
        stage.write(&setting).context("writing the configuration")?;
        Ok(stage)
    }

    /// The configuration file.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.folder.join(DEFAULT_FILE)
    }

    /// The folder of configuration, rules, secrets and data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the configuration anew, with this many connections, `seller-1` and so on, each of a selling
    /// account of its own. The first has the account that was set, the others have its settlements under
    /// other ids. `head` comes before them, `schedule` says when settlements run.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub fn multiply(&self, connections: usize, head: &str, schedule: &str) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(self.config())?;
        let (_, one) = text.split_once("[[connection]]").context("the connection that was set")?;
        let mut all = format!("{head}\n");
        for number in 1..=connections {
            let name = format!("\"seller-{number}\"");
            let mut connection = one.replace(&format!("\"{CONNECTION}\""), &name);
            if number > 1 {
                let file = self.add_account(u64::try_from(number)?)?;
                connection = connection.replace("\"refresh-token\"", &format!("\"{file}\""));
            }
            all.push_str("\n[[connection]]");
            all.push_str(&connection);
            all.push_str(&format!("\n[connection.schedule]\nsettlements = \"{schedule}\"\n"));
        }
        Ok(std::fs::write(self.config(), all)?)
    }

    /// Adds a copy of the one connection, of the same selling account, into a company: its refresh token is
    /// in a file of its own, as who copies a connection may have it.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub fn copy_connection(&self, name: &str, company: &str) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(self.config())?;
        let (_, one) = text.split_once("[[connection]]").context("the connection that was set")?;
        let file = format!("refresh-token-{name}");
        std::fs::copy(self.folder.join("refresh-token"), self.folder.join(&file))?;
        let copy = one
            .replace(&format!("\"{CONNECTION}\""), &format!("\"{name}\""))
            .replace("\"EPIC06\"", &format!("\"{company}\""))
            .replace("\"refresh-token\"", &format!("\"{file}\""));
        Ok(std::fs::write(self.config(), format!("{text}\n\n[[connection]]{copy}"))?)
    }

    /// One more selling account; the name of the file with its refresh token.
    fn add_account(&self, number: u64) -> anyhow::Result<String> {
        let (file, token) = (format!("refresh-token-{number}"), format!("Atzr|stand-in-{number}"));
        let theirs = self.settlements.iter().map(|document| document.of_account(number));
        self.amazon.add_account(&token, &theirs.collect::<Vec<_>>());
        write_private(&self.folder.join(&file), &token)?;
        Ok(file)
    }

    /// As [`multiply`](Self::multiply), with the store on a PostgreSQL server.
    ///
    /// # Errors
    /// What the operating system refuses.
    pub fn share(&self, postgres: &str, connections: usize, schedule: &str) -> anyhow::Result<()> {
        write_private(&self.folder.join("database-url"), postgres)?;
        let head = "[postgres]\nurl = { file = \"database-url\" }";
        self.multiply(connections, head, schedule)
    }

    fn write(&self, setting: &Setting) -> anyhow::Result<()> {
        std::fs::write(self.folder.join("rules.toml"), Rules::sample_text())?;
        for (name, secret) in [
            ("client-secret", "stand-in-secret"),
            ("refresh-token", "Atzr|stand-in"),
            ("api-key", "stand-in-key"),
            ("password", "connector"),
        ] {
            write_private(&self.folder.join(name), secret)?;
        }
        let text = format!(
            r#"data_dir = "data"

[[connection]]
name = "{CONNECTION}"
rules = "rules.toml"
chain = "warn"

[connection.amazon]
region = "na"
client_id = "stand-in-client"
client_secret = {{ file = "client-secret" }}
refresh_token = {{ file = "refresh-token" }}
base_url = "{}"
lwa_url = "{}"

[connection.epicor]
url = "{}"
company = "EPIC06"
api_key = {{ file = "api-key" }}
user = "connector"
password = {{ file = "password" }}

[connection.approval]
automatic = {}

[connection.posting]
settle_seconds = {}
send_grace_seconds = {}
request_timeout_seconds = {}
{}
{}"#,
            self.amazon.base_url(),
            self.amazon.lwa_url(),
            self.epicor.base_url(),
            setting.automatic,
            setting.settle_seconds,
            setting.send_grace_seconds,
            setting.request_timeout_seconds,
            setting.posting,
            setting.tables,
        );
        std::fs::write(self.config(), text)?;
        Ok(())
    }
}

/// The company has every account that the sample rules name.
fn add_sample_chart(epicor: &epicor::StandIn) {
    let rules = Rules::sample();
    for account in ledger_mapper::roles().iter().filter_map(|info| rules.account_for(&info.role)) {
        let name = rules.account_name(account).unwrap_or_default();
        epicor.add_account(&epicor::GlAccountRow::active(account.as_str(), name));
    }
}

/// Writes a file that only its owner may read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}
