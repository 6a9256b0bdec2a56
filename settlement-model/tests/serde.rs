//! The public data as JSON (feature `serde`).

use serde_json::{json, to_value};
use settlement_model::{
    Currency, Money, ReadOptions, Reason, Settlement, SettlementId, Unreadable, read,
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
