//! The secrets of the connections: from the vault, from a file, or from the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::json;
use store::{NewEvent, Resealed, SecretRecord, Store};
use vault::{KeyEncryptionKey, KeyId, Place, Salt};

use crate::config::{Config, Connection, SecretSource, SecretUnavailable};
use crate::connect;
use crate::pipeline::Actor;

/// Amazon wants an application's client secret renewed within this time.
pub const CLIENT_SECRET_LIFE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// When less than this is left of a client secret's life, a person should act.
pub const CLIENT_SECRET_DAYS_TO_WARN: i64 = 30;

/// The day until which a client secret may be used, and how many whole days are left of it;
/// negative when it is past.
#[must_use]
pub fn client_secret_left(set_at: Timestamp, now: Timestamp) -> (String, i64) {
    let ends = set_at.checked_add(CLIENT_SECRET_LIFE).unwrap_or(Timestamp::MAX);
    let days = ends.duration_since(now).as_hours().div_euclid(24);
    (ends.strftime("%Y-%m-%d").to_string(), days)
}

/// The name of the client secret, whose age is counted.
pub const CLIENT_SECRET: &str = "amazon.client_secret";

/// How a connection gets a client secret that is newer.
#[must_use]
pub fn renewal(connection: &Connection) -> String {
    let how = match &connection.amazon.client_secret {
        SecretSource::Vault => {
            format!("run `ml-connector credentials rotate --connection {}`", connection.name)
        }
        elsewhere => format!("put it into its place ({})", elsewhere.place()),
    };
    format!("make a new client secret in Seller Central (Develop Apps, LWA credentials) and {how}")
}

/// Since when a connection's client secret is in use: when it was put into the vault, or when its file
/// was written; `None` where that cannot be told.
///
/// # Errors
/// The store's errors.
pub async fn client_secret_since(
    store: Option<&Store>,
    config: &Config,
    connection: &Connection,
) -> Result<Option<Timestamp>, store::Error> {
    match (&connection.amazon.client_secret, store) {
        (SecretSource::Vault, Some(store)) => {
            let record = store.secret(&connection.name, CLIENT_SECRET).await?;
            Ok(record.map(|record| record.set_at))
        }
        (elsewhere, _) => Ok(written_at(elsewhere, &config.folder)),
    }
}

/// As [`client_secret_since`], of every connection where it can be told; the store is asked once.
///
/// # Errors
/// The store's errors.
pub async fn client_secrets_since(
    store: Option<&Store>,
    config: &Config,
) -> Result<Vec<Timestamp>, store::Error> {
    let in_vault: BTreeMap<_, _> = match store {
        Some(store) => store.secrets_set_at(CLIENT_SECRET).await?.into_iter().collect(),
        None => BTreeMap::new(),
    };
    let since = |connection: &Connection| match &connection.amazon.client_secret {
        SecretSource::Vault => in_vault.get(&connection.name).copied(),
        elsewhere => written_at(elsewhere, &config.folder),
    };
    Ok(config.connections.iter().filter_map(since).collect())
}

/// What stands behind the name of a secret that is to take the place of another.
const NEW: &str = ".new";

/// How often encrypting all secrets anew begins again when one was set meanwhile.
const REKEYED_AGAIN: u32 = 2;

/// The setting that keeps the salt of the vault's passphrase.
const SALT: &str = "vault salt";

/// The vault's store and key.
#[derive(Debug, Clone)]
pub struct OpenVault {
    store: Store,
    key: std::sync::Arc<KeyEncryptionKey>,
}

/// Where the connections' secrets are read from.
#[derive(Debug, Clone)]
pub struct Secrets {
    folder: PathBuf,
    vault: Option<OpenVault>,
}

