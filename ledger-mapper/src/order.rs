//! Amazon orders to drafts of sales orders.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use settlement_model::{Currency, Money};

mod changes;
mod decide;
mod draft;
mod hold;
mod price;

pub use changes::OrderChange;
pub use decide::{OrderStep, order_step};
pub use hold::OrderHold;

/// An order as Amazon's Orders API (2026-01-01) tells it, as far as a sales order needs it.
///
/// Its serialised form is without the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmazonOrder {
    /// `orderId`: 3, 7 and 7 digits.
    pub id: String,
    /// `createdTime`.
    pub created: Timestamp,
    /// `salesChannel.marketplaceName`, such as "Amazon.de".
    pub marketplace: String,
    /// `fulfillment.fulfilledBy`.
    pub fulfilled_by: FulfilledBy,
    /// `fulfillment.fulfillmentStatus`.
    pub status: OrderStatus,
    /// The end of `fulfillment.shipByWindow`.
    pub ship_by: Option<Timestamp>,
    /// `recipient.deliveryAddress`; missing if Amazon withholds it.
    #[serde(skip)]
    pub ship_to: Option<ShipTo>,
    /// The currency of every amount.
    pub currency: Currency,
    /// `proceeds.grandTotal`, if Amazon states it.
    pub grand_total: Option<Money>,
    /// `orderItems`.
    pub items: Vec<OrderItem>,
}

/// Who ships an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FulfilledBy {
    /// `AMAZON`: from stock in Amazon's warehouses.
    Amazon,
    /// `MERCHANT`: the seller.
    Merchant,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// `PENDING_AVAILABILITY` and `PENDING`: without prices yet.
    Pending,
    /// `UNSHIPPED`.
    Unshipped,
    /// `PARTIALLY_SHIPPED`.
    PartiallyShipped,
    /// `SHIPPED`.
    Shipped,
    /// `CANCELLED`.
    Cancelled,
    /// `UNFULFILLABLE`: Amazon cannot ship it.
    Unfulfillable,
}

/// One item of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderItem {
    /// `orderItemId`.
    pub id: String,
    /// `product.sellerSku`.
    pub sku: String,
    /// `product.title`.
    pub title: String,
    /// How many are to be delivered: `quantityOrdered` less what was cancelled.
    pub quantity: u32,
    /// What the buyer pays for the item: `proceeds.breakdowns`.
    pub proceeds: Proceeds,
}

/// The `proceeds.breakdowns` of an item, in all for its quantity. A type that Amazon does not list
/// is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proceeds {
    /// `ITEM`: the price of all pieces, before discounts.
    pub item: Money,
    /// `SHIPPING`.
    pub shipping: Money,
    /// `GIFT_WRAP`.
    pub gift_wrap: Money,
    /// `COD_FEE` and `OTHER`.
    pub other: Money,
    /// `DISCOUNT` on the item. Its sign does not matter: a discount always lowers the price.
    pub item_discount: Money,
    /// `DISCOUNT` with the subtype `SHIPPING`, of either sign.
    pub shipping_discount: Money,
    /// `TAX`.
    pub tax: Money,
    /// Whether `tax.taxCollections` says that the marketplace remits the tax itself.
    pub tax_remitted_by_marketplace: bool,
}

impl Proceeds {
    /// An item of which only the price is known so far.
    #[must_use]
    pub fn of_item(item: Money) -> Self {
        let zero = Money::zero(item.currency());
        Self {
            item,
            shipping: zero,
            gift_wrap: zero,
            other: zero,
            item_discount: zero,
            shipping_discount: zero,
            tax: zero,
            tax_remitted_by_marketplace: true,
        }
    }
}

/// Where an order is sent, for this order alone: personal data of the buyer.
///
/// Its debug form names only the country.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipTo {
    /// `name`.
    pub name: String,
    /// `companyName` and `addressLine1` to `addressLine3`, as far as they are filled.
    pub lines: Vec<String>,
    /// `city`.
    pub city: String,
    /// `stateOrRegion`.
    pub state: Option<String>,
    /// `postalCode`.
    pub postal_code: Option<String>,
    /// `countryCode`, ISO 3166.
    pub country: String,
    /// `phone`.
    pub phone: Option<String>,
}

impl std::fmt::Debug for ShipTo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShipTo").field("country", &self.country).finish_non_exhaustive()
    }
}

