//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::items::{Pagination, ProductTypeByMarketplace, VariationTheme};
use crate::json;
use crate::text::open_enum;

open_enum! {
    /// Whether buyers see a listing, and can buy from it (`status`).
    ListingStatus {
        /// `BUYABLE`.
        Buyable = "BUYABLE",
        /// `DISCOVERABLE`.
        Discoverable = "DISCOVERABLE",
    }
}

open_enum! {
    /// How bad an issue is (`severity`).
    Severity {
        /// `ERROR`: it keeps the listing from working as meant.
        Error = "ERROR",
        /// `WARNING`.
        Warning = "WARNING",
        /// `INFO`.
        Info = "INFO",
    }
}

open_enum! {
    /// What became of a change (`status`).
    SubmissionStatus {
        /// `ACCEPTED`: taken, which is not yet published.
        Accepted = "ACCEPTED",
        /// `INVALID`: not taken; the issues say why.
        Invalid = "INVALID",
        /// `VALID`: a preview that would have been taken.
        Valid = "VALID",
    }
}

/// A listing (`Item`). Parts that were not asked for are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Item {
    /// `sku`.
    pub sku: String,
    /// `summaries`.
    #[serde(default, deserialize_with = "json::list")]
    pub summaries: Vec<SummaryByMarketplace>,
    /// `attributes`: all the listing's attributes, as Amazon writes them.
    pub attributes: Option<Map<String, Value>>,
    /// `issues`.
    #[serde(default, deserialize_with = "json::list")]
    pub issues: Vec<Issue>,
    /// `offers`.
    #[serde(default, deserialize_with = "json::list")]
    pub offers: Vec<OfferByMarketplace>,
    /// `fulfillmentAvailability`.
    #[serde(default, deserialize_with = "json::list")]
    pub fulfillment_availability: Vec<FulfillmentAvailability>,
    /// `procurement`: for vendors alone.
    #[serde(default, deserialize_with = "json::list")]
    pub procurement: Vec<Procurement>,
    /// `relationships`.
    #[serde(default, deserialize_with = "json::list")]
    pub relationships: Vec<RelationshipsByMarketplace>,
    /// `productTypes`.
    #[serde(default, deserialize_with = "json::list")]
    pub product_types: Vec<ProductTypeByMarketplace>,
}

/// What a store shows of it (`ItemSummaryByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SummaryByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `asin`.
    pub asin: Option<String>,
    /// `productType`.
    pub product_type: String,
    /// `conditionType`: like `new_new` or `used_good`.
    pub condition_type: Option<String>,
    /// `status`.
    #[serde(default, deserialize_with = "json::list")]
    pub status: Vec<ListingStatus>,
    /// `fnSku`: Amazon's own identifier of the item in its warehouses.
    pub fn_sku: Option<String>,
    /// `itemName`.
    pub item_name: Option<String>,
    /// `createdDate`.
    pub created_date: Timestamp,
    /// `lastUpdatedDate`.
    pub last_updated_date: Timestamp,
    /// `mainImage`.
    pub main_image: Option<Image>,
}

/// A picture (`ItemImage`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Image {
    /// `link`: its address.
    pub link: String,
    /// `height`: in pixels.
    pub height: u32,
    /// `width`: in pixels.
    pub width: u32,
}

/// What is wrong with a listing (`Issue`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Issue {
    /// `code`.
    pub code: String,
    /// `message`.
    pub message: String,
    /// `severity`.
    pub severity: Severity,
    /// `attributeNames`: the attributes it is about.
    #[serde(default, deserialize_with = "json::list")]
    pub attribute_names: Vec<String>,
    /// `categories`.
    #[serde(default, deserialize_with = "json::list")]
    pub categories: Vec<String>,
    /// `enforcements`: what Amazon does about it.
    pub enforcements: Option<IssueEnforcements>,
    /// `marketplaceIds`.
    #[serde(default, deserialize_with = "json::list")]
    pub marketplace_ids: Vec<String>,
}

/// What Amazon does about an issue (`IssueEnforcements`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IssueEnforcements {
    /// `actions`.
    #[serde(default, deserialize_with = "json::list")]
    pub actions: Vec<IssueEnforcementAction>,
    /// `exemption`.
    pub exemption: IssueExemption,
}

/// One thing that Amazon does (`IssueEnforcementAction`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IssueEnforcementAction {
    /// `action`: like `LISTING_SUPPRESSED`.
    pub action: String,
}

/// Whether and until when nothing is done (`IssueExemption`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IssueExemption {
    /// `status`: `EXEMPT`, `EXEMPT_UNTIL_EXPIRY_DATE` or `NOT_EXEMPT`.
    pub status: String,
    /// `expiryDate`.
    pub expiry_date: Option<Timestamp>,
}

/// What it is sold for (`ItemOfferByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OfferByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `offerType`: `B2C` or `B2B`.
    pub offer_type: String,
    /// `price`.
    pub price: Money,
    /// `points`: in Japan.
    pub points: Option<Points>,
    /// `audience`.
    pub audience: Option<Audience>,
}

/// An amount (`Money`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Money {
    /// `currencyCode`: ISO 4217.
    pub currency_code: String,
    /// `amount`: exactly as written.
    #[serde(with = "json::text")]
    pub amount: Decimal,
}

/// Amazon points (`Points`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Points {
    /// `pointsNumber`.
    pub points_number: i64,
}

/// Who an offer is for (`Audience`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Audience {
    /// `value`.
    pub value: Option<String>,
    /// `displayName`.
    pub display_name: Option<String>,
}

/// How many there are, and with whom (`FulfillmentAvailability`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FulfillmentAvailability {
    /// `fulfillmentChannelCode`: `DEFAULT` is the merchant's own stock.
    pub fulfillment_channel_code: String,
    /// `quantity`.
    pub quantity: Option<u64>,
}

/// What Amazon pays a vendor (`ItemProcurement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Procurement {
    /// `costPrice`.
    pub cost_price: Money,
}

/// What it belongs with (`ItemRelationshipsByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RelationshipsByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `relationships`.
    #[serde(default, deserialize_with = "json::list")]
    pub relationships: Vec<Relationship>,
}

/// What it belongs with (`ItemRelationship`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Relationship {
    /// `type`: `VARIATION` or `PACKAGE_HIERARCHY`.
    pub r#type: String,
    /// `childSkus`.
    #[serde(default, deserialize_with = "json::list")]
    pub child_skus: Vec<String>,
    /// `parentSkus`.
    #[serde(default, deserialize_with = "json::list")]
    pub parent_skus: Vec<String>,
    /// `variationTheme`.
    pub variation_theme: Option<VariationTheme>,
}

/// What became of a change (`ListingsItemSubmissionResponse`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Submission {
    /// `sku`.
    pub sku: String,
    /// `status`.
    pub status: SubmissionStatus,
    /// `submissionId`.
    pub submission_id: String,
    /// `issues`.
    #[serde(default, deserialize_with = "json::list")]
    pub issues: Vec<Issue>,
    /// `identifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub identifiers: Vec<IdentifiersByMarketplace>,
}

/// What it goes by in a store (`ItemIdentifiersByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IdentifiersByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: Option<String>,
    /// `asin`.
    pub asin: Option<String>,
}
