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

use std::error::Error;
use std::process::ExitCode;

use bytes::BytesMut;
use sp_api_client::Client;
use sp_api_client::reports_2021_06_30::{Download, ReportDocumentId};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(id), Some(path)) = (arguments.next(), arguments.next()) else {
        eprintln!("Give the id of a report's document, and a file to write.");
        return ExitCode::from(2);
    };
    let id = ReportDocumentId::new(id);
    common::run(async |client| download(client, &id, &path).await).await
}

async fn download(client: Client, id: &ReportDocumentId, path: &str) -> Result<(), Box<dyn Error>> {
    let unwritten = |error: std::io::Error| format!("{path} cannot be written: {error}");
    let document = client.reports().get_report_document(id).await?;
    let mut download = client.reports().download(&document).await?;
    let mut file = File::create(path).await.map_err(unwritten)?;
    let (mut piece, mut bytes) = (BytesMut::with_capacity(64 << 10), 0);
    // A document that is cut short ends in an error here, never in a short file without one.
    while download.read_buf(&mut piece).await.map_err(Download::error)? > 0 {
        bytes += piece.len();
        file.write_all_buf(&mut piece).await.map_err(unwritten)?;
    }
    file.sync_all().await.map_err(unwritten)?;
    println!("{bytes} bytes");
    Ok(())
}
