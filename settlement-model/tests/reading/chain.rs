//! What a series of documents says when read together: one worked case for each finding.

use std::fs;

use settlement_model::chain::{Chains, Finding, check};
use settlement_model::{Money, ReadOptions, ReportTime, Settlement, SettlementId, read};

use crate::samples;
use crate::sheet::{Line, document};

const RESERVED: &str = "Current Reserve Amount";
const RELEASED: &str = "Previous Reserve Amount Balance";
const OWED: &str = "Payable to Amazon";
const CHARGED: &str = "Successful charge";

/// A settlement from one day of June to another, read from a document of its rows.
fn settlement(id: &str, from: u32, to: u32, rows: &[(&str, i64)]) -> Settlement {
    let money = |cents: i64| {
        let sign = if cents < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
    };
    let total: i64 = rows.iter().map(|(_, cents)| cents).sum();
    let time = |day: u32| format!("2026-06-{day:02} 08:00:00 UTC");
    let mut lines = vec![
        Line::settlement(&money(total), "USD")
            .with("settlement-start-date", &time(from))
            .with("settlement-end-date", &time(to))
            .with("deposit-date", &time(to)),
    ];
    lines.extend(rows.iter().map(|(description, cents)| {
        let order = *description == "Principal";
        let kind = if order { "Order" } else { "other-transaction" };
        Line::amount(description, &money(*cents))
            .with("transaction-type", kind)
            .with("amount-type", if order { "ItemPrice" } else { kind })
            .with("marketplace-name", if order { "Amazon.com" } else { "" })
            .with("posted-date-time", &time(from))
    }));
    let text = document(&lines).replace(crate::sheet::ID, id);
    let mut document = read(text.as_bytes(), &ReadOptions::default()).expect("readable");
    assert!(document.settlements[0].ties());
    document.settlements.remove(0)
}

fn id(text: &str) -> SettlementId {
    SettlementId::parse(text).expect("an id")
}

fn day(day: i8) -> ReportTime {
    let time = jiff::civil::date(2026, 6, day).at(8, 0, 0, 0);
    ReportTime::Instant(jiff::tz::Offset::UTC.to_timestamp(time).expect("in range"))
}

fn dollars(amount: &str) -> Money {
    let currency = settlement_model::Currency::parse("USD").expect("a currency");
    Money::new(amount.parse().expect("a decimal"), currency).expect("whole cents")
}

fn chains(settlements: &[Settlement]) -> Chains {
    check(settlements).expect("small amounts")
}

/// Sales in the first week, kept back in part; given back in the second; a debt in the third, which
/// the card pays; and an ordinary fourth.
fn month() -> Vec<Settlement> {
    vec![
        settlement("101", 1, 8, &[("Principal", 90_000), (RESERVED, -25_000)]),
        settlement("102", 8, 15, &[("Principal", 40_000), (RELEASED, 25_000)]),
        settlement("103", 15, 22, &[("Principal", 1_000), ("Storage Fee", -6_200)]),
        settlement("104", 22, 29, &[(OWED, -5_200), (CHARGED, 5_200), ("Principal", 3_000)]),
    ]
}

#[test]
fn a_month_without_a_break() {
    let chains = chains(&month());
    assert_eq!(chains.findings, []);
    let [stream] = chains.streams.as_slice() else { panic!("one stream") };
    assert_eq!(stream.settlements, ["101", "102", "103", "104"].map(id));
    assert_eq!(stream.marketplace.as_deref(), Some("Amazon.com"));
}

#[test]
fn a_week_that_is_missing() {
    let mut month = month();
    month.remove(1);
    let gap = Finding::Gap { before: id("101"), after: id("103"), from: day(8), to: day(15) };
    assert_eq!(chains(&month).findings, [gap]);
}

#[test]
fn a_week_that_was_settled_twice() {
    let mut month = month();
    month.push(settlement("199", 10, 15, &[("Principal", 1_000)]));
    let overlap =
        Finding::Overlap { first: id("102"), second: id("199"), from: day(10), to: day(15) };
    assert_eq!(chains(&month).findings, [overlap]);
}

/// Orders on invoice are settled beside the others, at times of their own.
#[test]
fn standard_and_invoiced_orders_are_two_streams() {
    let mut month = month();
    let invoiced = [("201", 3, 17), ("202", 17, 29)];
    month.extend(invoiced.map(|(id, from, to)| settlement(id, from, to, &[("Principal", 70_000)])));
    let chains = chains(&month);
    assert_eq!(chains.findings, []);
    let streams: Vec<usize> = chains.streams.iter().map(|one| one.settlements.len()).collect();
    assert_eq!(streams, [4, 2]);
}

#[test]
fn a_reserve_that_is_not_given_back_whole() {
    let mut month = month();
    month[1] = settlement("102", 8, 15, &[("Principal", 40_000), (RELEASED, 24_999)]);
    let reserve = Finding::Reserve {
        before: id("101"),
        after: id("102"),
        closing: dollars("250.00"),
        opening: dollars("249.99"),
    };
    assert_eq!(chains(&month).findings, [reserve]);
}

#[test]
fn a_debt_that_is_taken_over_and_one_that_is_lost() {
    let mut month = month();
    month[3] = settlement("104", 22, 29, &[(OWED, -5_200), ("Principal", 9_000)]);
    let (before, after) = (id("103"), id("104"));
    let rolled_over = Finding::RolledOver {
        before: before.clone(),
        after: after.clone(),
        amount: dollars("52.00"),
    };
    assert_eq!(chains(&month).findings, [rolled_over]);
    // The card paid half of it.
    month[3] = settlement("104", 22, 29, &[(OWED, -5_200), (CHARGED, 2_600), ("Principal", 9_000)]);
    let Finding::RolledOver { amount, .. } = &chains(&month).findings[0] else { panic!("a debt") };
    assert_eq!(*amount, dollars("26.00"));
    month[3] = settlement("104", 22, 29, &[("Principal", 9_000)]);
    let lost = Finding::Debt { before, after, owed: dollars("52.00"), charged: dollars("0.00") };
    assert_eq!(chains(&month).findings, [lost]);
}

#[test]
fn a_payout_that_the_bank_sent_back() {
    let mut month = month();
    let failed = "Transfer of funds unsuccessful: we could not transfer funds to your bank account";
    month[1] =
        settlement("102", 8, 15, &[("Principal", 40_000), (RELEASED, 25_000), (failed, 65_000)]);
    let came_back = Finding::FailedPayout {
        id: id("102"),
        amount: dollars("650.00"),
        payout_of: Some(id("101")),
    };
    assert_eq!(chains(&month).findings, [came_back]);
}

/// Four real settlements of one account, two of which follow each other to the second.
#[test]
fn a_real_series_with_two_weeks_missing_twice() {
    let Some(folder) = samples::folder() else { return };
    let mut settlements = Vec::new();
    for name in ["50011", "50034", "50041", "50051"] {
        let bytes = fs::read(folder.join(format!("v1-ca-{name}.txt"))).expect(name);
        let document = read(bytes.as_slice(), &ReadOptions::default()).expect(name);
        settlements.extend(document.settlements);
    }
    let chains = chains(&settlements);
    assert_eq!(chains.streams.len(), 1, "{:?}", chains.streams);
    let gaps: Vec<_> = chains
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Gap { before, after, .. } => (before.as_str(), after.as_str()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(gaps, [("23874396421", "24288684721"), ("24391894961", "24596907561")]);
}
