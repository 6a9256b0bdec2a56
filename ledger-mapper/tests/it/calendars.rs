//! Periods of other kinds than months, and the weeks in which clocks change.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, Context, Plan, Role, Statement, catalogue, plan};
use proptest::prelude::*;
use rust_decimal::Decimal;
use settlement_model::Settlement;

use crate::properties::{cents, group, known_triple, of};
use crate::report::{ReportRow, read, report};
use crate::support::{effect, pacific, sample_plan, sample_rules};

/// A year of quarters of four, four and five weeks from a Sunday, as a calendar file.
fn four_four_five(first: Date) -> Calendar {
    let weeks = [4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5];
    let mut text = String::new();
    let mut start = first;
    for (number, weeks) in (1..).zip(weeks) {
        let end = start.checked_add(jiff::Span::new().days(weeks * 7 - 1)).expect("a date");
        text += &format!("[[period]]\nname = \"P{number:02}\"\nstart = {start}\nend = {end}\n");
        start = end.tomorrow().expect("a date");
    }
    Calendar::parse(&text, "calendar.toml").expect("a calendar")
}

/// A calendar that splits nothing.
fn one_period() -> Calendar {
    let text = "[[period]]\nname = \"all\"\nstart = 2025-01-01\nend = 2028-12-31\n";
    Calendar::parse(text, "calendar.toml").expect("a calendar")
}

fn plan_by(settlement: &Settlement, calendar: &Calendar, zone: &TimeZone) -> Plan {
    let context = Context::new("acme-us", sample_rules(), calendar, zone);
    plan(settlement, &context)
}

/// A row that sells for a dollar at an instant.
fn dollar(at: Timestamp) -> ReportRow<'static> {
    let posted = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    ReportRow::new(&posted, ["Order", "ItemPrice", "Principal"], "1.00")
}

/// What was sold before the days change in the night of a zone: rows each 30 minutes around the
/// midnight, which is told as an instant so that no time-zone rule is asked twice.
fn sold_before(zone: &str, midnight: &str, last_day: Date) -> (u64, u64) {
    let zone = TimeZone::get(zone).expect("the bundled time zones");
    let midnight: Timestamp = midnight.parse().expect("an instant");
    let rows: Vec<ReportRow<'_>> = (-96..96)
        .map(|half_hours| dollar(midnight + jiff::SignedDuration::from_mins(30 * half_hours)))
        .collect();
    let text = report("192.00", "2027-12-01 00:00:00 UTC", &rows);
    let (document, _) = read(&text, &zone);
    let next = last_day.tomorrow().expect("a date");
    let calendar = format!(
        "[[period]]\nname = \"before\"\nstart = 2025-01-01\nend = {last_day}\n\
         [[period]]\nname = \"after\"\nstart = {next}\nend = 2028-12-31\n"
    );
    let calendar = Calendar::parse(&calendar, "calendar.toml").expect("a calendar");
    let plan = plan_by(&document.settlements[0], &calendar, &zone);
    let sold = |period: &str| {
        let journals = plan.journals.iter().filter(|journal| journal.period == period);
        let lines = journals.flat_map(|journal| &journal.lines);
        lines.filter(|line| line.account.as_str() == "4000").map(|line| line.rows).sum::<u64>()
    };
    (sold("before"), sold("after"))
}

#[test]
fn days_end_at_local_midnight_in_the_weeks_when_clocks_change() {
    // The midnights before and after the change, as UTC: the offset differs between the two.
    for (zone, midnight, last_day) in [
        ("America/Los_Angeles", "2026-03-08T08:00:00Z", date(2026, 3, 7)),
        ("America/Los_Angeles", "2026-03-09T07:00:00Z", date(2026, 3, 8)),
        ("America/Los_Angeles", "2026-11-01T07:00:00Z", date(2026, 10, 31)),
        ("America/Los_Angeles", "2026-11-02T08:00:00Z", date(2026, 11, 1)),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", date(2026, 3, 28)),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", date(2026, 3, 29)),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", date(2026, 10, 24)),
        ("Europe/Berlin", "2026-10-25T23:00:00Z", date(2026, 10, 25)),
        ("Asia/Tokyo", "2026-03-28T15:00:00Z", date(2026, 3, 28)),
        ("Asia/Tokyo", "2026-10-31T15:00:00Z", date(2026, 10, 31)),
    ] {
        assert_eq!(sold_before(zone, midnight, last_day), (96, 96), "{zone} {last_day}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_year_of_weeks_splits_into_whole_and_balanced_parts(
        groups in proptest::collection::vec(group(known_triple()), 0..40),
        shift in 0_i64..4,
    ) {
        let settlement = of(groups);
        let first = date(2025, 12, 28).checked_add(jiff::Span::new().days(shift)).expect("a date");
        let by_weeks = plan_by(&settlement, &four_four_five(first), &pacific());
        prop_assert!(by_weeks.held.is_empty(), "{:?}", by_weeks.held);
        for journal in &by_weeks.journals {
            prop_assert_eq!(journal.check(), Ok(()));
        }
        // However the time is cut, the parts add up to the whole.
        let whole = plan_by(&settlement, &one_period(), &pacific());
        prop_assert!(whole.journals.len() <= 1);
        prop_assert_eq!(effect(&by_weeks.journals), effect(&whole.journals));
        prop_assert_eq!(effect(&sample_plan(&settlement).journals), effect(&whole.journals));
    }

    #[test]
    fn a_pair_of_reserve_rows_leaves_profit_and_loss_as_it_was(
        groups in proptest::collection::vec(group(known_triple()), 0..20),
        amount in 1_i64..100_000,
        days in proptest::array::uniform2(group(Just(reserve("Current Reserve Amount")))),
    ) {
        let [mut held, mut released] = days;
        (held.amount, released.amount) = (cents(-amount), cents(amount));
        released.triple = reserve("Previous Reserve Amount Balance");
        let without = sample_plan(&of(groups.clone()));
        let with = sample_plan(&of([groups, vec![held, released]].concat()));
        prop_assert_eq!(profit_and_loss(&with), profit_and_loss(&without));
        prop_assert_eq!(with.deposit, without.deposit);
        prop_assert_eq!(effect(&with.journals), effect(&without.journals));
    }
}

fn reserve(description: &str) -> settlement_model::Triple {
    let triples = catalogue().iter().map(|entry| &entry.triple);
    let mut found = triples.filter(|triple| triple.amount_description == description);
    found.next().expect("an entry of the catalogue").clone()
}

/// By period and role, what the journals credit to income and expense less what they debit.
fn profit_and_loss(plan: &Plan) -> Vec<(String, Role, Decimal)> {
    let of = |journal: &ledger_mapper::Journal| {
        let sources = journal.lines.iter().flat_map(|line| &line.roles);
        let shares =
            sources.filter(|share| share.role.info().statement == Statement::ProfitAndLoss);
        let period = journal.period.clone();
        shares.map(|share| (period.clone(), share.role, share.amount)).collect::<Vec<_>>()
    };
    let mut shares: Vec<_> = plan.journals.iter().flat_map(of).collect();
    shares.retain(|(_, _, amount)| !amount.is_zero());
    shares.sort();
    shares
}
