use super::*;
use crate::Error;
use crate::client::call::testing::line;
use crate::client::list::List;

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

#[test]
fn where_it_is_asked() {
    let posted = "PostedAfter=2026-11-01T00%3A00%3A00Z&PostedBefore=2026-11-02T00%3A00%3A00Z";
    let (begin, end) = (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
    let all = ListFinancialEvents::posted_since(begin).posted_before(end);
    let group = ListFinancialEventsByGroupId::of_group("g/1");
    let order = ListFinancialEventsByOrderId::of_order("1-2-3");
    for (asked, expected) in [
        (
            line(&all.max_results_per_page(100).from_page("n=")),
            format!("financialEvents?MaxResultsPerPage=100&{posted}&NextToken=n%3D"),
        ),
        (line(&group), "financialEventGroups/g%2F1/financialEvents".to_owned()),
        (
            line(&group.clone().posted_after(begin).posted_before(end)),
            format!("financialEventGroups/g%2F1/financialEvents?{posted}"),
        ),
        (
            line(&order.from_page("n").max_results_per_page(1)),
            "orders/1-2-3/financialEvents?MaxResultsPerPage=1&NextToken=n".to_owned(),
        ),
    ] {
        assert_eq!(asked.unwrap(), format!("GET /finances/v0/{expected}"));
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let (begin, end) = (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
    let group = || ListFinancialEventsByGroupId::of_group("g");
    let order = |id: &str| ListFinancialEventsByOrderId::of_order(id);
    for (asked, expected) in [
        (line(&ListFinancialEvents::posted_since(end).posted_before(end)), "PostedBefore"),
        (
            line(&ListFinancialEvents::posted_since(begin).max_results_per_page(0)),
            "MaxResultsPerPage",
        ),
        (line(&ListFinancialEventsByGroupId::of_group("")), "eventGroupId"),
        (line(&group().posted_before(end)), "PostedAfter"),
        (line(&group().max_results_per_page(101)), "MaxResultsPerPage"),
        (line(&order("..")), "orderId"),
        (line(&order("1").max_results_per_page(101)), "MaxResultsPerPage"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn a_window_is_at_most_180_days_and_ends_two_minutes_ago() {
    let now = at("2026-11-23T12:00:00Z");
    let refused = |checked: Result<(), Error>| match checked {
        Ok(()) => "",
        Err(Error::InvalidParameter { parameter, .. }) => parameter,
        Err(error) => panic!("{error:?}"),
    };
    let since = |time| refused(ListFinancialEvents::posted_since(at(time)).check(now));
    assert_eq!(since("2026-05-27T11:58:00Z"), "");
    assert_eq!(since("2026-05-27T11:57:59Z"), "PostedBefore");
    assert_eq!(since("2026-11-23T11:58:01Z"), "PostedAfter");
    let group = ListFinancialEventsByGroupId::of_group("g");
    assert_eq!(refused(group.check(now)), "");
    assert_eq!(refused(group.posted_after(now).check(now)), "PostedAfter");
}
