//! The API's objects. Members we do not know are ignored, values we do not know are kept.

mod item;
mod item_fulfillment;
mod order;
mod package;
mod payment;
mod recipient;
mod value;

pub use crate::order_id::OrderId;
pub use item::{
    AssociatedOrderItem, ItemCondition, ItemCustomization, ItemExpense, ItemPointsCost, ItemPrice,
    ItemProceeds, ItemProceedsBreakdown, ItemProceedsDetailedBreakdown, ItemProduct, ItemPromotion,
    ItemPromotionBreakdown, ItemTax, ItemTaxCalculationBreakdown, ItemTaxCollection, OrderItem,
    PointsGranted,
};
pub use item_fulfillment::{
    GiftOption, ItemCancellation, ItemCancellationExecution, ItemCancellationRequest,
    ItemFulfillment, ItemInternationalShipping, ItemPacking, ItemPicking, ItemShipping,
    ItemShippingConstraints, ItemSubstitutionOption, ItemSubstitutionPreference,
    SerialNumberRequirement,
};
pub use order::{
    Alias, AssociatedOrder, Buyer, FulfilledBy, FulfillmentStatus, Order, OrderFulfillment,
    OrderProceeds, OrderProceedsBreakdown, SalesChannel,
};
pub use package::{
    FulfillmentOrder, MerchantAddress, OrderPackage, PackageItem, PackageState, PackageStatus,
};
pub use payment::{
    OrderPayment, OrderTax, OrderTaxInvoicing, OrderTaxRegistration, PaymentExecution,
    TaxRegistrationAttribute,
};
pub use recipient::{
    AddressExtendedFields, BusinessHour, CustomerAddress, DeliveryPreference, ExceptionDate,
    HourMinute, PreferredDeliveryTime, Recipient, TimeWindow,
};
pub use value::{DateTimeRange, Measurement, Money};
