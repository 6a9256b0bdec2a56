//! Every document of the sample collection does what its index says. The collection is not part
//! of the repository; without it there is nothing to do here.

use std::fs;
use std::path::Path;

use serde_json::Value;
use settlement_model::{LineSpan, Money, ReadOptions, Reason, date_range, read};

#[test]
fn every_sample_reads_as_its_index_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/settlement");
    let Ok(index) = fs::read_to_string(folder.join("index.json")) else {
        return;
    };
    let index: Value = serde_json::from_str(&index).expect("the index is JSON");
    let mut seen = 0;
    for sample in index.as_array().expect("the index is a list") {
        let name = sample["file"].as_str().expect("a file name");
        let bytes = fs::read(folder.join(name)).expect(name);
        if sample["format"].as_str().is_some_and(|form| form.starts_with('V')) {
            check(name, &bytes, sample);
            seen += 1;
        } else if name == "syn-xml-negative.xml" {
            let document = read(bytes.as_slice(), &ReadOptions::default()).expect(name);
            assert_eq!(document.settlements[0].sum.to_string(), "-49.99 USD");
            assert!(document.settlements[0].ties());
        } else {
            let refused = read(bytes.as_slice(), &ReadOptions::default()).expect_err(name);
            assert_eq!(refused.defects[0].reason, Reason::DateRangeReport, "{name}");
            check_date_range(name, &bytes, sample);
        }
    }
    assert!(seen > 15, "only {seen} samples of Flat File V2");
}

fn check_date_range(name: &str, bytes: &[u8], sample: &Value) {
    let report = date_range::read(bytes, &ReadOptions::default()).expect(name);
    let statements = &report.statements;
    assert_eq!(Some(statements.len() as u64), sample["settlement_ids"].as_u64(), "{name}");
    let rows: u64 = statements.iter().map(|one| one.rows + one.transfers).sum();
    assert_eq!(Some(rows), sample["rows"].as_u64(), "{name}");
    let sum = statements.iter().fold(Money::zero(report.currency), |sum, one| {
        let added = sum.checked_add(one.sum).and_then(|sum| sum.checked_add(one.transferred));
        added.expect("small amounts")
    });
    assert_eq!(Some(sum.amount_text().as_str()), sample["sum_of_rows"]["all"].as_str(), "{name}");
    assert!(!statements.iter().any(date_range::Statement::ties), "{name}");
}

/// The archive holds these settlements in both forms.
#[test]
fn both_flat_files_tell_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/samples/settlement");
    for name in ["50011", "50034", "50041", "50051"] {
        let groups = |form: &str| {
            let bytes = fs::read(folder.join(format!("{form}-ca-{name}.txt"))).ok()?;
            let document = read(bytes.as_slice(), &ReadOptions::default()).expect(name);
            let mut settlement = document.settlements.into_iter().next()?;
            for group in &mut settlement.groups {
                group.lines = LineSpan { first: 0, last: 0 };
            }
            Some(settlement)
        };
        assert_eq!(groups("v1"), groups("v2"), "{name}");
    }
}

fn check(name: &str, bytes: &[u8], sample: &Value) {
    let expected = sample["expect"].as_str().expect("an expectation");
    let result = read(bytes, &ReadOptions::default());
    let rejects = expected.starts_with("reject");
    let Ok(document) = result else {
        assert!(rejects, "{name}: {result:?}");
        return;
    };
    if rejects {
        assert!(document.settlements.iter().any(|one| !one.ties()), "{name} ties");
        return;
    }
    let totals = sample["header_total"].as_object().expect("totals");
    assert_eq!(document.settlements.len(), totals.len(), "{name}");
    for settlement in &document.settlements {
        let id = settlement.id.as_str();
        assert_eq!(settlement.total.amount_text(), totals[id][0], "{name}");
        // Amounts with grouping separators are read here and not by the maker of the index.
        if !expected.starts_with("accept as") {
            let sum = sample["sum_of_rows"][id].as_str().expect("a sum");
            assert_eq!(settlement.sum.amount(), sum.parse().expect("a decimal"), "{name}");
            assert_eq!(Some(settlement.ties()), sample["agree"][id].as_bool(), "{name}");
        }
        let of_groups = |rows: u64, group: &settlement_model::Group| rows + group.rows;
        assert_eq!(settlement.groups.iter().fold(0, of_groups), settlement.rows, "{name}");
    }
}
