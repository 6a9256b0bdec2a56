//! Every flat file V2 of a collection of settlements behaves as its index says, through the real
//! binary. The collection is not part of the repository: `ML_SAMPLES` names its folder, and without
//! it this is skipped. `own_documents.rs` covers the same cases with files of our own.

use std::path::Path;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::support;

/// What the index expects, in the three kinds it has.
enum Expected {
    Accepted,
    Refused,
    /// The index leaves the choice; reading a wrong amount is the only failure.
    Either,
}

fn expected(entry: &Value) -> Expected {
    let text = entry["expect"].as_str().unwrap_or_default();
    if text.contains(" or reject") || text.contains("(or reject") {
        Expected::Either
    } else if text.starts_with("accept") || text.starts_with("journal equals") {
        Expected::Accepted
    } else {
        Expected::Refused
    }
}

fn money(value: &Value) -> Decimal {
    value.as_str().expect("money is text").parse().expect("a decimal")
}

#[tokio::test]
async fn every_v2_sample_behaves_as_its_index_says() {
    let Some(folder) = support::samples() else { return };
    let index = std::fs::read_to_string(folder.join("index.json")).expect("an index");
    let index: Vec<Value> = serde_json::from_str(&index).expect("JSON");
    let mut walked = 0;
    for entry in &index {
        if !entry["format"].as_str().is_some_and(|format| format.starts_with("V2")) {
            continue;
        }
        walk(&folder, entry).await;
        walked += 1;
    }
    assert!(walked >= 25, "only {walked} files of the index were walked");
}

async fn walk(folder: &Path, entry: &Value) {
    let file = entry["file"].as_str().expect("a name");
    let path = folder.join(file);
    let place = tempfile::tempdir().expect("a folder");
    let mut args = vec!["plan", path.to_str().expect("a path"), "--json"];
    if let Some(zone) = entry["timezone"].as_str() {
        args.extend(["--zone", zone]);
    }
    let said = support::run(place.path(), &args).await;
    let documents = said.json_lines();
    let held = documents.iter().any(|d| !d["held"].as_array().expect("a list").is_empty());
    match expected(entry) {
        Expected::Accepted => {
            assert_eq!(said.code, 0, "{file}: {}\n{}", said.out, said.err);
            assert!(!held, "{file}: {}", said.out);
            check_totals(file, entry, &documents);
        }
        Expected::Refused => {
            assert_eq!(said.code, 3, "{file} must be held: {}\n{}", said.out, said.err);
            assert!(held, "{file}: {}", said.out);
            for document in &documents {
                assert!(document["journals"].as_array().is_none_or(Vec::is_empty), "{file} maps");
            }
        }
        Expected::Either if said.code == 0 => check_totals(file, entry, &documents),
        Expected::Either => assert_eq!(said.code, 3, "{file}: {}", said.err),
    }
    if let Some(expected) = entry["expected"].as_str() {
        check_worked(folder, expected, &documents);
    }
}

/// Debits = credits in every journal, clearing = deposit, deposit = the index's total.
fn check_totals(file: &str, entry: &Value, documents: &[Value]) {
    let totals = entry["header_total"].as_object().expect("totals");
    assert_eq!(documents.len(), totals.len(), "{file}: one plan a settlement");
    for plan in documents {
        let id = plan["settlement_id"].as_str().expect("an id");
        let deposit = money(&plan["deposit"]);
        let total: Decimal =
            totals[id][0].as_str().expect("a total").replace(',', ".").parse().expect("a decimal");
        assert_eq!(deposit, total, "{file}: deposit of {id}");
        assert_eq!(plan["ties"], true, "{file}: {id}");
        let mut clearing = Decimal::ZERO;
        for journal in plan["journals"].as_array().expect("journals") {
            let (mut debits, mut credits) = (Decimal::ZERO, Decimal::ZERO);
            for line in journal["lines"].as_array().expect("lines") {
                debits += money(&line["debit"]);
                credits += money(&line["credit"]);
                if line["role"] == "amazon_clearing" {
                    clearing += money(&line["debit"]) - money(&line["credit"]);
                }
            }
            assert_eq!(debits, credits, "{file}: {id} {}", journal["period"]);
            assert!(debits > Decimal::ZERO, "{file}: an empty journal");
        }
        assert_eq!(clearing, deposit, "{file}: the clearing line of {id}");
    }
}

/// The worked cases: date, account, debit, credit, exactly.
fn check_worked(folder: &Path, expected: &str, documents: &[Value]) {
    let text = std::fs::read_to_string(folder.join(expected)).expect("an expected file");
    let mut want: Vec<_> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<_> = line.split(',').collect();
            let amount = |cell: &str| -> Decimal {
                if cell.is_empty() { Decimal::ZERO } else { cell.parse().expect("a decimal") }
            };
            let [_, date, _, account, _, debit, credit] = cells[..] else {
                panic!("{expected}: {line}")
            };
            (date.to_owned(), account.to_owned(), amount(debit), amount(credit))
        })
        .collect();
    let mut got = Vec::new();
    for journal in documents.iter().flat_map(|plan| plan["journals"].as_array().expect("journals"))
    {
        for line in journal["lines"].as_array().expect("lines") {
            got.push((
                journal["date"].as_str().expect("a date").to_owned(),
                line["account"].as_str().expect("an account").to_owned(),
                money(&line["debit"]),
                money(&line["credit"]),
            ));
        }
    }
    want.sort();
    got.sort();
    assert_eq!(got, want, "{expected}");
}
