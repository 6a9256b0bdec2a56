//! A run in the store: that it began, why, and how it ended.

use jiff::Timestamp;
use serde_json::Value;
use store::{NewRun, Next, RunEnd, Store};

use super::Done;

/// Why a run started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its time had come.
    Schedule,
    /// A person asked a running server for it.
    RunNow,
    /// A command, in its own process.
    Command,
}

impl Cause {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::RunNow => "run-now",
            Self::Command => "command",
        }
    }
}

/// A run that was recorded and has not ended yet.
#[derive(Debug)]
pub struct Recorded {
    number: u64,
    began: NewRun,
}

impl Recorded {
    /// Records that a run begins, why, and who asked for it if anybody did. Nobody else may act for
    /// the connection now.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn begin(
        store: &Store,
        (connection, flow): (&str, &str),
        (cause, asked_by): (Cause, Option<String>),
        started: Timestamp,
    ) -> Result<Self, store::Error> {
        let began = NewRun {
            connection: connection.to_owned(),
            flow: flow.to_owned(),
            cause: cause.as_str().to_owned(),
            asked_by,
            worker: crate::lane::owner(),
            started,
        };
        Ok(Self { number: store.run_started(&began).await?, began })
    }

    /// Records how it ended. Without `next` the schedule stays as it is.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn end(
        &self,
        store: &Store,
        ended: Timestamp,
        done: &Done,
        next: Option<Next>,
    ) -> Result<(), store::Error> {
        let counts = (done.counts != Value::Null).then(|| done.counts.to_string());
        let outcome = done.exit.as_str().to_owned();
        let end = RunEnd { ended, outcome, counts, message: done.message.clone(), next };
        store.run_ended(self.number, &self.began, &end).await
    }

    /// Records that it was left at a good moment, because the process stops. What was due is due
    /// still.
    ///
    /// # Errors
    /// The store's errors.
    pub async fn left(&self, store: &Store, ended: Timestamp) -> Result<(), store::Error> {
        let end = RunEnd {
            ended,
            outcome: store::INTERRUPTED.to_owned(),
            counts: None,
            message: Some("the process was stopped; the next run goes on".to_owned()),
            next: None,
        };
        store.run_ended(self.number, &self.began, &end).await
    }
}
