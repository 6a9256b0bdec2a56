//! What the clerk and the controller do: approve, hold, release, answer a held settlement by a
//! rule, open a period. Nothing is posted before, and nothing has to be asked for twice after.

use connector_app::stage::{Setting, Stage};
use fixtures::epicor::GlAccountRow;
use fixtures::{Fault, documents};

use crate::support;

async fn stage(name: &str, automatic: bool) -> Stage {
    let mut setting = Setting::new(vec![documents::get(name).expect("it ships")]);
    setting.automatic = automatic;
    Stage::set(setting).await.expect("stand-ins start")
}

/// Runs a command that must exit with `code`; the state of the only settlement afterwards.
async fn after(stage: &Stage, code: i32, args: &[&str]) -> String {
    let said = support::run(stage.folder(), args).await;
    assert_eq!(said.code, code, "{args:?}: {}\n{}", said.out, said.err);
    let status = support::run(stage.folder(), &["status", "--json"]).await.json_lines();
    assert_eq!(status.len(), 1, "one settlement");
    status[0]["state"].as_str().expect("a state").to_owned()
}

const SYNC: [&str; 2] = ["sync", "settlements"];

/// What a command says that ends as it should.
async fn said(stage: &Stage, code: i32, args: &[&str]) -> String {
    let said = support::run(stage.folder(), args).await;
    assert_eq!(said.code, code, "{args:?}: {}\n{}", said.out, said.err);
    said.out
}

fn id(name: &str) -> String {
    let text = String::from_utf8(documents::get(name).expect("it ships").bytes).expect("text");
    let row = text.lines().nth(1).expect("a settlement row");
    row.split('\t').next().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_posted_before_a_person_approves() {
    let stage = stage("us-plain.txt", false).await;
    let id = id("us-plain.txt");
    assert_eq!(after(&stage, 0, &SYNC).await, "ready");
    assert_eq!(after(&stage, 0, &SYNC).await, "ready");
    assert!(stage.epicor.posted_journals().is_empty());
    assert_eq!(after(&stage, 0, &["approve", &id]).await, "posting");
    assert!(stage.epicor.posted_journals().is_empty(), "approving sends nothing by itself");
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 1);

    let story = support::run(stage.folder(), &["audit", "show", &id]).await;
    assert!(story.out.contains("person clerk"), "{}", story.out);
    let again = support::run(stage.folder(), &["approve", &id]).await;
    assert_eq!(again.code, 1);
    assert!(again.err.contains(&id) && again.err.contains("posted"), "{}", again.err);
}

