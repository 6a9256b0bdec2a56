//! The `rules` commands: what a clerk sees, what a program reads, how they exit.

use std::path::Path;

use crate::support::{self, Said};
use fixtures::documents;
use ledger_mapper::Rules;

/// Writes a file of the clerk's folder.
fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), text).expect("written");
}

/// A folder with rules of the clerk's own and a settlement.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let own = "\n[[rule]]\nsku = \"LAMP-*\"\namount_description = \"Principal\"\naccount = \"4007\"\n\
               [[rule]]\namount_type = \"ItemFees\"\nmarketplace = \"Amazon.com\"\naccount = \"5101\"\n";
    write(folder.path(), "rules.toml", format!("{}{own}", Rules::sample_text()));
    for name in ["us-plain.txt", "us-unknown-fee.txt"] {
        write(folder.path(), name, documents::get(name).expect("it ships").bytes);
    }
    folder
}

async fn said(folder: &Path, args: &[&str], code: i32) -> Said {
    let said = support::run(folder, args).await;
    assert_eq!(said.code, code, "{args:?}: {}\n{}", said.out, said.err);
    said
}

#[tokio::test]
async fn list_shows_roles_and_rules_in_order_of_precedence() {
    let folder = folder();
    let list = said(folder.path(), &["rules", "list", "--rules", "rules.toml"], 0).await;
    assert!(list.out.contains("Referral fees"), "{}", list.out);
    let place = |word: &str| list.out.find(word).unwrap_or_else(|| panic!("{word}: {}", list.out));
    assert!(place("sku = \"LAMP-*\"") < place("amount_type = \"ItemFees\""));
    let json = said(folder.path(), &["rules", "list", "--json"], 0).await.json_lines();
    assert_eq!(json.len(), ledger_mapper::roles().len());
    assert_eq!(json[0]["role"], "amazon_clearing");
}

#[tokio::test]
async fn the_schema_for_the_editor_is_written() {
    let folder = folder();
    let schema = said(folder.path(), &["rules", "schema"], 0).await;
    let schema: serde_json::Value = serde_json::from_str(&schema.out).expect("JSON");
    assert!(schema["properties"]["rule"].is_object());
}

/// Lamps have an account of their own, so the settlement is read by SKU.
#[tokio::test]
async fn plan_follows_a_rule_that_asks_for_the_sku() {
    let folder = folder();
    let args = ["plan", "us-plain.txt", "--json", "--rules", "rules.toml"];
    let plan = said(folder.path(), &args, 0).await.json_lines();
    let journals = plan[0]["journals"].as_array().expect("journals").iter();
    let lines = journals.flat_map(|journal| journal["lines"].as_array().expect("lines"));
    let sales: Vec<_> = lines.filter(|line| line["role"] == "product_sales").collect();
    let accounts: Vec<_> = sales.iter().filter_map(|line| line["account"].as_str()).collect();
    assert!(accounts.contains(&"4007") && accounts.contains(&"4000"), "{accounts:?}");
}

#[tokio::test]
async fn lint_names_the_line_and_exits_with_78_on_an_error() {
    let folder = folder();
    said(folder.path(), &["rules", "lint"], 0).await;
    // Neither 4007 nor 5101 is in the sample's own chart.
    let lint = said(folder.path(), &["rules", "lint", "--rules", "rules.toml"], 78).await;
    assert!(lint.out.contains("Account 4007 is not in the chart."), "{}", lint.out);

    let chart: String = Rules::sample_text()
        .lines()
        .filter_map(|line| line.strip_prefix('"'))
        .fold("Account,Name\n4007,Lamps\n5101,Fees\n".to_owned(), |chart, line| {
            chart + line.split('"').next().unwrap_or_default() + ",x\n"
        });
    write(folder.path(), "chart.csv", chart);
    let args = ["rules", "lint", "--rules", "rules.toml", "--chart", "chart.csv", "--json"];
    let codes: Vec<_> = said(folder.path(), &args, 0).await.json_lines();
    assert!(codes.iter().all(|finding| finding["severity"] != "error"), "{codes:?}");

    write(folder.path(), "bad.toml", "version = 1\nname = \"x\"\n[accounts]\npostge = \"1\"\n");
    let bad = said(folder.path(), &["rules", "lint", "--rules", "bad.toml"], 78).await;
    assert!(bad.err.contains("bad.toml:4:1"), "{}", bad.err);
    assert!(bad.err.contains("Did you mean `postage`?"), "{}", bad.err);
}

