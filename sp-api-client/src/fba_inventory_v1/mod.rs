//! The FBA Inventory API, version 1: what Amazon's warehouses hold.
//!
//! ```no_run
//! # use futures_util::TryStreamExt;
//! # use sp_api_client::fba_inventory_v1::GetInventorySummaries;
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let all = GetInventorySummaries::of_marketplace("ATVPDKIKX0DER").details();
//! let mut stock = std::pin::pin!(client.fba_inventory().get_inventory_summaries_stream(all));
//! while let Some(item) = stock.try_next().await? {
//!     println!("{:?}: {:?}", item.seller_sku, item.total_quantity);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! `createInventoryItem`, `addInventory` and `deleteInventoryItem` exist in the sandbox alone and
//! are left out.

mod get_inventory_summaries;
mod model;

use crate::Client;

pub use get_inventory_summaries::GetInventorySummaries;
pub use model::{
    InventoryDetails, InventorySummary, ResearchingQuantity, ResearchingQuantityEntry,
    ReservedQuantity, UnfulfillableQuantity,
};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct FbaInventory<'a> {
    client: &'a Client,
}

impl Client {
    /// The FBA Inventory API, version 1.
    #[must_use]
    pub fn fba_inventory(&self) -> FbaInventory<'_> {
        FbaInventory { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 3] = ["fba", "inventory", "v1"];
