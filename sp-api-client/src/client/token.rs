//! Which token a call carries: the seller's, the application's, or one for restricted data.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use wire::{Token, TokenCache};

use super::{Client, Grant};
use crate::Error;
use crate::tokens_2021_03_01::{RestrictedDataToken, RestrictedResource};

/// A restricted data token lives an hour; the next one is asked for this long before.
const EARLY: Duration = Duration::from_mins(5);

/// What is sent in place of the seller's access token.
#[derive(Clone)]
pub(super) enum Instead {
    /// This token, which is not renewed.
    Given(SecretString),
    /// A token for these resources, renewed when need be.
    Restricted(Arc<Restricted>),
}

/// The token for some resources.
pub(super) struct Restricted {
    resources: Vec<RestrictedResource>,
    kept: TokenCache,
}

impl Client {
    /// The same client, sending this token instead of the access token. It shares login and rates
    /// with this one. A token that is refused is not renewed: see
    /// [`restricted_to`](Self::restricted_to).
    #[must_use]
    pub fn restricted(&self, token: &RestrictedDataToken) -> Self {
        Self { instead: Some(Instead::Given(token.secret.clone())), ..self.clone() }
    }

    /// The same client, sending a token for these resources instead of the access token. It shares
    /// login and rates with this one.
    ///
    /// The token is asked for (`createRestrictedDataToken`) before the first call, five minutes
    /// before it ends, and once more when it is refused; its errors are then those of the call.
    /// Clones of the client share it.
    #[must_use]
    pub fn restricted_to(&self, resources: impl IntoIterator<Item = RestrictedResource>) -> Self {
        let resources = resources.into_iter().collect();
        let restricted = Restricted { resources, kept: TokenCache::new(EARLY) };
        Self { instead: Some(Instead::Restricted(Arc::new(restricted))), ..self.clone() }
    }

    /// What is sent instead, for calls on the seller's permission.
    fn instead(&self, grant: Grant) -> Option<&Instead> {
        self.instead.as_ref().filter(|_| grant == Grant::Seller)
    }

    /// The token for a call.
    pub(super) async fn token(&self, grant: Grant) -> Result<SecretString, Error> {
        match self.instead(grant) {
            None => self.inner.login.access_token(grant, self.shell()).await,
            Some(Instead::Given(token)) => Ok(token.clone()),
            Some(Instead::Restricted(restricted)) => {
                restricted.kept.get(self.now(), || restricted.ask(self)).await
            }
        }
    }

    /// Forgets a token that was refused. `false` when there is no other one to be had.
    pub(super) async fn forget_token(&self, grant: Grant, refused: &SecretString) -> bool {
        match self.instead(grant) {
            None => self.inner.login.invalidate(grant, refused).await,
            Some(Instead::Given(_)) => return false,
            Some(Instead::Restricted(restricted)) => restricted.kept.invalidate(refused).await,
        }
        true
    }
}

impl Restricted {
    /// Asks for a token, on the seller's own permission. Boxed, since that is a call as well.
    fn ask(
        &self,
        client: &Client,
    ) -> Pin<Box<dyn Future<Output = Result<Token, Error>> + Send + '_>> {
        let client = Client { instead: None, ..client.clone() };
        Box::pin(async move {
            let told = client.tokens().create_restricted_data_token(&self.resources).await?;
            Ok(Token { expires_at: told.expires_at(), secret: told.secret })
        })
    }
}
