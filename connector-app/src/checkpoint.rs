//! Who vouches for the audit log: a signing key in the vault, or in a file beside the configuration
//! where there is no vault. It is made when the log is first written to.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;
use store::{Checkpoint, Signer, Store};
use vault::{KeyId, Place, PublicKey, SigningKey};

use crate::config::{Config, SecretSource, write_private};
use crate::pipeline::Actor;
use crate::secrets::{OpenVault, entropy};

/// Where the vault keeps the key: it belongs to the installation, not to a connection.
const PLACE: Place<'static> = Place { connection: "", name: "audit.signing_key" };

/// Where it is kept without a vault, beside the configuration.
const FILE: &str = "audit.key";

/// Signs checkpoints.
#[derive(Debug)]
pub struct AuditSigner(SigningKey);

impl Signer for AuditSigner {
    fn public_key(&self) -> String {
        self.0.public().to_string()
    }

    fn sign(&self, text: &[u8]) -> String {
        self.0.sign(text)
    }
}

impl AuditSigner {
    /// The key of this installation; made when there is none yet. The store is one that may be
    /// written to.
    ///
    /// # Errors
    /// When the vault or the file does not give it.
    pub async fn open(config: &Config, store: &Store, now: Timestamp) -> anyhow::Result<Arc<Self>> {
        if let Some(signer) = Self::existing(config, store).await? {
            return Ok(signer);
        }
        let fresh = SigningKey::generate(&mut entropy)?;
        let kept = match &config.vault {
            Some(_) => {
                let vault = OpenVault::open(config, store.clone()).await?;
                vault.set_once(&Actor::Connector, now, PLACE, &fresh.to_text()).await?
            }
            None => {
                let path = config.folder.join(FILE);
                match write_private(&path, &fresh.to_text()) {
                    // Another process was first.
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                    written => written?,
                }
                in_file(&config.folder)?
            }
        };
        Ok(Arc::new(Self(SigningKey::from_text(&kept)?)))
    }

    /// The key of this installation, if it was made.
    ///
    /// # Errors
    /// When the vault or the file does not give it.
    pub async fn existing(config: &Config, store: &Store) -> anyhow::Result<Option<Arc<Self>>> {
        let text = match &config.vault {
            Some(_) => {
                // Nothing is opened, and no key is asked for, before there is something to open.
                if store.secret(PLACE.connection, PLACE.name).await?.is_none() {
                    return Ok(None);
                }
                OpenVault::open(config, store.clone()).await?.get(PLACE).await?
            }
            None if config.folder.join(FILE).exists() => Some(in_file(&config.folder)?),
            None => None,
        };
        let key = text.map(|text| SigningKey::from_text(&text)).transpose()?;
        Ok(key.map(|key| Arc::new(Self(key))))
    }

    /// Whether this key is kept outside the store, so that who writes the database cannot put another
    /// in its place.
    #[must_use]
    pub fn is_outside(config: &Config) -> bool {
        config.vault.is_none()
    }

    /// The half that anybody may have.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.0.public()
    }
}

fn in_file(folder: &Path) -> anyhow::Result<SecretString> {
    Ok(SecretSource::File(FILE.into()).read("the audit log's signing key", folder)?)
}

/// The key that signs here is not one that the configuration trusts.
#[derive(Debug, thiserror::Error)]
#[error(
    "this store signs the audit log with key {0}, which [audit] trusted_keys does not name: it \
     vouches for nothing. If this is a machine that was set up just now, write what `ml-connector \
     audit key` prints here into trusted_keys of every machine; if not, somebody put it in the place \
     of the former key: keep a copy as evidence and compare the log with the last export"
)]
pub struct NotNamed(KeyId);

impl NotNamed {
    /// Whether the configuration names keys, and this is none of them.
    #[must_use]
    pub fn of(own: &PublicKey, config: &Config) -> Option<Self> {
        let named = &config.audit.trusted_keys;
        (!named.is_empty() && !named.contains(own)).then(|| Self(own.id()))
    }
}

/// A checkpoint whose signature does not hold.
#[derive(Debug, thiserror::Error)]
#[error(
    "the checkpoint at event {seq} of {connection}: {what}, somebody without the signing key wrote \
     it: keep a copy as evidence and compare it with an export"
)]
pub struct BadCheckpoint {
    connection: String,
    seq: u64,
    what: String,
}

/// Checks the signatures of checkpoints, by one of the keys that are trusted; by their own keys when
/// none is. Returns the keys that signed.
///
/// # Errors
/// [`BadCheckpoint`] with the first that does not hold.
pub fn check_signatures<'c>(
    checkpoints: impl IntoIterator<Item = &'c Checkpoint>,
    trusted: &BTreeSet<PublicKey>,
) -> Result<BTreeSet<PublicKey>, BadCheckpoint> {
    let mut keys = BTreeSet::new();
    for checkpoint in checkpoints {
        let bad = |what: String| BadCheckpoint {
            connection: checkpoint.connection.clone(),
            seq: checkpoint.seq,
            what,
        };
        let key = signed_by(&checkpoint.text(), &checkpoint.public_key, &checkpoint.signature);
        let key = key.ok_or_else(|| bad("its signature does not hold".to_owned()))?;
        if !trusted.is_empty() && !trusted.contains(&key) {
            return Err(bad(format!(
                "it is signed by key {}, which is not trusted; if that is another machine of yours, \
                 write what `ml-connector audit key` prints there into [audit] trusted_keys, and if \
                 not",
                key.id()
            )));
        }
        keys.insert(key);
    }
    Ok(keys)
}

/// The key that signed the text, if the signature holds.
#[must_use]
pub fn signed_by(text: &[u8], public_key: &str, signature: &str) -> Option<PublicKey> {
    public_key.parse().ok().filter(|key: &PublicKey| key.signed(text, signature))
}
