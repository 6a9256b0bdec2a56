//! Three settlements worked out by hand, journal by journal.

use crate::support::{sample_plan, settlement, table};

#[test]
fn a_plain_fortnight() {
    let plan = sample_plan(&settlement(
        "70000000001",
        "21.25",
        "2026-02-14T18:00:00Z",
        "
        2026-02-02 | Order / ItemPrice / Principal                                |  80.00
        2026-02-02 | Order / ItemPrice / Tax                                      |   6.60
        2026-02-02 | Order / ItemPrice / Shipping                                 |   4.99
        2026-02-02 | Order / ItemPrice / ShippingTax                              |   0.41
        2026-02-02 | Order / ItemFees / Commission                                | -12.00
        2026-02-02 | Order / ItemFees / FBAPerUnitFulfillmentFee                  |  -5.50
        2026-02-02 | Order / ItemFees / ShippingChargeback                        |  -4.99
        2026-02-02 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal |  -6.60
        2026-02-02 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Shipping  |  -0.41
        2026-02-07 | Order / ItemPrice / Principal                                |  25.00
        2026-02-07 | Order / ItemPrice / Tax                                      |   2.06
        2026-02-07 | Order / ItemPrice / GiftWrap                                 |   3.00
        2026-02-07 | Order / ItemFees / GiftwrapChargeback                        |  -3.00
        2026-02-07 | Order / Promotion / Principal                                |  -2.50
        2026-02-07 | Order / ItemFees / Commission                                |  -3.75
        2026-02-07 | Order / ItemFees / FBAPerUnitFulfillmentFee                  |  -3.20
        2026-02-08 | ServiceFee / Cost of Advertising / TransactionTotalAmount    | -11.10
        2026-02-09 | other-transaction / other-transaction / Subscription Fee     | -39.99
        2026-02-10 | FBAFees / FBA Inventory Storage Fee / Base fee               |  -7.77
        ",
    ));
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
    let plan = sample_plan(&settlement(
        "70000000002",
        "-44.99",
        "2026-10-10T06:59:58Z",
        "
        2026-09-28 | Order / ItemPrice / Principal                                    |  150.00
        2026-09-28 | Order / ItemFees / Commission                                    |  -22.50
        2026-09-28 | Order / ItemFees / FBAPerUnitFulfillmentFee                      |   -6.10
        2026-09-30 | ServiceFee / Cost of Advertising / TransactionTotalAmount        |  -14.30
        2026-10-01 | Order / ItemPrice / Principal                                    |   40.00
        2026-10-01 | Order / ItemFees / Commission                                    |   -6.00
        2026-10-01 | Order / ItemFees / FBAPerUnitFulfillmentFee                      |   -4.10
        2026-10-03 | Refund / ItemPrice / Principal                                   | -150.00
        2026-10-03 | Refund / ItemFees / Commission                                   |   22.50
        2026-10-03 | Refund / ItemFees / RefundCommission                             |   -4.50
        2026-10-05 | other-transaction / other-transaction / Subscription Fee         |  -39.99
        2026-10-10 | other-transaction / other-transaction / Current Reserve Amount   |  -10.00
        ",
    ));
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
    let plan = sample_plan(&settlement(
        "70000000003",
        "-37.20",
        "2026-06-21T08:00:00Z",
        "
        2026-06-07 | other-transaction / other-transaction / Payable to Amazon               | -30.00
        2026-06-07 | other-transaction / other-transaction / Successful charge               |  20.00
        2026-06-07 | other-transaction / other-transaction / Previous Reserve Amount Balance |  50.00
        2026-06-09 | Order / ItemPrice / Principal                                           |  10.00
        2026-06-09 | Order / ItemPrice / Tax                                                 |   0.80
        2026-06-09 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal           |  -0.80
        2026-06-09 | Order / ItemFees / Commission                                           |  -1.50
        2026-06-12 | Refund / ItemPrice / Principal                                          | -60.00
        2026-06-12 | Refund / ItemPrice / Tax                                                |  -4.80
        2026-06-12 | Refund / ItemWithheldTax / MarketplaceFacilitatorTax-Principal          |   4.80
        2026-06-12 | Refund / ItemFees / Commission                                          |   9.00
        2026-06-12 | Refund / ItemFees / RefundCommission                                    |  -1.80
        2026-06-13 | other-transaction / FBA Inventory Reimbursement / WAREHOUSE_LOST        |  12.00
        2026-06-14 | other-transaction / FBA Inventory Reimbursement / COMPENSATED_CLAWBACK  | -15.00
        2026-06-15 | FBAFees / FBA Inbound Placement Service Fee / Base fee                  |  -9.90
        2026-06-21 | other-transaction / other-transaction / Current Reserve Amount          | -20.00
        ",
    ));
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
