//! `confirmShipment`: a package of an order has left.

use std::num::NonZero;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;
use wire::{Class, Plan};

use super::{OrderId, OrdersV0, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};

#[cfg(test)]
mod tests;

/// The code that stands for any carrier without one.
const OTHER: &str = "Other";
/// The only store with cash on delivery.
const JAPAN: &str = "A1VC38T7YXB528";

/// A package that has left (`ConfirmShipmentRequest`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmShipment {
    marketplace_id: String,
    package_detail: Package,
    #[serde(skip_serializing_if = "Option::is_none")]
    cod_collection_method: Option<&'static str>,
}

impl ConfirmShipment {
    /// This package of an order of this marketplace (`marketplaceId`).
    #[must_use]
    pub fn new(marketplace_id: impl Into<String>, package: Package) -> Self {
        let marketplace_id = marketplace_id.into();
        Self { marketplace_id, package_detail: package, cod_collection_method: None }
    }

    /// The carrier collected the price in cash (`codCollectionMethod` `DirectPayment`): Japan only.
    #[must_use]
    pub fn cash_on_delivery(mut self) -> Self {
        self.cod_collection_method = Some("DirectPayment");
        self
    }
}

/// What is told of a package (`PackageDetail`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Package {
    package_reference_id: String,
    #[serde(flatten)]
    carrier: Carrier,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_method: Option<String>,
    tracking_number: String,
    ship_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_from_supply_source_id: Option<String>,
    order_items: Vec<ShippedItem>,
}

impl Package {
    /// A package, still without items.
    ///
    /// `reference` is the seller's number of it (`packageReferenceId`), unique within the order.
    /// The same number again corrects what was told of that package; another number is another
    /// package.
    #[must_use]
    pub fn new(
        reference: NonZero<u64>,
        carrier: Carrier,
        tracking_number: impl Into<String>,
        ship_date: Timestamp,
    ) -> Self {
        Self {
            package_reference_id: reference.to_string(),
            carrier,
            shipping_method: None,
            tracking_number: tracking_number.into(),
            ship_date: call::time(ship_date),
            ship_from_supply_source_id: None,
            order_items: Vec::new(),
        }
    }

    /// What is in it (`orderItems`): at least one item.
    #[must_use]
    pub fn items(mut self, items: impl IntoIterator<Item = ShippedItem>) -> Self {
        self.order_items = items.into_iter().collect();
        self
    }

    /// The carrier's service (`shippingMethod`).
    #[must_use]
    pub fn shipping_method(mut self, method: impl Into<String>) -> Self {
        self.shipping_method = Some(method.into());
        self
    }

    /// The warehouse it left from (`shipFromSupplySourceId`).
    #[must_use]
    pub fn ship_from_supply_source_id(mut self, id: impl Into<String>) -> Self {
        self.ship_from_supply_source_id = Some(id.into());
        self
    }
}

/// Who carries a package (`carrierCode`, `carrierName`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Carrier {
    carrier_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    carrier_name: Option<String>,
}

impl Carrier {
    /// A carrier that Amazon has a code for.
    #[must_use]
    pub fn of_code(code: impl Into<String>) -> Self {
        Self { carrier_code: code.into(), carrier_name: None }
    }

    /// Any other carrier, by its name.
    #[must_use]
    pub fn other(name: impl Into<String>) -> Self {
        Self { carrier_code: OTHER.to_owned(), carrier_name: Some(name.into()) }
    }
}

/// How many of a line are in a package (`ConfirmShipmentOrderItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippedItem {
    order_item_id: String,
    quantity: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transparency_codes: Vec<String>,
}

impl ShippedItem {
    /// So many pieces of a line. The id is the one of the Orders API; Finances has others.
    #[must_use]
    pub fn new(order_item_id: impl Into<String>, quantity: u32) -> Self {
        Self { order_item_id: order_item_id.into(), quantity, transparency_codes: Vec::new() }
    }

    /// The Transparency codes of the pieces (`transparencyCodes`).
    #[must_use]
    pub fn transparency_codes(
        mut self,
        codes: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.transparency_codes = codes.into_iter().map(Into::into).collect();
        self
    }
}

impl ConfirmShipment {
    /// Refuses what the service would refuse.
    fn check(&self) -> Result<(), Error> {
        let package = &self.package_detail;
        let carrier = &package.carrier;
        let nameless = carrier.carrier_name.as_deref().unwrap_or_default().is_empty();
        let refusals = [
            (self.marketplace_id.is_empty(), "marketplaceId", "the service wants a marketplace"),
            (
                self.cod_collection_method.is_some() && self.marketplace_id != JAPAN,
                "codCollectionMethod",
                "the service takes it for the Japanese store alone",
            ),
            (carrier.carrier_code.is_empty(), "carrierCode", "the service wants a carrier"),
            (
                carrier.carrier_code.eq_ignore_ascii_case(OTHER) && nameless,
                "carrierName",
                "with the carrier code Other the service wants the carrier's name",
            ),
            (
                package.tracking_number.is_empty(),
                "trackingNumber",
                "the service wants a tracking number",
            ),
            (package.order_items.is_empty(), "orderItems", "the service wants at least one item"),
            (
                package.order_items.iter().any(|item| item.order_item_id.is_empty()),
                "orderItemId",
                "this is no id",
            ),
            (
                package.order_items.iter().any(|item| item.quantity == 0),
                "quantity",
                "the service wants at least one piece",
            ),
        ];
        match refusals.into_iter().find(|(refused, ..)| *refused) {
            Some((_, parameter, reason)) => Err(Error::InvalidParameter { parameter, reason }),
            None => Ok(()),
        }
    }
}

struct Confirmation<'a> {
    order_id: &'a OrderId,
    shipment: &'a ConfirmShipment,
}

impl Call for Confirmation<'_> {
    const OPERATION: Operation = Operation {
        name: "confirmShipment",
        // The same package number again corrects the package, and so changes nothing.
        class: Class::Idempotent,
        // 2 a second.
        plan: Plan { interval: Duration::from_millis(500), burst: 10 },
    };
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        self.shipment.check()?;
        let id = call::path_id("orderId", self.order_id.as_str())?;
        let url = call::address(base, &ROOT, &[id, "shipmentConfirmation"])?;
        call::json(Method::POST, &url, self.shipment)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl OrdersV0<'_> {
    /// `confirmShipment`: tells the buyer that a package of the order has left. An order in several
    /// packages takes several calls. Not for orders whose label was bought from Amazon.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call. It is
    /// repeated after what passes: the package number makes that harmless.
    pub async fn confirm_shipment(
        self,
        order_id: &OrderId,
        shipment: &ConfirmShipment,
    ) -> Result<(), Error> {
        self.client.call(&Confirmation { order_id, shipment }).await
    }
}
