use proptest::prelude::*;

use super::*;

fn report_time(text: &str) -> Result<ReportTime, DateProblem> {
    Dates::default().read(text)
}

#[test]
fn the_shapes_of_all_marketplaces_are_read() {
    let instants = [
        "2026-05-05 10:00:00 UTC",
        "05.05.2026 10:00:00 UTC",
        "2026-05-05T10:00:00+00:00",
        "2026-05-05T10:00:00Z",
        "2026-05-05 02:00:00-08:00",
        "2026-05-05 15:30:00 +0530",
        " 2026-05-05  10:00:00  UTC ",
    ];
    let expected = "2026-05-05T10:00:00Z".parse().expect("an instant");
    for text in instants {
        assert_eq!(report_time(text), Ok(ReportTime::Instant(expected)), "{text}");
    }
    for text in ["2026-05-05", "05.05.2026", "2026-05-05 UTC"] {
        let date = jiff::civil::date(2026, 5, 5);
        assert_eq!(report_time(text), Ok(ReportTime::Date(date)), "{text}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_not_read() {
    use DateProblem::{Blank, DayOrMonth, NoZone, NotADate};
    let refused = [
        ("", Blank),
        ("8/9/2025 22:07", DayOrMonth),
        ("8/14/2025 22:07:00", NoZone),
        ("13/14/2025", DayOrMonth),
        ("2/30/2025", NotADate),
        ("/5/2025", NotADate),
        ("5/17/202", NotADate),
        ("005/17/2025", NotADate),
        ("09/06/25", DayOrMonth),
        ("05-06-2025", DayOrMonth),
        ("2026-05-05 10:00:00", NoZone),
        ("2026-02-30", NotADate),
        ("31.04.2026", NotADate),
        ("2026-05-05 25:00:00 UTC", NotADate),
        ("2026-05-05 10:00 UTC", NotADate),
        ("2026-05-05 10:00:00 PST", NotADate),
        ("2026-05-05 10:00:00 +01:99", NotADate),
        ("9999-12-31 23:59:59 -12:00", NotADate),
        ("45790", NotADate),
        ("5 May 2026", NotADate),
    ];
    for (text, problem) in refused {
        assert_eq!(report_time(text), Err(problem), "{text}");
    }
}

#[test]
fn one_date_tells_the_order_of_the_others() {
    let date = |day| Ok(ReportTime::Date(jiff::civil::date(2026, 5, day)));
    let mut american = Dates::default();
    assert_eq!(american.read("05/06/2026"), Err(DateProblem::DayOrMonth));
    assert_eq!(american.read("5/5/2026"), date(5), "the same either way");
    assert_eq!(american.read("05/17/2026 UTC"), date(17));
    assert_eq!(american.read("05/06/26"), date(6));
    assert_eq!(american.read("17/05/2026"), Err(DateProblem::Contradicts));
    let mut european = Dates::default();
    assert!(european.note("17/05/26"));
    assert!(!european.note("2026-05-17"));
    assert_eq!(european.read("06/05/2026"), date(6));
    assert_eq!(european.read("05/17/2026"), Err(DateProblem::Contradicts));
}

proptest! {
    #[test]
    fn every_day_is_read_in_both_orders(year in 2000_i16..2100, month in 1_i8..=12, day in 1_i8..=28) {
        let expected = Ok(ReportTime::Date(jiff::civil::date(year, month, day)));
        prop_assert_eq!(report_time(&format!("{year}-{month:02}-{day:02}")), expected);
        prop_assert_eq!(report_time(&format!("{day:02}.{month:02}.{year}")), expected);
    }
}
