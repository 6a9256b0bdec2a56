//! Shipments: packs with their lines and tracking numbers, read; and packs made of all that is open of an
//! order, for goods that have left from elsewhere.
//!
//! A pack can hold lines of several orders, and an order several packs. Which condition means
//! "gone" is the company's habit: see [`ShippedWhen`].
//!
//! Epicor numbers packs by itself, so a pack that is made here is found by a token at the start of its
//! `ShipComment`, among the packs of the order's customer. That column is a free text which the first save of
//! the header already has, when no line says yet which order it is of. `ExternalID` is not used: it belongs to
//! Epicor's own external delivery notes. A pack that was begun is finished where it stopped, or deleted; one
//! that has left is never touched.
//!
//! | step | requests |
//! |---|---|
//! | which releases are open | 1 |
//! | header | 3 |
//! | each release | 6 |
//! | marked as shipped | 2 |
//! | reading it back | 3 |

mod document;
mod make;
mod pack;
mod shipped;

pub use document::{NewPack, PackDocument};
pub use pack::{Pack, PackLine};
pub use shipped::{Shipment, ShippedQuery, ShippedWhen};
