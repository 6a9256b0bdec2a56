//! The streaming interface.

use settlement_model::{Item, ReadOptions, Reason, ReportTime, RowReader};

use crate::sheet::{Line, document, small};

#[test]
fn rows_show_their_cells() {
    let mut lines = small();
    lines[1] = lines[1].clone().with("sku", " MUG 1 ").resized(23, "");
    let text = document(&lines);
    let mut reader = RowReader::new(text.as_bytes(), &ReadOptions::default()).expect("a header");
    let Some(Ok(Item::Settlement(settlement))) = reader.next() else {
        panic!("the settlement row comes first");
    };
    assert_eq!(settlement.total.to_string(), "8.50 USD");
    let Some(Ok(Item::Row(row))) = reader.next() else {
        panic!("then a row");
    };
    assert_eq!(row.settlement_id(), &settlement.id);
    assert_eq!(row.order_id(), "111-0000001-0000001");
    assert_eq!((row.sku(), row.quantity()), ("MUG 1", "1"));
    assert_eq!(row.cell("SKU"), Some(" MUG 1 "));
    assert_eq!(row.cell("promotion-id"), Some(""));
    assert_eq!(row.cell("colour"), None);
    assert_eq!(row.marketplace_name(), Some("Amazon.com"));
    assert_eq!(row.amount().amount_text(), "10.00");
    assert_eq!(row.line(), 3);
    let posted = "2026-05-05T10:00:00Z".parse().expect("an instant");
    assert_eq!(row.posted(), ReportTime::Instant(posted));
}

#[test]
fn reading_goes_on_behind_a_defect_and_ends_once() {
    let mut lines = small();
    lines[1] = Line::amount("Principal", "ten");
    let text = document(&lines);
    let mut reader = RowReader::new(text.as_bytes(), &ReadOptions::default()).expect("a header");
    assert!(matches!(reader.next(), Some(Ok(Item::Settlement(_)))));
    assert!(matches!(reader.next(), Some(Err(defect)) if defect.reason == Reason::BadNumber));
    assert!(matches!(reader.next(), Some(Ok(Item::Row(row))) if row.line() == 4));
    assert!(reader.next().is_none());
    assert!(reader.next().is_none());
}

#[test]
fn a_header_alone_ends_with_one_defect() {
    let text = document(&[]);
    let mut reader = RowReader::new(text.as_bytes(), &ReadOptions::default()).expect("a header");
    assert!(matches!(reader.next(), Some(Err(defect)) if defect.reason == Reason::NoSettlement));
    assert!(reader.next().is_none());
}
