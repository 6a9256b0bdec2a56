//! Signatures: a key pair whose public half anybody may have.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::key::{Bytes, KeyId, decoded_key};
use crate::{Entropy, Error};

/// Signs texts, by Ed25519.
pub struct SigningKey {
    seed: Bytes,
    pair: Ed25519KeyPair,
}

/// Tells whether a text was signed by one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl SigningKey {
    /// A new key pair.
    ///
    /// # Errors
    /// [`Error::NotASigningKey`] when the library refuses the random bytes, which it never does.
    pub fn generate(entropy: &mut Entropy<'_>) -> Result<Self, Error> {
        let mut seed = Bytes::default();
        entropy(seed.as_mut_slice());
        Self::of(seed)
    }

    /// A key pair from its text, as [`to_text`](Self::to_text) gave it.
    ///
    /// # Errors
    /// [`Error::NotASigningKey`] when it is anything else.
    pub fn from_text(text: &SecretString) -> Result<Self, Error> {
        let seed = decoded_key(text.expose_secret()).ok_or(Error::NotASigningKey)?;
        Self::of(Zeroizing::new(seed))
    }

    fn of(seed: Bytes) -> Result<Self, Error> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice());
        Ok(Self { pair: pair.map_err(|_| Error::NotASigningKey)?, seed })
    }

    /// The key pair as a line of text, to be kept secret.
    #[must_use]
    pub fn to_text(&self) -> SecretString {
        SecretString::from(URL_SAFE_NO_PAD.encode(self.seed.as_slice()))
    }

    /// The half that anybody may have.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        // An Ed25519 key has 32 bytes.
        for (byte, from) in bytes.iter_mut().zip(self.pair.public_key().as_ref()) {
            *byte = *from;
        }
        PublicKey(bytes)
    }

    /// The signature of a text, in base64.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.sign(text))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl PublicKey {
    /// Which key it is, short enough to compare by eye.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of("ml-connector public key ", &self.0)
    }

    /// Whether the text was signed by this key.
    #[must_use]
    pub fn signed(&self, text: &[u8], signature: &str) -> bool {
        URL_SAFE_NO_PAD.decode(signature).is_ok_and(|signature| {
            UnparsedPublicKey::new(&ED25519, self.0).verify(text, &signature).is_ok()
        })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        decoded_key(text).map(Self).ok_or(Error::NotAPublicKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(fill: u8) -> SigningKey {
        SigningKey::generate(&mut |bytes| bytes.fill(fill)).expect("a key")
    }

    #[test]
    fn a_signature_holds_for_its_text_and_its_key_alone() {
        let (one, other) = (key(1), key(2));
        let signature = one.sign(b"text");
        assert!(one.public().signed(b"text", &signature));
        assert!(!one.public().signed(b"texts", &signature));
        assert!(!other.public().signed(b"text", &signature));
        assert!(!one.public().signed(b"text", "no signature"));
        let mut bytes = URL_SAFE_NO_PAD.decode(&signature).expect("base64");
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(!one.public().signed(b"text", &URL_SAFE_NO_PAD.encode(&bytes)), "bit {bit}");
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }

    #[test]
    fn both_halves_come_back_from_their_text() {
        let key = key(3);
        let again = SigningKey::from_text(&key.to_text()).expect("the same");
        assert_eq!(again.public(), key.public());
        assert_eq!(key.public().to_string().parse(), Ok(key.public()));
        assert_eq!("short".parse::<PublicKey>(), Err(Error::NotAPublicKey));
        assert!(!format!("{key:?}").contains(key.to_text().expose_secret()));
    }

    /// The first test vector of RFC 8032, section 7.1.
    #[test]
    fn it_is_ed25519() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: Vec<u8> = (0..32)
            .map(|at| u8::from_str_radix(&seed[2 * at..2 * at + 2], 16).expect("hex"))
            .collect();
        let key = SigningKey::from_text(&URL_SAFE_NO_PAD.encode(seed).into()).expect("a key");
        let public = key.public().0.map(|byte| format!("{byte:02x}")).concat();
        assert_eq!(public, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }
}
