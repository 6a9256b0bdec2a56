//! From journal lines back to the rows.

use std::collections::BTreeSet;

use ledger_mapper::{
    Calendar, Context, Drill, DrillError, FeePolicy, FeePosting, Rules, catalogue, fee_invoice,
    plan,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::report::{ReportRow, read, read_for, report};
use crate::support::pacific;

/// The sample chart, with rules of its own: for advertising in Canada, and for toys.
fn rules() -> Rules {
    let own = "\n[[rule]]\namount_type = \"Cost of Advertising\"\nmarketplace = \"Amazon.ca\"\naccount = \"5130\"\n\
               [[rule]]\nsku = \"TOY-*\"\namount_description = \"Principal\"\naccount = \"4007\"\n";
    Rules::parse(&format!("{}{own}", Rules::sample_text()), "rules.toml").expect("rules")
}

fn rows() -> impl Strategy<Value = Vec<ReportRow<'static>>> {
    let exact: Vec<[&'static str; 3]> = catalogue()
        .iter()
        .map(|entry| &entry.triple)
        .map(|t| [&*t.transaction_type, &*t.amount_type, &*t.amount_description])
        .filter(|names: &[&str; 3]| !names.concat().contains('*'))
        .collect();
    let triple = proptest::sample::select(exact);
    let marketplace = proptest::sample::select(vec!["Amazon.com", "Amazon.ca"]);
    let sku = proptest::sample::select(vec!["", "TOY-1", "toy-2", "LAMP"]);
    let posted = (1_u8..=3, 1_u8..=28, 0_u8..24)
        .prop_map(|(month, day, hour)| format!("2026-{month:02}-{day:02} {hour:02}:59:59 UTC"));
    let one = (posted, triple, -300_i64..300, marketplace, sku);
    let row = one.prop_map(|(posted, triple, cents, marketplace, sku)| ReportRow {
        posted,
        triple,
        amount: Decimal::new(cents, 2).to_string(),
        marketplace,
        sku,
    });
    proptest::collection::vec(row, 1..25)
}

fn sum(rows: &[ReportRow<'_>]) -> String {
    let amounts = rows.iter().map(|row| row.amount.parse::<Decimal>().expect("a decimal"));
    amounts.sum::<Decimal>().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_row_is_found_behind_exactly_one_line(rows in rows()) {
        let text = report(&sum(&rows), "2026-03-20 12:00:00 UTC", &rows);
        let (zone, rules) = (pacific(), rules());
        let document = read_for(&rules, &text, &zone);
        let settlement = &document.settlements[0];
        let calendar = Calendar::months();
        let context = Context::new("acme-us", &rules, &calendar, &zone);
        let plan = plan(settlement, &context);
        prop_assert!(plan.held.is_empty(), "{:?}", plan.held);
        let mut found = BTreeSet::new();
        for journal in &plan.journals {
            for line in &journal.lines {
                let drill = Drill::new(journal, line, settlement, &context);
                // The listing itself compares number and sum with the line.
                for row in drill.rows(read(&text, &zone).1).expect("the rows it was planned with") {
                    prop_assert!(found.insert(row.line), "line {} is behind two lines", row.line);
                }
            }
        }
        for journal in &plan.journals {
            let policy = FeePolicy::all_fees("AMAZON");
            let Some(posting) = fee_invoice(journal, &rules, &policy).expect("fees") else { continue };
            let FeePosting { journal: rest, invoice } = &posting;
            let kept = rest.lines.iter().map(|line| Drill::new(rest, line, settlement, &context));
            let fees = invoice.lines.iter();
            let fees = fees.map(|line| Drill::of_fees(invoice, line, settlement, &context));
            for drill in kept.chain(fees) {
                drill.rows(read(&text, &zone).1).expect("the rows it was planned with");
            }
        }
        let netted: u64 = plan.netted_to_zero.iter().map(|source| source.rows).sum();
        prop_assert_eq!(found.len() as u64 + netted, rows.len() as u64);
    }
}

#[test]
fn rows_of_a_changed_document_are_not_passed_off_as_the_lines() {
    let sale = |amount: &str| {
        ReportRow::new("2026-02-03 10:00:00 UTC", ["Order", "ItemPrice", "Principal"], amount)
    };
    let end = "2026-02-20 12:00:00 UTC";
    let text = report("3.00", end, &[sale("1.00"), sale("2.00")]);
    let (zone, rules) = (pacific(), rules());
    let document = read_for(&rules, &text, &zone);
    let (_, reader) = read(&text, &zone);
    let calendar = Calendar::months();
    let context = Context::new("acme-us", &rules, &calendar, &zone);
    let plan = plan(&document.settlements[0], &context);
    let sales = plan.journals[0].lines.iter().find(|line| line.account.as_str() == "4000");
    let drill =
        Drill::new(&plan.journals[0], sales.expect("a line"), &document.settlements[0], &context);
    let found = drill.rows(reader).expect("the same document");
    assert_eq!(found.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4]);

    let changed = report("3.00", end, &[sale("1.00"), sale("2.00"), sale("0.50")]);
    let error = drill.rows(read(&changed, &zone).1).expect_err("another document");
    assert!(matches!(error, DrillError::Differs { expected_rows: 2, rows: 3, .. }));
}
