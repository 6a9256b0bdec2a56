//! Downloads the document of a report into a file, inflated as it comes.
//!
//! The document id is the last column of what `list_settlements` prints, whose head also tells how
//! to run it against a stand-in.
//!
//! ```text
//! SP_API_CLIENT_ID=… SP_API_CLIENT_SECRET=… SP_API_REFRESH_TOKEN=… SP_API_REGION=na \
//!     cargo run -p sp-api-client --example download_settlement -- amzn1.spdoc.1.… settlement.txt
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod common;

use std::process::ExitCode;

use sp_api_client::reports_2021_06_30::ReportDocumentId;
use sp_api_client::{Client, Error};
use tokio::fs::File;

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(id), Some(path)) = (arguments.next(), arguments.next()) else {
        eprintln!("Give the id of a report's document, and a file to write.");
        return ExitCode::from(2);
    };
    let mut file = match File::create(&path).await {
        Ok(file) => file,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let id = ReportDocumentId::new(id);
    common::run(async |client| download(client, &id, &mut file).await).await
}

async fn download(client: Client, id: &ReportDocumentId, file: &mut File) -> Result<(), Error> {
    let document = client.reports().get_report_document(id).await?;
    let mut download = client.reports().download(&document).await?;
    // A document that is cut short ends in an error here, never in a short file without one.
    let bytes = tokio::io::copy(&mut download, file).await.map_err(Error::DownloadDamaged)?;
    file.sync_all().await.map_err(Error::DownloadDamaged)?;
    println!("{bytes} bytes");
    Ok(())
}