/// How orders become sales orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPolicy {
    /// The customer of orders from a marketplace: one account for all its buyers.
    pub customers: BTreeMap<String, String>,
    /// The customer of a marketplace that `customers` does not name.
    pub other_customer: Option<String>,
    /// What a SKU is in the company's own stock.
    pub parts: BTreeMap<String, SkuPart>,
    /// Who ships the orders that are wanted; others are left to the settlement.
    pub wanted: Vec<FulfilledBy>,
    /// Whether an order that the seller ships goes to the buyer's address, as a one-time ship-to;
    /// otherwise it goes where the customer's orders go.
    pub one_time_ship_to: bool,
    /// The miscellaneous charges.
    pub charges: ChargeCodes,
    /// How many decimals a unit price may have in the sales order.
    pub price_decimals: u32,
}

/// The codes of the miscellaneous charges that a sales order may have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChargeCodes {
    /// Shipping that the buyer pays.
    pub shipping: Option<String>,
    /// Discounts on shipping.
    pub shipping_discount: Option<String>,
    /// Gift wrapping.
    pub gift_wrap: Option<String>,
    /// Cash on delivery and the like.
    pub other: Option<String>,
}

/// The part behind a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuPart {
    /// The part's number.
    pub part: String,
    /// The unit of measure it is sold in.
    pub uom: String,
    /// How many of that unit one SKU is: 6 if the SKU is a pack of six. At least 1.
    pub multiple: u32,
}

/// A sales order, ready to be entered.
///
/// Its lines less their discounts and with the charges are its `total`, to the cent. Tax is not in
/// it: Amazon has charged the buyer, so the sales order must not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrderDraft {
    /// Amazon's order id, which goes into the customer's purchase-order number.
    pub po_number: String,
    /// The customer, by the marketplace.
    pub customer: String,
    /// The day of the order in the zone given.
    pub date: Date,
    /// The day to ship by in that zone.
    pub ship_by: Option<Date>,
    /// The one-time address; none for orders that Amazon ships.
    pub ship_to: Option<ShipTo>,
    /// Who ships.
    pub fulfilled_by: FulfilledBy,
    /// The currency of every amount.
    pub currency: Currency,
    /// The lines, in the order of Amazon's items.
    pub lines: Vec<DraftLine>,
    /// The miscellaneous charges by kind; none that is zero.
    pub charges: Vec<DraftCharge>,
    /// What the buyer pays without tax.
    pub total: Money,
    /// The tax that Amazon collected and remits itself. For information; not charged again.
    pub tax_remitted_by_marketplace: Money,
    /// The tax that Amazon collected and the seller remits. It comes with the settlement; not
    /// charged again.
    pub tax_remitted_by_seller: Money,
}

/// A line of a sales order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// Amazon's id of the item. Two lines have one id if no unit price fits the item's price: see
    /// `share`.
    pub item: String,
    /// Which of the item's lines it is, from 1.
    pub share: u32,
    /// The seller's SKU.
    pub sku: String,
    /// The part's number.
    pub part: String,
    /// The unit of measure.
    pub uom: String,
    /// How many of that unit, kits multiplied out.
    pub quantity: u64,
    /// How many of that unit one piece of Amazon's is.
    pub multiple: u32,
    /// The price of one unit. Times the quantity, and rounded to the currency, it is `amount`.
    #[serde(with = "crate::form::decimal")]
    pub unit_price: Decimal,
    /// The price of the line before its discount.
    pub amount: Money,
    /// The discount on the line; zero or above.
    pub discount: Money,
}

/// A miscellaneous charge of a sales order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCharge {
    /// What is charged.
    pub kind: ChargeKind,
    /// The charge's code in the ledger.
    pub code: String,
    /// The amount; below zero for a discount.
    pub amount: Money,
}

/// What a miscellaneous charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeKind {
    /// Shipping that the buyer pays.
    Shipping,
    /// Discounts on shipping.
    ShippingDiscount,
    /// Gift wrapping.
    GiftWrap,
    /// Cash on delivery and the like.
    Other,
}

impl std::fmt::Display for ChargeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Shipping => "shipping",
            Self::ShippingDiscount => "a discount on shipping",
            Self::GiftWrap => "gift wrapping",
            Self::Other => "cash on delivery or the like",
        })
    }
}
