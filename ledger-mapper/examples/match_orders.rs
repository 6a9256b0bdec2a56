//! Adds up what a settlement paid for each order in it, without tax and before fees.
//!
//! `cargo run -p ledger-mapper --example match_orders [-- FILE]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::collections::BTreeSet;
use std::error::Error;

use ledger_mapper::{OrderMonies, Rules};
use settlement_model::{Item, OrderReference, ReadOptions, RowReader};

const SAMPLE: &[u8] = include_bytes!("settlements/plain.txt");

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).map(std::fs::read).transpose()?;
    let bytes = file.as_deref().unwrap_or(SAMPLE);
    let orders = orders(bytes)?;
    let rules = Rules::sample();
    let mut monies = OrderMonies::new(&rules, orders.iter().map(String::as_str));
    monies.read(bytes, &ReadOptions::default(), |_| true)?;
    for order in &orders {
        for (_, money) in monies.of(order) {
            println!("{order}: paid {}, given back {}", money.sales, money.refunds.abs());
        }
    }
    Ok(())
}

/// The orders that a settlement names.
fn orders(bytes: &[u8]) -> Result<BTreeSet<String>, Box<dyn Error>> {
    let mut reader = RowReader::new(bytes, &ReadOptions::default())?;
    let mut orders = BTreeSet::new();
    while let Some(item) = reader.next() {
        if let Item::Row(row) = item?
            && let Some(OrderReference::Amazon(order)) = row.order_reference()
        {
            orders.insert(order.to_owned());
        }
    }
    Ok(orders)
}
