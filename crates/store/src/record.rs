//! What names a record that documents are written for.

use std::{fmt, str::FromStr};

use crate::settlement::SettlementKey;

/// The kinds of records that documents are written for, in Epicor or at Amazon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A settlement: journals and supplier invoices in Epicor.
    Settlement,
    /// An Amazon order: a sales order in Epicor.
    Order,
    /// An Epicor pack: a shipment confirmation at Amazon.
    Shipment,
    /// A listing, by its SKU: cross references in Epicor.
    Listing,
    /// A month-end accrual, by its period and currency: a journal and its reversal in Epicor.
    Accrual,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Settlement, Self::Order, Self::Shipment, Self::Listing, Self::Accrual];

    /// The word that is kept.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Settlement => "settlement",
            Self::Order => "order",
            Self::Shipment => "shipment",
            Self::Listing => "listing",
            Self::Accrual => "accrual",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text names no kind of record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of record")]
pub struct NotAKind(String);

impl FromStr for RecordKind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| NotAKind(text.to_owned()))
    }
}

/// What names a record: its kind and its own id within one connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// The connection, by its configured name.
    pub connection: String,
    /// What kind of record it is.
    pub kind: RecordKind,
    /// Amazon's settlement or order id, Epicor's pack number, the seller's SKU, or period and currency.
    pub id: String,
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.kind, self.id, self.connection)
    }
}

impl From<&SettlementKey> for RecordKey {
    fn from(key: &SettlementKey) -> Self {
        Self {
            connection: key.connection.clone(),
            kind: RecordKind::Settlement,
            id: key.settlement_id.clone(),
        }
    }
}
