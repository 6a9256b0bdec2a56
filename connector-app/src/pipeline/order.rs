//! The life of an Amazon order, as one table.
//!
//! ```text
//! pending ▶ entering ▶ entered ▶ retold ▶ changing ▶ entered | closed
//!    │ └▶ waiting ─┘                └───▶ packing ▶ packed
//!    └──▶ excluded
//! ```
//!
//! An order is judged by [`ledger_mapper::order_step`] whenever Amazon tells something new of it, and
//! again in every run while it waits. *Waiting* is for what solves itself once somebody elsewhere has
//! done something (a part is made, a customer is named); *held* is for what a person must release.
//! [`decide`] is pure; a pair that makes no sense is an error.

use std::fmt;

use ledger_mapper::OrderStep;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Told by Amazon; without prices until its payment is certain.
    Pending,
    /// Something is missing before it can be entered, or changed; it goes on by itself.
    Waiting,
    /// Not wanted by the policy, or cancelled before it was entered.
    Excluded,
    /// Its sales order is on its way into Epicor, see [`super::posting`].
    Entering,
    /// Epicor has it as it is.
    Entered,
    /// Epicor has it as it was; Amazon has told something new since.
    Retold,
    /// A change of its sales order is on its way into Epicor.
    Changing,
    /// Amazon has shipped it; its pack is on its way into Epicor.
    Packing,
    /// Epicor has it as it is, and a pack of all of it.
    Packed,
    /// It was cancelled, and so was its sales order.
    Closed,
    /// Epicor did not take it, or a person stopped it.
    Held,
}

impl State {
    /// Every state, in the order of the life.
    pub const ALL: [Self; 11] = [
        Self::Pending,
        Self::Waiting,
        Self::Excluded,
        Self::Entering,
        Self::Entered,
        Self::Retold,
        Self::Changing,
        Self::Packing,
        Self::Packed,
        Self::Closed,
        Self::Held,
    ];

    /// The word kept in the store and shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Waiting => "waiting",
            Self::Excluded => "excluded",
            Self::Entering => "entering",
            Self::Entered => "entered",
            Self::Retold => "retold",
            Self::Changing => "changing",
            Self::Packing => "packing",
            Self::Packed => "packed",
            Self::Closed => "closed",
            Self::Held => "held",
        }
    }

    /// The state of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the order is to be judged by what Amazon says of it. What is excluded is judged again,
    /// too: the policy may be another now.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Pending | Self::Waiting | Self::Excluded | Self::Retold)
    }

    /// Whether a document of the order is on its way.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Entering | Self::Changing | Self::Packing)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What Epicor has of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InEpicor {
    /// Nothing.
    Nothing,
    /// Its sales order.
    Order,
    /// Its sales order, and the pack of an order that Amazon has shipped.
    Packed,
    /// Its sales order, cancelled.
    Cancelled,
}

/// A document of an order that is not confirmed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unconfirmed {
    /// The sales order itself.
    Order,
    /// A change of it.
    Change,
    /// Its pack.
    Pack,
}

/// Something that happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Amazon told something new of it.
    Told,
    /// Judged: it has no prices yet.
    NotPaid,
    /// Judged: there is nothing to do.
    NothingToDo(InEpicor),
    /// Judged: it is to be entered.
    ToEnter,
    /// Judged: what was entered is to be changed, or cancelled.
    ToChange,
    /// Judged: Amazon has shipped all of it, and Epicor is to have its pack.
    ToPack,
    /// Judged: something is missing.
    Missing,
    /// Its document was read back from Epicor.
    Confirmed {
        /// Whether Amazon's order is another by now than the document says.
        retold: bool,
        /// What Epicor has of it now.
        has: InEpicor,
    },
    /// Its document could not be written and needs a person.
    PostingHeld,
    /// A person stopped it.
    Hold,
    /// A person lets it go on: a document that was recorded is tried again, and an order without one
    /// is judged again.
    Release {
        /// The document that goes on.
        document: Option<Unconfirmed>,
    },
}

