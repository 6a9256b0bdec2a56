//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use crate::items::{Pagination, ProductTypeByMarketplace, VariationTheme};
use crate::json;

/// An item of the catalogue (`Item`). Parts that were not asked for are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Item {
    /// `asin`.
    pub asin: String,
    /// `attributes`: all the item's attributes, as Amazon writes them.
    pub attributes: Option<Map<String, Value>>,
    /// `classifications`.
    #[serde(default, deserialize_with = "json::list")]
    pub classifications: Vec<ClassificationsByMarketplace>,
    /// `dimensions`.
    #[serde(default, deserialize_with = "json::list")]
    pub dimensions: Vec<DimensionsByMarketplace>,
    /// `identifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub identifiers: Vec<IdentifiersByMarketplace>,
    /// `images`.
    #[serde(default, deserialize_with = "json::list")]
    pub images: Vec<ImagesByMarketplace>,
    /// `productTypes`.
    #[serde(default, deserialize_with = "json::list")]
    pub product_types: Vec<ProductTypeByMarketplace>,
    /// `relationships`.
    #[serde(default, deserialize_with = "json::list")]
    pub relationships: Vec<RelationshipsByMarketplace>,
    /// `salesRanks`.
    #[serde(default, deserialize_with = "json::list")]
    pub sales_ranks: Vec<SalesRanksByMarketplace>,
    /// `summaries`.
    #[serde(default, deserialize_with = "json::list")]
    pub summaries: Vec<SummaryByMarketplace>,
    /// `vendorDetails`.
    #[serde(default, deserialize_with = "json::list")]
    pub vendor_details: Vec<VendorDetailsByMarketplace>,
}

/// Where in a store's tree of products it is (`ItemBrowseClassificationsByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClassificationsByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `classifications`.
    #[serde(default, deserialize_with = "json::list")]
    pub classifications: Vec<BrowseClassification>,
}

/// A branch of a store's tree of products (`ItemBrowseClassification`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BrowseClassification {
    /// `displayName`.
    pub display_name: String,
    /// `classificationId`.
    pub classification_id: String,
    /// `parent`: the branch it grows from.
    pub parent: Option<Box<Self>>,
}

/// How large and heavy it is (`ItemDimensionsByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DimensionsByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `item`: the item alone.
    pub item: Option<Dimensions>,
    /// `package`: the item in its package.
    pub package: Option<Dimensions>,
}

/// Measures (`Dimensions`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Dimensions {
    /// `height`.
    pub height: Option<Dimension>,
    /// `length`.
    pub length: Option<Dimension>,
    /// `weight`.
    pub weight: Option<Dimension>,
    /// `width`.
    pub width: Option<Dimension>,
}

/// One measure (`Dimension`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Dimension {
    /// `unit`: like `inches` or `kilograms`.
    pub unit: Option<String>,
    /// `value`: in that unit, exactly as written.
    #[serde(default, with = "json::number::option")]
    pub value: Option<Decimal>,
}

/// Its numbers (`ItemIdentifiersByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IdentifiersByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `identifiers`.
    #[serde(default, deserialize_with = "json::list")]
    pub identifiers: Vec<Identifier>,
}

/// A number it goes by (`ItemIdentifier`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identifier {
    /// `identifierType`: like `EAN`, `UPC`, `ISBN`.
    pub identifier_type: String,
    /// `identifier`.
    pub identifier: String,
}

/// Its pictures (`ItemImagesByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImagesByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `images`.
    #[serde(default, deserialize_with = "json::list")]
    pub images: Vec<Image>,
}

/// A picture (`ItemImage`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Image {
    /// `variant`: `MAIN`, `PT01` to `PT08`, `SWCH`.
    pub variant: String,
    /// `link`: its address.
    pub link: String,
    /// `height`: in pixels.
    pub height: u32,
    /// `width`: in pixels.
    pub width: u32,
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
    /// `childAsins`.
    #[serde(default, deserialize_with = "json::list")]
    pub child_asins: Vec<String>,
    /// `parentAsins`.
    #[serde(default, deserialize_with = "json::list")]
    pub parent_asins: Vec<String>,
    /// `variationTheme`.
    pub variation_theme: Option<VariationTheme>,
}

