//! The Orders API, version 0: telling Amazon that something was shipped.
//!
//! Orders are read with [`orders_2026_01_01`](crate::orders_2026_01_01); what version 0 has for
//! that ends on 2027-03-27 and is not here. Confirming shipments has no newer version.
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
mod update_shipment_status;

use crate::Client;

pub use crate::orders_2026_01_01::OrderId;
pub use confirm_shipment::{Carrier, ConfirmShipment, Package, ShippedItem};
pub use update_shipment_status::{ShipmentStatus, UpdateShipmentStatus};

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
