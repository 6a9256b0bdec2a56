//! The configuration that is in force, and the one that was refused.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use jiff::Timestamp;
use store::Store;
use tokio::sync::OnceCell;
use vault::KeyEncryptionKey;

use crate::config::{Config, ConfigError};
use crate::secrets::Secrets;

/// A configuration that was accepted.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Arc<Config>,
    /// When it was read.
    pub at: Timestamp,
    /// The vault's key: making it from a passphrase is slow on purpose.
    key: OnceCell<Option<Arc<KeyEncryptionKey>>>,
}

impl Loaded {
    /// The connections' secrets, through a handle of the store.
    ///
    /// # Errors
    /// When the vault's key cannot be read.
    pub async fn secrets(&self, store: &Store) -> anyhow::Result<Secrets> {
        let key = self
            .key
            .get_or_try_init(async || anyhow::Ok(Secrets::over(&self.config, store).await?.key()))
            .await?;
        Ok(Secrets::with_key(&self.config, store, key.clone()))
    }
}

/// A configuration that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// When it was read.
    pub at: Timestamp,
    /// What is wrong with it, with file, line and column where they are known.
    pub reason: String,
}

/// What became of reading the file again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloaded {
    /// It is in force now.
    Accepted,
    /// The former one stays.
    Refused,
}

/// The configuration in force.
#[derive(Debug)]
pub struct InForce {
    path: PathBuf,
    /// What the process started with.
    first: Arc<Config>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    loaded: Arc<Loaded>,
    refused: Option<Refused>,
    /// What needs a restart to take effect.
    waiting: Vec<&'static str>,
    stamp: Option<Stamp>,
}

/// When a file was written, and how long it is: what changes when it does.
type Stamp = (SystemTime, u64);

impl InForce {
    /// Reads the configuration for the first time.
    ///
    /// # Errors
    /// [`ConfigError`] with file, line and column: there is no former one to go on with.
    pub fn load(path: &Path, now: Timestamp) -> Result<Self, ConfigError> {
        let stamp = stamp(path);
        let loaded = Arc::new(load(path, now)?);
        let first = Arc::clone(&loaded.config);
        let state = State { loaded, refused: None, waiting: Vec::new(), stamp };
        Ok(Self { path: path.to_owned(), first, state: Mutex::new(state) })
    }

    /// The configuration in force.
    #[must_use]
    pub fn get(&self) -> Arc<Loaded> {
        Arc::clone(&self.state().loaded)
    }

    /// The newest file, if it was not accepted.
    #[must_use]
    pub fn refused(&self) -> Option<Refused> {
        self.state().refused.clone()
    }

    /// What was changed and takes effect only after a restart.
    #[must_use]
    pub fn waiting_for_restart(&self) -> Vec<&'static str> {
        self.state().waiting.clone()
    }

    /// Reads the file again if it changed since it was read last.
    pub fn look_again(&self, now: Timestamp) -> Option<Reloaded> {
        let stamp = stamp(&self.path);
        let changed = self.state().stamp != stamp;
        changed.then(|| self.reload(now))
    }

    /// Reads the file again. One that is wrong is refused, and the former one stays in force.
    pub fn reload(&self, now: Timestamp) -> Reloaded {
        let stamp = stamp(&self.path);
        let read = load(&self.path, now);
        let mut state = self.state();
        state.stamp = stamp;
        match read {
            Ok(new) => {
                state.waiting = fixed_changes(&self.first, &new.config);
                for what in &state.waiting {
                    tracing::warn!("{what} was changed; restart to let it take effect");
                }
                state.loaded = Arc::new(new);
                state.refused = None;
                Reloaded::Accepted
            }
            Err(error) => {
                let reason = format!("{:#}", anyhow::Error::from(error));
                tracing::error!("the changed configuration is refused: {reason}");
                state.refused = Some(Refused { at: now, reason });
                Reloaded::Refused
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the file, and each file of rules and each calendar that it names, once.
fn load(path: &Path, now: Timestamp) -> Result<Loaded, ConfigError> {
    let config = Config::load(path)?;
    let mut rules = std::collections::BTreeSet::new();
    for connection in &config.connections {
        if rules.insert((&connection.rules, &connection.calendar)) {
            connection.load_rules(&config.folder)?;
            connection.load_calendar(&config.folder)?;
        }
    }
    for connection in &config.connections {
        if let Some(why) = connection.posting.settles_too_early() {
            tracing::warn!(connection = connection.name, "{why}");
        }
    }
    Ok(Loaded { config: Arc::new(config), at: now, key: OnceCell::new() })
}

/// What a running process cannot change any more.
fn fixed_changes(old: &Config, new: &Config) -> Vec<&'static str> {
    let store = |config: &Config| {
        let server = config.postgres.as_ref();
        let server = server.map(|postgres| (postgres.url.clone(), postgres.schema.clone()));
        (config.data_dir(), server)
    };
    let mut changes = Vec::new();
    if old.serve.listen != new.serve.listen {
        changes.push("[serve] listen");
    }
    let served = |config: &Config| {
        let serve = &config.serve;
        (serve.behind_proxy, serve.tls.clone(), config.console.enabled)
    };
    if served(old) != served(new) {
        changes.push("[serve] behind_proxy, [serve.tls] or [console] enabled");
    }
    if store(old) != store(new) {
        changes.push("data_dir or [postgres]");
    }
    changes
}

fn stamp(path: &Path) -> Option<Stamp> {
    let data = std::fs::metadata(path).ok()?;
    Some((data.modified().ok()?, data.len()))
}
