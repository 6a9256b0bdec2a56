//! What is written into another system: a document of some kind, and the key it is known by there.

use std::fmt;

use ledger_mapper::{FeeInvoice, Journal, JournalKey};
use serde::{Deserialize, Serialize};

use super::cross_reference::CrossReference;
use super::customer_shipment::CustomerShipment;
use super::sales_order::SalesOrder;
use super::shipment::ShipmentConfirmation;

/// The kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A general-ledger journal in Epicor.
    Journal,
    /// A supplier invoice, or a debit memo, in Epicor.
    ApInvoice,
    /// A sales order in Epicor.
    SalesOrder,
    /// A shipment confirmation at Amazon.
    ShipmentConfirmation,
    /// A customer part cross reference in Epicor.
    CrossReference,
    /// A customer shipment, which is a pack, in Epicor.
    CustomerShipment,
}

impl Kind {
    /// The word kept in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::ApInvoice => "ap-invoice",
            Self::SalesOrder => "sales-order",
            Self::ShipmentConfirmation => "shipment-confirmation",
            Self::CrossReference => "cross-reference",
            Self::CustomerShipment => "customer-shipment",
        }
    }

    /// Whether a document of this kind is posted after it was entered. The others are done once they
    /// are entered.
    #[must_use]
    pub const fn is_posted(self) -> bool {
        matches!(self, Self::Journal | Self::ApInvoice)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A document, complete: nothing else is needed to write it. Its stored form says its kind.
#[expect(clippy::large_enum_variant, reason = "a document is written once and moved seldom")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Document {
    /// A journal, with its sources.
    Journal(Journal),
    /// Amazon's fees as a supplier invoice, or as a debit memo.
    ApInvoice(FeeInvoice),
    /// An order, or a change of one.
    SalesOrder(SalesOrder),
    /// That a package left.
    ShipmentConfirmation(ShipmentConfirmation),
    /// The SKU by which a customer names a part.
    CrossReference(CrossReference),
    /// That an order which Amazon ships has left.
    CustomerShipment(CustomerShipment),
}

impl Document {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Journal(_) => Kind::Journal,
            Self::ApInvoice(_) => Kind::ApInvoice,
            Self::SalesOrder(_) => Kind::SalesOrder,
            Self::ShipmentConfirmation(_) => Kind::ShipmentConfirmation,
            Self::CrossReference(_) => Kind::CrossReference,
            Self::CustomerShipment(_) => Kind::CustomerShipment,
        }
    }

    /// Its identity: the same record planned again has the same keys.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Journal(journal) => journal.key.to_string(),
            Self::ApInvoice(invoice) => invoice_key(&invoice.journal),
            Self::SalesOrder(order) => order.key(),
            Self::ShipmentConfirmation(confirmation) => confirmation.key(),
            Self::CrossReference(reference) => reference.key(),
            Self::CustomerShipment(shipment) => shipment.key(),
        }
    }

    /// The key of the document that this one takes back; `None` when it takes back none.
    #[must_use]
    pub fn reverses(&self) -> Option<String> {
        match self {
            Self::Journal(journal) => journal.key.reversed().map(|key| key.to_string()),
            Self::ApInvoice(invoice) => invoice.journal.reversed().map(|key| invoice_key(&key)),
            Self::SalesOrder(_)
            | Self::ShipmentConfirmation(_)
            | Self::CrossReference(_)
            | Self::CustomerShipment(_) => None,
        }
    }
}

/// The key of the invoice that was taken out of a journal. The connection's name is escaped in the
/// journal's key, so the first `/journal/` is the kind.
fn invoice_key(journal: &JournalKey) -> String {
    journal.as_str().replacen("/journal/", "/ap-invoice/", 1)
}

/// One document to write, and what it is known by on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The document.
    pub document: Document,
    /// Its [key](Document::key).
    pub key: String,
    /// Starts every description we write; unmistakable and searchable.
    pub token: String,
    /// The group (`GroupID`) of its own that it is entered in, where its kind has groups.
    pub group_id: String,
}

impl Draft {
    /// The draft of a document; key, token and group follow from the document alone.
    #[must_use]
    pub fn new(document: Document) -> Self {
        let key = document.key();
        let token = ledger_mapper::token(&key);
        // GroupID takes nine characters; the token's "ML" is replaced by one letter of ours.
        let group_id = format!("M{}", token.chars().skip(2).take(8).collect::<String>());
        Self { document, key, token, group_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        let line = |account: &str, role: &str, debit: &str, credit: &str| {
            serde_json::json!({
                "account": account, "account_name": null, "role": role, "debit": debit,
                "credit": credit, "rows": 0, "roles": [], "sources": [],
            })
        };
        serde_json::from_value(serde_json::json!({
            "key": "acme-us/journal/81000000001/2026-05/1/r0", "period": "2026-05",
            "date": "2026-05-17", "currency": "USD", "zone": "UTC", "description": "Amazon",
            "lines": [line("1150", "amazon_clearing", "8.50", "0.00"),
                      line("4000", "product_sales", "0.00", "8.50")],
        }))
        .expect("a journal")
    }

    #[test]
    fn a_stored_draft_says_its_kind_and_comes_back_whole() {
        let draft = Draft::new(Document::Journal(journal()));
        assert_eq!(draft.token, "MLNKBBWFEG22");
        assert_eq!(draft.group_id, "MNKBBWFEG");
        let stored = serde_json::to_value(&draft).expect("text");
        assert!(stored["document"]["journal"].is_object(), "{stored}");
        let back: Draft = serde_json::from_value(stored).expect("a draft");
        assert_eq!(back, draft);
    }

    #[test]
    fn orders_and_confirmations_end_at_entered() {
        assert!(Kind::Journal.is_posted() && Kind::ApInvoice.is_posted());
        assert!(!Kind::SalesOrder.is_posted() && !Kind::ShipmentConfirmation.is_posted());
    }
}
