//! Writes the document of a report to standard output, inflated, as it comes.
//!
//! The document id is the last column of what `list_settlements` prints, whose head also tells how
//! to run it against a stand-in.
//!
//! ```text
//! SP_API_CLIENT_ID=… SP_API_CLIENT_SECRET=… SP_API_REFRESH_TOKEN=… SP_API_REGION=na \
//!     cargo run -p sp-api-client --example download_settlement -- amzn1.spdoc.1.… >settlement.txt
//! ```
#![expect(clippy::print_stderr, reason = "a program for a terminal")]

mod common;

use std::process::ExitCode;

use sp_api_client::reports_2021_06_30::ReportDocumentId;
use sp_api_client::{Client, Error};

#[tokio::main]
async fn main() -> ExitCode {
    let Some(id) = std::env::args().nth(1) else {
        eprintln!("Give the id of a report's document.");
        return ExitCode::from(2);
    };
    common::run(async |client| download(client, &ReportDocumentId::new(id)).await).await
}

async fn download(client: Client, id: &ReportDocumentId) -> Result<(), Error> {
    let document = client.reports().get_report_document(id).await?;
    let mut download = client.reports().download(&document).await?;
    // A document that is cut short ends in an error here, never in a short file without one.
    let copied = tokio::io::copy(&mut download, &mut tokio::io::stdout()).await;
    let bytes = copied.map_err(Error::DownloadDamaged)?;
    eprintln!("{bytes} bytes");
    Ok(())
}
