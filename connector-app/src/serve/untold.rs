//! What the audit log is still to be told of the configuration: what changed while the process runs of
//! who approves, up to what, and when each flow runs; and which file was refused.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use store::{NewEvent, Store};

use crate::config::{Config, Connection};
use crate::flow::FLOWS;
use crate::lane;
use crate::pipeline::Actor;

/// Events that wait for the store.
#[derive(Debug, Default)]
pub(super) struct Untold(Mutex<Vec<NewEvent>>);

impl Untold {
    /// Another configuration is in force: an event for each connection that it changes.
    pub(super) fn accepted(&self, old: &Config, new: &Config, at: Timestamp) {
        let settings_of = |config: &Config| -> BTreeMap<String, Settings> {
            let connections = config.connections.iter();
            connections.map(|one| (one.name.clone(), settings(one))).collect()
        };
        let (mut was, is) = (settings_of(old), settings_of(new));
        for (connection, is) in is {
            let was = was.remove(&connection).unwrap_or_default();
            self.changed(&connection, &was, &is, at);
        }
        for (connection, was) in was {
            self.changed(&connection, &was, &Settings::new(), at);
        }
    }

    /// A file was refused, and the former one stays in force.
    pub(super) fn refused(&self, reason: &str, at: Timestamp) {
        let detail = json!({ "reason": reason });
        self.waiting().push(event(store::CONSOLE, "refused", detail, at));
    }

    fn changed(&self, connection: &str, was: &Settings, is: &Settings, at: Timestamp) {
        let differing = |of: &Settings, other: &Settings| -> Settings {
            let differs = |(name, value): &(&'static str, &Value)| other.get(name) != Some(value);
            let all = of.iter().map(|(name, value)| (*name, value)).filter(differs);
            all.map(|(name, value)| (name, value.clone())).collect()
        };
        let (before, now) = (differing(was, is), differing(is, was));
        if before.is_empty() && now.is_empty() {
            return;
        }
        let detail = json!({ "was": before, "is": now });
        self.waiting().push(event(connection, "changed", detail, at));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// Tells the log, in order; what it did not take waits on.
    pub(super) async fn tell(&self, store: &Store) -> Result<(), store::Error> {
        loop {
            let Some(event) = self.waiting().first().cloned() else { return Ok(()) };
            store.append(&event).await?;
            self.waiting().remove(0);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<NewEvent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The settings of a connection that are told, by name.
type Settings = BTreeMap<&'static str, Value>;

fn settings(connection: &Connection) -> Settings {
    let approval = &connection.approval;
    let mut settings = Settings::from([
        ("approval.automatic", approval.automatic.into()),
        ("approval.limit", json!(approval.limit.map(|limit| limit.to_string()))),
    ]);
    settings.extend(FLOWS.iter().map(|flow| (flow.name, connection.runs(flow).to_string().into())));
    settings
}

fn event(connection: &str, action: &str, mut detail: Value, at: Timestamp) -> NewEvent {
    detail["process"] = lane::owner().into();
    NewEvent {
        at,
        actor: Actor::Connector.label(),
        connection: connection.to_owned(),
        record: "configuration".to_owned(),
        subject: "configuration".to_owned(),
        action: action.to_owned(),
        from: None,
        to: None,
        detail,
    }
}
