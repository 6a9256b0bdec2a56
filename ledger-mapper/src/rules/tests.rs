use settlement_model::{Fulfillment, Triple};

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

/// What a row of a test is, apart from its triple; `None`: its SKU was not kept.
#[derive(Clone, Copy)]
struct Row<'a> {
    date: &'a str,
    marketplace: Option<&'a str>,
    sku: Option<&'a str>,
    fulfillment: &'a Fulfillment,
    currency: &'a str,
}

const ROW: Row<'_> = Row {
    date: "2026-05-05",
    marketplace: None,
    sku: Some(""),
    fulfillment: &Fulfillment::Unstated,
    currency: "USD",
};

fn verdict(rules: &Rules, triple: &Triple, row: Row<'_>) -> Verdict {
    rules.classify(&RowFacts {
        triple,
        date: row.date.parse().expect("a date"),
        marketplace: row.marketplace,
        sku: row.sku,
        fulfillment: row.fulfillment,
        currency: Currency::parse(row.currency).expect("ISO 4217"),
    })
}

/// "role account source" of a row.
fn posted_as(rules: &Rules, triple: &Triple, row: Row<'_>) -> String {
    match verdict(rules, triple, row) {
        Verdict::Known(class) => {
            let account = class.account.map_or("-".to_owned(), |account| account.to_string());
            format!("{} {account} {}", class.role, class.rule)
        }
        Verdict::Unknown => "unknown".to_owned(),
        Verdict::NeedsRow(rule) => format!("needs the row for {rule}"),
    }
}

fn posted(rules: &Rules, triple: &Triple, marketplace: Option<&str>) -> String {
    posted_as(rules, triple, Row { marketplace, ..ROW })
}

