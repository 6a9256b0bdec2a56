use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn hours(time: Timestamp, hours: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_hours(hours)).expect("in range")
}

fn past(id: u32, currency: &str, start: Timestamp, end: Timestamp) -> Past {
    Past {
        id: SettlementId::parse(&id.to_string()).expect("an id"),
        currency: Currency::parse(currency).expect("a currency"),
        marketplace: None,
        start: ReportTime::Instant(start),
        end: ReportTime::Instant(end),
        owes: false,
    }
}

/// Settlements one behind the other, each of so many hours.
fn series(currency: &str, start: &str, lengths: &[i64]) -> Vec<Past> {
    let mut start = at(start);
    let link = |(id, length): (u32, &i64)| {
        let end = hours(start, *length);
        let begun = std::mem::replace(&mut start, end);
        past(id, currency, begun, end)
    };
    (1..).zip(lengths).map(link).collect()
}

fn days(lengths: &[i64]) -> Vec<i64> {
    lengths.iter().map(|days| days * 24).collect()
}

fn only(past: Vec<Past>) -> Expected {
    let [expected] = <[_; 1]>::try_from(expect(past)).expect("one stream");
    expected
}

fn in_days(expected: &Expected) -> (Rhythm, i64, i64) {
    let from = |time: Timestamp| time.duration_since(expected.since).as_hours() / 24;
    (expected.rhythm, from(expected.due), from(expected.late))
}

#[test]
fn what_was_never_seen_is_not_expected() {
    assert_eq!(expect([]), []);
}

/// From a Monday on: the slack meets no weekend.
#[test]
fn the_rhythm_of_the_last_periods_tells_when_the_next_one_is_due() {
    let cases: [(&[i64], Rhythm, i64, i64); 8] = [
        (&[14], Rhythm::Unknown, 14, 16),
        (&[5], Rhythm::Unknown, 14, 16),
        (&[14, 14], Rhythm::Every { days: 14 }, 14, 16),
        (&[14, 14, 7, 7, 7], Rhythm::Every { days: 7 }, 7, 9),
        (&[14, 14, 14, 1, 1, 1], Rhythm::Every { days: 1 }, 1, 3),
        // The seller asked for a payout: then it takes at most the usual time.
        (&[14, 14, 5], Rhythm::Irregular, 14, 16),
        (&[3, 1, 4, 1, 5], Rhythm::Irregular, 14, 16),
        (&[30, 31, 28], Rhythm::Irregular, 31, 33),
    ];
    for (lengths, rhythm, due, late) in cases {
        let all: i64 = lengths.iter().sum();
        // So that it is due on a Monday.
        let start = hours(at("2026-06-01T09:30:00Z"), -24 * (all + due)).to_string();
        let expected = only(series("USD", &start, &days(lengths)));
        assert_eq!(in_days(&expected), (rhythm, due, late), "{lengths:?}");
        assert_eq!(expected.last.as_str(), lengths.len().to_string());
    }
}

#[test]
fn an_hour_of_daylight_saving_time_changes_no_rhythm() {
    let expected = only(series("EUR", "2026-09-28T22:00:00Z", &[14 * 24, 14 * 24 + 1, 14 * 24]));
    assert_eq!(expected.rhythm, Rhythm::Every { days: 14 });
}

#[test]
fn weekends_and_the_end_of_the_year_are_no_lateness() {
    for (end, late) in [
        ("2026-11-12T10:00:00Z", "2026-11-30T10:00:00Z"), // due on a Thursday
        ("2026-11-13T10:00:00Z", "2026-12-01T10:00:00Z"),
        ("2026-12-09T10:00:00Z", "2026-12-29T10:00:00Z"), // due on 23 December
        ("2026-12-17T10:00:00Z", "2027-01-05T10:00:00Z"), // due on 31 December
    ] {
        let start = hours(at(end), -28 * 24).to_string();
        let expected = only(series("USD", &start, &days(&[14, 14])));
        assert_eq!(expected.since, at(end));
        let (due, slack) = (hours(at(end), 14 * 24), expected.late);
        assert_eq!((expected.due, slack), (due, at(late)), "{end}");
    }
}

#[test]
fn a_debt_may_take_weeks_to_be_paid() {
    let mut owing = series("USD", "2026-05-04T10:00:00Z", &days(&[14, 14]));
    owing[1].owes = true;
    let expected = only(owing);
    assert_eq!(in_days(&expected), (Rhythm::Every { days: 14 }, 14, 14 + 42 + 2));
}

