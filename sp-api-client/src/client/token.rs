//! Which token a call carries: the seller's, the application's, or another one in their place.

use std::sync::Arc;

use futures_core::future::BoxFuture;
use secrecy::SecretString;

use super::{Client, Grant};
use crate::Error;

/// Gives a token to be sent in place of the seller's access token.
pub(crate) trait TokenSource: Send + Sync {
    /// The token for a call of this client.
    fn token<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<SecretString, Error>>;

    /// Forgets a token that was refused. `false` when there is no other one to be had.
    fn forget<'a>(&'a self, refused: &'a SecretString) -> BoxFuture<'a, bool>;
}

impl Client {
    /// The same client with tokens of this source, or with the seller's own.
    pub(crate) fn with_tokens_of(&self, source: Option<Arc<dyn TokenSource>>) -> Self {
        Self { instead: source, ..self.clone() }
    }

    /// What is sent instead, for calls on the seller's permission.
    fn instead(&self, grant: Grant) -> Option<&dyn TokenSource> {
        self.instead.as_deref().filter(|_| grant == Grant::Seller)
    }

    /// The token for a call.
    pub(super) async fn token(&self, grant: Grant) -> Result<SecretString, Error> {
        match self.instead(grant) {
            Some(source) => source.token(self).await,
            None => self.inner.login.access_token(grant, self.shell()).await,
        }
    }

    /// Forgets a token that was refused. `false` when there is no other one to be had.
    pub(super) async fn forget_token(&self, grant: Grant, refused: &SecretString) -> bool {
        match self.instead(grant) {
            Some(source) => source.forget(refused).await,
            None => {
                self.inner.login.invalidate(grant, refused).await;
                true
            }
        }
    }
}
