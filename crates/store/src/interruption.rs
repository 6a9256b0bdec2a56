//! The moments at which a process can be interrupted: where a simulation crashes it, or puts it to
//! sleep. Nothing of this is in a build without the feature `interruptions`.

use std::{fmt, pin::Pin, sync::Arc};

use crate::Store;

/// A moment of a call of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before its transaction begins: nothing is done.
    BeforeBegin,
    /// All of it is done and nothing is committed.
    BeforeCommit,
    /// It is committed, and the caller does not know yet.
    AfterCommit,
}

/// Is asked at each moment, and keeps the caller as long as it likes: for ever, to crash it.
pub trait Interruptions: fmt::Debug + Send + Sync {
    /// The caller goes on when this is over; it may be dropped instead.
    fn at(&self, moment: Moment) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Who is asked, if anybody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupted(pub(crate) Option<Arc<dyn Interruptions>>);

impl Interrupted {
    pub(crate) async fn at(&self, moment: Moment) {
        if let Some(interruptions) = &self.0 {
            interruptions.at(moment).await;
        }
    }
}

impl Store {
    /// Another handle to the same data, whose calls can be interrupted.
    #[must_use]
    pub fn with_interruptions(&self, interruptions: Arc<dyn Interruptions>) -> Self {
        Self { interrupted: Interrupted(Some(interruptions)), ..self.clone() }
    }
}
