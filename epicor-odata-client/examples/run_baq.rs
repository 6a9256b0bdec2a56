//! Runs a BAQ, a query that the customer saved in Epicor, and prints its rows.
//!
//! `cargo run -p epicor-odata-client --example run_baq -- BAQ-ID [PARAMETER=VALUE …]`
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::env;
use std::error::Error;
use std::pin::pin;

use epicor_odata_client::odata::Query;
use futures_util::TryStreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let mut arguments = env::args().skip(1);
    let mut baq = client.baq(&arguments.next().ok_or("name a query")?)?;
    for argument in arguments {
        let (name, value) = argument.split_once('=').ok_or("a parameter is NAME=VALUE")?;
        baq = baq.parameter(name, value);
    }
    // Which columns make a key only the query's author knows: `rows` would page by them.
    let mut pages = pin!(baq.data().linked_pages(Query::new()));
    while let Some(page) = pages.try_next().await? {
        for row in page {
            println!("{}", serde_json::to_string(&row)?);
        }
    }
    Ok(())
}
