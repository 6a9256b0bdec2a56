//! Clients that send a restricted data token.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use futures_core::future::BoxFuture;
use secrecy::SecretString;
use wire::{Token, TokenCache};

use super::{RestrictedDataToken, RestrictedResource};
use crate::client::TokenSource;
use crate::{Client, Error};

/// A token lives an hour; the next one is asked for this long before.
const EARLY: Duration = Duration::from_mins(5);

/// The token for some resources, renewed when need be.
struct Renewed {
    resources: Vec<RestrictedResource>,
    kept: TokenCache<Error>,
}

impl Client {
    /// The same client, sending this token instead of the access token. It shares login and rates
    /// with this one. A token that is refused is not renewed: see
    /// [`restricted_to`](Self::restricted_to).
    #[must_use]
    pub fn restricted(&self, token: &RestrictedDataToken) -> Self {
        self.with_tokens_of(Some(Arc::new(token.clone())))
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
        self.with_tokens_of(Some(Arc::new(Renewed { resources, kept: TokenCache::new(EARLY) })))
    }
}

impl TokenSource for RestrictedDataToken {
    fn token<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(ready(Ok(self.secret.clone())))
    }

    fn forget<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, bool> {
        Box::pin(ready(false))
    }
}

impl TokenSource for Renewed {
    fn token<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<SecretString, Error>> {
        Box::pin(async move {
            let clock = client.shell().link.clock.as_ref();
            self.kept.get(clock, async || self.ask(client).await).await
        })
    }

    fn forget<'a>(&'a self, refused: &'a SecretString) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            self.kept.invalidate(refused).await;
            true
        })
    }
}

impl Renewed {
    /// Asks for a token, on the seller's own permission.
    async fn ask(&self, client: &Client) -> Result<Token, Error> {
        let seller = client.with_tokens_of(None);
        let told = seller.tokens().create_restricted_data_token(&self.resources).await?;
        Ok(Token { expires_at: told.expires_at(), secret: told.secret })
    }
}
