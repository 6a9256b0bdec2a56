//! GL journals: group, header and lines, entered by Epicor's own dialogue; looked up in entry
//! and among the posted lines; posted, or removed while unposted.
//!
//! Each method is one step that a caller can look up before it repeats it. The number of
//! requests does not depend on the number of lines:
//!
//! | step | [`Entry::Dialogue`] | [`Entry::Compact`] |
//! |---|---|---|
//! | [`create_group`](GlJournals::create_group) | 3, and up to 3 more when mode, book or journal code must be changed | 2 |
//! | [`create_journal`](GlJournals::create_journal) | 5 | 3 |
//! | [`unlock_group`](GlJournals::unlock_group) | 1 | not needed |
//! | [`post_group`](GlJournals::post_group) | 2 | 1 |
//! | a journal | 11 to 14 | 6 |
//!
//! The dialogue is the one that production clients use; that several lines may travel in one save
//! is known from one of them. What [`Entry::Compact`] leaves out is inferred from the schemas,
//! and has to be tried on the Epicor at hand:
//! - `GetNewGLJrnGrp` and `GetNewGLJrnDtlMnl` only prepare rows: here they are built from the
//!   columns their keys and amounts need, a line's from its saved header;
//! - `UpdateNoLock` saves a group without opening it for our user, so that none has to be closed;
//! - `ChangeEntryMode`, `ChangeBookID` and `ChangeJournalCode` are replaced by setting the columns,
//!   which are compared with what was saved;
//! - `PreUpdate` asks whether a person has to give a legal number, which the save refuses then;
//! - `CheckBeforePost` repeats what the posting checks.
//!
//! The period is checked by `CheckFiscalYear` and the saved lines are compared in both.
//!
//! A post that succeeds deletes the group and the journal's header: afterwards only the
//! [`posted`](GlJournals::posted) lines know it, and the group's id may be used again by anyone.
//! So a caller recognises its journal by a token of its own at the start of the description and
//! by the totals, never by the group alone. [`JournalDocument`] does so.

mod check;
mod document;
mod entered;
mod group;
mod journal;
mod lines;
mod post;
mod posted;
mod remove;
mod task;
#[cfg(test)]
mod tests;

pub use crate::gl_account::{GlAccount, InvalidGlAccount};
pub use crate::group_id::{GroupId, InvalidGroupId};
pub use document::{JournalDocument, JournalNumber};
pub use entered::{EnteredJournal, EnteredLine};
pub use group::{Group, NewGroup};
pub use journal::{JournalKey, NewJournal, NewLine};
pub use post::Posted;
pub use posted::{JournalSearch, PostedLine, PostedQuery};
pub use task::{Agent, PostingTask, TaskState};

use crate::client::Client;
use crate::entry::Entry;

/// The most rows a look-up takes in. More means that the question was wrong.
const MAX_ROWS: usize = 100_000;

/// GL journals of one company. Made by [`Client::gl_journals`].
#[derive(Clone, Copy, Debug)]
pub struct GlJournals<'a> {
    client: &'a Client,
    entry: Entry,
}

impl<'a> GlJournals<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client, entry: Entry::default() }
    }

    /// The same, entering in this way; [`Entry::Dialogue`] unless said.
    #[must_use]
    pub fn entry(self, entry: Entry) -> Self {
        Self { entry, ..self }
    }
}
