use super::*;

fn request(query: &GetReports) -> Result<String, Error> {
    let base = Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap();
    let request = query.request(&base)?;
    assert_eq!(request.method(), http::Method::GET);
    assert!(request.body().is_empty() && request.headers().is_empty());
    assert_eq!(request.uri().path(), "/reports/2021-06-30/reports");
    Ok(request.uri().query().unwrap_or_default().to_owned())
}

#[track_caller]
fn assert_refused(query: &GetReports, name: &str) {
    match request(query).unwrap_err() {
        Error::InvalidParameter { parameter, .. } => assert_eq!(parameter, name),
        error => panic!("{error:?}"),
    }
}

#[test]
fn every_parameter_by_amazons_name() {
    let query = GetReports::of_types(["A", "B"])
        .processing_statuses([ProcessingStatus::Done, ProcessingStatus::InQueue])
        .marketplace_ids(["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"])
        .page_size(100)
        .created_since("2026-08-25T00:00:00.5Z".parse().unwrap())
        .created_until("2026-11-23T12:00:00+02:00".parse().unwrap());
    let expected = "reportTypes=A%2CB\
        &processingStatuses=DONE%2CIN_QUEUE\
        &marketplaceIds=ATVPDKIKX0DER%2CA2EUQ1WTGCTBG2\
        &pageSize=100\
        &createdSince=2026-08-25T00%3A00%3A00Z\
        &createdUntil=2026-11-23T10%3A00%3A00Z";
    assert_eq!(request(&query).unwrap(), expected);
}

#[test]
fn what_is_not_set_is_not_sent() {
    assert_eq!(request(&GetReports::of_types(["A"])).unwrap(), "reportTypes=A");
}

#[test]
fn a_next_token_is_alone_and_encoded_once() {
    let next = GetReports::of_types(["T"]).page_size(50).marketplace_ids(["X"]);
    let next = next.from_page("a+/=%2F&b c").page_size(100);
    assert_eq!(request(&next).unwrap(), "nextToken=a%2B%2F%3D%252F%26b+c");
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let types = |count: usize| GetReports::of_types((0..count).map(|i| format!("T{i}")));
    assert_refused(&types(0), "reportTypes");
    assert!(request(&types(10)).is_ok());
    assert_refused(&types(11), "reportTypes");
    assert_refused(&GetReports::of_types(["A,B"]), "reportTypes");
    assert_refused(&GetReports::of_types([""]), "reportTypes");
    assert_refused(&types(1).marketplace_ids((0..11).map(|i| i.to_string())), "marketplaceIds");
    assert_refused(&types(1).page_size(0), "pageSize");
    assert!(request(&types(1).page_size(1)).is_ok());
    assert_refused(&types(1).page_size(101), "pageSize");
    let (early, late) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
    assert_refused(&types(1).created_since(late).created_until(early), "createdUntil");
}
