//! The past: what is fetched again from Amazon, and what was kept long enough.

use connector_app::stage::{Setting, Stage};
use fixtures::documents;

use crate::support::run;

async fn stage() -> Stage {
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    Stage::set(setting).await.expect("stand-ins start")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backfill_posts_once_and_says_what_amazon_no_longer_has() {
    let stage = stage().await;
    let backfill = ["backfill", "settlements", "--from", "2020-01-01", "--to", "2099-12-31"];
    let said = run(stage.folder(), &backfill).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("90 days") && said.err.contains("`import`"), "{}", said.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    let again = run(stage.folder(), &backfill).await;
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1, "what is known stays as it is");

    let gone =
        run(stage.folder(), &["backfill", "--from", "2020-01-01", "--to", "2020-12-31"]).await;
    assert_eq!(gone.code, 1);
    assert!(gone.err.contains("ml-connector import FILE"), "{}", gone.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_are_purged_when_they_are_old_enough_and_not_before() {
    let stage = stage().await;
    assert_eq!(run(stage.folder(), &["sync", "settlements"]).await.code, 0);
    let purge = async |args: &[&str]| {
        let said = run(stage.folder(), args).await;
        assert_eq!(said.code, 0, "{}", said.err);
        let told = said.json_lines().remove(0);
        told["documents"].as_array().expect("a list").len()
    };
    assert_eq!(purge(&["purge", "--json"]).await, 0, "it is not ten years old");

    // A day after the settlement's end, by a clock of its own: the program has no setting for that.
    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let wrong =
        config.replacen("[[connection]]", "[retention]\nsettlement_years = 0\n[[connection]]", 1);
    std::fs::write(stage.config(), wrong).expect("written");
    let said = run(stage.folder(), &["purge"]).await;
    assert_eq!(said.code, 78, "nobody keeps books for less than a year: {}", said.err);
}
