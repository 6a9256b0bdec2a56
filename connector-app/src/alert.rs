//! Tells people what needs them: something is held, a run failed, an expected settlement does not
//! come, a secret is about to expire, something does not reconcile.
//!
//! An alert is raised once, repeated once a day while it stands, and called off once. What was told
//! to whom is in the store, so that a restart repeats nothing and a channel that failed is told by
//! the next run. The text names records and reasons, and never secrets or buyers.

mod channel;
mod digest;
mod email;
pub mod found;
mod webhook;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{AlertRecord, NewAlert, Store};
use wire::Clock;

pub use channel::Channel;
pub use digest::{Digest, Event};

use crate::config::{Config, Connection};
use crate::exit::Exit;
use crate::flow::Done;
use crate::{connect, lane};

/// The kinds of alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A settlement, a report, an order, a pack or a cross reference is held until a person looks.
    Held,
    /// A run, or a record within it, failed.
    Failed,
    /// A settlement that was due did not come.
    Silence,
    /// A secret is about to expire.
    SecretAge,
    /// Figures that should be equal are not.
    NotReconciled,
    /// Something changed under a fiscal period that a person signed.
    SignedPeriod,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Held,
        Self::Failed,
        Self::Silence,
        Self::SecretAge,
        Self::NotReconciled,
        Self::SignedPeriod,
    ];

    /// The word kept in the store and written in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Silence => "silence",
            Self::SecretAge => "secret_age",
            Self::NotReconciled => "not_reconciled",
            Self::SignedPeriod => "signed_period",
        }
    }
}

/// What is said of one thing that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which record: `settlement 24598127340`.
    pub record: String,
    /// What happened to it.
    pub what: String,
    /// Who must act.
    pub who: String,
    /// What to do next.
    pub next: String,
}

/// Something that needs a person now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Of what kind.
    pub kind: Kind,
    /// How far it has come; a change of it is told anew.
    pub stage: String,
    /// What is said.
    pub message: Message,
}

impl Alert {
    fn key(kind: Kind, record: &str) -> String {
        format!("{} {record}", kind.as_str())
    }

    fn to_store(&self) -> NewAlert {
        NewAlert {
            key: Self::key(self.kind, &self.message.record),
            kind: self.kind.as_str().to_owned(),
            stage: self.stage.clone(),
            message: serde_json::to_string(&self.message).unwrap_or_else(|e| e.to_string()),
        }
    }
}

/// What a run met beside what is in the store.
#[derive(Debug, Clone, Default)]
pub struct Ran {
    /// The flow that ran.
    pub flow: String,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// What does not reconcile, when that was looked at.
    pub not_reconciled: Option<Vec<Message>>,
}

impl Ran {
    /// A run of a flow, by what it came to. To be asked to slow down is no failure.
    #[must_use]
    pub fn of(flow: &str, done: &Done) -> Self {
        let failed = match done.exit {
            Exit::Ok | Exit::Held | Exit::NotReconciled | Exit::Throttled => false,
            Exit::Failed | Exit::NotAuthorised | Exit::Configuration => true,
        };
        let message = || done.message.clone().unwrap_or_else(|| "for no known reason".to_owned());
        Self { flow: flow.to_owned(), failure: failed.then(message), not_reconciled: None }
    }

    /// The record under which its failure is told.
    fn record(&self) -> String {
        format!("run of {}", self.flow)
    }
}

/// To be called after each run over a connection, while nobody else acts for it: finds what needs a
/// person, and tells whoever is to be told. That someone could not be told is in the log, and fails
/// no run: the next one tries again.
///
/// # Errors
/// The store's errors, and those of the configuration's secrets.
pub async fn after_run(
    config: &Config,
    store: &Store,
    clock: &Arc<dyn Clock>,
    connection: &Connection,
    ran: &Ran,
) -> anyhow::Result<()> {
    let now = clock.now();
    let name = connection.name.as_str();
    let known = store.alerts(Some(name)).await?;
    let found = found::all(store, (config, connection), ran, now).await?;
    if found.is_empty() && known.is_empty() {
        return Ok(());
    }
    let looked_for = Kind::ALL
        .iter()
        .filter(|kind| **kind != Kind::NotReconciled || ran.not_reconciled.is_some());
    let kinds: Vec<_> = looked_for.map(|kind| kind.as_str()).collect();
    let mut found: Vec<_> = found.iter().map(Alert::to_store).collect();
    // What another flow failed with, its next run calls off.
    let of_this = Alert::key(Kind::Failed, &ran.record());
    let others = known.iter().filter(|alert| {
        alert.kind == Kind::Failed.as_str() && alert.cleared.is_none() && alert.key != of_this
    });
    found.extend(others.map(|alert| NewAlert {
        key: alert.key.clone(),
        kind: alert.kind.clone(),
        stage: alert.stage.clone(),
        message: alert.message.clone(),
    }));
    store.alerts_found(name, &kinds, &found, now).await?;
    for channel in Channel::all(config, clock)? {
        let alerts = store.alerts(Some(name)).await?;
        let wanted = |kind: &str| channel.wants(kind);
        let Some(digest) = Digest::due(name, &alerts, channel.name(), wanted, now) else {
            continue;
        };
        match channel.tell(&digest).await {
            Ok(()) => store.alerts_told(name, channel.name(), &digest.records(), now).await?,
            Err(error) => tracing::error!(
                connection = name,
                channel = channel.name(),
                "alerts could not be sent, the next run tries again: {error:#}"
            ),
        }
    }
    Ok(())
}

/// As [`after_run`], for a command that holds neither the store nor the connection.
///
/// # Errors
/// As [`after_run`], or [`lane::Taken`] while another process acts for the connection.
pub async fn after_command(
    config: &Config,
    clock: &Arc<dyn Clock>,
    connection: &Connection,
    ran: &Ran,
) -> anyhow::Result<()> {
    let store = connect::store(config).await?;
    lane::alone(&store, &connection.name, clock.as_ref(), async |store| {
        after_run(config, &store, clock, connection, ran).await
    })
    .await
}

/// The alerts that stand, of one connection or of all.
///
/// # Errors
/// The store's errors.
pub async fn open(store: &Store, connection: Option<&str>) -> anyhow::Result<Vec<AlertRecord>> {
    let mut alerts = store.alerts(connection).await?;
    alerts.retain(|alert| alert.cleared.is_none());
    Ok(alerts)
}

/// What a recorded alert says.
#[must_use]
pub fn message(alert: &AlertRecord) -> Message {
    serde_json::from_str(&alert.message).unwrap_or_else(|_| Message {
        record: alert.key.clone(),
        what: alert.message.clone(),
        who: "the IT admin".to_owned(),
        next: "run the version of ml-connector that wrote this, or a newer one".to_owned(),
    })
}