#[test]
fn parallel_streams_are_expected_apart() {
    let mut all = series("EUR", "2026-05-04T10:00:00Z", &days(&[14, 14]));
    for (store, shift, id) in [("Amazon.fr", 24, 10), ("Amazon.it", 0, 20)] {
        let beside = series("EUR", "2026-05-04T10:00:00Z", &days(&[7, 7, 7]));
        all.extend(beside.into_iter().zip(id..).map(|(one, id)| Past {
            marketplace: Some(store.to_owned()),
            ..past(id, "EUR", hours(one.start(), shift), hours(one.end(), shift))
        }));
    }
    all.extend(
        series("USD", "2026-05-04T10:00:00Z", &days(&[14]))
            .into_iter()
            .map(|one| Past { id: SettlementId::parse("99").expect("an id"), ..one }),
    );
    for one in &mut all[..2] {
        one.marketplace = Some("Amazon.de".to_owned());
    }
    let streams: Vec<_> = expect(all)
        .into_iter()
        .map(|one| (one.currency.to_string(), one.marketplace.unwrap_or_default(), one.rhythm))
        .collect();
    let every = |days| Rhythm::Every { days };
    let of = |currency: &str, store: &str, rhythm| (currency.to_owned(), store.to_owned(), rhythm);
    assert_eq!(streams.len(), 4, "{streams:?}");
    for stream in [
        of("EUR", "Amazon.de", every(14)),
        of("EUR", "Amazon.fr", every(7)),
        of("EUR", "Amazon.it", every(7)),
        of("USD", "", Rhythm::Unknown),
    ] {
        assert!(streams.contains(&stream), "{stream:?} is not in {streams:?}");
    }
}

#[test]
fn it_stands_where_the_time_says() {
    let expected = only(series("USD", "2026-10-14T18:00:00Z", &days(&[14, 14])));
    let stands = |time| expected.standing(time);
    let before = |time: Timestamp| hours(time, -1);
    assert_eq!(stands(expected.since), Standing::Ahead);
    assert_eq!(
        (stands(before(expected.due)), stands(expected.due)),
        (Standing::Ahead, Standing::Due)
    );
    assert_eq!(
        (stands(before(expected.late)), stands(expected.late)),
        (Standing::Due, Standing::Late)
    );
    let given_up = (stands(before(expected.given_up)), stands(expected.given_up));
    assert_eq!(given_up, (Standing::Late, Standing::GivenUp));
}

proptest! {
    /// A stream that keeps its rhythm, some hours late each time, is never said to be late.
    #[test]
    fn who_keeps_the_rhythm_is_never_late(
        rhythm in 1_i64..=31,
        late in prop::collection::vec(0_i64..6, 3..12),
        start in 0_i64..24 * 365 * 3,
        published in 0_i64..24,
    ) {
        let lengths: Vec<i64> = late.windows(2).map(|w| rhythm * 24 + w[1] - w[0]).collect();
        let start = hours(at("2026-01-01T00:00:00Z"), start).to_string();
        let past = series("USD", &start, &lengths);
        for seen in 1..past.len() {
            let expected = only(past[..seen].to_vec());
            let came = hours(past[seen].end(), published);
            // Before there is a rhythm a month may be longer than what was seen so far.
            if seen > 1 {
                prop_assert_eq!(expected.rhythm, Rhythm::Every { days: u8::try_from(rhythm).unwrap() });
                prop_assert!(expected.standing(came) < Standing::Late, "{expected:?} at {came}");
            }
            prop_assert!(expected.due > expected.since);
            prop_assert!(hours(expected.due, 48) <= expected.late);
            prop_assert!(expected.late <= hours(expected.due, 24 * 9), "{expected:?}");
            prop_assert!(expected.late < expected.given_up);
        }
    }

    /// Whatever came in whatever order: one expectation for each stream, none lost, no panic.
    #[test]
    fn order_and_copies_do_not_matter(
        periods in prop::collection::vec(
            (0_i64..4000, -100_i64..4000, prop::sample::select(vec!["USD", "EUR"]), any::<bool>()),
            0..12,
        ),
        turn in 0_usize..12,
    ) {
        let start = at("2026-01-01T00:00:00Z");
        let all: Vec<_> = (1..)
            .zip(&periods)
            .map(|(id, (from, length, currency, owes))| {
                let from = hours(start, *from);
                Past { owes: *owes, ..past(id, currency, from, hours(from, *length)) }
            })
            .collect();
        let expected = expect(all.clone());
        let mut turned = all.clone();
        turned.rotate_left(turn.min(all.len()));
        turned.extend(all.iter().take(turn).cloned());
        prop_assert_eq!(&expect(turned), &expected);
        let currencies: std::collections::BTreeSet<_> = all.iter().map(|one| one.currency).collect();
        for currency in currencies {
            let newest = all.iter().filter(|one| one.currency == currency).map(Period::end).max();
            let known = expected.iter().filter(|one| one.currency == currency);
            prop_assert!(known.clone().count() >= 1);
            prop_assert!(known.map(|one| Some(one.since)).max() <= Some(newest));
        }
    }
}

#[test]
fn the_ends_of_time_are_no_panic() {
    let extreme = past(1, "USD", Timestamp::MIN, Timestamp::MAX);
    assert_eq!(only(vec![extreme]).late, Timestamp::MAX);
    let reversed = past(1, "USD", Timestamp::MAX, Timestamp::MIN);
    assert_eq!(only(vec![reversed]).rhythm, Rhythm::Unknown);
}
