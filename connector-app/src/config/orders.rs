//! `[connection.orders]`: which orders become sales orders, and how.

use std::collections::BTreeMap;

use epicor_odata_client::shipment::ShippedWhen;
use jiff::SignedDuration;
use jiff::civil::Date;
use ledger_mapper::{ChargeCodes, FulfilledBy, OrderPolicy, SkuPart};
use schemars::JsonSchema;
use serde::Deserialize;

/// Orders in, shipments out. Without this table a connection has neither.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Orders {
    /// The first day whose orders are wanted. Amazon keeps two years.
    #[schemars(with = "String")]
    pub since: Date,
    /// The customer (`CustID`) of each marketplace's orders, by its name, such as "Amazon.de".
    #[serde(default)]
    pub customers: BTreeMap<String, String>,
    /// The customer of every other marketplace.
    pub other_customer: Option<String>,
    /// What to do with orders that Amazon ships.
    #[serde(default)]
    pub fba: Fba,
    /// Where orders go that the seller ships.
    #[serde(default)]
    pub ship_to: ShipToPolicy,
    /// What becomes of a sales order whose Amazon order is cancelled.
    #[serde(default)]
    pub cancelled: Cancelled,
    /// The miscellaneous charges (`MiscCode`).
    #[serde(default)]
    pub charges: Charges,
    /// How many decimals a unit price may have on this Epicor.
    #[serde(default = "default_price_decimals")]
    pub price_decimals: u32,
    /// A tax region (`TaxRegionCode`) without taxes: Amazon has charged the buyer already.
    pub tax_region: Option<String>,
    /// `ShipViaCode` of the orders; the customer's when left out.
    pub ship_via: Option<String>,
    /// `TermsCode` of Amazon Business orders on net terms; the customer's when left out.
    pub net_terms: Option<String>,
    /// The number (`CountryNum`) of each country, by its ISO 3166 code, for one-time ship-tos.
    #[serde(default)]
    pub countries: BTreeMap<String, i64>,
    /// The part of each SKU that is not in Epicor's customer part cross references.
    #[serde(default)]
    pub parts: BTreeMap<String, MappedPart>,
    /// How far windows of the last change overlap, in minutes.
    #[serde(default = "default_overlap_minutes")]
    pub overlap_minutes: u32,
    /// The longest window that is read at once, in days.
    #[serde(default = "default_window_days")]
    pub window_days: u32,
    /// From how many days back the first run has Amazon report its orders, and then reads only those that
    /// are wanted one by one; a shorter time is searched.
    #[serde(default = "default_report_after_days")]
    pub report_after_days: u32,
    /// Amazon's name for each carrier, by Epicor's `ShipViaCode`.
    #[serde(default)]
    pub carriers: BTreeMap<String, MappedCarrier>,
    /// When a pack counts as gone.
    #[serde(default)]
    pub shipped_when: GoneWhen,
    /// From how many shipments at once Amazon is told in a feed.
    #[serde(default = "default_feed_from")]
    pub feed_from: u32,
    /// How many days after it left, or had to leave, an order's money is expected in a settlement.
    #[serde(default = "default_due_days")]
    pub due_days: u32,
}

/// What to do with orders that Amazon ships.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fba {
    /// Nothing: their money comes with the settlement.
    #[default]
    Skip,
    /// They become sales orders, too. Nobody ships them from Epicor; they stay open there.
    Order,
    /// They become sales orders, and one pack each in Epicor once Amazon says that all of it has left.
    #[serde(rename = "order+ship")]
    OrderAndShip,
}

/// Where orders go that the seller ships.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ShipToPolicy {
    /// To the buyer, as a one-time ship-to. Needs Amazon's role for personal data.
    #[default]
    OneTime,
    /// To the customer's own address; no personal data is read.
    Customer,
}

/// What becomes of a sales order whose Amazon order is cancelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cancelled {
    /// It is closed.
    #[default]
    Close,
    /// It is deleted, unless something of it was shipped; then it is closed.
    Delete,
}

/// The codes of the miscellaneous charges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Charges {
    /// Shipping that the buyer pays.
    pub shipping: Option<String>,
    /// Discounts on shipping.
    pub shipping_discount: Option<String>,
    /// Gift wrapping.
    pub gift_wrap: Option<String>,
    /// Cash on delivery and the like.
    pub other: Option<String>,
}

