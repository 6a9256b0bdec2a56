use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;
use url::Url;

use super::*;
use crate::dataset::Row;

/// What a server reads: the value of one option, percent-decoded.
fn option(encoded: &str, name: &str) -> Option<String> {
    let url = Url::parse(&format!("https://erp.example.com/set?{encoded}")).ok()?;
    url.query_pairs().find(|(option, _)| option == name).map(|(_, value)| value.into_owned())
}

/// A reference reader of `column eq 'text'` conditions joined by `and`.
fn read_conditions(mut text: &str) -> Option<Vec<(String, String)>> {
    let mut conditions = Vec::new();
    loop {
        let (column, rest) = text.split_once(" eq '")?;
        let mut value = String::new();
        let mut end = None;
        let mut signs = rest.char_indices().peekable();
        while let Some((at, sign)) = signs.next() {
            if sign == '\'' && signs.next_if(|(_, next)| *next == '\'').is_none() {
                end = Some(at + 1);
                break;
            }
            value.push(sign);
        }
        conditions.push((column.to_owned(), value));
        match &rest[end?..] {
            "" => return Some(conditions),
            more => text = more.strip_prefix(" and ")?,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever the texts hold, a server reads back exactly those texts and no other condition.
    #[test]
    fn texts_never_become_syntax(texts in prop::collection::vec("(?s).{0,20}|[' ]{0,6}|x' or 'a' eq 'a", 1..4)) {
        let filters = texts.iter().map(|text| Filter::eq("PartNum", text.as_str()));
        let filter = filters.reduce(Filter::and).unwrap_or_else(|| Filter::eq("PartNum", ""));
        let encoded = Query::new().filter(filter).encode()?;
        let read = option(&encoded, "$filter").as_deref().and_then(read_conditions);
        let sent = texts.into_iter().map(|text| ("PartNum".to_owned(), text)).collect();
        prop_assert_eq!(read, Some(sent));
        prop_assert!(!encoded.contains('+') && encoded.is_ascii());
    }

    /// A column's name that is not one is refused wherever it stands.
    #[test]
    fn columns_are_checked(name in "[A-Za-z0-9_]{0,5}[^A-Za-z0-9_][A-Za-z0-9_]{0,5}") {
        let refused = Err(InvalidQuery::Column(name.clone()));
        let filter = Filter::eq("A", 1_i64).or(Filter::eq(&name, 1_i64).negated());
        prop_assert_eq!(Query::new().filter(filter).encode(), refused.clone());
        prop_assert_eq!(Query::new().select([name.as_str()]).encode(), refused.clone());
        prop_assert_eq!(Query::new().orderby([name.as_str()]).encode(), refused);
    }

    /// Decimals are written with all their digits and no exponent.
    #[test]
    fn decimals_keep_their_digits(mantissa in any::<i64>(), scale in 0_u32..=28) {
        let number = Decimal::new(mantissa, scale);
        let text = Literal::from(number).to_string();
        prop_assert!(!text.contains(['e', 'E']));
        prop_assert_eq!(text.parse::<Decimal>(), Ok(number));
    }
}

#[test]
fn literals_have_their_odata_4_forms() {
    let guid = Guid::parse("0000ABCD-0000-0000-0000-000000000001").map(Literal::from);
    for (literal, text) in [
        (Literal::from("O'Neil's"), "'O''Neil''s'"),
        (Literal::from(String::new()), "''"),
        (Literal::from(Decimal::new(-1050, 2)), "-10.50"),
        (Literal::from(-7_i64), "-7"),
        (Literal::from(true), "true"),
        (Literal::from(date(2026, 1, 31)), "2026-01-31T00:00:00Z"),
        (Literal::from(date(2026, 1, 31).at(13, 5, 7, 120_000_000)), "2026-01-31T13:05:07.12Z"),
        (Literal::from(7_u32), "7"),
        (Literal::Null, "null"),
        (guid.unwrap_or(Literal::from("")), "0000abcd-0000-0000-0000-000000000001"),
    ] {
        assert_eq!(literal.to_string(), text);
    }
}

#[test]
fn guids_are_checked() {
    for text in
        ["", "1", "0000ABCD00000000000000000000000001", "g000abcd-0000-0000-0000-000000000001"]
    {
        assert_eq!(Guid::parse(text), None, "{text}");
    }
}

#[test]
fn filters_of_every_kind() {
    let one = || Filter::eq("A", 1_i64);
    for (filter, text) in [
        (Filter::ne("A", "x"), "A ne 'x'"),
        (Filter::gt("A", 1_i64), "A gt 1"),
        (Filter::lt("A", 1_i64), "A lt 1"),
        (Filter::le("A", 1_i64), "A le 1"),
        (Filter::endswith("A", "'"), "endswith(A,'''')"),
        (Filter::contains("A", "x"), "contains(A,'x')"),
        (one().and(one()).and(one().and(one())), "A eq 1 and A eq 1 and A eq 1 and A eq 1"),
        (one().or(one()).and(one()), "(A eq 1 or A eq 1) and A eq 1"),
        (one().and(one()).negated(), "not (A eq 1 and A eq 1)"),
        (Filter::is_null("A"), "A eq null"),
        (Filter::is_not_null("A"), "A ne null"),
        (Filter::eq_ignoring_case("A", "O'Neil É"), "tolower(A) eq 'o''neil é'"),
    ] {
        assert_eq!(filter.to_text().as_deref(), Ok(text));
    }
    assert_eq!(Filter::any_of([]), None);
}

#[test]
fn a_long_chain_stays_shallow_and_is_refused_for_its_length() {
    let filters = (0..100_000_i64).map(|number| Filter::eq("A", number));
    let query = Filter::any_of(filters).map(|filter| Query::new().filter(filter).encode());
    assert!(matches!(query, Some(Err(InvalidQuery::TooLong { length })) if length > 1_000_000));
}

#[test]
fn reserved_signs_are_encoded() {
    let filter = Filter::eq("PartNum", "a&b#c+d%e/f?g|ü");
    assert_eq!(
        Query::new().filter(filter).encode().as_deref(),
        Ok("$filter=PartNum%20eq%20%27a%26b%23c%2Bd%25e%2Ff%3Fg%7C%C3%BC%27"),
    );
    assert_eq!(EntityKey::new("EPIC06").part("A/B").encode(), "(%27EPIC06%27,%27A%2FB%27)");
}

#[test]
fn options_stand_in_a_fixed_order() {
    let query = Query::new()
        .count()
        .skip(200)
        .top(100)
        .orderby(["Company", "GroupID"])
        .then_descending(["JEDate"])
        .expand(["OrderDtls"])
        .select(["GroupID"]);
    assert_eq!(
        query.encode().as_deref(),
        Ok(
            "$select=GroupID&$expand=OrderDtls&$orderby=Company,GroupID,JEDate%20desc&$top=100&$skip=200&$count=true"
        ),
    );
}

/// Reads `total` numbered rows from a server that gives at most `cap` a page.
fn read_all(total: u64, cap: u64, page_size: u32, counts: bool) -> Result<Vec<u64>, BrokenPaging> {
    let mut pager = Pager::by_link(Query::new().orderby(["N"]), page_size);
    let mut read = Vec::new();
    while let Some(request) = pager.next_request() {
        let PageRequest::Query(query) = request else {
            return Err(BrokenPaging::RepeatedLink);
        };
        let encoded = query.encode().unwrap_or_default();
        let number = |name| option(&encoded, name).and_then(|text| text.parse().ok()).unwrap_or(0);
        let (skip, top): (u64, u64) = (number("$skip"), number("$top"));
        let numbers: Vec<u64> =
            (skip..total).take(usize::try_from(top.min(cap)).unwrap_or(0)).collect();
        let count = counts.then_some(total);
        pager.accept(Page { rows: rows(&numbers), count, next_link: None })?;
        read.extend(numbers);
    }
    Ok(read)
}

fn rows(numbers: &[u64]) -> Vec<Row> {
    let row = |number| {
        let mut row = Row::new();
        row.set("N", json!(number));
        row
    };
    numbers.iter().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Every row is read once, whatever the server's own page size and whether it counts.
    #[test]
    fn paging_reads_every_row_once(total in 0_u64..60, cap in 1_u64..20, page_size in 1_u32..20, counts: bool) {
        prop_assert_eq!(read_all(total, cap, page_size, counts), Ok((0..total).collect()));
    }
}

#[test]
fn next_links_are_followed_and_guarded() {
    let page = |number, link: &str| Page {
        rows: rows(&[number]),
        count: None,
        next_link: Some(link.to_owned()),
    };
    let mut pager = Pager::by_link(Query::new(), 10);
    assert!(pager.accept(page(1, "GLBooks?$skip=1")).is_ok());
    assert_eq!(pager.next_request(), Some(PageRequest::Link("GLBooks?$skip=1".to_owned())));
    let empty = Page { next_link: Some("GLBooks?$skip=2".to_owned()), ..Page::default() };
    assert!(pager.accept(empty).is_ok(), "an empty page with a link goes on");
    assert_eq!(pager.accept(page(3, "GLBooks?$skip=1")), Err(BrokenPaging::RepeatedLink));
}

#[test]
fn broken_paging_is_noticed() {
    let page = |count| Page { rows: rows(&[1, 2]), count, next_link: None };
    let mut ignores_skip = Pager::by_link(Query::new(), 2);
    assert!(ignores_skip.accept(page(Some(9))).is_ok());
    assert_eq!(ignores_skip.accept(page(Some(9))), Err(BrokenPaging::RepeatedPage));

    let mut ends_early = Pager::by_link(Query::new(), 2);
    assert!(ends_early.accept(page(Some(9))).is_ok());
    let end = Page { count: Some(9), ..Page::default() };
    assert_eq!(ends_early.accept(end), Err(BrokenPaging::Short { announced: 9, received: 2 }));
}

/// A reference reader of `Column = text` conditions joined by `AND`.
fn read_clause(mut text: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    loop {
        let rest = text.strip_prefix("PartNum = ")?;
        let quote = rest.chars().next().filter(|sign| ['\'', '"'].contains(sign))?;
        let (value, rest) = rest[1..].split_once(quote)?;
        values.push(value.to_owned());
        match rest {
            "" => return Some(values),
            more => text = more.strip_prefix(" AND ")?,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A text of a where clause is read back as it was, or refused.
    #[test]
    fn texts_never_become_a_where_clauses_syntax(texts in prop::collection::vec("(?s).{0,20}|['\"~ ]{0,4}|x' OR '1' = '1", 1..4)) {
        let filters = texts.iter().map(|text| Filter::eq("PartNum", text.as_str()));
        let filter = filters.reduce(Filter::and).unwrap_or_else(|| Filter::eq("PartNum", ""));
        let hard = |text: &String| {
            text.contains(['~', '\0', '\n', '\r']) || (text.contains('\'') && text.contains('"'))
        };
        match filter.to_where_clause(&[]) {
            Ok(clause) => prop_assert_eq!(read_clause(&clause), Some(texts)),
            Err(error) => {
                prop_assert!(texts.iter().any(hard), "{error}");
            }
        }
    }
}

#[test]
fn where_clauses_of_every_kind() {
    let guid = Guid::parse("0000abcd-0000-0000-0000-000000000001").map(Literal::from);
    for (filter, clause) in [
        (Filter::ne("A", 1), "A <> 1 BY A BY B"),
        (Filter::gt("A", Decimal::new(150, 2)), "A > 1.50 BY A BY B"),
        (Filter::ge("A", date(2026, 5, 31)), "A >= '2026-05-31' BY A BY B"),
        (Filter::lt("A", true), "A < true BY A BY B"),
        (
            Filter::le("A", guid.unwrap_or(Literal::Null)),
            "A <= '0000abcd-0000-0000-0000-000000000001' BY A BY B",
        ),
        (Filter::startswith("A", "x"), "A BEGINS 'x' BY A BY B"),
        (
            Filter::eq("A", 1).or(Filter::eq("B", 2)).and(Filter::eq("C", 3).negated()),
            "(A = 1 OR B = 2) AND NOT (C = 3) BY A BY B",
        ),
    ] {
        assert_eq!(filter.to_where_clause(&["A", "B"]).as_deref(), Ok(clause));
    }
    for filter in [
        Filter::contains("A", "x"),
        Filter::endswith("A", "x"),
        Filter::eq_ignoring_case("A", "x"),
        Filter::is_null("A"),
    ] {
        let refused = filter.to_where_clause(&[]);
        assert!(matches!(refused, Err(InvalidQuery::Where(_))), "{refused:?}");
    }
    let column = Filter::eq("A", 1).to_where_clause(&["B DESC"]);
    assert_eq!(column, Err(InvalidQuery::Column("B DESC".to_owned())));
}

#[test]
fn windows_name_each_column_of_the_key_twice_at_most() {
    let row: Row = serde_json::from_str(
        r#"{"A":1,"B":2.50,"C":"it's","EffectiveDate":"2026-01-31T00:00:00Z","D":"2026-01-31T10:00:00.5","SysRowID":"0000ABCD-0000-0000-0000-000000000001"}"#,
    ).unwrap_or_default();
    let key = TableKey::new(["A", "B", "C", "EffectiveDate"]).date("D").guid("SysRowID");
    let mut pager = Pager::by_key(Query::new(), key, 1);
    assert!(pager.accept(Page { rows: vec![row], count: None, next_link: None }).is_ok());
    let Some(PageRequest::Query(query)) = pager.next_request() else { panic!("no window") };
    let encoded = query.encode().unwrap_or_default();
    assert_eq!(
        option(&encoded, "$filter").as_deref(),
        Some(
            "A ge 1 and (A gt 1 or (B ge 2.50 and (B gt 2.50 or (C ge 'it''s' and (C gt 'it''s' or \
             (EffectiveDate ge 2026-01-31T00:00:00Z and (EffectiveDate gt 2026-01-31T00:00:00Z or \
             (D ge 2026-01-31T10:00:00.5Z and (D gt 2026-01-31T10:00:00.5Z or \
             SysRowID gt 0000abcd-0000-0000-0000-000000000001)))))))))",
        ),
    );
}
