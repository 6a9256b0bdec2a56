//! A shipment confirmation as a document, and Amazon as the system that takes it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sp_api_client::Error;
use sp_api_client::orders_2026_01_01::{FulfillmentStatus, Order, OrderPackage};
use sp_api_client::orders_v0::{Carrier, ConfirmShipment, Package, ShippedItem};

use super::{Document, DocumentTarget, Draft, Seen, Sent};
use crate::amazon::SellerOrders;
use crate::day::begin_of;
use crate::pipeline::posting::Found;

/// That a package of an order left. The pack's number is the package's reference at Amazon, so that
/// telling it again corrects the package and never adds one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipmentConfirmation {
    /// The connection.
    pub connection: String,
    /// 0 at first, then one more for each correction.
    pub revision: u32,
    /// What is confirmed.
    pub package: Shipped,
}

/// What left, of one order in one pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    /// Epicor's `PackNum`.
    pub pack_num: u64,
    /// Amazon's `orderId`.
    pub order_id: String,
    /// Amazon's `marketplaceId`.
    pub marketplace_id: String,
    /// Amazon's carrier code, or the carrier's name.
    pub carrier: ShippedBy,
    /// The first tracking number of the pack.
    pub tracking: String,
    /// Its other tracking numbers: Amazon has room for one.
    pub more_tracking: Vec<String>,
    /// The day that Epicor says.
    pub day: Date,
    /// When the order was made: Amazon takes no earlier ship date.
    pub ordered: Timestamp,
    /// `orderItemId` and pieces, by item.
    pub items: Vec<(String, u32)>,
}

/// Who carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShippedBy {
    /// One of Amazon's carrier codes.
    Code(String),
    /// A carrier that Amazon has no code for.
    Name(String),
}

impl ShipmentConfirmation {
    /// `connection/shipment-confirmation/AmazonOrderId/PackNum/revision`.
    #[must_use]
    pub fn key(&self) -> String {
        let Shipped { order_id, pack_num, .. } = &self.package;
        let (connection, revision) = (&self.connection, self.revision);
        format!("{connection}/shipment-confirmation/{order_id}/{pack_num}/r{revision}")
    }
}

impl Shipped {
    /// The begin of the day, unless the order was made later on it.
    #[must_use]
    pub fn ship_date(&self) -> Timestamp {
        begin_of(self.day).max(self.ordered)
    }

    fn request(&self) -> Result<ConfirmShipment, String> {
        let reference = self.pack_num.try_into().map_err(|_| "the pack has no number")?;
        let carrier = match &self.carrier {
            ShippedBy::Code(code) => Carrier::of_code(code),
            ShippedBy::Name(name) => Carrier::other(name),
        };
        let items = self.items.iter().map(|(id, pieces)| ShippedItem::new(id, *pieces));
        let package = Package::new(reference, carrier, &self.tracking, self.ship_date());
        Ok(ConfirmShipment::new(&self.marketplace_id, package.items(items)))
    }

    /// Whether Amazon has the package as it is here.
    fn is(&self, package: &OrderPackage) -> bool {
        let mut there: Vec<(String, u32)> = package
            .package_items
            .iter()
            .map(|item| (item.order_item_id.clone(), u32::try_from(item.quantity).unwrap_or(0)))
            .collect();
        there.sort();
        package.tracking_number.as_deref() == Some(self.tracking.as_str()) && there == self.items
    }

    /// Whether nothing of what is in the package is still to be shipped at Amazon.
    fn is_fulfilled(&self, order: &Order) -> bool {
        self.items.iter().all(|(id, _)| {
            let item = order.order_items.iter().find(|item| item.order_item_id == *id);
            let left = item.and_then(|item| item.fulfillment.as_ref()?.quantity_unfulfilled);
            left == Some(0)
        })
    }
}

