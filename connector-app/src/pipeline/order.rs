//! The life of an Amazon order, as one table.
//!
//! ```text
//! pending ▶ entering ▶ entered ▶ retold ▶ changing ▶ entered | closed
//!    │ └▶ waiting ─┘
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
    /// It was cancelled, and so was its sales order.
    Closed,
    /// Epicor did not take it, or a person stopped it.
    Held,
}

impl State {
    /// Every state, in the order of the life.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Waiting,
        Self::Excluded,
        Self::Entering,
        Self::Entered,
        Self::Retold,
        Self::Changing,
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
        matches!(self, Self::Entering | Self::Changing)
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
    /// Its sales order, cancelled.
    Cancelled,
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
    /// Judged: something is missing.
    Missing,
    /// Its document was read back from Epicor.
    Confirmed {
        /// Whether Amazon's order is another by now than the document says.
        retold: bool,
        /// Whether nothing of the order is left.
        cancelled: bool,
    },
    /// Its document could not be written and needs a person.
    PostingHeld,
    /// A person stopped it.
    Hold,
    /// A person lets it go on: a document that was recorded is tried again, and an order without one
    /// is judged again.
    Release {
        /// The document that is not confirmed yet: the order itself, or a change of it.
        document: Option<InEpicor>,
    },
}

impl Event {
    /// Every event, for the printed table.
    pub const ALL: [Self; 16] = [
        Self::Told,
        Self::NotPaid,
        Self::NothingToDo(InEpicor::Nothing),
        Self::NothingToDo(InEpicor::Order),
        Self::NothingToDo(InEpicor::Cancelled),
        Self::ToEnter,
        Self::ToChange,
        Self::Missing,
        Self::Confirmed { retold: false, cancelled: false },
        Self::Confirmed { retold: true, cancelled: false },
        Self::Confirmed { retold: false, cancelled: true },
        Self::PostingHeld,
        Self::Hold,
        Self::Release { document: None },
        Self::Release { document: Some(InEpicor::Nothing) },
        Self::Release { document: Some(InEpicor::Order) },
    ];

    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::NotPaid => "not paid",
            Self::NothingToDo(InEpicor::Nothing) => "not wanted",
            Self::NothingToDo(InEpicor::Order) => "as entered",
            Self::NothingToDo(InEpicor::Cancelled) => "as cancelled",
            Self::ToEnter => "to enter",
            Self::ToChange => "to change",
            Self::Missing => "missing",
            Self::Confirmed { retold: true, .. } => "confirmed, retold",
            Self::Confirmed { cancelled: true, .. } => "confirmed, cancelled",
            Self::Confirmed { .. } => "confirmed",
            Self::PostingHeld => "posting held",
            Self::Hold => "hold",
            Self::Release { document: None } => "release",
            Self::Release { document: Some(InEpicor::Nothing) } => "release entry",
            Self::Release { document: Some(_) } => "release change",
        }
    }

    /// What a judgement says of an order of which Epicor has something, or nothing.
    #[must_use]
    pub const fn of(step: &OrderStep, has: InEpicor) -> Self {
        match step {
            OrderStep::Wait => Self::NotPaid,
            OrderStep::Nothing => Self::NothingToDo(has),
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
        (S::Entered | S::Retold | S::Closed, Event::Told) => S::Retold,
        // Judged when it has arrived, or when a person has released it.
        (S::Entering | S::Changing | S::Held, Event::Told) => state,

        (S::Pending | S::Waiting | S::Excluded, Event::NotPaid) => S::Pending,
        // Amazon never un-pays an order; one that says so changes nothing in Epicor.
        (S::Retold, Event::NotPaid) => S::Entered,
        (S::Pending | S::Waiting | S::Excluded, Event::NothingToDo(InEpicor::Nothing)) => {
            S::Excluded
        }
        (S::Pending | S::Waiting | S::Retold, Event::NothingToDo(InEpicor::Order)) => S::Entered,
        (S::Pending | S::Waiting | S::Retold, Event::NothingToDo(InEpicor::Cancelled)) => S::Closed,
        (S::Pending | S::Waiting | S::Excluded, Event::ToEnter) => S::Entering,
        (S::Pending | S::Waiting | S::Retold, Event::ToChange) => S::Changing,
        (S::Pending | S::Waiting | S::Excluded | S::Retold, Event::Missing) => S::Waiting,

        (S::Entering | S::Changing, Event::Confirmed { retold: true, .. }) => S::Retold,
        (S::Entering | S::Changing, Event::Confirmed { cancelled: false, .. }) => S::Entered,
        (S::Changing, Event::Confirmed { cancelled: true, .. }) => S::Closed,
        (S::Entering | S::Changing, Event::PostingHeld) => S::Held,

        // A person may stop anything that is not on its way; what was sent must be finished first.
        (S::Pending | S::Waiting | S::Excluded | S::Entered | S::Retold, Event::Hold) => S::Held,
        (S::Held, Event::Release { document: None }) => S::Pending,
        (S::Held, Event::Release { document: Some(InEpicor::Nothing) }) => S::Entering,
        (S::Held, Event::Release { document: Some(_) }) => S::Changing,

        _ => return Err(Illegal { state, event: event.name() }),
    })
}
