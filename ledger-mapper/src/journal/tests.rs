use serde_json::{Value, json};

use super::*;

/// A journal of one debit and one credit, as JSON.
fn stored(debit: &str, credit: &str) -> Value {
    let line = |account: &str, role: &str, debit: &str, credit: &str| {
        json!({
            "account": account, "account_name": null, "role": role,
            "debit": debit, "credit": credit, "rows": 0,
            "roles": [{"role": role, "amount": "1.50"}], "sources": [],
        })
    };
    json!({
        "key": "acme/journal/1/2026-05/1/r0", "period": "2026-05", "date": "2026-05-17",
        "currency": "USD", "zone": "UTC", "description": "Amazon settlement 1, 2026-05",
        "lines": [
            line("1150", "amazon_clearing", debit, "0.00"),
            line("4000", "product_sales", "0.00", credit),
        ],
    })
}

fn refusal(debit: &str, credit: &str) -> String {
    serde_json::from_value::<Journal>(stored(debit, credit)).expect_err("not a journal").to_string()
}

#[test]
fn a_journal_is_read_as_it_was_written() {
    let journal: Journal = serde_json::from_value(stored("1.50", "1.50")).expect("a journal");
    assert!(journal.is_balanced());
    assert_eq!(journal.debits().to_string(), "1.50 USD");
    assert_eq!(serde_json::to_value(&journal).expect("JSON"), stored("1.50", "1.50"));
}

#[test]
fn what_does_not_balance_is_not_read() {
    assert_eq!(
        refusal("1.50", "1.51"),
        "journal acme/journal/1/2026-05/1/r0 has debits of 1.50 USD and credits of 1.51 USD"
    );
}

#[test]
fn a_line_is_either_a_debit_or_a_credit_in_whole_cents() {
    let two_sides = "a line of account 4000 has a debit of 0.00 and a credit of ";
    assert_eq!(refusal("1.50", "-1.50"), format!("{two_sides}-1.50"));
    assert_eq!(refusal("1.50", "0.00"), format!("{two_sides}0.00"));
    assert!(refusal("1.505", "1.505").contains("more decimals"));
    assert!(refusal("much", "1.50").contains("much"));
}
