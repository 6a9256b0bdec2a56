//! Shipments: packs with their lines and tracking numbers. Read only.
//!
//! A pack can hold lines of several orders, and an order several packs. Which condition means
//! "gone" is the company's habit: see [`ShippedWhen`].

mod pack;
mod shipped;

pub use pack::{Pack, PackLine};
pub use shipped::{Shipment, ShippedQuery, ShippedWhen};
