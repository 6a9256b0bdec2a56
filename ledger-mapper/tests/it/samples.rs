//! Comparisons with what is not part of the repository, each skipped where the environment names
//! nothing: `ML_SAMPLES`, the folder of a collection of settlements, some with the journals that
//! were worked out for them (`worked.rs` does so with our own); and `ML_TRIPLES`, the table of known
//! triples that the catalogue was made from.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ledger_mapper::{Calendar, Context, Rules, catalogue, plan};
use settlement_model::ReadOptions;

/// The path that an environment variable holds, or `None`, said aloud.
fn named(variable: &str) -> Option<PathBuf> {
    let path = env::var_os(variable).map(PathBuf::from);
    if path.is_none() {
        // Past the harness, which keeps to itself what a passing test prints.
        let _unsaid = writeln!(io::stderr(), "skipped: a comparison; {variable} names nothing");
    }
    path
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
    let Some(table) = named("ML_TRIPLES") else { return };
    let text = fs::read_to_string(table).expect("the table of triples");
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
    let Some(folder) = named("ML_SAMPLES") else { return };
    for name in ["w1-plain", "w2-month-end", "w3-negative"] {
        let expected = fs::read_to_string(folder.join(format!("worked/{name}.expected.csv")));
        let report = folder.join(format!("worked/{name}.input.txt"));
        let expected = expected.expect("the sample").replace("\r\n", "\n");
        assert_eq!(journals(&report), expected, "{name}");
    }
}
