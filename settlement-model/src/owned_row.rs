//! A row that outlives its reader.

use crate::money::Money;
use crate::reference::OrderReference;
use crate::settlement::{Fulfillment, ReportTime, SettlementId, Triple};
use crate::v2::Row;

/// What a [`Row`] says, for those who collect rows instead of looking at them in passing.
///
/// ```
/// use settlement_model::{Item, OwnedRow, ReadOptions, RowReader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let file: &[u8] = include_bytes!("../tests/data/plain.txt");
/// let mut reader = RowReader::new(file, &ReadOptions::default())?;
/// let mut rows: Vec<OwnedRow> = Vec::new();
/// while let Some(item) = reader.next() {
///     if let Item::Row(row) = item? {
///         rows.push(OwnedRow::from(&row));
///     }
/// }
/// assert!(rows.iter().any(|row| row.triple.amount_description == "Commission"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OwnedRow {
    /// Column `settlement-id`.
    pub settlement_id: SettlementId,
    /// What the amount is for.
    pub triple: Triple,
    /// The amount, signed as Amazon does: positive raises the seller's balance.
    pub amount: Money,
    /// Column `posted-date-time`, or `posted-date` where that is blank.
    pub posted: ReportTime,
    /// Column `order-id`; `None` when blank. See [`order_reference`](Self::order_reference).
    pub order_id: Option<String>,
    /// Column `sku`; `None` when blank.
    pub sku: Option<String>,
    /// Column `quantity-purchased`, as it stands; see [`Row::quantity`].
    pub quantity: Option<String>,
    /// Column `marketplace-name`; `None` when blank.
    pub marketplace: Option<String>,
    /// Column `fulfillment-id`: who shipped.
    pub fulfillment: Fulfillment,
    /// The line it stands on, counted from 1.
    pub line: u64,
}

impl OwnedRow {
    /// What column `order-id` refers to; `None` when it is blank.
    #[must_use]
    pub fn order_reference(&self) -> Option<OrderReference<'_>> {
        OrderReference::parse(self.order_id.as_deref()?)
    }
}

impl From<&Row<'_>> for OwnedRow {
    fn from(row: &Row<'_>) -> Self {
        let filled = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
        Self {
            settlement_id: row.settlement_id().clone(),
            triple: Triple {
                transaction_type: row.transaction_type().to_owned(),
                amount_type: row.amount_type().to_owned(),
                amount_description: row.amount_description().to_owned(),
            },
            amount: row.amount(),
            posted: row.posted(),
            order_id: filled(row.order_id()),
            sku: filled(row.sku()),
            quantity: filled(row.quantity()),
            marketplace: row.marketplace_name().map(str::to_owned),
            fulfillment: row.fulfillment(),
            line: row.line(),
        }
    }
}
