//! A key-encryption key from what a person remembers.

use std::{fmt, str::FromStr};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{
    Entropy, Error, KeyEncryptionKey,
    key::{Bytes, KEY_BYTES},
};

/// The least length of a passphrase, in characters.
const LEAST: usize = 12;

/// Makes the same passphrase another key in every installation. It is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// A new random salt.
    #[must_use]
    pub fn generate(entropy: &mut Entropy<'_>) -> Self {
        let mut bytes = [0; 16];
        entropy(&mut bytes);
        Self(bytes)
    }
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for Salt {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::NotASalt)?;
        Ok(Self(bytes.try_into().map_err(|_| Error::NotASalt)?))
    }
}

impl KeyEncryptionKey {
    /// The key of a passphrase. Takes a good part of a second, on purpose.
    ///
    /// # Errors
    /// [`Error::ShortPassphrase`] below twelve characters.
    pub fn from_passphrase(passphrase: &SecretString, salt: &Salt) -> Result<Self, Error> {
        let passphrase = passphrase.expose_secret();
        let length = passphrase.chars().count();
        if length < LEAST {
            return Err(Error::ShortPassphrase { length, least: LEAST });
        }
        // What the Argon2 crate's maintainers and OWASP advise at least: 19 MiB, 2 passes, 1 lane.
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
        let mut bytes = Bytes::default();
        argon
            .hash_password_into(passphrase.as_bytes(), &salt.0, bytes.as_mut_slice())
            .map_err(|_| Error::NotASalt)?;
        debug_assert_eq!(bytes.len(), KEY_BYTES);
        Ok(Self::of(bytes))
    }
}
