//! States in words and tones.

use crate::pipeline::settlement::State;

/// The tone of a state: `good`, `attention`, `bad` or `quiet`.
pub(super) fn tone(state: &str) -> &'static str {
    match state {
        "posted" | "matched" | "confirmed" | "entered" | "packed" | "shipped" | "ok" => "good",
        "held" | "ready" | "unknown" | "waiting" | "throttled" | "not-reconciled"
        | "interrupted" => "attention",
        "failed" | "not-authorised" | "configuration" => "bad",
        _ => "quiet",
    }
}

/// What a settlement's state means to the clerk, and what comes next.
pub(super) const fn meaning(state: State) -> &'static str {
    match state {
        State::Discovered | State::Retrieved => "Amazon lists it; it is being read.",
        State::Read => "Every row is read; the next run maps it to accounts.",
        State::Mapped => {
            "Every row has its account; the next run asks Epicor whether it takes them."
        }
        State::Ready => "It ties and Epicor takes it. It waits for somebody to approve it.",
        State::Approved => "It is approved; the next run posts it.",
        State::Posting => "It is on its way into Epicor. Reload to see how far it is.",
        State::Posted => "It is in Epicor. The deposit was not seen at the bank yet.",
        State::Matched => "It is in Epicor, and nothing of it is left on the clearing account.",
        State::Reversed => "It was taken back: journals and their reversals add up to nothing.",
        State::ByHand => {
            "It is in the books already, entered by hand. The connector posts nothing of it."
        }
        State::Held => "It is held. Nothing of it is posted until somebody decides.",
    }
}
