//! `[connection.epicor]`: the company.

use std::collections::BTreeMap;
use std::path::PathBuf;

use epicor_odata_client::odata::Literal;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::SecretSource;

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
    /// What business methods of this version of Epicor want besides what is known, by service and
    /// method, such as "Erp.BO.SalesOrderSvc/ChangePartNumMaster"; `check` says which.
    #[serde(default)]
    pub further_parameters: BTreeMap<String, BTreeMap<String, Further>>,
}

/// A parameter's value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Further {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

impl From<&Further> for Literal {
    fn from(further: &Further) -> Self {
        match further {
            Further::Flag(flag) => (*flag).into(),
            Further::Number(number) => (*number).into(),
            Further::Text(text) => text.as_str().into(),
        }
    }
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
