//! The life of one document that is written into Epicor or sent to Amazon, as one table for all
//! kinds. The words below are Epicor's; at Amazon "entered" is what the service acknowledged.
//!
//! ```text
//! intended ▶ looking ─absent─▶ writing ▶ checking ▶ posting ▶ reading_back ▶ confirmed
//!               ▲  └─entered───────────────────────────▲            │
//!               │  └─half made─▶ removing ─▶ looking                │
//!               └──settle time over── unknown ◀──── any lost answer ┘
//! ```
//!
//! The rule behind the table: *nothing is sent whose earlier outcome is unknown*. A definite no is
//! a refusal; a definite yes is an answer; everything else waits the settle time and is looked up
//! before anything is sent again. Every step but the sending ones only reads. A kind that is not
//! posted runs with a [`Policy`] that ends at "entered".

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// Where one posting stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The intent is in the store; nothing was sent.
    Intended,
    /// Asking Epicor what it has under our key.
    Looking,
    /// Group, header and lines are being sent.
    Writing,
    /// They were acknowledged; comparing what Epicor holds with the draft.
    Checking,
    /// The group is being posted: the irreversible step.
    Posting,
    /// Posting was acknowledged; reading the posted lines back.
    ReadingBack,
    /// Something was sent and the answer is lost.
    Unknown,
    /// Half-made, unposted remains of ours are being removed, to start again.
    Removing,
    /// Epicor refused; our unposted remains are being removed, to leave nothing half made.
    Withdrawing,
    /// Read back from Epicor, equal to the draft.
    Confirmed,
    /// Needs a person.
    Held,
}

impl Step {
    /// Every step, in the order of the life.
    pub const ALL: [Self; 11] = [
        Self::Intended,
        Self::Looking,
        Self::Writing,
        Self::Checking,
        Self::Posting,
        Self::ReadingBack,
        Self::Unknown,
        Self::Removing,
        Self::Withdrawing,
        Self::Confirmed,
        Self::Held,
    ];

    /// The word kept in the store and shown to people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Looking => "looking",
            Self::Writing => "writing",
            Self::Checking => "checking",
            Self::Posting => "posting",
            Self::ReadingBack => "reading_back",
            Self::Unknown => "unknown",
            Self::Removing => "removing",
            Self::Withdrawing => "withdrawing",
            Self::Confirmed => "confirmed",
            Self::Held => "held",
        }
    }

    /// The step of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }

    /// Whether a request of this step may have changed something in Epicor.
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::Writing | Self::Posting | Self::Removing | Self::Withdrawing)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a look-up found in Epicor under our key: in entry, in review, posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// Nothing anywhere.
    Absent,
    /// A group of ours without its journal, or a journal with lines missing.
    Partial,
    /// The unposted journal, equal to the draft.
    Entered,
    /// Posting stopped half way inside Epicor: neither in entry nor posted.
    InReview,
    /// The posted journal, equal to the draft.
    Posted,
    /// Something under our key that is not what we wrote.
    Different,
}

impl Found {
    /// Every result of a look-up.
    pub const ALL: [Self; 6] =
        [Self::Absent, Self::Partial, Self::Entered, Self::InReview, Self::Posted, Self::Different];

    /// The word used in the audit log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Partial => "partial",
            Self::Entered => "entered",
            Self::InReview => "in review",
            Self::Posted => "posted",
            Self::Different => "different",
        }
    }
}

/// Something that happened to a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Start; or start again what is held, once its record goes on. A person released the record, or
    /// the process ended after this hold was kept and before the record's own: then what was refused
    /// is looked up and tried once more without a person.
    Begin,
    /// The process that owned it ended; another takes over.
    Restarted,
    /// The look-up answered.
    Found(Found),
    /// The look-up itself failed (a read: harmless).
    LookUpFailed,
    /// What was sent was acknowledged.
    Done,
    /// Epicor said a definite no: nothing of this request was done.
    Refused,
    /// It may have been done or not.
    OutcomeUnknown,
    /// Dropped before sending: older than the send grace, or the host could not be reached.
    NotSent,
    /// The settle time is over: what was on its way has landed or never will.
    SettleOver,
}

