use super::*;

fn triple(text: &str) -> Triple {
    ledger_mapper::triple_named(text).expect("three parts")
}

fn role(name: &str) -> Role {
    Role::named(name).expect("a role")
}

fn edited(text: &str, mapping: Mapping, from: Option<Date>) -> String {
    let actor = Actor::Person("anna".to_owned());
    let at = "2026-11-26T10:00:00Z".parse().expect("an instant");
    let note = Note { actor: &actor, reason: "the fee is\nnew", at };
    edit::edited(text, &Decision { mapping, from, account_name: None }, &note).expect("it fits")
}

fn on(account: &str) -> Mapping {
    Mapping::Role { role: role("referral_fees"), account: account.to_owned() }
}

fn is(what: &str, named: &str, account: Option<&str>) -> Mapping {
    Mapping::Triple {
        triple: triple(what),
        marketplace: None,
        role: Some(role(named)),
        account: account.map(str::to_owned),
    }
}

const FILE: &str = "\
# Ours
version = 1
name = \"x\" # short

[accounts] # by role
product_sales = \"4000\"
referral_fees  =  \"5100\"   # all selling fees

# Examples:
# [[rule]]
# account = \"1\"
";

#[test]
fn an_account_is_changed_in_its_place() {
    let changed = edited(FILE, on("5101"), None);
    assert_eq!(changed, FILE.replace("\"5100\"", "\"5101\""));
    assert_eq!(edited(FILE, on("5100"), None), FILE, "the same again changes nothing");
}

#[test]
fn the_line_ends_of_windows_stay() {
    let windows = FILE.replace('\n', "\r\n");
    let changed = edited(&windows, on("5101"), None);
    assert_eq!(changed, windows.replace("\"5100\"", "\"5101\""));
}

#[test]
fn a_rule_comes_last_with_who_and_why() {
    let once = edited(FILE, is("A / B / C", "storage_fees", None), None);
    let rule = "\n# 2026-11-26, person anna: the fee is new\n[[rule]]\n\
                transaction_type = \"A\"\namount_type = \"B\"\namount_description = \"C\"\n\
                role = \"storage_fees\"\n";
    assert_eq!(once, format!("{FILE}{rule}"));
    let twice = edited(&once, is("A /  / D", "advertising", Some("5131")), None);
    let more = "\n# 2026-11-26, person anna: the fee is new\n[[rule]]\n\
                transaction_type = \"A\"\namount_description = \"D\"\nrole = \"advertising\"\n\
                account = \"5131\"\n";
    assert_eq!(twice, format!("{once}{more}"));
    let changed = edited(&twice, is("A / B / C", "advertising", None), None);
    assert_eq!(changed, twice.replace("\"storage_fees\"", "\"advertising\""));
}

#[test]
fn a_decision_from_a_day_on_leaves_the_days_before_as_they_are() {
    let from = Some(jiff::civil::date(2027, 1, 1));
    let changed = edited(FILE, on("5101"), from);
    let rules = Rules::parse(&changed, "rules.toml").expect("sound");
    assert_eq!(rules.account_for(&role("referral_fees")).expect("one").as_str(), "5100");
    assert!(changed.contains("from = 2027-01-01\n"), "{changed}");
    assert!(changed.contains("[change.accounts]\nreferral_fees = \"5101\"\n"), "{changed}");
    let again = edited(&changed, on("5102"), from);
    assert_eq!(again, changed.replace("5101", "5102"));

    let first = edited(FILE, is("A / B / C", "storage_fees", Some("5120")), None);
    let then = edited(&first, is("A / B / C", "storage_fees", Some("5121")), from);
    Rules::parse(&then, "rules.toml").expect("the first one ends when the second begins");
    assert!(then.contains("until = 2026-12-31"), "{then}");
}

#[test]
fn a_draft_is_sound_or_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rules.toml");
    std::fs::write(&path, Rules::sample_text()).expect("written");
    let actor = Actor::Person("anna".to_owned());
    let note = Note { actor: &actor, reason: "so", at: Timestamp::UNIX_EPOCH };
    let draft =
        |mapping| Draft::of(&path, Decision { mapping, from: None, account_name: None }, &note);

    let fine = draft(is("A / B / C", "storage_fees", None)).expect("sound");
    let (gone, came) = fine.changed_lines();
    assert!(gone.is_empty() && came.contains(&"[[rule]]"), "{gone:?} {came:?}");
    let refused = |mapping| format!("{:#}", draft(mapping).expect_err("refused"));
    let same = Mapping::Role { role: role("referral_fees"), account: "5100".to_owned() };
    assert!(refused(same).contains("say so already"));
    let blank = Mapping::Role { role: role("referral_fees"), account: " ".to_owned() };
    assert!(refused(blank).contains("The account is blank"));
    let computed = is("A / B / C", "amazon_clearing", None);
    assert!(refused(computed).contains("its lines are computed"));

    let unknown = Mapping::Role { role: role("referral_fees"), account: "5136".to_owned() };
    assert!(refused(unknown.clone()).contains("5136 is not in the chart"));
    let named = Some("Video advertising".to_owned());
    let decision = Decision { mapping: unknown, from: None, account_name: named };
    let draft_named = Draft::of(&path, decision, &note).expect("sound");
    let (_, came) = draft_named.changed_lines();
    assert!(came.contains(&"\"5136\" = \"Video advertising\""), "{came:?}");

    let case = "[[case]]\nname = \"a fee\"\ncurrency = \"USD\"\ndate = 2026-05-05\n\
                rows = [{ what = \"Order / ItemFees / Commission\", amount = \"-1.50\" }]\n\
                lines = [{ account = \"1150\", credit = \"1.50\" }, { account = \"5100\", debit = \"1.50\" }]\n";
    std::fs::write(folder.path().join("rules.test.toml"), case).expect("written");
    let moved = Mapping::Role { role: role("referral_fees"), account: "5105".to_owned() };
    let said = refused(moved);
    assert!(said.contains("a case of") && said.contains("a fee"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("there"), Rules::sample_text());
}
