use super::*;

const HEAD: &str = "version = 1\nname = \"Test\"\n[accounts]\nreferral_fees = \"5100\"\n\
                    advertising = \"5130\"\nstorage_fees = \"5120\"\n";

fn rules(rest: &str) -> Rules {
    Rules::parse(&format!("{HEAD}{rest}"), "rules.toml").expect("rules")
}

/// The error of a file that starts with [`HEAD`], six lines.
fn mistake(rest: &str) -> String {
    let parsed = Rules::parse(&format!("{HEAD}{rest}"), "rules.toml");
    parsed.expect_err("a mistake").to_string()
}

fn triple(transaction_type: &str, amount_type: &str, amount_description: &str) -> Triple {
    Triple {
        transaction_type: transaction_type.to_owned(),
        amount_type: amount_type.to_owned(),
        amount_description: amount_description.to_owned(),
    }
}

/// "role account source" of a row.
fn posted(rules: &Rules, triple: &Triple, marketplace: Option<&str>) -> String {
    rules.classify(triple, marketplace).map_or_else(
        || "unknown".to_owned(),
        |class| {
            let account = class.account.map_or("-".to_owned(), |account| account.to_string());
            format!("{} {account} {}", class.role, class.rule)
        },
    )
}

#[test]
fn without_rules_the_catalogue_gives_the_role_and_the_role_the_account() {
    let commission = triple("Order", "ItemFees", "Commission");
    assert_eq!(
        posted(&rules(""), &commission, None),
        "referral_fees 5100 catalogue: Order / ItemFees / Commission"
    );
    let sale = triple("Order", "ItemPrice", "Principal");
    assert_eq!(
        posted(&rules(""), &sale, None),
        "product_sales - catalogue: Order / ItemPrice / Principal"
    );
}

#[test]
fn the_rule_with_more_fields_wins_and_an_exact_text_before_a_prefix() {
    let rules = rules(
        "[[rule]]\namount_type = \"Coupon*\"\naccount = \"1\"\n\
         [[rule]]\namount_type = \"Coupon P*\"\naccount = \"2\"\n\
         [[rule]]\namount_type = \"Coupon Participation Fee\"\naccount = \"3\"\n\
         [[rule]]\namount_type = \"Coupon*\"\nmarketplace = \"amazon.DE\"\naccount = \"4\"\n",
    );
    let account = |amount_type: &str, marketplace| {
        let row = triple("AmazonFees", amount_type, "Base fee");
        let class = rules.classify(&row, marketplace).expect("known");
        class.account.expect("an account").to_string()
    };
    assert_eq!(account("Coupon Performance Based Fee", None), "2");
    assert_eq!(account("Coupon Participation Fee", None), "3");
    assert_eq!(account("Coupon Participation Fee", Some("Amazon.fr")), "3");
    assert_eq!(account("Coupon Participation Fee", Some("Amazon.de")), "4");
}

#[test]
fn a_rule_gives_a_role_an_account_or_both() {
    let rules = rules(
        "[[rule]]\namount_description = \"New Fee\"\nrole = \"advertising\"\n\
         [[rule]]\namount_description = \"Commission\"\naccount = \"5101\"\n\
         [[rule]]\namount_description = \"Odd Fee\"\naccount = \"5999\"\n\
         [[rule]]\namount_description = \"Rare Fee\"\nrole = \"storage_fees\"\naccount = \"5121\"\n",
    );
    let row = |description: &str| posted(&rules, &triple("Order", "ItemFees", description), None);
    assert_eq!(row("New Fee"), "advertising 5130 rule 1 of rules.toml, line 7");
    assert_eq!(row("Commission"), "referral_fees 5101 rule 2 of rules.toml, line 10");
    assert_eq!(row("Rare Fee"), "storage_fees 5121 rule 4 of rules.toml, line 16");
    // An account alone does not say what an unknown amount is.
    assert_eq!(row("Odd Fee"), "unknown");
}

#[test]
fn unknown_amounts_go_to_suspense_only_if_the_file_says_so() {
    let odd = triple("Order", "ItemFees", "Odd Fee");
    assert_eq!(posted(&rules(""), &odd, None), "unknown");
    assert_eq!(posted(&Rules::sample(), &odd, None), "unknown");
    let lenient = rules("[unknown]\nsuspense = \"9999\"\n");
    assert_eq!(posted(&lenient, &odd, None), "suspense 9999 [unknown] of rules.toml, line 8");
}

#[test]
fn mistakes_name_the_place_and_the_fix() {
    let cases = [
        (
            "shipping_incom = \"4010\"\n",
            "rules.toml:7:1: There is no role `shipping_incom`. Did you mean `shipping_income`?",
        ),
        (
            "promotions = \" \"\n",
            "rules.toml:7:14: The account is blank. Write the account number, or remove the line.",
        ),
        (
            "promotions = 4090\n",
            "rules.toml:7:14: invalid type: integer `4090`, expected a string. Put the value in \
             double quotes.",
        ),
        (
            "[[rule]]\namount_typ = \"x\"\nrole = \"loan\"\n",
            "rules.toml:8:1: unknown field `amount_typ`, expected one of `transaction_type`, \
             `amount_type`, `amount_description`, `marketplace`, `role`, `account`. Correct the \
             spelling, or remove it.",
        ),
        (
            "[[rule]]\nrole = \"loan\"\n",
            "rules.toml:7:1: Rule 1 has no condition, so it would take every row. Name at least \
             one of transaction_type, amount_type, amount_description and marketplace.",
        ),
        (
            "[[rule]]\namount_type = \"x\"\n",
            "rules.toml:7:1: Rule 1 changes nothing. Give it a role, an account, or both.",
        ),
        (
            "[[rule]]\namount_type = \" *\"\nrole = \"loan\"\n",
            "rules.toml:8:15: The condition \" *\" matches anything. Leave it out, or write what it \
             must be.",
        ),
        (
            "[[rule]]\namount_type = \"x\"\nrole = \"amazon_clearing\"\n",
            "rules.toml:9:8: No row can have the role amazon_clearing: its lines are computed. Give \
             the rule the same account instead, without this role.",
        ),
        (
            "[[rule]]\namount_type = \"Base fee\"\nrole = \"loan\"\n\
             [[rule]]\namount_type = \"BASE_FEE\"\nrole = \"postage\"\n",
            "rules.toml:10:1: Rule 2 has the same conditions as rule 1 on line 7, so neither wins. \
             Remove one, or add a condition to one.",
        ),
    ];
    for (rest, expected) in cases {
        assert_eq!(mistake(rest), expected);
    }
}

#[test]
fn only_the_first_format_is_read() {
    let error = Rules::parse("name = \"x\"\nversion = 2\n[accounts]\n", "r").expect_err("format 2");
    assert_eq!((error.line, error.column), (2, 11));
    assert_eq!(error.fix, "Write `version = 1`.");
}

#[test]
fn the_version_changes_with_the_text() {
    let (one, other) = (rules(""), rules("# a comment\n"));
    assert_ne!(one.version(), other.version());
    assert_eq!(one.version().len(), "1-00000000".len());
    assert_eq!(one.version(), rules("").version());
}