impl Event {
    /// Every event, for the printed table.
    pub const ALL: [Self; 20] = [
        Self::Told,
        Self::NotPaid,
        Self::NothingToDo(InEpicor::Nothing),
        Self::NothingToDo(InEpicor::Order),
        Self::NothingToDo(InEpicor::Packed),
        Self::NothingToDo(InEpicor::Cancelled),
        Self::ToEnter,
        Self::ToChange,
        Self::ToPack,
        Self::Missing,
        Self::Confirmed { retold: false, has: InEpicor::Order },
        Self::Confirmed { retold: true, has: InEpicor::Order },
        Self::Confirmed { retold: false, has: InEpicor::Packed },
        Self::Confirmed { retold: false, has: InEpicor::Cancelled },
        Self::PostingHeld,
        Self::Hold,
        Self::Release { document: None },
        Self::Release { document: Some(Unconfirmed::Order) },
        Self::Release { document: Some(Unconfirmed::Change) },
        Self::Release { document: Some(Unconfirmed::Pack) },
    ];

    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::NotPaid => "not paid",
            Self::NothingToDo(InEpicor::Nothing) => "not wanted",
            Self::NothingToDo(InEpicor::Order) => "as entered",
            Self::NothingToDo(InEpicor::Packed) => "as packed",
            Self::NothingToDo(InEpicor::Cancelled) => "as cancelled",
            Self::ToEnter => "to enter",
            Self::ToChange => "to change",
            Self::ToPack => "to pack",
            Self::Missing => "missing",
            Self::Confirmed { retold: true, .. } => "confirmed, retold",
            Self::Confirmed { has: InEpicor::Packed, .. } => "confirmed, packed",
            Self::Confirmed { has: InEpicor::Cancelled, .. } => "confirmed, cancelled",
            Self::Confirmed { .. } => "confirmed",
            Self::PostingHeld => "posting held",
            Self::Hold => "hold",
            Self::Release { document: None } => "release",
            Self::Release { document: Some(Unconfirmed::Order) } => "release entry",
            Self::Release { document: Some(Unconfirmed::Change) } => "release change",
            Self::Release { document: Some(Unconfirmed::Pack) } => "release pack",
        }
    }

    /// What a judgement says of an order of which Epicor has something, or nothing.
    #[must_use]
    pub const fn of(step: &OrderStep, has: InEpicor) -> Self {
        match step {
            OrderStep::Wait if !matches!(has, InEpicor::Packed) => Self::NotPaid,
            OrderStep::Wait | OrderStep::Nothing => Self::NothingToDo(has),
            OrderStep::Create(_) => Self::ToEnter,
            OrderStep::Change { .. } => Self::ToChange,
            // What a newer judge says and this table does not know is for a person.
            _ => Self::Missing,
        }
    }
}

/// The event makes no sense in this state: a bug, or two processes at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {state} cannot take the event \"{event}\"")]
pub struct Illegal {
    /// Where it stands.
    pub state: State,
    /// What was said to have happened.
    pub event: &'static str,
}

/// Decides what follows from `event` in `state`. An order that [is under way](State::is_under_way)
/// has its document run next, one that [is judged](State::is_judged) is judged; every other rests.
///
/// # Errors
/// [`Illegal`] for every pair that is not in the table.
pub fn decide(state: State, event: Event) -> Result<State, Illegal> {
    use State as S;

    Ok(match (state, event) {
        (S::Pending | S::Waiting | S::Excluded, Event::Told) => S::Pending,
        (S::Entered | S::Retold | S::Packed | S::Closed, Event::Told) => S::Retold,
        // Judged when it has arrived, or when a person has released it.
        (S::Entering | S::Changing | S::Packing | S::Held, Event::Told) => state,

        (S::Pending | S::Waiting | S::Excluded, Event::NotPaid) => S::Pending,
        // Amazon never un-pays an order; one that says so changes nothing in Epicor.
        (S::Retold, Event::NotPaid) => S::Entered,
        (S::Pending | S::Waiting | S::Excluded, Event::NothingToDo(InEpicor::Nothing)) => {
            S::Excluded
        }
        (S::Pending | S::Waiting | S::Retold, Event::NothingToDo(InEpicor::Order)) => S::Entered,
        (S::Pending | S::Waiting | S::Retold, Event::NothingToDo(InEpicor::Packed)) => S::Packed,
        (S::Pending | S::Waiting | S::Retold, Event::NothingToDo(InEpicor::Cancelled)) => S::Closed,
        (S::Pending | S::Waiting | S::Excluded, Event::ToEnter) => S::Entering,
        (S::Pending | S::Waiting | S::Retold, Event::ToChange) => S::Changing,
        (S::Pending | S::Waiting | S::Retold, Event::ToPack) => S::Packing,
        (S::Pending | S::Waiting | S::Excluded | S::Retold, Event::Missing) => S::Waiting,

        (S::Entering | S::Changing | S::Packing, Event::Confirmed { retold: true, .. }) => {
            S::Retold
        }
        (S::Entering | S::Changing, Event::Confirmed { has: InEpicor::Order, .. }) => S::Entered,
        (S::Changing | S::Packing, Event::Confirmed { has: InEpicor::Packed, .. }) => S::Packed,
        (S::Changing, Event::Confirmed { has: InEpicor::Cancelled, .. }) => S::Closed,
        (S::Entering | S::Changing | S::Packing, Event::PostingHeld) => S::Held,

        // A person may stop anything that is not on its way; what was sent must be finished first.
        (
            S::Pending | S::Waiting | S::Excluded | S::Entered | S::Retold | S::Packed,
            Event::Hold,
        ) => S::Held,
        (S::Held, Event::Release { document: None }) => S::Pending,
        (S::Held, Event::Release { document: Some(Unconfirmed::Order) }) => S::Entering,
        (S::Held, Event::Release { document: Some(Unconfirmed::Change) }) => S::Changing,
        (S::Held, Event::Release { document: Some(Unconfirmed::Pack) }) => S::Packing,

        _ => return Err(Illegal { state, event: event.name() }),
    })
}
