use super::*;

record! {
    /// A record for these tests.
    #[expect(unreachable_pub, reason = "a test has no outside")]
    Thing in "Erp.BO.ThingSvc/Things" by ["Code"] {
        code: String = "Code",
        count: i64 = "Count",
        /// In the company's currency.
        price: Decimal = "Price",
        active: bool = "Active",
        since: Option<Date> = "Since",
    }
}

#[test]
fn a_record_is_read_from_the_columns_it_selects() {
    let row: Row = serde_json::from_str(
        r#"{"Code":"A","Count":2,"Price":1.50,"Active":true,"Since":"2026-05-31T00:00:00"}"#,
    )
    .unwrap_or_default();
    let thing = Thing::from_row(&row);
    assert_eq!(
        thing,
        Ok(Thing {
            code: "A".to_owned(),
            count: 2,
            price: Decimal::new(150, 2),
            active: true,
            since: Some(jiff::civil::date(2026, 5, 31)),
        }),
    );
    let kinds: Vec<_> = Thing::COLUMNS.iter().map(|column| column.kind).collect();
    assert_eq!(kinds, [Kind::Text, Kind::Number, Kind::Number, Kind::Flag, Kind::Text]);
    assert_eq!(
        query::<Thing>().encode().as_deref(),
        Ok("$select=Code,Count,Price,Active,Since&$orderby=Code"),
    );
}

#[test]
fn many_values_are_asked_for_in_short_queries() {
    let values: Vec<String> = (0..130).map(|n| format!("{n:04}-{}-ü", "x".repeat(n))).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let also = Filter::eq("Active", true);
    let queries = batches::<Thing>("Code", &values, Some(&also)).unwrap_or_default();
    let encoded: Vec<String> = queries.iter().filter_map(|query| query.encode().ok()).collect();
    assert_eq!(encoded.len(), queries.len());
    for value in values {
        let literal = crate::odata::percent_encode(&format!("'{value}'"));
        assert_eq!(encoded.iter().filter(|query| query.contains(&literal)).count(), 1, "{value}");
    }
}
