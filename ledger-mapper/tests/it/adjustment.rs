//! Settlements that Amazon issued again.

use jiff::civil::date;
use ledger_mapper::{AdjustmentError, Calendar, Context, Journal, Plan, adjustment, reversal};
use proptest::prelude::*;
use settlement_model::Settlement;

use crate::properties::settlements;
use crate::support::{effect, journal_table, pacific, sample_plan, sample_rules, settlement};

const POSTED: &str = "
    2026-04-28 | Order / ItemPrice / Principal                                  |  90.00
    2026-05-02 | Order / ItemFees / Commission                                  | -13.50
    2026-05-03 | ServiceFee / Cost of Advertising / TransactionTotalAmount      |  -6.50";

/// As posted, but a refund was missing and the advertising was another.
const REISSUED: &str = "
    2026-04-28 | Order / ItemPrice / Principal                                  |  90.00
    2026-04-29 | Refund / ItemPrice / Principal                                 | -20.00
    2026-05-02 | Order / ItemFees / Commission                                  | -13.50
    2026-05-03 | ServiceFee / Cost of Advertising / TransactionTotalAmount      |  -7.25";

fn spring(total: &str, rows: &str) -> Settlement {
    settlement("70000000001", total, "2026-05-10T18:00:00Z", rows)
}

fn adjust(posted: &[Journal], plan: &Plan) -> Result<Option<Journal>, AdjustmentError> {
    let context = Context {
        connection: "acme-us",
        rules: sample_rules(),
        calendar: &Calendar::months(),
        zone: &pacific(),
        revision: 1,
    };
    adjustment(posted, plan, date(2026, 6, 15), &context)
}

#[test]
fn only_the_difference_is_posted_on_the_day_that_was_chosen() {
    let posted = sample_plan(&spring("70.00", POSTED));
    let plan = sample_plan(&spring("49.25", REISSUED));
    let journal = adjust(&posted.journals, &plan).expect("an adjustment").expect("a difference");
    insta::assert_snapshot!(journal_table(&journal), @r#"
    acme-us/adjustment/70000000001/2026-06/r1 on 2026-06-15
    1150 amazon_clearing                  0.00     20.75  0
    4100 product_refunds                 20.00      0.00  1
    5130 advertising                      0.75      0.00  1
                                         20.75     20.75
    "#);
    let advertising = journal.lines.iter().find(|line| line.account.as_str() == "5130");
    let source = &advertising.expect("a line").sources[0];
    assert_eq!((source.amount.to_string().as_str(), source.rows), ("-0.75", 1));
}

#[test]
fn the_same_settlement_again_needs_no_adjustment() {
    let plan = sample_plan(&spring("70.00", POSTED));
    assert_eq!(adjust(&plan.journals, &plan), Ok(None));
}

#[test]
fn what_was_reversed_counts_as_not_posted() {
    let plan = sample_plan(&spring("70.00", POSTED));
    let undo = |journal: &Journal| reversal(journal, date(2026, 6, 1), &Calendar::months());
    let mut posted = plan.journals.clone();
    posted.extend(plan.journals.iter().map(|journal| undo(journal).expect("a reversal")));
    let journal = adjust(&posted, &plan).expect("an adjustment").expect("everything");
    assert_eq!(effect([&journal]), effect(&plan.journals));
}

#[test]
fn a_held_plan_or_anothers_journal_is_refused() {
    let plan = sample_plan(&spring("70.00", POSTED));
    let held = sample_plan(&spring("70.01", POSTED));
    let refused = adjust(&plan.journals, &held).expect_err("it does not tie");
    assert!(matches!(refused, AdjustmentError::Held { .. }));
    let other = settlement("70000000002", "70.00", "2026-05-10T18:00:00Z", POSTED);
    let refused = adjust(&sample_plan(&other).journals, &plan).expect_err("another settlement");
    assert!(matches!(refused, AdjustmentError::Foreign { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_was_posted_and_the_adjustment_are_what_should_be(
        first in settlements(),
        second in settlements(),
    ) {
        let (posted, plan) = (sample_plan(&first), sample_plan(&second));
        let adjustment = adjust(&posted.journals, &plan).expect("an adjustment");
        for line in adjustment.iter().flat_map(|journal| &journal.lines) {
            let amount = line.credit - line.debit;
            prop_assert_eq!(line.roles.iter().map(|share| share.amount).sum::<rust_decimal::Decimal>(), amount);
        }
        let all = posted.journals.iter().chain(&adjustment);
        prop_assert_eq!(effect(all), effect(&plan.journals));
    }
}
