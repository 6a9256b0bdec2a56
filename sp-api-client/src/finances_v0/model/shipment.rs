//! What was booked for orders.

use serde::{Deserialize, Serialize};

use super::{
    ChargeComponent, Currency, DirectPayment, FeeComponent, Promotion, TaxWithheldComponent,
};
use crate::DateOrTime;
use crate::json;

/// A shipment, refund, guarantee claim or chargeback (`ShipmentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ShipmentEvent {
    /// `AmazonOrderId`: the order.
    pub amazon_order_id: Option<String>,
    /// `SellerOrderId`: the seller's own number of the order.
    pub seller_order_id: Option<String>,
    /// `MarketplaceName`: the store, by its domain.
    pub marketplace_name: Option<String>,
    /// `StoreName`: the seller's store.
    pub store_name: Option<String>,
    /// `OrderChargeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub order_charge_list: Vec<ChargeComponent>,
    /// `OrderChargeAdjustmentList`.
    #[serde(default, deserialize_with = "json::list")]
    pub order_charge_adjustment_list: Vec<ChargeComponent>,
    /// `ShipmentFeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub shipment_fee_list: Vec<FeeComponent>,
    /// `ShipmentFeeAdjustmentList`.
    #[serde(default, deserialize_with = "json::list")]
    pub shipment_fee_adjustment_list: Vec<FeeComponent>,
    /// `OrderFeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub order_fee_list: Vec<FeeComponent>,
    /// `OrderFeeAdjustmentList`.
    #[serde(default, deserialize_with = "json::list")]
    pub order_fee_adjustment_list: Vec<FeeComponent>,
    /// `DirectPaymentList`.
    #[serde(default, deserialize_with = "json::list")]
    pub direct_payment_list: Vec<DirectPayment>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `ShipmentItemList`.
    #[serde(default, deserialize_with = "json::list")]
    pub shipment_item_list: Vec<ShipmentItem>,
    /// `ShipmentItemAdjustmentList`: for refunds, claims and chargebacks.
    #[serde(default, deserialize_with = "json::list")]
    pub shipment_item_adjustment_list: Vec<ShipmentItem>,
}

/// A line of one (`ShipmentItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ShipmentItem {
    /// `SellerSKU`: the seller's number of the item.
    #[serde(rename = "SellerSKU")]
    pub seller_sku: Option<String>,
    /// `OrderItemId`: the line of the order.
    pub order_item_id: Option<String>,
    /// `OrderAdjustmentItemId`: for refunds, claims and chargebacks.
    pub order_adjustment_item_id: Option<String>,
    /// `QuantityShipped`: in pieces.
    pub quantity_shipped: Option<i64>,
    /// `ItemChargeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub item_charge_list: Vec<ChargeComponent>,
    /// `ItemChargeAdjustmentList`: for refunds, claims and chargebacks.
    #[serde(default, deserialize_with = "json::list")]
    pub item_charge_adjustment_list: Vec<ChargeComponent>,
    /// `ItemFeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub item_fee_list: Vec<FeeComponent>,
    /// `ItemFeeAdjustmentList`: for refunds, claims and chargebacks.
    #[serde(default, deserialize_with = "json::list")]
    pub item_fee_adjustment_list: Vec<FeeComponent>,
    /// `ItemTaxWithheldList`.
    #[serde(default, deserialize_with = "json::list")]
    pub item_tax_withheld_list: Vec<TaxWithheldComponent>,
    /// `PromotionList`.
    #[serde(default, deserialize_with = "json::list")]
    pub promotion_list: Vec<Promotion>,
    /// `PromotionAdjustmentList`: for refunds, claims and chargebacks.
    #[serde(default, deserialize_with = "json::list")]
    pub promotion_adjustment_list: Vec<Promotion>,
    /// `CostOfPointsGranted`.
    pub cost_of_points_granted: Option<Currency>,
    /// `CostOfPointsReturned`.
    pub cost_of_points_returned: Option<Currency>,
}

/// A shipment on trial (`TrialShipmentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TrialShipmentEvent {
    /// `AmazonOrderId`: the order.
    pub amazon_order_id: Option<String>,
    /// `FinancialEventGroupId`: the group it is in.
    pub financial_event_group_id: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `SKU`.
    #[serde(rename = "SKU")]
    pub sku: Option<String>,
    /// `FeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub fee_list: Vec<FeeComponent>,
}

