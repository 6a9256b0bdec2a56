//! Enters a marketplace's order once, found by its PO number ever after.
//!
//! `cargo run -p epicor-odata-client --example enter_sales_order`; run it again, and nothing is entered.
#![expect(clippy::print_stdout, reason = "an example's answer belongs on the terminal")]

mod connection;

use std::error::Error;
use std::time::Duration;

use epicor_odata_client::once::Attempt;
use epicor_odata_client::sales_order::{NewOrderCharge, NewOrderLine, NewSalesOrder, ShipTo};
use jiff::civil::date;
use rust_decimal::Decimal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = connection::client()?;
    let customer = client.customers().by_cust_id("AMAZON").await?.ok_or("no such customer")?;
    let order = NewSalesOrder {
        cust_num: customer.cust_num,
        cust_id: customer.cust_id,
        po_num: "112-0000000-0000001".to_owned(),
        comment: "MLEXAMPLE3 marketplace order".to_owned(),
        order_date: date(2026, 5, 31),
        request_date: None,
        need_by_date: None,
        currency_code: customer.currency_code,
        ship_via_code: None,
        terms_code: None,
        tax_region_code: Some("NOTAX".to_owned()),
        ship_to: ShipTo::Customer,
        lines: vec![NewOrderLine {
            part_num: "WIDGET-1".to_owned(),
            quantity: Decimal::TWO,
            unit: String::new(),
            unit_price: Decimal::new(1999, 2),
            discount: Decimal::ZERO,
            description: String::new(),
            tax_category: String::new(),
            release: None,
        }],
        charges: vec![NewOrderCharge {
            misc_code: "SHIP".to_owned(),
            description: String::new(),
            amount: Decimal::new(499, 2),
        }],
    };
    let orders = client.sales_orders();
    let document = orders.document(order)?;
    let entered = client.ensure(&document, Attempt::Again, Duration::from_secs(120)).await?;
    println!("order {}, {}", entered.key, if entered.adopted { "there" } else { "entered" });
    if let Some(order) = orders.by_order_num(entered.key).await? {
        for line in &order.lines {
            println!(
                "{:3} {:12} {:>6} {:>10}",
                line.line, line.part_num, line.quantity, line.unit_price
            );
        }
    }
    Ok(())
}
