use jiff::civil::date;
use rust_decimal::Decimal;

use super::*;
use crate::error::Error;

pub(super) fn order() -> NewSalesOrder {
    NewSalesOrder {
        cust_num: 1204,
        cust_id: "AMAZON".to_owned(),
        po_num: "112-1234567-1234567".to_owned(),
        comment: "ML7Q2K9X4ABC marketplace order".to_owned(),
        order_date: date(2026, 5, 31),
        request_date: None,
        need_by_date: None,
        currency_code: "USD".to_owned(),
        ship_via_code: None,
        terms_code: None,
        tax_region_code: None,
        ship_to: ShipTo::Customer,
        lines: vec![NewOrderLine {
            part_num: "DCD777C2".to_owned(),
            quantity: Decimal::ONE,
            unit: String::new(),
            discount: Decimal::ZERO,
            unit_price: Decimal::new(1999, 2),
            description: String::new(),
            tax_category: String::new(),
            release: None,
        }],
        charges: vec![NewOrderCharge {
            misc_code: "SHIP".to_owned(),
            description: String::new(),
            amount: Decimal::new(-500, 2),
        }],
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    assert!(order().can_be_sent().is_ok());
    for change in [
        (|o| o.cust_id = "TOO-LONG-ID".to_owned()) as fn(&mut NewSalesOrder),
        |o| o.po_num = "9".repeat(51),
        |o| o.po_num.clear(),
        |o| o.comment = " ".to_owned(),
        |o| o.currency_code.clear(),
        |o| o.lines.clear(),
        |o| o.lines[0].part_num = "P".repeat(51),
        |o| o.lines[0].quantity = Decimal::ZERO,
        |o| o.lines[0].unit_price = Decimal::NEGATIVE_ONE,
        |o| o.charges[0].amount = Decimal::ZERO,
        |o| o.ship_to = ShipTo::OneTime(OneTimeShipTo::default()),
    ] {
        let mut order = order();
        change(&mut order);
        let refused = matches!(order.can_be_sent(), Err(Error::InvalidParameter { .. }));
        assert!(refused, "{order:?}");
    }
}

#[test]
fn a_buyer_never_shows() {
    let mut order = order();
    order.ship_to =
        ShipTo::OneTime(OneTimeShipTo { name: "canary".to_owned(), ..OneTimeShipTo::default() });
    assert!(!format!("{order:?}").contains("canary"));
}
