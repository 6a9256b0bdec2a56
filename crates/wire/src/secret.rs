//! Secrets on their way out: bytes and headers that are wiped when nobody holds them any more.
//!
//! What the TLS library and the system copy of them on the way is out of reach.

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, Zeroizing};

/// A body that holds secrets. Its memory is wiped with its last clone.
#[must_use]
pub fn secret_body(text: Zeroizing<String>) -> Bytes {
    Bytes::from_owner(Text(text))
}

/// A secret as a header's value: marked as sensitive, and wiped with its last clone. `None` for an
/// empty one, and for one that a header cannot carry.
///
/// ```
/// let value = wire::secret_header(&"hunter2".into()).unwrap();
/// assert_eq!(value, "hunter2");
/// assert_eq!(format!("{value:?}"), "Sensitive");
/// assert!(wire::secret_header(&"two\nlines".into()).is_none());
/// assert!(wire::secret_header(&"".into()).is_none());
/// ```
#[must_use]
pub fn secret_header(secret: &SecretString) -> Option<HeaderValue> {
    let text = secret.expose_secret();
    let bytes = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
    let mut value = HeaderValue::from_maybe_shared(bytes).ok().filter(|value| !value.is_empty())?;
    value.set_sensitive(true);
    Some(value)
}

/// Wipes a body that held secrets, if nobody else holds it.
pub fn wipe(body: Bytes) {
    if let Ok(mut body) = body.try_into_mut() {
        body.as_mut().zeroize();
    }
}

struct Text(Zeroizing<String>);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
