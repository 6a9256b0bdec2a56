use super::*;
use crate::client::call::testing::line;
use crate::client::list::List;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn query_of(query: &ListTransactions) -> String {
    let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
    let request = query.request(&base).unwrap();
    assert_eq!(request.uri().path(), "/finances/2024-06-19/transactions");
    request.uri().query().unwrap_or_default().to_owned()
}

#[test]
fn every_parameter_by_amazons_name() {
    let query = ListTransactions::of_financial_event_group("g+1")
        .posted_after(at("2026-11-01T00:00:00Z"))
        .posted_before(at("2026-11-02T00:00:00Z"))
        .marketplace_id("ATVPDKIKX0DER")
        .transaction_status(TransactionStatus::DeferredReleased)
        .from_page("t/=");
    let expected = "postedAfter=2026-11-01T00%3A00%3A00Z&postedBefore=2026-11-02T00%3A00%3A00Z\
        &marketplaceId=ATVPDKIKX0DER&transactionStatus=DEFERRED_RELEASED\
        &relatedIdentifierName=FINANCIAL_EVENT_GROUP_ID&relatedIdentifierValue=g%2B1\
        &nextToken=t%2F%3D";
    assert_eq!(query_of(&query), expected);
    let expected = "relatedIdentifierName=ORDER_ID&relatedIdentifierValue=1-2-3";
    assert_eq!(query_of(&ListTransactions::of_order("1-2-3")), expected);
}

/// Who could make one of nothing could ask for what the service does not answer.
#[test]
fn a_time_or_a_related_identifier_is_always_said() {
    trait NoDefault<Which> {
        fn holds() {}
    }
    impl<T> NoDefault<()> for T {}
    impl<T: Default> NoDefault<u8> for T {}
    // With a `Default` either might be meant, and this would not compile.
    <ListTransactions as NoDefault<_>>::holds();
}

#[test]
fn a_window_is_at_most_180_days_and_ends_two_minutes_ago() {
    let now = at("2026-11-23T12:00:00Z");
    let since = |time: &str| ListTransactions::posted_since(at(time));
    let check = |query: ListTransactions| match line(&query).and_then(|_| query.check(now)) {
        Ok(()) => "",
        Err(Error::InvalidParameter { parameter, .. }) => parameter,
        Err(error) => panic!("{error:?}"),
    };
    assert_eq!(check(since("2026-11-23T11:58:00Z")), "");
    assert_eq!(check(since("2026-11-23T11:58:01Z")), "postedAfter");
    // 180 days before two minutes ago.
    assert_eq!(check(since("2026-05-27T11:58:00Z")), "");
    assert_eq!(check(since("2026-05-27T11:57:59Z")), "postedBefore");
    let half_year = || since("2026-01-01T00:00:00Z");
    assert_eq!(check(half_year().posted_before(at("2026-06-30T00:00:00Z"))), "");
    assert_eq!(check(half_year().posted_before(at("2026-06-30T00:00:01Z"))), "postedBefore");
    assert_eq!(check(half_year().posted_before(at("2026-01-01T00:00:00Z"))), "postedBefore");
    assert_eq!(check(since("2026-11-01T00:00:00Z").posted_before(now)), "postedBefore");
    assert_eq!(check(ListTransactions::of_order("1-2-3")), "");
}
