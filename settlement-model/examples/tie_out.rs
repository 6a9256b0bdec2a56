//! Reads a settlement file and says, per settlement, whether its rows add up to its total.
//!
//! `cargo run -p settlement-model --example tie_out -- FILE`

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, Write};
use std::process::ExitCode;

use settlement_model::{ReadOptions, read};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("name a settlement file")?;
    let mut out = io::stdout().lock();
    let document = match read(File::open(path)?, &ReadOptions::default()) {
        Ok(document) => document,
        Err(unreadable) => {
            for defect in &unreadable.defects {
                writeln!(out, "{}: {defect}", defect.reason)?;
            }
            if unreadable.more > 0 {
                writeln!(out, "and {} more", unreadable.more)?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    writeln!(out, "{:<16} {:>20} {:>10}  ties", "settlement", "deposit", "rows")?;
    let mut all_tie = true;
    for settlement in &document.settlements {
        all_tie &= settlement.ties();
        let ties = if settlement.ties() {
            "yes".to_owned()
        } else {
            format!("no, off by {}", settlement.difference()?)
        };
        writeln!(
            out,
            "{:<16} {:>20} {:>10}  {ties}",
            settlement.id,
            settlement.total.to_string(),
            settlement.rows
        )?;
    }
    Ok(if all_tie { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
