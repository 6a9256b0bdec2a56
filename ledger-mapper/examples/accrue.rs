//! Accrues a month end: one sale is deferred, one is released but in no settlement yet.
//!
//! `cargo run -p ledger-mapper --example accrue`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;

use jiff::civil::date;
use jiff::tz::TimeZone;
use ledger_mapper::{
    AccrualContext, Calendar, DeferredAmount, DeferredTransaction, Rules, TransactionStatus, accrue,
};
use settlement_model::{Currency, Fulfillment, Money, Triple};

fn main() -> Result<(), Box<dyn Error>> {
    let transactions = [
        sale("deferred", TransactionStatus::Deferred, "2026-10-28T10:00:00Z", "80.00", "-12.00")?,
        sale("unsettled", TransactionStatus::Released, "2026-10-30T10:00:00Z", "20.00", "-3.00")?,
    ];
    let context = AccrualContext {
        connection: "example",
        rules: &Rules::sample(),
        calendar: &Calendar::months(),
        zone: &TimeZone::get("America/Los_Angeles")?,
        day: date(2026, 10, 31),
        booked: &[],
        revision: 0,
    };
    let accruals = accrue(&transactions, &context);
    for hold in &accruals.held {
        println!("HELD {hold}");
    }
    for accrual in &accruals.accruals {
        println!("deferred {}, unsettled {}", accrual.deferred, accrual.unsettled);
        for journal in [&accrual.journal, &accrual.reversal] {
            println!("\n{} on {}", journal.key, journal.date);
            for line in &journal.lines {
                let name = line.account_name.as_deref().unwrap_or_default();
                println!("  {} {name:<32} {:>8} {:>8}", line.account, line.debit, line.credit);
            }
        }
    }
    Ok(())
}

fn sale(
    id: &str,
    status: TransactionStatus,
    posted: &str,
    price: &str,
    commission: &str,
) -> Result<DeferredTransaction, Box<dyn Error>> {
    let dollars = Currency::parse("USD")?;
    let amount = |amount_type: &str, description: &str, amount: &str| {
        let amount = Money::new(amount.parse()?, dollars)?;
        let triple = Triple {
            transaction_type: "Order".to_owned(),
            amount_type: amount_type.to_owned(),
            amount_description: description.to_owned(),
        };
        let sku = "MUG-BLUE".to_owned();
        let fulfillment = Fulfillment::Amazon;
        Ok::<_, Box<dyn Error>>(DeferredAmount { triple, sku, fulfillment, amount })
    };
    let amounts = vec![
        amount("ItemPrice", "Principal", price)?,
        amount("ItemFees", "Commission", commission)?,
    ];
    Ok(DeferredTransaction {
        id: id.to_owned(),
        status,
        posted: posted.parse()?,
        releases: None,
        settlement: None,
        marketplace: Some("Amazon.com".to_owned()),
        total: amounts.iter().try_fold(Money::zero(dollars), |sum, a| sum.checked_add(a.amount))?,
        amounts,
    })
}
