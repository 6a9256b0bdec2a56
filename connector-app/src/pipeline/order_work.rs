//! What all work on the orders and shipments of one connection has at hand.

use store::Store;
use wire::Clock;

use super::{Site, Watch};
use crate::amazon::SellerOrders;
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
