use super::*;

/// Findings as printed, but of the roles that the few lines do not map.
fn findings(text: &str, chart: &[&str]) -> String {
    let head = "version = 1\nname = \"Test\"\n[accounts]\nreferral_fees = \"5100\"\n";
    let rules = Rules::parse(&format!("{head}{text}"), "r").expect("rules");
    let chart: BTreeSet<String> = chart.iter().map(|account| (*account).to_owned()).collect();
    let chart = Some(&chart).filter(|chart| !chart.is_empty());
    let findings = lint(&rules, chart).into_iter().filter(|f| f.code != "unmapped_role");
    findings.map(|finding| finding.to_string()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_that_another_takes_all_rows_from_is_unreachable() {
    let rules = "[[rule]]\nmarketplace = \"Amazon.de\"\ncountry = \"DE\"\naccount = \"5100\"\n\
                 [[rule]]\nmarketplace = \"Amazon.de\"\naccount = \"5105\"\n\
                 [[rule]]\nmarketplace = \"Amazon.fr\"\ncountry = \"GB\"\naccount = \"5105\"\n";
    insta::assert_snapshot!(findings(rules, &[]), @"
    r:9: warning: Rule 2 is never reached: rule 1 on line 5 takes all of its rows first. Remove one of them.
    r:12: warning: Rule 3 is never reached: Amazon.fr is in FR, not in GB. Remove one of the two conditions.
    ");
}

#[test]
fn rules_without_effect_and_close_calls_are_told() {
    let rules = "[[rule]]\ntransaction_type = \"Order\"\namount_type = \"ItemFees\"\n\
                 amount_description = \"Odd Fee\"\naccount = \"5100\"\n\
                 [[rule]]\ncountry = \"DE\"\naccount = \"5105\"\n\
                 [[rule]]\nfulfilment = \"merchant\"\naccount = \"5110\"\n\
                 [[rule]]\nmarketplace = \"Amzon.it\"\ncurrency = \"EUR\"\naccount = \"5110\"\n";
    insta::assert_snapshot!(findings(rules, &[]), @r#"
    r:5: warning: Rule 1 names only an account, but nothing says what its rows are, so they are held. Give it a role too; `rules suggest` proposes one.
    r:13: note: Rule 3 and rule 2 on line 10 can match the same row and name equally many fields; only the order of the fields makes rule 3 give way. Add a rule that names the fields of both, if that is not meant.
    r:16: warning: Rule 4 asks for Amzon.it, which is no marketplace. Did you mean "Amazon.it"?
    "#);
}

#[test]
fn roles_without_an_account_are_told_with_what_they_hold() {
    let kept = |line: &&str| !line.starts_with("storage_fees") && !line.starts_with("carried_over");
    let text = Rules::sample_text().lines().filter(kept).collect::<Vec<_>>().join("\n");
    let rules = Rules::parse(&text, "r").expect("rules");
    let told: Vec<String> = lint(&rules, None).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    r:1: error: Balance carried over (carried_over) has no account, and settlements need one. Add `carried_over = "…"` to [accounts].
    r:1: warning: Storage fees (storage_fees) has no account: a settlement with one of its 4 known triples is held. Add `storage_fees = "…"` to [accounts].
    "#);
}

#[test]
fn accounts_are_looked_up_in_the_chart_with_their_segments() {
    let rules = "product_sales = \"4000\"\nreserve = \"1160\"\n\
                 [unknown]\nsuspense = \"9999\"\n\
                 [template]\nprofit_and_loss = \"{natural}-{division}\"\n\
                 [dimension.marketplace]\n\"Amazon.de\" = { division = \"49\" }\n\
                 \"Amazon.com\" = { division = \"10\" }\n";
    let chart = ["4000-49", "5100-10", "5100-49", "1160", "9999"];
    insta::assert_snapshot!(findings(rules, &chart), @r#"
    r:4: warning: The segment {marketplace.division} has no value for rows with another marketplace than those listed, or without one: they are held. Add `"*" = { division = "…" }` to [dimension.marketplace].
    r:5: error: Account 4000-10 is not in the chart. Add it to the chart, or did you mean 4000-49?
    r:8: note: Unknown amounts are posted to 9999. Clear that account every month, or remove [unknown] to hold them instead.
    "#);
}

/// A rule that names only an account: what completes it depends on the roles of its rows.
#[test]
fn an_account_of_a_rule_is_completed_as_its_rows_need_it() {
    let rules = "[[rule]]\namount_description = \"Current Reserve Amount\"\naccount = \"1161\"\n\
                 [[rule]]\ncurrency = \"EUR\"\naccount = \"7000\"\n\
                 [template]\nprofit_and_loss = \"{natural}-10\"\nbalance_sheet = \"{natural}-00\"\n";
    insta::assert_snapshot!(findings(rules, &["5100-10", "1161-00", "7000-10"]), @r#"
    r:8: note: Rule 2 and rule 1 on line 5 can match the same row and name equally many fields; only the order of the fields makes rule 2 give way. Add a rule that names the fields of both, if that is not meant.
    r:10: error: Account 7000-00 is not in the chart. Add it to the chart, or did you mean 7000-10?
    "#);
}

#[test]
fn what_mixes_the_statements_is_told() {
    let rules = "reserve = \"5100\"\n\
                 [[rule]]\namount_description = \"Current Reserve Amount\"\nrole = \"other_fees\"\n\
                 [[rule]]\namount_type = \"ItemFees\"\nmarketplace = \"Amazon.de\"\nrole = \"other_fees\"\n";
    insta::assert_snapshot!(findings(rules, &[]), @r#"
    r:5: warning: Account 5100 is for referral_fees (profit and loss) and for reserve (the balance sheet). Give one of them another account, if that is not meant.
    r:6: warning: Rule 1 makes reserve (the balance sheet) a part of profit and loss, as other_fees. Give it a role of the same statement, if that is not meant.
    "#);
}

/// Before the change accounts have one segment, after it two.
#[test]
fn accounts_are_looked_up_as_they_are_on_their_days() {
    let rules = "[template]\nprofit_and_loss = \"{natural}-10\"\n\
                 [[change]]\nfrom = 2027-01-01\n[change.accounts]\nreferral_fees = \"5200\"\n\
                 [change.template]\nprofit_and_loss = \"{natural}-10-00\"\n";
    assert_eq!(findings(rules, &["5100-10", "5200-10-00"]), "");
}

#[test]
fn the_file_s_own_chart_is_used_where_none_is_given() {
    let rules = "postage = \"5165\"\n[chart]\n\"5100\" = \"Fees\"\n";
    insta::assert_snapshot!(findings(rules, &[]), @"r:5: error: Account 5165 is not in the chart. Add it to the chart, or did you mean 5100?");
}
