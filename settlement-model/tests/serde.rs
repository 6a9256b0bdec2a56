//! The public data as JSON (feature `serde`).

use serde_json::{json, to_value};
use settlement_model::{
    Currency, Item, MarketplaceId, Money, OwnedRow, ReadOptions, Reason, RowReader, Settlement,
    SettlementId, Unreadable, date_range, read,
};

const FILE: &[u8] = include_bytes!("data/plain.txt");

#[test]
fn money_is_text_with_its_currency() {
    let dollars = Currency::parse("USD").expect("a currency");
    let money = Money::new("42.5".parse().expect("a decimal"), dollars).expect("whole cents");
    let written = to_value(money).expect("JSON");
    assert_eq!(written, json!({"amount": "42.50", "currency": "USD"}));
    assert_eq!(serde_json::from_value::<Money>(written).ok(), Some(money));
}

#[test]
fn what_the_types_rule_out_is_not_read_back() {
    for wrong in [
        json!({"amount": "0.005", "currency": "USD"}),
        json!({"amount": "1.00", "currency": "ZZZ"}),
        json!({"amount": "1,00", "currency": "EUR"}),
        json!({"amount": 1.00, "currency": "USD"}),
    ] {
        assert!(serde_json::from_value::<Money>(wrong.clone()).is_err(), "{wrong}");
    }
    assert!(serde_json::from_value::<SettlementId>(json!("2.38744E+10")).is_err());
}

#[test]
fn a_settlement_comes_back_as_it_went() {
    let document = read(FILE, &ReadOptions::default()).expect("readable");
    let written = to_value(&document).expect("JSON");
    assert_eq!(written["zone"], "America/Los_Angeles");
    assert_eq!(written["zone_source"], json!({"marketplace": "Amazon.com"}));
    let settlements: Vec<Settlement> =
        serde_json::from_value(written["settlements"].clone()).expect("settlements");
    assert_eq!(settlements, document.settlements);
}

#[test]
fn a_reason_is_its_code() {
    let unreadable = read(&b""[..], &ReadOptions::default()).expect_err("empty");
    let written = to_value(&unreadable).expect("JSON");
    assert_eq!(written["defects"][0]["reason"], Reason::Empty.code());
    assert_eq!(serde_json::from_value::<Unreadable>(written).ok(), Some(unreadable));
}

#[test]
fn ids_of_marketplaces_are_text_that_is_checked() {
    let id = MarketplaceId::parse("ATVPDKIKX0DER").expect("an id");
    assert_eq!(to_value(&id).expect("JSON"), "ATVPDKIKX0DER");
    assert_eq!(serde_json::from_value::<MarketplaceId>(json!("ATVPDKIKX0DER")).ok(), Some(id));
    for wrong in ["Amazon.com", "", "atvpdkikx0der", "US"] {
        assert!(serde_json::from_value::<MarketplaceId>(json!(wrong)).is_err(), "{wrong}");
    }
}

#[test]
fn a_row_that_was_kept_comes_back_as_it_went() {
    let mut reader = RowReader::new(FILE, &ReadOptions::default()).expect("a header");
    let mut rows = Vec::new();
    while let Some(item) = reader.next() {
        if let Item::Row(row) = item.expect("readable") {
            rows.push(OwnedRow::from(&row));
        }
    }
    assert!(rows.iter().any(|row| row.order_reference().is_some()));
    let written = to_value(&rows).expect("JSON");
    assert_eq!(serde_json::from_value::<Vec<OwnedRow>>(written).ok(), Some(rows));
}

#[test]
fn a_date_range_report_is_told_by_type() {
    let text = "\"Amounts in USD\"\ndate/time,settlement id,type,product sales,other,total\n\
                \"May 5, 2026\",1,Service Fee,0,-3.00,-3.00\n\"May 6, 2026\",1,New Thing,1,0,1\n";
    let report = date_range::read(text.as_bytes(), &ReadOptions::default()).expect("readable");
    let written = to_value(&report).expect("JSON");
    let types = &written["statements"][0]["types"];
    assert_eq!(types[0]["transaction_type"], "service_fee");
    assert_eq!(types[1]["transaction_type"], json!({"other": "New Thing"}));
    assert_eq!(types[0]["sum"], json!({"amount": "-3.00", "currency": "USD"}));
    let statements = serde_json::from_value(written["statements"].clone());
    assert_eq!(statements.ok(), Some(report.statements));
}
