//! The accounting cases that the design was checked against: rows in, lines out, to the cent.

use crate::report::{ReportRow, read, report};
use crate::support::{pacific, sample_plan};

/// The journal lines of a settlement whose rows are told as `instant | triple | amount`: date, account,
/// debit, credit.
fn lines(total: &str, end: &str, rows: &str) -> String {
    let rows = rows.lines().map(str::trim).filter(|row| !row.is_empty()).map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let &[posted, triple, amount] = cells.as_slice() else { panic!("three cells: {row}") };
        let names: Vec<&str> = triple.split(" / ").collect();
        let names = names.try_into().expect("a triple");
        ReportRow::new(&format!("{posted} UTC"), names, amount)
    });
    let text = report(total, end, &rows.collect::<Vec<_>>());
    let (document, _) = read(&text, &pacific());
    let plan = sample_plan(&document.settlements[0]);
    assert!(plan.held.is_empty(), "{:?}", plan.held);
    let mut lines = String::new();
    for journal in &plan.journals {
        for line in &journal.lines {
            let (date, account) = (journal.date, &line.account);
            lines += &format!("{date} {account} {:>7} {:>7}\n", line.debit, line.credit);
        }
        let (debits, credits) = (journal.debits().amount(), journal.credits().amount());
        lines += &format!("{:15} {debits:>7} {credits:>7}\n", "");
    }
    lines
}

