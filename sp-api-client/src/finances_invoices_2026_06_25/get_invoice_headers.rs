//! `getInvoiceHeaders`: the invoices there are.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page};

use super::{InvoiceHeader, Invoices, PLAN, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{Query, Window, WindowRule};
use crate::client::{Call, Operation};
use crate::json::{self, Unused};

const ISSUED: WindowRule = WindowRule::closed("fromIssueDate", "toIssueDate")
    .longest(90, "the service takes a window of at most 90 days; ask for parts");

/// Which invoices to list: the parameters of `getInvoiceHeaders`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetInvoiceHeaders {
    marketplace_id: String,
    issued: Window,
    modified_after: Option<Timestamp>,
    next_token: Option<String>,
}

impl GetInvoiceHeaders {
    /// Invoices of this marketplace (`marketplaceId`), issued in the last 90 days.
    #[must_use]
    pub fn of_marketplace(id: impl Into<String>) -> Self {
        Self {
            marketplace_id: id.into(),
            issued: Window::default(),
            modified_after: None,
            next_token: None,
        }
    }

    /// Issued after `from` (`fromIssueDate`) and before `to` (`toIssueDate`) instead: at most 90
    /// days apart.
    #[must_use]
    pub fn issued(mut self, from: Timestamp, to: Timestamp) -> Self {
        self.issued = Window { after: Some(from), before: Some(to) };
        self
    }

    /// Only those that changed after this time (`invoicesModifiedAfter`).
    #[must_use]
    pub fn modified_after(mut self, time: Timestamp) -> Self {
        self.modified_after = Some(time);
        self
    }
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetInvoicesResponse {
    #[serde(default, deserialize_with = "json::list")]
    invoices: Vec<InvoiceHeader>,
    /// How many there are on this page.
    #[serde(default, rename = "numOfRecords")]
    _num_of_records: Option<Unused>,
    next_token: Option<String>,
}

impl From<GetInvoicesResponse> for Page<InvoiceHeader> {
    fn from(answer: GetInvoicesResponse) -> Self {
        Self { items: answer.invoices, next_token: answer.next_token }
    }
}

impl Call for GetInvoiceHeaders {
    const OPERATION: Operation =
        Operation { name: "getInvoiceHeaders", class: Class::Safe, plan: PLAN };
    type Answer = GetInvoicesResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .required("marketplaceId", &self.marketplace_id, "the service wants a marketplace")
            .window(&ISSUED, self.issued)
            .time("invoicesModifiedAfter", self.modified_after)
            .set("nextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["invoices"])
    }
}

lists! {
    Invoices: "getInvoiceHeaders", GetInvoiceHeaders => Page<InvoiceHeader>, InvoiceHeader;
    token "nextToken" in next_token;
    /// Pages of 100.
    at most 10_000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            ISSUED.check(self.issued, now)
        }
    };
    get_invoice_headers, get_invoice_headers_pages, get_invoice_headers_stream
}
