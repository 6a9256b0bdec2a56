//! Lists the settlement reports of a selling account, one a line: report id, begin and end of the
//! period, document id.
//!
//! ```text
//! SP_API_CLIENT_ID=… SP_API_CLIENT_SECRET=… SP_API_REFRESH_TOKEN=… SP_API_REGION=na \
//!     cargo run -p sp-api-client --example list_settlements
//! ```
//!
//! Without an account of Amazon's, against the repository's stand-in, which prints what to set:
//!
//! ```text
//! cargo run -p fixtures --bin stand-ins -- --amazon-port 8801
//! SP_API_BASE_URL=http://127.0.0.1:8801 SP_API_LWA_URL=http://127.0.0.1:8801/auth/o2/token …
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod common;

use std::error::Error;
use std::process::ExitCode;

use futures_util::TryStreamExt;
use sp_api_client::Client;
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus};

#[tokio::main]
async fn main() -> ExitCode {
    common::run(list).await
}

async fn list(client: Client) -> Result<(), Box<dyn Error>> {
    let query = GetReports::of_types(["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"])
        .processing_statuses([ProcessingStatus::Done])
        .page_size(100);
    let mut reports = std::pin::pin!(client.reports().get_reports_stream(query));
    while let Some(report) = reports.try_next().await? {
        let time = |time: Option<jiff::Timestamp>| time.map(|t| t.to_string()).unwrap_or_default();
        let (start, end) = (time(report.data_start_time), time(report.data_end_time));
        let document = report.report_document_id.map(|id| id.to_string()).unwrap_or_default();
        println!("{}\t{start}\t{end}\t{document}", report.report_id);
    }
    Ok(())
}
