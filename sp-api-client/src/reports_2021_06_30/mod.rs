//! The Reports API, version 2021-06-30: finding reports and downloading their documents.
//!
//! Settlement reports cannot be requested: Amazon makes them and lists them for 90 days. They are
//! found with [`GetReports`], their document's address is fetched with
//! [`get_report_document`](Reports::get_report_document), and read with
//! [`download`](Reports::download) within five minutes.

mod download;
mod get_report;
mod get_report_document;
mod get_reports;
mod model;

use crate::Client;

pub use download::Download;
pub use get_reports::GetReports;
pub use model::{
    CompressionAlgorithm, ProcessingStatus, Report, ReportDocument, ReportDocumentId, ReportId,
};

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Reports<'a> {
    client: &'a Client,
}

impl<'a> Reports<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["reports", "2021-06-30"];
