//! Finds the parts of two listings, then makes a sales order of an order and changes it after a
//! cancellation.
//!
//! `cargo run -p ledger-mapper --example order_and_align`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::collections::BTreeMap;
use std::error::Error;

use jiff::tz::TimeZone;
use ledger_mapper::{
    AmazonOrder, ChargeCodes, FulfilledBy, Listing, OrderItem, OrderPolicy, OrderStatus, OrderStep,
    Part, Proceeds, SkuPart, align, order_step,
};
use settlement_model::{Currency, Money};

fn main() -> Result<(), Box<dyn Error>> {
    for aligned in align(&[listing("MUG-BLUE-6"), listing("mug blue")], &[mug()]) {
        println!("{} {}", aligned.sku, aligned.alignment);
    }
    let order = order(3)?;
    let OrderStep::Create(entered) = order_step(&order, None, &policy(), &TimeZone::UTC) else {
        return Err("a new order is created".into());
    };
    println!("\n{} for {}: {}", entered.po_number, entered.customer, entered.total);
    for line in &entered.lines {
        println!("  {} {} {} at {}", line.quantity, line.uom, line.part, line.unit_price);
    }
    match order_step(&self::order(2)?, Some(&entered), &policy(), &TimeZone::UTC) {
        OrderStep::Change { now, changes } => {
            println!("\nafter a cancellation: {}", now.total);
            for change in changes {
                println!("  {change}");
            }
        }
        other => println!("{other:?}"),
    }
    Ok(())
}

fn listing(sku: &str) -> Listing {
    Listing {
        sku: sku.to_owned(),
        asin: "B000000001".to_owned(),
        title: "Mugs".to_owned(),
        gtin: None,
        mapped: None,
    }
}

fn mug() -> Part {
    Part {
        number: "MUG-BLUE".to_owned(),
        description: "Mug, blue".to_owned(),
        active: true,
        gtins: Vec::new(),
        cross_references: vec!["MUG-BLUE-6".to_owned()],
    }
}

fn policy() -> OrderPolicy {
    let six = SkuPart { part: "MUG-BLUE".to_owned(), uom: "EA".to_owned(), multiple: 6 };
    OrderPolicy {
        customers: BTreeMap::from([("Amazon.de".to_owned(), "AMZDE".to_owned())]),
        other_customer: None,
        parts: BTreeMap::from([("MUG-BLUE-6".to_owned(), six)]),
        wanted: vec![FulfilledBy::Amazon],
        one_time_ship_to: true,
        charges: ChargeCodes::default(),
        price_decimals: 5,
    }
}

/// An order of so many packs of six at 25 euros.
fn order(packs: u32) -> Result<AmazonOrder, Box<dyn Error>> {
    let currency = Currency::parse("EUR")?;
    let price = Money::new((packs * 25).into(), currency)?;
    Ok(AmazonOrder {
        id: "302-8100001-0000001".to_owned(),
        created: "2026-05-05T10:00:00Z".parse()?,
        marketplace: "Amazon.de".to_owned(),
        fulfilled_by: FulfilledBy::Amazon,
        status: OrderStatus::Unshipped,
        ship_by: None,
        ship_to: None,
        currency,
        grand_total: Some(price),
        items: vec![OrderItem {
            id: "10000000000001".to_owned(),
            sku: "MUG-BLUE-6".to_owned(),
            title: "Six mugs".to_owned(),
            quantity: packs,
            proceeds: Proceeds::of_item(price),
        }],
    })
}
