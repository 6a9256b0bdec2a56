use super::*;

#[test]
fn a_settlement_id_is_digits_and_keeps_leading_zeros() {
    assert_eq!(
        SettlementId::parse(" 0081000000001 ").map(String::from),
        Ok("0081000000001".to_owned())
    );
    let too_long = "1".repeat(33);
    for text in ["", " ", "2.38744E+10", "-1", "12 34", "１２", &too_long] {
        assert_eq!(SettlementId::parse(text), Err(InvalidSettlementId), "{text}");
    }
}

#[test]
fn a_date_without_a_time_is_the_same_day_in_every_zone() {
    let date = jiff::civil::date(2026, 4, 1);
    let pacific = TimeZone::get("America/Los_Angeles").expect("bundled");
    assert_eq!(ReportTime::Date(date).date_in(&pacific), date);
    let midnight = "2026-04-01T00:00:00Z".parse().expect("an instant");
    let before = jiff::civil::date(2026, 3, 31);
    assert_eq!(ReportTime::Instant(midnight).date_in(&pacific), before);
    assert_eq!(ReportTime::Instant(midnight).date_in(&TimeZone::UTC), date);
}

#[test]
fn fulfilment_keeps_what_it_does_not_know() {
    assert_eq!(Fulfillment::parse("AFN"), Fulfillment::Amazon);
    assert_eq!(Fulfillment::parse(" MFN "), Fulfillment::Merchant);
    assert_eq!(Fulfillment::parse(""), Fulfillment::Unstated);
    assert_eq!(Fulfillment::parse("afn"), Fulfillment::Other("afn".to_owned()));
}
