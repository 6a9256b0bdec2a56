//! Lists the settlement reports of a selling account.
//!
//! ```text
//! SP_API_CLIENT_ID=… SP_API_CLIENT_SECRET=… SP_API_REFRESH_TOKEN=… SP_API_REGION=na \
//!     cargo run -p sp-api-client --example list_settlements
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::process::ExitCode;

use futures_util::TryStreamExt;
use sp_api_client::reports_2021_06_30::{GetReports, ProcessingStatus};
use sp_api_client::{Client, Credentials, Error, Region};

const USAGE: &str = "Set SP_API_CLIENT_ID, SP_API_CLIENT_SECRET, SP_API_REFRESH_TOKEN \
    and SP_API_REGION (na, eu or fe).";

#[tokio::main]
async fn main() -> ExitCode {
    let Some((region, credentials)) = from_environment() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match list(region, credentials).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                eprintln!("  because: {cause}");
                source = cause.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn from_environment() -> Option<(Region, Credentials)> {
    let variable = |name| std::env::var(name).ok();
    let region = match variable("SP_API_REGION")?.as_str() {
        "na" => Region::NorthAmerica,
        "eu" => Region::Europe,
        "fe" => Region::FarEast,
        _ => return None,
    };
    let credentials = Credentials {
        client_id: variable("SP_API_CLIENT_ID")?,
        client_secret: variable("SP_API_CLIENT_SECRET")?.into(),
        refresh_token: variable("SP_API_REFRESH_TOKEN")?.into(),
    };
    Some((region, credentials))
}

async fn list(region: Region, credentials: Credentials) -> Result<(), Error> {
    let client = Client::builder(region, credentials)
        .on_wait(|notice| eprintln!("{}: waiting {:?}", notice.operation, notice.wait))
        .build()?;
    let query = GetReports::of_types(["GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"])
        .processing_statuses([ProcessingStatus::Done])
        .page_size(100);
    let mut reports = std::pin::pin!(client.reports().get_reports_stream(query));
    while let Some(report) = reports.try_next().await? {
        let time = |time: Option<jiff::Timestamp>| time.map(|t| t.to_string()).unwrap_or_default();
        let (start, end) = (time(report.data_start_time), time(report.data_end_time));
        println!("{}\t{start}\t{end}\t{}", report.report_id, report.marketplace_ids.join(" "));
    }
    Ok(())
}
