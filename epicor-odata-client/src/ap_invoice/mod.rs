//! AP invoices: group, header, miscellaneous lines with their GL distributions; debit memos;
//! posting and look-ups.
//!
//! A vendor's invoice number can be used once: Epicor refuses it in any group, posted or not. An
//! invoice found under the number is read and compared; it is taken for ours only when it carries
//! our token and equals what was to be entered. One that was begun and not finished is deleted and
//! entered anew, unless somebody else has worked on it (`ChangedBy`, `IsModifiedByUser`).
//!
//! Amounts are signed as we owe them: positive is a charge, negative a credit. A negative total
//! is entered as a debit memo, whose amounts Epicor wants typed the other way round.
//!
//! | step | [`Entry::Dialogue`] | [`Entry::Compact`] |
//! |---|---|---|
//! | [`create_group`](ApInvoices::create_group) | 2 | 2 |
//! | [`create_invoice`](ApInvoices::create_invoice): header | 5 | 2, one more when the terms are left to the vendor |
//! | its lines with their accounts | 3 each | 3 in all |
//! | reading it back, to compare | 1 | 1 |
//! | [`post_group`](ApInvoices::post_group) | 2 | 2 |
//! | reading whether the group notes an error | 1 | 1 |
//! | an invoice of n lines | 11 + 3 n | 11 or 12 |
//!
//! The dialogue joins the two sequences that integrators are known to use: `ChangeVendorID`,
//! `ChangeInvoiceDateEx` and `ChangeInvoiceVendorAmt` come from the one, `UpdateMaster` from the
//! other, which sets the header's columns, the terms among them, by itself. The compact way takes
//! that one for the header; that all lines travel in one `UpdateMaster`, and all accounts in one `Update`, is
//! inferred from GL journals.

mod document;
mod entered;
mod group;
mod invoice;
mod lines;
mod post;
#[cfg(test)]
mod tests;

pub use document::{ApInvoiceDocument, ApInvoiceState};
pub use entered::{ApInvoice, ApInvoiceHead, ApInvoiceLine, Distribution};
pub use group::ApGroup;
pub use invoice::{NewApInvoice, NewApLine};

use crate::client::Client;
use crate::entry::Entry;

/// AP invoices of one company. Made by [`Client::ap_invoices`].
#[derive(Clone, Copy, Debug)]
pub struct ApInvoices<'a> {
    client: &'a Client,
    entry: Entry,
}

impl Client {
    /// AP invoices: entering, looking up and posting them.
    #[must_use]
    pub fn ap_invoices(&self) -> ApInvoices<'_> {
        ApInvoices { client: self, entry: Entry::default() }
    }
}

impl ApInvoices<'_> {
    /// The same, entering in this way; [`Entry::Dialogue`] unless said.
    #[must_use]
    pub fn entry(self, entry: Entry) -> Self {
        Self { entry, ..self }
    }
}
