//! What a settlement is: an account statement of one seller in one marketplace group and currency,
//! whose rows add up to what Amazon pays out or charges.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use thiserror::Error;

use crate::money::{Currency, Money, MoneyError};

/// Amazon's number of a settlement: the `settlement-id` column, digits only.
///
/// It is text, not a number: a spreadsheet that takes it for one damages it (`2.38744E+10`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct SettlementId(String);

impl SettlementId {
    /// More digits than any id Amazon gives; bounds what a key or a file name made from it can be.
    const MAX_DIGITS: usize = 32;

    /// Reads an id; surrounding blanks do not matter.
    ///
    /// # Errors
    ///
    /// [`InvalidSettlementId`] unless the text is 1 to 32 digits.
    pub fn parse(text: &str) -> Result<Self, InvalidSettlementId> {
        let id = text.trim();
        let well_formed = (1..=Self::MAX_DIGITS).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_digit());
        if well_formed { Ok(Self(id.to_owned())) } else { Err(InvalidSettlementId) }
    }

    /// The digits, leading zeros included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SettlementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for SettlementId {
    type Error = InvalidSettlementId;

    fn try_from(text: String) -> Result<Self, InvalidSettlementId> {
        Self::parse(&text)
    }
}

impl From<SettlementId> for String {
    fn from(id: SettlementId) -> Self {
        id.0
    }
}

/// The text is not a settlement id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a settlement id is 1 to 32 digits")]
pub struct InvalidSettlementId;

/// The three columns that say what an amount is for. Amazon publishes no list of their values.
///
/// Each is the cell's text without surrounding blanks, in Amazon's spelling; a blank cell is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Triple {
    /// Column `transaction-type`: `Order`, `Refund`, `other-transaction`, …
    pub transaction_type: String,
    /// Column `amount-type`: `ItemPrice`, `ItemFees`, `Promotion`, or a fee's own name.
    pub amount_type: String,
    /// Column `amount-description`: `Principal`, `Commission`, or free text.
    pub amount_description: String,
}

/// `Order / ItemPrice / Principal`
impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {} / {}", self.transaction_type, self.amount_type, self.amount_description)
    }
}

/// Who shipped the item: the `fulfillment-id` column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Fulfillment {
    /// `AFN`: Amazon's fulfilment network.
    Amazon,
    /// `MFN`: the merchant.
    Merchant,
    /// Any other text, as it stands.
    Other(String),
    /// A blank cell, as on account-level rows.
    Unstated,
}

impl Fulfillment {
    /// Reads a `fulfillment-id` cell.
    pub(crate) fn parse(cell: &str) -> Self {
        match cell.trim() {
            "" => Self::Unstated,
            "AFN" => Self::Amazon,
            "MFN" => Self::Merchant,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// When something happened, as exactly as the report says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ReportTime {
    /// A cell with date, time and offset: `2026-05-05 10:00:00 UTC`.
    Instant(Timestamp),
    /// A cell with a date alone: `05.05.2026`. It stays that date in every zone.
    Date(Date),
}

impl ReportTime {
    /// The calendar day in a zone. A date without a time is that day everywhere.
    ///
    /// ```
    /// # use settlement_model::ReportTime;
    /// let pacific = jiff::tz::TimeZone::get("America/Los_Angeles")?;
    /// let posted = ReportTime::Instant("2026-04-01T06:59:59Z".parse()?);
    /// assert_eq!(posted.date_in(&pacific).to_string(), "2026-03-31");
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> Date {
        match self {
            Self::Instant(instant) => zone.to_datetime(instant).date(),
            Self::Date(date) => date,
        }
    }
}

/// From which line to which line of the document something stands. Lines count from 1, the header
/// included, as an editor shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LineSpan {
    /// The first line.
    pub first: u64,
    /// The last line; the lines between need not all belong.
    pub last: u64,
}

/// The rows of a settlement that are alike in everything a ledger asks for, with their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Group {
    /// What the amounts are for.
    pub triple: Triple,
    /// The day they were posted, in the document's zone.
    pub date: Date,
    /// Column `marketplace-name` as it stands; `None` when blank, as on account-level rows.
    pub marketplace: Option<String>,
    /// Who shipped.
    pub fulfillment: Fulfillment,
    /// Column `sku`, the seller's article number; empty when blank, as on account-level rows. `None`
    /// unless [`ReadOptions::group_by_sku`](crate::ReadOptions::group_by_sku) asked for it: the rows
    /// may then be of several.
    pub sku: Option<String>,
    /// The sum of the rows' `amount`, signed as Amazon does: positive raises the seller's balance.
    pub amount: Money,
    /// How many rows there are.
    pub rows: u64,
    /// Where they stand in the document.
    pub lines: LineSpan,
}

/// One settlement of a document, every row of it counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Settlement {
    /// Column `settlement-id`.
    pub id: SettlementId,
    /// Column `settlement-start-date`: the end of the settlement before it. The period is half-open:
    /// its start belongs to it.
    pub start: ReportTime,
    /// Column `settlement-end-date`, which belongs to the next settlement already. Reserve rows may
    /// all the same be posted seconds after it.
    pub end: ReportTime,
    /// Column `deposit-date`: when Amazon starts the transfer; the bank shows it days later.
    pub deposit_date: Option<ReportTime>,
    /// Column `total-amount`: paid to the seller if positive, charged if negative.
    pub total: Money,
    /// How many transaction rows there are; the header and the settlement row do not count.
    pub rows: u64,
    /// The sum of all transaction rows.
    pub sum: Money,
    /// The rows by kind, sorted by triple, date, marketplace, fulfilment and SKU. Their amounts
    /// add up to `sum` and their rows to `rows`.
    pub groups: Vec<Group>,
    /// The line of the settlement row.
    pub line: u64,
}

impl Settlement {
    /// Whether the rows add up to the stated total, to the smallest unit.
    ///
    /// A settlement that does not tie is incomplete or damaged: it must not be posted.
    #[must_use]
    pub fn ties(&self) -> bool {
        self.sum == self.total
    }

    /// What the rows add up to beyond the stated total: `sum - total`.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] when the difference does not fit 96 bits, and
    /// [`MoneyError::CurrencyMismatch`] when `sum` and `total` were given in two currencies.
    pub fn difference(&self) -> Result<Money, MoneyError> {
        self.sum.checked_sub(self.total)
    }

    /// The currency of the settlement, as its settlement row states it.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.total.currency()
    }
}

#[cfg(test)]
mod tests;
