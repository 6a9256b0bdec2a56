//! The rows of a flat file, read without copying.

use std::ops::{Range, RangeInclusive};

use super::columns::{Column, Columns};
use crate::cells::Cells;
use crate::money::{Currency, Money};
use crate::reference::OrderReference;
use crate::settlement::{Fulfillment, ReportTime, SettlementId};
use crate::v1::Part;

/// What a [`RowReader`](crate::RowReader) yields.
#[derive(Debug, Clone)]
pub enum Item<'r> {
    /// A settlement begins; its rows follow.
    Settlement(SettlementRow),
    /// A transaction row of a settlement that has begun.
    Row(Row<'r>),
}

/// The row that opens a settlement: its dates, its total and its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementRow {
    /// Column `settlement-id`.
    pub id: SettlementId,
    /// Column `settlement-start-date`.
    pub start: ReportTime,
    /// Column `settlement-end-date`.
    pub end: ReportTime,
    /// Column `deposit-date`; `None` when blank.
    pub deposit_date: Option<ReportTime>,
    /// Columns `total-amount` and `currency`: paid to the seller if positive, charged if negative.
    pub total: Money,
    /// The line it stands on.
    pub line: u64,
}

impl SettlementRow {
    /// Whether another row of the same id states the same.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        let facts = |row: &Self| (row.start, row.end, row.deposit_date, row.total);
        facts(self) == facts(other)
    }

    pub(super) fn currency(&self) -> Currency {
        self.total.currency()
    }
}

/// The cells of one row, found by column.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowCells<'r> {
    pub(super) text: &'r str,
    pub(super) spans: &'r [Range<usize>],
    pub(super) columns: &'r Columns,
}

impl<'r> RowCells<'r> {
    pub(super) fn new(cells: &'r Cells, record: &'r str, columns: &'r Columns) -> Self {
        Self { text: cells.text(record), spans: cells.spans(), columns }
    }

    /// A cell without surrounding blanks; empty when the row ends before it.
    pub(super) fn get(&self, column: Column) -> &'r str {
        self.columns
            .position(column)
            .and_then(|position| self.at(position))
            .unwrap_or_default()
            .trim()
    }

    /// As [`get`](Self::get), by the place in the header.
    pub(super) fn trimmed(&self, position: usize) -> &'r str {
        self.at(position).unwrap_or_default().trim()
    }

    fn at(&self, position: usize) -> Option<&'r str> {
        self.spans.get(position).map(|span| &self.text[span.clone()])
    }

    /// A cell that the row has, as it stands.
    pub(super) fn bytes(&self, position: usize) -> &'r [u8] {
        &self.text.as_bytes()[self.spans[position].clone()]
    }

    /// Cells that the row has, each with the tab behind it, which the last must have.
    pub(super) fn with_tabs(&self, positions: RangeInclusive<usize>) -> &'r [u8] {
        let (first, last) = (&self.spans[*positions.start()], &self.spans[*positions.end()]);
        &self.text.as_bytes()[first.start..=last.end]
    }

    pub(super) fn all_blank(&self) -> bool {
        (0..self.spans.len()).all(|position| self.is_blank(position))
    }

    pub(super) fn is_blank(&self, position: usize) -> bool {
        self.at(position).is_none_or(|cell| cell.trim().is_empty())
    }
}

/// One transaction row: one amount.
///
/// A line of Flat File V1 may hold two amounts, and comes out as two rows that say what Flat File V2
/// would: `price-amount` is an `ItemPrice`, `other-amount` an `other-transaction`.
///
/// Its texts borrow from the reader. All but [`cell`](Self::cell) come without surrounding blanks.
#[derive(Debug, Clone)]
pub struct Row<'r> {
    pub(super) cells: RowCells<'r>,
    pub(super) settlement_id: &'r SettlementId,
    pub(super) ordinal: usize,
    pub(super) amount: Money,
    /// Which of the amounts of its line it is, in a Flat File V1.
    pub(super) part: Option<Part>,
    pub(super) posted: ReportTime,
    pub(super) line: u64,
}

