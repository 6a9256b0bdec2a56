//! A decision about the rules file: which account a role has, or which role an amount has.
//!
//! [`Draft::of`] writes the decision into the file's text, keeping its comments and order, and
//! refuses a text that is not sound. [`replay`] tells what it would have done to past settlements.
//! [`save`] keeps both texts, tells the audit log, and replaces the file; [`release_waiting`] lets
//! the settlements go on that were held for exactly that. [`put_in_force`] is the last two.

mod accounts;
mod edit;
mod replay;
mod usage;
mod waiting;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger_mapper::{Role, RuleTests, Rules, Severity, lint};
use serde_json::json;
use settlement_model::Triple;
use store::{DocumentHash, NewEvent, NewRulesVersion, Store};
use wire::Clock;

pub use accounts::{LiveAccount, LiveAccounts, accounts_of, live_accounts, refresh_accounts};
pub use replay::{Replay, replay};
pub use usage::{Mapped, Usage, Used, usage};
pub use waiting::{Released, release_waiting, waits_for};

use crate::config::{Config, ConfigError, Connection};
use crate::pipeline::{Actor, Silent, Worker};
use crate::{connect, lane};

/// Whose story the audit log tells of the rules.
pub const RECORD: &str = "rules";

/// How many of the newest settlements a decision is tried on.
pub const REPLAYED: usize = 26;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping {
    /// The account of a role.
    Role {
        /// The role.
        role: Role,
        /// The account, as the rules file writes accounts.
        account: String,
    },
    /// What rows of a triple are: a role, an account in place of the role's, or both.
    Triple {
        /// The triple.
        triple: Triple,
        /// Only in this marketplace (`Amazon.de`).
        marketplace: Option<String>,
        /// The role; the catalogue's when `None`.
        role: Option<Role>,
        /// The account; the role's when `None`.
        account: Option<String>,
    },
}

/// A decision, and from when on it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is decided.
    pub mapping: Mapping,
    /// Its first day; `None` for every day that is planned from now on.
    pub from: Option<Date>,
    /// What the account is called, for a file whose `[chart]` does not have it yet.
    pub account_name: Option<String>,
}

impl Decision {
    /// What is decided about: a role's name, or a triple.
    #[must_use]
    pub fn of(&self) -> String {
        match &self.mapping {
            Mapping::Role { role, .. } => role.to_string(),
            Mapping::Triple { triple, .. } => triple.to_string(),
        }
    }

    /// The account that is decided on, if one is.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match &self.mapping {
            Mapping::Role { account, .. } => Some(account),
            Mapping::Triple { account, .. } => account.as_deref(),
        }
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.mapping {
            Mapping::Role { role, account } => write!(f, "{role} on {account}")?,
            Mapping::Triple { triple, marketplace, role, account } => {
                write!(f, "\"{triple}\"")?;
                if let Some(marketplace) = marketplace {
                    write!(f, " in {marketplace}")?;
                }
                if let Some(role) = role {
                    write!(f, " is {role}")?;
                }
                if let Some(account) = account {
                    write!(f, " on {account}")?;
                }
            }
        }
        self.from.map_or(Ok(()), |from| write!(f, " from {from}"))
    }
}

/// Who decides, when and why.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    /// In whose name.
    pub actor: &'a Actor,
    /// Why; never blank.
    pub reason: &'a str,
    /// When.
    pub at: Timestamp,
}

/// A decision that cannot be written into the rules file. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotSound {
    /// The file is laid out in a way that this program does not write into.
    #[error("{file}: {why}; whoever keeps the rules writes the rule there by hand")]
    Layout {
        /// The file.
        file: String,
        /// What is unusual.
        why: String,
    },
    /// With the decision, `rules lint` finds an error that was not there.
    #[error("the rules would not be sound: {0}")]
    Lint(String),
    /// With the decision, a case beside the rules fails that passed.
    #[error(
        "a case of {file} would fail: {name}. Decide otherwise, or change the case with whoever wrote it"
    )]
    Case {
        /// The file of cases.
        file: String,
        /// The case.
        name: String,
    },
    /// Nothing would be changed.
    #[error("the rules say so already: {0}")]
    Already(String),
    /// The file was changed by somebody else since it was read.
    #[error("{file} was changed in the meantime: look at the decision again")]
    Changed {
        /// The file.
        file: String,
    },
}

/// A rules file with a decision in it, not saved yet.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    decision: Decision,
    before: String,
    after: String,
    old: Rules,
    new: Rules,
}

impl Draft {
    /// Writes the decision into the text of a connection's rules file.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read or whose new text does not parse,
    /// [`NotSound`] when the decision does not fit it.
    pub fn of(path: &Path, decision: Decision, note: &Note<'_>) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let before = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let old = Rules::parse(&before, &name).map_err(ConfigError::File)?;
        let after = edit::edited(&before, &decision, note)
            .map_err(|why| NotSound::Layout { file: name.clone(), why })?;
        let new = Rules::parse(&after, &name).map_err(ConfigError::File)?;
        let draft = Self { path: path.to_owned(), decision, before, after, old, new };
        draft.check()?;
        Ok(draft)
    }

