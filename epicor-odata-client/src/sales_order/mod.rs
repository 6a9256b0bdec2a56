//! Sales orders: header, one-time ship-to, lines with their releases, miscellaneous charges;
//! looked up by the customer's PO number, changed by line, closed or deleted.
//!
//! Epicor numbers orders by itself and does not keep PO numbers unique, so an order's key is its
//! `PONum` together with the customer; whether it is ours, a token at the start of its
//! `OrderComment` tells. A void order under the same PO number counts as found; to void one there is
//! no method, so an order is cancelled by closing or deleting it.
//!
//! | step | requests |
//! |---|---|
//! | header | 3, one more for a ship-to number, two more for a one-time ship-to |
//! | each line | 5, one more when its release is to be changed |
//! | each charge | 3 |
//! | ready to be calculated, and reading it back | 2 |
//!
//! Prices, quantities and releases of a line are worked out by Epicor's dialogue, line by line:
//! rows that are saved without it lack what it fills in. So the requests grow with the lines, and
//! there is no compact way. Half an order is finished where it stopped; one whose lines, or their
//! releases once they were set, somebody else has changed is left alone.

mod cancel;
mod change;
mod create;
mod document;
mod entered;
mod lines;
mod order;
mod ship_to;
#[cfg(test)]
mod tests;

pub use change::LineChange;
pub use create::OrderEntered;
pub use document::SalesOrderDocument;
pub use entered::{OrderCharge, OrderHead, OrderLine, OrderRelease, SalesOrder};
pub use order::{NewOrderCharge, NewOrderLine, NewSalesOrder, ReleaseFrom};
pub use ship_to::{OneTimeShipTo, ShipTo};

use crate::client::Client;

/// Sales orders of one company. Made by [`Client::sales_orders`].
#[derive(Clone, Copy, Debug)]
pub struct SalesOrders<'a> {
    client: &'a Client,
}

impl Client {
    /// Sales orders: entering, looking up, changing and cancelling them.
    #[must_use]
    pub fn sales_orders(&self) -> SalesOrders<'_> {
        SalesOrders { client: self }
    }
}
