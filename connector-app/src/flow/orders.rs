//! The flows `orders` and `shipments`: sales orders in, shipment confirmations out.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;
use store::Store;
use wire::Clock;

use super::{Done, Systems, Work};
use crate::amazon::SellerOrders;
use crate::config::{Config, Connection, Orders, ShipToPolicy};
use crate::connect::Links;
use crate::pipeline::order::State;
use crate::pipeline::{OrderWork, Watch, shipment};
use crate::secrets::Secrets;
use crate::sync::orders::OrdersSummary;
use crate::sync::shipments::ShipmentsSummary;

/// One connection with orders, whose Epicor has answered.
#[derive(Debug)]
pub struct OrdersLink {
    systems: Systems,
    setting: Orders,
    amazon: Arc<SellerOrders>,
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
        time: (&Arc<dyn Clock>, &Arc<dyn Watch>),
    ) -> anyhow::Result<Self> {
        let setting = connection.orders.clone().with_context(|| {
            let name = &connection.name;
            format!("connection {name} has no orders: add a table [connection.orders]")
        })?;
        let mut systems = Systems::open(config, connection, secrets, links, time).await?;
        let amazon = Arc::new(systems.amazon.orders(setting.ship_to == ShipToPolicy::OneTime));
        systems.ledger = systems.ledger.with_addresses(amazon.clone());
        systems.ping().await?;
        Ok(Self { systems, setting, amazon })
    }

    /// The work on the connection's orders.
    #[must_use]
    pub fn work<'a>(&'a self, store: &'a Store) -> OrderWork<'a> {
        let Systems { site, ledger, clock, watch, .. } = &self.systems;
        let (setting, amazon) = (&self.setting, self.amazon.as_ref());
        let (clock, watch) = (clock.as_ref(), watch.as_ref());
        OrderWork { site, setting, store, amazon, ledger, clock, watch }
    }
}

async fn link(work: &Work) -> anyhow::Result<OrdersLink> {
    let Work { config, secrets, links, clock, watch, .. } = work;
    OrdersLink::ask(config, work.connection()?, secrets, links, (clock, watch)).await
}

/// Reads what changed at Amazon, and takes every order as far as it goes.
pub(super) async fn orders(work: Work) -> anyhow::Result<Done> {
    let link = link(&work).await?;
    Ok(orders_done(&link.work(&work.store).once().await?))
}

/// Tells Amazon what left.
pub(super) async fn shipments(work: Work) -> anyhow::Result<Done> {
    let link = link(&work).await?;
    Ok(shipments_done(&link.work(&work.store).shipments().await?))
}

/// What a run over orders came to.
#[must_use]
pub fn orders_done(summary: &OrdersSummary) -> Done {
    let stopped = |state: &&State| matches!(state, State::Held | State::Waiting);
    let held = summary.moved.values().filter(stopped).count();
    let counts = json!({ "calls": summary.polled.pages, "new": summary.polled.new,
                         "changed": summary.polled.changed, "moved": summary.moved.len(),
                         "reported": summary.loaded.reported, "read": summary.loaded.read });
    Done::of(summary.failures.first(), held, counts)
}

/// What a run over shipments came to.
#[must_use]
pub fn shipments_done(summary: &ShipmentsSummary) -> Done {
    use shipment::State as Shipment;
    let stopped = |state: &&Shipment| matches!(state, Shipment::Held | Shipment::Waiting);
    let held = summary.moved.values().filter(stopped).count();
    let counts = json!({ "packs": summary.packs, "moved": summary.moved.len() });
    Done::of(summary.failures.first(), held, counts)
}
