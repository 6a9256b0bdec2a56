use super::held::of_hold;
use super::*;
use crate::pipeline::HeldReason;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn a_client_secret_is_told_of_at_its_five_stages() {
    let set_at = at("2026-06-01T12:00:00Z");
    let on_day = |day: i64| {
        of_secret(
            "put it there".to_owned(),
            set_at,
            at("2026-06-01T13:00:00Z") + SignedDuration::from_hours(24 * day),
        )
    };
    let stages: Vec<_> = (0..200).map(|day| on_day(day).map(|alert| alert.stage)).collect();
    let mut changes: Vec<(usize, &str)> = Vec::new();
    for (day, stage) in stages.iter().enumerate() {
        let stage = stage.as_deref().unwrap_or("none");
        if changes.last().is_none_or(|(_, last)| *last != stage) {
            changes.push((day, stage));
        }
    }
    // 180 days are over an hour before these moments.
    let expected = [(0, "none"), (150, "30"), (166, "14"), (173, "7"), (179, "1"), (180, "0")];
    assert_eq!(changes, expected);
    let told = on_day(166).expect("an alert").message;
    assert_eq!(told.what, "expires on 28 Nov 2026, in 13 days");
    assert_eq!(
        (told.record.as_str(), told.next.as_str()),
        ("amazon.client_secret", "put it there")
    );
    assert!(on_day(190).expect("an alert").message.what.contains("has expired"));
}

fn past(id: &str, start: &str, end: &str, deposit: &str) -> PastSettlement {
    PastSettlement {
        settlement_id: id.to_owned(),
        currency: "EUR".to_owned(),
        deposit: deposit.to_owned(),
        start: start.to_owned(),
        end: end.to_owned(),
        marketplace: Some("A1PA6795UKMFR9".to_owned()),
    }
}

#[test]
fn a_settlement_that_does_not_come_is_named_with_its_day() {
    let all = [
        past("81", "2026-10-14T18:00:00Z", "2026-10-28T18:00:00Z", "10.00"),
        past("82", "2026-10-28T18:00:00Z", "2026-11-11T18:00:00Z", "12.00"),
    ];
    let [expected] = <[_; 1]>::try_from(expect(all.iter().filter_map(read))).expect("one");
    assert_eq!(silence(&expected, at("2026-11-27T17:00:00Z")), None);
    let alert = silence(&expected, at("2026-11-27T18:00:00Z")).expect("late");
    assert_eq!(alert.message.record, "settlement after 82 (EUR Amazon.de)");
    let what = "was due 25 Nov 2026 and is not seen; the last one ended 11 Nov 2026, they come every \
                14 days";
    assert_eq!(alert.message.what, what);
    // A store that was closed is not told of for ever.
    assert_eq!(silence(&expected, at("2027-03-01T00:00:00Z")), None);
}

#[test]
fn a_debt_gives_more_time() {
    let owes = [past("81", "2026-10-14", "2026-10-28", "-3.00")];
    let [expected] = <[_; 1]>::try_from(expect(owes.iter().filter_map(read))).expect("one");
    assert_eq!(silence(&expected, at("2026-12-01T00:00:00Z")), None);
}

#[test]
fn facts_of_another_version_are_passed_over() {
    assert_eq!(read(&past("x", "2026-10-14", "2026-10-28", "1")), None);
    assert_eq!(read(&past("1", "yesterday", "2026-10-28", "1")), None);
}

#[test]
fn a_hold_tells_its_first_reason_on_one_line() {
    let reasons =
        [HeldReason::new("unknown_amount", "No role\nfor New Fee"), HeldReason::new("x", "y")];
    let hold = HeldReason::to_stored(&reasons);
    let alert = of_hold("settlement 1".to_owned(), Some(&hold), "run it".to_owned());
    assert_eq!(alert.stage, "unknown_amount x");
    assert_eq!(alert.message.what, "is held: No role for New Fee (and 1 more)");
    let long = "word ".repeat(1_000);
    assert!(failed(&Ran::default(), &long).message.what.chars().count() < 700);
}
