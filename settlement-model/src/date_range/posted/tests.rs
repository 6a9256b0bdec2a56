use super::super::editions::EDITIONS;
use super::*;

fn parsed(language: &str, cell: &str) -> Result<String, DateProblem> {
    in_currency(language, cell, "EUR")
}

fn in_currency(language: &str, cell: &str, currency: &str) -> Result<String, DateProblem> {
    let edition = EDITIONS.iter().find(|one| one.language == language).expect("an edition");
    let currency = Currency::parse(currency).expect("a currency");
    parse(cell, edition, currency, &mut Dates::default()).map(|time| match time {
        ReportTime::Instant(instant) => instant.to_string(),
        ReportTime::Date(date) => date.to_string(),
    })
}

#[test]
fn every_edition_writes_it_otherwise() {
    let same = [
        ("en", "Jul 7, 2026 2:03:04 AM PDT"),
        ("en", "Jul 7, 2026 2:03:04 a.m. PDT"),
        ("en", "2026-07-07 2:03:04 a. m. PDT"),
        ("en", "7 July 2026 6:03:04 pm GMT+9"),
        ("en", "7 Jul 2026 09:03:04 UTC"),
        ("en", "7 Jul 2026 10:03:04 GMT+01:00"),
        ("en", "2026-07-07T02:03:04-07:00"),
        ("de", "07.07.2026 09:03:04 UTC"),
        ("de", "07.07.2026 11:03:04 MESZ"),
        ("fr", "7 juil. 2026 09:03:04 UTC"),
        ("it", "7 lug 2026 09:03:04 UTC"),
        ("es", "7 jul 2026 11:03:04 CEST"),
        ("es-MX", "7 jul 2026 2:03:04 a.m. GMT-7"),
        ("pt", "7 de jul. de 2026 02:03:04 GMT-7"),
        ("nl", "7 jul. 2026 09:03:04 UTC"),
        ("sv", "7 juli 2026 09:03:04 UTC"),
        ("pl", "7 lip 2026 09:03:04 UTC"),
        ("ja", "2026/07/07 18:03:04 JST"),
        ("ja", "2026/7/7 18:03:04JST"),
    ];
    for (language, cell) in same {
        assert_eq!(parsed(language, cell).as_deref(), Ok("2026-07-07T09:03:04Z"), "{cell}");
    }
}

#[test]
fn twelve_is_the_first_hour_of_each_half() {
    let at = |clock: &str| parsed("en", &format!("May 5, 2026 {clock} UTC"));
    assert_eq!(at("12:00:00 AM").as_deref(), Ok("2026-05-05T00:00:00Z"));
    assert_eq!(at("12:00:00 PM").as_deref(), Ok("2026-05-05T12:00:00Z"));
    assert_eq!(at("11:59:59 p.m.").as_deref(), Ok("2026-05-05T23:59:59Z"));
    for clock in ["0:00:00 AM", "13:00:00 PM"] {
        assert_eq!(at(clock), Err(DateProblem::NotADate), "{clock}");
    }
}

#[test]
fn one_name_of_two_clocks() {
    let cell = "7 Jul 2026 12:00:00 IST";
    assert_eq!(in_currency("en", cell, "INR").as_deref(), Ok("2026-07-07T06:30:00Z"));
    assert_eq!(in_currency("en", cell, "EUR").as_deref(), Ok("2026-07-07T11:00:00Z"));
}

#[test]
fn without_a_zone_the_day_is_all() {
    assert_eq!(parsed("en", "27/06/2026 10:00:00").as_deref(), Ok("2026-06-27"));
    assert_eq!(parsed("en", "Jul 7, 2026").as_deref(), Ok("2026-07-07"));
}

#[test]
fn what_is_no_date_is_refused() {
    assert_eq!(parsed("en", " "), Err(DateProblem::Blank));
    assert_eq!(parsed("en", "06/07/2026 10:00:00 UTC"), Err(DateProblem::DayOrMonth));
    for cell in [
        "soon",
        "Jul 32, 2026",
        "7 juil. 2026 09:03:04 UTC",
        "Jul 7, 26",
        "Jul 7, 2026 09:03 UTC",
        "Jul 7, 2026 09:03:04 XYZ",
        "Jul 7, 2026 09:03:04 GMT-99",
        "07.07.2026 25:00:00 UTC",
    ] {
        let wrong = parsed("en", cell);
        assert_eq!(wrong, Err(DateProblem::NotADate), "{cell}");
    }
}
