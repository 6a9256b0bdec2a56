//! What is about a person.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text about a person: a name, an address, a telephone number.
///
/// It is read and written like any text, but `Debug` does not show it, so that it does not get
/// into a log by accident. Amazon gives it only to applications with the role for it.
///
/// ```
/// let name = sp_api_client::Personal::new("A. Buyer");
/// assert_eq!(format!("{name:?}"), "[personal]");
/// assert_eq!(name.as_str(), "A. Buyer");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whoever really needs it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}
