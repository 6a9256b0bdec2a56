//! An access token, fetched once for all callers.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::Clock;

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
/// One fetch at a time: whoever comes while it is under way gets the old token as long as that is
/// good, and waits for the same new one otherwise. A fetch that fails while the old token is still
/// good costs nothing: the old one serves, and half a minute later the next fetch is tried. Without
/// a good one those who waited share the failure, and the next caller tries for itself.
#[derive(Debug)]
pub struct TokenCache<E> {
    early: SignedDuration,
    /// Never held during a fetch.
    known: Mutex<Known<E>>,
    /// Held by the one who fetches.
    turn: Mutex<()>,
}

#[derive(Debug)]
struct Known<E> {
    kept: Option<Kept>,
    /// How many fetches left their callers without a token, and why the last of them did.
    failures: u64,
    failure: Option<E>,
}

#[derive(Debug)]
struct Kept {
    token: Token,
    renew_at: Timestamp,
}

/// How long an old token serves after a failed fetch before the next one is tried.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

impl<E: Clone> TokenCache<E> {
    /// An empty cache that renews a token this long before it expires.
    #[must_use]
    pub fn new(early: Duration) -> Self {
        let early = SignedDuration::try_from(early).unwrap_or(SignedDuration::MAX);
        let known = Known { kept: None, failures: 0, failure: None };
        Self { early, known: Mutex::new(known), turn: Mutex::default() }
    }

    /// The token to use now, from the cache or from `fetch`.
    ///
    /// A token that lives shorter than twice the early time is used for half its life, so that an
    /// issuer of short tokens is not asked before every call.
    ///
    /// # Errors
    /// Those of `fetch`: the caller's own, or that of a fetch which failed while it waited.
    pub async fn get<F>(&self, clock: &dyn Clock, fetch: F) -> Result<SecretString, E>
    where
        F: AsyncFnOnce() -> Result<Token, E>,
    {
        let (fresh, good, failures) = {
            let (known, now) = (self.known.lock().await, clock.now());
            (known.fresh(now), known.good(now), known.failures)
        };
        if let Some(token) = fresh {
            return Ok(token);
        }
        let _turn = match (self.turn.try_lock(), good) {
            (Ok(turn), _) => turn,
            (Err(_), Some(old)) => return Ok(old),
            (Err(_), None) => self.turn.lock().await,
        };
        {
            // Somebody else may have had a turn meanwhile.
            let known = self.known.lock().await;
            if let Some(token) = known.fresh(clock.now()) {
                return Ok(token);
            }
            if let Some(failure) = known.failure.as_ref().filter(|_| known.failures > failures) {
                return Err(failure.clone());
            }
        }
        let fetched = fetch().await;
        // A fetch takes its time.
        let now = clock.now();
        self.known.lock().await.learn(fetched, now, self.early)
    }

    /// Forgets `refused`, which the server no longer takes. A newer token stays: of many callers
    /// that were refused with the same one, only the first makes the next fetch happen.
    pub async fn invalidate(&self, refused: &SecretString) {
        let mut known = self.known.lock().await;
        let same = |kept: &Kept| kept.token.secret.expose_secret() == refused.expose_secret();
        if known.kept.as_ref().is_some_and(same) {
            known.kept = None;
        }
    }
}

impl<E: Clone> Known<E> {
    /// The token, unless it is time for the next one.
    fn fresh(&self, now: Timestamp) -> Option<SecretString> {
        let kept = self.kept.as_ref().filter(|kept| now < kept.renew_at)?;
        Some(kept.token.secret.clone())
    }

    /// The token, as long as the server takes it.
    fn good(&self, now: Timestamp) -> Option<SecretString> {
        let kept = self.kept.as_ref().filter(|kept| now < kept.token.expires_at)?;
        Some(kept.token.secret.clone())
    }

    /// Takes in how a fetch ended, at `now`, and tells what its caller gets.
    fn learn(
        &mut self,
        fetched: Result<Token, E>,
        now: Timestamp,
        early: SignedDuration,
    ) -> Result<SecretString, E> {
        let token = match (fetched, self.kept.as_mut()) {
            (Ok(token), _) => token,
            (Err(_), Some(old)) if now < old.token.expires_at => {
                tracing::warn!("no new access token; the old one is good for a while still");
                let pause_ends = now.saturating_add(PAUSE).unwrap_or(now);
                old.renew_at = pause_ends.min(old.token.expires_at);
                return Ok(old.token.secret.clone());
            }
            (Err(failure), _) => {
                self.failures += 1;
                self.failure = Some(failure.clone());
                return Err(failure);
            }
        };
        let (secret, life) = (token.secret.clone(), token.expires_at.duration_since(now));
        let renew_in = life - early.min(life / 2);
        let renew_at = now.saturating_add(renew_in).unwrap_or(token.expires_at);
        self.kept = Some(Kept { token, renew_at });
        self.failure = None;
        Ok(secret)
    }
}
