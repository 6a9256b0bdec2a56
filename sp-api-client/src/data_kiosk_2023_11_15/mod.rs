//! The Data Kiosk API, version 2023-11-15: GraphQL queries over a seller's business.
//!
//! A query is created, waited for, and its document read: one JSON object on each line. The
//! amounts in them are aggregated, and floats on Amazon's side: good for margins, no source for a
//! ledger.
//!
//! ```no_run
//! # use std::time::Duration;
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let kiosk = client.data_kiosk();
//! let text = r#"{ analytics_economics_2024_03_15 { economics(
//!     startDate: "2026-10-01", endDate: "2026-10-31", marketplaceIds: ["ATVPDKIKX0DER"],
//!     aggregateBy: { date: MONTH, productId: MSKU }) { msku startDate } } }"#;
//! let id = kiosk.create_query(text).await?;
//! let query = kiosk.wait_for_query(&id, Duration::from_mins(30)).await?;
//! // A query that found nothing is `DONE` and has no document.
//! if let Some(document) = query.data_document_id {
//!     let lines = kiosk.read_document(&document, 64 << 20).await?;
//!     println!("{} bytes", lines.len());
//! }
//! # Ok(())
//! # }
//! ```

mod create_query;
mod get_document;
mod get_queries;
mod model;
mod query;
#[cfg(test)]
mod tests;

use crate::Client;

pub use crate::download::Download;
pub use crate::polling::ProcessingStatus;
pub use get_queries::GetQueries;
pub use model::{Document, DocumentId, Pagination, Query, QueryId};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct DataKiosk<'a> {
    client: &'a Client,
}

impl Client {
    /// The Data Kiosk API, version 2023-11-15.
    #[must_use]
    pub fn data_kiosk(&self) -> DataKiosk<'_> {
        DataKiosk { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["dataKiosk", "2023-11-15"];
