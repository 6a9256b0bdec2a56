//! The flow `settlements`: what is new at Amazon, as far as it goes towards Epicor.

use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::json;
use store::Store;
use wire::Clock;

use super::{Done, Systems, Work};
use crate::config::{Config, Connection};
use crate::connect::Links;
use crate::exit::Exit;
use crate::pipeline::Watch;
use crate::pipeline::settlement::State;
use crate::secrets::Secrets;
use crate::sync::preview::{NewReport, Preview};
use crate::sync::{Listed, Run, Summary};

/// One connection whose two systems have answered.
#[derive(Debug)]
pub struct Answering {
    systems: Systems,
    listed: Listed,
}

impl Answering {
    /// Asks both systems. The store is not touched, so that a wrong key or an unreachable host
    /// leaves everything as it was. `published` asks for the reports of that time alone.
    ///
    /// # Errors
    /// What is wrong with the configuration or a secret, or why a system does not answer.
    pub async fn ask(
        config: &Config,
        connection: &Connection,
        secrets: &Secrets,
        links: &Links,
        time: (&Arc<dyn Clock>, &Arc<dyn Watch>),
        published: Option<(Timestamp, Timestamp)>,
    ) -> anyhow::Result<Self> {
        let systems = Systems::open(config, connection, secrets, links, time).await?;
        let listed = match published {
            None => systems.amazon.list().await,
            Some((since, until)) => systems.amazon.list_within(since, until).await,
        };
        let listed =
            listed.context("asking Amazon for its settlement reports; nothing was changed")?;
        systems.ping().await?;
        Ok(Self { systems, listed })
    }

    /// Whether Amazon accepted the client secret that is to take the place of another.
    #[must_use]
    pub fn accepted_new_secret(&self) -> bool {
        self.systems.amazon.accepted_new_secret()
    }

    /// How many reports Amazon lists.
    #[must_use]
    pub fn listed(&self) -> usize {
        self.listed.len()
    }

    /// What is new of them, and what would become of it; nothing is written anywhere.
    ///
    /// # Errors
    /// Those of [`Preview::of`].
    pub async fn preview(&self, store: Option<&Store>) -> anyhow::Result<Vec<NewReport>> {
        let Systems { site, amazon, ledger, .. } = &self.systems;
        Preview { site, store, amazon, ledger }.of(&self.listed).await
    }

    /// Goes over everything once.
    ///
    /// # Errors
    /// Those of [`Run::once`].
    pub async fn go(&self, store: &Store) -> anyhow::Result<Summary> {
        let Systems { site, amazon, ledger, clock, watch } = &self.systems;
        let (clock, watch) = (clock.as_ref(), watch.as_ref());
        let run = Run { site, store, amazon, ledger, clock, watch };
        run.once(&self.listed).await
    }
}

pub(super) async fn run(work: Work) -> anyhow::Result<Done> {
    let Work { config, store, secrets, links, clock, watch, .. } = &work;
    let connection = work.connection()?;
    let systems = Answering::ask(config, connection, secrets, links, (clock, watch), None).await?;
    if systems.accepted_new_secret() {
        secrets.accept_new(clock.now(), &connection.name, "amazon.client_secret").await?;
    }
    let summary = systems.go(store).await?;
    done(&summary, store, &connection.name).await
}

/// What is held needs a person; what failed is a failure, unless a service said "later" or "no".
///
/// # Errors
/// The store's errors.
pub async fn done(summary: &Summary, store: &Store, connection: &str) -> anyhow::Result<Done> {
    let held = State::Held.as_str();
    let settlements = store.settlements(Some(connection)).await?;
    let reports = store.reports(connection).await?;
    let accruals = store.accruals(Some(connection)).await?;
    let incidents = store.incidents(Some(connection)).await?.len();
    let held = settlements.iter().filter(|record| record.state == held).count()
        + reports.iter().filter(|report| report.state == held).count()
        + accruals.iter().filter(|accrual| accrual.state == held).count();
    let failure = summary.failures.first();
    let exit = match failure {
        Some((_, error)) => Exit::of(error),
        None if held + incidents > 0 || !summary.unreadable.is_empty() => Exit::Held,
        None => Exit::Ok,
    };
    let counts = json!({
        "listed": summary.listed, "new_reports": summary.new_reports, "moved": summary.moved.len(),
        "unchanged": summary.unchanged, "unreadable": summary.unreadable.len(),
        "failed": summary.failures.len(), "held": held, "incidents": incidents,
    });
    let message = failure
        .map(|(record, error)| format!("{record}: {error:#}"))
        .or_else(|| (held > 0).then(|| format!("{held} held; `ml-connector status` tells why")))
        .or_else(|| (incidents > 0).then(|| "an incident; see `ml-connector status`".to_owned()));
    Ok(Done { exit, counts, message })
}
