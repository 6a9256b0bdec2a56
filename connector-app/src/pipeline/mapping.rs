//! The life of a mapping: a part that a person named for a SKU, until Epicor has it as a customer's part
//! cross reference, too; as one table.
//!
//! ```text
//! accepted ▶ writing ▶ written
//!    ▲          ├▶ held
//!    └──────────┴── a person named another part
//! ```
//!
//! A mapping counts from the moment it is accepted, whatever becomes of its cross reference. While one
//! is on its way no other is written: the part that a person names meanwhile waits until the outcome
//! of the first is known.

use std::collections::BTreeMap;
use std::fmt;

use store::{MappingRecord, Store};

use crate::config::{FullPart, MappedPart};

/// Where a mapping stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// A person named the part.
    Accepted,
    /// Its cross reference is on its way into Epicor, see [`super::posting`].
    Writing,
    /// Epicor has it.
    Written,
    /// Epicor did not take it.
    Held,
}

impl State {
    /// Every state, in the order of the life.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Writing, Self::Written, Self::Held];

    /// The word kept in the store and shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Writing => "writing",
            Self::Written => "written",
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

/// Something that happened to a mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A person named a part.
    Accepted,
    /// Its cross references are recorded.
    Intended,
    /// They were read back from Epicor.
    Confirmed {
        /// Whether a person named another part meanwhile.
        renamed: bool,
    },
    /// One could not be written.
    PostingHeld {
        /// Whether a person named another part meanwhile.
        renamed: bool,
    },
}

impl Event {
    /// Every event, for the printed table.
    pub const ALL: [Self; 6] = [
        Self::Accepted,
        Self::Intended,
        Self::Confirmed { renamed: false },
        Self::Confirmed { renamed: true },
        Self::PostingHeld { renamed: false },
        Self::PostingHeld { renamed: true },
    ];

    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Intended => "intended",
            Self::Confirmed { renamed: false } => "confirmed",
            Self::Confirmed { renamed: true } => "confirmed, renamed",
            Self::PostingHeld { renamed: false } => "posting held",
            Self::PostingHeld { renamed: true } => "posting held, renamed",
        }
    }
}

/// The event makes no sense in this state: a bug, or two processes at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a mapping that is {state} cannot take the event \"{event}\"")]
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
        (S::Accepted | S::Written | S::Held, Event::Accepted) => S::Accepted,
        // What is on its way is finished first: the same row of Epicor would be written twice.
        (S::Writing, Event::Accepted) => S::Writing,
        (S::Accepted, Event::Intended) => S::Writing,
        (S::Writing, Event::Confirmed { renamed: false }) => S::Written,
        (S::Writing, Event::PostingHeld { renamed: false }) => S::Held,
        (S::Writing, Event::Confirmed { renamed: true } | Event::PostingHeld { renamed: true }) => {
            S::Accepted
        }
        _ => return Err(Illegal { state, event: event.name() }),
    })
}

/// The parts that people named for SKUs: in the configuration, or by `catalog accept`. What the
/// configuration says comes first.
///
/// # Errors
/// The store's errors.
pub async fn mapped_parts(
    store: &Store,
    connection: &str,
    configured: &BTreeMap<String, MappedPart>,
) -> Result<BTreeMap<String, MappedPart>, store::Error> {
    let accepted = store.mappings(connection).await?.into_iter().map(of_record);
    let mut mapped: BTreeMap<String, MappedPart> = accepted.collect();
    mapped.extend(configured.iter().map(|(sku, part)| (sku.clone(), part.clone())));
    Ok(mapped)
}

fn of_record(record: MappingRecord) -> (String, MappedPart) {
    let store::MappedTo { part, unit, multiple } = record.to;
    (record.key.sku, MappedPart::Full(FullPart { part, unit, multiple }))
}
