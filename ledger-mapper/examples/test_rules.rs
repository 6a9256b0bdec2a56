//! Runs the cases of `rules.test.toml`: rows in, lines out.
//!
//! `cargo run -p ledger-mapper --example test_rules [-- RULES CASES]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs::read_to_string;

use ledger_mapper::{RuleTests, Rules};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (rules, tests) = match (words.next(), words.next()) {
        (Some(rules), Some(cases)) => (
            Rules::parse(&read_to_string(&rules)?, &rules)?,
            RuleTests::parse(&read_to_string(&cases)?, &cases)?,
        ),
        (None, _) => {
            let cases = include_str!("rules.test.toml");
            (Rules::sample(), RuleTests::parse(cases, "rules.test.toml")?)
        }
        _ => return Err("usage: test_rules [RULES CASES]".into()),
    };
    for result in tests.run(&rules) {
        println!("{result}");
    }
    Ok(())
}
