//! The Reports API, version 2021-06-30: asking for reports, finding them, downloading their
//! documents.
//!
//! A report is asked for with [`CreateReport`], or by the calendar with [`CreateReportSchedule`];
//! [`wait_for_report`](Reports::wait_for_report) asks until it is through, and can be taken up
//! again by the report's id. Settlement reports cannot be requested: Amazon makes them and lists
//! them for 90 days. They are found with [`GetReports`], their document's address is fetched with
//! [`get_report_document`](Reports::get_report_document), and read with
//! [`download`](Reports::download) within five minutes.
//!
//! ```no_run
//! # use std::time::Duration;
//! # use sp_api_client::reports_2021_06_30::{CreateReport, ProcessingStatus};
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let wanted = CreateReport::new("GET_MERCHANT_LISTINGS_ALL_DATA", ["ATVPDKIKX0DER"]);
//! let id = client.reports().create_report(&wanted).await?;
//! // Keep the id: after an interruption the next line goes on where it was.
//! let report = client.reports().wait_for_report(&id, Duration::from_mins(30)).await?;
//! if let (ProcessingStatus::Done, Some(id)) = (&report.processing_status, &report.report_document_id) {
//!     let listings = client.reports().read_document(id, 1 << 30).await?;
//!     println!("{} bytes", listings.len());
//! }
//! # Ok(())
//! # }
//! ```

mod cancel_report;
mod create_report;
mod get_report;
mod get_report_document;
mod get_reports;
mod model;
mod schedules;
#[cfg(test)]
mod tests;

use crate::Client;

pub use crate::download::{CompressionAlgorithm, Download};
pub use crate::polling::ProcessingStatus;
pub use create_report::CreateReport;
pub use get_reports::GetReports;
pub use model::{
    Report, ReportDocument, ReportDocumentId, ReportId, ReportSchedule, ReportScheduleId,
    SchedulePeriod,
};
pub use schedules::CreateReportSchedule;

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Reports<'a> {
    client: &'a Client,
}

impl Client {
    /// The Reports API, version 2021-06-30.
    #[must_use]
    pub fn reports(&self) -> Reports<'_> {
        Reports { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["reports", "2021-06-30"];
