//! The configuration file, `ml-connector.toml`.
//!
//! One file names the data folder and, per connection, the two systems, the rules and the limits.
//! Secrets are never in it: each is in the vault, or in the environment variable or the file (0600)
//! that it names.

mod alerts;
mod amazon;
mod approval;
mod audit;
mod bank;
mod catalog;
mod console;
mod epicor;
mod error;
mod keyring;
mod orders;
mod posting;
mod secret;
mod serve;
mod storage;
mod vault;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, Rules};
use schemars::JsonSchema;
use serde::Deserialize;

pub use alerts::{Alerts, Email, MailSecurity, Webhook};
pub use amazon::{Amazon, AmazonRegion};
pub use approval::Approval;
pub use audit::Audit;
pub use bank::Bank;
pub use catalog::Catalog;
pub use console::Console;
pub use epicor::{Epicor, EpicorLogin, Further, JournalEntry};
pub use error::ConfigError;
pub use keyring::write_to_keyring;
pub use orders::{Cancelled, Fba, FullPart, MappedCarrier, MappedPart, Orders, ShipToPolicy};
pub use posting::{Posting, PostingStyle};
pub use secret::{SecretSource, SecretUnavailable};
pub use serve::{Schedule, Serve, Telemetry, Tls};
pub use storage::{Postgres, Retention};
pub use vault::{Vault, write_key, write_private};

use crate::pipeline::ChainPolicy;

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
    /// The first day whose settlements are booked here, such as `2026-11-16`. One that ended before it
    /// is in the books already, entered by hand: it is read, and never posted. Needs `zone`. All are
    /// booked when left out.
    #[schemars(with = "Option<String>")]
    pub go_live: Option<Date>,
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

impl Config {
    /// Reads and checks the file; nothing is contacted.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and column.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::NotFound { path: path.to_owned(), source })?;
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
        if let Some(fault) = self.vault.as_ref().and_then(Vault::fault) {
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
        let mut accounts = std::collections::HashMap::new();
        for connection in &self.connections {
            let name = connection.name.as_str();
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return refuse(name, "name takes letters, digits and - only");
            }
            if !names.insert(name) {
                return refuse(name, "two connections have this name; rename one");
            }
            let account = connection.amazon.account();
            if let Some(other) = account.and_then(|account| accounts.insert(account, name)) {
                let place = connection.amazon.refresh_token.place();
                return refuse(
                    name,
                    &format!(
                        "connection \"{other}\" has the same amazon.refresh_token ({place}): both would \
                         read one selling account and book its settlements twice; remove one of the \
                         two, or name the refresh token of its own account"
                    ),
                );
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
            if connection.go_live.is_some() && connection.zone.is_none() {
                return refuse(
                    name,
                    "go_live is a day of the connection's zone: set zone to the marketplace's time zone",
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

    /// The day it is in the cut-off zone. Where the file names none, in the zone of the region's
    /// marketplaces where a day ends last: a period is not over before it is over everywhere.
    #[must_use]
    pub fn today(&self, now: Timestamp) -> Date {
        let last = || TimeZone::get(self.amazon.region.last_zone()).ok();
        let zone = self.cut_off_zone().or_else(last).unwrap_or(TimeZone::UTC);
        zone.to_datetime(now).date()
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
