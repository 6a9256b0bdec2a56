use settlement_model::{Currency, Fulfillment, Triple};

use super::*;

const RULES: &str = r#"version = 1
name = "Test"
[accounts]
referral_fees = "5100"
[[rule]]
marketplace = "Amazon.de"
account = "5149"
[[rule]]
sku = "TOY-*"
marketplace = "Amazon.de"
account = "5150"
[[rule]]
country = "FR"
account = "5160"
[[rule]]
currency = "EUR"
until = 2025-12-31
role = "other_fees"
"#;

fn explained(amount_description: &str, sku: Option<&str>) -> String {
    let triple = Triple {
        transaction_type: "Order".to_owned(),
        amount_type: "ItemFees".to_owned(),
        amount_description: amount_description.to_owned(),
    };
    let rules = Rules::parse(RULES, "rules.toml").expect("rules");
    let row = RowFacts {
        triple: &triple,
        date: jiff::civil::date(2026, 5, 5),
        marketplace: Some("Amazon.de"),
        sku,
        fulfillment: &Fulfillment::Amazon,
        currency: Currency::parse("EUR").expect("ISO 4217"),
    };
    let explanation = rules.explain(&row);
    assert_eq!(explanation.result, rules.outcome(&row));
    explanation.to_string()
}

#[test]
fn the_rule_that_took_the_row_and_why_the_others_did_not() {
    insta::assert_snapshot!(explained("Commission", Some("TOY-7")), @"
    posted to 5150 as Referral fees (referral_fees), by rule 2 of rules.toml, line 8
      rule 2 of rules.toml, line 8: takes the row
      rule 1 of rules.toml, line 5: matches too, but is less specific
      rule 3 of rules.toml, line 12: asks for country \"FR\"; the row has \"DE\"
      rule 4 of rules.toml, line 15: is in force until 2025-12-31 only
      catalogue: Order / ItemFees / Commission is referral_fees (high confidence, audit v1-reports, 24296 rows seen)
    ");
}

#[test]
fn a_row_without_its_sku_is_not_guessed_at() {
    insta::assert_snapshot!(explained("Commission", None).lines().take(2).collect::<Vec<_>>().join("\n"), @"
    depends on the SKU, asked for by rule 2 of rules.toml, line 8
      rule 2 of rules.toml, line 8: asks for the SKU, which is not given
    ");
}

#[test]
fn an_account_alone_does_not_make_a_row_known() {
    insta::assert_snapshot!(explained("Odd Fee", Some("CAR-1")), @"
    held: neither the rules nor the catalogue know it
      rule 2 of rules.toml, line 8: asks for sku \"TOY-*\"; the row has \"CAR-1\"
      rule 1 of rules.toml, line 5: matches, but names only an account, and nothing says what the row is
      rule 3 of rules.toml, line 12: asks for country \"FR\"; the row has \"DE\"
      rule 4 of rules.toml, line 15: is in force until 2025-12-31 only
      catalogue: does not know it
    ");
}
