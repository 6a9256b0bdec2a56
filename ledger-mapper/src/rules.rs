//! The user's mapping rules: which account each role has, and what differs from the catalogue.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use settlement_model::Triple;

use crate::catalogue::lookup;
use crate::file_error::RulesError;
use crate::pattern::{Pattern, normalise};
use crate::role::Role;

mod parse;

/// A general-ledger account, in the user's own notation ("4000-00-00").
///
/// Any text that is not blank; whether the ledger has the account is for the ledger to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(String);

impl Account {
    /// The account as the user wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A parsed rules file.
///
/// ```
/// use ledger_mapper::{Role, Rules};
///
/// let rules = Rules::sample();
/// let sales = Role::named("product_sales").expect("a role of the catalogue");
/// let account = rules.account_for(&sales).expect("the sample has an account for every role");
/// assert_eq!(account.as_str(), "4000");
/// assert_eq!(rules.account_name(account), Some("Product sales"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    name: String,
    version: String,
    file: String,
    chart: BTreeMap<Account, String>,
    accounts: BTreeMap<Role, Account>,
    /// The most specific first.
    overrides: Vec<Override>,
    fallback: Option<Fallback>,
}

/// A `[[rule]]` of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Override {
    number: u32,
    line: u32,
    condition: Condition,
    role: Option<Role>,
    account: Option<Account>,
}

/// The `[unknown]` table of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fallback {
    line: u32,
    suspense: Account,
}

/// What a row must be for a rule to apply; a field that is not named may be anything.
///
/// The fields stand in the order in which they break a tie between rules that name equally many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Condition {
    amount_description: Option<Pattern>,
    amount_type: Option<Pattern>,
    transaction_type: Option<Pattern>,
    marketplace: Option<Pattern>,
}

impl Condition {
    fn fields(&self) -> [Option<&Pattern>; 4] {
        [
            self.amount_description.as_ref(),
            self.amount_type.as_ref(),
            self.transaction_type.as_ref(),
            self.marketplace.as_ref(),
        ]
    }

    /// More named fields win; among equally many, the field order above decides, an exact text
    /// before a prefix. Two conditions that are equally specific and match one row are equal.
    fn specificity(&self) -> (usize, [(u8, usize); 4]) {
        let ranks = self.fields().map(|field| field.map_or((0, 0), Pattern::specificity));
        (self.fields().into_iter().flatten().count(), ranks)
    }

    /// `row`: the row's texts, normalised, in the order of the fields. A rule that names a
    /// marketplace does not apply to rows without one.
    fn fits(&self, row: &[Option<String>; 4]) -> bool {
        self.fields().into_iter().zip(row).all(|(field, text)| match (field, text) {
            (None, _) => true,
            (Some(pattern), Some(text)) => pattern.matches(text),
            (Some(_), None) => false,
        })
    }
}

/// How a row is to be posted, and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Classified {
    pub(crate) role: Role,
    /// `None`: the rules have no account for the role.
    pub(crate) account: Option<Account>,
    pub(crate) rule: RuleRef,
}

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

impl Rules {
    /// Reads a rules file; `file` is its name, for messages and [`RuleRef`].
    ///
    /// # Errors
    /// If the text is not TOML, has unknown keys, names a role that does not exist or an account
    /// that is blank, or two rules say the same condition.
    pub fn parse(text: &str, file: &str) -> Result<Self, RulesError> {
        parse::parse(text, file)
    }

    /// The sample chart of accounts that ships with the crate. Unknown amounts hold.
    ///
    /// # Panics
    /// Never: the tests parse the sample.
    #[must_use]
    pub fn sample() -> Self {
        Self::parse(Self::sample_text(), "sample-chart.toml").expect("the crate's own sample")
    }

    /// The text of the sample rules file, to copy and change.
    #[must_use]
    pub fn sample_text() -> &'static str {
        include_str!("../data/sample-chart.toml")
    }

    /// The name the file gives itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `1-` (the file's format) and the first 8 hex digits of the SHA-256 of its text, so that a
    /// journal tells which rules made it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The account's name in the `[chart]` table.
    #[must_use]
    pub fn account_name(&self, account: &Account) -> Option<&str> {
        self.chart.get(account).map(String::as_str)
    }

    /// The account of a role; `None` holds every settlement that has the role.
    #[must_use]
    pub fn account_for(&self, role: &Role) -> Option<&Account> {
        self.accounts.get(role)
    }

    /// What a row with this triple is. `None`: nobody knows.
    ///
    /// A rule of the user wins over the catalogue; one that names only an account leaves the role
    /// to the catalogue, and so does not make an unknown triple known.
    pub(crate) fn classify(
        &self,
        triple: &Triple,
        marketplace: Option<&str>,
    ) -> Option<Classified> {
        let row = [
            Some(normalise(&triple.amount_description)),
            Some(normalise(&triple.amount_type)),
            Some(normalise(&triple.transaction_type)),
            marketplace.map(normalise),
        ];
        let entry = lookup(triple);
        let rule = self.overrides.iter().find(|rule| rule.condition.fits(&row));
        let by_rule = rule.and_then(|rule| {
            let role = rule.role.or(entry.map(|entry| entry.role))?;
            let account = rule.account.as_ref().or_else(|| self.account_for(&role));
            Some(Classified {
                role,
                account: account.cloned(),
                rule: RuleRef::Rule {
                    file: self.file.clone(),
                    number: rule.number,
                    line: rule.line,
                },
            })
        });
        let by_catalogue = || {
            entry.map(|entry| Classified {
                role: entry.role,
                account: self.account_for(&entry.role).cloned(),
                rule: RuleRef::Catalogue { entry: entry.triple.to_string() },
            })
        };
        let by_fallback = || {
            self.fallback.as_ref().map(|fallback| Classified {
                role: Role::SUSPENSE,
                account: Some(fallback.suspense.clone()),
                rule: RuleRef::Unknown { file: self.file.clone(), line: fallback.line },
            })
        };
        by_rule.or_else(by_catalogue).or_else(by_fallback)
    }
}

#[cfg(test)]
mod tests;