/// How it sells beside others (`ItemSalesRanksByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SalesRanksByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `classificationRanks`.
    #[serde(default, deserialize_with = "json::list")]
    pub classification_ranks: Vec<ClassificationSalesRank>,
    /// `displayGroupRanks`.
    #[serde(default, deserialize_with = "json::list")]
    pub display_group_ranks: Vec<DisplayGroupSalesRank>,
}

/// Its rank in a branch (`ItemClassificationSalesRank`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClassificationSalesRank {
    /// `classificationId`.
    pub classification_id: String,
    /// `title`.
    pub title: String,
    /// `link`.
    pub link: Option<String>,
    /// `rank`: 1 is the best.
    pub rank: u64,
}

/// Its rank in a department (`ItemDisplayGroupSalesRank`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DisplayGroupSalesRank {
    /// `websiteDisplayGroup`.
    pub website_display_group: String,
    /// `title`.
    pub title: String,
    /// `link`.
    pub link: Option<String>,
    /// `rank`: 1 is the best.
    pub rank: u64,
}

/// What a store shows of it (`ItemSummaryByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SummaryByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `adultProduct`.
    pub adult_product: Option<bool>,
    /// `autographed`.
    pub autographed: Option<bool>,
    /// `brand`.
    pub brand: Option<String>,
    /// `browseClassification`.
    pub browse_classification: Option<BrowseClassification>,
    /// `color`.
    pub color: Option<String>,
    /// `contributors`: authors, actors and the like.
    #[serde(default, deserialize_with = "json::list")]
    pub contributors: Vec<Contributor>,
    /// `itemClassification`: `BASE_PRODUCT`, `PRODUCT_BUNDLE`, `VARIATION_PARENT` or `OTHER`.
    pub item_classification: Option<String>,
    /// `itemName`.
    pub item_name: Option<String>,
    /// `manufacturer`.
    pub manufacturer: Option<String>,
    /// `memorabilia`.
    pub memorabilia: Option<bool>,
    /// `modelNumber`.
    pub model_number: Option<String>,
    /// `packageQuantity`.
    pub package_quantity: Option<u64>,
    /// `partNumber`.
    pub part_number: Option<String>,
    /// `releaseDate`: a date, as Amazon writes it.
    pub release_date: Option<String>,
    /// `size`.
    pub size: Option<String>,
    /// `style`.
    pub style: Option<String>,
    /// `tradeInEligible`.
    pub trade_in_eligible: Option<bool>,
    /// `websiteDisplayGroup`.
    pub website_display_group: Option<String>,
    /// `websiteDisplayGroupName`.
    pub website_display_group_name: Option<String>,
}

/// Somebody who had part in it (`ItemContributor`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Contributor {
    /// `role`.
    pub role: ContributorRole,
    /// `value`: the name.
    pub value: String,
}

/// What part (`ItemContributorRole`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ContributorRole {
    /// `displayName`.
    pub display_name: Option<String>,
    /// `value`.
    pub value: String,
}

/// What a vendor sees of it (`ItemVendorDetailsByMarketplace`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VendorDetailsByMarketplace {
    /// `marketplaceId`.
    pub marketplace_id: String,
    /// `brandCode`.
    pub brand_code: Option<String>,
    /// `manufacturerCode`.
    pub manufacturer_code: Option<String>,
    /// `manufacturerCodeParent`.
    pub manufacturer_code_parent: Option<String>,
    /// `productCategory`.
    pub product_category: Option<VendorDetailsCategory>,
    /// `productGroup`.
    pub product_group: Option<String>,
    /// `productSubcategory`.
    pub product_subcategory: Option<VendorDetailsCategory>,
    /// `replenishmentCategory`: like `BASIC_REPLENISHMENT` or `OBSOLETE`.
    pub replenishment_category: Option<String>,
}

/// A vendor's category (`ItemVendorDetailsCategory`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VendorDetailsCategory {
    /// `displayName`.
    pub display_name: Option<String>,
    /// `value`.
    pub value: Option<String>,
}
