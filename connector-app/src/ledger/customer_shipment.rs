//! A customer shipment as a document: the pack of an order that Amazon itself has shipped.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// All that is open of a sales order, in one pack that is marked as shipped. Amazon knows of it already, so
/// nothing of it is ever confirmed there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerShipment {
    /// The connection.
    pub connection: String,
    /// Which of the order's documents it is.
    pub revision: u32,
    /// Amazon's `orderId`.
    pub order_id: String,
    /// `OrderNum`.
    pub order_num: i64,
    /// What the sales order's comment starts with while it is ours.
    pub order_token: String,
    /// `ShipDate`: the day on which Amazon told that all of it has left.
    pub day: Date,
}

impl CustomerShipment {
    /// `connection/customer-shipment/AmazonOrderId/revision`.
    #[must_use]
    pub fn key(&self) -> String {
        let Self { connection, order_id, revision, .. } = self;
        format!("{connection}/customer-shipment/{order_id}/r{revision}")
    }
}
