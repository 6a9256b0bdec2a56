//! The worked settlements of the project's sample collection, where it lies beside the repository.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ledger_mapper::{Calendar, Context, Rules, plan};
use settlement_model::ReadOptions;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/settlement/worked")
}

/// The journals of a report as the collection writes them: settlement, date, currency, account,
/// name, debit, credit.
fn journals(report: &Path) -> String {
    let file = File::open(report).expect("the sample");
    let document = settlement_model::read(file, &ReadOptions::default()).expect("a settlement");
    let (rules, calendar) = (Rules::sample(), Calendar::months());
    let context = Context::new("samples", &rules, &calendar, &document.zone);
    let mut csv = "settlement,date,currency,account,name,debit,credit\n".to_owned();
    for settlement in &document.settlements {
        let plan = plan(settlement, &context);
        assert!(plan.held.is_empty(), "{:?}", plan.held);
        for journal in &plan.journals {
            for line in &journal.lines {
                let side = |amount: rust_decimal::Decimal| {
                    if amount.is_zero() { String::new() } else { amount.to_string() }
                };
                csv += &format!(
                    "{},{},{},{},{},{},{}\n",
                    plan.settlement_id,
                    journal.date,
                    journal.currency,
                    line.account,
                    line.account_name.as_deref().unwrap_or_default(),
                    side(line.debit),
                    side(line.credit),
                );
            }
        }
    }
    csv
}

#[test]
fn the_worked_samples_give_their_journals_to_the_cent() {
    if !samples().is_dir() {
        return;
    }
    for name in ["w1-plain", "w2-month-end", "w3-negative"] {
        let expected = fs::read_to_string(samples().join(format!("{name}.expected.csv")));
        let report = samples().join(format!("{name}.input.txt"));
        let expected = expected.expect("the sample").replace("\r\n", "\n");
        assert_eq!(journals(&report), expected, "{name}");
    }
}
