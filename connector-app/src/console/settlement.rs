//! One settlement: whether its deposit is its journal, and everything behind that.

mod act;
mod bank;
mod changed;
mod epicor;
mod export;
mod head;
mod history;
mod journal;
mod orders;
mod rows;
mod sentence;
mod sheet;

use std::sync::Arc;

use axum::Router;
use store::{SettlementKey, SettlementRecord, Store};

use head::{Head, Tab};
pub(super) use journal::{amounts, by_rules};
pub(super) use sentence::{Facts, Planned, Sentence};
pub(super) use sheet::{Sheet, sheets};

use super::page::PageError;
use super::role::Act;
use super::seat::Seat;
use crate::config::Config;
use crate::connect;
use crate::pipeline::{KeptPlan, Site};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .merge(journal::routes())
        .merge(rows::routes())
        .merge(orders::routes())
        .merge(changed::routes())
        .merge(epicor::routes())
        .merge(bank::routes())
        .merge(history::routes())
        .merge(act::routes())
        .merge(export::routes())
}

/// What names a settlement in an address.
type Named = (String, String);

/// A settlement that somebody may look at, and what is kept of it.
struct Found {
    store: Store,
    config: Arc<Config>,
    record: SettlementRecord,
    /// None before it was mapped.
    plan: Option<KeptPlan>,
}

impl Found {
    async fn of(server: &Server, seat: &Seat, named: Named) -> Result<Self, PageError> {
        seat.may(Act::Read)?;
        let store = server.keeper.read().await?;
        let (connection, settlement_id) = named;
        let key = SettlementKey { connection, settlement_id };
        let record = known(&store, &key).await?;
        let plan = record.plan.as_ref().map(|_| KeptPlan::of(&record)).transpose()?;
        Ok(Self { store, config: Arc::clone(&server.in_force.get().config), record, plan })
    }

    /// The connection as its files say now.
    fn site(&self) -> anyhow::Result<Site> {
        let connection = self.config.connection(Some(&self.record.key.connection))?;
        Ok(connect::site(connection, &self.config.folder)?)
    }

    fn head(&self, tab: Tab) -> anyhow::Result<Head> {
        Head::of(&self.record, self.plan.as_ref(), tab)
    }
}

async fn known(store: &Store, key: &SettlementKey) -> Result<SettlementRecord, PageError> {
    let record = store.settlement(key).await?;
    record.ok_or_else(|| {
        let SettlementKey { connection, settlement_id } = key;
        PageError::unknown(&format!("settlement {settlement_id} of connection {connection}"))
    })
}
