//! Where the vault's key-encryption key is kept: outside the store, in one of three places.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use vault::{KeyEncryptionKey, Salt};

use super::secret::{SecretSource, SecretUnavailable};

/// `[vault]`: how the credentials in the store are encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vault {
    /// The key-encryption key, as `credentials key` made it: `{ file = "path" }` (0600),
    /// `{ env = "NAME" }` or `{ keyring = "NAME" }`.
    pub key: Option<SecretSource>,
    /// A passphrase of at least twelve characters that the key is made from instead.
    pub passphrase: Option<SecretSource>,
}

impl Vault {
    /// What cannot be meant, and what to write instead.
    pub(super) fn fault(&self) -> Option<&'static str> {
        (self.key.is_some() && self.passphrase.is_some()).then_some(
            "[vault] names a key and a passphrase; leave the one in that the credentials are \
             encrypted with, and remove the other",
        )
    }

    /// Reads the key. `salt` is the installation's; only a passphrase needs it.
    ///
    /// # Errors
    /// When the place has no key, or the key or passphrase is none.
    pub fn read_key(&self, folder: &Path, salt: Salt) -> anyhow::Result<KeyEncryptionKey> {
        match (&self.key, &self.passphrase) {
            (Some(key), _) => {
                let text = key.read("vault.key", folder)?;
                Ok(KeyEncryptionKey::from_text(&text)?)
            }
            (None, Some(passphrase)) => {
                let text = passphrase.read("vault.passphrase", folder)?;
                Ok(KeyEncryptionKey::from_passphrase(&text, &salt)?)
            }
            (None, None) => Err(SecretUnavailable {
                what: "vault".to_owned(),
                place: "the configuration".to_owned(),
                problem: "names neither a key nor a passphrase; write key = { file = \
                          \"vault.key\" } under [vault]"
                    .to_owned(),
            }
            .into()),
        }
    }
}

/// Writes a new key to a file that only its owner may read. A file that is there stays as it is.
///
/// # Errors
/// When it exists, or the operating system refuses.
pub fn write_key(path: &Path, key: &KeyEncryptionKey) -> std::io::Result<()> {
    write_private(path, &key.to_text())
}

/// Writes a secret to a new file that only its owner may read. A file that is there stays as it is.
///
/// # Errors
/// When it exists, or the operating system refuses.
pub fn write_private(path: &Path, secret: &SecretString) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    std::io::Write::write_all(&mut file, secret.expose_secret().as_bytes())?;
    std::io::Write::write_all(&mut file, b"\n")?;
    file.sync_all()
}

impl Vault {
    /// The key file, where the key is in one.
    #[must_use]
    pub fn key_file(&self, folder: &Path) -> Option<PathBuf> {
        match &self.key {
            Some(SecretSource::File(file)) => Some(folder.join(file)),
            _ => None,
        }
    }
}
