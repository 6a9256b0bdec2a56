use super::*;
use crate::client::list::List;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn request(query: &SearchOrders) -> Result<String, Error> {
    let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
    let request = query.request(&base)?;
    assert_eq!(request.method(), http::Method::GET);
    assert!(request.body().is_empty() && request.headers().is_empty());
    assert_eq!(request.uri().path(), "/orders/2026-01-01/orders");
    Ok(request.uri().query().unwrap_or_default().to_owned())
}

#[track_caller]
fn assert_refused(result: Result<impl std::fmt::Debug, Error>, name: &str) {
    match result.unwrap_err() {
        Error::InvalidParameter { parameter, .. } => assert_eq!(parameter, name),
        error => panic!("{error:?}"),
    }
}

#[test]
fn every_parameter_by_amazons_name() {
    let query = SearchOrders::updated_since(at("2026-11-01T00:00:00.5Z"))
        .until(at("2026-11-02T12:00:00+02:00"))
        .fulfillment_statuses([FulfillmentStatus::Unshipped, FulfillmentStatus::PartiallyShipped])
        .marketplace_ids(["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"])
        .fulfilled_by([FulfilledBy::Merchant])
        .max_results_per_page(50)
        .included_data([IncludedData::Buyer, IncludedData::Proceeds])
        .from_page("a+/=");
    let expected = "lastUpdatedAfter=2026-11-01T00%3A00%3A00Z\
        &lastUpdatedBefore=2026-11-02T10%3A00%3A00Z\
        &fulfillmentStatuses=UNSHIPPED%2CPARTIALLY_SHIPPED\
        &marketplaceIds=ATVPDKIKX0DER%2CA2EUQ1WTGCTBG2\
        &fulfilledBy=MERCHANT\
        &maxResultsPerPage=50\
        &paginationToken=a%2B%2F%3D\
        &includedData=BUYER%2CPROCEEDS";
    assert_eq!(request(&query).unwrap(), expected);
}

#[test]
fn what_is_not_set_is_not_sent() {
    let query = SearchOrders::created_since(at("2026-11-01T00:00:00Z"));
    assert_eq!(request(&query).unwrap(), "createdAfter=2026-11-01T00%3A00%3A00Z");
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let query = || SearchOrders::created_since(at("2026-11-01T00:00:00Z"));
    assert_refused(request(&query().until(at("2026-10-31T23:59:59Z"))), "createdBefore");
    assert!(request(&query().until(at("2026-11-01T00:00:00Z"))).is_ok());
    assert_refused(request(&query().max_results_per_page(0)), "maxResultsPerPage");
    assert_refused(request(&query().max_results_per_page(101)), "maxResultsPerPage");
    let marketplaces = |count: usize| query().marketplace_ids((0..count).map(|i| i.to_string()));
    assert!(request(&marketplaces(50)).is_ok());
    assert_refused(request(&marketplaces(51)), "marketplaceIds");
}

#[test]
fn the_last_two_minutes_are_refused_to_the_second() {
    let query = SearchOrders::updated_since(at("2026-11-01T00:00:00Z"));
    assert!(query.check(at("2026-11-01T00:02:00Z")).is_ok());
    assert_refused(query.check(at("2026-11-01T00:01:59Z")), "lastUpdatedAfter");
    let query = query.until(at("2026-11-01T01:00:00Z"));
    assert!(query.check(at("2026-11-01T01:02:00Z")).is_ok());
    assert_refused(query.check(at("2026-11-01T01:01:59Z")), "lastUpdatedBefore");
}
