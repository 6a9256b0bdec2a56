//! The life of a settlement, as one table.
//!
//! ```text
//! discovered ▶ retrieved ▶ read ▶ mapped ▶ ready ▶ approved ▶ posting ▶ posted ▶ matched, or reversed
//!                  └─────────┴──────┴────────┴────────┴───────────┴────────┴─▶ held
//! ```
//!
//! What a clerk entered into the books by hand, before the connector took over, goes to `by_hand` from
//! any state before `posting`, and from `reversed`.
//!
//! A *report* (one downloaded document) lives through the first three states; each settlement
//! found in it starts at `read`. [`decide`] is pure: it looks at the state, what happened, and the
//! user's policy, and answers with the next state, what to do, and what to write into the audit
//! log. A pair that makes no sense is an error, never a silent no-op.

use std::fmt;

use rust_decimal::Decimal;

/// Where a settlement (or the report it came in) stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Amazon lists the report; its bytes are not here yet.
    Discovered,
    /// The exact bytes are stored.
    Retrieved,
    /// Every row is accounted for.
    Read,
    /// Every row has a role and an account; the journals balance.
    Mapped,
    /// Epicor knows the accounts and the periods are open.
    Ready,
    /// A person, or the policy a person set, said yes.
    Approved,
    /// Documents are on their way into Epicor: its journals and invoices, their reversals, or an
    /// adjustment; see [`super::posting`].
    Posting,
    /// Every document was read back from Epicor, equal to the cent.
    Posted,
    /// Nothing of it is left on the clearing account: the deposit was seen at the bank, or a later
    /// settlement took it over.
    Matched,
    /// Every document and its reversal were read back from Epicor: the two add up to nothing.
    Reversed,
    /// It is in the books already: a person entered it by hand. Nothing of it is posted.
    ByHand,
    /// Stopped for a reason that a person can read; nothing is posted while held.
    Held,
}

impl State {
    /// Every state, in the order of the life.
    pub const ALL: [Self; 12] = [
        Self::Discovered,
        Self::Retrieved,
        Self::Read,
        Self::Mapped,
        Self::Ready,
        Self::Approved,
        Self::Posting,
        Self::Posted,
        Self::Matched,
        Self::Reversed,
        Self::ByHand,
        Self::Held,
    ];

    /// The word kept in the store and shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discovered => "discovered",
            Self::Retrieved => "retrieved",
            Self::Read => "read",
            Self::Mapped => "mapped",
            Self::Ready => "ready",
            Self::Approved => "approved",
            Self::Posting => "posting",
            Self::Posted => "posted",
            Self::Matched => "matched",
            Self::Reversed => "reversed",
            Self::ByHand => "by_hand",
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

/// Something that happened to a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The document was downloaded and stored.
    Retrieved,
    /// The document was read and its settlements recorded.
    Read,
    /// The document is not a settlement report, or a row of it cannot be read.
    Unreadable,
    /// Another document came under the same settlement id, with other content.
    Reissued,
    /// A person takes the other content; nothing of the known one stands in Epicor.
    ReissueApproved,
    /// A person has the difference between the two contents posted.
    AdjustmentApproved {
        /// How many journals the difference makes: none when no account changes.
        journals: usize,
    },
    /// A person leaves the books as they are.
    ReissueDeclined,
    /// Every row found its account; `journals` is zero for a settlement without money.
    Mapped {
        /// How many journals the settlement makes.
        journals: usize,
    },
    /// The settlement does not tie, or a row found no account.
    Unmapped,
    /// Accounts and periods were found open in Epicor.
    Checked {
        /// The deposit's size, for the approval limit (in the settlement's currency).
        deposit: Decimal,
    },
    /// Epicor lacks an account, a period is closed, or another connection has the settlement.
    CheckFailed,
    /// A person, or the policy, approved.
    Approved,
    /// The intents are in the store.
    IntentsRecorded,
    /// Every document of the settlement is confirmed.
    Confirmed,
    /// Reconciliation found nothing of it on the clearing account.
    Matched,
    /// Reconciliation finds something of it on the clearing account again.
    Unmatched,
    /// A person asks to take back what is posted.
    Reverse,
    /// Every document and its reversal are confirmed.
    ReversalConfirmed,
    /// A journal could not be posted and needs a person.
    PostingHeld,
    /// A person stopped it.
    Hold,
    /// It ended before the connection went live, or a person says that it was entered by hand.
    EnteredByHand,
    /// A person, or a changed rules file, asks to look at a held settlement again; or a person, to
    /// post a reversed one anew, or one that was not entered by hand after all.
    Reconsider,
    /// A person asks to go on with a held posting.
    Resume,
}

impl Event {
    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Retrieved => "retrieved",
            Self::Read => "read",
            Self::Unreadable => "unreadable",
            Self::Reissued => "reissued",
            Self::ReissueApproved => "reissue approved",
            Self::AdjustmentApproved { journals: 0 } => "nothing to adjust",
            Self::AdjustmentApproved { .. } => "adjustment approved",
            Self::ReissueDeclined => "reissue declined",
            Self::Mapped { journals: 0 } => "nothing to post",
            Self::Mapped { .. } => "mapped",
            Self::Unmapped => "unmapped",
            Self::Checked { .. } => "checked",
            Self::CheckFailed => "check failed",
            Self::Approved => "approved",
            Self::IntentsRecorded => "intents recorded",
            Self::Confirmed => "confirmed",
            Self::Matched => "matched",
            Self::Unmatched => "unmatched",
            Self::Reverse => "reverse",
            Self::ReversalConfirmed => "reversal confirmed",
            Self::PostingHeld => "posting held",
            Self::Hold => "hold",
            Self::EnteredByHand => "entered by hand",
            Self::Reconsider => "reconsider",
            Self::Resume => "resume",
        }
    }
}

