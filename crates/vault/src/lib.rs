#![doc = include_str!("../README.md")]

mod error;
mod key;
mod passphrase;
mod password;
mod sealed;
mod signing;

pub use error::Error;
pub use key::{KeyEncryptionKey, KeyId};
pub use passphrase::Salt;
pub use password::{hash_password, is_password};
pub use secrecy::SecretString;
pub use signing::{PublicKey, SigningKey};

/// Fills bytes with randomness that nobody can guess. The caller brings the system's.
pub type Entropy<'e> = dyn FnMut(&mut [u8]) + 'e;

/// What a secret belongs to. It is bound to the sealed text, and not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'p> {
    /// The connection's configured name.
    pub connection: &'p str,
    /// The secret's name, for example `amazon.client_secret`.
    pub name: &'p str,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of connection {}", self.name, self.connection)
    }
}

#[cfg(test)]
mod tests;
