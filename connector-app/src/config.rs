//! The configuration file, `ml-connector.toml`.
//!
//! One file names the data folder and, per connection, the two systems, the rules and the limits.
//! Secrets are never in it: each is in the vault, or in the environment variable or the file (0600)
//! that it names.

mod alerts;
mod audit;
mod bank;
mod catalog;
mod console;
mod keyring;
mod orders;
mod posting;
mod secret;
mod serve;
mod vault;

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, Rules};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

pub use alerts::{Alerts, Email, MailSecurity, Webhook};
pub use audit::Audit;
pub use bank::Bank;
pub use catalog::Catalog;
pub use console::Console;
pub use keyring::write_to_keyring;
pub use orders::{Cancelled, Fba, FullPart, MappedCarrier, MappedPart, Orders, ShipToPolicy};
pub use posting::{Posting, PostingStyle};
pub use secret::{SecretSource, SecretUnavailable};
pub use serve::{Schedule, Serve, Telemetry, Tls};
pub use vault::{Vault, write_key, write_private};

use crate::pipeline::{ChainPolicy, settlement};

/// The name looked for in the working folder when `--config` is not given.
pub const DEFAULT_FILE: &str = "ml-connector.toml";

/// The whole file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the store lives, unless it is on a PostgreSQL server; relative to the configuration
    /// file.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// The PostgreSQL server that holds the store instead of the data folder.
    pub postgres: Option<Postgres>,
    /// How the credentials that the store keeps are encrypted.
    pub vault: Option<Vault>,
    /// Who is told when something needs a person.
    #[serde(default)]
    pub alerts: Alerts,
    /// Whose signatures on the audit log are taken.
    #[serde(default)]
    pub audit: Audit,
    /// How long things are kept.
    #[serde(default)]
    pub retention: Retention,
    /// The process that runs everything by the schedule.
    #[serde(default)]
    pub serve: Serve,
    /// The pages that this process shows to people.
    #[serde(default)]
    pub console: Console,
    /// Who is told what happens.
    #[serde(default)]
    pub telemetry: Telemetry,
    /// The connections, each one selling account into one Epicor company.
    #[serde(rename = "connection")]
    pub connections: Vec<Connection>,
    /// The folder that relative paths start from.
    #[serde(skip)]
    pub folder: PathBuf,
}

fn default_data_dir() -> PathBuf {
    "data".into()
}

/// A PostgreSQL server, for several processes that share the work.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    /// `postgres://user:password@host:port/database?sslmode=verify-full`.
    pub url: SecretSource,
    /// The schema that holds the tables; made when it is missing.
    #[serde(default = "default_schema")]
    pub schema: String,
    /// The most connections each process opens.
    #[serde(default = "default_connections_max")]
    pub connections_max: u32,
}

fn default_schema() -> String {
    "ml_connector".to_owned()
}

const fn default_connections_max() -> u32 {
    8
}

/// How long things are kept; `purge` removes what is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Years for which the documents of settlements are kept, counted from a settlement's end. What
    /// the law asks for books and vouchers: ten in most places, and never less than one here.
    pub settlement_years: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self { settlement_years: 10 }
    }
}

/// One selling account, one Epicor company, and how one becomes the other.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// A short name, part of every key: changing it later makes new documents. Letters, digits, `-`.
    pub name: String,
    /// The rules file; see `ml-connector rules` and the ledger-mapper documentation.
    pub rules: PathBuf,
    /// The fiscal calendar; calendar months when left out.
    pub calendar: Option<PathBuf>,
    /// The cut-off zone (IANA name); the marketplace's when left out.
    pub zone: Option<String>,
    /// The selling account.
    pub amazon: Amazon,
    /// The company.
    pub epicor: Epicor,
    /// What a gap or an overlap in the series of settlements does: `hold`, or `warn`.
    #[serde(default)]
    pub chain: ChainPolicy,
    /// Who approves.
    #[serde(default)]
    pub approval: Approval,
    /// Orders in, shipments out; neither without it.
    pub orders: Option<Orders>,
    /// Listings against parts; not compared without it.
    pub catalog: Option<Catalog>,
    /// How documents are posted.
    #[serde(default)]
    pub posting: Posting,
    /// How deposits are recognised on bank statements.
    #[serde(default)]
    pub bank: Bank,
    /// When each flow runs.
    #[serde(default)]
    pub schedule: Schedule,
}

/// How to reach the Selling Partner API.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amazon {
    /// `na`, `eu` or `fe`.
    pub region: AmazonRegion,
    /// The application's LWA client id (not a secret).
    pub client_id: String,
    /// The application's LWA client secret; in the vault when left out, like all secrets.
    #[serde(default)]
    pub client_secret: SecretSource,
    /// The selling account's refresh token.
    #[serde(default)]
    pub refresh_token: SecretSource,
    /// Another address than Amazon's, for a stand-in or a proxy.
    #[schemars(with = "Option<String>")]
    pub base_url: Option<Url>,
    /// Another address than Amazon's for the token exchange.
    #[schemars(with = "Option<String>")]
    pub lwa_url: Option<Url>,
}

