//! What an error of Epicor's client says about what was sent.

use epicor_odata_client::Error;

use crate::ledger::Sent;

/// Why something was not done, or may not have been.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotDone {
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    NotSent(String),
    #[error("{0}")]
    Unknown(String),
}

impl From<Error> for NotDone {
    fn from(error: Error) -> Self {
        let text = chain(&error);
        match error {
            Error::OutcomeUnknown { .. } => Self::Unknown(text),
            // Steps that save nothing failed: the saving one never left.
            error if error.is_transient() => Self::NotSent(text),
            Error::InvalidResponse { .. } => Self::NotSent(text),
            _ => Self::Refused(text),
        }
    }
}

impl From<Result<(), NotDone>> for Sent {
    fn from(result: Result<(), NotDone>) -> Self {
        match result {
            Ok(()) => Self::Done,
            Err(NotDone::Refused(why)) => Self::Refused(why),
            Err(NotDone::NotSent(why)) => Self::NotSent(why),
            Err(NotDone::Unknown(why)) => Self::Unknown(why),
        }
    }
}

/// An error with its causes, on one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