/// Amazon, taking shipment confirmations.
#[derive(Debug, Clone, Copy)]
pub struct AmazonShipments<'a> {
    /// The selling account.
    pub orders: &'a SellerOrders,
    /// Confirmations that Amazon has taken in a feed, by their keys.
    pub fed: &'a BTreeSet<String>,
}

impl AmazonShipments<'_> {
    fn package(draft: &Draft) -> anyhow::Result<&Shipped> {
        match &draft.document {
            Document::ShipmentConfirmation(confirmation) => Ok(&confirmation.package),
            other => anyhow::bail!("Amazon takes no {}", other.kind()),
        }
    }
}

#[async_trait]
impl DocumentTarget for AmazonShipments<'_> {
    async fn look_up(&self, draft: &Draft) -> anyhow::Result<Seen> {
        let shipped = Self::package(draft)?;
        let seen = |found, note: &str| Seen {
            found,
            number: Some(shipped.pack_num.to_string()),
            note: note.to_owned(),
        };
        if self.fed.contains(&draft.key) {
            return Ok(seen(Found::Entered, "taken in a feed"));
        }
        let Some(order) = self.orders.with_packages(&shipped.order_id).await? else {
            return Ok(seen(Found::Different, "Amazon does not know the order any more"));
        };
        let reference = shipped.pack_num.to_string();
        let ours = order.packages.iter().find(|package| package.package_reference_id == reference);
        // A feed names no reference: its packages are known by their tracking number.
        let same = order.packages.iter().any(|package| shipped.is(package));
        let status = order.fulfillment.as_ref().map(|f| &f.fulfillment_status);
        Ok(match (same, ours) {
            (true, _) => seen(Found::Entered, ""),
            // It is written again, which corrects it.
            (false, Some(_)) => seen(Found::Absent, "Amazon has the package otherwise"),
            (false, None) if status == Some(&FulfillmentStatus::Cancelled) => seen(
                Found::Different,
                "the order is cancelled at Amazon; whoever ships stops the parcel or books it as \
                 returned",
            ),
            (false, None) if shipped.is_fulfilled(&order) => {
                seen(Found::Entered, "it was already fulfilled at Amazon")
            }
            (false, None) => seen(Found::Absent, ""),
        })
    }

    async fn write(&self, draft: &Draft, _: Timestamp) -> Sent {
        let request = match Self::package(draft) {
            Ok(shipped) => shipped.request().map(|request| (&shipped.order_id, request)),
            Err(error) => Err(error.to_string()),
        };
        match request {
            Err(why) => Sent::Refused(why),
            Ok((id, request)) => match self.orders.confirm(id, &request).await {
                Ok(()) => Sent::Done,
                Err(error) => sent(error),
            },
        }
    }

    async fn post(&self, _: &Draft, _: Timestamp) -> Sent {
        Sent::Refused("a confirmation is not posted".to_owned())
    }

    /// What Amazon was told cannot be untold; there is nothing half made.
    async fn remove(&self, _: &Draft, _: Timestamp) -> Sent {
        Sent::Done
    }

    async fn count(&self, draft: &Draft) -> anyhow::Result<u32> {
        let found = self.look_up(draft).await?.found;
        Ok(u32::from(found == Found::Entered))
    }
}

/// What an error says about a confirmation.
fn sent(error: Error) -> Sent {
    let fulfilled = |told: &str| told.to_ascii_lowercase().contains("already fulfilled");
    let outcome = match &error {
        // The look-up that follows tells whether it is so.
        Error::BadRequest(refusal) if fulfilled(refusal.message.as_deref().unwrap_or_default()) => {
            return Sent::Done;
        }
        Error::Throttled(_) | Error::Login { .. } => Sent::NotSent,
        Error::OutcomeUnknown { .. } | Error::Unreachable { .. } | Error::Server(_) => {
            Sent::Unknown
        }
        _ => Sent::Refused,
    };
    outcome(format!("{:#}", anyhow::Error::from(error)))
}
