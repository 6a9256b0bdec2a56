use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::*;

fn row(json: &str) -> Row {
    serde_json::from_str(json).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Amounts survive writing and reading with all their digits.
    #[test]
    fn decimals_round_trip(mantissa in any::<i64>(), scale in 0_u32..=28) {
        let number = Decimal::new(mantissa, scale);
        let mut sent = Row::new();
        sent.set_decimal("A", number);
        let text = serde_json::to_string(&sent)?;
        prop_assert!(!text.contains(['e', 'E']));
        let read: Row = serde_json::from_str(&text)?;
        prop_assert_eq!(read.decimal("A").map(|read| read.to_string()), Ok(number.to_string()));
    }

    /// What we do not know of is sent back as it came.
    #[test]
    fn unknown_columns_are_echoed(revision in any::<u64>(), text in "(?s).{0,20}") {
        let json = json!({ "GLJrnHed": [{ "SysRevID": revision, "Thing_c": text, "X": null }] });
        let echoed = Dataset::from_value(json.clone()).map(|ds| json!(ds));
        prop_assert_eq!(echoed, Some(json));
    }
}

#[test]
fn numbers_are_read_exactly_or_not_at_all() {
    for (text, read) in [
        ("10", Some("10")),
        ("10.50", Some("10.50")),
        ("-0.000000001", Some("-0.000000001")),
        ("1.5e3", Some("1500")),
        ("1.5E+3", Some("1500")),
        ("12e-2", Some("0.12")),
        ("79228162514264337593543950335", Some("79228162514264337593543950335")),
        ("79228162514264337593543950336", None),
        ("0.00000000000000000000000000001", None),
        ("0.12345678901234567890123456789e1", None),
        ("1e400", None),
        ("\"10\"", None),
        ("null", None),
    ] {
        let row = row(&format!(r#"{{"A":{text}}}"#));
        let number = row.decimal("A").ok().map(|number| number.to_string());
        assert_eq!(number.as_deref(), read, "{text}");
    }
}

#[test]
fn dates_are_their_first_ten_characters() {
    for text in
        ["2026-01-31T00:00:00", "2026-01-31T00:00:00Z", "2026-01-31T00:00:00-11:00", "2026-01-31"]
    {
        let row = row(&format!(r#"{{"JEDate":"{text}"}}"#));
        assert_eq!(row.date("JEDate"), Ok(Some(date(2026, 1, 31))), "{text}");
    }
    assert_eq!(row(r#"{"JEDate":null}"#).date("JEDate"), Ok(None));
    for bad in
        [r#""""#, r#""31.01.2026""#, r#""2026-02-30T00:00:00""#, "20260131", "\"12345678ü0\""]
    {
        assert!(row(&format!(r#"{{"JEDate":{bad}}}"#)).date("JEDate").is_err(), "{bad}");
    }
}

#[test]
fn a_missing_column_is_named_and_its_content_is_not() {
    let row = row(r#"{"A":"private"}"#);
    for error in [row.decimal("A").err(), row.boolean("A").err()] {
        let text = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(text.starts_with("column A is not ") && !text.contains("private"), "{text}");
    }
    assert!(row.text("B").is_err() && row.integer("B").is_err() && row.date("B").is_err());
}

#[test]
fn a_column_named_as_its_table_is_found_under_both_names() {
    assert_eq!(row(r#"{"GLAccount1":"4000"}"#).text("GLAccount1"), Ok("4000"));
    assert_eq!(row(r#"{"GLAccount":"4000"}"#).text("GLAccount1"), Ok("4000"));
    assert_eq!(row(r#"{"SegValue":"x","SegValue1":"4000"}"#).text("SegValue1"), Ok("4000"));
    assert!(row(r#"{"SegValue1":"4000"}"#).text("SegValue11").is_err());
}

#[test]
fn datasets_are_found_wherever_they_stand() {
    for body in [
        r#"{"parameters":{"ds":{"T":[{"A":1}]}},"ds":{},"returnObj":{}}"#,
        r#"{"ds":{"T":[{"A":1}],"ExtensionTables":[]}}"#,
        r#"{"returnObj":{"T":[{"A":1}],"U":null},"parameters":null}"#,
    ] {
        let ds = MethodAnswer::parse(body.as_bytes()).and_then(|answer| answer.dataset().ok());
        assert_eq!(ds.map(|ds| ds.rows("T").len()), Some(1), "{body}");
    }
    let answer = MethodAnswer::parse(br#"{"returnObj":true,"parameters":{"opMessage":""}}"#);
    let answer = answer.unwrap_or_default();
    assert_eq!(answer.outputs().boolean("returnObj"), Ok(true));
    assert_eq!(answer.outputs().text("opMessage"), Ok(""));
    assert!(answer.dataset().is_err());
}

#[test]
fn what_is_no_answer_is_not_taken_for_one() {
    for body in ["", "<html>", "[]", "null", r#"{"parameters":[]}"#, r#"{"parameters":{"ds":{"#] {
        assert_eq!(MethodAnswer::parse(body.as_bytes()), None, "{body}");
    }
    for broken in [json!([]), json!({ "T": {} }), json!({ "T": [1] }), json!("x")] {
        assert_eq!(Dataset::from_value(broken), None);
    }
}

#[test]
fn times_are_taken_as_they_stand() {
    let row: Row = serde_json::from_value(json!({
        "ChangedOn": "2026-05-31T13:45:10.123Z", "None": null, "Zoned": "2026-05-31T13:45:10+02:00",
        "Named": "2026-05-31T13:45:10[Europe/Berlin]", "West": "2026-05-31T13:45:10-05:00", "Day": "2026-05-31",
    }))
    .unwrap();
    let expected = date(2026, 5, 31).at(13, 45, 10, 123_000_000);
    assert_eq!(row.datetime("ChangedOn"), Ok(Some(expected)));
    assert_eq!(row.datetime("None"), Ok(None));
    assert_eq!(row.datetime("Day"), Ok(Some(date(2026, 5, 31).at(0, 0, 0, 0))));
    for column in ["Zoned", "Named", "West", "Missing"] {
        assert!(row.datetime(column).is_err(), "{column}");
    }
}

#[test]
fn a_row_is_read_as_a_type_of_ones_own() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Part {
        part_num: String,
        sell: bool,
    }
    let row: Row = serde_json::from_value(json!({ "PartNum": "A", "Sell": true, "X": 1 })).unwrap();
    assert_eq!(row.to(), Ok(Part { part_num: "A".to_owned(), sell: true }));
    let error = Row::new().to::<Part>().unwrap_err();
    assert!(!error.to_string().is_empty());
    let wrong: Row = serde_json::from_value(json!({ "PartNum": 7, "Sell": true })).unwrap();
    assert_eq!(wrong.to::<Part>().unwrap_err().column, "PartNum");
}

#[test]
fn amounts_of_a_type_of_ones_own_are_read_exactly() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Price {
        #[serde(deserialize_with = "crate::dataset::decimal")]
        unit_price: Decimal,
    }
    for text in ["10.50", "10.5", "10", "-0.000000001", "79228162514264337593543950335"] {
        let price = row(&format!(r#"{{"UnitPrice":{text}}}"#)).to::<Price>();
        assert_eq!(price.map(|price| price.unit_price.to_string()), Ok(text.to_owned()));
    }
    for text in ["79228162514264337593543950336", "1e400", "\"10.50\"", "null", "true"] {
        let error = row(&format!(r#"{{"UnitPrice":{text}}}"#)).to::<Price>().unwrap_err();
        assert_eq!(error.column, "UnitPrice", "{text}");
    }
}
