//! What all work on the orders and shipments of one connection has at hand.

use std::collections::BTreeSet;

use settlement_model::Marketplace;
use store::Store;
use wire::Clock;

use super::{Requested, Site, Watch};
use crate::amazon::{ReportsOnRequest, SellerOrders};
use crate::config::Orders;
use crate::ledger::EpicorLedger;

/// One connection's orders: its two systems, its state, its configuration.
#[derive(Clone, Copy)]
pub struct OrderWork<'a> {
    /// The connection.
    pub site: &'a Site,
    /// Its configuration of orders.
    pub setting: &'a Orders,
    /// Its state.
    pub store: &'a Store,
    /// Its selling account.
    pub amazon: &'a SellerOrders,
    /// Its company.
    pub ledger: &'a EpicorLedger,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Told what is going on.
    pub watch: &'a dyn Watch,
}

impl std::fmt::Debug for OrderWork<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderWork").field("site", &self.site).finish_non_exhaustive()
    }
}

/// createReport takes no more.
const MARKETPLACES_MAX: usize = 25;

impl OrderWork<'_> {
    /// The marketplaces whose orders are reported: those that the configuration names, or all in which
    /// the account sells. Whichever are named, the report is of the whole region.
    pub(crate) async fn reported_marketplaces(
        &self,
        amazon: &ReportsOnRequest,
    ) -> anyhow::Result<Vec<String>> {
        let named = self.setting.customers.keys();
        let named = named.filter_map(|name| Some(Marketplace::by_name(name)?.id.to_owned()));
        let mut all: BTreeSet<String> = named.collect();
        if all.is_empty() {
            all.extend(amazon.marketplaces().await?);
        }
        anyhow::ensure!(
            !all.is_empty(),
            "the account sells in no marketplace; the administrator names some in `orders.customers`"
        );
        Ok(all.into_iter().take(MARKETPLACES_MAX).collect())
    }

    /// What has reports of the connection's orders made.
    pub(crate) fn requested<'b>(&'b self, amazon: &'b ReportsOnRequest) -> Requested<'b> {
        Requested {
            connection: &self.site.connection,
            store: self.store,
            amazon,
            clock: self.clock,
            watch: self.watch,
        }
    }
}
