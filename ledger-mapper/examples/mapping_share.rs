//! Measures how much planning adds to reading a settlement of a million rows.
//!
//! `cargo run --release -p ledger-mapper --example mapping_share`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;
use std::time::{Duration, Instant};

use ledger_mapper::{Calendar, Context, Rules, plan};
use settlement_model::ReadOptions;

const ROWS: u32 = 1_000_000;
const ROUNDS: u32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let text = report();
    println!("{ROWS} rows, the best of {ROUNDS} rounds");
    measure("sample rules", &text, &Rules::sample())?;
    let by_sku = "\n[[rule]]\nsku = \"SKU-00*\"\namount_type = \"ItemPrice\"\naccount = \"4007\"\n";
    let by_sku = Rules::parse(&format!("{}{by_sku}", Rules::sample_text()), "by-sku.toml")?;
    measure("with a rule for 100 of 500 SKUs", &text, &by_sku)
}

fn measure(name: &str, text: &str, rules: &Rules) -> Result<(), Box<dyn Error>> {
    let options = ReadOptions { group_by_sku: rules.asks_for_sku(), ..ReadOptions::default() };
    let calendar = Calendar::months();
    let (mut reading, mut planning) = (Duration::MAX, Duration::MAX);
    let mut groups = 0;
    for _ in 0..ROUNDS {
        let started = now();
        let document = settlement_model::read(text.as_bytes(), &options)?;
        let read = now();
        let context = Context::new("example", rules, &calendar, &document.zone);
        let plan = plan(&document.settlements[0], &context);
        let planned = now();
        assert!(plan.held.is_empty(), "{:?}", plan.held);
        assert_eq!(plan.rows, u64::from(ROWS));
        groups = document.settlements[0].groups.len();
        reading = reading.min(read - started);
        planning = planning.min(planned - read);
    }
    let thousandths = planning.as_nanos() * 100_000 / reading.as_nanos();
    let (percent, rest) = (thousandths / 1000, thousandths % 1000);
    println!("\n{name}: {groups} groups");
    println!("  reading  {:>9} µs", reading.as_micros());
    println!("  planning {:>9} µs, {percent}.{rest:03} % of reading", planning.as_micros());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement of this machine, not of a settlement")]
fn now() -> Instant {
    Instant::now()
}

/// A report of a fortnight over a month end, with eight kinds of rows on three marketplaces.
fn report() -> String {
    const KINDS: [(&str, &str); 8] = [
        ("Order\tItemPrice\tPrincipal", "19.99"),
        ("Order\tItemPrice\tTax", "1.65"),
        ("Order\tItemWithheldTax\tMarketplaceFacilitatorTax-Principal", "-1.65"),
        ("Order\tItemFees\tCommission", "-3.00"),
        ("Order\tItemFees\tFBAPerUnitFulfillmentFee", "-4.20"),
        ("Order\tItemPrice\tShipping", "5.99"),
        ("Order\tItemFees\tShippingChargeback", "-5.99"),
        ("Refund\tItemFees\tRefundCommission", "-12.79"),
    ];
    let columns = "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\t\
                   total-amount\tcurrency\ttransaction-type\tamount-type\tamount-description\t\
                   amount\tposted-date-time\tmarketplace-name\tfulfillment-id\torder-id\tsku";
    let mut text =
        format!("{columns}\n81000000001\t2026-09-23 00:00:00 UTC\t2026-10-07 00:00:00 UTC");
    // Eight rows, one of each kind, add up to nothing.
    text += "\t\t0.00\tUSD\t\t\t\t\t\t\t\t\t";
    for row in 0..ROWS {
        let (kind, amount) = KINDS[row as usize % KINDS.len()];
        let day = row / 8 % 7;
        let (month, day) = if row % 16 < 8 { (9, 24 + day % 7) } else { (10, 1 + day % 6) };
        let place = ["Amazon.com", "Amazon.ca", "Amazon.com.mx"][row as usize / 8 % 3];
        text += &format!(
            "\n81000000001\t\t\t\t\t\t{kind}\t{amount}\t2026-{month:02}-{day:02} {:02}:{:02}:00 UTC\
             \t{place}\tAFN\t111-8100001-{:07}\tSKU-{:04}",
            row / 8 % 24,
            row / 8 % 60,
            row / 8,
            row / 8 % 500
        );
    }
    text + "\n"
}
