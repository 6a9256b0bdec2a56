//! The 34 lists of events.

use serde::{Deserialize, Serialize};

use super::{
    AdhocDisbursementEvent, AdjustmentEvent, AffordabilityExpenseEvent,
    CapacityReservationBillingEvent, ChargeRefundEvent, CouponPaymentEvent, DebtRecoveryEvent,
    EbtRefundReimbursementOnlyEvent, FailedAdhocDisbursementEvent, FbaLiquidationEvent,
    ImagingServicesFeeEvent, LoanServicingEvent, NetworkComminglingTransactionEvent,
    PayWithAmazonEvent, ProductAdsPaymentEvent, RemovalShipmentAdjustmentEvent,
    RemovalShipmentEvent, RentalTransactionEvent, RetrochargeEvent, SafetReimbursementEvent,
    SellerDealPaymentEvent, SellerReviewEnrollmentPaymentEvent, ServiceFeeEvent, ShipmentEvent,
    SolutionProviderCreditEvent, TaxWithholdingEvent, TdsReimbursementEvent, TrialShipmentEvent,
    ValueAddedServiceChargeEvent,
};
use crate::json;

/// Everything that was booked, by its kind (`FinancialEvents`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct FinancialEvents {
    /// `ShipmentEventList`: shipments.
    #[serde(default, deserialize_with = "json::list")]
    pub shipment_event_list: Vec<ShipmentEvent>,
    /// `ShipmentSettleEventList`: shipments whose payment is settled.
    #[serde(default, deserialize_with = "json::list")]
    pub shipment_settle_event_list: Vec<ShipmentEvent>,
    /// `RefundEventList`: refunds.
    #[serde(default, deserialize_with = "json::list")]
    pub refund_event_list: Vec<ShipmentEvent>,
    /// `GuaranteeClaimEventList`: guarantee claims.
    #[serde(default, deserialize_with = "json::list")]
    pub guarantee_claim_event_list: Vec<ShipmentEvent>,
    /// `EBTRefundReimbursementOnlyEventList`.
    #[serde(
        rename = "EBTRefundReimbursementOnlyEventList",
        default,
        deserialize_with = "json::list"
    )]
    pub ebt_refund_reimbursement_only_event_list: Vec<EbtRefundReimbursementOnlyEvent>,
    /// `ChargebackEventList`: chargebacks.
    #[serde(default, deserialize_with = "json::list")]
    pub chargeback_event_list: Vec<ShipmentEvent>,
    /// `PayWithAmazonEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub pay_with_amazon_event_list: Vec<PayWithAmazonEvent>,
    /// `ServiceProviderCreditEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub service_provider_credit_event_list: Vec<SolutionProviderCreditEvent>,
    /// `RetrochargeEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub retrocharge_event_list: Vec<RetrochargeEvent>,
    /// `RentalTransactionEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub rental_transaction_event_list: Vec<RentalTransactionEvent>,
    /// `ProductAdsPaymentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub product_ads_payment_event_list: Vec<ProductAdsPaymentEvent>,
    /// `ServiceFeeEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub service_fee_event_list: Vec<ServiceFeeEvent>,
    /// `SellerDealPaymentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub seller_deal_payment_event_list: Vec<SellerDealPaymentEvent>,
    /// `DebtRecoveryEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub debt_recovery_event_list: Vec<DebtRecoveryEvent>,
    /// `LoanServicingEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub loan_servicing_event_list: Vec<LoanServicingEvent>,
    /// `AdjustmentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub adjustment_event_list: Vec<AdjustmentEvent>,
    /// `SAFETReimbursementEventList`.
    #[serde(rename = "SAFETReimbursementEventList", default, deserialize_with = "json::list")]
    pub safet_reimbursement_event_list: Vec<SafetReimbursementEvent>,
    /// `SellerReviewEnrollmentPaymentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub seller_review_enrollment_payment_event_list: Vec<SellerReviewEnrollmentPaymentEvent>,
    /// `FBALiquidationEventList`.
    #[serde(rename = "FBALiquidationEventList", default, deserialize_with = "json::list")]
    pub fba_liquidation_event_list: Vec<FbaLiquidationEvent>,
    /// `CouponPaymentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub coupon_payment_event_list: Vec<CouponPaymentEvent>,
    /// `ImagingServicesFeeEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub imaging_services_fee_event_list: Vec<ImagingServicesFeeEvent>,
    /// `NetworkComminglingTransactionEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub network_commingling_transaction_event_list: Vec<NetworkComminglingTransactionEvent>,
    /// `AffordabilityExpenseEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub affordability_expense_event_list: Vec<AffordabilityExpenseEvent>,
    /// `AffordabilityExpenseReversalEventList`: such expenses taken back.
    #[serde(default, deserialize_with = "json::list")]
    pub affordability_expense_reversal_event_list: Vec<AffordabilityExpenseEvent>,
    /// `RemovalShipmentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub removal_shipment_event_list: Vec<RemovalShipmentEvent>,
    /// `RemovalShipmentAdjustmentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub removal_shipment_adjustment_event_list: Vec<RemovalShipmentAdjustmentEvent>,
    /// `TrialShipmentEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub trial_shipment_event_list: Vec<TrialShipmentEvent>,
    /// `TDSReimbursementEventList`.
    #[serde(rename = "TDSReimbursementEventList", default, deserialize_with = "json::list")]
    pub tds_reimbursement_event_list: Vec<TdsReimbursementEvent>,
    /// `AdhocDisbursementEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub adhoc_disbursement_event_list: Vec<AdhocDisbursementEvent>,
    /// `TaxWithholdingEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub tax_withholding_event_list: Vec<TaxWithholdingEvent>,
    /// `ChargeRefundEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub charge_refund_event_list: Vec<ChargeRefundEvent>,
    /// `FailedAdhocDisbursementEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub failed_adhoc_disbursement_event_list: Vec<FailedAdhocDisbursementEvent>,
    /// `ValueAddedServiceChargeEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub value_added_service_charge_event_list: Vec<ValueAddedServiceChargeEvent>,
    /// `CapacityReservationBillingEventList`.
    #[serde(default, deserialize_with = "json::list")]
    pub capacity_reservation_billing_event_list: Vec<CapacityReservationBillingEvent>,
}
