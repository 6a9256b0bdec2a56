//! What holds for every settlement.

use std::collections::BTreeMap;

use crate::support::{sample_plan, settlement, usd};
use jiff::civil::Date;
use ledger_mapper::{Plan, Role, Rules, catalogue};
use proptest::prelude::*;
use rust_decimal::Decimal;
use settlement_model::{Group, LineSpan, Money, Settlement, Triple};

pub(crate) fn cents(amount: i64) -> Money {
    Money::new(Decimal::new(amount, 2), usd()).expect("cents")
}

pub(crate) fn known_triple() -> impl Strategy<Value = Triple> {
    let known: Vec<Triple> = catalogue().iter().map(|entry| entry.triple.clone()).collect();
    proptest::sample::select(known)
}

pub(crate) fn group(triple: impl Strategy<Value = Triple>) -> impl Strategy<Value = Group> {
    let day = (1_i8..=5, 1_i8..=28);
    let marketplace = proptest::option::of(Just("Amazon.com".to_owned()));
    // Small amounts, so that accounts and whole parts net to zero now and then.
    (triple, day, marketplace, -500_i64..=500, 1_u64..5).prop_map(
        |(triple, (month, day), marketplace, amount, rows)| Group {
            triple,
            date: Date::constant(2026, month, day),
            marketplace,
            fulfillment: settlement_model::Fulfillment::Unstated,
            sku: None,
            amount: cents(amount),
            rows,
            lines: LineSpan { first: 3, last: 2 + rows },
        },
    )
}

/// A settlement of these groups, which ends on 1 May.
pub(crate) fn of(groups: Vec<Group>) -> Settlement {
    let sum = groups
        .iter()
        .fold(cents(0), |sum, group| sum.checked_add(group.amount).expect("small amounts"));
    Settlement {
        total: sum,
        sum,
        rows: groups.iter().map(|group| group.rows).sum(),
        groups,
        ..settlement("70000000001", "0.00", "2026-05-01T18:00:00Z", "")
    }
}

pub(crate) fn settlements() -> impl Strategy<Value = Settlement> {
    proptest::collection::vec(group(known_triple()), 0..40).prop_map(of)
}

/// Credits less debits of all lines with this role as their own line, over all journals.
fn own_lines(plan: &Plan, role: Role) -> Decimal {
    let lines = plan.journals.iter().flat_map(|journal| &journal.lines);
    let own = lines.filter(|line| line.role == role && line.sources.is_empty());
    own.map(|line| line.credit - line.debit).sum()
}

fn by_triple<'a>(
    rows: impl Iterator<Item = (&'a Triple, u64, Decimal)>,
) -> BTreeMap<Triple, (u64, Decimal)> {
    let mut sums: BTreeMap<Triple, (u64, Decimal)> = BTreeMap::new();
    for (triple, rows, amount) in rows {
        let sum = sums.entry(triple.clone()).or_default();
        sum.0 += rows;
        sum.1 += amount;
    }
    sums
}

/// The same money told apart by SKU.
pub(crate) fn settlements_by_sku() -> impl Strategy<Value = Settlement> {
    let sku = proptest::sample::select(vec!["", "TOY-1", "TOY-RED", "LAMP-RED", "LAMP"]);
    let group = (group(known_triple()), sku)
        .prop_map(|(group, sku)| Group { sku: Some(sku.to_owned()), ..group });
    proptest::collection::vec(group, 0..40).prop_map(of)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn telling_skus_apart_changes_nothing_where_no_rule_asks(settlement in settlements_by_sku()) {
        let mut together = settlement.clone();
        for group in &mut together.groups {
            group.sku = None;
        }
        prop_assert_eq!(sample_plan(&settlement), sample_plan(&together));
    }

    #[test]
    fn journals_balance_and_carry_exactly_the_deposit(settlement in settlements()) {
        let plan = sample_plan(&settlement);
        prop_assert!(plan.held.is_empty(), "{:?}", plan.held);
        for journal in &plan.journals {
            prop_assert!(journal.is_balanced());
            prop_assert_eq!(journal.check(), Ok(()));
        }
        prop_assert_eq!(own_lines(&plan, Role::AMAZON_CLEARING), -settlement.total.amount());
        prop_assert_eq!(own_lines(&plan, Role::CARRIED_OVER), Decimal::ZERO);
    }

    #[test]
    fn every_row_is_in_exactly_one_source(settlement in settlements()) {
        let plan = sample_plan(&settlement);
        let lines = plan.journals.iter().flat_map(|journal| &journal.lines);
        let sources = lines.flat_map(|line| &line.sources).chain(&plan.netted_to_zero);
        let posted = by_triple(sources.map(|source| (&source.triple, source.rows, source.amount)));
        let groups = settlement.groups.iter();
        let read = by_triple(groups.map(|group| (&group.triple, group.rows, group.amount.amount())));
        prop_assert_eq!(posted, read);
        for line in plan.journals.iter().flat_map(|journal| &journal.lines) {
            let amount = line.credit - line.debit;
            let shares: Decimal = line.roles.iter().map(|share| share.amount).sum();
            prop_assert_eq!(shares, amount);
            if !line.sources.is_empty() {
                let sources: Decimal = line.sources.iter().map(|source| source.amount).sum();
                prop_assert_eq!(sources, amount);
                prop_assert_eq!(line.rows, line.sources.iter().map(|source| source.rows).sum::<u64>());
            }
        }
    }

    #[test]
    fn one_unknown_row_holds_the_settlement_and_is_told(
        mut groups in proptest::collection::vec(group(known_triple()), 0..20),
        odd in group(Just(Triple {
            transaction_type: "Order".to_owned(),
            amount_type: "ItemFees".to_owned(),
            amount_description: "Moon Fee".to_owned(),
        })),
        place: proptest::sample::Index,
    ) {
        groups.insert(place.index(groups.len() + 1), odd.clone());
        let plan = sample_plan(&of(groups));
        prop_assert!(plan.journals.is_empty() && plan.netted_to_zero.is_empty());
        let told = matches!(
            plan.held.as_slice(),
            [ledger_mapper::Hold::UnknownAmount { rows, amount, .. }]
                if *rows == odd.rows && *amount == odd.amount
        );
        prop_assert!(told, "{:?}", plan.held);
    }

    #[test]
    fn a_damaged_rules_file_is_refused_with_a_place_in_it(
        cut: proptest::sample::Index,
        typed in "[\\PC\n]{0,6}",
    ) {
        let mut text: Vec<char> = Rules::sample_text().chars().collect();
        let place = cut.index(text.len());
        text.splice(place..=place, typed.chars());
        let text: String = text.into_iter().collect();
        if let Err(error) = Rules::parse(&text, "rules.toml") {
            let line = text.split('\n').nth(error.line as usize - 1).expect("a line of the file");
            prop_assert!(error.column as usize <= line.chars().count() + 1);
        }
    }

    #[test]
    fn the_order_of_groups_does_not_matter(
        (settlement, shuffled) in settlements().prop_flat_map(|settlement| {
            let shuffled = Just(settlement.groups.clone()).prop_shuffle();
            (Just(settlement), shuffled)
        }),
    ) {
        prop_assert_eq!(sample_plan(&settlement), sample_plan(&of(shuffled)));
    }
}