impl Event {
    /// Every event, for the printed table.
    pub const ALL: [Self; 14] = [
        Self::Begin,
        Self::Restarted,
        Self::Found(Found::Absent),
        Self::Found(Found::Partial),
        Self::Found(Found::Entered),
        Self::Found(Found::InReview),
        Self::Found(Found::Posted),
        Self::Found(Found::Different),
        Self::LookUpFailed,
        Self::Done,
        Self::Refused,
        Self::OutcomeUnknown,
        Self::NotSent,
        Self::SettleOver,
    ];

    /// The name used in the audit log and in the printed table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Restarted => "restarted",
            Self::Found(Found::Absent) => "found nothing",
            Self::Found(Found::Partial) => "found partial",
            Self::Found(Found::Entered) => "found entered",
            Self::Found(Found::InReview) => "found in review",
            Self::Found(Found::Posted) => "found posted",
            Self::Found(Found::Different) => "found different",
            Self::LookUpFailed => "look-up failed",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::OutcomeUnknown => "outcome unknown",
            Self::NotSent => "not sent",
            Self::SettleOver => "settle over",
        }
    }
}

/// What the shell does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Read entry, review and posted lines by our key.
    LookUp,
    /// Send group, header and lines, unless it is later than `not_after`.
    Write {
        /// The send guard: an attempt decided before this and delayed past it is dropped.
        not_after: Timestamp,
    },
    /// Post the group, unless it is later than `not_after`.
    Post {
        /// The send guard.
        not_after: Timestamp,
    },
    /// Delete our unposted journal and group, unless it is later than `not_after`.
    Remove {
        /// The send guard.
        not_after: Timestamp,
    },
    /// Wait the settle time. It is a length and not an instant: the clock may be set before the wait
    /// begins.
    Wait {
        /// How long.
        time: SignedDuration,
    },
    /// Leave it for the next run: Epicor could not be asked now.
    TryLater,
}

/// The times and limits of exactly-once posting, per site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Post the group after entering it; otherwise stop at "entered" and leave posting to people.
    pub post: bool,
    /// How long an unknown outcome waits before it is looked up. At least send grace + request
    /// timeout + the longest delay on the way + how late Epicor's searches show a commit.
    pub settle: SignedDuration,
    /// How long after the decision, or after the last answer, a request may still be sent.
    pub send_grace: SignedDuration,
    /// Sending attempts before a person is asked.
    pub attempts_max: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            post: true,
            settle: SignedDuration::from_secs(120),
            send_grace: SignedDuration::from_secs(10),
            attempts_max: 5,
        }
    }
}

/// What the store knows of a posting when an event arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// The current step.
    pub step: Step,
    /// How often something was sent so far.
    pub attempts: u32,
}

/// The answer of [`decide`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The step to write.
    pub next: Step,
    /// What to do once it is written.
    pub effect: Option<Effect>,
}

/// The event makes no sense in this step: a bug, or two processes at work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a posting that is {step} cannot take the event \"{event}\"")]
pub struct Illegal {
    /// Where it stands.
    pub step: Step,
    /// What was said to have happened.
    pub event: &'static str,
}

