use super::*;

const CASE: &str = r#"
[[case]]
name = "Toys in Germany"
currency = "EUR"
date = 2026-05-05
marketplace = "Amazon.de"
rows = [
  { what = "Order / ItemPrice / Principal", amount = "10.00", sku = "TOY-1" },
  { what = "Order / ItemPrice / Principal", amount = "5.00", sku = "CAR-1" },
  { what = "Order / ItemFees / Commission", amount = "-1.50" },
  { what = "Order / ItemFees / Odd Fee", amount = "-0.50" },
]
lines = [
  { account = "4007", credit = "10.00" },
  { account = "4000", credit = "5.00" },
  { account = "5100", debit = "1.50" },
  { account = "held", debit = "0.50" },
  { account = "1150", debit = "13.00" },
]
"#;

fn run(case: &str, toy_account: &str) -> String {
    let rule = format!("\n[[rule]]\nsku = \"TOY-*\"\naccount = \"{toy_account}\"\n");
    let text = format!("{}{rule}", Rules::sample_text());
    let rules = Rules::parse(&text, "rules.toml").expect("rules");
    let results = RuleTests::parse(case, "rules.test.toml").expect("cases").run(&rules);
    let [result] = results.as_slice() else { panic!("one case, not {}", results.len()) };
    assert_eq!(result.passed(), result.to_string().starts_with("ok"));
    result.to_string().replace(&format!("line {}", text.lines().count() - 2), "line N")
}

#[test]
fn a_case_that_is_as_expected_passes() {
    assert_eq!(run(CASE, "4007"), "ok      Toys in Germany (5 lines)");
}

#[test]
fn a_case_that_is_not_shows_what_differs_and_why() {
    insta::assert_snapshot!(run(CASE, "4008"), @"
    FAILED  Toys in Germany (rules.test.toml:3)
      - 4007             credit          10.00
      + 4008             credit          10.00
          Order / ItemPrice / Principal 10.00 EUR: posted to 4008 as Product sales (product_sales), by rule 1 of rules.toml, line N
        4 other lines are as expected
    ");
}

#[test]
fn order_of_lines_does_not_matter_but_their_number_does() {
    let twice = CASE.replace(
        "  { account = \"held\", debit = \"0.50\" },",
        "  { account = \"held\", debit = \"0.50\" },\n  { account = \"held\", debit = \"0.50\" },",
    );
    assert!(run(&twice, "4007").starts_with("FAILED"));
}

#[test]
fn mistakes_in_a_test_file_have_a_place_and_a_fix() {
    let said = |from: &str, to: &str| {
        let text = CASE.replace(from, to);
        RuleTests::parse(&text, "t").expect_err("a mistake").to_string()
    };
    assert_eq!(
        said("Order / ItemFees / Odd Fee", "Order / Odd Fee"),
        "t:11:12: \"Order / Odd Fee\" does not have three parts. Write transaction-type / \
         amount-type / amount-description, such as \"Order / ItemFees / Commission\"."
    );
    assert_eq!(
        said("\"-0.50\"", "\"0,50\""),
        "t:11:51: \"0,50\" is not an amount. Write an amount such as \"-1234.50\"."
    );
    assert_eq!(
        said("credit = \"5.00\"", "credit = \"5.00\", debit = \"5.00\""),
        "t:15:15: The line of 4000 is not either a debit or a credit. Give it one of the two."
    );
    assert_eq!(
        RuleTests::parse("# none yet\n", "t").expect_err("a mistake").to_string(),
        "t:1:1: The file has no case. Add a [[case]] with name, currency, rows and lines."
    );
    assert_eq!(
        said("\"10.00\", sku", "\"792281625142643375935439503.35\", sku"),
        "t:3:8: The amounts of the rows are too large to be added. Correct them."
    );
    assert_eq!(
        said("date = 2026-05-05\n", ""),
        "t:7:12: The row has no date. Give it, or its case, a `date` such as 2026-05-05."
    );
}
