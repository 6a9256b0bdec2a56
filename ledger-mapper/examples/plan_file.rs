//! Prints the journals of a settlement report, posted to the sample chart of accounts.
//!
//! `cargo run -p ledger-mapper --example plan_file -- FILE`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs::File;

use ledger_mapper::{Calendar, Context, Journal, Plan, Rules, plan};
use settlement_model::ReadOptions;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: plan_file FILE")?;
    let document = settlement_model::read(File::open(path)?, &ReadOptions::default())?;
    let (rules, calendar) = (Rules::sample(), Calendar::months());
    let context = Context {
        connection: "example",
        rules: &rules,
        calendar: &calendar,
        zone: &document.zone,
        revision: 0,
    };
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