#[tokio::test]
async fn test_runs_the_cases_beside_the_rules() {
    let folder = folder();
    let case = |account: &str| {
        format!(
            "[[case]]\nname = \"A lamp\"\ncurrency = \"USD\"\ndate = 2026-05-05\nrows = [\n\
             {{ what = \"Order / ItemPrice / Principal\", amount = \"10.00\", sku = \"LAMP-1\" }} ]\n\
             lines = [ {{ account = \"{account}\", credit = \"10.00\" }},\n\
             {{ account = \"1150\", debit = \"10.00\" }} ]\n"
        )
    };
    let args = ["rules", "test", "--rules", "rules.toml"];
    said(folder.path(), &args, 1).await;
    write(folder.path(), "rules.test.toml", case("4007"));
    let passed = said(folder.path(), &args, 0).await;
    assert!(passed.out.contains("1 passed, 0 failed"), "{}", passed.out);

    write(folder.path(), "rules.test.toml", case("4000"));
    let failed = said(folder.path(), &args, 1).await;
    for words in ["FAILED  A lamp (rules.test.toml:2)", "- 4000", "+ 4007", "by rule 1 of"] {
        assert!(failed.out.contains(words), "{words}: {}", failed.out);
    }
    let json = said(folder.path(), &[&args[..], &["--json"]].concat(), 1).await.json_lines();
    assert_eq!(json[0]["passed"], false);
    assert_eq!(json[0]["missing"][0]["amount"], "10.00");
}

#[tokio::test]
async fn explain_takes_a_row_a_file_and_a_line_of_it() {
    let folder = folder();
    let rules = ["--rules", "rules.toml"];
    let row = ["rules", "explain", "Order / ItemFees / Commission", "--marketplace", "Amazon.com"];
    let one = said(folder.path(), &[&row[..], &rules[..]].concat(), 0).await;
    assert!(one.out.contains("posted to 5101"), "{}", one.out);
    assert!(one.out.contains("asks for sku \"LAMP-*\"; the row has none"), "{}", one.out);

    // SKU rules work on files, row by row: line 4 is a lamp's price.
    let line = ["rules", "explain", "us-plain.txt:4", "--json"];
    let lamp = said(folder.path(), &[&line[..], &rules[..]].concat(), 0).await.json_lines();
    assert_eq!(lamp[0]["account"], "4007");
    assert_eq!(lamp[0]["row"]["sku"], "LAMP-DESK-BLK");

    let file = ["rules", "explain", "us-unknown-fee.txt", "--json"];
    let kinds = said(folder.path(), &file, 3).await.json_lines();
    let unknown: Vec<_> = kinds.iter().filter(|kind| kind["outcome"] == "unknown").collect();
    assert_eq!(unknown.len(), 1, "{kinds:?}");
    assert_eq!(unknown[0]["triple"]["amount_type"], "New Programme Fee");
    assert_eq!(unknown[0]["amount"], "-39.75");
    said(folder.path(), &["rules", "explain", "us-plain.txt"], 0).await;
    said(folder.path(), &["rules", "explain", "nothing"], 1).await;
}

#[tokio::test]
async fn suggest_proposes_a_rule_that_can_be_pasted() {
    let folder = folder();
    let what = "AmazonFees / FBA Overflow Storage Fee / Base fee";
    let one = said(folder.path(), &["rules", "suggest", what], 0).await;
    assert!(one.out.contains("storage_fees: \""), "{}", one.out);
    let pasted: String = one
        .out
        .lines()
        .skip_while(|line| !line.contains("[[rule]]"))
        .fold(Rules::sample_text().to_owned(), |text, line| text + "\n" + line);
    write(folder.path(), "pasted.toml", pasted);
    let args = ["rules", "explain", what, "--rules", "pasted.toml", "--json"];
    let known = said(folder.path(), &args, 0).await.json_lines();
    assert_eq!(known[0]["role"], "storage_fees");

    let file = ["rules", "suggest", "us-unknown-fee.txt", "--json"];
    let json = said(folder.path(), &file, 0).await.json_lines();
    assert_eq!(json[0]["triple"]["amount_type"], "New Programme Fee");
}

#[tokio::test]
async fn diff_shows_by_account_what_a_change_would_have_done() {
    let folder = folder();
    write(folder.path(), "old.toml", Rules::sample_text());
    let args = ["rules", "diff", "old.toml", "rules.toml", "--over", "us-plain.txt"];
    let people = said(folder.path(), &args, 0).await;
    for words in ["4007", "5101", "positive is a credit", "before  posted to 4000"] {
        assert!(people.out.contains(words), "{words}: {}", people.out);
    }
    let json = said(folder.path(), &[&args[..], &["--json"]].concat(), 0).await.json_lines();
    let accounts: Vec<_> = json
        .iter()
        .filter(|line| line["change"] == "account")
        .map(|line| line["of"]["account"].as_str().expect("a text"))
        .collect();
    assert!(accounts.contains(&"4007") && accounts.contains(&"5101"), "{accounts:?}");
    let same = ["rules", "diff", "old.toml", "old.toml", "--over", "us-plain.txt"];
    assert!(said(folder.path(), &same, 0).await.out.contains("No difference"));
}
