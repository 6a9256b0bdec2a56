//! `check` on stand-ins: what is right is told in one line each, what is not says who must act.

use connector_app::stage::{Setting, Stage};
use fixtures::documents::SettlementDocument;
use fixtures::epicor::{ApiKey, GlAccountRow};
use fixtures::{Fault, documents};
use serde_json::Value;

use crate::support::{Said, run};

async fn stage() -> Stage {
    stage_with(Vec::new()).await
}

/// Live, so that nothing is left to be said of that.
async fn stage_with(settlements: Vec<SettlementDocument>) -> Stage {
    let setting = Setting::new(settlements).usual_times();
    let stage = Stage::set(setting).await.expect("stand-ins start");
    edit(
        &stage,
        CHAIN,
        &format!("{CHAIN}zone = \"America/Los_Angeles\"\ngo_live = \"2026-01-01\"\n"),
    );
    stage
}

/// A line of the configuration.
const CHAIN: &str = "chain = \"warn\"\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_would_approve_what_was_entered_by_hand_is_a_warning_until_something_is_posted()
 {
    let document = documents::get("us-plain.txt").expect("it ships");
    let setting = Setting::new(vec![document]).usual_times();
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let said = check(&stage).await;
    let expected = vec!["configuration go_live warning finance_clerk".to_owned()];
    assert_eq!(trouble(&said), (0, expected), "{}", said.out);
    assert!(message_of(&said, "go_live").contains("booked a second time"));

    edit(&stage, "automatic = true", "automatic = false");
    assert_eq!(trouble(&check(&stage).await), (0, Vec::new()), "a person looks at each");
    assert_eq!(run(stage.folder(), &["sync", "settlements"]).await.code, 0);
    edit(&stage, "automatic = false", "automatic = true");
    assert_eq!(trouble(&check(&stage).await).1.len(), 1, "what waits would be approved");
    let day = "zone = \"America/Los_Angeles\"\ngo_live = \"9999-01-01\"\n";
    edit(&stage, CHAIN, &format!("{CHAIN}{day}"));
    assert!(message_of(&check(&stage).await, "go_live").contains("9999-01-01 is still to come"));
    edit(&stage, day, "");
    assert_eq!(run(stage.folder(), &["sync", "settlements"]).await.code, 0);
    assert_eq!(trouble(&check(&stage).await), (0, Vec::new()), "it is live");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settle_time_that_is_too_short_is_a_failure_that_says_what_to_set() {
    let stage = stage().await;
    edit(&stage, "settle_seconds = 120", "settle_seconds = 110");
    let said = check(&stage).await;
    let expected = vec!["configuration settle_seconds failed it_admin".to_owned()];
    assert_eq!(trouble(&said), (78, expected), "{}", said.out);
    let told = message_of(&said, "settle_seconds");
    assert!(told.contains("Set settle_seconds to 120 or more"), "{told}");

    let said = run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("warning: connection demo: settle_seconds = 110"), "{}", said.err);
    edit(&stage, "settle_seconds = 110", "settle_seconds = 111");
    let said = run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!((said.code, said.err.as_str()), (0, ""));
}

async fn check(stage: &Stage) -> Said {
    run(stage.folder(), &["check", "--json"]).await
}

/// The lines that are not ok, as `part check state who`, and the exit code.
fn trouble(said: &Said) -> (i32, Vec<String>) {
    let word = |line: &Value, name: &str| line[name].as_str().unwrap_or("-").to_owned();
    let lines = said.json_lines();
    assert!(!lines.is_empty(), "{}", said.err);
    // What Amazon retires depends on the day on which the test runs; it has tests of its own.
    let told = lines.iter().filter(|line| line["state"] != "ok" && line["check"] != "retirements");
    let told = told.map(|line| ["part", "check", "state", "who"].map(|name| word(line, name)));
    (said.code, told.map(|words| words.join(" ")).collect())
}