/// What the shell does next, one at a time, feeding the result back as an [`Event`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Download the document (`getReportDocument`, then the presigned address).
    Retrieve,
    /// Read the stored bytes and record the settlements in them.
    Read,
    /// Map the rows to accounts and build the journals.
    Map,
    /// Ask Epicor whether the accounts and periods are there and open.
    Check,
    /// Compare another content that came with the known one, and hold for a person.
    CompareReissue,
    /// Approve in the policy's name.
    ApproveByPolicy,
    /// Record one posting intent per journal.
    RecordIntents,
    /// Run the postings, see [`super::posting`].
    RunPostings,
}

/// What the user decided beforehand about approvals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Approve without asking a person.
    pub automatic: bool,
    /// Deposits larger than this (in absolute value) always wait for a person.
    pub limit: Option<Decimal>,
}

impl Policy {
    /// Whether a deposit of this size is approved without a person.
    #[must_use]
    pub fn approves(&self, deposit: Decimal) -> bool {
        self.automatic && self.limit.is_none_or(|limit| deposit.abs() <= limit)
    }
}

/// The answer of [`decide`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state to write.
    pub next: State,
    /// What to do once it is written.
    pub effect: Option<Effect>,
}

/// The event makes no sense in this state: a bug, or two processes at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a settlement that is {state} cannot take the event \"{event}\"")]
pub struct Illegal {
    /// Where it stands.
    pub state: State,
    /// What was said to have happened.
    pub event: &'static str,
}

/// Decides what follows from `event` in `state`.
///
/// # Errors
/// [`Illegal`] for every pair that is not in the table.
pub fn decide(state: State, event: &Event, policy: &Policy) -> Result<Step, Illegal> {
    use Effect as Do;
    use State as S;

    let step = |next, effect| Ok(Step { next, effect });
    match (state, event) {
        (S::Discovered, Event::Retrieved) => step(S::Retrieved, Some(Do::Read)),
        (S::Retrieved, Event::Read) => step(S::Read, Some(Do::Map)),
        (S::Retrieved, Event::Unreadable) => step(S::Held, None),

        (S::Read, Event::Mapped { journals: 0 }) => step(S::Posted, None),
        (S::Read, Event::Mapped { .. }) => step(S::Mapped, Some(Do::Check)),
        (S::Read, Event::Unmapped) => step(S::Held, None),

        (S::Mapped, Event::Checked { deposit }) => {
            step(S::Ready, policy.approves(*deposit).then_some(Do::ApproveByPolicy))
        }
        (S::Mapped | S::Approved, Event::CheckFailed) => step(S::Held, None),

        (S::Ready, Event::Approved) => step(S::Approved, Some(Do::RecordIntents)),
        (S::Approved, Event::IntentsRecorded) => step(S::Posting, Some(Do::RunPostings)),
        (S::Posting, Event::Confirmed) => step(S::Posted, None),
        (S::Posting, Event::ReversalConfirmed) => step(S::Reversed, None),
        (S::Posted, Event::Matched) => step(S::Matched, None),
        (S::Matched, Event::Unmatched) => step(S::Posted, None),
        (S::Posted | S::Matched, Event::Reverse) => step(S::Posting, Some(Do::RunPostings)),
        (S::Posting, Event::PostingHeld) => step(S::Held, None),

        // A person may stop anything that is not on its way; what was sent must be finished first.
        (S::Read | S::Mapped | S::Ready | S::Approved, Event::Hold) => step(S::Held, None),
        (
            S::Read | S::Mapped | S::Ready | S::Approved | S::Posted | S::Matched | S::Held,
            Event::Reissued,
        ) => step(S::Held, None),
        (S::Held, Event::ReissueApproved) => step(S::Read, Some(Do::Map)),
        (S::Held, Event::AdjustmentApproved { journals: 0 } | Event::ReissueDeclined) => {
            step(S::Posted, None)
        }
        (S::Held, Event::AdjustmentApproved { .. }) => step(S::Posting, Some(Do::RunPostings)),

        (
            S::Read | S::Mapped | S::Ready | S::Approved | S::Reversed | S::Held,
            Event::EnteredByHand,
        ) => step(S::ByHand, None),

        (S::Held | S::Reversed | S::ByHand, Event::Reconsider) => step(S::Read, Some(Do::Map)),
        (S::Held, Event::Resume) => step(S::Posting, Some(Do::RunPostings)),

        _ => Err(Illegal { state, event: event.name() }),
    }
}

/// What a process does first with a settlement it finds in `state`: the life goes on from the
/// store alone, whatever the last process was doing when it ended.
#[must_use]
pub fn resume(state: State) -> Option<Effect> {
    match state {
        State::Discovered => Some(Effect::Retrieve),
        State::Retrieved => Some(Effect::Read),
        State::Read => Some(Effect::Map),
        State::Mapped => Some(Effect::Check),
        State::Approved => Some(Effect::RecordIntents),
        State::Posting => Some(Effect::RunPostings),
        State::Ready
        | State::Posted
        | State::Matched
        | State::Reversed
        | State::ByHand
        | State::Held => None,
    }
}
