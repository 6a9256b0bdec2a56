//! Prints the orders that changed since a time, one a line.
//!
//! ```text
//! SP_API_CLIENT_ID=… SP_API_CLIENT_SECRET=… SP_API_REFRESH_TOKEN=… SP_API_REGION=eu \
//!     cargo run -p sp-api-client --example stream_orders -- 2026-11-01T00:00:00Z
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::process::ExitCode;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use sp_api_client::orders_2026_01_01::{IncludedData, SearchOrders};
use sp_api_client::{Client, Credentials, Error, Region};

const USAGE: &str = "Set SP_API_CLIENT_ID, SP_API_CLIENT_SECRET, SP_API_REFRESH_TOKEN \
    and SP_API_REGION (na, eu or fe), and give a time, like 2026-11-01T00:00:00Z.";

#[tokio::main]
async fn main() -> ExitCode {
    let since = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let Some(((region, credentials), since)) = from_environment().zip(since) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match print(region, credentials, since).await {
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

async fn print(region: Region, credentials: Credentials, since: Timestamp) -> Result<(), Error> {
    let client = Client::builder(region, credentials)
        .on_wait(|notice| eprintln!("{}: waiting {:?}", notice.operation, notice.wait))
        .build()?;
    let query = SearchOrders::updated_since(since)
        .included_data([IncludedData::Fulfillment, IncludedData::Proceeds]);
    let mut orders = std::pin::pin!(client.orders().search_orders_stream(query));
    while let Some(order) = orders.try_next().await? {
        let status = order.fulfillment.map(|fulfillment| fulfillment.fulfillment_status);
        let status = status.as_ref().map_or("", |status| status.as_str());
        let total = order.proceeds.and_then(|proceeds| proceeds.grand_total);
        let total = total.map(|money| format!("{} {}", money.amount, money.currency_code));
        println!("{}\t{status}\t{}", order.order_id, total.unwrap_or_default());
    }
    Ok(())
}
