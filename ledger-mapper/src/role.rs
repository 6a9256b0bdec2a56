//! Accounting roles: what an amount is, before it has an account.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an amount is to an accountant, for example `referral_fees`.
///
/// The set is closed: it ships in `data/roles.toml`, and a settlement's triples map to it.
/// Roles compare in the order of that file.
///
/// ```
/// use ledger_mapper::Role;
///
/// let role = Role::named("referral_fees").expect("a role of the catalogue");
/// assert_eq!(role.info().title, "Referral fees");
/// assert!(Role::AMAZON_CLEARING < role);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role(usize);

impl Role {
    /// The deposit in transit. Only the planner makes lines of this role.
    pub const AMAZON_CLEARING: Self = Self(0);
    /// The balance carried over a period end. Only the planner makes lines of this role.
    pub const CARRIED_OVER: Self = Self(1);
    /// Amounts that nobody has classified, where the rules file names an account for them.
    pub const SUSPENSE: Self = Self(2);
    /// What settlements have taken for fees that are booked as a supplier invoice. No row has it.
    pub const FEES_PAYABLE: Self = Self(3);
    /// Money accrued at a month end that no settlement has paid out. No row has it.
    pub const DEFERRED_BALANCE: Self = Self(4);

    /// Whether the crate makes its lines itself, so that no row and no rule can have it.
    pub(crate) fn is_computed(self) -> bool {
        let suspense = self == Self::SUSPENSE;
        self <= Self::DEFERRED_BALANCE && !suspense
    }

    /// The role of this name, in `snake_case`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        roles().iter().find(|info| info.name == name).map(|info| info.role)
    }

    /// The role's name in `snake_case`, as rules files and JSON have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        &self.info().name
    }

    /// What is known about the role.
    #[must_use]
    pub fn info(self) -> &'static RoleInfo {
        // A Role is only ever made from its position in this table.
        &roles()[self.0]
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Role({self})")
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name)
            .ok_or_else(|| serde::de::Error::custom(format!("there is no role `{name}`")))
    }
}

/// One role and its explanation, from `data/roles.toml`.
#[derive(Debug)]
#[non_exhaustive]
pub struct RoleInfo {
    /// The role.
    pub role: Role,
    name: String,
    /// Its name for people: "Referral fees".
    pub title: String,
    /// Where its amounts usually land. A description; nothing is decided by it.
    pub side: Side,
    /// The statement its account belongs to.
    pub statement: Statement,
    /// One or two sentences for an accountant.
    pub explanation: String,
}

/// The side of a journal on which an amount usually lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Usually a debit.
    Debit,
    /// Usually a credit.
    Credit,
    /// Either, by its sign.
    Either,
}

/// The financial statement an account belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Income and expense.
    ProfitAndLoss,
    /// Assets and liabilities.
    BalanceSheet,
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ProfitAndLoss => "profit and loss",
            Self::BalanceSheet => "the balance sheet",
        })
    }
}

/// Every role, in the order of `data/roles.toml`.
#[must_use]
pub fn roles() -> &'static [RoleInfo] {
    static ROLES: LazyLock<Vec<RoleInfo>> = LazyLock::new(read);
    &ROLES
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    role: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    title: String,
    side: Side,
    statement: Statement,
    explanation: String,
}

fn read() -> Vec<RoleInfo> {
    let table: Table =
        toml::from_str(include_str!("../data/roles.toml")).expect("the crate's own role table");
    let infos = table.role.into_iter().enumerate().map(|(position, entry)| RoleInfo {
        role: Role(position),
        name: entry.name,
        title: entry.title,
        side: entry.side,
        statement: entry.statement,
        explanation: entry.explanation,
    });
    infos.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_roles_with_a_constant_are_where_the_constant_says() {
        assert_eq!(Role::AMAZON_CLEARING.as_str(), "amazon_clearing");
        assert_eq!(Role::CARRIED_OVER.as_str(), "carried_over");
        assert_eq!(Role::SUSPENSE.as_str(), "suspense");
        assert_eq!(Role::FEES_PAYABLE.as_str(), "fees_payable");
        assert_eq!(Role::DEFERRED_BALANCE.as_str(), "deferred_balance");
    }

    #[test]
    fn names_are_unique_snake_case_and_every_role_is_explained() {
        let names: BTreeSet<&str> = roles().iter().map(|info| info.role.as_str()).collect();
        assert_eq!(names.len(), 54);
        assert_eq!(roles().len(), 54);
        for info in roles() {
            let snake = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(info.role.as_str().chars().all(snake), "{}", info.role);
            assert!(!info.title.is_empty());
            assert!(info.explanation.ends_with('.'), "{}", info.role);
        }
    }
}
