//! `[connection.catalog]`: listings against parts.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Connection;
use crate::flow::Flow;
use crate::pipeline::PartsPolicy;
use crate::schedule::Spec;

/// Listings and parts side by side. Without this table a connection does not compare them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Catalog {
    /// The marketplaces, by Amazon's ids; every one in which the account sells when left out.
    pub marketplaces: Vec<String>,
    /// The customers (`CustID`) whose part cross references count; those of the orders when left
    /// out.
    pub customers: Vec<String>,
    /// Whether a settlement waits before it is posted while a SKU in it has no part, or an inactive
    /// one.
    pub hold_settlements: bool,
    /// Whether `catalog accept` writes a part cross reference of each of the customers, too.
    pub write_cross_references: bool,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            marketplaces: Vec::new(),
            customers: Vec::new(),
            hold_settlements: true,
            write_cross_references: false,
        }
    }
}

impl Connection {
    /// When a flow runs: as the schedule says, else as is usual for what is configured.
    #[must_use]
    pub fn runs(&self, flow: &Flow) -> Spec {
        let usual = if (flow.is_configured)(self) { flow.usual } else { "never" };
        self.schedule.of(flow).unwrap_or_else(|| usual.parse().unwrap_or(Spec::Never))
    }

    /// The customers whose part cross references count.
    #[must_use]
    pub fn part_customers(&self) -> Vec<String> {
        let named = self.catalog.as_ref().map(|catalog| catalog.customers.clone());
        let of_orders = || {
            let orders = self.orders.as_ref().map(super::Orders::all_customers);
            orders.into_iter().flatten().map(str::to_owned).collect()
        };
        named.filter(|named| !named.is_empty()).unwrap_or_else(of_orders)
    }

    /// Where the parts of a settlement's SKUs are looked for; `None` when it needs none.
    #[must_use]
    pub fn parts_policy(&self) -> Option<PartsPolicy> {
        self.catalog.as_ref().filter(|catalog| catalog.hold_settlements)?;
        let orders = self.orders.as_ref();
        Some(PartsPolicy {
            customers: self.part_customers(),
            configured: orders.map(|orders| orders.parts.clone()).unwrap_or_default(),
        })
    }
}
