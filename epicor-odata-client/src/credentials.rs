//! The two locks on Epicor's door: the API key, and who calls.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

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
    /// An Epicor-native user and password, sent with every call. Not offered by companies that
    /// enforce single sign-on.
    Basic {
        /// The user's id.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// An Epicor-native user and password, sent only to Epicor's own `TokenResource.svc`, whose
    /// access token goes with the calls.
    TokenService {
        /// The user's id.
        user: String,
        /// The password.
        password: SecretString,
        /// How user and password are sent to it.
        form: TokenForm,
    },
    /// A client of an identity provider (Entra ID, the Epicor Identity Provider) that logs in for
    /// itself: the client credentials grant of OAuth 2. Epicor must know that client as a user.
    ClientCredentials {
        /// The provider's token endpoint, like
        /// `https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`.
        token_url: Url,
        /// The client's id.
        client_id: String,
        /// The client's secret.
        client_secret: SecretString,
        /// What the token is for, like `api://EPICOR-APP/.default`; left out when empty.
        scope: String,
    },
}

/// How `TokenResource.svc` is told user and password. Servers differ in what they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenForm {
    /// In an `Authorization: Basic` header.
    #[default]
    Basic,
    /// In two headers, `username` and `password`.
    Headers,
}

impl Identity {
    /// What must not come back in an error's text.
    pub(crate) fn secrets(&self) -> Vec<SecretString> {
        match self {
            Self::Basic { user, password } | Self::TokenService { user, password, .. } => {
                vec![password.clone(), basic_pair(user, password)]
            }
            Self::ClientCredentials { client_secret, .. } => vec![client_secret.clone()],
        }
    }
}

/// User and password as a Basic header carries them; as secret as the password.
pub(crate) fn basic_pair(user: &str, password: &SecretString) -> SecretString {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    STANDARD.encode(format!("{user}:{}", password.expose_secret())).into()
}