/// A right that only the look-up needs is missing: nothing is sent blindly, and the run has failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posting_that_cannot_be_looked_up_is_told() {
    let stage = stage("us-plain.txt", false).await;
    let id = id("us-plain.txt");
    assert_eq!(after(&stage, 0, &SYNC).await, "ready");
    assert_eq!(after(&stage, 0, &["approve", &id]).await, "posting");
    for tried in [SYNC, ["post", id.as_str()]] {
        stage.epicor.faults().on("GLJrnDtls", 0, Fault::Status(403));
        let said = support::run(stage.folder(), &tried).await;
        assert_eq!(said.code, 77, "{}\n{}", said.out, said.err);
        let told = said.out + &said.err;
        assert!(told.contains(&format!("looking for demo/journal/{id}")), "{told}");
        assert!(told.contains("GLJrnDtls") && told.contains("the next run goes on"), "{told}");
        assert!(stage.epicor.posted_journals().is_empty());
    }
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_holds_stays_held_until_released() {
    let stage = stage("us-plain.txt", false).await;
    let id = id("us-plain.txt");
    assert_eq!(after(&stage, 0, &SYNC).await, "ready");
    assert_eq!(after(&stage, 0, &["hold", &id, "--reason", "ask Amazon first"]).await, "held");
    let said = support::run(stage.folder(), &["status"]).await;
    assert!(said.out.contains("ask Amazon first"), "{}", said.out);
    assert_eq!(after(&stage, 3, &SYNC).await, "held");
    assert_eq!(after(&stage, 0, &["release", &id]).await, "mapped");
    assert_eq!(after(&stage, 0, &SYNC).await, "ready");
    assert!(stage.epicor.posted_journals().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_for_the_unknown_fee_lets_it_go_by_itself() {
    let stage = stage("us-unknown-fee.txt", true).await;
    assert_eq!(after(&stage, 3, &SYNC).await, "held");
    let story = |said: &support::Said| said.out.lines().count();
    let id = id("us-unknown-fee.txt");
    let before = story(&support::run(stage.folder(), &["audit", "show", &id]).await);
    assert_eq!(after(&stage, 3, &SYNC).await, "held");
    let unchanged = story(&support::run(stage.folder(), &["audit", "show", &id]).await);
    assert_eq!(before, unchanged, "looking again without a change is no event");

    let rules = stage.folder().join("rules.toml");
    let text = std::fs::read_to_string(&rules).expect("rules");
    let rule = "\n[[rule]]\namount_type = \"New Programme Fee\"\nrole = \"other_fees\"\n";
    std::fs::write(&rules, text + rule).expect("written");
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

/// The decision is written by a command: what it would do is shown first, the former text is kept,
/// and what waited for it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_maps_the_unknown_fee_and_what_waited_for_it_goes_on() {
    let stage = stage("us-unknown-fee.txt", true).await;
    said(&stage, 3, &SYNC).await;
    let rules = || std::fs::read_to_string(stage.folder().join("rules.toml")).expect("there");
    let before = rules();
    let fee = "AmazonFees / New Programme Fee / Base fee";

    let trial = said(&stage, 0, &["rules", "map", fee, "other_fees", "--dry-run"]).await;
    assert!(trial.contains("+ amount_type = \"New Programme Fee\""), "{trial}");
    assert!(trial.contains("over the newest 1 settlements"), "{trial}");
    assert!(trial.contains("5190") && trial.contains("-39.75"), "{trial}");
    assert_eq!(rules(), before, "a trial writes nothing");

    let wrong = ["rules", "map", fee, "other_fees", "--account", "5999", "--reason", "new"];
    let refused = support::run(stage.folder(), &wrong).await;
    assert_eq!(refused.code, 78, "{}", refused.err);
    assert!(refused.err.contains("5999 is not in the chart"), "{}", refused.err);

    let args = ["rules", "map", fee, "other_fees", "--reason", "Vine, says Amazon"];
    let cases = stage.folder().join("rules.test.toml");
    std::fs::write(&cases, [0xff]).expect("written");
    let refused = support::run(stage.folder(), &args).await;
    assert_eq!(refused.code, 78, "cases that cannot be read are not passed: {}", refused.err);
    assert!(refused.err.contains("rules.test.toml"), "{}", refused.err);
    assert_eq!(rules(), before);
    std::fs::remove_file(&cases).expect("removed");
    let done = said(&stage, 0, &args).await;
    assert!(done.contains("version 2") && done.contains("waited for it: mapped"), "{done}");
    let now = rules();
    assert!(now.starts_with(&before) && now.contains("person clerk: Vine, says Amazon"), "{now}");
    said(&stage, 0, &SYNC).await;
    assert_eq!(stage.epicor.posted_journals().len(), 1);

    let versions = support::run(stage.folder(), &["rules", "versions", "--json"]).await;
    let [second, first] = versions.json_lines().try_into().expect("two versions");
    assert_eq!((&second["in_force"], &first["in_force"]), (&true.into(), &false.into()));
    assert_eq!(second["reason"], "Vine, says Amazon");
    let kept = said(&stage, 0, &["rules", "versions", "1"]).await;
    assert_eq!(kept, before);
    let story = said(&stage, 0, &["audit", "show", "rules"]).await;
    assert!(story.contains("rules changed") && story.contains("Vine"), "{story}");
    let again = support::run(stage.folder(), &args).await;
    assert!(again.code == 78 && again.err.contains("say so already"), "{}", again.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_period_and_an_inactive_account_hold_until_solved_in_epicor() {
    let stage = stage("us-month-end.txt", true).await;
    stage.epicor.close_period(2026, 8);
    let account = GlAccountRow { active: false, ..GlAccountRow::active("5130", "Advertising") };
    stage.epicor.add_account(&account);
    assert_eq!(after(&stage, 3, &SYNC).await, "held");
    let said = support::run(stage.folder(), &["status"]).await;
    assert!(said.out.contains("5130") && said.out.contains("inactive"), "{}", said.out);
    assert!(said.out.contains("2026-08-31") && said.out.contains("closed"), "{}", said.out);
    assert!(stage.epicor.posted_journals().is_empty(), "not even the open half");

    stage.epicor.open_period(2026, 8);
    stage.epicor.add_account(&GlAccountRow::active("5130", "Advertising"));
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_imported_file_and_the_same_report_are_one_settlement() {
    let stage = stage("us-plain.txt", true).await;
    let bytes = documents::get("us-plain.txt").expect("it ships").bytes;
    std::fs::write(stage.folder().join("by-hand.txt"), bytes).expect("written");
    assert_eq!(after(&stage, 0, &["import", "by-hand.txt"]).await, "mapped");
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    assert_eq!(after(&stage, 0, &["import", "by-hand.txt"]).await, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reissue_of_a_posted_settlement_changes_nothing_and_is_told() {
    let stage = stage("us-plain.txt", true).await;
    let id = id("us-plain.txt");
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    // One amount and the total a cent larger: it ties, under the same id.
    let bytes = documents::get("us-plain.txt").expect("it ships").bytes;
    let text = String::from_utf8(bytes).expect("text");
    std::fs::write(stage.folder().join("again.txt"), one_cent_more(&text)).expect("written");
    assert_eq!(after(&stage, 3, &["import", "again.txt"]).await, "held");
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    assert_eq!(after(&stage, 0, &["release", &id]).await, "posted");
    // It is nothing new any more.
    assert_eq!(after(&stage, 0, &["import", "again.txt"]).await, "posted");
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    let story = support::run(stage.folder(), &["audit", "show", &id]).await;
    assert!(story.out.contains("reissued"), "{}", story.out);
}

/// Adds a cent to the total and to the first positive amount.
pub(crate) fn one_cent_more(text: &str) -> String {
    let mut lines: Vec<Vec<String>> =
        text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    let column = |name: &str| lines[0].iter().position(|cell| cell == name).expect("a column");
    let (total, amount) = (column("total-amount"), column("amount"));
    let add = |cell: &mut String| {
        let value: rust_decimal::Decimal = cell.parse().expect("a decimal");
        *cell = (value + rust_decimal::Decimal::new(1, 2)).to_string();
    };
    add(&mut lines[1][total]);
    let row = lines[2..].iter_mut().find(|row| !row[amount].starts_with('-')).expect("a sale");
    add(&mut row[amount]);
    lines.iter().map(|cells| cells.join("\t")).collect::<Vec<_>>().join("\n") + "\n"
}

/// Two connections in one installation: a wrong password of the first does not stop the second.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connections_trouble_is_not_anothers() {
    let stage = stage("us-plain.txt", true).await;
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let (head, connection) = config.split_once("[[connection]]").expect("a connection");
    let wrong = connection.replace("\"demo\"", "\"first\"").replace("\"password\"", "\"api-key\"");
    assert_ne!(wrong, connection);
    let two = format!("{head}[[connection]]{wrong}\n[[connection]]{connection}");
    std::fs::write(stage.config(), two).expect("written");

    let said = support::run(stage.folder(), &SYNC).await;
    assert_eq!(said.code, 77, "{}\n{}", said.out, said.err);
    assert!(said.err.contains("connection first"), "{}", said.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1, "{}\n{}", said.out, said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_log_is_exported_and_verified_anywhere() {
    let stage = stage("us-plain.txt", true).await;
    assert_eq!(after(&stage, 0, &SYNC).await, "posted");
    let verified = support::run(stage.folder(), &["audit", "verify", "--json"]).await.json_lines();
    let exported = support::run(stage.folder(), &["audit", "export", "log", "--json"]).await;
    assert_eq!(exported.json_lines(), verified);

    // Elsewhere, without configuration and store.
    let elsewhere = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(stage.folder().join("log")).expect("written");
    let verify = async |text: &str| {
        std::fs::write(elsewhere.path().join("log"), text).expect("written");
        support::run(elsewhere.path(), &["audit", "verify", "log", "--json"]).await
    };
    assert_eq!(verify(&text).await.json_lines(), verified);
    let edited = verify(&text.replacen("posted", "hidden", 1)).await;
    assert_eq!(edited.code, 1);
    assert!(edited.err.contains("its text was changed"), "{}", edited.err);
    let last = text.trim_end().rfind('\n').expect("many lines");
    let cut = verify(&text[..last]).await;
    assert!(cut.err.contains("cut off"), "{}", cut.err);
    let again = support::run(stage.folder(), &["audit", "export", "log"]).await;
    assert_eq!(again.code, 1, "a file that is there stays as it is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_may_have_its_journals_entered_in_fewer_requests() {
    let mut writing = Vec::new();
    for entry in ["dialogue", "compact"] {
        let stage = stage("us-plain.txt", true).await;
        let text = std::fs::read_to_string(stage.config()).expect("a configuration");
        let company = "company = \"EPIC06\"\n";
        let chosen = text.replace(company, &format!("{company}entry = \"{entry}\"\n"));
        std::fs::write(stage.config(), chosen).expect("written");
        assert_eq!(after(&stage, 0, &SYNC).await, "posted", "{entry}");
        assert_eq!(stage.epicor.posted_journals().len(), 1, "{entry}");
        let requests = stage.epicor.requests();
        // What looks it up is counted apart: that depends on when it is looked up.
        let of_entry = |request: &&fixtures::RequestSeen| {
            request.method == "POST" && request.operation != "GetByGroupID"
        };
        writing.push(requests.iter().filter(of_entry).count());
    }
    assert_eq!(writing, [11, 6]);
}
