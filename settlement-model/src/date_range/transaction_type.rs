//! What a row of a date range report is about, whatever its language.

use super::editions::Edition;

/// What a row is about: its column `type` in the English words of the report.
///
/// Amazon adds types; one that is not known is kept as it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TransactionType {
    /// `Order`
    Order,
    /// `Refund`
    Refund,
    /// `Service Fee`: advertising, subscription, and other fees of the account.
    ServiceFee,
    /// `FBA Inventory Fee`: storage, removal, inbound transport.
    FbaInventoryFee,
    /// `FBA Customer Return Fee`
    FbaCustomerReturnFee,
    /// `FBA Transaction fees`
    FbaTransactionFees,
    /// `Amazon Fees`: coupons, deals and other programmes.
    AmazonFees,
    /// `Shipping Services`, bought from Amazon.
    ShippingServices,
    /// `Adjustment`: reimbursements, mostly.
    Adjustment,
    /// `Fee Adjustment`
    FeeAdjustment,
    /// `Lightning Deal Fee`
    DealFee,
    /// `Chargeback Refund`
    ChargebackRefund,
    /// `A-to-z Guarantee Claim`
    GuaranteeClaim,
    /// `Order_Retrocharge`: tax that is charged to the buyer again.
    OrderRetrocharge,
    /// `Refund_Retrocharge`
    RefundRetrocharge,
    /// `Liquidations`: goods that Amazon sold off.
    Liquidations,
    /// `Liquidations Adjustments`
    LiquidationsAdjustments,
    /// `Debt`: what the seller owed and paid.
    Debt,
    /// `Transfer`: a payout. It is no part of a settlement, but pays one out.
    Transfer,
    /// Any other text, as it stands.
    Other(String),
}

impl TransactionType {
    /// Reads a cell of the column in an edition's language.
    pub(super) fn parse(cell: &str, edition: &Edition) -> Self {
        let word = super::word(cell);
        let known = edition.types.iter().find(|(_, words)| words.contains(&word.as_str()));
        known.map_or_else(|| Self::Other(cell.trim().to_owned()), |(known, _)| known.clone())
    }
}
