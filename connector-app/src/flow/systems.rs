//! The two systems of one connection, opened for a run.

use std::sync::Arc;

use wire::Clock;

use crate::amazon::SettlementReports;
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::ledger::EpicorLedger;
use crate::pipeline::{Site, Watch};
use crate::secrets::Secrets;

/// A connection with the clients of both its systems. Nothing has been asked of either.
#[derive(Debug)]
pub struct Systems {
    /// Its rules and policies.
    pub site: Site,
    /// Its selling account.
    pub amazon: SettlementReports,
    /// Its company.
    pub ledger: EpicorLedger,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Told what is going on.
    pub watch: Arc<dyn Watch>,
}

impl Systems {
    /// Reads the configuration and the secrets.
    ///
    /// # Errors
    /// What is wrong with the configuration or a secret.
    pub async fn open(
        config: &Config,
        connection: &Connection,
        secrets: &Secrets,
        links: &Links,
        (clock, watch): (&Arc<dyn Clock>, &Arc<dyn Watch>),
    ) -> anyhow::Result<Self> {
        let site = connect::site(connection, &config.folder)?;
        let amazon = connect::amazon(connection, secrets, clock, watch, links).await?;
        let ledger = connect::epicor(connection, &config.folder, secrets, clock, links).await?;
        let (clock, watch) = (Arc::clone(clock), Arc::clone(watch));
        Ok(Self { site, amazon, ledger, clock, watch })
    }

    /// Asks Epicor whether it answers, before anything is recorded.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn ping(&self) -> anyhow::Result<()> {
        let asked = self.ledger.ping().await;
        anyhow::Context::context(asked, "asking Epicor for its company; nothing was changed")
    }
}
