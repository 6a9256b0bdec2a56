//! Says which rule takes a row, and why the others do not.
//!
//! `cargo run -p ledger-mapper --example explain_row -- "Order / ItemFees / Commission" Amazon.de`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;

use ledger_mapper::{RowFacts, Rules, triple_named};
use settlement_model::{Currency, Fulfillment};

/// The sample rules with one of the seller's own.
const OWN: &str = r#"
[[rule]]
marketplace = "Amazon.de"
amount_type = "ItemFees"
account = "5149"
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let row = words.next().unwrap_or("Order / ItemFees / Commission".to_owned());
    let marketplace = words.next().unwrap_or("Amazon.de".to_owned());
    let rules = Rules::parse(&format!("{}{OWN}", Rules::sample_text()), "rules.toml")?;
    let triple = triple_named(&row).ok_or("usage: explain_row \"A / B / C\" [MARKETPLACE]")?;
    let facts = RowFacts {
        triple: &triple,
        date: jiff::civil::date(2026, 5, 5),
        marketplace: Some(&marketplace),
        sku: Some("LAMP-DESK-BLK"),
        fulfillment: &Fulfillment::Amazon,
        currency: Currency::parse("EUR")?,
    };
    println!("{triple}, {marketplace}\n{}", rules.explain(&facts));
    Ok(())
}
