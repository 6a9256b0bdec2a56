//! Users of the console as the audit log tells of them.

use jiff::Timestamp;
use store::NewEvent;

use crate::pipeline::Actor;

/// An event about a user; it tells no more than the name.
#[must_use]
pub fn event(by: &Actor, at: Timestamp, user: &str, action: &str) -> NewEvent {
    NewEvent {
        at,
        actor: by.label(),
        connection: store::CONSOLE.to_owned(),
        record: "users".to_owned(),
        subject: format!("user {user}"),
        action: action.to_owned(),
        from: None,
        to: None,
        detail: serde_json::json!({}),
    }
}
