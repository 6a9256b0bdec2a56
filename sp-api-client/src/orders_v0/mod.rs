//! The Orders API, version 0: telling Amazon that something was shipped, or may be.
//!
//! Orders are read with [`Orders`](crate::Orders), version 2026-01-01. The six reads of version 0
//! end on 2027-03-27 and are marked deprecated; what they tell of persons needs a
//! [restricted](crate::Client::restricted) client. What is written here has no newer version.
//!
//! ```no_run
//! use std::num::NonZero;
//!
//! use sp_api_client::orders_v0::{Carrier, ConfirmShipment, OrderId, Package, ShippedItem};
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let package = Package::new(
//!     NonZero::<u64>::MIN,
//!     Carrier::of_code("UPS"),
//!     "1Z999",
//!     "2026-11-20T09:00:00Z".parse().unwrap(),
//! )
//! .items([ShippedItem::new("79039765272157", 1)]);
//! let shipment = ConfirmShipment::new("ATVPDKIKX0DER", package);
//! client.orders_v0().confirm_shipment(&OrderId::new("902-1106328-1059050"), &shipment).await?;
//! # Ok(())
//! # }
//! ```

mod confirm_shipment;
mod get_order;
mod get_order_items;
mod get_order_regulated_info;
mod get_orders;
mod model;
mod update_shipment_status;
mod update_verification_status;

use std::time::Duration;

use wire::Plan;

use crate::Client;

pub use confirm_shipment::{Carrier, ConfirmShipment, Package, ShippedItem};
pub use get_order_items::{GetOrderItems, GetOrderItemsBuyerInfo};
pub use get_orders::{GetOrders, OrdersPage};
pub use model::*;
pub use update_shipment_status::{ShipmentStatus, UpdateShipmentStatus};
pub use update_verification_status::{
    ApprovedAttribute, PrescriptionDetail, UpdateVerificationStatus,
};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct OrdersV0<'a> {
    client: &'a Client,
}

impl Client {
    /// The Orders API, version 0.
    #[must_use]
    pub fn orders_v0(&self) -> OrdersV0<'_> {
        OrdersV0 { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 3] = ["orders", "v0", "orders"];
/// 0.5 a second, for each operation on one order on its own.
const PLAN: Plan = Plan { interval: Duration::from_secs(2), burst: 30 };
