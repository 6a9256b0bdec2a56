//! The life of a mapping: a part that a person named for a SKU, until Epicor has it as a customer's part
//! cross reference, too.
//!
//! ```text
//! accepted ▶ writing ▶ written
//!    ▲          └▶ held
//!    └── a person names a part again
//! ```
//!
//! A mapping counts from the moment it is accepted, whatever becomes of its cross reference.

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
