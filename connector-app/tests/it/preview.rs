//! `sync settlements --dry-run` says what would come, and `sync` does all that is configured.

use connector_app::stage::{Setting, Stage};
use fixtures::documents;

use crate::support::run;

async fn stage(names: &[&str], automatic: bool) -> Stage {
    let settlements = names.iter().map(|name| documents::get(name).expect("it ships")).collect();
    let setting = Setting { automatic, ..Setting::new(settlements) };
    Stage::set(setting).await.expect("stand-ins start")
}

const DRY: [&str; 4] = ["sync", "settlements", "--dry-run", "--json"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_plans_what_is_new_and_leaves_no_trace() {
    let stage = stage(&["us-plain.txt", "us-unknown-fee.txt"], true).await;
    let said = run(stage.folder(), &DRY).await;
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    let would = |lines: &[serde_json::Value]| {
        let mut words: Vec<_> = lines.iter().map(|line| line["would"].to_string()).collect();
        words.sort();
        words
    };
    let lines = said.json_lines();
    assert_eq!(would(&lines), ["\"hold\"", "\"post\""], "{}", said.out);
    let posts = lines.iter().find(|line| line["would"] == "post").expect("one");
    assert!(posts["report_id"].is_string() && posts["ties"] == true, "{posts}");
    assert!(!stage.folder().join("data").exists(), "nothing is stored");
    assert!(stage.epicor.posted_journals().is_empty() && stage.epicor.unposted_groups().is_empty());
    let people = run(stage.folder(), &DRY[..3]).await.out;
    assert!(people.contains("2 reports listed, 2 new; nothing is stored"), "{people}");
    assert!(people.contains("would be approved by the policy and posted"), "{people}");

    // What it said comes true, and then nothing is new.
    assert_eq!(run(stage.folder(), &["sync"]).await.code, 3);
    let posted = stage.epicor.posted_journals();
    assert_eq!(posted.len(), posts["journals"].as_array().expect("a list").len());
    let again = run(stage.folder(), &DRY).await;
    assert_eq!((again.code, again.out.as_str()), (0, ""), "{}", again.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_knows_accounts_that_epicor_lacks_and_who_approves() {
    let stage = stage(&["us-plain.txt"], false).await;
    let would = async || run(stage.folder(), &DRY).await.json_lines()[0]["would"].clone();
    assert_eq!(would().await, "wait_for_approval");
    let rules = stage.folder().join("rules.toml");
    let text = std::fs::read_to_string(&rules).expect("rules");
    std::fs::write(&rules, text.replace("\"4000\"", "\"4999\"")).expect("written");
    assert_eq!(would().await, "hold");
}

/// A settlement of a policy carries the policy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_by_policy_tells_the_policy_and_the_deposit() {
    let stage = stage(&["us-plain.txt"], true).await;
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let limited = text.replace("automatic = true", "automatic = true\nlimit = \"900000.00\"");
    std::fs::write(stage.config(), limited).expect("written");
    assert_eq!(run(stage.folder(), &["sync"]).await.code, 0);
    let status = run(stage.folder(), &["status", "--json"]).await;
    let settlement = status.settlements().remove(0);
    let id = settlement["settlement_id"].as_str().expect("an id");
    let story = run(stage.folder(), &["audit", "show", id, "--json"]).await.json_lines();
    let approved = story.iter().find(|event| event["actor"] == "approval policy");
    let detail = &approved.expect("the policy approved")["detail"];
    assert_eq!((&detail["automatic"], &detail["limit"]), (&true.into(), &"900000.00".into()));
    let deposit = settlement["deposit"].as_str().expect("text");
    assert_eq!(detail["deposit"], format!("{deposit} USD"));
    // The next one of the stream is told to machines as it is to people.
    let people = run(stage.folder(), &["status"]).await.out;
    let expected = status.json_lines().iter().filter(|line| line["expected"].is_object()).count();
    assert_eq!(people.matches(", next").count(), expected, "{people}");
}