/// A part by its number, or with its unit and how many of them one SKU is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum MappedPart {
    /// One piece, in the part's own sales unit.
    Number(String),
    /// Spelled out.
    Full(FullPart),
}

/// A part spelled out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FullPart {
    /// `PartNum`.
    pub part: String,
    /// The unit it is sold in; the part's own sales unit when left out.
    pub unit: Option<String>,
    /// How many of that unit one SKU is.
    #[serde(default = "one")]
    pub multiple: u32,
}

impl MappedPart {
    /// Part number, unit and multiple.
    #[must_use]
    pub fn parts(&self) -> (&str, Option<&str>, u32) {
        match self {
            Self::Number(part) => (part, None, 1),
            Self::Full(full) => (&full.part, full.unit.as_deref(), full.multiple),
        }
    }
}

/// A carrier as Amazon calls it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum MappedCarrier {
    /// One of Amazon's carrier codes.
    Code(String),
    /// A carrier without a code.
    Other(OtherCarrier),
}

/// A carrier that Amazon has no code for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherCarrier {
    /// Its name, as the buyer should read it.
    pub other: String,
}

/// When a pack counts as gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GoneWhen {
    /// `ShipStatus` is SHIPPED.
    Shipped,
    /// It is ready to be invoiced.
    ReadyToInvoice,
    /// Either.
    #[default]
    Either,
}

impl From<GoneWhen> for ShippedWhen {
    fn from(gone: GoneWhen) -> Self {
        match gone {
            GoneWhen::Shipped => Self::Shipped,
            GoneWhen::ReadyToInvoice => Self::ReadyToInvoice,
            GoneWhen::Either => Self::Either,
        }
    }
}

const fn default_price_decimals() -> u32 {
    5
}

const fn default_overlap_minutes() -> u32 {
    60
}

const fn default_window_days() -> u32 {
    30
}

const fn default_report_after_days() -> u32 {
    30
}

const fn default_feed_from() -> u32 {
    50
}

const fn default_due_days() -> u32 {
    30
}

const fn one() -> u32 {
    1
}

impl Orders {
    /// The policy for [`ledger_mapper::order_step`], with what these SKUs are.
    #[must_use]
    pub fn policy(&self, parts: BTreeMap<String, SkuPart>) -> OrderPolicy {
        let all = [FulfilledBy::Merchant, FulfilledBy::Amazon];
        let charges = self.charges.clone();
        OrderPolicy {
            customers: self.customers.clone(),
            other_customer: self.other_customer.clone(),
            parts,
            wanted: all.into_iter().filter(|by| self.wants(*by)).collect(),
            one_time_ship_to: self.ship_to == ShipToPolicy::OneTime,
            charges: ChargeCodes {
                shipping: charges.shipping,
                shipping_discount: charges.shipping_discount,
                gift_wrap: charges.gift_wrap,
                other: charges.other,
            },
            price_decimals: self.price_decimals,
        }
    }

    /// Whether orders that one of the two ships become sales orders.
    #[must_use]
    pub fn wants(&self, fulfilled_by: FulfilledBy) -> bool {
        fulfilled_by == FulfilledBy::Merchant || self.fba != Fba::Skip
    }

    /// The customer of a marketplace's orders.
    #[must_use]
    pub fn customer(&self, marketplace: &str) -> Option<&str> {
        self.customers.get(marketplace).or(self.other_customer.as_ref()).map(String::as_str)
    }

    /// Every customer, once.
    #[must_use]
    pub fn all_customers(&self) -> Vec<&str> {
        let mut all: Vec<&str> =
            self.customers.values().chain(&self.other_customer).map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How long an order's money may take.
    #[must_use]
    pub fn due_after(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.due_days))
    }

    /// How far windows overlap.
    #[must_use]
    pub fn overlap(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.overlap_minutes))
    }

    /// How far back a first run searches; what is further back is reported.
    #[must_use]
    pub fn report_after(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.report_after_days))
    }

    /// The longest window that is read at once; a day at least.
    #[must_use]
    pub fn window(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.window_days.max(1)))
    }
}
