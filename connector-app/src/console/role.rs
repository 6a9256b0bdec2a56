//! What a user may do.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;

/// What somebody is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Role {
    /// Sees everything that concerns settlements and orders.
    Viewer,
    /// Prepares: takes files in, holds, maps, assigns bank lines.
    Preparer,
    /// Decides: approves, posts, releases, reverses, signs a period.
    Approver,
    /// Keeps users and settings.
    Admin,
    /// Verifies and exports the audit log.
    Auditor,
}

/// What is done on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Look.
    Read,
    /// Take in, hold, map, assign bank lines, propose.
    Prepare,
    /// Approve, post, release, reverse, sign a period.
    Approve,
    /// Keep users and settings.
    Administer,
    /// Verify and export the audit log.
    Audit,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Viewer, Self::Preparer, Self::Approver, Self::Admin, Self::Auditor];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Preparer => "preparer",
            Self::Approver => "approver",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    /// What it may do beside looking.
    const fn act(self) -> Act {
        match self {
            Self::Viewer => Act::Read,
            Self::Preparer => Act::Prepare,
            Self::Approver => Act::Approve,
            Self::Admin => Act::Administer,
            Self::Auditor => Act::Audit,
        }
    }
}

impl Act {
    /// The role that it takes, and what that role does, for the sentence that refuses it.
    pub(super) const fn needs(self) -> (Role, &'static str) {
        match self {
            Self::Read => (Role::Viewer, "looks"),
            Self::Prepare => (Role::Preparer, "takes in, holds and maps"),
            Self::Approve => (Role::Approver, "approves, posts, releases, reverses and signs"),
            Self::Administer => (Role::Admin, "keeps users and settings"),
            Self::Audit => (Role::Auditor, "verifies and exports the audit log"),
        }
    }
}

/// The roles of one user; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(BTreeSet<Role>);

/// A text that is no list of roles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no list of roles; write some of viewer, preparer, approver, admin, auditor, \
     separated by commas"
)]
pub struct NotRoles(String);

impl Roles {
    /// Whether one of them may do this.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        act == Act::Read || self.0.iter().any(|role| role.act() == act)
    }

    /// Their words, for people.
    #[must_use]
    pub fn words(&self) -> String {
        self.to_string().replace(',', ", ")
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<T: IntoIterator<Item = Role>>(roles: T) -> Self {
        Self(roles.into_iter().collect())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|role| role.as_str()).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Roles {
    type Err = NotRoles;

    fn from_str(text: &str) -> Result<Self, NotRoles> {
        let refused = || NotRoles(text.to_owned());
        let role = |word: &str| Role::from_str(word.trim(), false).map_err(|_| refused());
        text.split(',').map(role).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_look_and_do_its_own() {
        let all = [Act::Prepare, Act::Approve, Act::Administer, Act::Audit];
        for (text, own) in [
            ("viewer", vec![]),
            ("preparer", vec![Act::Prepare]),
            ("approver", vec![Act::Approve]),
            ("admin", vec![Act::Administer]),
            ("auditor", vec![Act::Audit]),
            ("auditor, preparer", vec![Act::Prepare, Act::Audit]),
        ] {
            let roles: Roles = text.parse().expect("roles");
            assert!(roles.may(Act::Read), "{text}");
            let may: Vec<_> = all.into_iter().filter(|act| roles.may(*act)).collect();
            assert_eq!(may, own, "{text}");
        }
    }

    #[test]
    fn roles_are_written_as_they_are_read() {
        let roles: Roles = "approver,viewer".parse().expect("roles");
        assert_eq!(roles.to_string(), "viewer,approver");
        assert_eq!(roles.to_string().parse(), Ok(roles));
        for wrong in ["", "viewer,", "root", "viewer preparer"] {
            assert!(wrong.parse::<Roles>().is_err(), "{wrong}");
        }
    }
}
