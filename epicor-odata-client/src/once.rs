//! Documents that must stand in Epicor once, whatever becomes of the answers on the way.
//!
//! Epicor knows no idempotency key, and each method of a dialogue commits by itself. So every
//! document carries a key of ours in a column that can be searched, and what happens after a lost
//! answer is the same for all of them: look for the key, compare what is there with what was
//! wanted, and then adopt it, finish it, remove the half of it, or stop because it differs.
//!
//! ```text
//! find ▶ absent   ▶ enter
//!      ▶ whole    ▶ adopt
//!      ▶ half     ▶ finish, or remove and enter again
//!      ▶ differs  ▶ stop: a person decides
//! ```
//!
//! What a [`Document`] cannot see, it cannot guard against: an Epicor that carries a request out
//! later than `settle` after it was sent, or shows it later than that in its searches.

use std::future::Future;
use std::time::Duration;

use crate::client::Client;
use crate::error::Error;

#[cfg(test)]
mod tests;

/// The most steps one [`Client::ensure`] takes. Each lost answer costs one, so more than this means
/// that Epicor, or the way to it, is down.
const MAX_STEPS: u32 = 12;

/// A document that can be looked for, entered, and removed while it is half made.
pub trait Document: Sync {
    /// What Epicor knows the document by: a journal's key, an order's number.
    type Key: Send;

    /// What Epicor holds under the document's key. Reads only.
    fn find(&self) -> impl Future<Output = Result<Found<Self::Key>, Error>> + Send;

    /// Enters the document where nothing of it is.
    fn enter(&self) -> impl Future<Output = Result<Self::Key, Error>> + Send;

    /// Adds to a half-made document what it lacks.
    fn finish(&self) -> impl Future<Output = Result<Self::Key, Error>> + Send;

    /// Takes a half-made document away. Looks first that it is ours and unposted.
    fn remove(&self) -> impl Future<Output = Result<(), Error>> + Send;
}

/// A document that is posted after it was entered.
pub trait Postable: Document {
    /// Whether a document found under this key is posted.
    fn is_posted(key: &Self::Key) -> bool;

    /// Posts it. This cannot be undone.
    fn post(&self) -> impl Future<Output = Result<(), Error>> + Send;
}

/// What Epicor holds under a document's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<K> {
    /// Nothing.
    Absent,
    /// The whole document, equal to the wanted one.
    Whole(K),
    /// A part of it, made by an earlier attempt, to which the rest can be added.
    Unfinished,
    /// A part of it, made by an earlier attempt, that has to go before it is entered again.
    Remains,
    /// Something else: another document, or ours after somebody changed it. Says what.
    Differs(String),
}

/// Whether something may have been sent under a document's key before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// Nothing was ever sent, as the caller's own records say: it is entered without a look-up.
    First,
    /// Something may have been, longer ago than the settle time: it is looked for first.
    Again,
}

/// A document that now stands in Epicor, whole and once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ensured<K> {
    /// What Epicor knows it by.
    pub key: K,
    /// Whether it was found in place, rather than entered with an answer that said so.
    pub adopted: bool,
}

/// Why a document may not stand in Epicor.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotEnsured {
    /// Epicor holds something else under the key. Nothing was changed.
    #[error(
        "Epicor holds something else under this document's key: {0}; the finance clerk must \
         compare the two and decide"
    )]
    Differs(String),
    /// Epicor said no, or could not be asked. [`Error::is_definite_no`] speaks of the last
    /// request; parts of the document may stand in Epicor unposted, and the next
    /// [`Attempt::Again`] finds them.
    #[error(transparent)]
    Failed(#[from] Error),
    /// Epicor took the order to post it, more than once, and it still stands unposted.
    #[error(
        "Epicor took the order to post it, and it still is not posted; the finance clerk must look \
         at its group, and an Epicor admin at the tasks in the System Monitor"
    )]
    Unposted,
    /// Too many answers were lost in a row. The next [`Attempt::Again`] finds what is there.
    #[error(
        "after {MAX_STEPS} attempts it is still not known what Epicor holds; an IT admin must \
         look at the connection to Epicor"
    )]
    Unsettled,
}

