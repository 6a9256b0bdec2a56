//! What holds for every rules file.

use std::collections::BTreeMap;

use ledger_mapper::{Outcome, RowFacts, Rules};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::properties::settlements_by_sku;
use crate::support::plan_with;

/// A `[[rule]]` of a few conditions that the settlements of the properties can meet.
fn rule() -> impl Strategy<Value = String> {
    let one_of = |key: &'static str, texts: &'static [&'static str]| {
        proptest::option::of(proptest::sample::select(texts))
            .prop_map(move |text| text.map_or(String::new(), |text| format!("{key} = {text}\n")))
    };
    (
        one_of("transaction_type", &["\"Order\"", "\"Refund\"", "\"*Fee*\""]),
        one_of("sku", &["\"TOY-*\"", "\"*-RED\"", "\"LAMP\""]),
        one_of("amount_type", &["\"Item*\"", "\"ItemPrice\"", "\"*Tax\""]),
        one_of("country", &["\"US\"", "\"DE\""]),
        one_of("from", &["2026-02-10", "2026-04-01"]),
        one_of("role", &["\"other_income\"", "\"other_fees\""]),
        100..110_u32,
    )
        .prop_map(|(transaction, sku, amount, country, from, role, account)| {
            format!(
                "[[rule]]\n{transaction}{sku}{amount}{country}{from}{role}account = \"{account}\"\n"
            )
        })
}

/// The sample with rules and segments of its own; `None` if the parser refuses it, as for a tie.
fn rules() -> impl Strategy<Value = Option<Rules>> {
    proptest::collection::vec(rule(), 0..4).prop_map(|own| {
        let text = format!(
            "{}\n[template]\nprofit_and_loss = \"{{natural}}-{{division}}-{{product}}\"\n\
             [dimension.country]\nUS = {{ division = \"10\" }}\n\"*\" = {{ division = \"00\" }}\n\
             [dimension.sku]\n\"TOY-*\" = {{ product = \"07\" }}\n\"*\" = {{ product = \"00\" }}\n{}",
            Rules::sample_text(),
            own.concat()
        );
        Rules::parse(&text, "rules.toml").ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Every row lands in exactly one line, and `explain` names the account that `plan` posts to.
    #[test]
    fn plan_and_explain_agree_on_every_row(settlement in settlements_by_sku(), rules in rules()) {
        let Some(rules) = rules else { return Ok(()) };
        let plan = plan_with(&settlement, &rules);
        prop_assert!(plan.held.is_empty(), "{:?}", plan.held);
        let mut by_account: BTreeMap<String, Decimal> = BTreeMap::new();
        for group in &settlement.groups {
            let date = group.date.min(jiff::civil::date(2026, 5, 1));
            let outcome = rules.outcome(&RowFacts::of_group(group, date));
            let Outcome::Posted { account, .. } = outcome else {
                panic!("{outcome}");
            };
            *by_account.entry(account.to_string()).or_default() -= group.amount.amount();
        }
        let lines = plan.journals.iter().flat_map(|journal| &journal.lines);
        for line in lines.filter(|line| !line.sources.is_empty()) {
            *by_account.entry(line.account.to_string()).or_default() -= line.debit - line.credit;
        }
        prop_assert!(by_account.values().all(Decimal::is_zero), "{by_account:?}");
    }
}
