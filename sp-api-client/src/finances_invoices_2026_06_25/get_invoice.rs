//! `getInvoice`: one invoice and its lines.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Page, Paged};

use super::{InvoiceHeader, InvoiceIdentifier, InvoiceItem, Invoices, PLAN, ROOT};
use crate::client::list::lists;
use crate::client::query::Query;
use crate::client::{Call, Operation, call};
use crate::{Error, json};

/// Which invoice to read: the parameters of `getInvoice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetInvoice {
    marketplace_id: String,
    invoice_identifier: InvoiceIdentifier,
    next_token_for_line_items: Option<String>,
}

impl GetInvoice {
    /// This invoice of this marketplace (`marketplaceId`).
    #[must_use]
    pub fn new(marketplace_id: impl Into<String>, invoice_identifier: InvoiceIdentifier) -> Self {
        let marketplace_id = marketplace_id.into();
        Self { marketplace_id, invoice_identifier, next_token_for_line_items: None }
    }
}

/// An invoice, and up to 600 of its lines (`GetInvoiceResponse`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoicePage {
    /// `invoiceHeader`.
    pub invoice_header: Option<InvoiceHeader>,
    /// `invoiceItems`: the lines of this page.
    #[serde(default, deserialize_with = "json::list")]
    pub invoice_items: Vec<InvoiceItem>,
    /// `nextTokenForLineItems`: what the next page is asked for with: [`GetInvoice::from_page`].
    pub next_token_for_line_items: Option<String>,
}

impl Paged for InvoicePage {
    fn next_token(&self) -> Option<&str> {
        self.next_token_for_line_items.as_deref()
    }
}

impl From<InvoicePage> for Page<InvoiceItem> {
    fn from(page: InvoicePage) -> Self {
        Self { items: page.invoice_items, next_token: page.next_token_for_line_items }
    }
}

impl Call for GetInvoice {
    const OPERATION: Operation = Operation { name: "getInvoice", class: Class::Safe, plan: PLAN };
    type Answer = InvoicePage;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("invoiceIdentifier", self.invoice_identifier.as_str())?;
        Query::default()
            .required("marketplaceId", &self.marketplace_id, "the service wants a marketplace")
            .set("nextTokenForLineItems", self.next_token_for_line_items.as_ref())
            .get(base, &ROOT, &["invoices", id])
    }
}

lists! {
    Invoices: "getInvoice", GetInvoice => InvoicePage, InvoiceItem;
    token "nextTokenForLineItems" in next_token_for_line_items;
    /// At 600 lines a page this is six million lines.
    at most 10_000 pages;
    get_invoice, get_invoice_pages, get_invoice_stream
}
