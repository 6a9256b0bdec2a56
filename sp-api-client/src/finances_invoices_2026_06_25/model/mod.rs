//! The API's objects. Members we do not know are ignored, values we do not know are kept.

mod header;
mod item;
mod value;

pub use header::{BillingPeriod, InvoiceHeader, PartnerMetadata};
pub use item::{
    InvoiceItem, ItemIdentifier, LineItemContext, MatchingContext, ServiceChargePeriod,
    VarianceReason,
};
pub use value::{
    Breakdown, Currency, InvoiceIdentifier, InvoiceStatus, InvoiceType, RelatedIdentifier,
};
