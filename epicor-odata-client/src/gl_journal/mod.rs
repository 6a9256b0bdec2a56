//! GL journals: group, header and lines, entered by Epicor's own dialogue; looked up in entry
//! and among the posted lines; posted, or removed while unposted.
//!
//! Each method is one step that a caller can look up before it repeats it. The number of
//! requests does not depend on the number of lines:
//!
//! | step | requests |
//! |---|---|
//! | [`create_group`](GlJournals::create_group) | 3, and up to 3 more when mode, book or journal code must be changed |
//! | [`create_journal`](GlJournals::create_journal) | 5 |
//! | [`unlock_group`](GlJournals::unlock_group) | 1 |
//! | [`post_group`](GlJournals::post_group) | 2 |
//!
//! A post that succeeds deletes the group and the journal's header: afterwards only the
//! [`posted`](GlJournals::posted) lines know it, and the group's id may be used again by anyone.
//! So a caller recognises its journal by a token of its own at the start of the description and
//! by the totals, never by the group alone.

mod account;
mod account_state;
mod book;
mod entered;
mod group;
mod journal;
mod period;
mod post;
mod posted;
mod remove;
#[cfg(test)]
mod tests;

pub use account::{GlAccount, InvalidGlAccount};
pub use account_state::AccountState;
pub use book::Book;
pub use entered::{EnteredJournal, EnteredLine};
pub use group::{Group, GroupId, InvalidGroupId, NewGroup};
pub use journal::{JournalKey, NewJournal, NewLine};
pub use period::PeriodState;
pub use post::Posted;
pub use posted::{PostedLine, PostedQuery};

use crate::client::Client;

/// The most rows a look-up takes in. More means that the question was wrong.
const MAX_ROWS: usize = 100_000;

/// GL journals of one company. Made by [`Client::gl_journals`].
#[derive(Clone, Copy, Debug)]
pub struct GlJournals<'a> {
    client: &'a Client,
}

impl<'a> GlJournals<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }
}
