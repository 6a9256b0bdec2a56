//! The flow `catalog`: listings against parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;
use store::Store;
use wire::Clock;

use super::{Done, Systems, Work};
use crate::amazon::ReportsOnRequest;
use crate::config::{Catalog, Config, Connection, MappedPart};
use crate::connect::Links;
use crate::pipeline::Watch;
use crate::pipeline::mapping::State;
use crate::secrets::Secrets;
use crate::sync::catalog::{CatalogRun, CatalogSummary};

/// One connection with a catalogue, whose Epicor has answered.
#[derive(Debug)]
pub struct CatalogLink {
    systems: Systems,
    setting: Catalog,
    customers: Vec<String>,
    configured: BTreeMap<String, MappedPart>,
    amazon: ReportsOnRequest,
}

impl CatalogLink {
    /// Reads the configuration and asks Epicor. The store is not touched.
    ///
    /// # Errors
    /// What is wrong with the configuration or a secret, or why Epicor does not answer.
    pub async fn ask(
        config: &Config,
        connection: &Connection,
        secrets: &Secrets,
        links: &Links,
        time: (&Arc<dyn Clock>, &Arc<dyn Watch>),
    ) -> anyhow::Result<Self> {
        let setting = connection.catalog.clone().with_context(|| {
            let name = &connection.name;
            format!("connection {name} has no catalogue: add a table [connection.catalog]")
        })?;
        let systems = Systems::open(config, connection, secrets, links, time).await?;
        systems.ping().await?;
        let orders = connection.orders.as_ref();
        Ok(Self {
            amazon: systems.amazon.on_request(),
            systems,
            setting,
            customers: connection.part_customers(),
            configured: orders.map(|orders| orders.parts.clone()).unwrap_or_default(),
        })
    }

    /// A run over the connection.
    #[must_use]
    pub fn run<'a>(&'a self, store: &'a Store) -> CatalogRun<'a> {
        let Systems { site, ledger, clock, watch, .. } = &self.systems;
        let Self { setting, customers, configured, amazon, .. } = self;
        let (clock, watch) = (clock.as_ref(), watch.as_ref());
        CatalogRun { site, setting, customers, configured, store, amazon, ledger, clock, watch }
    }
}

async fn link(work: &Work) -> anyhow::Result<CatalogLink> {
    let Work { config, secrets, links, clock, watch, .. } = work;
    CatalogLink::ask(config, work.connection()?, secrets, links, (clock, watch)).await
}

pub(super) async fn run(work: Work) -> anyhow::Result<Done> {
    let link = link(&work).await?;
    Ok(done(&link.run(&work.store).once().await?))
}

/// What a run came to. A listing without a part is no failure and holds nothing by itself; what was
/// accepted and could not be written does.
#[must_use]
pub fn done(summary: &CatalogSummary) -> Done {
    let held = summary.moved.values().filter(|state| **state == State::Held).count();
    let counts = json!({
        "marketplaces": summary.marketplaces, "coverage": summary.coverage,
        "new": summary.kept.new, "changed": summary.kept.changed, "gone": summary.kept.gone,
        "moved": summary.moved.len(),
    });
    Done::of(summary.failures.first(), held, counts)
}
