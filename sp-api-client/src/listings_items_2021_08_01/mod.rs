//! The Listings Items API, version 2021-08-01: a seller's own listings.
//!
//! ```no_run
//! # use serde_json::json;
//! # use sp_api_client::listings_items_2021_08_01::{Listing, Patch, PatchListing, SubmissionStatus};
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let shoe = Listing::new("A2SELLER", "shoe/red,42", ["ATVPDKIKX0DER"]);
//! let stock = json!({"fulfillment_channel_code": "DEFAULT", "quantity": 7});
//! let patch = PatchListing::new("SHOES", [Patch::replace("/attributes/fulfillment_availability", [stock])]);
//! let preview = client.listings_items().patch_listings_item(&shoe, &patch.clone().preview()).await?;
//! if preview.status == SubmissionStatus::Valid {
//!     client.listings_items().patch_listings_item(&shoe, &patch).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A change that is `ACCEPTED` is not yet published. All of a seller's SKUs come with the report
//! `GET_MERCHANT_LISTINGS_ALL_DATA`: a search shows the first 1,000 alone.

mod delete_listings_item;
mod get_listings_item;
mod listing;
mod model;
mod patch_listings_item;
mod put_listings_item;
mod search_listings_items;
#[cfg(test)]
mod tests;

use crate::Client;
use crate::text::open_enum;

pub use listing::Listing;
pub use model::*;
pub use patch_listings_item::{Patch, PatchListing};
pub use put_listings_item::{PutListing, Requirements};
pub use search_listings_items::{ListingsPage, SearchListingsItems, SortBy};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct ListingsItems<'a> {
    client: &'a Client,
}

impl Client {
    /// The Listings Items API, version 2021-08-01.
    #[must_use]
    pub fn listings_items(&self) -> ListingsItems<'_> {
        ListingsItems { client: self }
    }
}

open_enum! {
    /// A part of a listing that can be asked for (`includedData`).
    IncludedData {
        /// `summaries`: what comes unless something else is asked for.
        Summaries = "summaries",
        /// `attributes`: all there is, as JSON.
        Attributes = "attributes",
        /// `issues`.
        Issues = "issues",
        /// `offers`.
        Offers = "offers",
        /// `fulfillmentAvailability`.
        FulfillmentAvailability = "fulfillmentAvailability",
        /// `procurement`: for vendors alone.
        Procurement = "procurement",
        /// `relationships`.
        Relationships = "relationships",
        /// `productTypes`.
        ProductTypes = "productTypes",
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 3] = ["listings", "2021-08-01", "items"];