/// The three regions of the Selling Partner API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AmazonRegion {
    /// North America (US, CA, MX, BR).
    Na,
    /// Europe, Middle East, India.
    Eu,
    /// Far East (JP, AU, SG).
    Fe,
}

/// How to reach Epicor Kinetic, and the journal's fixed fields.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Epicor {
    /// `https://host/instance`.
    #[schemars(with = "String")]
    pub url: Url,
    /// The company the journals belong to.
    pub company: String,
    /// The key of API Key Maintenance.
    #[serde(default)]
    pub api_key: SecretSource,
    /// The integration's own Epicor user.
    pub user: String,
    /// That user's password.
    #[serde(default)]
    pub password: SecretSource,
    /// How the user logs in: `basic`, or `token` where Epicor's token service is on.
    #[serde(default)]
    pub login: EpicorLogin,
    /// The general-ledger book (`BookID`); the company's main book when left out.
    pub book: Option<String>,
    /// The journal code (`JournalCode`).
    #[serde(default = "default_journal_code")]
    pub journal_code: String,
    /// By which steps journals are entered: `dialogue`, or `compact` after a trial on this Epicor.
    #[serde(default)]
    pub entry: JournalEntry,
    /// What separates the segments of an account in the rules file.
    #[serde(default = "default_separator")]
    pub segment_separator: char,
    /// How long a `Description` may be on this Epicor version.
    #[serde(default = "default_description_length")]
    pub description_length: usize,
    /// A PEM file with the certificate authority of an on-premises server.
    pub ca_file: Option<PathBuf>,
}

/// How the user of Epicor logs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EpicorLogin {
    /// User and password go with every call.
    #[default]
    Basic,
    /// User and password go to Epicor's own `TokenResource.svc` only, whose access token goes with
    /// the calls.
    Token,
}

/// By which steps of Epicor's dialogue a journal is entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JournalEntry {
    /// All steps that production clients take: 11 to 14 requests a journal.
    #[default]
    Dialogue,
    /// Only the steps that save or decide something: 6 requests a journal.
    Compact,
}

impl From<JournalEntry> for epicor_odata_client::Entry {
    fn from(entry: JournalEntry) -> Self {
        match entry {
            JournalEntry::Dialogue => Self::Dialogue,
            JournalEntry::Compact => Self::Compact,
        }
    }
}

fn default_journal_code() -> String {
    "GJ".to_owned()
}

const fn default_separator() -> char {
    '-'
}

const fn default_description_length() -> usize {
    30
}

/// Who approves a settlement.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Approval {
    /// Approve by policy what ties, maps and passes every check; otherwise a person runs `approve`.
    pub automatic: bool,
    /// Larger deposits (absolute value, text such as "250000.00") always wait for a person.
    #[serde(deserialize_with = "exact")]
    #[schemars(with = "String")]
    pub limit: Option<Decimal>,
}

/// An amount written as text, so that no float ever stands between the file and us.
fn exact<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let amount = text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "\"{text}\" is not an amount; write one such as \"250000.00\""
        ))
    })?;
    Ok(Some(amount))
}

impl Approval {
    /// The policy for [`settlement::decide`].
    #[must_use]
    pub fn policy(&self) -> settlement::Policy {
        settlement::Policy { automatic: self.automatic, limit: self.limit }
    }
}

