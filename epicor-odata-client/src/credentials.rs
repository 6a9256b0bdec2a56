//! The two locks on Epicor's door, and the headers that open them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;

/// An API key, made in Epicor's *API Key Maintenance*. It has an expiry date, belongs to one
/// company or to all, and may be tied to an access scope.
#[derive(Clone, Debug)]
pub struct ApiKey(pub SecretString);

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(SecretString::from(key))
    }
}

/// The user the calls are made as. Give the integration a user of its own: `EntryPerson`,
/// `PostedBy` and locks then tell it apart from people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Identity {
    /// An Epicor-native user and password. Not offered by companies that enforce single sign-on.
    Basic {
        /// The user's id.
        user: String,
        /// The password.
        password: SecretString,
    },
}

impl ApiKey {
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        secret_header("the API key", self.0.expose_secret())
    }
}

impl Identity {
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        let Self::Basic { user, .. } = self;
        if user.is_empty() || user.contains(':') {
            let reason = "it is empty or holds a colon, which Basic sign-in cannot carry".into();
            return Err(Error::InvalidParameter { parameter: "the user name", reason });
        }
        secret_header("the password", &format!("Basic {}", self.pair().expose_secret()))
    }

    /// The password.
    pub(crate) fn secret(&self) -> SecretString {
        let Self::Basic { password, .. } = self;
        password.clone()
    }

    /// User and password as the header carries them; as secret as the password.
    pub(crate) fn pair(&self) -> SecretString {
        let Self::Basic { user, password } = self;
        STANDARD.encode(format!("{user}:{}", password.expose_secret())).into()
    }
}

fn secret_header(parameter: &'static str, text: &str) -> Result<HeaderValue, Error> {
    let header = HeaderValue::from_str(text).ok().filter(|_| !text.is_empty());
    let Some(mut header) = header else {
        let reason = "it is empty or holds characters a header cannot carry".into();
        return Err(Error::InvalidParameter { parameter, reason });
    };
    header.set_sensitive(true);
    Ok(header)
}
