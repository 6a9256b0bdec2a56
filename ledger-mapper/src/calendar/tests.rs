use jiff::civil::date;

use super::*;

const QUARTER: &str = r#"
[[period]]
name = "2026-P02"
start = 2026-02-01
end = 2026-02-28

[[period]]
name = "2026-P01"
start = 2026-01-04
end = 2026-01-31
"#;

fn mistake(text: &str) -> String {
    Calendar::parse(text, "calendar.toml").expect_err("a mistake").to_string()
}

#[test]
fn months_end_when_the_calendar_says() {
    let leap = Calendar::months().period_of(date(2028, 2, 29)).expect("a month");
    assert_eq!(leap.name, "2028-02");
    assert_eq!((leap.start, leap.end), (date(2028, 2, 1), date(2028, 2, 29)));
}

#[test]
fn listed_periods_hold_their_first_and_last_day_and_nothing_outside() {
    let calendar = Calendar::parse(QUARTER, "calendar.toml").expect("a calendar");
    let name = |day| calendar.period_of(day).map(|period| period.name);
    assert_eq!(name(date(2026, 1, 3)), None);
    assert_eq!(name(date(2026, 1, 4)).as_deref(), Some("2026-P01"));
    assert_eq!(name(date(2026, 1, 31)).as_deref(), Some("2026-P01"));
    assert_eq!(name(date(2026, 2, 1)).as_deref(), Some("2026-P02"));
    assert_eq!(name(date(2026, 2, 28)).as_deref(), Some("2026-P02"));
    assert_eq!(name(date(2026, 3, 1)), None);
}

#[test]
fn gaps_overlaps_and_repeated_names_are_refused() {
    assert_eq!(
        mistake(&QUARTER.replace("2026-02-01", "2026-02-02")),
        "calendar.toml:2:1: Period 2026-P02 (from 2026-02-02) leaves a gap after period 2026-P01 \
         (to 2026-01-31). Let each period start the day after the one before it ends."
    );
    assert!(mistake(&QUARTER.replace("2026-02-01", "2026-01-31")).contains("overlaps"));
    assert!(mistake(&QUARTER.replace("P01", "P02")).contains("Two periods are named 2026-P02."));
}

#[test]
fn a_period_needs_a_name_and_two_days_in_order() {
    assert!(mistake("").contains("has no period"));
    assert!(mistake(&QUARTER.replace("\"2026-P01\"", "\" \"")).contains("has no name"));
    assert_eq!(
        mistake(&QUARTER.replace("2026-01-31", "2026-01-03")),
        "calendar.toml:10:7: Period 2026-P01 ends before it starts. Correct one of the two dates."
    );
    assert_eq!(
        mistake(&QUARTER.replace("2026-01-31", "2026-01-31T10:00:00")),
        "calendar.toml:10:7: 2026-01-31T10:00:00 is not a day. Write it like 2026-10-31, without a \
         time."
    );
}
