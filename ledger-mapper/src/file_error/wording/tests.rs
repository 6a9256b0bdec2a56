use crate::rules::Rules;

/// What is said of a file that has these lines after a good beginning of four.
fn said(rest: &str) -> String {
    let head = "version = 1\nname = \"x\"\n[accounts]\nreferral_fees = \"5100\"\n";
    let parsed = Rules::parse(&format!("{head}{rest}\n"), "r");
    parsed.expect_err("a mistake").to_string()
}

/// What people mistype.
const MISTAKES: [&str; 24] = [
    "promotions = 4090",
    "promotions = 4090-00-00",
    "promotions = 04090",
    "promotions = abc # advertising",
    "promotions = \"4090",
    "promotions = “4090”",
    "promotions \"4090\"",
    "promotions =",
    "referral_fees = \"1\"",
    "promotions = [\"4090\"]",
    "[accounts]",
    "[rule]\nsku = \"a\"",
    "[[rule\nsku = \"a\"",
    "[[rule]]\nsku = \"a\",",
    "[[rule]]\nsku = \"A\\Q\"",
    "[[rule]]\nfrom = \"2026-01-01\"",
    "[[rule]]\nfrom = 01.02.2026",
    "[[rule]]\nuntil = 2026-13-01",
    "[templat]",
    "[template]\nwhatever = \"x\"",
    "[[change]]\naccounts = {}",
    "[dimension.marketplace]\n\"Amazon.de\" = \"49\"",
    "[dimension.marketplace]\nAmazon.de = { division = \"49\" }",
    "[dimension.marketplace]\n\"Amazon.de\" = { division = 49 }",
];

#[test]
fn what_people_mistype_is_said_in_their_words() {
    let said = MISTAKES.map(|rest| format!("{}\n    {}", rest.replace('\n', "⏎"), said(rest)));
    insta::assert_snapshot!(said.join("\n"), @r#"
    promotions = 4090
        r:5:14: 4090 is not in quotes, but `promotions` is text. Put it in double quotes: "4090".
    promotions = 4090-00-00
        r:5:14: 4090-00-00 is not in quotes. Put it in double quotes: "4090-00-00".
    promotions = 04090
        r:5:14: 04090 is not in quotes. Put it in double quotes: "04090".
    promotions = abc # advertising
        r:5:14: abc is not in quotes. Put it in double quotes: "abc".
    promotions = "4090
        r:5:19: The quotes are not closed. Close them on the same line.
    promotions = “4090”
        r:5:14: The quotation marks are not those of a keyboard. Write straight ones: "…". Word processors change them.
    promotions "4090"
        r:5:12: There is no `=` between a name and its value. Write it like `name = "value"`.
    promotions =
        r:5:13: `promotions` has no value. Write it behind the `=`.
    referral_fees = "1"
        r:5:1: `referral_fees` is there twice. Keep one of the two; a heading keeps the lines of both.
    promotions = ["4090"]
        r:5:14: `promotions` is one text, not a list. Write one in double quotes; for several, write a rule or a line for each.
    [accounts]
        r:5:2: `accounts` is there twice. Keep one of the two; a heading keeps the lines of both.
    [rule]⏎sku = "a"
        r:5:1: There may be several [rule], so each is an entry of a list. Write the heading with two brackets: [[rule]].
    [[rule⏎sku = "a"
        r:5:7: The bracket is not closed. Add `]]`.
    [[rule]]⏎sku = "a",
        r:6:10: Something stands behind the value. Write each name on a line of its own, without a comma or a mark at the end.
    [[rule]]⏎sku = "A\Q"
        r:6:10: A backslash in double quotes has a meaning of its own. Write two backslashes for one, or put the text in single quotes.
    [[rule]]⏎from = "2026-01-01"
        r:6:8: "2026-01-01" is text, but `from` is a day. Write it without quotes, like 2026-10-31.
    [[rule]]⏎from = 01.02.2026
        r:6:8: 01.02.2026 is not a day. Write it like 2026-10-31, without quotes.
    [[rule]]⏎until = 2026-13-01
        r:6:9: 2026-13-01 is not a day. Write it like 2026-10-31, without quotes.
    [templat]
        r:5:2: `templat` is not known here. Did you mean `template`?
    [template]⏎whatever = "x"
        r:6:1: `whatever` is not known here. Use one of profit_and_loss, balance_sheet, or remove it.
    [[change]]⏎accounts = {}
        r:5:1: `from` is missing. Add it.
    [dimension.marketplace]⏎"Amazon.de" = "49"
        r:6:15: "49" is one value, but names and their values are expected here. Write them in braces, like { division = "49" }, or under a heading of their own.
    [dimension.marketplace]⏎Amazon.de = { division = "49" }
        r:6:13: Without quotes, Amazon.de is read as a name within a name. Put it in double quotes: "Amazon.de".
    [dimension.marketplace]⏎"Amazon.de" = { division = 49 }
        r:6:28: 49 is not in quotes, but `division` is text. Put it in double quotes: "49".
    "#);
}
