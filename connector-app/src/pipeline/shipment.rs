//! The life of a shipment (one pack, as far as it is one Amazon order's), as one table.
//!
//! ```text
//! seen ▶ confirming ▶ confirmed ▶ seen (the pack was corrected)
//!   ├▶ waiting ─┘  └▶ held
//!   └▶ excluded
//! ```

use std::fmt;

/// Where a shipment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Epicor shipped it, or corrected it since Amazon was told.
    Seen,
    /// Something is missing before Amazon can be told, such as a tracking number; it goes on by
    /// itself.
    Waiting,
    /// Amazon is not to be told: it ships the order itself, or was told with other packs.
    Excluded,
    /// The confirmation is on its way, see [`super::posting`].
    Confirming,
    /// Amazon knows.
    Confirmed,
    /// Amazon did not take it, or a person stopped it.
    Held,
}

impl State {
    /// Every state, in the order of the life.
    pub const ALL: [Self; 6] =
        [Self::Seen, Self::Waiting, Self::Excluded, Self::Confirming, Self::Confirmed, Self::Held];

    /// The word kept in the store and shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Waiting => "waiting",
            Self::Excluded => "excluded",
            Self::Confirming => "confirming",
            Self::Confirmed => "confirmed",
            Self::Held => "held",
        }
    }

    /// The state of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something that happened to a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The pack reads otherwise than before: another tracking number, or other lines.
    Corrected,
    /// Amazon ships the order itself, or was told all of it with other packs.
    NotOurs,
    /// Something is missing.
    Missing,
    /// The confirmation is recorded.
    Intended,
    /// Amazon has it.
    Confirmed,
    /// Amazon did not take it.
    PostingHeld,
    /// A person lets it go on.
    Release,
}

impl Event {
    /// Every event, for the printed table.
    pub const ALL: [Self; 7] = [
        Self::Corrected,
        Self::NotOurs,
        Self::Missing,
        Self::Intended,
        Self::Confirmed,
        Self::PostingHeld,
        Self::Release,
    ];

    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::NotOurs => "not ours",
            Self::Missing => "missing",
            Self::Intended => "intended",
            Self::Confirmed => "confirmed",
            Self::PostingHeld => "posting held",
            Self::Release => "release",
        }
    }
}

/// The event makes no sense in this state: a bug, or two processes at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a shipment that is {state} cannot take the event \"{event}\"")]
pub struct Illegal {
    /// Where it stands.
    pub state: State,
    /// What was said to have happened.
    pub event: &'static str,
}

/// Decides what follows from `event` in `state`.
///
/// # Errors
/// [`Illegal`] for every pair that is not in the table.
pub fn decide(state: State, event: Event) -> Result<State, Illegal> {
    use State as S;

    Ok(match (state, event) {
        // One on its way is finished first; the pack is read again in the next run.
        (S::Seen | S::Waiting | S::Excluded | S::Confirmed | S::Held, Event::Corrected) => S::Seen,
        (S::Seen | S::Waiting, Event::NotOurs) => S::Excluded,
        (S::Seen | S::Waiting, Event::Missing) => S::Waiting,
        (S::Seen | S::Waiting, Event::Intended) => S::Confirming,
        (S::Confirming, Event::Confirmed) => S::Confirmed,
        (S::Confirming, Event::PostingHeld) => S::Held,
        (S::Held, Event::Release) => S::Confirming,
        _ => return Err(Illegal { state, event: event.name() }),
    })
}
