//! Settlements, journals, the ledger and the bank.

use jiff::Span;
use jiff::civil::{Date, date};
use ledger_mapper::{
    BankLine, Comparison, DifferenceKind, Evidence, Reconciliation, SettlementFigures, Waiver,
    reconcile,
};
use proptest::prelude::*;
use settlement_model::{Currency, Money, SettlementId};

use crate::properties::{cents, settlements};
use crate::support::{money, sample_plan, settlement, usd};

const TODAY: Date = Date::constant(2026, 7, 20);

/// Figures of a settlement that was posted as planned.
fn posted(id: &str, total: &str, due: Date, rows: &str) -> SettlementFigures {
    let plan = sample_plan(&settlement(id, total, "2026-06-01T18:00:00Z", rows));
    assert!(plan.held.is_empty(), "{:?}", plan.held);
    let figures = SettlementFigures::of(&plan, due, None).expect("small amounts");
    SettlementFigures { ledger: Some(figures.journal), ..figures }
}

/// A settlement of one sale.
fn sale(id: &str, total: &str, due: Date) -> SettlementFigures {
    let kind = if total.starts_with('-') { "Refund" } else { "Order" };
    posted(id, total, due, &format!("2026-05-20 | {kind} / ItemPrice / Principal | {total}"))
}

fn bank(reference: &str, date: Date, amount: Money) -> BankLine {
    BankLine { reference: reference.to_owned(), date, amount, settlement: None }
}

fn evidence<'a>(settlements: &'a [SettlementFigures], bank: &'a [BankLine]) -> Evidence<'a> {
    Evidence {
        currency: usd(),
        opening: cents(0),
        settlements,
        bank,
        waivers: &[],
        ledger_balance: None,
        today: TODAY,
        transit_days: 5,
    }
}

