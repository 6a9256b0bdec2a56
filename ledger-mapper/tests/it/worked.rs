//! The sample settlements of the examples, worked out by hand, journal by journal.

use ledger_mapper::Plan;

use crate::report::read;
use crate::support::{pacific, sample_plan, table};

fn plan_of(report: &str) -> Plan {
    let (document, _) = read(report, &pacific());
    sample_plan(&document.settlements[0])
}

#[test]
fn a_plain_fortnight() {
    let plan = plan_of(include_str!("../../examples/settlements/plain.txt"));
    insta::assert_snapshot!(table(&plan), @r#"
    acme-us/journal/70000000001/2026-02/1/r0 on 2026-02-14
    1150 amazon_clearing                 21.25      0.00  0
    2210 tax_collected                    0.00      2.06  5
    4000 product_sales                    0.00    105.00  2
    4010 shipping_income                  0.00      4.99  1
    4020 gift_wrap_income                 0.00      3.00  1
    4090 promotions                       2.50      0.00  1
    5100 referral_fees                   15.75      0.00  2
    5110 fba_fulfilment_fees              8.70      0.00  2
    5120 storage_fees                     7.77      0.00  1
    5130 advertising                     11.10      0.00  1
    5140 subscription_fees               39.99      0.00  1
    5170 shipping_chargeback              7.99      0.00  2
                                        115.05    115.05
    "#);
}

/// A settlement over a month end. It is negative although its first part is positive; a reserve is
/// posted the day after its end, and belongs to it all the same.
#[test]
fn a_month_end_inside() {
    let plan = plan_of(include_str!("../../examples/settlements/month-end.txt"));
    insta::assert_snapshot!(table(&plan), @r#"
    acme-us/journal/70000000002/2026-09/1/r0 on 2026-09-30
    1165 carried_over                   107.10      0.00  0
    4000 product_sales                    0.00    150.00  1
    5100 referral_fees                   22.50      0.00  1
    5110 fba_fulfilment_fees              6.10      0.00  1
    5130 advertising                     14.30      0.00  1
                                        150.00    150.00
    acme-us/journal/70000000002/2026-10/2/r0 on 2026-10-09
    1150 amazon_clearing                  0.00     44.99  0
    1160 reserve                         10.00      0.00  1
    1165 carried_over                     0.00    107.10  0
    4000 product_sales                    0.00     40.00  1
    4100 product_refunds                150.00      0.00  1
    5100 referral_fees                    0.00     16.50  2
    5110 fba_fulfilment_fees              4.10      0.00  1
    5140 subscription_fees               39.99      0.00  1
    5150 refund_administration_fees       4.50      0.00  1
                                        208.59    208.59
    "#);
}

/// A negative total; the debt it opens with was charged in part. The rows on the clearing account
/// stay apart from the deposit's line, and tax that cancels out leaves no line.
#[test]
fn a_negative_total_with_an_opening_debt() {
    let plan = plan_of(include_str!("../../examples/settlements/negative.txt"));
    insta::assert_snapshot!(table(&plan), @r#"
    acme-us/journal/70000000003/2026-06/1/r0 on 2026-06-21
    1150 amazon_clearing                  0.00     37.20  0
    1150 opening_balance                 10.00      0.00  2
    1160 reserve                          0.00     30.00  2
    4000 product_sales                    0.00     10.00  1
    4100 product_refunds                 60.00      0.00  1
    4200 reimbursement_clawback           3.00      0.00  2
    5100 referral_fees                    0.00      7.50  2
    5150 refund_administration_fees       1.80      0.00  1
    5160 inbound_placement_fees           9.90      0.00  1
                                         84.70     84.70
    "#);
    let cancelled: Vec<String> = plan.netted_to_zero.iter().map(|s| s.triple.to_string()).collect();
    assert_eq!(
        cancelled,
        [
            "Order / ItemPrice / Tax",
            "Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal",
            "Refund / ItemPrice / Tax",
            "Refund / ItemWithheldTax / MarketplaceFacilitatorTax-Principal",
        ]
    );
}
