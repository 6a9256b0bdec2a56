//! Prints the rows of a settlement report behind the journal lines of an account of the sample
//! chart, with the rule that put each there.
//!
//! `cargo run -p ledger-mapper --example drill [-- FILE 5100]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs;

use ledger_mapper::{Calendar, Context, Drill, Rules, plan};
use settlement_model::{ReadOptions, RowReader};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/settlements/plain.txt");

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| SAMPLE.to_owned());
    let account = arguments.next().unwrap_or_else(|| "5100".to_owned());
    let bytes = fs::read(path)?;
    let options = ReadOptions::default();
    let document = settlement_model::read(bytes.as_slice(), &options)?;
    let (rules, calendar) = (Rules::sample(), Calendar::months());
    let context = Context::new("example", &rules, &calendar, &document.zone);
    for settlement in &document.settlements {
        let plan = plan(settlement, &context);
        for journal in &plan.journals {
            for line in journal.lines.iter().filter(|line| line.account.as_str() == account) {
                println!("{} {account} debit {} credit {}", journal.key, line.debit, line.credit);
                for source in &line.sources {
                    println!("  {} in {} rows, by {}", source.amount, source.rows, source.rule);
                }
                let drill = Drill::new(journal, line, settlement, &context);
                for row in drill.rows(RowReader::new(bytes.as_slice(), &options)?)? {
                    println!("  line {:>6}: {:>12}  {}", row.line, row.amount, row.triple);
                }
            }
        }
    }
    Ok(())
}
