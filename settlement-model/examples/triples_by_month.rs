//! Adds a settlement file up by triple and month, as the benchmark does.
//!
//! `cargo run -p settlement-model --release --example triples_by_month -- FILE [sku]`
//!
//! One line per triple and month in UTC: the triple, the month, how many rows, their sum. With `sku`
//! the reader tells SKUs apart, too, which changes nothing in the result. The last line, on the
//! standard error, is the most memory the program used, where the system tells.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};

use jiff::tz::TimeZone;
use settlement_model::{Money, ReadOptions, read};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("name a settlement file")?;
    let group_by_sku = env::args().nth(2).is_some_and(|argument| argument == "sku");
    let options = ReadOptions { zone: Some(TimeZone::UTC), group_by_sku, ..ReadOptions::default() };
    let document = read(File::open(path)?, &options)?;
    let mut months = BTreeMap::new();
    for settlement in &document.settlements {
        if !settlement.ties() {
            return Err(format!("settlement {} does not tie", settlement.id).into());
        }
        for group in &settlement.groups {
            let month = group.date.strftime("%Y-%m").to_string();
            let (rows, sum) = months
                .entry((&group.triple, month))
                .or_insert((0_u64, Money::zero(settlement.currency())));
            *rows += group.rows;
            *sum = sum.checked_add(group.amount)?;
        }
    }
    let mut out = io::stdout().lock();
    for ((triple, month), (rows, sum)) in months {
        let (transaction, kind) = (&triple.transaction_type, &triple.amount_type);
        let description = &triple.amount_description;
        let sum = sum.amount_text();
        writeln!(out, "{transaction}\t{kind}\t{description}\t{month}\t{rows}\t{sum}")?;
    }
    if let Ok(status) = fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM:"))
    {
        writeln!(io::stderr(), "{peak}")?;
    }
    Ok(())
}