/// The configuration, the rules or the calendar cannot be used; an IT admin must change a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error(
        "cannot read {}: write one as the README's \"Connect your own systems\" shows, or name another with --config",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not the TOML we expect.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// 1-based line.
        line: usize,
        /// 1-based column.
        column: usize,
        /// What is wrong, and the fix where one is known.
        message: String,
    },
    /// A value is well-formed but cannot be meant.
    #[error("{}: {}{message}", path.display(), of(connection))]
    Refused {
        /// The file.
        path: PathBuf,
        /// The connection; empty when it concerns them all.
        connection: String,
        /// What is wrong and what to write instead.
        message: String,
    },
    /// `[alerts]` is well-formed but cannot be meant.
    #[error("{}: [alerts] {message}", path.display())]
    Alerts {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to write instead.
        message: &'static str,
    },
    /// The rules or the calendar file is wrong.
    #[error(transparent)]
    File(#[from] ledger_mapper::FileError),
    /// A secret is not where the file says.
    #[error(transparent)]
    Secret(#[from] SecretUnavailable),
}

fn of(connection: &str) -> String {
    match connection {
        "" => String::new(),
        name => format!("connection \"{name}\": "),
    }
}

impl Config {
    /// Reads and checks the file; nothing is contacted.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and column.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = read_text(path)?;
        let mut config: Self = parse(path, &text)?;
        config.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        config.check(path)?;
        Ok(config)
    }

    /// What an editor reads to complete and check the file, as JSON Schema.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        let mut schema = schemars::schema_for!(Self);
        schema.insert("title".to_owned(), "Configuration of ml-connector".into());
        schema.to_value()
    }

    /// The data folder, resolved against the configuration file's folder.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.join(&self.data_dir)
    }

    /// Whether any connection has a secret in the vault.
    #[must_use]
    pub fn uses_vault(&self) -> bool {
        self.connections.iter().any(|connection| {
            let (amazon, epicor) = (&connection.amazon, &connection.epicor);
            [&amazon.client_secret, &amazon.refresh_token, &epicor.api_key, &epicor.password]
                .contains(&&SecretSource::Vault)
        })
    }

    /// The names of all connections, in the order of the file.
    pub fn connection_names(&self) -> impl Iterator<Item = &str> {
        self.connections.iter().map(|connection| connection.name.as_str())
    }

    /// The connection of that name, or the only one.
    ///
    /// # Errors
    /// A message naming the choices.
    pub fn connection(&self, name: Option<&str>) -> Result<&Connection, ConfigError> {
        let found = match name {
            Some(name) => self.connections.iter().find(|c| c.name == name),
            None if self.connections.len() == 1 => self.connections.first(),
            None => None,
        };
        found.ok_or_else(|| ConfigError::Refused {
            path: self.folder.join(DEFAULT_FILE),
            connection: name.unwrap_or("").to_owned(),
            message: format!(
                "name one of the connections with --connection: {}",
                self.connection_names().collect::<Vec<_>>().join(", ")
            ),
        })
    }

    fn check(&self, path: &Path) -> Result<(), ConfigError> {
        let refuse = |connection: &str, message: &str| {
            Err(ConfigError::Refused {
                path: path.to_owned(),
                connection: connection.to_owned(),
                message: message.to_owned(),
            })
        };
        if let Some(message) = self.alerts.fault() {
            return Err(ConfigError::Alerts { path: path.to_owned(), message });
        }
        if let Some(fault) = self.telemetry.fault() {
            return refuse("", fault);
        }
        if let Some(fault) = self.console.fault() {
            return refuse("", fault);
        }
        if self.serve.connections_at_once == 0 {
            return refuse("", "[serve] connections_at_once is at least 1");
        }
        if self.retention.settlement_years == 0 {
            return refuse("", "[retention] settlement_years is at least 1");
        }
        if self.connections.is_empty() {
            return refuse("", "there is no [[connection]]; add one");
        }
        let mut names = std::collections::BTreeSet::new();
        for connection in &self.connections {
            let name = connection.name.as_str();
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return refuse(name, "name takes letters, digits and - only");
            }
            if !names.insert(name) {
                return refuse(name, "two connections have this name; rename one");
            }
            if let Some(fault) = connection.schedule.fault() {
                return refuse(name, &fault);
            }
            if connection.zone.as_deref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
                return refuse(
                    name,
                    "zone is not a known time zone; write one such as \"America/Los_Angeles\"",
                );
            }
            if let Err(message) = connection.posting.check() {
                return refuse(name, &message);
            }
        }
        Ok(())
    }
}

impl Connection {
    /// Reads this connection's rules file.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line, column and fix.
    pub fn load_rules(&self, folder: &Path) -> Result<Rules, ConfigError> {
        load_rules(&folder.join(&self.rules))
    }

    /// Reads this connection's fiscal calendar; calendar months when none is named.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and column.
    pub fn load_calendar(&self, folder: &Path) -> Result<Calendar, ConfigError> {
        match &self.calendar {
            Some(file) => load_calendar(&folder.join(file)),
            None => Ok(Calendar::months()),
        }
    }

    /// The cut-off zone, when the file names one.
    #[must_use]
    pub fn cut_off_zone(&self) -> Option<TimeZone> {
        self.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok())
    }
}

/// Reads a rules file.
///
/// # Errors
/// [`ConfigError`] with file, line, column and fix.
pub fn load_rules(path: &Path) -> Result<Rules, ConfigError> {
    Ok(Rules::parse(&read_text(path)?, &path.display().to_string())?)
}

/// Reads a fiscal calendar file.
///
/// # Errors
/// [`ConfigError`] with file, line and column.
pub fn load_calendar(path: &Path) -> Result<Calendar, ConfigError> {
    Ok(Calendar::parse(&read_text(path)?, &path.display().to_string())?)
}

fn read_text(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        let before = text.get(..offset).unwrap_or(text);
        ConfigError::Invalid {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
            message: error.message().to_owned(),
        }
    })
}

#[cfg(test)]
mod tests;
