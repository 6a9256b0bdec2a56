//! Adjusts a settlement that Amazon issued again: only the difference is posted.
//!
//! `cargo run -p ledger-mapper --example adjust`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;

use jiff::civil::date;
use ledger_mapper::{Calendar, Context, Journal, Rules, adjustment, plan};
use settlement_model::{Document, ReadOptions};

const ISSUED: &str = include_str!("settlements/plain.txt");

fn main() -> Result<(), Box<dyn Error>> {
    // The report again, with dearer advertising and so a smaller deposit.
    let reissued = ISSUED.replace("-11.10", "-13.35").replace("\t21.25\t", "\t19.00\t");
    let (first, second) = (read(ISSUED)?, read(&reissued)?);
    let (rules, calendar) = (Rules::sample(), Calendar::months());
    let context = Context::new("example", &rules, &calendar, &first.zone);
    let posted = plan(&first.settlements[0], &context);
    let reissued = plan(&second.settlements[0], &context);
    for journal in &posted.journals {
        print(journal);
    }
    let context = Context { revision: 1, ..context };
    match adjustment(&posted.journals, &reissued, date(2026, 3, 5), &context)? {
        Some(journal) => print(&journal),
        None => println!("nothing to adjust"),
    }
    Ok(())
}

fn read(report: &str) -> Result<Document, Box<dyn Error>> {
    Ok(settlement_model::read(report.as_bytes(), &ReadOptions::default())?)
}

fn print(journal: &Journal) {
    println!("{} on {}", journal.description, journal.date);
    for line in &journal.lines {
        let name = line.account_name.as_deref().unwrap_or_default();
        println!("  {} {name:<36} {:>8} {:>8}", line.account, line.debit, line.credit);
    }
    println!();
}
