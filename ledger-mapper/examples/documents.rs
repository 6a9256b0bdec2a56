//! Prints what else can be made of a settlement's journals: the fees as a supplier invoice with the
//! journal that is left, and what would undo both.
//!
//! `cargo run -p ledger-mapper --example documents [-- FILE]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs::File;

use ledger_mapper::{
    Calendar, Context, FeePolicy, FeePosting, Journal, Rules, fee_invoice, fee_reversal, plan,
    reversal,
};
use settlement_model::ReadOptions;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/settlements/plain.txt");

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| SAMPLE.to_owned());
    let document = settlement_model::read(File::open(path)?, &ReadOptions::default())?;
    let (rules, calendar) = (Rules::sample(), Calendar::months());
    let context = Context::new("example", &rules, &calendar, &document.zone);
    for settlement in &document.settlements {
        let plan = plan(settlement, &context);
        for hold in &plan.held {
            println!("HELD {}: {}", hold.reason(), hold.message());
        }
        for journal in &plan.journals {
            match fee_invoice(journal, &rules, &FeePolicy::all_fees("AMAZON"))? {
                Some(posting) => {
                    print_posting(&posting);
                    print_posting(&fee_reversal(&posting, journal.date, &calendar)?);
                }
                None => {
                    print_journal(journal);
                    print_journal(&reversal(journal, journal.date, &calendar)?);
                }
            }
        }
    }
    Ok(())
}

fn print_posting(FeePosting { journal, invoice }: &FeePosting) {
    print_journal(journal);
    println!("{} {} of {}", invoice.document, invoice.number, invoice.vendor);
    for line in &invoice.lines {
        let name = line.account_name.as_deref().unwrap_or(line.role.as_str());
        println!("  {:<6} {name:<40} {:>14}", line.account, line.amount);
    }
    println!("  {:<47} {:>14}\n", "total", invoice.total);
}

fn print_journal(journal: &Journal) {
    println!("{} on {}: {}", journal.key, journal.date, journal.description);
    for line in &journal.lines {
        let name = line.account_name.as_deref().unwrap_or(line.role.as_str());
        println!("  {:<6} {name:<40} {:>14} {:>14}", line.account, line.debit, line.credit);
    }
    println!();
}
