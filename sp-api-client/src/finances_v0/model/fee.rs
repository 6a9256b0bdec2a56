//! What was booked for services of Amazon and others.

use serde::{Deserialize, Serialize};

use super::{ChargeComponent, Currency, FeeComponent};
use crate::DateOrTime;
use crate::json;

/// A fee for a service (`ServiceFeeEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ServiceFeeEvent {
    /// `AmazonOrderId`: the order.
    pub amazon_order_id: Option<String>,
    /// `FeeReason`.
    pub fee_reason: Option<String>,
    /// `FeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub fee_list: Vec<FeeComponent>,
    /// `SellerSKU`: the seller's number of the item.
    #[serde(rename = "SellerSKU")]
    pub seller_sku: Option<String>,
    /// `FnSKU`: the warehouses' number of the item.
    #[serde(rename = "FnSKU")]
    pub fn_sku: Option<String>,
    /// `FeeDescription`.
    pub fee_description: Option<String>,
    /// `ASIN`: Amazon's number of the item.
    #[serde(rename = "ASIN")]
    pub asin: Option<String>,
    /// `StoreName`: the seller's store.
    pub store_name: Option<String>,
}

/// A credit to a solution provider (`SolutionProviderCreditEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SolutionProviderCreditEvent {
    /// `ProviderTransactionType`.
    pub provider_transaction_type: Option<String>,
    /// `SellerOrderId`: the seller's own number of the order.
    pub seller_order_id: Option<String>,
    /// `MarketplaceId`.
    pub marketplace_id: Option<String>,
    /// `MarketplaceCountryCode`.
    pub marketplace_country_code: Option<String>,
    /// `SellerId`.
    pub seller_id: Option<String>,
    /// `SellerStoreName`.
    pub seller_store_name: Option<String>,
    /// `ProviderId`.
    pub provider_id: Option<String>,
    /// `ProviderStoreName`.
    pub provider_store_name: Option<String>,
    /// `TransactionAmount`.
    pub transaction_amount: Option<Currency>,
    /// `TransactionCreationDate`.
    pub transaction_creation_date: Option<DateOrTime>,
}

/// Advertising (`ProductAdsPaymentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductAdsPaymentEvent {
    /// `postedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `transactionType`.
    pub transaction_type: Option<String>,
    /// `invoiceId`.
    pub invoice_id: Option<String>,
    /// `baseValue`.
    pub base_value: Option<Currency>,
    /// `taxValue`.
    pub tax_value: Option<Currency>,
    /// `transactionValue`: the value with the tax.
    pub transaction_value: Option<Currency>,
}

/// A deal (`SellerDealPaymentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SellerDealPaymentEvent {
    /// `postedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `dealId`.
    pub deal_id: Option<String>,
    /// `dealDescription`.
    pub deal_description: Option<String>,
    /// `eventType`.
    pub event_type: Option<String>,
    /// `feeType`.
    pub fee_type: Option<String>,
    /// `feeAmount`.
    pub fee_amount: Option<Currency>,
    /// `taxAmount`.
    pub tax_amount: Option<Currency>,
    /// `totalAmount`.
    pub total_amount: Option<Currency>,
}

/// A place in the Early Reviewer Program (`SellerReviewEnrollmentPaymentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct SellerReviewEnrollmentPaymentEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `EnrollmentId`.
    pub enrollment_id: Option<String>,
    /// `ParentASIN`.
    #[serde(rename = "ParentASIN")]
    pub parent_asin: Option<String>,
    /// `FeeComponent`.
    pub fee_component: Option<FeeComponent>,
    /// `ChargeComponent`.
    pub charge_component: Option<ChargeComponent>,
    /// `TotalAmount`: the fee and the charge.
    pub total_amount: Option<Currency>,
}

/// Coupons (`CouponPaymentEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CouponPaymentEvent {
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `CouponId`.
    pub coupon_id: Option<String>,
    /// `SellerCouponDescription`.
    pub seller_coupon_description: Option<String>,
    /// `ClipOrRedemptionCount`: how often it was used.
    pub clip_or_redemption_count: Option<i64>,
    /// `PaymentEventId`.
    pub payment_event_id: Option<String>,
    /// `FeeComponent`.
    pub fee_component: Option<FeeComponent>,
    /// `ChargeComponent`.
    pub charge_component: Option<ChargeComponent>,
    /// `TotalAmount`: the fee and the charge.
    pub total_amount: Option<Currency>,
}

/// Pictures (`ImagingServicesFeeEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ImagingServicesFeeEvent {
    /// `ImagingRequestBillingItemID`.
    #[serde(rename = "ImagingRequestBillingItemID")]
    pub imaging_request_billing_item_id: Option<String>,
    /// `ASIN`: Amazon's number of the item.
    #[serde(rename = "ASIN")]
    pub asin: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `FeeList`.
    #[serde(default, deserialize_with = "json::list")]
    pub fee_list: Vec<FeeComponent>,
}

/// A value added service (`ValueAddedServiceChargeEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ValueAddedServiceChargeEvent {
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `Description`.
    pub description: Option<String>,
    /// `TransactionAmount`.
    pub transaction_amount: Option<Currency>,
}

/// Capacity that was reserved (`CapacityReservationBillingEvent`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct CapacityReservationBillingEvent {
    /// `TransactionType`.
    pub transaction_type: Option<String>,
    /// `PostedDate`: when it was booked.
    pub posted_date: Option<DateOrTime>,
    /// `Description`.
    pub description: Option<String>,
    /// `TransactionAmount`.
    pub transaction_amount: Option<Currency>,
}
