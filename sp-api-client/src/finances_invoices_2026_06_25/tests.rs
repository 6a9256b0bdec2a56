use super::*;
use crate::Error;
use crate::client::call::testing::line;
use crate::client::list::List;

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

fn headers() -> GetInvoiceHeaders {
    GetInvoiceHeaders::of_marketplace("M")
}

#[test]
fn where_it_is_asked() {
    let some = headers()
        .issued(at("2026-09-01T00:00:00Z"), at("2026-11-01T00:00:00Z"))
        .modified_after(at("2026-10-01T00:00:00Z"))
        .from_page("n=");
    let invoice = GetInvoice::new("M", InvoiceIdentifier::new("INV/1~ABC"));
    for (asked, expected) in [
        (line(&headers()), "?marketplaceId=M"),
        (
            line(&some),
            "?marketplaceId=M&fromIssueDate=2026-09-01T00%3A00%3A00Z\
             &toIssueDate=2026-11-01T00%3A00%3A00Z\
             &invoicesModifiedAfter=2026-10-01T00%3A00%3A00Z&nextToken=n%3D",
        ),
        (line(&invoice), "/INV%2F1~ABC?marketplaceId=M"),
        (
            line(&invoice.clone().from_page("5")),
            "/INV%2F1~ABC?marketplaceId=M&nextTokenForLineItems=5",
        ),
    ] {
        assert_eq!(asked.unwrap(), format!("GET /finances/invoices/2026-06-25/invoices{expected}"));
    }
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let (early, late) = (at("2026-08-01T00:00:00Z"), at("2026-11-01T00:00:00Z"));
    for (asked, expected) in [
        (line(&GetInvoiceHeaders::of_marketplace("")), "marketplaceId"),
        (line(&headers().issued(late, early)), "toIssueDate"),
        (line(&GetInvoice::new("", InvoiceIdentifier::new("I"))), "marketplaceId"),
        (line(&GetInvoice::new("M", InvoiceIdentifier::new(".."))), "invoiceIdentifier"),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    let error = headers().issued(early, late).check(late).unwrap_err();
    assert!(matches!(error, Error::InvalidParameter { parameter: "toIssueDate", .. }));
    let quarter = headers().issued(early, at("2026-10-30T00:00:00Z"));
    assert!(quarter.check(late).is_ok() && headers().check(late).is_ok());
}