/// Decides what follows from `event` at `now`.
///
/// # Errors
/// [`Illegal`] for every pair that is not in the table.
pub fn decide(
    situation: Situation,
    event: Event,
    now: Timestamp,
    policy: &Policy,
) -> Result<Decision, Illegal> {
    let step = situation.step;
    if let Event::Found(found) = event {
        return after_look_up(situation, found, now, policy);
    }
    let not_after = later(now, policy.send_grace);
    match (step, event) {
        (Step::Intended | Step::Held, Event::Begin) => go(Step::Looking, Effect::LookUp),
        (Step::Intended, Event::Restarted) => go(Step::Looking, Effect::LookUp),

        (Step::Looking | Step::Checking | Step::ReadingBack, Event::LookUpFailed) => {
            go(step, Effect::TryLater)
        }
        (Step::Looking | Step::Checking | Step::ReadingBack, Event::Restarted) => {
            go(step, Effect::LookUp)
        }

        (Step::Writing, Event::Done) => go(Step::Checking, Effect::LookUp),
        (Step::Writing, Event::Refused) => go(Step::Withdrawing, Effect::Remove { not_after }),
        (Step::Posting, Event::Done) => go(Step::ReadingBack, Effect::LookUp),
        (Step::Removing, Event::Done) => go(Step::Looking, Effect::LookUp),
        (Step::Posting | Step::Removing, Event::Refused) => end(Step::Held),

        // The reason to hold is already known; whatever remains is found when it is released.
        (
            Step::Withdrawing,
            Event::Done
            | Event::Refused
            | Event::OutcomeUnknown
            | Event::NotSent
            | Event::Restarted,
        ) => end(Step::Held),

        (Step::Writing | Step::Posting | Step::Removing, Event::NotSent) => {
            go(Step::Looking, Effect::LookUp)
        }
        // Whatever a dead process sent, it sent before now. When it began to wait is not asked: that
        // was by another clock, or by this one before somebody set it.
        (
            Step::Writing | Step::Posting | Step::Removing,
            Event::OutcomeUnknown | Event::Restarted,
        )
        | (Step::Unknown, Event::Restarted) => {
            go(Step::Unknown, Effect::Wait { time: policy.settle })
        }

        (Step::Unknown, Event::SettleOver) => go(Step::Looking, Effect::LookUp),

        _ => Err(Illegal { step, event: event.name() }),
    }
}

/// What a look-up means depends on what came before it.
fn after_look_up(
    situation: Situation,
    found: Found,
    now: Timestamp,
    policy: &Policy,
) -> Result<Decision, Illegal> {
    let Situation { step, attempts, .. } = situation;
    let not_after = later(now, policy.send_grace);
    let wait = Effect::Wait { time: policy.settle };
    let may_send = attempts < policy.attempts_max;
    match (step, found) {
        (Step::Looking | Step::Checking | Step::ReadingBack, Found::Posted) => end(Step::Confirmed),
        (Step::Looking | Step::Checking, Found::Entered) if !policy.post => end(Step::Confirmed),
        (Step::Looking | Step::Checking, Found::Entered) if may_send => {
            go(Step::Posting, Effect::Post { not_after })
        }

        // Nothing is in flight here: either nothing was ever sent, or the settle time is over.
        (Step::Looking, Found::Absent) if may_send => {
            go(Step::Writing, Effect::Write { not_after })
        }
        (Step::Looking, Found::Partial) if may_send => {
            go(Step::Removing, Effect::Remove { not_after })
        }

        // Acknowledged, so it must be there; if a search does not show it yet, that is the ERP's
        // lag and not a reason to send again.
        (Step::Checking, Found::Absent | Found::Partial) => go(Step::Unknown, wait),
        (Step::ReadingBack, Found::Absent | Found::Partial | Found::Entered | Found::InReview) => {
            go(Step::Unknown, wait)
        }

        (Step::Looking | Step::Checking | Step::ReadingBack, _) => end(Step::Held),
        _ => Err(Illegal { step, event: Event::Found(found).name() }),
    }
}

fn go(next: Step, effect: Effect) -> Result<Decision, Illegal> {
    Ok(Decision { next, effect: Some(effect) })
}

fn end(next: Step) -> Result<Decision, Illegal> {
    Ok(Decision { next, effect: None })
}

/// `at + by`, or the end of time.
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
