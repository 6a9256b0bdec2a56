//! The API's objects. Members we do not know are ignored, values we do not know are kept.

mod balance;
mod context;
mod transaction;

pub use balance::{Balance, BalanceType, PartnerMetadata, Summary};
pub use context::{
    AmazonPayContext, BusinessContext, Context, DeferredContext, PaymentsContext, ProductContext,
    TimeRangeContext,
};
pub use transaction::{
    Breakdown, Currency, Item, ItemRelatedIdentifier, MarketplaceDetails, RelatedIdentifier,
    RelatedIdentifierName, SellingPartnerMetadata, Transaction, TransactionStatus,
};
