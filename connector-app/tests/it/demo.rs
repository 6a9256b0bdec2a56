//! The first thing a stranger runs.

use crate::support;

#[tokio::test]
async fn the_demo_shows_what_the_readme_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = support::run(folder.path(), &["demo"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    for promise in [
        "Epicor journal",
        "ties to the deposit to the cent",
        "New Programme Fee",
        "a difference of 12.34",
        "nothing new",
        "2 are sales orders in Epicor now",
        "is shipped at Amazon",
        "4 listings in 1 marketplace: 1 matched, 1 inactive, 2 missing",
        "perhaps it is LD-100-B (GTIN)",
        "refunded, all 34.99 USD",
        "sync settlements",
    ] {
        assert!(said.out.contains(promise), "\"{promise}\" is missing:\n{}", said.out);
    }
    assert!(!said.out.contains('\u{1b}'), "no colour when the output is not a terminal");
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("readable").collect();
    assert!(left.is_empty(), "the demo leaves nothing behind: {left:?}");
}

#[tokio::test]
async fn the_demo_keeps_its_folder_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = support::run(folder.path(), &["demo", "--keep", "kept"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    let config = folder.path().join("kept/ml-connector.toml");
    let args = ["status", "--config", config.to_str().expect("a path")];
    let status = support::run(folder.path(), &args).await;
    assert_eq!(status.code, 3, "two are held: {}\n{}", status.out, status.err);
    assert!(status.out.contains("posted"), "{}", status.out);
}

#[tokio::test]
async fn the_demo_tells_machines_each_settlement_and_the_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = support::run(folder.path(), &["demo", "--json"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    let mut lines = said.json_lines();
    let figures = lines.pop().expect("a last line");
    assert_eq!((&figures["done"], &figures["deposits_tie"]), (&"demo".into(), &true.into()));
    let journals = &figures["journals_after_first_sync"];
    assert_eq!(journals, &figures["journals_after_second_sync"]);
    let of = |line: &serde_json::Value| line["journals"].as_array().map_or(0, Vec::len);
    assert_eq!(lines.iter().map(of).sum::<usize>() as u64, journals.as_u64().expect("a number"));
    assert_eq!(lines.iter().filter(|line| line["state"] == "held").count(), 2);
}
