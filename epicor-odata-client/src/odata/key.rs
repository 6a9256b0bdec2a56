use std::fmt;

use super::{Literal, percent_encode};

/// The key of one entity in positional form, in the table's key order.
///
/// The first part is the company in nearly every table. Whether Kinetic takes the named form
/// (`Company='EPIC06'`) is not known, so it is not offered.
///
/// ```
/// use epicor_odata_client::odata::EntityKey;
///
/// let key = EntityKey::new("EPIC06").part(1001_i64);
/// assert_eq!(key.to_string(), "('EPIC06',1001)");
/// assert_eq!(key.encode(), "(%27EPIC06%27,1001)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityKey(Vec<Literal>);

impl EntityKey {
    /// A key that begins with `first`.
    pub fn new(first: impl Into<Literal>) -> Self {
        Self(vec![first.into()])
    }

    /// The key with one more part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Literal>) -> Self {
        self.0.push(part.into());
        self
    }

    /// The key, percent-encoded, to be put right behind the entity set's name in the path.
    #[must_use]
    pub fn encode(&self) -> String {
        percent_encode(&self.to_string())
    }
}

impl fmt::Display for EntityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(Literal::to_string).collect();
        write!(f, "({})", parts.join(","))
    }
}
