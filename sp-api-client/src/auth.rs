//! Login with Amazon: a refresh token becomes an access token.

use secrecy::SecretString;

mod code;
mod login;

pub use code::LwaErrorCode;
pub(crate) use login::Login;

/// The token endpoint, the same for every region.
pub(crate) const LWA_URL: &str = "https://api.amazon.com/auth/o2/token";

/// What an application logs in with, for one selling account.
///
/// `Debug` shows the client id alone. The secrets are wiped from memory when they are dropped.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The application's LWA client id (`amzn1.application-oa2-client.…`).
    pub client_id: String,
    /// The application's LWA client secret. It must be renewed every 180 days: see
    /// [`ClientBuilder::new_client_secret`](crate::ClientBuilder::new_client_secret).
    pub client_secret: SecretString,
    /// The selling account's authorisation of the application (`Atzr|…`).
    pub refresh_token: SecretString,
}

/// Which of two client secrets the last login was made with, while the secret is being renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretInUse {
    /// That of the [`Credentials`].
    Old,
    /// The new one: the old one can be forgotten.
    New,
}
