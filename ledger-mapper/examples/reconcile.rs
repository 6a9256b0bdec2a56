//! Reconciles three settlements: the first negative and rolled into the second, the second paid,
//! the third on its way.
//!
//! `cargo run -p ledger-mapper --example reconcile`

#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use std::error::Error;

use jiff::civil::{Date, date};
use ledger_mapper::{
    BankLine, ClearingRow, Evidence, Role, RollForward, SettlementFigures, reconcile,
};
use settlement_model::{Currency, Money, SettlementId};

fn main() -> Result<(), Box<dyn Error>> {
    let currency = Currency::parse("USD")?;
    let dollars = |amount: &str| Ok::<_, Box<dyn Error>>(Money::new(amount.parse()?, currency)?);
    let opening_balance = Role::named("opening_balance").ok_or("a role of the catalogue")?;
    let rolled = ClearingRow { role: opening_balance, amount: dollars("-15.30")? };
    let bank = [BankLine {
        reference: "2026-07-03/1".to_owned(),
        date: date(2026, 7, 3),
        amount: dollars("120.00")?,
        settlement: None,
    }];
    let settlements = [
        figures("81000000001", dollars("-15.30")?, date(2026, 6, 16), None)?,
        figures("81000000002", dollars("120.00")?, date(2026, 6, 30), Some(rolled))?,
        figures("81000000003", dollars("64.20")?, date(2026, 7, 14), None)?,
    ];
    let result = reconcile(&Evidence {
        currency,
        opening: Money::zero(currency),
        settlements: &settlements,
        bank: &bank,
        waivers: &[],
        ledger_balance: Some(dollars("64.20")?),
        today: date(2026, 7, 16),
        transit_days: 5,
    })?;
    for difference in &result.differences {
        let settlement = difference.settlement.as_ref().map_or("-", SettlementId::as_str);
        let state = if difference.open { "open" } else { "explained" };
        println!("{settlement} {:<30} {:>12} {state}", difference.kind, difference.amount);
    }
    let RollForward { opening, deposits, rows, bank, waived, closing, .. } = result.roll_forward;
    println!("opening {opening} + settlements {deposits} + rows {rows}");
    println!("- bank {bank} - written off {waived} = closing {closing}");
    println!("reconciled: {}", result.is_reconciled());
    Ok(())
}

/// A settlement that was posted as it should be.
fn figures(
    id: &str,
    total: Money,
    due: Date,
    row: Option<ClearingRow>,
) -> Result<SettlementFigures, Box<dyn Error>> {
    let rows: Vec<ClearingRow> = row.into_iter().collect();
    let journal = rows.iter().try_fold(total, |sum, row| sum.checked_sub(row.amount))?;
    let id = SettlementId::parse(id)?;
    let (start, ledger, booked) = (None, Some(journal), None);
    Ok(SettlementFigures { id, total, start, due, rows, journal, ledger, booked })
}
