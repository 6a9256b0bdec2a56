//! Proposes a role for an amount that nobody has classified, with the reason.
//!
//! `cargo run -p ledger-mapper --example suggest_role [-- "A / B / C"]`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;

use ledger_mapper::{suggest, triple_named};

fn main() -> Result<(), Box<dyn Error>> {
    let what = std::env::args().nth(1);
    let what = what.as_deref().unwrap_or("AmazonFees / FBA Overflow Storage Fee / Base fee");
    let triple = triple_named(what).ok_or("usage: suggest_role \"A / B / C\"")?;
    println!("{triple}");
    for suggestion in suggest(&triple) {
        println!("  {}: {}", suggestion.role.info().title, suggestion.reason);
    }
    Ok(())
}
