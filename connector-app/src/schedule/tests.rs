use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn spec(text: &str) -> Spec {
    text.parse().expect("a schedule")
}

#[test]
fn the_words_come_back() {
    for words in ["never", "every 30m", "every 1h 30m", "0 2 * * * America/Denver"] {
        let shown = spec(words).to_string();
        assert_eq!(spec(&shown).to_string(), shown);
    }
    assert_eq!(spec(" every  90m").to_string(), spec("every 90m").to_string());
}

#[test]
fn what_is_no_schedule_is_refused_with_an_example() {
    for (words, why) in [
        ("30m", "timezone"),
        ("every soon", "\"soon\" is not a time"),
        ("every 10ms", "shortest"),
        ("every 9000h", "longest"),
        ("0 2 * * *", "timezone"),
        ("0 2 * * * Denver", "timezone"),
        ("0 0 30 2 * UTC", "never comes"),
    ] {
        let error = words.parse::<Spec>().expect_err(words).to_string();
        assert!(error.contains("every 30m") && error.contains(words), "{error}");
        assert!(error.to_lowercase().contains(why) || why == "timezone", "{words}: {error}");
    }
}

#[test]
fn a_flow_that_never_ran_is_due_at_once_and_a_cron_at_its_moment() {
    let now = at("2026-11-02T08:00:00Z");
    assert_eq!(spec("every 30m").due(None, now, 7), Some(now));
    assert_eq!(spec("never").due(None, now, 7), None);
    let night = spec("0 2 * * * America/Denver").due(None, now, 0);
    assert_eq!(night, Some(at("2026-11-02T09:00:00Z")));
}

#[test]
fn two_oclock_stays_two_oclock_when_the_clocks_change() {
    let night = spec("0 2 * * * America/Denver");
    let before = night.due(Some(at("2026-10-30T12:00:00Z")), at("2026-10-30T12:00:00Z"), 0);
    assert_eq!(before, Some(at("2026-10-31T08:00:00Z")));
    let after = night.due(Some(at("2026-11-01T12:00:00Z")), at("2026-11-01T12:00:00Z"), 0);
    assert_eq!(after, Some(at("2026-11-02T09:00:00Z")));
}

#[test]
fn what_may_pass_is_tried_again_soon() {
    let ended = at("2026-11-02T08:00:00Z");
    let daily = spec("every 24h");
    let soon = daily.due_after(ended, true, 0).expect("due");
    assert_eq!(soon, at("2026-11-02T08:05:00Z"));
    assert_eq!(daily.due_after(ended, false, 0), Some(at("2026-11-03T00:00:00Z")));
    assert_eq!(spec("every 1s").due_after(ended, true, 0), Some(at("2026-11-02T08:00:01Z")));
    assert_eq!(spec("never").due_after(ended, true, 0), None);
}

#[test]
fn a_thousand_connections_are_spread_evenly() {
    let last = at("2026-11-02T08:00:00Z");
    for words in ["every 30m", "0 2 * * * UTC"] {
        let spec = spec(words);
        let mut due: Vec<_> = (0..1000)
            .map(|n| spec.due(Some(last), last, seed(&format!("seller-{n}"), "settlements")))
            .map(|due| due.expect("due").as_millisecond())
            .collect();
        due.sort_unstable();
        let (first, whole) = (due[0], due[999] - due[0]);
        for tenth in 0..10 {
            let within = |time: &&i64| (**time - first) * 10 / (whole + 1) == tenth;
            let share = due.iter().filter(within).count();
            assert!((60..=140).contains(&share), "{words}: {share} in tenth {tenth}");
        }
    }
}

/// Every moment of a cron expression within some days, with the connection's turn.
fn turns(cron: &Cron, from: Timestamp, seed: u64, count: usize) -> Vec<(Timestamp, Timestamp)> {
    let mut moment = from;
    let mut turns = Vec::new();
    while turns.len() < count {
        moment = cron.moment_after(moment).expect("it goes on");
        let following = cron.moment_after(moment).expect("it goes on");
        let gap = following.as_millisecond() - moment.as_millisecond();
        let wait = seed % u64::try_from(SPREAD_MAX_MILLIS.min(gap / 2)).expect("positive");
        let wait = SignedDuration::from_millis(i64::try_from(wait).expect("small"));
        turns.push((moment, moment + wait));
    }
    turns
}

fn any_cron() -> impl Strategy<Value = Cron> {
    let zone = prop_oneof![Just("UTC"), Just("America/Denver"), Just("Asia/Kolkata")];
    let fields = prop_oneof![
        Just("* * * * *".to_owned()),
        Just("*/7 * * * *".to_owned()),
        (0..60u8, 0..24u8).prop_map(|(minute, hour)| format!("{minute} {hour} * * *")),
        (0..60u8, 1..7u8).prop_map(|(minute, day)| format!("{minute} 2 * * {day}")),
    ];
    (fields, zone).prop_map(|(fields, zone)| match spec(&format!("{fields} {zone}")) {
        Spec::Cron(cron) => *cron,
        other => panic!("{other}"),
    })
}

proptest! {
    /// The next time comes after the last, within one interval, and every interval has one time.
    #[test]
    fn an_interval_has_one_time_each(
        seconds in 1..100_000i64, last in 0..4_000_000_000i64, seed: u64,
    ) {
        let every = SignedDuration::from_secs(seconds);
        let last = Timestamp::from_second(last).expect("in range");
        let next = Spec::Every(every).due(Some(last), last, seed).expect("due");
        prop_assert!(next > last && next <= last + every);
        prop_assert_eq!(Spec::Every(every).due(Some(next), next, seed), Some(next + every));
    }

    /// However long nothing ran, one run catches up: its next time lies in the future.
    #[test]
    fn a_downtime_costs_one_run(
        seconds in 1..100_000i64, last in 0..2_000_000_000i64, down in 0..100_000_000i64, seed: u64,
    ) {
        let spec = Spec::Every(SignedDuration::from_secs(seconds));
        let last = Timestamp::from_second(last).expect("in range");
        let now = last + SignedDuration::from_secs(down);
        let due = spec.due(Some(last), now, seed).expect("due");
        let ended = now.max(due);
        prop_assert!(spec.due_after(ended, false, seed).expect("due") > ended);
    }

    /// From whatever time one asks, the answer is the first turn after it.
    #[test]
    fn a_cron_has_one_turn_for_each_moment(
        cron in any_cron(), from in 1_700_000_000..1_900_000_000i64, seed: u64,
        shift in 0..1_000_000i64,
    ) {
        let from = Timestamp::from_second(from).expect("in range");
        let turns = turns(&cron, from, seed, 12);
        for pair in turns.windows(2) {
            prop_assert!(pair[0].1 < pair[1].0, "turns keep their order");
        }
        // Between the first turn and the last, any time has its answer in the list.
        let (first, last) = (turns[0].1, turns[11].1);
        let length = last.as_millisecond() - first.as_millisecond();
        let at = first + SignedDuration::from_millis(shift * 1000 % length);
        let expected = turns.iter().map(|turn| turn.1).find(|turn| *turn > at);
        prop_assert_eq!(cron.slot_after(at, seed), expected);
    }
}