/// What to do next.
enum Step {
    Look,
    Enter,
    Finish,
    Remove,
}

impl Client {
    /// Sees to it that a document stands in Epicor, whole and once.
    ///
    /// `settle` is how long to wait after a lost answer before looking: longer than the request's
    /// timeout, the longest delay on the way, and the time Epicor's searches need to show a commit.
    ///
    /// # Errors
    /// [`NotEnsured`]. Calling it again with [`Attempt::Again`] is always right.
    pub async fn ensure<D: Document>(
        &self,
        document: &D,
        attempt: Attempt,
        settle: Duration,
    ) -> Result<Ensured<D::Key>, NotEnsured> {
        let mut step = match attempt {
            Attempt::First => Step::Enter,
            Attempt::Again => Step::Look,
        };
        for _ in 0..MAX_STEPS {
            let done = match step {
                Step::Look => {
                    step = match document.find().await? {
                        Found::Whole(key) => return Ok(Ensured { key, adopted: true }),
                        Found::Differs(what) => return Err(NotEnsured::Differs(what)),
                        Found::Absent => Step::Enter,
                        Found::Unfinished => Step::Finish,
                        Found::Remains => Step::Remove,
                    };
                    continue;
                }
                Step::Enter => document.enter().await.map(Some),
                Step::Finish => document.finish().await.map(Some),
                Step::Remove => document.remove().await.map(|()| None),
            };
            match done {
                Ok(Some(key)) => return Ok(Ensured { key, adopted: false }),
                Ok(None) | Err(Error::Duplicate { .. }) => {}
                Err(Error::OutcomeUnknown { operation, .. }) => {
                    tracing::debug!(%operation, "the answer was lost, waiting to look");
                    self.clock().sleep(settle).await;
                }
                Err(error) => return Err(error.into()),
            }
            step = Step::Look;
        }
        Err(NotEnsured::Unsettled)
    }

    /// Sees to it that a document that was entered is posted, once, and reads it back.
    ///
    /// `attempt` and `settle` as for [`ensure`](Self::ensure); what Epicor took the order to post, and
    /// has not posted, is waited for as long before it is posted again.
    ///
    /// # Errors
    /// [`NotEnsured`]; [`NotEnsured::Differs`] when what Epicor holds is not the whole document,
    /// so that nothing is posted that was not wanted.
    pub async fn ensure_posted<D: Postable>(
        &self,
        document: &D,
        attempt: Attempt,
        settle: Duration,
    ) -> Result<D::Key, NotEnsured> {
        let mut look = attempt == Attempt::Again;
        // Whether Epicor took the last order to post, and whether that may be at work still.
        let (mut taken, mut at_work) = (false, false);
        for _ in 0..MAX_STEPS {
            if look {
                match document.find().await? {
                    Found::Whole(key) if D::is_posted(&key) => return Ok(key),
                    Found::Whole(_) if at_work => {
                        tracing::debug!("it is not posted yet, waiting to look once more");
                        self.clock().sleep(settle).await;
                        at_work = false;
                        continue;
                    }
                    Found::Whole(_) => {}
                    Found::Differs(what) => return Err(NotEnsured::Differs(what)),
                    Found::Absent | Found::Unfinished | Found::Remains => {
                        return Err(NotEnsured::Differs("it is not entered whole".to_owned()));
                    }
                }
            }
            look = true;
            match document.post().await {
                Ok(()) => (taken, at_work) = (true, true),
                Err(Error::OutcomeUnknown { operation, .. }) => {
                    tracing::debug!(%operation, "the answer was lost, waiting to look");
                    self.clock().sleep(settle).await;
                    taken = false;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(if taken { NotEnsured::Unposted } else { NotEnsured::Unsettled })
    }
}
