//! Reversing journals.

use jiff::civil::date;
use ledger_mapper::{Calendar, ReversalError, reversal};
use proptest::prelude::*;

use crate::properties::settlements;
use crate::support::{effect, journal_table, sample_plan, settlement};

const ROWS: &str = "2026-05-05 | Order / ItemPrice / Principal | 10.00
                    2026-05-05 | Order / ItemFees / Commission | -1.50";

#[test]
fn a_reversal_is_dated_in_the_period_it_is_posted_in() {
    let plan = sample_plan(&settlement("70000000001", "8.50", "2026-05-17T18:00:00Z", ROWS));
    let undone = reversal(&plan.journals[0], date(2026, 6, 2), &Calendar::months());
    let undone = undone.expect("a reversal");
    assert_eq!(undone.period, "2026-06");
    insta::assert_snapshot!(undone.description, @"Reversal of MLKYXMPRTM05: Amazon settlement 70000000001, 2026-05");
    insta::assert_snapshot!(journal_table(&undone), @r#"
    acme-us/journal/70000000001/2026-05/1/r0/reversal on 2026-06-02
    1150 amazon_clearing                  0.00      8.50  0
    4000 product_sales                   10.00      0.00  1
    5100 referral_fees                    0.00      1.50  1
                                         10.00     10.00
    "#);
}

#[test]
fn a_reversal_is_neither_reversed_nor_before_its_original() {
    let plan = sample_plan(&settlement("70000000001", "8.50", "2026-05-17T18:00:00Z", ROWS));
    let posted = &plan.journals[0];
    let months = Calendar::months();
    let early = reversal(posted, date(2026, 5, 16), &months).expect_err("before the journal");
    assert!(matches!(early, ReversalError::TooEarly { .. }));
    let undone = reversal(posted, posted.date, &months).expect("the same day will do");
    let again = reversal(&undone, date(2026, 6, 2), &months).expect_err("a reversal");
    assert!(again.to_string().contains("is itself a reversal"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_journal_and_its_reversal_are_nothing(settlement in settlements(), days in 0_i64..400) {
        for journal in &sample_plan(&settlement).journals {
            let date = journal.date.checked_add(jiff::Span::new().days(days)).expect("a date");
            let undone = reversal(journal, date, &Calendar::months()).expect("a reversal");
            prop_assert_eq!(undone.check(), Ok(()));
            prop_assert!(effect([journal, &undone]).is_empty());
            prop_assert_eq!(undone.key.reversed(), Some(journal.key.clone()));
            prop_assert_eq!(&journal.key.reversal(), &undone.key);
            for (line, opposite) in journal.lines.iter().zip(&undone.lines) {
                for (source, other) in line.sources.iter().zip(&opposite.sources) {
                    prop_assert_eq!(source.amount + other.amount, rust_decimal::Decimal::ZERO);
                }
            }
        }
    }
}
