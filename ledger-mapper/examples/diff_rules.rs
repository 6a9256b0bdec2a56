//! Shows what a change of the rules would have done to a past settlement, account by account.
//!
//! `cargo run -p ledger-mapper --example diff_rules [-- OLD NEW FILE]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs::{File, read_to_string};

use ledger_mapper::{RowFacts, Rules, RulesDiff};
use settlement_model::{Money, ReadOptions};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/settlements/plain.txt");

/// The change of the example: lamps for desks have a sales account of their own.
const CHANGE: &str = r#"
[[rule]]
sku = "LAMP-DESK-*"
amount_description = "Principal"
account = "4001"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (old, new, path) = match words.as_slice() {
        [] => {
            let new = format!("{}{CHANGE}", Rules::sample_text());
            (Rules::sample(), Rules::parse(&new, "new.toml")?, SAMPLE)
        }
        [old, new, path] => (rules(old)?, rules(new)?, path.as_str()),
        _ => return Err("usage: diff_rules [OLD NEW FILE]".into()),
    };
    let options = ReadOptions { group_by_sku: true, ..ReadOptions::default() };
    let document = settlement_model::read(File::open(path)?, &options)?;
    let mut diff = RulesDiff::new(&old, &new);
    for settlement in &document.settlements {
        let end = settlement.end.date_in(&document.zone);
        for group in &settlement.groups {
            // The rows of a group are alike, so they move together.
            diff.add(&RowFacts::of_group(group, group.date.min(end)), group.amount, group.rows)?;
        }
    }
    print(&diff);
    Ok(())
}

fn rules(path: &str) -> Result<Rules, Box<dyn Error>> {
    Ok(Rules::parse(&read_to_string(path)?, path)?)
}

fn print(diff: &RulesDiff<'_>) {
    println!("{:<10} {:>12} {:>12}", "account", "before", "after");
    for change in diff.accounts() {
        let [before, after] = [change.old, change.new].map(Money::amount_text);
        println!("{:<10} {before:>12} {after:>12}", change.account);
    }
    for change in diff.moves() {
        println!("\n{} with {}", change.triple, change.amount);
        println!("  before  {}\n  after   {}", change.old, change.new);
    }
}
