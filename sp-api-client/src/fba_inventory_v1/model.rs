//! The API's objects. Members we do not know are ignored. Quantities are in units.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::json;

/// What there is of one SKU (`InventorySummary`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InventorySummary {
    /// `asin`.
    pub asin: Option<String>,
    /// `fnSku`: Amazon's own identifier of the item in its warehouses.
    pub fn_sku: Option<String>,
    /// `sellerSku`.
    pub seller_sku: Option<String>,
    /// `condition`, like `NewItem`.
    pub condition: Option<String>,
    /// `inventoryDetails`: there when asked for.
    pub inventory_details: Option<InventoryDetails>,
    /// `lastUpdatedTime`. Amazon leaves it empty for what never changed.
    #[serde(default, deserialize_with = "time")]
    pub last_updated_time: Option<Timestamp>,
    /// `productName`.
    pub product_name: Option<String>,
    /// `totalQuantity`: in the warehouses and on the way to them.
    pub total_quantity: Option<i64>,
    /// `stores`.
    #[serde(default, deserialize_with = "json::list")]
    pub stores: Vec<String>,
}

/// A time that may be missing, `null` or empty.
fn time<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(from)?.unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// Where the units are (`InventoryDetails`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InventoryDetails {
    /// `fulfillableQuantity`: can be picked, packed and shipped.
    pub fulfillable_quantity: Option<i64>,
    /// `inboundWorkingQuantity`: in shipments that Amazon was told of.
    pub inbound_working_quantity: Option<i64>,
    /// `inboundShippedQuantity`: in shipments on their way.
    pub inbound_shipped_quantity: Option<i64>,
    /// `inboundReceivingQuantity`: arrived, not yet received.
    pub inbound_receiving_quantity: Option<i64>,
    /// `reservedQuantity`.
    pub reserved_quantity: Option<ReservedQuantity>,
    /// `researchingQuantity`.
    pub researching_quantity: Option<ResearchingQuantity>,
    /// `unfulfillableQuantity`.
    pub unfulfillable_quantity: Option<UnfulfillableQuantity>,
}

/// Units that are promised or moved (`ReservedQuantity`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReservedQuantity {
    /// `totalReservedQuantity`.
    pub total_reserved_quantity: Option<i64>,
    /// `pendingCustomerOrderQuantity`.
    pub pending_customer_order_quantity: Option<i64>,
    /// `pendingTransshipmentQuantity`: between two warehouses.
    pub pending_transshipment_quantity: Option<i64>,
    /// `fcProcessingQuantity`: set aside for something else in the warehouse.
    pub fc_processing_quantity: Option<i64>,
}

/// Units that Amazon is looking for (`ResearchingQuantity`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResearchingQuantity {
    /// `totalResearchingQuantity`.
    pub total_researching_quantity: Option<i64>,
    /// `researchingQuantityBreakdown`.
    #[serde(default, deserialize_with = "json::list")]
    pub researching_quantity_breakdown: Vec<ResearchingQuantityEntry>,
}

/// Units that Amazon is looking for, by how long already (`ResearchingQuantityEntry`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ResearchingQuantityEntry {
    /// `name`: `researchingQuantityInShortTerm` (1 to 10 days), `…InMidTerm` (11 to 20) or
    /// `…InLongTerm` (21 and more).
    pub name: String,
    /// `quantity`.
    pub quantity: i64,
}

/// Units that cannot be sold, by why (`UnfulfillableQuantity`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnfulfillableQuantity {
    /// `totalUnfulfillableQuantity`.
    pub total_unfulfillable_quantity: Option<i64>,
    /// `customerDamagedQuantity`.
    pub customer_damaged_quantity: Option<i64>,
    /// `warehouseDamagedQuantity`.
    pub warehouse_damaged_quantity: Option<i64>,
    /// `distributorDamagedQuantity`.
    pub distributor_damaged_quantity: Option<i64>,
    /// `carrierDamagedQuantity`.
    pub carrier_damaged_quantity: Option<i64>,
    /// `defectiveQuantity`.
    pub defective_quantity: Option<i64>,
    /// `expiredQuantity`.
    pub expired_quantity: Option<i64>,
}
