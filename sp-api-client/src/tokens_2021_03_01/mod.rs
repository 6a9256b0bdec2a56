//! The Tokens API, version 2021-03-01: restricted data tokens, for what tells of persons.
//!
//! Orders 2026-01-01 needs none. Documents of restricted reports do, and so do Orders version 0
//! and merchant fulfilment. A token is good for an hour, and for the resources it names.
//!
//! ```no_run
//! use sp_api_client::reports_2021_06_30::ReportDocumentId;
//! use sp_api_client::tokens_2021_03_01::RestrictedResource;
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let resource = RestrictedResource::get("/reports/2021-06-30/documents/amzn1.spdoc.1");
//! let token = client.tokens().create_restricted_data_token(&[resource]).await?;
//! let restricted = client.restricted(&token);
//! let id = ReportDocumentId::new("amzn1.spdoc.1");
//! let document = restricted.reports().get_report_document(&id).await?;
//! # Ok(())
//! # }
//! ```

mod create_restricted_data_token;
mod restricted;

use crate::Client;

pub use create_restricted_data_token::{DataElement, RestrictedDataToken, RestrictedResource};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a> {
    client: &'a Client,
}

impl Client {
    /// The Tokens API, version 2021-03-01.
    #[must_use]
    pub fn tokens(&self) -> Tokens<'_> {
        Tokens { client: self }
    }
}
