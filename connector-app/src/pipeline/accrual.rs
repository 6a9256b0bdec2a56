//! The life of a month-end accrual, as one table.
//!
//! ```text
//! prepared ▶ ready ▶ approved ▶ posting ▶ posted
//!     └────────┴─────────┴─────────┴─▶ held
//! ```
//!
//! An accrual is two journals: the accrual on the period's last day, and the reversal that takes it back
//! on the next period's first. A plan that changes after that is told, and posts nothing by itself.

use std::fmt;

/// Where an accrual stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// What is open at the period's end was planned as journals.
    Prepared,
    /// Epicor knows the accounts, and both periods are open.
    Ready,
    /// A person, or the policy a person set, said yes.
    Approved,
    /// Journal and reversal are on their way into Epicor; see [`super::posting`].
    Posting,
    /// Both were read back from Epicor, equal to the cent.
    Posted,
    /// Stopped for a reason that a person can read; nothing is posted while held.
    Held,
}

impl State {
    /// Every state, in the order of the life.
    pub const ALL: [Self; 6] =
        [Self::Prepared, Self::Ready, Self::Approved, Self::Posting, Self::Posted, Self::Held];

    /// The word kept in the store and shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::Ready => "ready",
            Self::Approved => "approved",
            Self::Posting => "posting",
            Self::Posted => "posted",
            Self::Held => "held",
        }
    }

    /// The state of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something that happened to an accrual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It was planned anew, from what Amazon tells now. Nothing was written for the plan before.
    Prepared,
    /// Nothing is open any more.
    NothingOpen,
    /// Accounts and periods were found open in Epicor.
    Checked,
    /// Epicor lacks an account, a period is closed or signed, or settlements came since it was planned.
    CheckFailed,
    /// A person, or the policy, approved.
    Approved,
    /// The intents are in the store.
    IntentsRecorded,
    /// Journal and reversal are confirmed.
    Confirmed,
    /// One of them could not be posted and needs a person.
    PostingHeld,
    /// A person, or an opened period, asks to look at a held one again.
    Reconsider,
    /// A person asks to go on with a held posting.
    Resume,
    /// What is open at the period's end was compared with what is posted.
    Compared,
}

impl Event {
    /// Every event, for the printed table.
    pub const ALL: [Self; 11] = [
        Self::Prepared,
        Self::NothingOpen,
        Self::Checked,
        Self::CheckFailed,
        Self::Approved,
        Self::IntentsRecorded,
        Self::Confirmed,
        Self::PostingHeld,
        Self::Reconsider,
        Self::Resume,
        Self::Compared,
    ];

    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prepared => "prepared",
            Self::NothingOpen => "nothing open",
            Self::Checked => "checked",
            Self::CheckFailed => "check failed",
            Self::Approved => "approved",
            Self::IntentsRecorded => "intents recorded",
            Self::Confirmed => "confirmed",
            Self::PostingHeld => "posting held",
            Self::Reconsider => "reconsider",
            Self::Resume => "resume",
            Self::Compared => "compared",
        }
    }
}

/// What the shell does next, feeding the result back as an [`Event`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Ask Epicor whether the accounts and periods are there and open.
    Check,
    /// Approve in the policy's name.
    ApproveByPolicy,
    /// Record the intents of both journals.
    RecordIntents,
    /// Run the postings, see [`super::posting`].
    RunPostings,
}

/// The answer of [`decide`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The state to write.
    pub next: State,
    /// What to do once it is written.
    pub effect: Option<Effect>,
}

/// The event makes no sense in this state: a bug, or two processes at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an accrual that is {state} cannot take the event \"{event}\"")]
pub struct Illegal {
    /// Where it stands.
    pub state: State,
    /// What was said to have happened.
    pub event: &'static str,
}

/// Decides what follows from `event` in `state`; `automatic` says whether the policy approves without a
/// person.
///
/// # Errors
/// [`Illegal`] for every pair that is not in the table.
pub fn decide(state: State, event: Event, automatic: bool) -> Result<Step, Illegal> {
    use Effect as Do;
    use State as S;

    let step = |next, effect| Ok(Step { next, effect });
    match (state, event) {
        (S::Prepared | S::Ready | S::Held, Event::Prepared) => step(S::Prepared, Some(Do::Check)),
        (S::Prepared | S::Ready | S::Held, Event::NothingOpen) => step(S::Held, None),
        (S::Prepared, Event::Checked) => step(S::Ready, automatic.then_some(Do::ApproveByPolicy)),
        (S::Prepared | S::Ready | S::Approved, Event::CheckFailed) => step(S::Held, None),
        (S::Ready, Event::Approved) => step(S::Approved, Some(Do::RecordIntents)),
        (S::Approved, Event::IntentsRecorded) => step(S::Posting, Some(Do::RunPostings)),
        (S::Posting, Event::Confirmed) => step(S::Posted, None),
        (S::Posting, Event::PostingHeld) => step(S::Held, None),
        (S::Held, Event::Reconsider) => step(S::Prepared, Some(Do::Check)),
        (S::Held, Event::Resume) => step(S::Posting, Some(Do::RunPostings)),
        (S::Posted, Event::Compared) => step(S::Posted, None),
        _ => Err(Illegal { state, event: event.name() }),
    }
}

/// What a process does first with an accrual it finds in `state`.
#[must_use]
pub const fn resume(state: State, automatic: bool) -> Option<Effect> {
    match state {
        State::Prepared => Some(Effect::Check),
        State::Ready if automatic => Some(Effect::ApproveByPolicy),
        State::Approved => Some(Effect::RecordIntents),
        State::Posting => Some(Effect::RunPostings),
        State::Ready | State::Posted | State::Held => None,
    }
}
