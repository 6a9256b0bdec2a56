//! Several processes on one PostgreSQL store: one at a time acts for a connection.

use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use fixtures::postgres::Server;

use crate::support::{Said, run};

async fn sync(stage: &Stage) -> Said {
    run(stage.folder(), &["sync", "settlements"]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_run_together_post_once() {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("not cancelled");
    let server = server.expect("a throwaway PostgreSQL server");
    let stage = Stage::set(Setting::new(documents::demo())).await.expect("stand-ins start");
    stage.share(&server.url(), 1, "never").expect("written");

    let (a, b, c) = tokio::join!(sync(&stage), sync(&stage), sync(&stage));
    let codes = [a.code, b.code, c.code];
    // Three says that something is held, 75 that another process was at it.
    assert!(
        codes.iter().all(|code| [3, 75].contains(code)),
        "{codes:?}: {}{}{}",
        a.err,
        b.err,
        c.err
    );
    assert_eq!(sync(&stage).await.code, 3);

    let posted = stage.epicor.posted_journals();
    let mut groups: Vec<_> = posted.iter().map(|journal| journal.group_id.clone()).collect();
    groups.sort();
    groups.dedup();
    assert_eq!(groups.len(), posted.len(), "each journal once");
    assert_eq!(posted.len(), 7);
    let status = run(stage.folder(), &["status", "--json"]).await.json_lines();
    assert_eq!(status.iter().filter(|line| line["state"] == "posted").count(), 6);
    assert!(!stage.folder().join("data").exists(), "nothing is kept beside the server");
}
