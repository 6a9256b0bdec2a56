//! `updateShipmentStatus`: an order that the buyer collects.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;
use wire::{Class, Plan};

use super::{OrderId, OrdersV0, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};
use crate::text::open_enum;

open_enum! {
    /// How far a collected order is (`shipmentStatus`).
    ShipmentStatus {
        /// `ReadyForPickup`: it waits for the buyer.
        ReadyForPickup = "ReadyForPickup",
        /// `PickedUp`: the buyer has it.
        PickedUp = "PickedUp",
        /// `RefusedPickup`: the buyer did not take it.
        RefusedPickup = "RefusedPickup",
    }
}

/// How far an order is that the buyer collects (`UpdateShipmentStatusRequest`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateShipmentStatus {
    marketplace_id: String,
    shipment_status: ShipmentStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    order_items: Vec<OrderItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderItem {
    order_item_id: String,
    quantity: u32,
}

impl UpdateShipmentStatus {
    /// This status, of a whole order of this marketplace (`marketplaceId`).
    #[must_use]
    pub fn new(marketplace_id: impl Into<String>, status: ShipmentStatus) -> Self {
        let marketplace_id = marketplace_id.into();
        Self { marketplace_id, shipment_status: status, order_items: Vec::new() }
    }

    /// Only so many pieces of these lines (`orderItems`), by their `orderItemId`.
    #[must_use]
    pub fn items(mut self, items: impl IntoIterator<Item = (impl Into<String>, u32)>) -> Self {
        let items = items.into_iter();
        let item = items.map(|(id, quantity)| OrderItem { order_item_id: id.into(), quantity });
        self.order_items = item.collect();
        self
    }
}

struct Update<'a> {
    order_id: &'a OrderId,
    update: &'a UpdateShipmentStatus,
}

impl Call for Update<'_> {
    const OPERATION: Operation = Operation {
        name: "updateShipmentStatus",
        // It sets a status, which is the same after the second time.
        class: Class::Idempotent,
        // 5 a second.
        plan: Plan { interval: Duration::from_millis(200), burst: 15 },
    };
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        if self.update.marketplace_id.is_empty() {
            let reason = "the service wants a marketplace";
            return Err(Error::InvalidParameter { parameter: "marketplaceId", reason });
        }
        let id = call::path_id("orderId", self.order_id.as_str())?;
        let url = call::address(base, &ROOT, &[id, "shipment"])?;
        call::json(Method::POST, &url, self.update)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl OrdersV0<'_> {
    /// `updateShipmentStatus`: tells Amazon how far an order is that the buyer collects.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] without a marketplace or an order, and those of any call.
    pub async fn update_shipment_status(
        self,
        order_id: &OrderId,
        update: &UpdateShipmentStatus,
    ) -> Result<(), Error> {
        self.client.call(&Update { order_id, update }).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::call::testing::{body, line};

    #[test]
    fn a_whole_order_or_some_pieces_of_it() {
        let order_id = OrderId::new("1-2-3");
        let update = UpdateShipmentStatus::new("A", ShipmentStatus::ReadyForPickup);
        let call = Update { order_id: &order_id, update: &update };
        assert_eq!(line(&call).unwrap(), "POST /orders/v0/orders/1-2-3/shipment");
        let whole = json!({"marketplaceId": "A", "shipmentStatus": "ReadyForPickup"});
        assert_eq!(body(&call), whole);
        let update = UpdateShipmentStatus::new("A", ShipmentStatus::PickedUp).items([("7", 2)]);
        let sent = body(&Update { order_id: &order_id, update: &update });
        assert_eq!(sent["orderItems"], json!([{"orderItemId": "7", "quantity": 2}]));
    }
}
