//! Prints the orders that changed since a time, one a line: order id, status, total.
//!
//! It needs an account of Amazon's: the stand-in has reports, but no orders.
//!
//! ```text
//! SP_API_CLIENT_ID=… SP_API_CLIENT_SECRET=… SP_API_REFRESH_TOKEN=… SP_API_REGION=eu \
//!     cargo run -p sp-api-client --example stream_orders -- 2026-11-01T00:00:00Z
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod common;

use std::error::Error;
use std::process::ExitCode;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use sp_api_client::Client;
use sp_api_client::orders_2026_01_01::{IncludedData, SearchOrders};

#[tokio::main]
async fn main() -> ExitCode {
    let Some(since) = std::env::args().nth(1).and_then(|text| text.parse().ok()) else {
        eprintln!("Give a time, like 2026-11-01T00:00:00Z.");
        return ExitCode::from(2);
    };
    common::run(async |client| print(client, since).await).await
}

async fn print(client: Client, since: Timestamp) -> Result<(), Box<dyn Error>> {
    let query = SearchOrders::updated_since(since)
        .included_data([IncludedData::Fulfillment, IncludedData::Proceeds]);
    let mut orders = std::pin::pin!(client.orders().search_orders_stream(query));
    while let Some(order) = orders.try_next().await? {
        let status = order.fulfillment.map(|fulfillment| fulfillment.fulfillment_status);
        let status = status.map(|status| status.to_string()).unwrap_or_default();
        let total = order.proceeds.and_then(|proceeds| proceeds.grand_total);
        let total = total.map(|money| format!("{} {}", money.amount, money.currency_code));
        println!("{}\t{status}\t{}", order.order_id, total.unwrap_or_default());
    }
    Ok(())
}
