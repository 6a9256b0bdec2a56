use super::*;
use crate::settlement::{Fulfillment, Group, LineSpan, Triple};

fn dollars(cents: i64) -> Money {
    Money::from_units(cents.into(), Currency::parse("USD").expect("a currency")).expect("small")
}

fn day(day: i8) -> ReportTime {
    ReportTime::Date(jiff::civil::date(2026, 5, day))
}

/// A settlement with its rows, as descriptions and cents; they add up to its total.
fn settlement(id: &str, start: i8, end: i8, rows: &[(&str, i64)]) -> Settlement {
    let group = |(description, cents): &(&str, i64)| Group {
        triple: Triple {
            transaction_type: "other-transaction".to_owned(),
            amount_type: "other-transaction".to_owned(),
            amount_description: (*description).to_owned(),
        },
        date: jiff::civil::date(2026, 5, start),
        marketplace: None,
        fulfillment: Fulfillment::Unstated,
        sku: None,
        amount: dollars(*cents),
        rows: 1,
        lines: LineSpan { first: 3, last: 3 },
    };
    let total = dollars(rows.iter().map(|(_, cents)| cents).sum());
    Settlement {
        id: SettlementId::parse(id).expect("an id"),
        start: day(start),
        end: day(end),
        deposit_date: None,
        total,
        rows: rows.len() as u64,
        sum: total,
        groups: rows.iter().map(group).collect(),
        line: 2,
    }
}

fn at(store: &str, mut settlement: Settlement) -> Settlement {
    for group in &mut settlement.groups {
        group.marketplace = Some(store.to_owned());
    }
    settlement
}

fn id(text: &str) -> SettlementId {
    SettlementId::parse(text).expect("an id")
}

fn findings(settlements: &[Settlement]) -> Vec<Finding> {
    let forward = check(settlements).expect("small amounts");
    let backward = check(settlements.iter().rev()).expect("small amounts");
    assert_eq!(forward, backward, "the order does not matter");
    let condensed: Vec<_> = settlements.iter().map(condensed).collect();
    assert_eq!(check(&condensed), Ok(forward.clone()), "all that matters is kept");
    forward.findings
}

fn streams_of(settlements: &[Settlement]) -> Vec<Vec<String>> {
    let chains = check(settlements).expect("small amounts");
    let ids = |stream: &Stream| stream.settlements.iter().map(ToString::to_string).collect();
    chains.streams.iter().map(ids).collect()
}

#[test]
fn a_series_without_a_break_is_one_stream() {
    let series = [
        settlement("3", 15, 22, &[("Principal", 100)]),
        settlement("1", 1, 8, &[("Principal", 100)]),
        settlement("2", 8, 15, &[("Principal", 100)]),
        settlement("2", 8, 15, &[("Principal", 100)]),
    ];
    assert_eq!(findings(&series), []);
    assert_eq!(streams_of(&series), [["1", "2", "3"]]);
}

#[test]
fn a_missing_settlement_is_a_gap() {
    let series = [settlement("1", 1, 8, &[]), settlement("3", 15, 22, &[])];
    let gap = Finding::Gap { before: id("1"), after: id("3"), from: day(8), to: day(15) };
    assert_eq!(findings(&series), [gap]);
}

#[test]
fn two_accounts_are_two_streams() {
    let series = [
        settlement("1", 1, 8, &[]),
        settlement("2", 8, 15, &[]),
        settlement("11", 3, 10, &[]),
        settlement("12", 10, 17, &[]),
    ];
    assert_eq!(findings(&series), []);
    assert_eq!(streams_of(&series), [["1", "2"], ["11", "12"]]);
}

#[test]
fn a_single_settlement_beside_a_stream_overlaps() {
    let series =
        [settlement("1", 1, 8, &[]), settlement("2", 8, 15, &[]), settlement("9", 6, 8, &[])];
    let overlap = Finding::Overlap { first: id("1"), second: id("9"), from: day(6), to: day(8) };
    assert_eq!(findings(&series), [overlap]);
}

#[test]
fn marketplaces_do_not_continue_each_other() {
    let rows: &[(&str, i64)] = &[("Principal", 100)];
    let series = [
        at("Amazon.de", settlement("1", 1, 8, rows)),
        at("Amazon.fr", settlement("2", 8, 15, rows)),
        // A settlement of account rows alone names no marketplace.
        settlement("3", 8, 15, &[]),
        at("Amazon.de", settlement("4", 15, 22, rows)),
    ];
    assert_eq!(findings(&series), []);
    assert_eq!(streams_of(&series), [vec!["1", "3", "4"], vec!["2"]]);
}

#[test]
fn another_content_under_one_id_was_issued_anew() {
    let series = [settlement("1", 1, 8, &[("A", 1)]), settlement("1", 1, 8, &[("A", 2)])];
    assert_eq!(findings(&series), [Finding::Reissued { id: id("1") }]);
}

#[test]
fn what_was_kept_back_is_given_back() {
    let closing = settlement("1", 1, 8, &[("Principal", 900), (CURRENT_RESERVE, -500)]);
    let whole = settlement("2", 8, 15, &[(PREVIOUS_RESERVE, 500)]);
    assert_eq!(findings(&[closing.clone(), whole]), []);
    let part = settlement("2", 8, 15, &[(PREVIOUS_RESERVE, 499)]);
    let broken = Finding::Reserve {
        before: id("1"),
        after: id("2"),
        closing: dollars(500),
        opening: dollars(499),
    };
    assert_eq!(findings(&[closing, part]), [broken]);
}

#[test]
fn a_debt_is_charged_or_rolled_over() {
    let debtor = settlement("1", 1, 8, &[("Subscription Fee", -3999)]);
    let next = |rows: &[(&str, i64)]| findings(&[debtor.clone(), settlement("2", 8, 15, rows)]);
    assert_eq!(next(&[(PAYABLE, -3999), (CHARGE, 3999)]), []);
    let (before, after) = (id("1"), id("2"));
    let rolled =
        Finding::RolledOver { before: before.clone(), after: after.clone(), amount: dollars(3999) };
    assert_eq!(next(&[(PAYABLE, -3999)]), [rolled]);
    let lost = Finding::Debt { before, after, owed: dollars(3999), charged: dollars(0) };
    assert_eq!(next(&[("Principal", 100)]), [lost]);
}

#[test]
fn a_payout_that_came_back_is_traced() {
    let failed = "Transfer of funds unsuccessful: the account is closed";
    let series = [
        settlement("1", 1, 8, &[("Principal", 700)]),
        settlement("2", 8, 15, &[("Principal", 300)]),
        settlement("3", 15, 22, &[(failed, 700), (failed, 5)]),
    ];
    let of =
        |cents, payout_of| Finding::FailedPayout { id: id("3"), amount: dollars(cents), payout_of };
    assert_eq!(findings(&series), [of(700, Some(id("1"))), of(5, None)]);
}