fn message_of(said: &Said, check: &str) -> String {
    let lines = said.json_lines();
    let line = lines.iter().find(|line| line["check"] == check && line["state"] != "ok");
    line.unwrap_or_else(|| panic!("nothing about {check}: {}", said.out))["message"].to_string()
}

fn edit(stage: &Stage, from: &str, to: &str) {
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    assert!(text.contains(from), "{from}");
    std::fs::write(stage.config(), text.replace(from, to)).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_is_well_on_the_demo() {
    let stage = stage().await;
    let said = check(&stage).await;
    assert_eq!(trouble(&said), (0, Vec::new()), "{}", said.out);
    let checks: Vec<_> = said.json_lines().iter().map(|line| line["check"].clone()).collect();
    for expected in [
        "file",
        "lint",
        "login",
        "settlements",
        "marketplaces",
        "clock",
        "client_secret",
        "retirements",
        "connection",
        "rights",
        "methods",
        "write_rights",
        "page",
        "entity_key",
        "wrong_key",
        "license",
        "description_length",
        "book",
        "journal_code",
        "currency",
        "accounts",
        "period",
        "calendar",
        "token_service",
    ] {
        assert!(checks.iter().any(|check| check == expected), "{expected}: {checks:?}");
    }
    assert!(stage.epicor.unposted_groups().is_empty() && stage.epicor.posted_journals().is_empty());
    assert!(!stage.folder().join("data").exists(), "no data folder is made");

    let people = run(stage.folder(), &["check"]).await;
    assert_eq!(people.code, 0);
    assert!(people.out.contains("0 warnings, 0 failed"), "{}", people.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn periods_that_are_not_epicors_are_told() {
    let stage = stage().await;
    edit(&stage, "rules = \"rules.toml\"\n", "rules = \"rules.toml\"\ncalendar = \"weeks.toml\"\n");
    let weeks = "[[period]]\nname = \"all\"\nstart = 2020-01-01\nend = 2039-12-31\n";
    std::fs::write(stage.folder().join("weeks.toml"), weeks).expect("written");
    let said = check(&stage).await;
    assert_eq!(trouble(&said), (0, vec!["epicor calendar warning it_admin".to_owned()]));
    let told = message_of(&said, "calendar");
    assert!(told.contains("period all is 2020-01-01 to 2039-12-31"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_half_of_a_connection_is_named() {
    let wrong_user = ("user = \"connector\"", "user = \"nobody\"");
    let wrong_company = ("EPIC06", "EPIC99");
    let wrong_instance = ("/kinetic\"", "/other\"");
    let wrong_key = ("api_key = { file = \"api-key\" }", "api_key = { file = \"client-secret\" }");
    for ((from, to), code, who, says) in [
        (wrong_user, 77, "it_admin", "it is the user"),
        (wrong_key, 77, "it_admin", "it is the API key"),
        (wrong_company, 78, "it_admin", "the company EPIC99"),
        (wrong_instance, 78, "it_admin", "the instance at the end of the base address"),
    ] {
        let stage = stage().await;
        edit(&stage, from, to);
        let said = check(&stage).await;
        let expected = (code, vec![format!("epicor connection failed {who}")]);
        assert_eq!(trouble(&said), expected, "{to}: {}", said.out);
        assert!(message_of(&said, "connection").contains(says), "{to}: {}", said.out);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn amazons_refusals_say_what_it_takes() {
    let stage = stage().await;
    stage.amazon.revoke_refresh_token();
    let said = check(&stage).await;
    assert_eq!(trouble(&said), (77, vec!["amazon login failed it_admin".to_owned()]));

    let stage = self::stage().await;
    stage.amazon.faults().on("getReports", 0, Fault::Status(403));
    let said = check(&stage).await;
    let expected = vec!["amazon settlements failed seller_central".to_owned()];
    assert_eq!(trouble(&said), (77, expected), "{}", said.out);
    assert!(message_of(&said, "settlements").contains("Finance and Accounting"), "{}", said.out);

    let stage = self::stage().await;
    stage.amazon.faults().on("getMarketplaceParticipations", 0, Fault::Status(403));
    let said = check(&stage).await;
    let expected = vec!["amazon marketplaces warning seller_central".to_owned()];
    assert_eq!(trouble(&said), (0, expected), "settlements come without it: {}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_epicor_lacks_is_told_with_who_must_act() {
    let stage = stage().await;
    stage
        .epicor
        .add_account(&GlAccountRow { active: false, ..GlAccountRow::active("5130", "Ads") });
    let rules = stage.folder().join("rules.toml");
    let text = std::fs::read_to_string(&rules).expect("rules");
    std::fs::write(&rules, text.replace("\"4020\"", "\"4021\"")).expect("written");
    for year in 2024..=2027 {
        for period in 1..=12 {
            stage.epicor.close_period(year, period);
        }
    }
    edit(
        &stage,
        "company = \"EPIC06\"\n",
        "company = \"EPIC06\"\njournal_code = \"NO\"\nbook = \"SIDE\"\ndescription_length = 200\n",
    );
    let said = check(&stage).await;
    let (code, told) = trouble(&said);
    assert_eq!(code, 78, "{}", said.out);
    assert!(told.contains(&"epicor book failed it_admin".to_owned()), "{told:?}");
    assert!(told.contains(&"epicor journal_code failed it_admin".to_owned()), "{told:?}");
    assert!(told.contains(&"epicor description_length failed it_admin".to_owned()), "{told:?}");
    assert!(message_of(&said, "book").contains("MAIN"), "{}", said.out);

    edit(&stage, "book = \"SIDE\"\n", "");
    let said = check(&stage).await;
    let (_, told) = trouble(&said);
    assert!(told.contains(&"epicor period failed controller".to_owned()), "{told:?}");
    let accounts = said.json_lines().into_iter().filter(|line| line["check"] == "accounts");
    let accounts: Vec<_> = accounts.map(|line| line["message"].to_string()).collect();
    assert!(
        accounts.iter().any(|text| text.contains("5130") && text.contains("inactive")),
        "{accounts:?}"
    );
    assert!(
        accounts.iter().any(|text| text.contains("4021") && !text.contains("inactive")),
        "{accounts:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_whose_scope_is_too_narrow_names_the_service() {
    let stage = stage().await;
    let scope = ["Erp.BO.CompanySvc", "Erp.BO.GLBookSvc", "Erp.BO.JrnlCodeSvc"];
    let scope = Some(scope.map(str::to_owned).to_vec());
    let key = ApiKey { key: "narrow".to_owned(), companies: Vec::new(), scope };
    stage.epicor.set_api_key(key);
    std::fs::write(stage.folder().join("api-key"), "narrow").expect("written");
    let said = check(&stage).await;
    let (code, told) = trouble(&said);
    assert_eq!(code, 77, "{}", said.out);
    assert!(told.contains(&"epicor rights failed epicor_admin".to_owned()), "{told:?}");
    assert!(
        said.out.contains("access scope or the user's rights for Erp.BO.GLJrnGrpSvc"),
        "{}",
        said.out
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_may_read_but_not_enter_is_found_out_before_the_first_journal() {
    let stage = stage().await;
    stage.epicor.faults().on("GetNewGLJrnGrp", 0, Fault::Status(403));
    let said = check(&stage).await;
    let expected = vec!["epicor write_rights failed epicor_admin".to_owned()];
    assert_eq!(trouble(&said), (77, expected), "{}", said.out);
    assert!(message_of(&said, "write_rights").contains("Erp.BO.GLJrnGrpSvc"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_that_cannot_be_read_is_a_line_too() {
    let stage = stage().await;
    edit(&stage, "region = \"na\"", "region = \"moon\"");
    let said = check(&stage).await;
    assert_eq!(trouble(&said), (78, vec!["configuration file failed it_admin".to_owned()]));
    edit(&stage, "region = \"moon\"", "region = \"na\"");
    std::fs::remove_file(stage.folder().join("client-secret")).expect("it was there");
    let said = check(&stage).await;
    let (code, told) = trouble(&said);
    assert_eq!(code, 78, "{}", said.out);
    assert!(
        told.contains(&"amazon login failed it_admin".to_owned()),
        "Epicor is checked still: {told:?}"
    );
    assert!(said.json_lines().iter().any(|line| line["check"] == "period"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_who_logs_in_by_token_posts_too() {
    let stage = stage_with(vec![documents::get("us-plain.txt").expect("it ships")]).await;
    edit(&stage, "user = \"connector\"\n", "user = \"connector\"\nlogin = \"token\"\n");
    assert_eq!(trouble(&check(&stage).await), (0, Vec::new()));
    let said = run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vendor_of_the_fees_is_looked_for_when_there_is_one() {
    let stage = stage().await;
    let style = "[connection.posting]\nstyle = \"journal+ap-invoice\"\nvendor = \"NOBODY\"\n";
    edit(&stage, "[connection.posting]\n", style);
    let said = check(&stage).await;
    let expected = vec!["epicor vendor failed epicor_admin".to_owned()];
    assert_eq!(trouble(&said), (78, expected), "{}", said.out);
    assert!(message_of(&said, "vendor").contains("NOBODY does not exist"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_upgraded_epicor_asks_for_besides_is_named_written_down_and_sent() {
    let stage = stage_with(vec![documents::get("us-plain.txt").expect("it ships")]).await;
    stage.epicor.ask_for("PreUpdate", "checkSomething");
    let said = check(&stage).await;
    let expected = vec!["epicor methods warning it_admin".to_owned()];
    assert_eq!(trouble(&said), (0, expected), "{}", said.out);
    let message = message_of(&said, "methods");
    assert!(
        message.contains("GLJournalEntrySvc/PreUpdate also asks for checkSomething"),
        "{message}"
    );
    assert_ne!(run(stage.folder(), &["sync", "settlements"]).await.code, 0, "it is refused");

    edit(
        &stage,
        "[connection.posting]\n",
        "[connection.epicor.further_parameters.\"Erp.BO.GLJournalEntrySvc/PreUpdate\"]\n\
         checkSomething = false\n\n[connection.posting]\n",
    );
    assert_eq!(trouble(&check(&stage).await), (0, Vec::new()));
    for command in [&["release", "24610385127"][..], &["sync", "settlements"]] {
        let said = run(stage.folder(), command).await;
        assert_eq!(said.code, 0, "{command:?}: {}", said.err);
    }
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_epicor_without_descriptions_cannot_be_compared_and_that_is_said() {
    let stage = stage().await;
    stage.epicor.hide_descriptions();
    let said = check(&stage).await;
    assert_eq!(trouble(&said), (0, Vec::new()), "{}", said.out);
    assert!(said.out.contains("cannot be compared with what is sent"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_connections_of_one_selling_account_are_both_named() {
    let stage = stage().await;
    stage.copy_connection("copy", "EPIC06").expect("written");
    let said = check(&stage).await;
    let (code, told) = trouble(&said);
    let line = "configuration account failed it_admin".to_owned();
    assert_eq!((code, told), (78, vec![line.clone(), line]), "{}", said.out);
    for (name, other) in [("demo", "copy"), ("copy", "demo")] {
        let both = format!("connection {name} has the refresh token of connection {other}");
        assert!(said.out.contains(&both), "{}", said.out);
    }
    assert!(!said.out.contains("Atzr|"), "{}", said.out);
    let one = run(stage.folder(), &["check", "--json", "--connection", "copy"]).await;
    assert_eq!(one.code, 78, "{}", one.out);

    // Each has its own.
    let stage = self::stage().await;
    stage.multiply(2, "data_dir = \"data\"", "never").expect("written");
    assert_eq!(trouble(&check(&stage).await), (0, Vec::new()));
}
