//! The worked settlements of the project's sample collection, where it lies beside the repository.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ledger_mapper::{Calendar, Context, Rules, catalogue, plan};
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

/// The cells of a line of CSV, some in double quotes.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            letter => cells.last_mut().expect("a cell").push(letter),
        }
    }
    cells
}

/// Every triple of the reference is in the catalogue, as well established as it says there.
#[test]
fn the_catalogue_has_every_triple_of_the_reference() {
    let Ok(text) = fs::read_to_string(samples().join("../../../reference/settlement-triples.csv"))
    else {
        return;
    };
    let mut known: Vec<String> = catalogue()
        .iter()
        .map(|entry| {
            let seen = entry.rows_seen.map(|rows| rows.to_string()).unwrap_or_default();
            format!("{} {} {seen}", entry.triple, entry.confidence)
        })
        .collect();
    for line in text.lines().skip(1) {
        let cells = cells(line);
        let confidence = cells.last().expect("a cell");
        let triple = cells[..3].join(" / ");
        let wanted = format!("{triple} {confidence} {}", cells[8]);
        // Free text is known by its beginning.
        let place = known.iter().position(|known| match known.split_once('*') {
            Some((start, end)) => wanted.starts_with(start) && wanted.ends_with(end),
            None => *known == wanted,
        });
        known.swap_remove(place.unwrap_or_else(|| panic!("{wanted} is not in the catalogue")));
    }
    assert!(known.is_empty(), "{known:?}");
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
