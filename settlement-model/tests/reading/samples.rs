//! Every document of a collection of real and made ones does what its index says. The collection is
//! not part of the repository: `ML_SAMPLES` names its folder, and without it these tests are
//! skipped. What they show, the other modules show with documents of our own.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Once;
use std::{env, fs};

use jiff::tz::TimeZone;
use serde_json::Value;
use settlement_model::{LineSpan, Money, ReadOptions, Reason, date_range, read};

/// The collection's folder, or `None`, said once, when the environment names none.
pub(crate) fn folder() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let folder = env::var_os("ML_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        // Past the harness, which keeps to itself what a passing test prints.
        SAID.call_once(|| {
            let _unsaid = writeln!(io::stderr(), "skipped: samples; ML_SAMPLES names no folder");
        });
    }
    folder
}

#[test]
fn every_sample_reads_as_its_index_says() {
    let Some(folder) = folder() else { return };
    let index = fs::read_to_string(folder.join("index.json")).expect("the index");
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
    assert_eq!(report.language, "pt", "{name}");
    assert!(report.unknown_columns.is_empty(), "{name}: {:?}", report.unknown_columns);
    let deferred: u64 = statements.iter().map(|one| one.deferred_rows).sum();
    let transfers: u64 = statements.iter().map(|one| one.transfers).sum();
    assert_eq!((deferred, transfers), (49, 13), "{name}");
    let types = statements.iter().flat_map(|one| &one.types);
    let unknown = |one: &&date_range::TypeSum| {
        matches!(one.transaction_type, date_range::TransactionType::Other(_))
    };
    // The one row of the type `Outros`.
    assert_eq!(types.filter(unknown).map(|one| one.rows).sum::<u64>(), 1, "{name}");
}

/// The index says what each zone makes of the rows around midnight of 31 March.
#[test]
fn the_zone_decides_the_month() {
    let Some(folder) = folder() else { return };
    let bytes = fs::read(folder.join("syn-month-boundary.txt")).expect("the sample");
    for (zone, march, april) in [("UTC", "8.50", "25.50"), ("America/Los_Angeles", "25.50", "8.50")]
    {
        let zone = Some(TimeZone::get(zone).expect("bundled"));
        let options = ReadOptions { zone, ..ReadOptions::default() };
        let document = read(bytes.as_slice(), &options).expect("readable");
        let groups = &document.settlements[0].groups;
        let of_month = |month: i8| {
            let nothing = Money::zero(document.settlements[0].currency());
            let of_it = groups.iter().filter(|group| group.date.month() == month);
            let sum = of_it
                .map(|group| group.amount)
                .fold(nothing, |sum, amount| sum.checked_add(amount).expect("small amounts"));
            sum.amount_text()
        };
        assert_eq!((of_month(3).as_str(), of_month(4).as_str()), (march, april));
    }
}

/// The collection holds these settlements in both forms.
#[test]
fn both_flat_files_tell_the_same() {
    let Some(folder) = folder() else { return };
    for name in ["50011", "50034", "50041", "50051"] {
        let settlement = |form: &str| {
            let bytes = fs::read(folder.join(format!("{form}-ca-{name}.txt"))).expect(name);
            let document = read(bytes.as_slice(), &ReadOptions::default()).expect(name);
            let mut settlement = document.settlements.into_iter().next().expect(name);
            for group in &mut settlement.groups {
                group.lines = LineSpan { first: 0, last: 0 };
            }
            settlement
        };
        assert_eq!(settlement("v1"), settlement("v2"), "{name}");
    }
}

fn check(name: &str, bytes: &[u8], sample: &Value) {
    let expected = sample["expect"].as_str().expect("an expectation");
    let result = read(bytes, &ReadOptions::default());
    let rejects = expected.starts_with("reject");
    let Ok(document) = result else {
        assert!(rejects, "{name}: {result:?}");
        let Err(unreadable) = &result else { return };
        let whole = unreadable.defects[0].reason == Reason::NoSettlement;
        assert!(whole || unreadable.defects.iter().all(|one| one.line.is_some()), "{name}");
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
