//! The order itself.

use serde::{Deserialize, Serialize};

use super::{Address, BuyerInfo, Money, OrderId, OrderStatus, TaxClassification};
use crate::DateOrTime;
use crate::Personal;
use crate::json;

/// An order (`Order`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Order {
    /// `AmazonOrderId`: like `171-9876543-2109876`.
    pub amazon_order_id: OrderId,
    /// `SellerOrderId`: the seller's own number of the order.
    pub seller_order_id: Option<String>,
    /// `PurchaseDate`: when it was ordered.
    pub purchase_date: DateOrTime,
    /// `LastUpdateDate`: when anything about it changed last.
    pub last_update_date: DateOrTime,
    /// `OrderStatus`.
    pub order_status: OrderStatus,
    /// `FulfillmentChannel`: `MFN` when the seller ships, `AFN` when Amazon does.
    pub fulfillment_channel: Option<String>,
    /// `SalesChannel`.
    pub sales_channel: Option<String>,
    /// `OrderChannel`.
    pub order_channel: Option<String>,
    /// `ShipServiceLevel`.
    pub ship_service_level: Option<String>,
    /// `OrderTotal`: what the buyer pays; missing while it is pending.
    pub order_total: Option<Money>,
    /// `NumberOfItemsShipped`.
    pub number_of_items_shipped: Option<i64>,
    /// `NumberOfItemsUnshipped`.
    pub number_of_items_unshipped: Option<i64>,
    /// `PaymentExecutionDetail`.
    #[serde(default, deserialize_with = "json::list")]
    pub payment_execution_detail: Vec<PaymentExecutionDetailItem>,
    /// `PaymentMethod`: like `COD`, `CVS`, `Other`.
    pub payment_method: Option<String>,
    /// `PaymentMethodDetails`.
    #[serde(default, deserialize_with = "json::list")]
    pub payment_method_details: Vec<String>,
    /// `MarketplaceId`.
    pub marketplace_id: Option<String>,
    /// `ShipmentServiceLevelCategory`.
    pub shipment_service_level_category: Option<String>,
    /// `EasyShipShipmentStatus`.
    pub easy_ship_shipment_status: Option<String>,
    /// `CbaDisplayableShippingLabel`.
    pub cba_displayable_shipping_label: Option<String>,
    /// `OrderType`.
    pub order_type: Option<String>,
    /// `EarliestShipDate`.
    pub earliest_ship_date: Option<DateOrTime>,
    /// `LatestShipDate`.
    pub latest_ship_date: Option<DateOrTime>,
    /// `EarliestDeliveryDate`.
    pub earliest_delivery_date: Option<DateOrTime>,
    /// `LatestDeliveryDate`.
    pub latest_delivery_date: Option<DateOrTime>,
    /// `IsBusinessOrder`.
    pub is_business_order: Option<bool>,
    /// `IsPrime`.
    pub is_prime: Option<bool>,
    /// `IsPremiumOrder`.
    pub is_premium_order: Option<bool>,
    /// `IsGlobalExpressEnabled`.
    pub is_global_express_enabled: Option<bool>,
    /// `ReplacedOrderId`: for a replacement.
    pub replaced_order_id: Option<OrderId>,
    /// `IsReplacementOrder`.
    pub is_replacement_order: Option<bool>,
    /// `PromiseResponseDueDate`.
    pub promise_response_due_date: Option<DateOrTime>,
    /// `IsEstimatedShipDateSet`.
    pub is_estimated_ship_date_set: Option<bool>,
    /// `IsSoldByAB`.
    #[serde(rename = "IsSoldByAB")]
    pub is_sold_by_ab: Option<bool>,
    /// `IsIBA`.
    #[serde(rename = "IsIBA")]
    pub is_iba: Option<bool>,
    /// `DefaultShipFromLocationAddress`.
    pub default_ship_from_location_address: Option<Address>,
    /// `BuyerInvoicePreference`.
    pub buyer_invoice_preference: Option<String>,
    /// `BuyerTaxInformation`: with a restricted data token; Turkey only.
    pub buyer_tax_information: Option<BuyerTaxInformation>,
    /// `FulfillmentInstruction`.
    pub fulfillment_instruction: Option<FulfillmentInstruction>,
    /// `IsISPU`.
    #[serde(rename = "IsISPU")]
    pub is_ispu: Option<bool>,
    /// `IsAccessPointOrder`.
    pub is_access_point_order: Option<bool>,
    /// `MarketplaceTaxInfo`.
    pub marketplace_tax_info: Option<MarketplaceTaxInfo>,
    /// `SellerDisplayName`.
    pub seller_display_name: Option<String>,
    /// `ShippingAddress`: with a restricted data token.
    pub shipping_address: Option<Address>,
    /// `BuyerInfo`: with a restricted data token.
    pub buyer_info: Option<BuyerInfo>,
    /// `AutomatedShippingSettings`.
    pub automated_shipping_settings: Option<AutomatedShippingSettings>,
    /// `HasRegulatedItems`.
    pub has_regulated_items: Option<bool>,
    /// `ElectronicInvoiceStatus`.
    pub electronic_invoice_status: Option<String>,
}

/// One of several payments of an order (`PaymentExecutionDetailItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PaymentExecutionDetailItem {
    /// `Payment`.
    pub payment: Money,
    /// `PaymentMethod`: like `COD`, `CVS`, `Other`.
    pub payment_method: String,
    /// `AcquirerId`.
    pub acquirer_id: Option<String>,
    /// `CardBrand`.
    pub card_brand: Option<String>,
    /// `AuthorizationCode`.
    pub authorization_code: Option<Personal>,
}

/// What an invoice needs to know of the buyer (Turkey) (`BuyerTaxInformation`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct BuyerTaxInformation {
    /// `BuyerLegalCompanyName`.
    pub buyer_legal_company_name: Option<Personal>,
    /// `BuyerBusinessAddress`.
    pub buyer_business_address: Option<Personal>,
    /// `BuyerTaxRegistrationId`.
    pub buyer_tax_registration_id: Option<Personal>,
    /// `BuyerTaxOffice`.
    pub buyer_tax_office: Option<Personal>,
}

/// Where an order is to be fulfilled from (`FulfillmentInstruction`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FulfillmentInstruction {
    /// `FulfillmentSupplySourceId`.
    pub fulfillment_supply_source_id: Option<String>,
}

/// The taxes of the store (`MarketplaceTaxInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct MarketplaceTaxInfo {
    /// `TaxClassifications`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_classifications: Vec<TaxClassification>,
}

/// What Amazon chose for shipping (`AutomatedShippingSettings`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AutomatedShippingSettings {
    /// `HasAutomatedShippingSettings`.
    pub has_automated_shipping_settings: Option<bool>,
    /// `AutomatedCarrier`.
    pub automated_carrier: Option<String>,
    /// `AutomatedShipMethod`.
    pub automated_ship_method: Option<String>,
}
