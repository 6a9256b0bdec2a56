//! Calls a business method that reads: the record of a part, with all its tables.
//!
//! `cargo run -p epicor-odata-client --example call_method -- PART-NUMBER`
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::env;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let part_num = env::args().nth(1).ok_or("name a part")?;
    let get = client.service("Erp.BO.PartSvc")?.method("GetByID")?.reads();
    let dataset = match get.parameter("partNum", part_num.as_str()).call().await {
        Ok(answer) => answer.dataset()?,
        Err(error) if error.is_missing_record() => {
            println!("there is no part {part_num}");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for row in dataset.rows("Part") {
        println!("{}: {}", row.text("PartNum")?, row.text("PartDescription")?);
    }
    Ok(())
}
