//! What surrounds every page: the navigation, who is signed in, what the page before had to say.

use std::sync::LazyLock;

use super::assets;
use super::role::{Act, Roles};
use super::seat::Seat;

/// An entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// How it goes, and what waits.
    Home,
    /// All settlements.
    Settlements,
    /// What waits for a decision.
    Held,
    /// All orders.
    Orders,
    /// Which amount goes to which account.
    Mapping,
    /// What must agree at a period's end.
    Reconciliation,
    /// The series of settlements.
    Chain,
    /// The audit log.
    Audit,
    /// Who may use the console.
    Users,
}

impl Entry {
    const ALL: [Self; 9] = [
        Self::Home,
        Self::Settlements,
        Self::Held,
        Self::Orders,
        Self::Mapping,
        Self::Reconciliation,
        Self::Chain,
        Self::Audit,
        Self::Users,
    ];

    /// Where it leads.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Settlements => "/settlements",
            Self::Held => "/held",
            Self::Orders => "/orders",
            Self::Mapping => "/mapping",
            Self::Reconciliation => "/reconciliation",
            Self::Chain => "/chain",
            Self::Audit => "/audit",
            Self::Users => "/users",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::Settlements => "Settlements",
            Self::Held => "Held",
            Self::Orders => "Orders",
            Self::Mapping => "Mapping",
            Self::Reconciliation => "Reconciliation",
            Self::Chain => "Chain",
            Self::Audit => "Audit",
            Self::Users => "Users",
        }
    }
}

/// What `layout.html` shows around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    seat: Option<Seat>,
    active: Option<Entry>,
}

impl Frame {
    /// For somebody who is not signed in, or a page that could not be shown.
    #[must_use]
    pub const fn bare() -> Self {
        Self { seat: None, active: None }
    }

    pub(super) fn of(seat: &Seat, active: Entry) -> Self {
        Self { seat: Some(seat.clone()), active: Some(active) }
    }

    /// The user's name; nobody's on a bare frame.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.seat.as_ref().map(|seat| seat.user.as_str())
    }

    /// Their roles.
    #[must_use]
    pub fn roles(&self) -> Option<&Roles> {
        self.seat.as_ref().map(|seat| &seat.roles)
    }

    /// Whether they may do this: what they may not is not offered.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.roles().is_some_and(|roles| roles.may(act))
    }

    /// Whether they prepare: see [`Act::Prepare`].
    #[must_use]
    pub fn may_prepare(&self) -> bool {
        self.may(Act::Prepare)
    }

    /// Whether they approve: see [`Act::Approve`].
    #[must_use]
    pub fn may_approve(&self) -> bool {
        self.may(Act::Approve)
    }

    /// Whether they audit: see [`Act::Audit`].
    #[must_use]
    pub fn may_audit(&self) -> bool {
        self.may(Act::Audit)
    }

    /// What their forms carry.
    #[must_use]
    pub fn csrf(&self) -> &str {
        self.seat.as_ref().map_or("", |seat| seat.csrf.as_str())
    }

    /// What the page before had to say.
    #[must_use]
    pub fn notice(&self) -> Option<&str> {
        self.seat.as_ref().and_then(|seat| seat.notice.as_deref())
    }

    /// The navigation for this user.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let (shown, keeps_users) = (self.seat.is_some(), self.may(Act::Administer));
        let entries = Entry::ALL.into_iter().filter(move |_| shown);
        entries.filter(move |entry| keeps_users || *entry != Entry::Users)
    }

    /// Whether this page belongs to it.
    #[must_use]
    pub fn is_active(&self, entry: &Entry) -> bool {
        self.active == Some(*entry)
    }

    /// Where the style sheet is; another one is found under another address.
    #[must_use]
    pub fn style_sheet(&self) -> &'static str {
        static ADDRESS: LazyLock<String> = LazyLock::new(assets::style_sheet);
        &ADDRESS
    }
}
