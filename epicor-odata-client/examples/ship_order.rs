//! Packs all that is open of an order and marks the pack as shipped, once however often it is run.
//!
//! `cargo run -p epicor-odata-client --example ship_order 1001`
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::error::Error;
use std::time::Duration;

use epicor_odata_client::once::Attempt;
use epicor_odata_client::shipment::NewPack;
use jiff::civil::date;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let order_num = std::env::args().nth(1).ok_or("which order?")?.parse()?;
    let client = connection::client()?;
    let pack = NewPack {
        order_num,
        comment: format!("MLEXAMPLE{order_num} shipped by the marketplace"),
        ship_date: date(2026, 5, 31),
    };
    let document = client.packs().document(pack)?;
    let packed = client.ensure(&document, Attempt::Again, Duration::from_secs(120)).await?;
    println!("pack {}, {}", packed.key, if packed.adopted { "there" } else { "made" });
    for line in client.pack_lines().of_pack(packed.key).await? {
        println!("{:3} {:12} {:>8}", line.order_line, line.part_num, line.from_stock);
    }
    Ok(())
}
