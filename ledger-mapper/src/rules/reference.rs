//! What gave a row its role and account.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What gave a row its role and account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
#[non_exhaustive]
pub enum RuleRef {
    /// An entry of the [catalogue](crate::catalogue()), with the role's account.
    Catalogue {
        /// The entry's triple: "Order / ItemFees / Commission".
        entry: String,
    },
    /// A `[[rule]]` of the rules file.
    Rule {
        /// The rules file.
        file: String,
        /// Which of its rules, from 1.
        number: u32,
        /// The line the rule starts on.
        line: u32,
    },
    /// Nothing knows the triple; the `[unknown]` table of the rules file takes it.
    Unknown {
        /// The rules file.
        file: String,
        /// The line that names the suspense account.
        line: u32,
    },
}

impl fmt::Display for RuleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalogue { entry } => write!(f, "catalogue: {entry}"),
            Self::Rule { file, number, line } => write!(f, "rule {number} of {file}, line {line}"),
            Self::Unknown { file, line } => write!(f, "[unknown] of {file}, line {line}"),
        }
    }
}
