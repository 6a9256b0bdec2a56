//! The objects of the orders. Members we do not know are ignored, values we do not know are kept.

mod address;
mod buyer;
mod item;
mod order;
mod regulated;
mod value;

pub use crate::order_id::OrderId;
pub use address::{
    Address, AddressExtendedFields, BusinessHours, DeliveryPreferences, ExceptionDates,
    OpenInterval, OpenTimeInterval, OrderAddress, PreferredDeliveryTime,
};
pub use buyer::{
    BuyerCustomizedInfoDetail, BuyerInfo, BuyerTaxInfo, ItemBuyerInfo, OrderBuyerInfo,
    OrderItemBuyerInfo, TaxClassification,
};
pub use item::{
    AmazonPrograms, AssociatedItem, BuyerRequestedCancel, Measurement, OrderItem,
    PointsGrantedDetail, ProductInfoDetail, ShippingConstraints, SubstitutionOption,
    SubstitutionPreferences, TaxCollection,
};
pub use order::{
    AutomatedShippingSettings, BuyerTaxInformation, FulfillmentInstruction, MarketplaceTaxInfo,
    Order, PaymentExecutionDetailItem,
};
pub use regulated::{
    OrderRegulatedInfo, RegulatedInformation, RegulatedInformationField,
    RegulatedOrderVerificationStatus, RejectionReason, ValidInterimStatusCode,
    ValidVerificationDetail,
};
pub use value::{GeoCoordinates, Money, OrderStatus, VerificationStatus};
