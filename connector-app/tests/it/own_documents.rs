//! The settlement files of our own making, through the real binary: what the shared samples cover
//! where they are present is covered here everywhere.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::support;

fn money(value: &Value) -> Decimal {
    value.as_str().expect("money is text").parse().expect("a decimal")
}

#[tokio::test]
async fn each_document_ties_maps_and_balances_or_says_why_not() {
    let folder = tempfile::tempdir().expect("a folder");
    for document in fixtures::documents::all() {
        std::fs::write(folder.path().join(&document.name), &document.bytes).expect("written");
        let said = support::run(folder.path(), &["plan", &document.name, "--json"]).await;
        let held = match document.name.as_str() {
            "us-unknown-fee.txt" => Some("unknown_amount"),
            "us-does-not-tie.txt" => Some("does_not_tie"),
            _ => None,
        };
        for plan in said.json_lines() {
            check(&document.name, &plan, held);
        }
        assert_eq!(
            said.code,
            if held.is_some() { 3 } else { 0 },
            "{}: {}",
            document.name,
            said.err
        );
    }
}

fn check(name: &str, plan: &Value, held: Option<&str>) {
    let reasons: Vec<_> = plan["held"].as_array().expect("a list").iter().collect();
    if let Some(reason) = held {
        assert_eq!(reasons.len(), 1, "{name}: {plan}");
        assert_eq!(reasons[0]["reason"], reason, "{name}");
        assert!(reasons[0]["message"].as_str().is_some_and(|m| m.len() > 40), "{name}: {plan}");
        assert_eq!(plan["journals"], Value::Array(Vec::new()), "{name} is held");
        return;
    }
    assert!(reasons.is_empty(), "{name}: {plan}");
    let mut clearing = Decimal::ZERO;
    for journal in plan["journals"].as_array().expect("journals") {
        let lines = journal["lines"].as_array().expect("lines");
        let debits: Decimal = lines.iter().map(|line| money(&line["debit"])).sum();
        let credits: Decimal = lines.iter().map(|line| money(&line["credit"])).sum();
        assert_eq!(debits, credits, "{name}: {}", journal["period"]);
        for line in lines.iter().filter(|line| line["role"] == "amazon_clearing") {
            clearing += money(&line["debit"]) - money(&line["credit"]);
        }
    }
    assert_eq!(clearing, money(&plan["deposit"]), "{name}: clearing is the deposit");
}

/// The contract of `plan --json`: exactly these members are there, money is text with the
/// currency's decimals.
#[tokio::test]
async fn the_json_contract_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let document = fixtures::documents::get("us-plain.txt").expect("it ships");
    std::fs::write(folder.path().join("plain.txt"), &document.bytes).expect("written");
    let said = support::run(folder.path(), &["plan", "plain.txt", "--json"]).await;
    let plan = said.json_lines().remove(0);
    for member in
        ["settlement_id", "currency", "deposit", "rows", "ties", "difference", "journals", "held"]
    {
        assert!(plan.get(member).is_some(), "{member} is missing");
    }
    assert_eq!(plan["difference"], "0.00");
    let journal = &plan["journals"][0];
    for member in ["key", "period", "date", "lines"] {
        assert!(journal.get(member).is_some(), "{member} is missing");
    }
    for line in journal["lines"].as_array().expect("lines") {
        for member in ["account", "role", "debit", "credit"] {
            assert!(line[member].is_string(), "{member}: {line}");
        }
        for side in ["debit", "credit"] {
            let text = line[side].as_str().expect("text");
            assert_eq!(text.split_once('.').map(|(_, cents)| cents.len()), Some(2), "{text}");
        }
        assert!(line["rows"].is_u64(), "{line}");
    }
}
