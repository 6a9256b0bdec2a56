//! When a settlement is posted, when it is held, and what people and programs are told.

use crate::report::{ReportRow, read_for, report};
use crate::support::{money, pacific, plan_with, sample_plan, settlement, table, usd};
use ledger_mapper::{Calendar, Context, Hold, Journal, Role, Rules, plan};
use settlement_model::{Group, Settlement};

const SALE: &str = "2026-05-05 | Order / ItemPrice / Principal | 10.00";

/// A settlement that ends on 17 May.
fn may(total: &str, rows: &str) -> Settlement {
    settlement("70000000001", total, "2026-05-17T18:00:00Z", rows)
}

fn sample_without(account: &str) -> Rules {
    let text: Vec<&str> =
        Rules::sample_text().lines().filter(|line| !line.starts_with(account)).collect();
    Rules::parse(&text.join("\n"), "rules.toml").expect("rules")
}

fn messages(holds: &[Hold]) -> Vec<String> {
    let told = |hold: &Hold| format!("{}: {}", hold.reason(), hold.message());
    holds.iter().map(told).collect()
}

#[test]
fn a_settlement_without_rows_needs_no_journal() {
    let plan = sample_plan(&may("0.00", ""));
    assert!(plan.ties && plan.journals.is_empty() && plan.held.is_empty());
}

