//! The documents these tests enter.

use epicor_odata_client::GroupId;
use epicor_odata_client::ap_invoice::{NewApInvoice, NewApLine};
use epicor_odata_client::claim::NewClaim;
use epicor_odata_client::gl_account::GlAccount;
use epicor_odata_client::gl_journal::{NewGroup, NewJournal, NewLine};
use epicor_odata_client::part::NewCrossReference;
use epicor_odata_client::sales_order::{
    NewOrderCharge, NewOrderLine, NewSalesOrder, OneTimeShipTo, ReleaseFrom, ShipTo,
};
use epicor_odata_client::shipment::NewPack;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

pub(crate) const DAY: Date = date(2026, 5, 31);
pub(crate) const TOKEN: &str = "ML7Q2K9X4ABC";

pub(crate) fn group_id() -> GroupId {
    GroupId::new("ML7Q2K9X4").unwrap()
}

pub(crate) fn account(text: &str) -> GlAccount {
    GlAccount::parse(text, '-').unwrap()
}

pub(crate) fn group() -> NewGroup {
    NewGroup {
        group_id: group_id(),
        je_date: DAY,
        book_id: "MAIN".to_owned(),
        journal_code: "GJ".to_owned(),
    }
}

/// A balanced journal of an even number of lines.
pub(crate) fn journal(lines: u32) -> NewJournal {
    let line = |number: u32| {
        let amount = Decimal::new(1250, 2);
        let debit = number.is_multiple_of(2);
        NewLine {
            account: account(if debit { "5100-00" } else { "1150" }),
            debit: if debit { amount } else { Decimal::ZERO },
            credit: if debit { Decimal::ZERO } else { amount },
            description: format!("{TOKEN} fees"),
            comment: String::new(),
        }
    };
    NewJournal {
        description: format!("{TOKEN} May"),
        comment: "Fees of May".to_owned(),
        je_date: DAY,
        currency_code: "USD".to_owned(),
        lines: (0..lines).map(line).collect(),
    }
}

/// An invoice of these amounts; a debit memo when they sum up to less than nothing.
pub(crate) fn invoice(amounts: &[i64]) -> NewApInvoice {
    let line = |cents: &i64| NewApLine {
        part_num: "FEES".to_owned(),
        description: "Referral fees".to_owned(),
        amount: Decimal::new(*cents, 2),
        account: Some(account("5100-00")),
    };
    NewApInvoice {
        vendor_num: 77,
        vendor_id: "AMAZON".to_owned(),
        invoice_num: "24598127340".to_owned(),
        description: format!("{TOKEN} fees"),
        comment: "Fees of May".to_owned(),
        invoice_date: DAY,
        currency_code: "USD".to_owned(),
        terms_code: None,
        invoice_ref: None,
        lines: amounts.iter().map(line).collect(),
    }
}

pub(crate) fn order(lines: u32) -> NewSalesOrder {
    let line = |number: u32| NewOrderLine {
        part_num: format!("DCD{number}"),
        quantity: Decimal::from(number + 1),
        unit: String::new(),
        unit_price: Decimal::new(1999, 2),
        discount: Decimal::ZERO,
        description: String::new(),
        tax_category: String::new(),
        release: None,
    };
    NewSalesOrder {
        cust_num: 1204,
        cust_id: "AMAZON".to_owned(),
        po_num: "112-1234567-1234567".to_owned(),
        comment: format!("{TOKEN} marketplace order"),
        order_date: DAY,
        request_date: None,
        need_by_date: None,
        currency_code: "USD".to_owned(),
        ship_via_code: None,
        terms_code: None,
        tax_region_code: None,
        ship_to: ShipTo::Customer,
        lines: (0..lines).map(line).collect(),
        charges: vec![NewOrderCharge {
            misc_code: "SHIP".to_owned(),
            description: String::new(),
            amount: Decimal::new(-500, 2),
        }],
    }
}

/// An order whose lines are shipped from a warehouse.
pub(crate) fn order_from(warehouse: &str, lines: u32) -> NewSalesOrder {
    let mut order = order(lines);
    for line in &mut order.lines {
        let warehouse_code = warehouse.to_owned();
        line.release = Some(ReleaseFrom { warehouse_code, ..ReleaseFrom::default() });
    }
    order
}

/// An order with everything an order can have.
pub(crate) fn full_order() -> NewSalesOrder {
    let mut order = order(1);
    order.request_date = Some(DAY);
    order.need_by_date = Some(DAY);
    order.ship_via_code = Some("UPS".to_owned());
    order.terms_code = Some("N30".to_owned());
    order.tax_region_code = Some("NONE".to_owned());
    order.lines[0].unit = "EA".to_owned();
    order.lines[0].description = "A drill".to_owned();
    order.lines[0].tax_category = "EXEMPT".to_owned();
    order.lines[0].release = Some(ReleaseFrom {
        plant: "MfgSys".to_owned(),
        warehouse_code: "FBA".to_owned(),
        ship_via_code: "UPS".to_owned(),
    });
    order.charges[0].description = "Shipping".to_owned();
    order.ship_to =
        ShipTo::OneTime(OneTimeShipTo { name: "A buyer".to_owned(), ..OneTimeShipTo::default() });
    order
}

/// A pack of all that is open of an order.
pub(crate) fn pack(order_num: i64) -> NewPack {
    NewPack { order_num, comment: format!("{TOKEN} shipped by the marketplace"), ship_date: DAY }
}

pub(crate) fn claim(owner: &str) -> NewClaim {
    let part = |text: &str| text.to_owned();
    NewClaim {
        key: [part("us"), part("journal"), part("24598127340"), part("2026-05"), part("1")],
        owner: owner.to_owned(),
        note: "the settlement's journal".to_owned(),
    }
}

pub(crate) fn cross_reference() -> NewCrossReference {
    NewCrossReference {
        cust_num: 1204,
        x_part_num: "B0ABCD1234".to_owned(),
        part_num: "DCD777C2".to_owned(),
        description: "Drill".to_owned(),
    }
}
