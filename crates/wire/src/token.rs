//! An access token, fetched once for all callers.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

#[cfg(test)]
mod tests;

/// A token as its issuer gave it.
#[derive(Clone, Debug)]
pub struct Token {
    /// What is sent with each call.
    pub secret: SecretString,
    /// When the server stops taking it.
    pub expires_at: Timestamp,
}

/// Keeps one access token and fetches the next before it expires.
///
/// One fetch at a time: whoever comes while it is under way waits for it and gets the same token.
/// A fetch that fails while the old token is still good costs nothing: the old one serves, and half
/// a minute later the next fetch is tried. Without a good one the next caller tries for itself.
#[derive(Debug)]
pub struct TokenCache {
    early: SignedDuration,
    kept: tokio::sync::Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    token: Token,
    renew_at: Timestamp,
}

/// How long an old token serves after a failed fetch before the next one is tried.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

impl TokenCache {
    /// An empty cache that renews a token this long before it expires.
    #[must_use]
    pub fn new(early: Duration) -> Self {
        let early = SignedDuration::try_from(early).unwrap_or(SignedDuration::MAX);
        Self { early, kept: tokio::sync::Mutex::default() }
    }

    /// The token to use at `now`, from the cache or from `fetch`.
    ///
    /// A token that lives shorter than twice the early time is used for half its life, so that an
    /// issuer of short tokens is not asked before every call.
    ///
    /// # Errors
    /// Those of `fetch`.
    pub async fn get<E, F>(&self, now: Timestamp, fetch: F) -> Result<SecretString, E>
    where
        F: AsyncFnOnce() -> Result<Token, E>,
    {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| now < kept.renew_at) {
            return Ok(kept.token.secret.clone());
        }
        let token = match (fetch().await, kept.as_mut()) {
            (Ok(token), _) => token,
            (Err(_), Some(old)) if now < old.token.expires_at => {
                tracing::warn!("no new access token; the old one is good for a while still");
                old.renew_at = now.saturating_add(PAUSE).unwrap_or(now);
                return Ok(old.token.secret.clone());
            }
            (Err(error), _) => return Err(error),
        };
        let (secret, life) = (token.secret.clone(), token.expires_at.duration_since(now));
        let renew_in = life - self.early.min(life / 2);
        let renew_at = now.saturating_add(renew_in).unwrap_or(token.expires_at);
        *kept = Some(Kept { token, renew_at });
        Ok(secret)
    }

    /// Forgets `refused`, which the server no longer takes. A newer token stays: of many callers
    /// that were refused with the same one, only the first makes the next fetch happen.
    pub async fn invalidate(&self, refused: &SecretString) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|k| k.token.secret.expose_secret() == refused.expose_secret())
        {
            *kept = None;
        }
    }
}
