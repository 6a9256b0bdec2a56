//! Where a settlement is held, what is told is exactly what stands in its way.

use ledger_mapper::{Calendar, Context, Plan, RowFacts, Rules, plan};
use proptest::prelude::*;
use settlement_model::{Group, Money, Settlement, Triple};

use crate::properties::{cents, group, known_triple, of};
use crate::support::pacific;

/// A known triple, or now and then one that nobody knows.
fn any_triple() -> impl Strategy<Value = Triple> {
    let unknown = Triple {
        transaction_type: "Order".to_owned(),
        amount_type: "ItemFees".to_owned(),
        amount_description: "Moon Fee".to_owned(),
    };
    prop_oneof![20 => known_triple(), 1 => Just(unknown)]
}

/// The sample with some roles left out, with a segment that only one marketplace has a value of, or
/// with a rule that asks for the SKU.
fn rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(gaps, segment, sku)| {
        let kept = |line: &&str| !gaps || !line.starts_with("tax_");
        let mut text: String =
            Rules::sample_text().lines().filter(kept).collect::<Vec<_>>().join("\n");
        if segment {
            text += "\n[template]\nprofit_and_loss = \"{natural}-{division}\"\n\
                     [dimension.marketplace]\n\"Amazon.com\" = { division = \"10\" }\n";
        }
        if sku {
            text +=
                "\n[[rule]]\nsku = \"TOY-*\"\ntransaction_type = \"Refund\"\naccount = \"4107\"\n";
        }
        Rules::parse(&text, "rules.toml").expect("rules")
    })
}

/// A calendar that begins somewhere in the settlement.
fn calendar() -> impl Strategy<Value = Calendar> {
    (1_u8..=4).prop_map(|month| {
        let text = format!(
            "[[period]]\nname = \"spring\"\nstart = 2026-{month:02}-10\nend = 2026-06-30\n"
        );
        Calendar::parse(&text, "calendar.toml").expect("a calendar")
    })
}

/// Rows and money of the groups that a plan cannot place.
fn in_the_way(settlement: &Settlement, rules: &Rules, calendar: &Calendar) -> (u64, Money) {
    let is_placed = |group: &&Group| {
        let date = group.date.min(jiff::civil::date(2026, 5, 1));
        let posted = rules.outcome(&RowFacts::of_group(group, date)).posted().is_some();
        posted && calendar.period_of(date).is_some()
    };
    let groups = settlement.groups.iter().filter(|group| !is_placed(group));
    groups.fold((0, cents(0)), |(rows, sum), group| {
        (rows + group.rows, sum.checked_add(group.amount).expect("small amounts"))
    })
}

/// Rows and money that the holds tell; the deposit and the balance carried over are not of rows.
fn told(plan: &Plan) -> (u64, Money) {
    let json = serde_json::to_value(&plan.held).expect("JSON");
    let holds = json.as_array().into_iter().flatten();
    let holds = holds.filter(|hold| hold["rows"].as_u64().is_some_and(|rows| rows > 0));
    holds.fold((0, cents(0)), |(rows, sum), hold| {
        let amount = hold["amount"].as_str().expect("an amount").parse().expect("a decimal");
        let amount = Money::new(amount, plan.currency).expect("cents");
        let more = hold["rows"].as_u64().unwrap_or_default();
        (rows + more, sum.checked_add(amount).expect("small amounts"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_row_is_in_exactly_one_line_or_one_hold(
        groups in proptest::collection::vec(group(any_triple()), 0..30),
        rules in rules(),
        calendar in calendar(),
    ) {
        let settlement = of(groups);
        let zone = pacific();
        let context = Context::new("acme-us", &rules, &calendar, &zone);
        let plan = plan(&settlement, &context);
        prop_assert_eq!(told(&plan), in_the_way(&settlement, &rules, &calendar));
        if plan.held.is_empty() {
            let lines = plan.journals.iter().flat_map(|journal| &journal.lines);
            let sources = lines.flat_map(|line| &line.sources).chain(&plan.netted_to_zero);
            prop_assert_eq!(sources.map(|source| source.rows).sum::<u64>(), settlement.rows);
        } else {
            prop_assert!(plan.journals.is_empty());
        }
    }
}
