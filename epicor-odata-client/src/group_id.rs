//! What a group is called.

use std::fmt;

use crate::limit;

/// The id of a group of journals, invoices or receipts: 1 to 9 capital letters and digits, chosen by whoever makes it.
///
/// ```
/// use epicor_odata_client::GroupId;
///
/// assert_eq!(GroupId::new("ML7Q2K9X4")?.as_str(), "ML7Q2K9X4");
/// assert!(GroupId::new("too long for it").is_err());
/// # Ok::<(), epicor_odata_client::InvalidGroupId>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(String);

/// A text that is no [`GroupId`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no group id: that is 1 to 9 letters A to Z and digits")]
pub struct InvalidGroupId(pub String);

impl GroupId {
    /// The product's length of `GroupID`.
    pub const MAX_LENGTH: usize = limit::GROUP_ID;

    /// Checks an id.
    ///
    /// # Errors
    /// [`InvalidGroupId`] when it is empty, too long, or holds anything but `A`–`Z` and digits.
    pub fn new(id: &str) -> Result<Self, InvalidGroupId> {
        let valid = (1..=Self::MAX_LENGTH).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if valid { Ok(Self(id.to_owned())) } else { Err(InvalidGroupId(id.to_owned())) }
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_ids_are_checked() {
        for id in ["", "ABCDEFGHIJ", "abc", "A B", "Ä"] {
            assert_eq!(GroupId::new(id), Err(InvalidGroupId(id.to_owned())));
        }
        assert!(GroupId::new("ABCDEFG19").is_ok());
    }
}
