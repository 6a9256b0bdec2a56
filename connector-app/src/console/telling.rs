//! Events of the audit log as the pages tell them.

use store::Event;

use super::figures;
use crate::story;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) seq: u64,
    pub(super) connection: String,
    pub(super) when: String,
    pub(super) actor: String,
    pub(super) action: String,
    /// `ready → approved`; empty where nothing changed its state.
    pub(super) moved: String,
    pub(super) subject: String,
    pub(super) details: Vec<String>,
}

/// A user's name without what the log writes before it.
pub(super) fn who(actor: &str) -> &str {
    actor.strip_prefix("console user ").or_else(|| actor.strip_prefix("person ")).unwrap_or(actor)
}

/// Tells an event.
pub(super) fn tell(event: &Event) -> Told {
    let moved = match (&event.from, &event.to) {
        (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
        (None, Some(to)) => to.clone(),
        _ => String::new(),
    };
    Told {
        seq: event.seq,
        connection: event.connection.clone(),
        when: event.at.strftime("%-d %b %Y %H:%M:%S").to_string(),
        actor: who(&event.actor).to_owned(),
        action: event.action.clone(),
        moved,
        subject: event.subject.clone(),
        details: story::details(event)
            .into_iter()
            .map(|detail| figures::clipped(&detail))
            .collect(),
    }
}
