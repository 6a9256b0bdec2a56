//! Systems Epicor or Amazon in somebody's stead, and keeping what they say.

use std::sync::Arc;

use store::Store;

use super::page::PageError;
use super::reconciliation::named;
use crate::config::Connection;
use crate::connect;
use crate::ledger::EpicorLedger;
use crate::pipeline::{Silent, Watch};
use crate::secrets::Secrets;
use crate::serve::{Loaded, Server};

/// What a page has that asks another system.
pub(super) struct Systems<'s> {
    server: &'s Server,
    loaded: Arc<Loaded>,
    name: String,
    secrets: Secrets,
    /// The store, for writing.
    pub(super) store: Store,
}

impl<'s> Systems<'s> {
    /// For the connection of that name.
    pub(super) async fn of(server: &'s Server, name: &str) -> Result<Self, PageError> {
        let loaded = server.in_force.get();
        let name = named(&loaded.config, name)?.name.clone();
        let store = server.keeper.write().await?;
        let secrets = loaded.secrets(&store).await?;
        Ok(Self { server, loaded, name, secrets, store })
    }

    /// The connection.
    pub(super) fn connection(&self) -> Result<&Connection, PageError> {
        named(&self.loaded.config, &self.name)
    }

    /// The folder that the files of the connection are in.
    pub(super) fn folder(&self) -> &std::path::Path {
        &self.loaded.config.folder
    }

    /// The company's books.
    pub(super) async fn epicor(&self) -> Result<EpicorLedger, PageError> {
        let (clock, links) = (self.server.clock(), self.server.links());
        let connection = self.connection()?;
        let ledger =
            connect::epicor(connection, self.folder(), &self.secrets, clock, links).await?;
        Ok(ledger)
    }

    /// The selling account.
    pub(super) async fn amazon(&self) -> Result<sp_api_client::Client, PageError> {
        let (clock, links) = (self.server.clock(), self.server.links());
        let watch: Arc<dyn Watch> = Arc::new(Silent);
        let connection = self.connection()?;
        let client = connect::amazon_client(connection, &self.secrets, clock, &watch, links);
        Ok(client.await?.build()?)
    }
}