fn told(result: &Reconciliation) -> String {
    let lines = result.differences.iter().map(|difference| {
        let id = difference.settlement.as_ref().map_or("-", SettlementId::as_str);
        let (kind, amount) = (difference.kind, difference.amount);
        let open = if difference.open { "open" } else { "" };
        format!("{id} {:?} {kind:?} {amount} {open}", difference.comparison).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn result(evidence: &Evidence<'_>) -> Reconciliation {
    reconcile(evidence).expect("small amounts of one currency")
}

#[test]
fn a_paid_settlement_leaves_nothing() {
    let settlements = [sale("1", "42.52", date(2026, 7, 1))];
    let bank = [bank("B1", date(2026, 7, 3), money("42.52"))];
    let mut evidence = evidence(&settlements, &bank);
    evidence.ledger_balance = Some(cents(0));
    let result = result(&evidence);
    assert!(result.differences.is_empty() && result.is_reconciled());
    assert_eq!((result.roll_forward.closing, result.roll_forward.bank), (cents(0), money("42.52")));
}

#[test]
fn a_deposit_is_on_its_way_for_some_days_and_then_missing() {
    let settlements = [
        sale("1", "10.00", date(2026, 7, 18)),
        sale("2", "20.00", date(2026, 7, 10)),
        sale("3", "30.00", date(2026, 5, 1)),
    ];
    let result = result(&evidence(&settlements, &[]));
    insta::assert_snapshot!(told(&result), @r#"
    1 Bank Timing 10.00 USD open
    2 Bank Unknown 20.00 USD open
    3 Bank Unknown 30.00 USD open
    "#);
    let ageing = result.ageing;
    assert_eq!((ageing.week, ageing.fortnight), (money("10.00"), money("20.00")));
    assert_eq!((ageing.month, ageing.older), (cents(0), money("30.00")));
    assert!(!result.is_reconciled());
}

#[test]
fn a_negative_total_rolls_into_the_next_and_is_charged_to_the_card() {
    let next = "2026-05-20 | other-transaction / other-transaction / Payable to Amazon |  -41.27
                2026-05-20 | other-transaction / other-transaction / Successful charge |   41.27
                2026-05-20 | Order / ItemPrice / Principal                             |   10.00";
    let settlements =
        [sale("1", "-41.27", date(2026, 6, 1)), posted("2", "10.00", date(2026, 6, 15), next)];
    let bank = [
        bank("CARD", date(2026, 6, 16), money("-41.27")),
        bank("B2", date(2026, 6, 17), money("10.00")),
    ];
    let result = result(&evidence(&settlements, &bank));
    insta::assert_snapshot!(told(&result), @"1 Bank RolledBalance -41.27 USD");
    assert!(result.is_reconciled());
    assert_eq!(result.roll_forward.closing, cents(0));
}

/// A settlement that opens with the debt of the one before, which was charged to the card a day
/// after it began; its own deposit starts sixteen days later.
fn charged() -> [SettlementFigures; 2] {
    let rows = "2026-05-20 | other-transaction / other-transaction / Payable to Amazon | -62.31
                2026-05-20 | other-transaction / other-transaction / Successful charge |  62.31
                2026-05-20 | Order / ItemPrice / Principal                             |  10.00";
    let before = sale("1", "-62.31", date(2025, 8, 16));
    let start = Some(date(2025, 8, 14));
    [before, SettlementFigures { start, ..posted("2", "10.00", date(2025, 8, 30), rows) }]
}

#[test]
fn a_charge_meets_its_bank_line_before_the_deposit_starts() {
    let settlements = charged();
    let lines = [
        bank("CARD", date(2025, 8, 15), money("-62.31")),
        bank("B2", date(2025, 9, 1), money("10.00")),
    ];
    let result = result(&evidence(&settlements, &lines));
    insta::assert_snapshot!(told(&result), @"1 Bank RolledBalance -62.31 USD");
    assert!(result.is_reconciled());
    assert_eq!(result.roll_forward.closing, cents(0));

    // A line from before the settlement is that of another charge.
    let early = [bank("CARD", date(2025, 8, 13), money("-62.31")), lines[1].clone()];
    assert!(!self::result(&evidence(&settlements, &early)).is_reconciled());
}

#[test]
fn a_person_gives_a_settlement_the_line_of_its_charge() {
    let settlements = charged();
    let of_second = |line| BankLine { settlement: Some(settlements[1].id.clone()), ..line };
    // By its date it can't be; a person knows better.
    let lines = [
        of_second(bank("CARD", date(2025, 7, 1), money("-62.31"))),
        of_second(bank("B2", date(2025, 9, 1), money("10.00"))),
    ];
    assert!(result(&evidence(&settlements, &lines)).is_reconciled());

    // What no line shows is written off of the charge.
    let waivers = [Waiver { settlement: settlements[1].id.clone(), amount: money("-62.31") }];
    let evidence = Evidence { waivers: &waivers, ..evidence(&settlements, &lines[1..]) };
    let result = result(&evidence);
    insta::assert_snapshot!(told(&result), @r#"
    1 Bank RolledBalance -62.31 USD
    2 Bank Waived -62.31 USD
    "#);
    assert_eq!(result.roll_forward.closing, cents(0));
}

#[test]
fn a_payout_that_came_back_clears_the_first_and_is_paid_with_the_second() {
    let next = "2026-05-20 | other-transaction / other-transaction / Transfer of funds unsuccessful: bank account closed | 25.00
                2026-05-20 | Order / ItemPrice / Principal | 10.00";
    let settlements =
        [sale("1", "25.00", date(2026, 6, 1)), posted("2", "35.00", date(2026, 6, 15), next)];
    let bank = [bank("B2", date(2026, 6, 17), money("35.00"))];
    let result = result(&evidence(&settlements, &bank));
    insta::assert_snapshot!(told(&result), @"1 Bank FailedPayout 25.00 USD");
    assert!(result.is_reconciled());
}

#[test]
fn the_rate_of_the_bank_is_a_difference_in_its_currency() {
    let euro = Currency::parse("EUR").expect("ISO 4217");
    let euros = |amount: &str| Money::new(amount.parse().expect("a decimal"), euro).expect("cents");
    let mut figures = sale("1", "100.00", date(2026, 7, 1));
    figures.booked = Some(euros("92.00"));
    let mut line = bank("B1", date(2026, 7, 3), euros("90.50"));
    line.settlement = Some(figures.id.clone());
    let (settlements, lines) = ([figures], [line]);
    let paid = result(&evidence(&settlements, &lines));
    insta::assert_snapshot!(told(&paid), @"1 Bank ExchangeRate -1.50 EUR");
    assert_eq!(paid.roll_forward.closing, cents(0));

    // Without the rate of the journal nobody can say what the bank line is worth.
    let unknown = [SettlementFigures { booked: None, ..settlements[0].clone() }];
    assert!(!result(&evidence(&unknown, &lines)).is_reconciled());
}

#[test]
fn what_is_written_off_is_explained_and_the_rest_is_not() {
    let settlements = [sale("1", "10.00", date(2026, 6, 1))];
    let mut line = bank("B1", date(2026, 6, 3), money("9.70"));
    line.settlement = Some(settlements[0].id.clone());
    let lines = [line];
    let waivers = [Waiver { settlement: settlements[0].id.clone(), amount: money("0.25") }];
    let result = result(&Evidence { waivers: &waivers, ..evidence(&settlements, &lines) });
    insta::assert_snapshot!(told(&result), @r#"
    1 Bank Waived 0.25 USD
    1 Bank Unknown 0.05 USD open
    "#);
}

#[test]
fn journals_and_ledger_are_compared_before_the_bank() {
    let mut figures = sale("1", "10.00", date(2026, 6, 1));
    figures.journal = money("9.00");
    let late = SettlementFigures { ledger: None, ..sale("2", "20.00", date(2026, 6, 1)) };
    let soon = SettlementFigures { ledger: None, ..sale("3", "30.00", date(2026, 7, 19)) };
    let settlements = [figures, late, soon];
    let result = result(&evidence(&settlements, &[]));
    let books = result.differences.iter().filter(|d| d.comparison != Comparison::Bank);
    let books: Vec<_> = books.map(|d| (d.comparison, d.kind, d.amount)).collect();
    assert_eq!(
        books,
        [
            (Comparison::Journal, DifferenceKind::Unknown, money("1.00")),
            (Comparison::Ledger, DifferenceKind::Unknown, money("-1.00")),
            (Comparison::Ledger, DifferenceKind::Unknown, money("20.00")),
            (Comparison::Ledger, DifferenceKind::Timing, money("30.00")),
        ]
    );
}

#[test]
fn money_from_nowhere_stays_open() {
    let bank = [bank("B9", date(2026, 7, 18), money("5.00"))];
    let result = result(&evidence(&[], &bank));
    insta::assert_snapshot!(told(&result), @"- Bank Unknown -5.00 USD open");
    assert_eq!(result.roll_forward.closing, money("-5.00"));
}

/// An OFX `FITID` is unique within its account only.
#[test]
fn the_money_of_two_lines_with_one_name_is_told_of_both() {
    let settlements = [sale("1", "42.52", date(2026, 7, 1))];
    let day = date(2026, 7, 3);
    let bank = [bank("F1", day, money("42.52")), bank("F1", day, money("7.00"))];
    let result = result(&evidence(&settlements, &bank));
    insta::assert_snapshot!(told(&result), @"- Bank Unknown -7.00 USD open");
    assert_eq!(result.roll_forward.bank, money("49.52"));
    assert_eq!(result.roll_forward.closing, money("-7.00"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn the_roll_forward_is_explained_to_zero(
        drawn in proptest::collection::vec((settlements(), 0_i64..60), 0..6),
        paid in proptest::collection::vec(
            (0_usize..6, -3_i64..3, any::<bool>(), any::<bool>()),
            0..8,
        ),
        opening in -1000_i64..1000,
    ) {
        let figures: Vec<SettlementFigures> = (1..)
            .zip(drawn)
            .map(|(id, (settlement, days))| {
                let plan = sample_plan(&settlement);
                let due = TODAY.checked_sub(Span::new().days(days)).expect("a date");
                let figures = SettlementFigures::of(&plan, due, None).expect("small amounts");
                let id = SettlementId::parse(&i32::to_string(&id)).expect("digits");
                SettlementFigures { id, ledger: Some(figures.journal), ..figures }
            })
            .collect();
        // Some lines pay a settlement, or its first other amount, exactly, some nearly, some name theirs.
        let lines: Vec<BankLine> = paid
            .into_iter()
            .enumerate()
            .filter_map(|(number, (which, off, named, other))| {
                let figures = figures.get(which)?;
                let other = figures.rows.first().filter(|_| other).map(|row| row.amount.negated());
                let amount = other.unwrap_or(figures.total);
                let amount = amount.checked_add(cents(off)).expect("small amounts");
                let settlement = Some(figures.id.clone()).filter(|_| named);
                Some(BankLine { settlement, ..bank(&number.to_string(), TODAY, amount) })
            })
            .collect();
        let evidence = Evidence { opening: cents(opening), ..evidence(&figures, &lines) };
        let result = result(&evidence);
        prop_assert!(result.roll_forward.unexplained.is_zero());
        let open = result.differences.iter().filter(|difference| difference.open);
        let open = open.fold(cents(0), |sum, d| sum.checked_add(d.amount).expect("small amounts"));
        prop_assert_eq!(open, result.roll_forward.explained);
        let ageing = result.ageing;
        let aged = [ageing.week, ageing.fortnight, ageing.month, ageing.older];
        let aged = aged.iter().fold(cents(0), |sum, m| sum.checked_add(*m).expect("small amounts"));
        prop_assert_eq!(aged, open);
        let received = lines.iter().fold(cents(0), |sum, line| {
            sum.checked_add(line.amount).expect("small amounts")
        });
        prop_assert_eq!(result.roll_forward.bank, received);
        let journals = figures.iter().all(|f| f.ledger == Some(f.journal));
        let books = result.differences.iter().any(|d| d.comparison != Comparison::Bank);
        prop_assert!(journals && !books);
    }
}