/// The account of a sale.
fn account_of_sale(rules: &Rules, row: Row<'_>) -> String {
    let sale = triple("Order", "ItemPrice", "Principal");
    match verdict(rules, &sale, row) {
        Verdict::Known(class) => class.account.map_or_else(
            |reason| match reason {
                NoAccount::Role => "no account".to_owned(),
                NoAccount::Segment(NoSegment::NoValue { dimension, row }) => {
                    format!("no {dimension} for {row:?}")
                }
                NoAccount::Segment(NoSegment::NotKept { dimension }) => {
                    format!("{dimension} needs the row")
                }
            },
            |account| account.to_string(),
        ),
        other => format!("{other:?}"),
    }
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
        let posted = posted(&rules, &row, marketplace);
        posted.split(' ').nth(1).expect("an account").to_owned()
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
            "rules.toml:7:14: 4090 is not in quotes, but `promotions` is text. Put it in double \
             quotes: \"4090\".",
        ),
        (
            "[[rule]]\namount_typ = \"x\"\nrole = \"loan\"\n",
            "rules.toml:8:1: `amount_typ` is not known here. Did you mean `amount_type`?",
        ),
        (
            "[[rule]]\nrole = \"loan\"\n",
            "rules.toml:7:1: Rule 1 has no condition, so it would take every row. Name at least \
             one of sku, amount_description, amount_type, transaction_type, marketplace, country, \
             fulfilment, currency.",
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
fn mistakes_in_dates_codes_and_templates_name_the_place_and_the_fix() {
    let cases = [
        (
            "[[rule]]\ncountry = \"XX\"\nrole = \"loan\"\n",
            "rules.toml:8:11: Amazon has no marketplace in the country \"XX\". Write one of CA, US, MX, \
             BR, IE, ES, GB, FR, BE, NL, DE, IT, SE, ZA, PL, EG, TR, SA, AE, IN, SG, AU, JP.",
        ),
        (
            "[[rule]]\ncurrency = \"EURO\"\nrole = \"loan\"\n",
            "rules.toml:8:12: \"EURO\" is not a currency. Write its ISO 4217 code, such as EUR.",
        ),
        (
            "[[rule]]\nsku = \"A\"\nfrom = 2026-02-01\nuntil = 2026-01-31\nrole = \"loan\"\n",
            "rules.toml:10:9: The rule ends on 2026-01-31, before it starts on 2026-02-01. Correct \
             one of the two dates.",
        ),
        (
            "[[rule]]\nsku = \"TOY-*\"\nrole = \"loan\"\n[[rule]]\nsku = \"*-RED\"\nrole = \"postage\"\n",
            "rules.toml:10:1: Rule 2 can match the same row, and is as specific, as rule 1 on line \
             7, so neither wins. Remove one, or add a condition to one.",
        ),
        (
            "[[change]]\nfrom = 2026-01-01\n[change.accounts]\nloan = \"1\"\n\
             [[change]]\nfrom = 2026-01-01\n[change.accounts]\npostage = \"2\"\n",
            "rules.toml:12:8: Two changes are in force from 2026-01-01. Put their accounts into one \
             [[change]].",
        ),
        (
            "[[change]]\nfrom = 2026-01-01\n",
            "rules.toml:8:8: The change is empty. Give it accounts under [change.accounts], or a \
             [change.template].",
        ),
        (
            "[template]\nprofit_and_loss = \"{natural}-{marketplace.divison}\"\n\
             [dimension.marketplace]\n\"*\" = { division = \"00\" }\n",
            "rules.toml:8:19: Nothing says what {marketplace.divison} is. Did you mean \
             {marketplace.division}?",
        ),
        (
            "promotions = \"{natural\"\n",
            "rules.toml:7:14: The braces of \"{natural\" do not pair. Write each placeholder like \
             {natural}.",
        ),
        (
            "[dimension.market]\n\"*\" = { division = \"00\" }\n",
            "rules.toml:7:12: A row has no `market`. Use one of sku, amount_description, \
             amount_type, transaction_type, marketplace, country, fulfilment, currency.",
        ),
        (
            "[dimension.sku]\n\"A-*\" = { line = \"1\" }\n\"*-B\" = { line = \"2\" }\n",
            "rules.toml:9:1: \"*-B\" and \"A-*\" are equally specific and can match the same row. \
             Write one of them out further.",
        ),
    ];
    for (rest, expected) in cases {
        assert_eq!(mistake(rest), expected);
    }
}

#[test]
fn a_rule_asks_for_country_sku_fulfilment_and_currency() {
    let rules = rules(
        "[[rule]]\ncountry = \"uk\"\naccount = \"gb\"\n\
         [[rule]]\nsku = \"toy-*-RED\"\naccount = \"red\"\n\
         [[rule]]\nfulfilment = \"merchant\"\naccount = \"mfn\"\n\
         [[rule]]\ncurrency = \"SEK\"\naccount = \"sek\"\n",
    );
    let account = |row| account_of_sale(&rules, row);
    assert_eq!(account(ROW), "no account");
    assert_eq!(account(Row { marketplace: Some("Amazon.co.uk"), ..ROW }), "gb");
    assert_eq!(account(Row { marketplace: Some("Non-Amazon UK"), ..ROW }), "gb");
    assert_eq!(account(Row { sku: Some("TOY-7-red"), ..ROW }), "red");
    assert_eq!(account(Row { sku: Some("TOY7RED"), ..ROW }), "no account");
    assert_eq!(account(Row { fulfillment: &Fulfillment::Merchant, ..ROW }), "mfn");
    assert_eq!(account(Row { fulfillment: &Fulfillment::Amazon, ..ROW }), "no account");
    assert_eq!(account(Row { currency: "SEK", ..ROW }), "sek");
    // One field each: the order of the fields decides.
    let both = Row { sku: Some("toy-1-red"), marketplace: Some("Amazon.co.uk"), ..ROW };
    assert_eq!(account(both), "red");
}

#[test]
fn a_rule_that_asks_for_the_sku_needs_the_row_unless_a_better_one_takes_it() {
    let rules = rules(
        "[[rule]]\nsku = \"TOY-*\"\nmarketplace = \"Amazon.de\"\naccount = \"toys\"\n\
         [[rule]]\ntransaction_type = \"Order\"\namount_type = \"ItemPrice\"\n\
         amount_description = \"Principal\"\naccount = \"sales\"\n",
    );
    let rows = Row { sku: None, ..ROW };
    // Three fields before two: the SKU does not matter.
    assert_eq!(account_of_sale(&rules, Row { marketplace: Some("Amazon.de"), ..rows }), "sales");
    let fee = triple("Order", "ItemFees", "Commission");
    let german = Row { marketplace: Some("Amazon.de"), ..rows };
    assert_eq!(posted_as(&rules, &fee, german), "needs the row for rule 1 of rules.toml, line 7");
    let known = Row { sku: Some(""), ..german };
    assert_eq!(
        posted_as(&rules, &fee, known),
        "referral_fees 5100 catalogue: Order / ItemFees / Commission"
    );
}

#[test]
fn what_is_in_force_goes_by_the_row_s_day() {
    let rules = rules(
        "product_sales = \"4000\"\n\
         [[change]]\nfrom = 2026-04-01\n[change.accounts]\nproduct_sales = \"4001\"\n\
         [[change]]\nfrom = 2027-01-01\n[change.accounts]\npostage = \"5\"\n\
         [[rule]]\nmarketplace = \"Amazon.de\"\nuntil = 2026-06-30\naccount = \"4049\"\n\
         [[rule]]\nmarketplace = \"Amazon.de\"\nfrom = 2026-07-01\naccount = \"4050\"\n",
    );
    let on = |date, marketplace| account_of_sale(&rules, Row { date, marketplace, ..ROW });
    assert_eq!(on("2026-03-31", None), "4000");
    assert_eq!(on("2026-04-01", None), "4001");
    assert_eq!(on("2028-04-01", None), "4001");
    assert_eq!(on("2026-06-30", Some("Amazon.de")), "4049");
    assert_eq!(on("2026-07-01", Some("Amazon.de")), "4050");

    let epoch = |date: &str| rules.epoch(date.parse().expect("a date"));
    assert_eq!(epoch("2026-03-31") + 1, epoch("2026-04-01"));
    assert_eq!(epoch("2026-06-30") + 1, epoch("2026-07-01"));
    assert_eq!(epoch("2026-07-01"), epoch("2026-12-31"));
}

#[test]
fn a_template_may_change_on_a_day() {
    let rules = rules(
        "product_sales = \"4000\"\n[template]\nprofit_and_loss = \"{natural}-{division}\"\n\
         [dimension.marketplace]\n\"*\" = { division = \"10\", cost_centre = \"700\" }\n\
         [[change]]\nfrom = 2027-01-01\n[change.template]\n\
         profit_and_loss = \"{natural}-{division}-{cost_centre}\"\n",
    );
    let on = |date| account_of_sale(&rules, Row { date, ..ROW });
    assert_eq!(on("2026-12-31"), "4000-10");
    assert_eq!(on("2027-01-01"), "4000-10-700");
}

#[test]
fn accounts_are_completed_by_the_template_of_their_statement() {
    let rules = rules(
        "product_sales = \"4000\"\namazon_clearing = \"1150\"\nreserve = \"1160-99-99\"\n\
         shipping_income = \"4010-{marketplace.division}-00\"\n\
         [template]\nprofit_and_loss = \"{natural}-{marketplace.division}-{product}\"\n\
         balance_sheet = \"{natural}-00-00\"\n\
         [dimension.marketplace]\n\"Amazon.de\" = { division = \"49\" }\n\
         \"Amazon.*\" = { division = \"10\" }\n\
         [dimension.sku]\n\"TOY-*\" = { product = \"07\" }\n\"*\" = { product = \"00\" }\n",
    );
    let german = Row { marketplace: Some("Amazon.de"), sku: Some("TOY-1"), ..ROW };
    assert_eq!(account_of_sale(&rules, german), "4000-49-07");
    assert_eq!(account_of_sale(&rules, Row { sku: Some(""), ..german }), "4000-49-00");
    let french = Row { marketplace: Some("Amazon.fr"), ..german };
    assert_eq!(account_of_sale(&rules, french), "4000-10-07");
    assert_eq!(
        account_of_sale(&rules, Row { marketplace: None, ..german }),
        "no marketplace.division for None"
    );
    assert_eq!(account_of_sale(&rules, Row { sku: None, ..german }), "sku.product needs the row");

    let shipping = triple("Order", "ItemPrice", "Shipping");
    assert_eq!(posted_as(&rules, &shipping, german).split(' ').nth(1), Some("4010-49-00"));
    let reserve = triple("other-transaction", "other-transaction", "Current Reserve Amount");
    assert_eq!(posted_as(&rules, &reserve, ROW).split(' ').nth(1), Some("1160-99-99"));
    let own = rules.own_account(
        Role::AMAZON_CLEARING,
        "2026-05-05".parse().expect("a date"),
        Currency::parse("USD").expect("ISO 4217"),
    );
    assert_eq!(own.expect("an account").as_str(), "1150-00-00");
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
