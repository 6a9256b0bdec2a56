//! The Catalog Items API, version 2022-04-01: what Amazon's catalogue says about an item.
//!
//! ```no_run
//! # use sp_api_client::catalog_items_2022_04_01::{IncludedData, SearchCatalogItems};
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let search = SearchCatalogItems::identified("EAN", ["4006381333931"], "A1PA6795UKMFR9")
//!     .included_data([IncludedData::Summaries, IncludedData::Dimensions]);
//! for item in client.catalog_items().search_catalog_items(&search).await?.items {
//!     println!("{}: {:?}", item.asin, item.summaries.first().map(|summary| &summary.item_name));
//! }
//! # Ok(())
//! # }
//! ```

mod get_catalog_item;
mod model;
mod search_catalog_items;
#[cfg(test)]
mod tests;

use std::time::Duration;

use wire::Plan;

use crate::Client;
use crate::text::open_enum;

pub use get_catalog_item::GetCatalogItem;
pub use model::*;
pub use search_catalog_items::{
    BrandRefinement, CatalogPage, ClassificationRefinement, Refinements, SearchCatalogItems,
};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct CatalogItems<'a> {
    client: &'a Client,
}

impl Client {
    /// The Catalog Items API, version 2022-04-01.
    #[must_use]
    pub fn catalog_items(&self) -> CatalogItems<'_> {
        CatalogItems { client: self }
    }
}

open_enum! {
    /// A part of an item that can be asked for (`includedData`).
    IncludedData {
        /// `attributes`: all there is, as JSON.
        Attributes = "attributes",
        /// `classifications`.
        Classifications = "classifications",
        /// `dimensions`.
        Dimensions = "dimensions",
        /// `identifiers`.
        Identifiers = "identifiers",
        /// `images`.
        Images = "images",
        /// `productTypes`.
        ProductTypes = "productTypes",
        /// `relationships`.
        Relationships = "relationships",
        /// `salesRanks`.
        SalesRanks = "salesRanks",
        /// `summaries`: what comes unless something else is asked for.
        Summaries = "summaries",
        /// `vendorDetails`: for vendors alone.
        VendorDetails = "vendorDetails",
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 3] = ["catalog", "2022-04-01", "items"];
/// 2 a second, for each of the two operations on its own.
const PLAN: Plan = Plan { interval: Duration::from_millis(500), burst: 2 };