    fn check(&self) -> anyhow::Result<()> {
        if self.before == self.after {
            return Err(NotSound::Already(self.decision.to_string()).into());
        }
        // Lines move: an error is known by what it says.
        let known: Vec<_> = lint(&self.old, None).into_iter().map(|found| found.message).collect();
        let found = lint(&self.new, None).into_iter();
        let mut errors = found.filter(|found| found.severity == Severity::Error);
        if let Some(error) = errors.find(|error| !known.contains(&error.message)) {
            return Err(NotSound::Lint(error.to_string()).into());
        }
        let cases = self.path.with_extension("test.toml");
        let text = match std::fs::read_to_string(&cases) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(ConfigError::Unreadable { path: cases, source }.into()),
        };
        let file = cases.display().to_string();
        let tests = RuleTests::parse(&text, &file).map_err(ConfigError::File)?;
        let both = tests.run(&self.old).into_iter().zip(tests.run(&self.new));
        match both.into_iter().find(|(old, new)| old.passed() && !new.passed()) {
            Some((_, failed)) => Err(NotSound::Case { file, name: failed.name }.into()),
            None => Ok(()),
        }
    }

    /// What is decided.
    #[must_use]
    pub const fn decision(&self) -> &Decision {
        &self.decision
    }

    /// The rules as they are.
    #[must_use]
    pub const fn old(&self) -> &Rules {
        &self.old
    }

    /// The rules with the decision.
    #[must_use]
    pub const fn new_rules(&self) -> &Rules {
        &self.new
    }

    /// What the file is known by, as it was read.
    #[must_use]
    pub fn file_hash(&self) -> String {
        DocumentHash::of(self.before.as_bytes()).to_string()
    }

    /// The lines that go and the lines that come.
    #[must_use]
    pub fn changed_lines(&self) -> (Vec<&str>, Vec<&str>) {
        let (old, new): (Vec<_>, Vec<_>) =
            (self.before.lines().collect(), self.after.lines().collect());
        let same = |(one, other): &(&&str, &&str)| one == other;
        let start = old.iter().zip(&new).take_while(same).count();
        let (old_rest, new_rest) = (&old[start..], &new[start..]);
        let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
        let cut = |rest: &[&'_ str]| rest.len() - end;
        (old_rest[..cut(old_rest)].to_vec(), new_rest[..cut(new_rest)].to_vec())
    }
}

/// Keeps both texts in the store with an audit event, and replaces the file. The file is either the
/// old one or the new one, whenever the machine stops. Returns the new version's number.
///
/// # Errors
/// [`NotSound::Changed`] when the file is not the one the draft was made of, the store's errors, and
/// what the operating system refuses.
pub async fn save(
    store: &Store,
    connection: &str,
    draft: &Draft,
    note: &Note<'_>,
) -> anyhow::Result<u64> {
    // A link stays a link: what it points to is replaced.
    let path = std::fs::canonicalize(&draft.path)?;
    let file = draft.path.display().to_string();
    if std::fs::read_to_string(&path)? != draft.before {
        return Err(NotSound::Changed { file }.into());
    }
    let refused = || format!("writing beside {}", path.display());
    let folder = path.parent().context("a file is in a folder")?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder).with_context(refused)?;
    temporary.write_all(draft.after.as_bytes()).with_context(refused)?;
    let permissions = std::fs::metadata(&path)?.permissions();
    temporary.as_file().set_permissions(permissions).with_context(refused)?;
    temporary.as_file().sync_all().with_context(refused)?;
    let former = NewRulesVersion { text: &draft.before, reason: "as it was found" };
    let new = NewRulesVersion { text: &draft.after, reason: note.reason };
    let event = event(connection, draft, note);
    let number = store.rules_saved(connection, former, new, &event).await?;
    temporary.persist(&path).map_err(|error| error.error).with_context(|| {
        format!("version {number} is kept, but {file} could not be replaced and is as it was")
    })?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(number)
}

fn event(connection: &str, draft: &Draft, note: &Note<'_>) -> NewEvent {
    let hash = |text: &str| DocumentHash::of(text.as_bytes()).to_string();
    let Draft { decision, before, after, old, new, .. } = draft;
    NewEvent {
        at: note.at,
        actor: note.actor.label(),
        connection: connection.to_owned(),
        record: RECORD.to_owned(),
        subject: format!("rules {}", draft.path.display()),
        action: "rules changed".to_owned(),
        from: None,
        to: None,
        detail: json!({
            "reason": note.reason, "decision": decision.to_string(), "of": decision.of(),
            "before": { "sha256": hash(before), "rules": old.version() },
            "after": { "sha256": hash(after), "rules": new.version() },
        }),
    }
}

/// What came of a decision.
#[derive(Debug)]
pub struct InForce {
    /// The number of the version that is in force now.
    pub number: u64,
    /// The settlements that were held for exactly this.
    pub released: Vec<Released>,
}

/// Saves the draft, and lets go on what waited for it, as far as it goes without Epicor.
///
/// # Errors
/// Those of [`save`] and [`release_waiting`]; [`Taken`](lane::Taken) while another process acts for
/// the connection.
pub async fn put_in_force(
    store: &Store,
    (config, connection): (&Config, &Connection),
    draft: &Draft,
    clock: &dyn Clock,
    note: &Note<'_>,
) -> anyhow::Result<InForce> {
    lane::alone(store, &connection.name, clock, async |store| {
        let number = save(&store, &connection.name, draft, note).await?;
        let site = connect::site(connection, &config.folder)?;
        let worker = Worker { site: &site, store: &store, ledger: None, clock, watch: &Silent };
        let released = release_waiting(&worker, &draft.decision, note).await?;
        Ok(InForce { number, released })
    })
    .await
}

#[cfg(test)]
mod tests;
