use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::*;
use crate::role::roles;
use crate::rules::Rules;

fn triple(transaction_type: &str, amount_type: &str, amount_description: &str) -> Triple {
    Triple {
        transaction_type: transaction_type.to_owned(),
        amount_type: amount_type.to_owned(),
        amount_description: amount_description.to_owned(),
    }
}

fn role_of(transaction_type: &str, amount_type: &str, description: &str) -> Option<&'static str> {
    lookup(&triple(transaction_type, amount_type, description)).map(|entry| entry.role.as_str())
}

#[test]
fn every_entry_finds_its_own_role() {
    assert_eq!(catalogue().len(), 262);
    for entry in catalogue() {
        let text = |pattern: &str| pattern.replace('*', " FR, ES");
        let row = Triple {
            transaction_type: text(&entry.triple.transaction_type),
            amount_type: text(&entry.triple.amount_type),
            amount_description: text(&entry.triple.amount_description),
        };
        let found = lookup(&row).expect("an entry of the catalogue");
        assert_eq!(found.role, entry.role, "{row}");
    }
}

#[test]
fn the_catalogue_uses_every_role_that_rows_can_have() {
    let used: BTreeSet<Role> = catalogue().iter().map(|entry| entry.role).collect();
    let computed = [
        Role::AMAZON_CLEARING,
        Role::CARRIED_OVER,
        Role::SUSPENSE,
        Role::FEES_PAYABLE,
        Role::DEFERRED_BALANCE,
    ];
    for info in roles() {
        assert_eq!(used.contains(&info.role), !computed.contains(&info.role), "{}", info.role);
    }
}

#[test]
fn the_sample_chart_has_a_named_account_for_every_role() {
    let sample = Rules::sample();
    for info in roles() {
        let account = sample.account_for(&info.role).expect("an account for every role");
        assert!(sample.account_name(account).is_some(), "{account}");
    }
}

#[test]
fn every_evidence_code_is_explained() {
    let explained = include_str!("../../data/README.md");
    for code in catalogue().iter().flat_map(|entry| entry.evidence.split(' ')) {
        assert!(explained.contains(&format!("| `{code}` |")), "{code}");
    }
}

#[test]
fn spelling_does_not_matter() {
    let commission = role_of("Order", "ItemFees", "Commission");
    assert_eq!(commission, Some("referral_fees"));
    assert_eq!(role_of("ORDER", "Item Fees", "commission"), commission);
    assert_eq!(
        role_of("OTHER_TRANSACTION", "fba-inventory-reimbursement", "Warehouse Lost"),
        Some("inventory_reimbursements")
    );
}

#[test]
fn translated_names_are_known_as_their_english() {
    let refund = role_of("Refund", "ItemPrice", "Principal");
    assert_eq!(refund, Some("product_refunds"));
    for word in ["Erstattung", "Remboursement", "Rimborso", "Reembolso", "返金"] {
        assert_eq!(role_of(word, "ItemPrice", "Principal"), refund, "{word}");
    }
    let advertising = role_of("Servicegebühr", "Werbekosten", "TransactionTotalAmount");
    assert_eq!(advertising, Some("advertising"));
}

/// Given back is on the account where it was charged, and tax on a fee is tax.
#[test]
fn what_is_given_back_has_the_role_of_what_was_charged() {
    let words = |entry: &CatalogueEntry| {
        (entry.triple.amount_type.clone(), entry.triple.amount_description.clone())
    };
    let charged: BTreeMap<_, Role> = catalogue()
        .iter()
        .filter(|entry| entry.triple.transaction_type == "Order")
        .map(|entry| (words(entry), entry.role))
        .collect();
    for entry in catalogue().iter().filter(|entry| entry.triple.amount_type == "ItemFees") {
        if let Some(role) = charged.get(&words(entry)) {
            assert_eq!(entry.role, *role, "{}", entry.triple);
        }
    }
    for entry in catalogue() {
        if entry.triple.amount_description == "Tax on fee" {
            assert_eq!(entry.role.as_str(), "tax_on_fees", "{}", entry.triple);
        }
    }
}

#[test]
fn a_transaction_type_nobody_knows_is_known_if_the_rest_is_clear() {
    let known = role_of("Exchange", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal");
    assert_eq!(known, Some("tax_withheld_by_marketplace"));
    // Principal is a sale, a refund, a claim or a liquidation, depending on the transaction-type.
    assert_eq!(role_of("Exchange", "ItemPrice", "Principal"), None);
}

#[test]
fn free_text_is_matched_by_its_beginning() {
    assert_eq!(
        role_of("Debt Adjustment", "Debt Adjustment", "Cross-Account Debt Adjustment for FR, IT"),
        Some("inter_marketplace")
    );
    assert_eq!(
        role_of("CouponRedemptionFee", "CouponRedemptionFee", "Summer: 10% off"),
        Some("promotion_programme_fees")
    );
    assert_eq!(role_of("other-transaction", "other-transaction", "Summer: 10% off"), None);
}

#[test]
fn triples_per_role() {
    let mut counts: BTreeMap<Role, usize> = BTreeMap::new();
    for entry in catalogue() {
        *counts.entry(entry.role).or_default() += 1;
    }
    let table = counts.iter().fold(String::new(), |mut table, (role, count)| {
        writeln!(table, "{count:>3} {role}").expect("a String");
        table
    });
    insta::assert_snapshot!(table, @r#"
     2 product_sales
     2 shipping_income
     1 gift_wrap_income
     2 liquidation_sales
     4 other_sales
     1 product_refunds
     1 shipping_refunds
     1 gift_wrap_refunds
     4 claim_refunds
     6 other_refunds
     6 promotions
     2 shipping_promotions
    22 tax_collected
    33 tax_withheld_by_marketplace
    15 tax_on_fees
     5 tax_withheld_at_source
     7 referral_fees
     3 digital_services_fees
     5 closing_fees
     4 refund_administration_fees
     1 subscription_fees
     2 advertising
    15 promotion_programme_fees
     2 epr_fees
    12 other_fees
    12 fba_fulfilment_fees
     4 fba_returns_fees
     4 shipping_chargeback
     2 gift_wrap_chargeback
     4 storage_fees
     2 aged_inventory_fees
     7 awd_fees
     4 removal_fees
     2 liquidation_fees
     6 inbound_freight
     2 inbound_placement_fees
     4 inbound_defect_fees
     8 postage
    17 inventory_reimbursements
     2 reimbursement_clawback
     2 safe_t_reimbursements
     8 other_income
     2 reserve
     1 opening_balance
     2 card_charge
     2 failed_transfer
     2 micro_deposit
     3 inter_marketplace
     2 loan
    "#);
}
