//! Prints the journals of a settlement report: one of ours or yours, by the sample rules or yours.
//!
//! `cargo run -p ledger-mapper --example plan_file [-- FILE [RULES]]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs::{File, read_to_string};

use ledger_mapper::{Calendar, Context, Journal, Plan, Rules, plan};
use settlement_model::ReadOptions;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/settlements/month-end.txt");

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let path = words.next().unwrap_or_else(|| SAMPLE.to_owned());
    let rules = match words.next() {
        Some(rules) => Rules::parse(&read_to_string(&rules)?, &rules)?,
        None => Rules::sample(),
    };
    let options = ReadOptions { group_by_sku: rules.asks_for_sku(), ..ReadOptions::default() };
    let document = settlement_model::read(File::open(path)?, &options)?;
    let calendar = Calendar::months();
    let context = Context::new("example", &rules, &calendar, &document.zone);
    for settlement in &document.settlements {
        print(&plan(settlement, &context));
    }
    Ok(())
}

fn print(plan: &Plan) {
    println!(
        "Settlement {}: {} rows, deposit {}, time zone {}",
        plan.settlement_id, plan.rows, plan.deposit, plan.zone
    );
    for hold in &plan.held {
        println!("  HELD {}: {}", hold.reason(), hold.message());
    }
    for journal in &plan.journals {
        print_journal(journal);
    }
    println!();
}

fn print_journal(journal: &Journal) {
    println!("\n  {} ({}, {})", journal.key, journal.date, journal.key.token());
    for line in &journal.lines {
        let side = |amount: rust_decimal::Decimal| match amount.is_zero() {
            true => String::new(),
            false => amount.to_string(),
        };
        println!(
            "  {:<6} {:<40} {:>14} {:>14} {:>8} rows",
            line.account,
            line.account_name.as_deref().unwrap_or(line.role.as_str()),
            side(line.debit),
            side(line.credit),
            line.rows
        );
    }
    println!("  {:<47} {:>14} {:>14}", "", journal.debits().amount(), journal.credits().amount());
}
