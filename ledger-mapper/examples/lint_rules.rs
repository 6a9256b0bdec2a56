//! Says what is doubtful in a rules file: one of ours with mistakes in it, or yours.
//!
//! `cargo run -p ledger-mapper --example lint_rules [-- RULES]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::fs::read_to_string;

use ledger_mapper::{Rules, lint};

/// The sample rules with a few more, none of which does what it was meant to.
const DOUBTFUL: &str = r#"
[[rule]]
marketplace = "Amzon.de"
amount_type = "ItemFees"
account = "5149"

[[rule]]
marketplace = "Amazon.fr"
country = "DE"
account = "5100"

[[rule]]
transaction_type = "Order"
amount_type = "ItemFees"
amount_description = "Moon Fee"
account = "5100"

[unknown]
suspense = "9999"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let rules = match std::env::args().nth(1) {
        Some(path) => Rules::parse(&read_to_string(&path)?, &path)?,
        None => Rules::parse(&format!("{}{DOUBTFUL}", Rules::sample_text()), "rules.toml")?,
    };
    let findings = lint(&rules, None);
    for finding in &findings {
        println!("{finding}");
    }
    println!("{} findings in {}", findings.len(), rules.name());
    Ok(())
}
