//! The API's objects. Members we do not know are ignored.

mod account;
mod component;
mod events;
mod fee;
mod group;
mod shipment;
mod stock;

pub use account::{
    AdhocDisbursementEvent, ChargeInstrument, ChargeRefundEvent, ChargeRefundTransaction,
    DebtRecoveryEvent, DebtRecoveryItem, FailedAdhocDisbursementEvent, LoanServicingEvent,
    TaxWithholdingEvent, TaxWithholdingPeriod,
};
pub use component::{
    ChargeComponent, DirectPayment, FeeComponent, Promotion, TaxWithheldComponent,
};
pub use events::FinancialEvents;
pub use fee::{
    CapacityReservationBillingEvent, CouponPaymentEvent, ImagingServicesFeeEvent,
    ProductAdsPaymentEvent, SellerDealPaymentEvent, SellerReviewEnrollmentPaymentEvent,
    ServiceFeeEvent, SolutionProviderCreditEvent, ValueAddedServiceChargeEvent,
};
pub use group::{Currency, FinancialEventGroup};
pub use shipment::{
    AffordabilityExpenseEvent, EbtRefundReimbursementOnlyEvent, PayWithAmazonEvent,
    RentalTransactionEvent, RetrochargeEvent, SafetReimbursementEvent, SafetReimbursementItem,
    ShipmentEvent, ShipmentItem, TdsReimbursementEvent, TrialShipmentEvent,
};
pub use stock::{
    AdjustmentEvent, AdjustmentItem, FbaLiquidationEvent, NetworkComminglingTransactionEvent,
    RemovalShipmentAdjustmentEvent, RemovalShipmentEvent, RemovalShipmentItem,
    RemovalShipmentItemAdjustment,
};