impl<'r> Row<'r> {
    /// Column `settlement-id`.
    #[must_use]
    pub fn settlement_id(&self) -> &'r SettlementId {
        self.settlement_id
    }

    /// The number of its settlement in the document, from 0.
    pub(crate) fn settlement_ordinal(&self) -> usize {
        self.ordinal
    }

    /// Column `transaction-type`: `Order`, `Refund`, `other-transaction`, …
    #[must_use]
    pub fn transaction_type(&self) -> &'r str {
        let cell = self.cells.get(Column::TransactionType);
        self.part.map_or(cell, |part| part.transaction_type(cell))
    }

    /// In a Flat File V1: the cell that says what the amount is for.
    fn kind_of(&self, part: Part) -> &'r str {
        let place = self.cells.columns.v1().and_then(|amounts| amounts.kind(part.index));
        place.map_or("", |position| self.cells.trimmed(position))
    }

    /// Column `order-id`. `FBAFees` rows hold an FBA shipment id here, account rows nothing.
    #[must_use]
    pub fn order_id(&self) -> &'r str {
        self.cells.get(Column::OrderId)
    }

    /// What column `order-id` refers to; `None` when it is blank.
    #[must_use]
    pub fn order_reference(&self) -> Option<OrderReference<'r>> {
        OrderReference::parse(self.order_id())
    }

    /// Column `amount-type`: `ItemPrice`, `ItemFees`, `Promotion`, or a fee's own name.
    #[must_use]
    pub fn amount_type(&self) -> &'r str {
        match self.part {
            None => self.cells.get(Column::AmountType),
            Some(part) => {
                let transaction_type = self.cells.get(Column::TransactionType);
                part.amount_type(transaction_type, self.kind_of(part))
            }
        }
    }

    /// Column `amount-description`: `Principal`, `Commission`, or free text.
    #[must_use]
    pub fn amount_description(&self) -> &'r str {
        match self.part {
            None => self.cells.get(Column::AmountDescription),
            Some(part) => {
                let transaction_type = self.cells.get(Column::TransactionType);
                part.amount_description(transaction_type, self.kind_of(part))
            }
        }
    }

    /// Column `amount` in the settlement's currency: positive raises the seller's balance.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.amount
    }

    /// Column `posted-date-time`, or `posted-date` where that is blank.
    #[must_use]
    pub fn posted(&self) -> ReportTime {
        self.posted
    }

    /// Column `sku`: the seller's article number.
    #[must_use]
    pub fn sku(&self) -> &'r str {
        self.cells.get(Column::Sku)
    }

    /// Column `quantity-purchased`, as it stands. It is repeated on every row of an item, so a sum
    /// over rows means nothing; count it on `Principal` rows alone.
    #[must_use]
    pub fn quantity(&self) -> &'r str {
        self.cells.get(Column::QuantityPurchased)
    }

    /// Column `marketplace-name`; `None` when blank, as on most account rows.
    #[must_use]
    pub fn marketplace_name(&self) -> Option<&'r str> {
        let name = self.cells.get(Column::MarketplaceName);
        (!name.is_empty()).then_some(name)
    }

    /// Column `fulfillment-id`: who shipped.
    #[must_use]
    pub fn fulfillment(&self) -> Fulfillment {
        Fulfillment::parse(self.fulfillment_id())
    }

    pub(crate) fn fulfillment_id(&self) -> &'r str {
        self.cells.get(Column::FulfillmentId)
    }

    /// The line it stands on, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Any cell by the name of its column, exactly as it stands; `None` when the header has no such
    /// column. Letter case of the name does not matter. A cell left off at the row's end is empty.
    #[must_use]
    pub fn cell(&self, name: &str) -> Option<&'r str> {
        let position = self.cells.columns.position_named(name)?;
        Some(self.cells.at(position).unwrap_or_default())
    }
}
