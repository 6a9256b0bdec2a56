//! The flows: what can run over a connection, by the schedule, on demand, or as a command.
//!
//! A flow is a name and an async function over one connection. Everything else (when it is due, who
//! runs it, that nobody else does, what is kept about it) is the same for all of them.

pub mod catalog;
pub mod orders;
mod recorded;
pub mod settlements;
mod systems;

use std::fmt;
use std::sync::Arc;

use anyhow::Context as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use store::Store;
use wire::Clock;

pub use recorded::{Cause, Recorded};
pub use systems::Systems;

use crate::config::{Config, Connection};
use crate::connect::Links;
use crate::exit::Exit;
use crate::pipeline::Watch;
use crate::secrets::Secrets;

/// Every flow, in the order in which those that are due together run.
pub const FLOWS: &[Flow] = &[
    Flow {
        name: "settlements",
        about: "find settlements, read, map, check, approve by policy, post, read back",
        usual: "every 30m",
        is_configured: |_| true,
        run: |work| Box::pin(settlements::run(work)),
    },
    Flow {
        name: "orders",
        about: "read what changed at Amazon, enter and change sales orders, read back",
        usual: "never",
        is_configured: |connection| connection.orders.is_some(),
        run: |work| Box::pin(orders::orders(work)),
    },
    Flow {
        name: "shipments",
        about: "tell Amazon what left by Epicor's packs",
        usual: "never",
        is_configured: |connection| connection.orders.is_some(),
        run: |work| Box::pin(orders::shipments(work)),
    },
    Flow {
        name: "catalog",
        about: "compare listings with parts, write accepted cross references",
        usual: "every 24h",
        is_configured: |connection| connection.catalog.is_some(),
        run: |work| Box::pin(catalog::run(work)),
    },
];

/// Something that runs over one connection.
#[derive(Debug, Clone, Copy)]
pub struct Flow {
    /// Its name in the schedule and on the command line.
    pub name: &'static str,
    /// What it does, for people.
    pub about: &'static str,
    /// When it runs, where it is configured, unless the schedule says otherwise.
    pub usual: &'static str,
    /// Whether a connection has what it needs.
    pub is_configured: fn(&Connection) -> bool,
    /// Goes over the connection once. It may be dropped at any await: what is to survive is in the
    /// store by then.
    pub run: fn(Work) -> BoxFuture<'static, anyhow::Result<Done>>,
}

/// The flow of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Flow> {
    FLOWS.iter().find(|flow| flow.name == name)
}

/// The names of all flows, for messages.
#[must_use]
pub fn names() -> String {
    FLOWS.iter().map(|flow| flow.name).collect::<Vec<_>>().join(", ")
}

/// What a run of a flow has: one connection that nobody else acts for now.
#[derive(Clone)]
pub struct Work {
    /// The configuration that is in force.
    pub config: Arc<Config>,
    /// The connection's name.
    pub connection: String,
    /// The store, under the connection's lease where there is one.
    pub store: Store,
    /// The secrets of all connections; none is read before it is asked for.
    pub secrets: Secrets,
    /// What the clients of all connections share.
    pub links: Arc<Links>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Told what is going on; asked whether to stop at the next good moment.
    pub watch: Arc<dyn Watch>,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Work {
    /// The connection's part of the configuration.
    ///
    /// # Errors
    /// When the configuration has no such connection (any more).
    pub fn connection(&self) -> anyhow::Result<&Connection> {
        Ok(self.config.connection(Some(&self.connection))?)
    }
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// As the exit code of a command tells it.
    pub exit: Exit,
    /// How much it did, by the flow's own words.
    pub counts: Value,
    /// What a person should know: the first failure, why it is held.
    pub message: Option<String>,
}

impl Done {
    /// What a run came to that ended with an error.
    #[must_use]
    pub fn failed(error: &anyhow::Error) -> Self {
        let message = Some(format!("{error:#}"));
        Self { exit: Exit::of(error), counts: Value::Null, message }
    }

    /// What a run over many records came to: the first failure, else how many wait for something.
    #[must_use]
    pub fn of(failure: Option<&(String, anyhow::Error)>, held: usize, counts: Value) -> Self {
        let exit = match failure {
            Some((_, error)) => Exit::of(error),
            None if held > 0 => Exit::Held,
            None => Exit::Ok,
        };
        let message = failure.map(|(record, error)| format!("{record}: {error:#}")).or_else(|| {
            (held > 0).then(|| format!("{held} wait; `ml-connector status` tells why"))
        });
        Self { exit, counts, message }
    }

    /// Whether another try may go better with nobody doing anything.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self.exit, Exit::Failed | Exit::Throttled)
    }
}

/// Runs a flow by name.
///
/// # Errors
/// Those of the flow; or that there is no such flow.
pub async fn run(name: &str, work: Work) -> anyhow::Result<Done> {
    let flow = named(name)
        .with_context(|| format!("there is no flow \"{name}\"; the flows are {}", names()))?;
    (flow.run)(work).await
}
