//! The flows `orders` and `shipments`: sales orders in, shipment confirmations out.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;
use store::Store;
use wire::Clock;

use super::{Done, Work};
use crate::amazon::SellerOrders;
use crate::config::{Config, Connection, Orders, ShipToPolicy};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::ledger::EpicorLedger;
use crate::pipeline::order::State;
use crate::pipeline::{Site, Watch, shipment};
use crate::secrets::Secrets;
use crate::sync::orders::OrdersRun;

/// One connection with orders, whose Epicor has answered.
#[derive(Debug)]
pub struct OrdersLink {
    site: Site,
    setting: Orders,
    amazon: Arc<SellerOrders>,
    ledger: EpicorLedger,
    clock: Arc<dyn Clock>,
    watch: Arc<dyn Watch>,
}

impl OrdersLink {
    /// Reads the configuration and asks Epicor. The store is not touched.
    ///
    /// # Errors
    /// What is wrong with the configuration or a secret, or why Epicor does not answer.
    pub async fn ask(
        config: &Config,
        connection: &Connection,
        secrets: &Secrets,
        links: &Links,
        (clock, watch): (&Arc<dyn Clock>, &Arc<dyn Watch>),
    ) -> anyhow::Result<Self> {
        let setting = connection.orders.clone().with_context(|| {
            let name = &connection.name;
            format!("connection {name} has no orders: add a table [connection.orders]")
        })?;
        let site = connect::site(connection, &config.folder)?;
        let amazon = connect::amazon(connection, secrets, clock, watch, links).await?;
        let amazon = Arc::new(amazon.orders(setting.ship_to == ShipToPolicy::OneTime));
        let ledger = connect::epicor(connection, &config.folder, secrets, clock, links).await?;
        let ledger = ledger.with_addresses(amazon.clone());
        ledger.ping().await.context("asking Epicor for its company; nothing was changed")?;
        let (clock, watch) = (Arc::clone(clock), Arc::clone(watch));
        Ok(Self { site, setting, amazon, ledger, clock, watch })
    }

    /// A run over the connection.
    #[must_use]
    pub fn run<'a>(&'a self, store: &'a Store) -> OrdersRun<'a> {
        OrdersRun {
            site: &self.site,
            setting: &self.setting,
            store,
            amazon: &self.amazon,
            ledger: &self.ledger,
            clock: self.clock.as_ref(),
            watch: self.watch.as_ref(),
        }
    }
}

async fn link(work: &Work) -> anyhow::Result<OrdersLink> {
    let Work { config, secrets, links, clock, watch, .. } = work;
    OrdersLink::ask(config, work.connection()?, secrets, links, (clock, watch)).await
}

/// Reads what changed at Amazon, and takes every order as far as it goes.
pub(super) async fn orders(work: Work) -> anyhow::Result<Done> {
    let link = link(&work).await?;
    let summary = link.run(&work.store).once().await?;
    let stopped = |state: &State| matches!(state, State::Held | State::Waiting);
    let held = summary.moved.values().filter(|state| stopped(state)).count();
    let counts = json!({ "calls": summary.polled.pages, "new": summary.polled.new,
                         "changed": summary.polled.changed, "moved": summary.moved.len() });
    Ok(done(summary.failures.first(), held, counts))
}

/// Tells Amazon what left.
pub(super) async fn shipments(work: Work) -> anyhow::Result<Done> {
    let link = link(&work).await?;
    let summary = link.run(&work.store).shipments().await?;
    let stopped =
        |state: &shipment::State| matches!(state, shipment::State::Held | shipment::State::Waiting);
    let held = summary.moved.values().filter(|state| stopped(state)).count();
    let counts = json!({ "packs": summary.packs, "moved": summary.moved.len() });
    Ok(done(summary.failures.first(), held, counts))
}

fn done(failure: Option<&(String, anyhow::Error)>, held: usize, counts: serde_json::Value) -> Done {
    let exit = match failure {
        Some((_, error)) => Exit::of(error),
        None if held > 0 => Exit::Held,
        None => Exit::Ok,
    };
    let message = failure
        .map(|(record, error)| format!("{record}: {error:#}"))
        .or_else(|| (held > 0).then(|| format!("{held} wait; `ml-connector status` tells why")));
    Done { exit, counts, message }
}