impl Secrets {
    /// Opens the vault if the configuration keeps any secret in it.
    ///
    /// # Errors
    /// When the store or the key cannot be read.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let store = match config.uses_vault() {
            true => connect::store_if_any(config).await?,
            false => None,
        };
        // Without a store nothing was ever set; what is asked for first is then said to be missing.
        let vault = match store {
            Some(store) => Some(OpenVault::open(config, store).await?),
            None => None,
        };
        Ok(Self { folder: config.folder.clone(), vault })
    }

    /// As [`open`](Self::open), over a store that is open already.
    ///
    /// # Errors
    /// When the key cannot be read.
    pub async fn over(config: &Config, store: &Store) -> anyhow::Result<Self> {
        let vault = match config.uses_vault() {
            true => Some(OpenVault::open(config, store.clone()).await?),
            false => None,
        };
        Ok(Self { folder: config.folder.clone(), vault })
    }

    /// The vault's key, for [`with_key`](Self::with_key).
    #[must_use]
    pub fn key(&self) -> Option<std::sync::Arc<KeyEncryptionKey>> {
        self.vault.as_ref().map(|vault| vault.key.clone())
    }

    /// As [`over`](Self::over), with a key that was read before.
    #[must_use]
    pub fn with_key(
        config: &Config,
        store: &Store,
        key: Option<std::sync::Arc<KeyEncryptionKey>>,
    ) -> Self {
        let vault = key.map(|key| OpenVault { store: store.clone(), key });
        Self { folder: config.folder.clone(), vault }
    }

    /// A new secret was accepted; see [`OpenVault::accept_new`].
    ///
    /// # Errors
    /// Those of [`OpenVault::accept_new`].
    pub async fn accept_new(
        &self,
        now: Timestamp,
        connection: &str,
        name: &str,
    ) -> anyhow::Result<()> {
        match &self.vault {
            Some(vault) => vault.accept_new(now, Place { connection, name }).await,
            None => Ok(()),
        }
    }

    /// A connection's secret, wherever it is kept.
    ///
    /// # Errors
    /// [`SecretUnavailable`] when it is not there, or why the vault does not open it.
    pub async fn read(
        &self,
        source: &SecretSource,
        connection: &str,
        name: &str,
    ) -> anyhow::Result<SecretString> {
        if *source != SecretSource::Vault {
            let what = format!("connection {connection}, {name}");
            return Ok(source.read(&what, &self.folder)?);
        }
        let found = match &self.vault {
            Some(vault) => vault.read(connection, name).await?,
            None => None,
        };
        found.ok_or_else(|| {
            SecretUnavailable {
                what: format!("connection {connection}, {name}"),
                place: "the vault".to_owned(),
                problem: format!(
                    "does not have it; run `ml-connector credentials set {name} --connection \
                     {connection}`"
                ),
            }
            .into()
        })
    }

    /// The store behind the vault, where there is one.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.vault.as_ref().map(|vault| &vault.store)
    }

    /// The secret that is to take the place of another, while it is being rotated.
    ///
    /// # Errors
    /// Why the vault does not open it.
    pub async fn read_new(
        &self,
        source: &SecretSource,
        connection: &str,
        name: &str,
    ) -> anyhow::Result<Option<SecretString>> {
        match &self.vault {
            Some(vault) if *source == SecretSource::Vault => {
                vault.read(connection, &format!("{name}{NEW}")).await
            }
            _ => Ok(None),
        }
    }
}

impl OpenVault {
    /// Opens the vault of a store.
    ///
    /// # Errors
    /// When the configuration names no key, or it cannot be read.
    pub async fn open(config: &Config, store: Store) -> anyhow::Result<Self> {
        let salt = salt_of(&store).await?;
        let vault = config.vault.as_ref().context("there is no [vault] in the configuration")?;
        let key = std::sync::Arc::new(vault.read_key(&config.folder, salt)?);
        Ok(Self { store, key })
    }