#[test]
fn a_total_of_zero_gives_a_journal_without_a_deposit() {
    let rows = "2026-05-05 | Order / ItemPrice / Principal                              |  10.00
                2026-05-17 | other-transaction / other-transaction / Current Reserve Amount | -10.00";
    insta::assert_snapshot!(table(&sample_plan(&may("0.00", rows))), @r#"
    acme-us/journal/70000000001/2026-05/1/r0 on 2026-05-17
    1160 reserve                         10.00      0.00  1
    4000 product_sales                    0.00     10.00  1
                                         10.00     10.00
    "#);
}

#[test]
fn every_part_but_the_last_is_closed_at_its_period_end() {
    let rows = "2026-03-30 | Order / ItemPrice / Principal  | 10.00
                2026-04-30 | Order / ItemFees / Commission  | -4.00
                2026-05-01 | Refund / ItemPrice / Principal | -1.00";
    insta::assert_snapshot!(table(&sample_plan(&may("5.00", rows))), @r#"
    acme-us/journal/70000000001/2026-03/1/r0 on 2026-03-31
    1165 carried_over                    10.00      0.00  0
    4000 product_sales                    0.00     10.00  1
                                         10.00     10.00
    acme-us/journal/70000000001/2026-04/2/r0 on 2026-04-30
    1165 carried_over                     0.00      4.00  0
    5100 referral_fees                    4.00      0.00  1
                                          4.00      4.00
    acme-us/journal/70000000001/2026-05/3/r0 on 2026-05-17
    1150 amazon_clearing                  5.00      0.00  0
    1165 carried_over                     0.00      6.00  0
    4100 product_refunds                  1.00      0.00  1
                                          6.00      6.00
    "#);
}

#[test]
fn the_last_part_carries_the_deposit_even_without_rows() {
    let rows = "2026-04-30 | Order / ItemPrice / Principal | 10.00";
    insta::assert_snapshot!(table(&sample_plan(&may("10.00", rows))), @r#"
    acme-us/journal/70000000001/2026-04/1/r0 on 2026-04-30
    1165 carried_over                    10.00      0.00  0
    4000 product_sales                    0.00     10.00  1
                                         10.00     10.00
    acme-us/journal/70000000001/2026-05/2/r0 on 2026-05-17
    1150 amazon_clearing                 10.00      0.00  0
    1165 carried_over                     0.00     10.00  0
                                         10.00     10.00
    "#);
}

/// Amazon posts the reserve seconds after the end, here in the next month.
#[test]
fn rows_after_the_end_belong_to_the_day_of_the_end() {
    let rows = "2026-05-31 | Order / ItemPrice / Principal                                  | 10.00
                2026-06-01 | other-transaction / other-transaction / Current Reserve Amount | -4.00";
    let end = "2026-06-01T06:59:55Z";
    let plan = sample_plan(&settlement("70000000001", "6.00", end, rows));
    assert_eq!(plan.journals.len(), 1);
    assert_eq!(plan.journals[0].date.to_string(), "2026-05-31");
    assert_eq!(plan.journals[0].lines.len(), 3);
}

/// April's rows cancel out: no journal for April, and its rows are told apart.
#[test]
fn a_part_without_lines_is_dropped() {
    let rows = "2026-04-29 | Order / ItemPrice / Principal |  10.00
                2026-04-30 | Order / ItemPrice / Principal | -10.00
                2026-05-05 | Order / ItemPrice / Principal |   3.00";
    let plan = sample_plan(&may("3.00", rows));
    let keys: Vec<&str> = plan.journals.iter().map(|journal| journal.key.as_str()).collect();
    assert_eq!(keys, ["acme-us/journal/70000000001/2026-05/2/r0"]);
    assert_eq!(plan.netted_to_zero.len(), 1);
    assert_eq!(plan.netted_to_zero[0].rows, 2);
}

#[test]
fn roles_that_share_an_account_are_one_line_with_each_share() {
    let rows = "2026-05-05 | Order / ItemPrice / Tax                                      |  8.25
                2026-05-05 | Order / ItemWithheldTax / MarketplaceFacilitatorTax-Principal | -9.00";
    let plan = sample_plan(&may("-0.75", rows));
    let line = &plan.journals[0].lines[1];
    assert_eq!((line.account.as_str(), line.rows), ("2210", 2));
    assert_eq!((line.debit, line.credit), (money("0.75").amount(), money("0.00").amount()));
    assert_eq!(line.role.as_str(), "tax_withheld_by_marketplace");
    let shares: Vec<String> =
        line.roles.iter().map(|share| format!("{} {}", share.role, share.amount)).collect();
    assert_eq!(shares, ["tax_collected 8.25", "tax_withheld_by_marketplace -9.00"]);
}

#[test]
fn of_roles_with_equal_shares_the_first_in_role_order_names_the_line() {
    let rows = "2026-05-05 | FBAFees / FBA Inbound Placement Service Fee / Base fee  | -1.00
                2026-05-05 | FBAFees / Inbound Transportation Program Fee / Base fee | -1.00";
    let plan = sample_plan(&may("-2.00", rows));
    assert_eq!(plan.journals[0].lines[1].role.as_str(), "inbound_freight");
}

#[test]
fn rows_that_do_not_add_up_are_held_with_the_difference() {
    let plan = sample_plan(&may("10.02", SALE));
    assert!(!plan.ties);
    assert_eq!(plan.difference, money("-0.02"));
    assert!(plan.journals.is_empty());
    assert_eq!(
        messages(&plan.held),
        ["does_not_tie: Amazon states a total of 10.02 USD, but the rows add up to 10.00 USD, a \
             difference of -0.02 USD. The report is incomplete or was changed. Finance downloads it \
             again; if the difference stays, Amazon has to issue the report anew."]
    );
}

/// The groups are what is posted: a reader that loses one must not go unnoticed.
#[test]
fn groups_that_differ_from_the_readers_sum_are_held() {
    let mut damaged = may("10.00", SALE);
    damaged.groups.clear();
    let plan = sample_plan(&damaged);
    assert_eq!(plan.difference, money("-10.00"));
    assert_eq!(plan.held[0].reason(), "does_not_tie");
}

#[test]
fn every_unknown_triple_is_told_once_with_its_money() {
    let rows = "2026-05-05 | Order / ItemPrice / Principal   | 10.00
                2026-05-05 | Order / ItemFees / Moon Fee     | -1.00
                2026-05-06 | AmazonFees / Star Fee / Base fee | 0.00
                2026-05-09 | Order / ItemFees / Moon Fee     | -2.50";
    let mut unknown = may("6.50", rows);
    unknown.groups[3].marketplace = Some("Amazon.de".to_owned());
    let plan = sample_plan(&unknown);
    assert!(plan.ties && plan.journals.is_empty());
    assert_eq!(
        messages(&plan.held),
        [
            "unknown_amount: Nothing says what \"AmazonFees / Star Fee / Base fee\" is: 1 row with \
             0.00 USD, line 5 of the report. Finance decides its role or account and \
             adds a [[rule]] for it to the rules file; then plan again.",
            "unknown_amount: Nothing says what \"Order / ItemFees / Moon Fee\" is: 2 rows of \
             Amazon.de with -3.50 USD, between lines 4 and 6 of the report. Finance decides its role \
             or account and adds a [[rule]] for it to the rules file; then plan again.",
        ]
    );
}

#[test]
fn a_named_suspense_account_takes_unknown_amounts() {
    let rules = format!("{}\n[unknown]\nsuspense = \"9999\"\n", Rules::sample_text());
    let rules = Rules::parse(&rules, "rules.toml").expect("rules");
    let rows = "2026-05-05 | Order / ItemPrice / Principal | 10.00
                2026-05-05 | Order / ItemFees / Moon Fee   | -1.00";
    insta::assert_snapshot!(table(&plan_with(&may("9.00", rows), &rules)), @r#"
    acme-us/journal/70000000001/2026-05/1/r0 on 2026-05-17
    1150 amazon_clearing                  9.00      0.00  0
    4000 product_sales                    0.00     10.00  1
    9999 suspense                         1.00      0.00  1
                                         10.00     10.00
    "#);
}

#[test]
fn a_role_without_an_account_holds_when_it_is_met() {
    let rules = sample_without("product_sales");
    let plan = plan_with(&may("10.00", SALE), &rules);
    assert_eq!(
        messages(&plan.held),
        ["role_without_account: The rules file has no account for Product sales (product_sales): \
             1 row of \"Order / ItemPrice / Principal\" with 10.00 USD. Finance adds `product_sales = \
             \"…\"` to its [accounts]; then plan again."]
    );
    let fee = "2026-05-05 | Order / ItemFees / Commission | -1.00";
    assert!(plan_with(&may("-1.00", fee), &rules).held.is_empty());
}

#[test]
fn the_deposit_and_the_carried_balance_need_accounts_too() {
    let rules = sample_without("amazon_clearing");
    let plan = plan_with(&may("10.00", SALE), &rules);
    assert!(plan.journals.is_empty());
    assert!(matches!(
        plan.held.as_slice(),
        [Hold::RoleWithoutAccount { role: Role::AMAZON_CLEARING, triple: None, .. }]
    ));

    let april = "2026-04-30 | Order / ItemPrice / Principal | 10.00";
    let plan = plan_with(&may("10.00", april), &sample_without("carried_over"));
    assert_eq!(plan.held.len(), 1, "told once, though two journals need it");
    assert_eq!(plan.held[0].reason(), "role_without_account");
}

#[test]
fn a_date_outside_the_calendar_holds() {
    let text = "[[period]]\nname = \"P5\"\nstart = 2026-05-01\nend = 2026-05-16\n";
    let calendar = Calendar::parse(text, "calendar.toml").expect("a calendar");
    let rules = Rules::sample();
    let zone = pacific();
    let context = Context::new("acme-us", &rules, &calendar, &zone);
    let rows = "2026-04-30 | Order / ItemPrice / Principal | 10.00
                2026-05-05 | Order / ItemPrice / Principal | 10.00";
    assert_eq!(
        messages(&plan(&may("20.00", rows), &context).held),
        [
            "no_period: No period of the calendar contains 2026-04-30: 1 row with 10.00 USD. Finance \
             adds the period; then plan again.",
            "no_period: The settlement ends on 2026-05-17, which is in no period of the calendar. \
             Finance adds the period; then plan again.",
        ]
    );
}

#[test]
fn amounts_too_large_to_add_are_held() {
    let huge = "792281625142643375935439503.35";
    let rows = format!(
        "2026-05-05 | Order / ItemPrice / Principal | {huge}
         2026-05-05 | Order / ItemFees / Commission | -{huge}"
    );
    let mut settlement = may("0.00", &rows);
    settlement.groups.push(Group { amount: money("-0.01"), ..settlement.groups[1].clone() });
    settlement.groups.swap(0, 2);
    let plan = sample_plan(&settlement);
    assert_eq!(plan.held[0].reason(), "arithmetic");
    assert!(plan.held[0].message().contains("too large"));
    assert!(plan.journals.is_empty());
}

#[test]
fn the_plan_in_json_is_the_contract_of_plan_json() {
    let plan = sample_plan(&may("10.00", SALE));
    let json = serde_json::to_string_pretty(&plan).expect("JSON");
    insta::assert_snapshot!("plan", json.replace(&plan.rules, "[version]"));
}

#[test]
fn holds_in_json_have_the_members_their_reason_has() {
    let unknown = "2026-05-05 | Order / ItemFees / Moon Fee | 8.00";
    let mut plan = sample_plan(&may("9.00", unknown));
    let json = serde_json::to_string_pretty(&plan.held).expect("JSON");
    insta::assert_snapshot!(json, @r#"
    [
      {
        "reason": "does_not_tie",
        "amount": "-1.00",
        "total": "9.00",
        "sum": "8.00",
        "message": "Amazon states a total of 9.00 USD, but the rows add up to 8.00 USD, a difference of -1.00 USD. The report is incomplete or was changed. Finance downloads it again; if the difference stays, Amazon has to issue the report anew."
      },
      {
        "reason": "unknown_amount",
        "transaction_type": "Order",
        "amount_type": "ItemFees",
        "amount_description": "Moon Fee",
        "rows": 1,
        "amount": "8.00",
        "lines": {
          "first": 3,
          "last": 3
        },
        "message": "Nothing says what \"Order / ItemFees / Moon Fee\" is: 1 row with 8.00 USD, line 3 of the report. Finance decides its role or account and adds a [[rule]] for it to the rules file; then plan again."
      }
    ]
    "#);

    plan = plan_with(&may("10.00", SALE), &sample_without("amazon_clearing"));
    let json = serde_json::to_string_pretty(&plan.held).expect("JSON");
    insta::assert_snapshot!(json, @r#"
    [
      {
        "reason": "role_without_account",
        "role": "amazon_clearing",
        "rows": 0,
        "amount": "10.00",
        "message": "The rules file has no account for Amazon clearing (amazon_clearing): 10.00 USD. Finance adds `amazon_clearing = \"…\"` to its [accounts]; then plan again."
      }
    ]
    "#);
}

#[test]
fn a_planned_journal_can_be_stored_and_read_back() {
    let rows = "2026-04-30 | Order / ItemPrice / Principal | 10.00
                2026-05-05 | Order / ItemFees / Commission | -1.50";
    for journal in sample_plan(&may("8.50", rows)).journals {
        assert_eq!(journal.currency, usd());
        let stored = serde_json::to_string(&journal).expect("JSON");
        assert_eq!(serde_json::from_str::<Journal>(&stored).expect("a journal"), journal);
    }
}

#[test]
fn a_segment_without_a_value_holds_and_says_what_to_add() {
    let text = format!(
        "{}\n[template]\nprofit_and_loss = \"{{natural}}-{{division}}\"\n\
         [dimension.marketplace]\n\"Amazon.de\" = {{ division = \"49\" }}\n",
        Rules::sample_text()
    );
    let rules = Rules::parse(&text, "rules.toml").expect("rules");
    let plan = plan_with(&may("10.00", SALE), &rules);
    assert_eq!(
        messages(&plan.held),
        [
            "no_segment: The rules file has no value of {marketplace.division} for 1 row of \"Order / \
          ItemPrice / Principal\" with 10.00 USD. Finance adds `\"*\" = { division = \"…\" }` to \
          [dimension.marketplace]; then plan again."
        ]
    );
    let json = serde_json::to_value(&plan.held).expect("JSON");
    assert_eq!(json[0]["segment"], "marketplace.division");
}

#[test]
fn accounts_are_those_of_the_row_s_day_and_one_account_carries_the_balance() {
    let text = format!(
        "{}\n[[change]]\nfrom = 2026-05-01\n[change.accounts]\nproduct_sales = \"4001\"\n\
         carried_over = \"1166\"\n",
        Rules::sample_text()
    );
    let rules = Rules::parse(&text, "rules.toml").expect("rules");
    let rows = "2026-04-30 | Order / ItemPrice / Principal | 10.00
                2026-05-01 | Order / ItemPrice / Principal | 20.00";
    insta::assert_snapshot!(table(&plan_with(&may("30.00", rows), &rules)), @r#"
    acme-us/journal/70000000001/2026-04/1/r0 on 2026-04-30
    1166 carried_over                    10.00      0.00  0
    4000 product_sales                    0.00     10.00  1
                                         10.00     10.00
    acme-us/journal/70000000001/2026-05/2/r0 on 2026-05-17
    1150 amazon_clearing                 30.00      0.00  0
    1166 carried_over                     0.00     10.00  0
    4001 product_sales                    0.00     20.00  1
                                         30.00     30.00
    "#);
}

#[test]
fn a_rule_that_asks_for_the_sku_holds_a_settlement_read_without() {
    let text = format!("{}\n[[rule]]\nsku = \"TOY-*\"\naccount = \"4007\"\n", Rules::sample_text());
    let rules = Rules::parse(&text, "rules.toml").expect("rules");
    let plan = plan_with(&may("10.00", SALE), &rules);
    assert!(plan.journals.is_empty());
    let line = text.lines().count() - 2;
    assert_eq!(
        messages(&plan.held),
        [format!(
            "needs_rows: The SKU decides how 1 row of \"Order / ItemPrice / Principal\" with 10.00 \
             USD are posted (asked for by rule 1 of rules.toml, line {line}), but the settlement was \
             read without SKUs. Whoever runs the program reads it again by SKU (`group_by_sku`); then \
             plan again."
        )]
    );
}

/// Toys have an account and a segment of their own; rows without a SKU have the segment of `*`.
#[test]
fn a_settlement_read_by_sku_is_posted_by_sku() {
    let text = format!(
        "{}\n[[rule]]\nsku = \"TOY-*\"\namount_description = \"Principal\"\naccount = \"4007\"\n\
         [template]\nprofit_and_loss = \"{{natural}}-{{product}}\"\n\
         [dimension.sku]\n\"TOY-*\" = {{ product = \"07\" }}\n\"*\" = {{ product = \"00\" }}\n",
        Rules::sample_text()
    );
    let rules = Rules::parse(&text, "rules.toml").expect("rules");
    let row = |triple, amount, sku| ReportRow {
        sku,
        ..ReportRow::new("2026-05-05 10:00:00 UTC", triple, amount)
    };
    let report = report(
        "25.50",
        "2026-05-17 18:00:00 UTC",
        &[
            row(["Order", "ItemPrice", "Principal"], "10.00", "TOY-TRAIN"),
            row(["Order", "ItemPrice", "Principal"], "5.00", "toy-bear"),
            row(["Order", "ItemPrice", "Principal"], "20.00", "LAMP"),
            row(["Order", "ItemFees", "Commission"], "-1.50", "TOY-TRAIN"),
            row(["Order", "ItemFees", "Commission"], "-3.00", "LAMP"),
            row(["other-transaction", "other-transaction", "Subscription Fee"], "-5.00", ""),
        ],
    );
    assert!(rules.asks_for_sku());
    let document = read_for(&rules, &report, &pacific());
    insta::assert_snapshot!(table(&plan_with(&document.settlements[0], &rules)), @r#"
    acme-us/journal/70000000001/2026-05/1/r0 on 2026-05-17
    1150 amazon_clearing                 25.50      0.00  0
    4000-00 product_sales                    0.00     20.00  1
    4007-07 product_sales                    0.00     15.00  2
    5100-00 referral_fees                    3.00      0.00  1
    5100-07 referral_fees                    1.50      0.00  1
    5140-00 subscription_fees                5.00      0.00  1
                                         35.00     35.00
    "#);
}

/// Each SKU without a value is named, though all of them are alike to the rules.
#[test]
fn a_sku_without_a_segment_is_named() {
    let text = format!(
        "{}\n[template]\nprofit_and_loss = \"{{natural}}-{{product}}\"\n\
         [dimension.sku]\n\"TOY-*\" = {{ product = \"07\" }}\n",
        Rules::sample_text()
    );
    let rules = Rules::parse(&text, "rules.toml").expect("rules");
    let mut settlement = may("6.00", &[SALE; 3].join("\n").replace("10.00", "2.00"));
    for (group, sku) in settlement.groups.iter_mut().zip(["LAMP-1", "TOY-1", "LAMP-2"]) {
        group.sku = Some(sku.to_owned());
    }
    let held = plan_with(&settlement, &rules).held;
    let values = held.iter().map(|hold| match hold {
        Hold::NoSegment { value, rows, .. } => (value.as_deref(), *rows),
        other => panic!("{other:?}"),
    });
    assert_eq!(values.collect::<Vec<_>>(), [(Some("LAMP-1"), 1), (Some("LAMP-2"), 1)]);
}

/// The bank refused an earlier payout: the money is in this one, beside the deposit's line.
#[test]
fn a_payout_that_came_back_is_apart_from_the_deposit() {
    let rows = "2026-05-04 | other-transaction / other-transaction / Transfer of funds unsuccessful: account closed | 25.00
                2026-05-05 | Order / ItemPrice / Principal | 10.00";
    insta::assert_snapshot!(table(&sample_plan(&may("35.00", rows))), @r#"
    acme-us/journal/70000000001/2026-05/1/r0 on 2026-05-17
    1150 amazon_clearing                 35.00      0.00  0
    1150 failed_transfer                  0.00     25.00  1
    4000 product_sales                    0.00     10.00  1
                                         35.00     35.00
    "#);
}