/// All of it in May.
#[test]
fn a_plain_fortnight() {
    let rows = "
        2026-05-05 10:00:00 | Order / ItemPrice / Principal                                 |  100.00
        2026-05-05 10:00:00 | Order / ItemPrice / Tax                                       |    8.25
        2026-05-05 10:00:00 | Order / ItemPrice / Shipping                                  |    5.99
        2026-05-05 10:00:00 | Order / ItemPrice / ShippingTax                               |    0.49
        2026-05-05 10:00:00 | Order / ItemFees / Commission                                 |  -15.00
        2026-05-05 10:00:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                   |   -6.40
        2026-05-05 10:00:00 | Order / ItemFees / ShippingChargeback                         |   -5.99
        2026-05-05 10:00:00 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal |   -8.25
        2026-05-05 10:00:00 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Shipping  |   -0.49
        2026-05-09 21:30:00 | Order / ItemPrice / Principal                                 |   60.00
        2026-05-09 21:30:00 | Order / ItemPrice / Tax                                       |    4.95
        2026-05-09 21:30:00 | Order / ItemPrice / GiftWrap                                  |    3.50
        2026-05-09 21:30:00 | Order / Promotion / Principal                                 |   -6.00
        2026-05-09 21:30:00 | Order / ItemFees / Commission                                 |   -8.10
        2026-05-09 21:30:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                   |   -9.20
        2026-05-09 21:30:00 | Order / ItemFees / GiftwrapChargeback                         |   -3.50
        2026-05-10 03:00:00 | ServiceFee / Cost of Advertising / TransactionTotalAmount     |  -25.40
        2026-05-11 04:00:00 | other-transaction / other-transaction / Subscription Fee      |  -39.99
        2026-05-12 05:00:00 | FBAFees / FBA Inventory Storage Fee / Base fee                |  -12.34
        ";
    insta::assert_snapshot!(lines("42.52", "2026-05-17 18:00:00 UTC", rows), @r#"
    2026-05-17 1150   42.52    0.00
    2026-05-17 2210    0.00    4.95
    2026-05-17 4000    0.00  160.00
    2026-05-17 4010    0.00    5.99
    2026-05-17 4020    0.00    3.50
    2026-05-17 4090    6.00    0.00
    2026-05-17 5100   23.10    0.00
    2026-05-17 5110   15.60    0.00
    2026-05-17 5120   12.34    0.00
    2026-05-17 5130   25.40    0.00
    2026-05-17 5140   39.99    0.00
    2026-05-17 5170    9.49    0.00
                     174.44  174.44
    "#);
}

/// Posted 05:30 UTC on 1 April is 31 March in Pacific time; 07:00 UTC is midnight, so April.
#[test]
fn a_month_end_at_local_midnight() {
    let rows = "
        2026-03-30 12:00:00 | Order / ItemPrice / Principal                                  |  200.00
        2026-03-30 12:00:00 | Order / ItemFees / Commission                                  |  -30.00
        2026-03-30 12:00:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                    |   -7.00
        2026-04-01 05:30:00 | Order / ItemPrice / Principal                                  |   80.00
        2026-04-01 05:30:00 | Order / ItemFees / Commission                                  |  -12.00
        2026-04-01 05:30:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                    |   -7.00
        2026-04-01 07:00:00 | Order / ItemPrice / Principal                                  |   50.00
        2026-04-01 07:00:00 | Order / ItemFees / Commission                                  |   -7.50
        2026-04-01 07:00:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                    |   -4.60
        2026-04-03 09:00:00 | Refund / ItemPrice / Principal                                 | -200.00
        2026-04-03 09:00:00 | Refund / ItemFees / Commission                                 |   30.00
        2026-04-03 09:00:00 | Refund / ItemFees / RefundCommission                           |   -5.00
        2026-03-31 06:00:00 | ServiceFee / Cost of Advertising / TransactionTotalAmount      |  -18.25
        2026-04-02 04:00:00 | other-transaction / other-transaction / Subscription Fee       |  -39.99
        2026-04-05 17:00:08 | other-transaction / other-transaction / Current Reserve Amount |  -20.00
        ";
    insta::assert_snapshot!(lines("8.66", "2026-04-05 17:00:00 UTC", rows), @r#"
    2026-03-31 1165  205.75    0.00
    2026-03-31 4000    0.00  280.00
    2026-03-31 5100   42.00    0.00
    2026-03-31 5110   14.00    0.00
    2026-03-31 5130   18.25    0.00
                     280.00  280.00
    2026-04-05 1150    8.66    0.00
    2026-04-05 1160   20.00    0.00
    2026-04-05 1165    0.00  205.75
    2026-04-05 4000    0.00   50.00
    2026-04-05 4100  200.00    0.00
    2026-04-05 5100    0.00   22.50
    2026-04-05 5110    4.60    0.00
    2026-04-05 5140   39.99    0.00
    2026-04-05 5150    5.00    0.00
                     278.25  278.25
    "#);
}

/// The settlement opens with a debt that was charged to the card, releases a reserve and holds a new one
/// seconds after its end, and has a refund, a clawback and a fee on an inbound shipment.
#[test]
fn a_negative_total_with_its_debt_reserve_and_refund() {
    let rows = "
        2026-06-07 08:00:00 | other-transaction / other-transaction / Payable to Amazon               |  -41.27
        2026-06-07 09:10:00 | other-transaction / other-transaction / Successful charge               |   41.27
        2026-06-07 08:00:00 | other-transaction / other-transaction / Previous Reserve Amount Balance |  120.00
        2026-06-09 10:00:00 | Order / ItemPrice / Principal                                           |   45.00
        2026-06-09 10:00:00 | Order / ItemPrice / Tax                                                 |    3.71
        2026-06-09 10:00:00 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal           |   -3.71
        2026-06-09 10:00:00 | Order / ItemFees / Commission                                           |   -6.75
        2026-06-09 10:00:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                             |   -5.10
        2026-06-10 10:00:00 | Order / ItemPrice / Principal                                           |   30.00
        2026-06-10 10:00:00 | Order / ItemPrice / Tax                                                 |    1.80
        2026-06-10 10:00:00 | Order / ItemFees / Commission                                           |   -4.50
        2026-06-10 10:00:00 | Order / ItemFees / FBAPerUnitFulfillmentFee                             |   -5.10
        2026-06-12 10:00:00 | Refund / ItemPrice / Principal                                          |  -90.00
        2026-06-12 10:00:00 | Refund / ItemPrice / Tax                                                |   -7.43
        2026-06-12 10:00:00 | Refund / ItemPrice / Shipping                                           |   -5.99
        2026-06-12 10:00:00 | Refund / ItemWithheldTax / MarketplaceFacilitatorTax-Principal          |    7.43
        2026-06-12 10:00:00 | Refund / Promotion / Shipping                                           |    5.99
        2026-06-12 10:00:00 | Refund / ItemFees / Commission                                          |   13.50
        2026-06-12 10:00:00 | Refund / ItemFees / RefundCommission                                    |   -2.70
        2026-06-13 10:00:00 | other-transaction / FBA Inventory Reimbursement / WAREHOUSE_DAMAGE      |   15.25
        2026-06-14 10:00:00 | other-transaction / FBA Inventory Reimbursement / COMPENSATED_CLAWBACK  |   -9.80
        2026-06-15 10:00:00 | FBAFees / FBA Inbound Placement Service Fee / Base fee                  |  -27.30
        2026-06-16 10:00:00 | ServiceFee / Cost of Advertising / TransactionTotalAmount               |  -88.40
        2026-06-21 08:00:09 | other-transaction / other-transaction / Current Reserve Amount          |  -60.00
        ";
    insta::assert_snapshot!(lines("-74.10", "2026-06-21 08:00:00 UTC", rows), @r#"
    2026-06-21 1150    0.00   74.10
    2026-06-21 1160    0.00   60.00
    2026-06-21 2210    0.00    1.80
    2026-06-21 4000    0.00   75.00
    2026-06-21 4090    0.00    5.99
    2026-06-21 4100   90.00    0.00
    2026-06-21 4110    5.99    0.00
    2026-06-21 4200    0.00    5.45
    2026-06-21 5100    0.00    2.25
    2026-06-21 5110   10.20    0.00
    2026-06-21 5130   88.40    0.00
    2026-06-21 5150    2.70    0.00
    2026-06-21 5160   27.30    0.00
                     224.59  224.59
    "#);
}
