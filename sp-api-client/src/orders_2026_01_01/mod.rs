//! The Orders API, version 2026-01-01: finding orders and reading them.
//!
//! One call gives an order with its items, and whatever else [`IncludedData`] asks for. What is
//! about the buyer comes without a restricted data token, if the application has the role for it;
//! without the role it is simply missing. Shipments are confirmed with version 0
//! ([`orders_v0`](crate::orders_v0)), which has no successor for that.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use sp_api_client::orders_2026_01_01::{FulfillmentStatus, IncludedData, SearchOrders};
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let query = SearchOrders::updated_since("2026-11-01T00:00:00Z".parse().unwrap())
//!     .fulfillment_statuses([FulfillmentStatus::Unshipped])
//!     .included_data([IncludedData::Proceeds, IncludedData::Recipient]);
//! let mut orders = std::pin::pin!(client.orders().search_orders_stream(query));
//! while let Some(order) = orders.try_next().await? {
//!     println!("{}: {} lines", order.order_id, order.order_items.len());
//! }
//! # Ok(())
//! # }
//! ```

mod get_order;
mod model;
mod search_orders;

use crate::Client;
use crate::text::open_enum;

pub use model::*;
pub use search_orders::{OrdersPage, SearchOrders};

open_enum! {
    /// What to tell of an order beyond the order and its items (`includedData`).
    IncludedData {
        /// `BUYER`.
        Buyer = "BUYER",
        /// `RECIPIENT`: the address.
        Recipient = "RECIPIENT",
        /// `PROCEEDS`: the money of the order and its items.
        Proceeds = "PROCEEDS",
        /// `EXPENSE`: points given.
        Expense = "EXPENSE",
        /// `PROMOTION`.
        Promotion = "PROMOTION",
        /// `CANCELLATION`.
        Cancellation = "CANCELLATION",
        /// `FULFILLMENT`: how far it is.
        Fulfillment = "FULFILLMENT",
        /// `PACKAGES`: those that the seller ships.
        Packages = "PACKAGES",
        /// `TAX`.
        Tax = "TAX",
        /// `PAYMENT`.
        Payment = "PAYMENT",
        /// `FULFILLMENT_ORDERS`.
        FulfillmentOrders = "FULFILLMENT_ORDERS",
    }
}

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Orders<'a> {
    client: &'a Client,
}

impl Client {
    /// The Orders API, version 2026-01-01.
    #[must_use]
    pub fn orders(&self) -> Orders<'_> {
        Orders { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["orders", "2026-01-01"];
