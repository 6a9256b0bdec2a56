//! The Invoices API, version 2026-06-25: the invoices between Amazon and a seller or vendor.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use sp_api_client::finances_invoices_2026_06_25::{GetInvoice, GetInvoiceHeaders};
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let store = "ATVPDKIKX0DER";
//! let (from, to) = ("2026-09-01T00:00:00Z".parse().unwrap(), "2026-11-01T00:00:00Z".parse().unwrap());
//! let query = GetInvoiceHeaders::of_marketplace(store).issued(from, to);
//! let mut headers = std::pin::pin!(client.invoices().get_invoice_headers_stream(query));
//! while let Some(header) = headers.try_next().await? {
//!     let invoice = GetInvoice::new(store, header.invoice_identifier);
//!     let lines: Vec<_> = client.invoices().get_invoice_stream(invoice).try_collect().await?;
//!     println!("{}: {} lines", header.invoice_number, lines.len());
//! }
//! # Ok(())
//! # }
//! ```

mod get_invoice;
mod get_invoice_headers;
mod model;
#[cfg(test)]
mod tests;

use std::time::Duration;

use wire::Plan;

use crate::Client;

pub use get_invoice::{GetInvoice, InvoicePage};
pub use get_invoice_headers::GetInvoiceHeaders;
pub use model::*;

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Invoices<'a> {
    client: &'a Client,
}

impl Client {
    /// The Invoices API, version 2026-06-25.
    #[must_use]
    pub fn invoices(&self) -> Invoices<'_> {
        Invoices { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 3] = ["finances", "invoices", "2026-06-25"];
/// Amazon publishes no rate for this API. It is begun with that of Finances, one call at once; the
/// answers tell the real one.
const PLAN: Plan = Plan { interval: Duration::from_secs(2), burst: 1 };
