//! Audit events: who, when, what, which record, from where to where, with what detail.

use jiff::Timestamp;
use serde_json::Value;
use store::NewEvent;

/// In whose name something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The connector itself, following the tables.
    Connector,
    /// The approval policy of the configuration.
    Policy,
    /// A person, by the name the system knows.
    Person(String),
    /// A person who is signed in to the console.
    ConsoleUser(String),
}

impl Actor {
    /// The words kept in the audit log.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Connector => "ml-connector".to_owned(),
            Self::Policy => "approval policy".to_owned(),
            Self::Person(name) => format!("person {name}"),
            Self::ConsoleUser(name) => format!("console user {name}"),
        }
    }
}

/// Writes events of one connection, at one moment.
#[derive(Debug, Clone)]
pub(super) struct Scribe<'a> {
    pub connection: &'a str,
    pub at: Timestamp,
}

impl Scribe<'_> {
    /// An event about `subject`, which belongs to the story of `record` (a settlement or report id).
    pub(super) fn event(
        &self,
        actor: &Actor,
        record: &str,
        subject: String,
        action: &str,
        change: (Option<&str>, Option<&str>),
        detail: Value,
    ) -> NewEvent {
        NewEvent {
            at: self.at,
            actor: actor.label(),
            connection: self.connection.to_owned(),
            record: record.to_owned(),
            subject,
            action: action.to_owned(),
            from: change.0.map(str::to_owned),
            to: change.1.map(str::to_owned),
            detail,
        }
    }
}
