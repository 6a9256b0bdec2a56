//! Reads parts that meet a condition, each once, whoever writes meanwhile.
//!
//! `cargo run -p epicor-odata-client --example read_parts -- A`, for those whose number begins with A
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::env;
use std::error::Error;
use std::pin::pin;

use epicor_odata_client::odata::{Filter, Query, TableKey};
use futures_util::TryStreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let service = client.service("Erp.BO.PartSvc")?;
    let columns = ["PartNum", "PartDescription", "UnitPrice", "InActive"];
    // Before anything is read: does this Epicor have what is needed?
    service.metadata().await?.require(&[("Parts", &columns)])?;

    let mut filter = Filter::eq("InActive", false);
    if let Some(prefix) = env::args().nth(1) {
        filter = filter.and(Filter::startswith("PartNum", &prefix));
    }
    let query = Query::new().filter(filter).select(columns);
    let mut parts = pin!(service.set("Parts")?.rows(query, TableKey::new(["PartNum"])));
    while let Some(part) = parts.try_next().await? {
        let (number, text) = (part.text("PartNum")?, part.text("PartDescription")?);
        println!("{number:20} {:>12} {text}", part.decimal("UnitPrice")?);
    }
    Ok(())
}
