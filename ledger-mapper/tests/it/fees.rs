//! Fees as a supplier invoice.

use std::collections::BTreeMap;

use jiff::civil::date;
use ledger_mapper::{
    Calendar, Context, FeeDocument, FeeInvoice, FeePolicy, FeePosting, Journal, ReversalError,
    Role, Rules, fee_invoice, fee_reversal, plan,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::properties::settlements;
use crate::support::{effect, journal_table, pacific, sample_plan, sample_rules, settlement};

fn split(journal: &Journal) -> Option<FeePosting> {
    let policy = FeePolicy::all_fees("AMAZON");
    fee_invoice(journal, sample_rules(), &policy).expect("a settlement's journal")
}

fn invoice_table(invoice: &FeeInvoice) -> String {
    let mut text = format!("{} {:?} {}\n", invoice.number, invoice.document, invoice.total);
    for line in &invoice.lines {
        text += &format!("{} {:<26} {:>8}\n", line.account, line.role.as_str(), line.amount);
    }
    text
}

#[test]
fn fees_leave_the_journal_and_one_line_stands_for_them() {
    let rows = "2026-05-05 | Order / ItemPrice / Principal                             |  90.00
                2026-05-05 | Order / ItemFees / Commission                             | -13.50
                2026-05-06 | FBAFees / FBA Inventory Storage Fee / Base fee            |  -5.00
                2026-05-06 | FBAFees / FBA Inventory Storage Fee / Tax on fee          |  -1.00
                2026-05-07 | Refund / ItemFees / RefundCommission                      |  -0.50
                2026-05-17 | other-transaction / other-transaction / Current Reserve Amount | -20.00";
    let plan = sample_plan(&settlement("70000000001", "50.00", "2026-05-17T18:00:00Z", rows));
    let posting = split(&plan.journals[0]).expect("fees");
    insta::assert_snapshot!(journal_table(&posting.journal), @r#"
    acme-us/journal/70000000001/2026-05/1/r0 on 2026-05-17
    1150 amazon_clearing                 50.00      0.00  0
    1160 reserve                         20.00      0.00  1
    2110 fees_payable                    20.00      0.00  0
    4000 product_sales                    0.00     90.00  1
                                         90.00     90.00
    "#);
    insta::assert_snapshot!(invoice_table(&posting.invoice), @r#"
    70000000001-2026-05 Invoice 20.00
    1310 tax_on_fees                    1.00
    5100 referral_fees                 13.50
    5120 storage_fees                   5.00
    5150 refund_administration_fees     0.50
    "#);
}

#[test]
fn more_fees_given_back_than_charged_are_a_debit_memo() {
    let rows = "2026-05-05 | Refund / ItemPrice / Principal        | -90.00
                2026-05-05 | Refund / ItemFees / Commission        |  13.50
                2026-05-05 | Refund / ItemFees / RefundCommission  |  -2.70";
    let settlement = settlement("70000000001", "-79.20", "2026-05-17T18:00:00Z", rows);
    let context = Context {
        connection: "acme-us",
        rules: sample_rules(),
        calendar: &Calendar::months(),
        zone: &pacific(),
        revision: 1,
    };
    let posting = split(&plan(&settlement, &context).journals[0]).expect("fees");
    assert_eq!(posting.invoice.document, FeeDocument::DebitMemo);
    insta::assert_snapshot!(invoice_table(&posting.invoice), @r#"
    70000000001-2026-05-r1 DebitMemo 10.80
    5100 referral_fees                -13.50
    5150 refund_administration_fees     2.70
    "#);
}

#[test]
fn an_invoice_is_taken_back_by_a_debit_memo() {
    let rows = "2026-05-05 | Order / ItemPrice / Principal  |  90.00
                2026-05-05 | Order / ItemFees / Commission | -13.50";
    let plan = sample_plan(&settlement("70000000001", "76.50", "2026-05-17T18:00:00Z", rows));
    let posted = split(&plan.journals[0]).expect("fees");
    let months = Calendar::months();
    let undone = fee_reversal(&posted, date(2026, 6, 2), &months).expect("a reversal");
    assert_eq!(undone.journal.key.reversed(), Some(posted.journal.key));
    assert_eq!(undone.invoice.journal, undone.journal.key);
    assert_eq!(undone.invoice.reverses, Some(posted.invoice.number));
    assert_eq!(
        (undone.invoice.date, undone.invoice.period.as_str()),
        (date(2026, 6, 2), "2026-06")
    );
    insta::assert_snapshot!(invoice_table(&undone.invoice), @r#"
    70000000001-2026-05-reversal DebitMemo 13.50
    5100 referral_fees                -13.50
    "#);
    let again = fee_reversal(&undone, date(2026, 6, 3), &months).expect_err("a reversal");
    assert!(matches!(again, ReversalError::Reversal { .. }));
}

#[test]
fn without_an_account_for_it_the_invoice_says_who_adds_one() {
    let rules = Rules::sample_text().replace("fees_payable = ", "# ");
    let rules = Rules::parse(&rules, "rules.toml").expect("rules");
    let rows = "2026-05-05 | Order / ItemFees / Commission | -1.00";
    let plan = sample_plan(&settlement("70000000001", "-1.00", "2026-05-17T18:00:00Z", rows));
    let error = fee_invoice(&plan.journals[0], &rules, &FeePolicy::all_fees("AMAZON"));
    let message = error.expect_err("no account").to_string();
    assert!(message.contains("`fees_payable = \"…\"`"), "{message}");
}

/// What journal and invoice credit each account less what they debit, and the supplier's account with
/// them; zeros left out.
fn effect_of_both<'a>(
    postings: impl IntoIterator<Item = &'a FeePosting>,
) -> BTreeMap<String, Decimal> {
    let mut both: BTreeMap<String, Decimal> = BTreeMap::new();
    for FeePosting { journal, invoice } in postings {
        for (account, amount) in effect([journal]) {
            *both.entry(account).or_default() += amount;
        }
        for line in &invoice.lines {
            *both.entry(line.account.to_string()).or_default() -= line.amount;
        }
        *both.entry("supplier".to_owned()).or_default() += match invoice.document {
            FeeDocument::Invoice => invoice.total,
            FeeDocument::DebitMemo => -invoice.total,
        };
    }
    both.retain(|_, amount| !amount.is_zero());
    both
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_fee_posting_and_its_reversal_are_nothing(settlement in settlements()) {
        for posted in sample_plan(&settlement).journals.iter().filter_map(split) {
            let undone = fee_reversal(&posted, posted.journal.date, &Calendar::months());
            let undone = undone.expect("a reversal");
            prop_assert_eq!(undone.journal.check(), Ok(()));
            prop_assert_ne!(undone.invoice.document, posted.invoice.document);
            prop_assert!(!effect_of_both([&posted]).is_empty());
            prop_assert_eq!(effect_of_both([&posted, &undone]), BTreeMap::new());
        }
    }

    #[test]
    fn both_styles_agree_on_every_account(settlement in settlements()) {
        for journal in &sample_plan(&settlement).journals {
            let Some(FeePosting { journal: rest, invoice }) = split(journal) else {
                let fees = FeePolicy::all_fees("AMAZON").roles;
                let sources = journal.lines.iter().flat_map(|line| &line.sources);
                let fees = sources.filter(|source| fees.contains(&source.role));
                prop_assert!(fees.map(|source| source.amount).sum::<Decimal>().is_zero());
                continue;
            };
            prop_assert_eq!(rest.check(), Ok(()));
            let sum: Decimal = invoice.lines.iter().map(|line| line.amount).sum();
            let total = match invoice.document {
                FeeDocument::Invoice => invoice.total,
                FeeDocument::DebitMemo => -invoice.total,
            };
            prop_assert!(invoice.total > Decimal::ZERO);
            prop_assert_eq!(sum, total);

            // Paid from the account of the counterpart, the invoice clears it.
            let mut both = effect([&rest]);
            for line in &invoice.lines {
                *both.entry(line.account.to_string()).or_default() -= line.amount;
            }
            let payable = sample_rules().account_for(&Role::FEES_PAYABLE).map(ToString::to_string);
            *both.entry(payable.expect("an account")).or_default() += total;
            both.retain(|_, amount| !amount.is_zero());
            prop_assert_eq!(both, effect([journal]));
            let rows = |lines: &mut dyn Iterator<Item = u64>| lines.sum::<u64>();
            prop_assert!(
                rows(&mut rest.lines.iter().map(|line| line.rows))
                    + rows(&mut invoice.lines.iter().map(|line| line.rows))
                    <= rows(&mut journal.lines.iter().map(|line| line.rows))
            );
        }
    }
}
