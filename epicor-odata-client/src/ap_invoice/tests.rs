use jiff::civil::date;

use super::*;
use crate::error::Error;

fn invoice(amounts: &[&str]) -> NewApInvoice {
    let line = |amount: &&str| NewApLine {
        part_num: "FEES".to_owned(),
        description: "Referral fees".to_owned(),
        amount: amount.parse().unwrap_or_default(),
        account: None,
    };
    NewApInvoice {
        vendor_num: 77,
        vendor_id: "AMAZON".to_owned(),
        invoice_num: "24598127340".to_owned(),
        description: "ML7Q2K9X4ABC fees".to_owned(),
        comment: String::new(),
        invoice_date: date(2026, 5, 31),
        currency_code: "USD".to_owned(),
        terms_code: None,
        invoice_ref: None,
        lines: amounts.iter().map(line).collect(),
    }
}

fn refused(invoice: &NewApInvoice) -> bool {
    matches!(invoice.can_be_sent(30), Err(Error::InvalidParameter { .. }))
}

#[test]
fn what_does_not_fit_is_refused() {
    assert!(!refused(&invoice(&["12.50", "-2"])));
    assert!(refused(&invoice(&[])));
    assert!(refused(&invoice(&["0"])));
    let with = |change: fn(&mut NewApInvoice)| {
        let mut invoice = invoice(&["1"]);
        change(&mut invoice);
        invoice
    };
    for change in [
        (|i| i.invoice_num = "9".repeat(51)) as fn(&mut NewApInvoice),
        |i| i.invoice_num = " ".to_owned(),
        |i| i.description = "T".repeat(31),
        |i| i.description.clear(),
        |i| i.currency_code.clear(),
        |i| i.lines[0].part_num = "P".repeat(51),
    ] {
        assert!(refused(&with(change)));
    }
    let longest = with(|i| i.invoice_num = "9".repeat(50));
    assert!(!refused(&longest));
}

#[test]
fn a_negative_total_is_typed_the_other_way_round() {
    let memo = invoice(&["5", "-12.50"]);
    assert!(memo.is_debit_memo());
    assert_eq!(memo.total().map(|total| memo.typed(total).to_string()).as_deref(), Some("7.50"));
    assert!(!invoice(&["5", "-5"]).is_debit_memo());
}