/// Tax that was charged later, or that charge taken back (`RetrochargeEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RetrochargeEvent {
    /// `RetrochargeEventType`: `Retrocharge` or `RetrochargeReversal`.
    pub retrocharge_event_type: Option<String>,
    /// `AmazonOrderId`: the order.
    pub amazon_order_id: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `BaseTax`.
    pub base_tax: Option<Currency>,
    /// `ShippingTax`.
    pub shipping_tax: Option<Currency>,
    /// `MarketplaceName`: the store, by its domain.
    pub marketplace_name: Option<String>,
    /// `RetrochargeTaxWithheldList`.
    #[serde(default, deserialize_with = "json::list")]
    pub retrocharge_tax_withheld_list: Vec<TaxWithheldComponent>,
}

/// A rental (`RentalTransactionEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct RentalTransactionEvent {
    /// `AmazonOrderId`: the order.
    pub amazon_order_id: Option<String>,
    /// `RentalEventType`.
    pub rental_event_type: Option<String>,
    /// `ExtensionLength`: in days.
    pub extension_length: Option<i64>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `RentalChargeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub rental_charge_list: Vec<ChargeComponent>,
    /// `RentalFeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub rental_fee_list: Vec<FeeComponent>,
    /// `MarketplaceName`: the store, by its domain.
    pub marketplace_name: Option<String>,
    /// `RentalInitialValue`.
    pub rental_initial_value: Option<Currency>,
    /// `RentalReimbursement`.
    pub rental_reimbursement: Option<Currency>,
    /// `RentalTaxWithheldList`.
    #[serde(default, deserialize_with = "json::list")]
    pub rental_tax_withheld_list: Vec<TaxWithheldComponent>,
}

/// A payment by Pay with Amazon (`PayWithAmazonEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct PayWithAmazonEvent {
    /// `SellerOrderId`: the seller's own number of the order.
    pub seller_order_id: Option<String>,
    /// `TransactionPostedDate`.
    pub transaction_posted_date: Option<DateOrTime>,
    /// `BusinessObjectType`.
    pub business_object_type: Option<String>,
    /// `SalesChannel`.
    pub sales_channel: Option<String>,
    /// `Charge`.
    pub charge: Option<ChargeComponent>,
    /// `FeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub fee_list: Vec<FeeComponent>,
    /// `PaymentAmountType`.
    pub payment_amount_type: Option<String>,
    /// `AmountDescription`.
    pub amount_description: Option<String>,
    /// `FulfillmentChannel`.
    pub fulfillment_channel: Option<String>,
    /// `StoreName`: the seller's store.
    pub store_name: Option<String>,
}

/// A refund to an electronic benefit (`EBTRefundReimbursementOnlyEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct EbtRefundReimbursementOnlyEvent {
    /// `OrderId`.
    pub order_id: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `Amount`.
    pub amount: Option<Currency>,
}

/// What an affordability promotion costs (`AffordabilityExpenseEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct AffordabilityExpenseEvent {
    /// `AmazonOrderId`: the order.
    pub amazon_order_id: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `MarketplaceId`.
    pub marketplace_id: Option<String>,
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `BaseExpense`.
    pub base_expense: Option<Currency>,
    /// `TaxTypeCGST`.
    #[serde(rename = "TaxTypeCGST")]
    pub tax_type_cgst: Currency,
    /// `TaxTypeSGST`.
    #[serde(rename = "TaxTypeSGST")]
    pub tax_type_sgst: Currency,
    /// `TaxTypeIGST`.
    #[serde(rename = "TaxTypeIGST")]
    pub tax_type_igst: Currency,
    /// `TotalExpense`: the expense with the three taxes.
    pub total_expense: Option<Currency>,
}

/// A reimbursement for a SAFE-T claim (`SAFETReimbursementEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SafetReimbursementEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `SAFETClaimId`.
    #[serde(rename = "SAFETClaimId")]
    pub safet_claim_id: Option<String>,
    /// `ReimbursedAmount`.
    pub reimbursed_amount: Option<Currency>,
    /// `ReasonCode`.
    pub reason_code: Option<String>,
    /// `SAFETReimbursementItemList`.
    #[serde(rename = "SAFETReimbursementItemList", default, deserialize_with = "json::list")]
    pub safet_reimbursement_item_list: Vec<SafetReimbursementItem>,
}

/// A line of one (`SAFETReimbursementItem`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SafetReimbursementItem {
    /// `itemChargeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub item_charge_list: Vec<ChargeComponent>,
    /// `productDescription`.
    pub product_description: Option<String>,
    /// `quantity`: in pieces, as Amazon writes it.
    pub quantity: Option<String>,
}

/// A reimbursement of tax deducted at source (`TDSReimbursementEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct TdsReimbursementEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `TDSOrderId`.
    #[serde(rename = "TDSOrderId")]
    pub tds_order_id: Option<String>,
    /// `ReimbursedAmount`.
    pub reimbursed_amount: Option<Currency>,
}
