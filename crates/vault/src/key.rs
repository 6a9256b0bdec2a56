//! The key-encryption key.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{Entropy, Error};

/// How many bytes a key has.
pub(crate) const KEY_BYTES: usize = 32;

/// A key's bytes; wiped when dropped.
pub(crate) type Bytes = Zeroizing<[u8; KEY_BYTES]>;

/// Tells keys apart without telling anything about them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyId(String);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl KeyId {
    /// The first bytes of the digest of a key's bytes.
    pub(crate) fn of(prefix: &str, bytes: &[u8]) -> Self {
        let digest = Sha256::new_with_prefix(prefix).chain_update(bytes).finalize();
        Self(digest[..6].iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The bytes of a key from its text; blanks around it do not matter.
pub(crate) fn decoded_key(text: &str) -> Option<[u8; KEY_BYTES]> {
    let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
    decoded.as_slice().try_into().ok()
}

/// The key that all data keys are encrypted with. It is kept outside the database.
pub struct KeyEncryptionKey {
    pub(crate) id: KeyId,
    pub(crate) bytes: Bytes,
}

impl KeyEncryptionKey {
    /// A new random key.
    #[must_use]
    pub fn generate(entropy: &mut Entropy<'_>) -> Self {
        let mut bytes = Bytes::default();
        entropy(bytes.as_mut_slice());
        Self::of(bytes)
    }

    /// A key from its text, as [`to_text`](Self::to_text) gave it; blanks around it do not matter.
    ///
    /// # Errors
    /// [`Error::NotAKey`] when it is anything else.
    pub fn from_text(text: &SecretString) -> Result<Self, Error> {
        let bytes = decoded_key(text.expose_secret()).ok_or(Error::NotAKey)?;
        Ok(Self::of(Zeroizing::new(bytes)))
    }

    /// The key as a line of text, for the file or the variable that keeps it.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        SecretString::from(URL_SAFE_NO_PAD.encode(self.bytes.as_slice()))
    }

    /// Which key it is.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    pub(crate) fn of(bytes: Bytes) -> Self {
        Self { id: KeyId::of("ml-connector key id ", bytes.as_slice()), bytes }
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyEncryptionKey").field("id", &self.id.0).finish_non_exhaustive()
    }
}