    /// What the vault's key is known by.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        self.key.id()
    }

    /// The key that a passphrase makes in this installation.
    ///
    /// # Errors
    /// When the passphrase is too short, or the store cannot be read.
    pub async fn key_from_passphrase(
        &self,
        passphrase: &SecretString,
    ) -> anyhow::Result<KeyEncryptionKey> {
        let salt = salt_of(&self.store).await?;
        Ok(KeyEncryptionKey::from_passphrase(passphrase, &salt)?)
    }

    /// An event about a credential of the vault; it tells names alone.
    fn event(&self, by: &Actor, at: Timestamp, place: Place<'_>, action: &str) -> NewEvent {
        let subject = format!("credential {}", place.name);
        NewEvent {
            detail: json!({ "credential": place.name, "key": self.key.id().to_string() }),
            ..event(by, at, place.connection, &subject, action)
        }
    }

    async fn read(&self, connection: &str, name: &str) -> anyhow::Result<Option<SecretString>> {
        let Some(record) = self.store.secret(connection, name).await? else { return Ok(None) };
        Ok(Some(self.key.open(Place { connection, name }, &record.sealed)?))
    }

    /// Puts a secret into the vault, in place of the former one.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn set(
        &self,
        by: &Actor,
        now: Timestamp,
        place: Place<'_>,
        secret: &SecretString,
    ) -> anyhow::Result<()> {
        let sealed = self.key.seal(place, secret, &mut entropy);
        let event = self.event(by, now, place, "set");
        self.store.secret_set(place.connection, place.name, &sealed, &event).await?;
        Ok(())
    }

    /// Puts a secret into the vault unless there is one; returns the one that is there.
    ///
    /// # Errors
    /// The store's errors, or the vault's when the one that is there cannot be opened.
    pub async fn set_once(
        &self,
        by: &Actor,
        now: Timestamp,
        place: Place<'_>,
        secret: &SecretString,
    ) -> anyhow::Result<SecretString> {
        let Place { connection, name } = place;
        let sealed = self.key.seal(place, secret, &mut entropy);
        let event = self.event(by, now, place, "set");
        let kept = self.store.secret_set_once(connection, name, &sealed, &event).await?;
        Ok(self.key.open(place, &kept.sealed)?)
    }

    /// A secret of the vault; `None` when it was never set.
    ///
    /// # Errors
    /// The store's errors, or why the vault does not open it.
    pub async fn get(&self, place: Place<'_>) -> anyhow::Result<Option<SecretString>> {
        self.read(place.connection, place.name).await
    }

    /// Puts in a secret that is to take the place of one in use; both are tried until the new one
    /// was accepted.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn set_new(
        &self,
        by: &Actor,
        now: Timestamp,
        place: Place<'_>,
        secret: &SecretString,
    ) -> anyhow::Result<()> {
        let name = format!("{}{NEW}", place.name);
        let waiting = Place { name: &name, ..place };
        let sealed = self.key.seal(waiting, secret, &mut entropy);
        let mut event = self.event(by, now, waiting, "set");
        event.detail["takes_the_place_of"] = place.name.into();
        self.store.secret_set(place.connection, &name, &sealed, &event).await?;
        Ok(())
    }

    /// The new secret was accepted: it takes the place of the former one, which is forgotten.
    ///
    /// # Errors
    /// The store's errors, or the vault's when the new secret is damaged.
    pub async fn accept_new(&self, now: Timestamp, place: Place<'_>) -> anyhow::Result<()> {
        let waiting = format!("{}{NEW}", place.name);
        let Some(record) = self.store.secret(place.connection, &waiting).await? else {
            return Ok(());
        };
        let secret = self.key.open(Place { name: &waiting, ..place }, &record.sealed)?;
        let accepted = SecretRecord {
            name: place.name.to_owned(),
            sealed: self.key.seal(place, &secret, &mut entropy),
            ..record
        };
        let mut event = self.event(&Actor::Connector, now, place, "rotated");
        event.detail["set_at"] = accepted.set_at.to_string().into();
        self.store.secret_accepted(&accepted, &waiting, &event).await?;
        Ok(())
    }

    /// Encrypts every data key under another key-encryption key. Returns how many secrets there are.
    ///
    /// # Errors
    /// The store's errors, or the vault's when a secret is damaged; then all stay as they were.
    pub async fn rekey(
        &self,
        by: &Actor,
        now: Timestamp,
        key: &KeyEncryptionKey,
    ) -> anyhow::Result<usize> {
        use store::Error::{Stale, Unknown};
        let mut again = REKEYED_AGAIN;
        loop {
            match self.reseal(by, now, key).await {
                // Somebody set one meanwhile, or forgot one: all are read once more.
                Err(error)
                    if again > 0
                        && matches!(error.downcast_ref(), Some(Stale { .. } | Unknown { .. })) =>
                {
                    again -= 1;
                }
                done => return done,
            }
        }
    }

    async fn reseal(
        &self,
        by: &Actor,
        now: Timestamp,
        key: &KeyEncryptionKey,
    ) -> anyhow::Result<usize> {
        let mut resealed = Vec::new();
        for was in self.store.secrets(None).await? {
            let place = Place { connection: &was.connection, name: &was.name };
            let sealed = key.rewrap(&self.key, place, &was.sealed, &mut entropy)?;
            resealed.push(Resealed { was, sealed });
        }
        let detail = json!({ "former_key": self.key.id().to_string(),
                             "key": key.id().to_string(), "credentials": resealed.len() });
        let event = NewEvent { detail, ..event(by, now, "", "credentials", "rekeyed") };
        self.store.secrets_resealed(&resealed, &event).await?;
        Ok(resealed.len())
    }

    /// Whether the vault's key opens this secret.
    ///
    /// # Errors
    /// Why it does not.
    pub fn check(&self, record: &SecretRecord) -> Result<(), vault::Error> {
        let place = Place { connection: &record.connection, name: &record.name };
        self.key.open(place, &record.sealed).map(|_secret| ())
    }
}

/// When the file of a secret was last written, where it is in one and as far as the system tells.
#[must_use]
pub fn written_at(source: &SecretSource, folder: &Path) -> Option<Timestamp> {
    let SecretSource::File(file) = source else { return None };
    let written = std::fs::metadata(folder.join(file)).and_then(|meta| meta.modified()).ok()?;
    Timestamp::try_from(written).ok()
}

/// The installation's salt, noted when it is first asked for.
async fn salt_of(store: &Store) -> anyhow::Result<Salt> {
    let fresh = Salt::generate(&mut entropy).to_string();
    let salt = match store.setting(SALT).await? {
        Some(salt) => salt,
        None => match store.setting_once(SALT, &fresh).await {
            // Nothing was sealed yet, so there is nothing to open.
            Err(store::Error::ReadOnly { .. }) => fresh,
            noted => noted?,
        },
    };
    Ok(salt.parse()?)
}

/// The system's own randomness, for keys.
///
/// # Panics
/// When the operating system has none: then no key can be made, and nothing may go on.
pub fn entropy(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

/// An event about credentials; it tells names alone.
#[must_use]
pub fn event(by: &Actor, at: Timestamp, connection: &str, subject: &str, action: &str) -> NewEvent {
    NewEvent {
        at,
        actor: by.label(),
        connection: connection.to_owned(),
        record: "credentials".to_owned(),
        subject: subject.to_owned(),
        action: action.to_owned(),
        from: None,
        to: None,
        detail: json!({}),
    }
}
