//! Sealing and opening: a secret under a data key, the data key under the key-encryption key.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::{Entropy, Error, KeyEncryptionKey, Place, key::Bytes};

/// The form of the text, for when there is another one.
const FORM: &str = "ml1";

const NONCE_BYTES: usize = 24;

impl KeyEncryptionKey {
    /// Encrypts a secret. The text that comes back may be kept anywhere.
    #[must_use]
    pub fn seal(
        &self,
        place: Place<'_>,
        secret: &SecretString,
        entropy: &mut Entropy<'_>,
    ) -> String {
        let mut data_key = Bytes::default();
        entropy(data_key.as_mut_slice());
        let wrapped = self.wrap(place, &data_key, entropy);
        let bound = bound("secret", place);
        let secret = encrypted(&data_key, secret.expose_secret().as_bytes(), &bound, entropy);
        join(&self.id.to_string(), &wrapped, &secret)
    }

    /// Decrypts what [`seal`](Self::seal) gave.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when another key sealed it, [`Error::Damaged`] when it was changed or
    /// belongs to another place.
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Result<SecretString, Error> {
        let (wrapped, secret) = self.parts(place, sealed)?;
        let data_key = self.unwrap(place, &wrapped)?;
        let opened = decrypted(&data_key, &secret, &bound("secret", place));
        let text = opened.and_then(|bytes| {
            // The plain bytes are wiped; the copy in the text is wiped with the secret.
            std::str::from_utf8(&bytes).map(SecretString::from).ok()
        });
        text.ok_or_else(|| damaged(place))
    }

    /// Wraps the data key of a sealed secret anew, under this key instead of `former`.
    ///
    /// # Errors
    /// As [`open`](Self::open), for the former key.
    pub fn rewrap(
        &self,
        former: &Self,
        place: Place<'_>,
        sealed: &str,
        entropy: &mut Entropy<'_>,
    ) -> Result<String, Error> {
        let (wrapped, secret) = former.parts(place, sealed)?;
        let data_key = former.unwrap(place, &wrapped)?;
        Ok(join(&self.id.to_string(), &self.wrap(place, &data_key, entropy), &secret))
    }

    fn wrap(&self, place: Place<'_>, data_key: &Bytes, entropy: &mut Entropy<'_>) -> Vec<u8> {
        let bound = bound(&format!("data key under {}", self.id), place);
        encrypted(&self.bytes, data_key.as_slice(), &bound, entropy)
    }

    fn unwrap(&self, place: Place<'_>, wrapped: &[u8]) -> Result<Bytes, Error> {
        let bound = bound(&format!("data key under {}", self.id), place);
        let opened = decrypted(&self.bytes, wrapped, &bound).ok_or_else(|| damaged(place))?;
        let bytes = opened.as_slice().try_into().map_err(|_| damaged(place))?;
        Ok(Zeroizing::new(bytes))
    }

    /// The wrapped data key and the encrypted secret, if this key sealed them.
    fn parts(&self, place: Place<'_>, sealed: &str) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let mut parts = sealed.split('.');
        let [Some(FORM), Some(id), Some(wrapped), Some(secret), None] =
            [(); 5].map(|()| parts.next())
        else {
            return Err(damaged(place));
        };
        if id != self.id.to_string() {
            return Err(Error::WrongKey {
                place: place.to_string(),
                sealed_with: id.to_owned(),
                given: self.id.to_string(),
            });
        }
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| damaged(place));
        Ok((decode(wrapped)?, decode(secret)?))
    }
}

fn join(id: &str, wrapped: &[u8], secret: &[u8]) -> String {
    let encode = |bytes| URL_SAFE_NO_PAD.encode(bytes);
    format!("{FORM}.{id}.{}.{}", encode(wrapped), encode(secret))
}

fn damaged(place: Place<'_>) -> Error {
    Error::Damaged { place: place.to_string() }
}

/// What a ciphertext is for and belongs to. The lengths keep two places from reading the same.
fn bound(what: &str, Place { connection, name }: Place<'_>) -> Vec<u8> {
    let lengths = (connection.len(), name.len());
    format!("{FORM} {what} {lengths:?} {connection} {name}").into_bytes()
}

/// A random nonce and the ciphertext behind it.
fn encrypted(key: &Bytes, plain: &[u8], bound: &[u8], entropy: &mut Entropy<'_>) -> Vec<u8> {
    let mut nonce = [0; NONCE_BYTES];
    entropy(&mut nonce);
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let payload = Payload { msg: plain, aad: bound };
    let text = cipher.encrypt(&XNonce::from(nonce), payload);
    // It fails above 256 GiB only.
    let text = text.unwrap_or_default();
    [nonce.as_slice(), &text].concat()
}

fn decrypted(key: &Bytes, kept: &[u8], bound: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, text) = kept.split_first_chunk::<NONCE_BYTES>()?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let payload = Payload { msg: text, aad: bound };
    cipher.decrypt(&XNonce::from(*nonce), payload).ok().map(Zeroizing::new)
}
