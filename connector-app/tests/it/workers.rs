//! Several workers on one PostgreSQL server: the work spreads, a dead one's goes on elsewhere, and
//! one that slept past its lease changes nothing.

use std::process::Stdio;
use std::time::Duration;

use connector_app::stage::{Setting, Stage};
use fixtures::postgres::Server;
use fixtures::{Fault, documents};

use crate::serve::Serving;
use crate::support::{self, eventually};

const CONNECTIONS: usize = 20;

async fn shared() -> (Server, Stage) {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("not cancelled");
    let server = server.expect("a throwaway PostgreSQL server");
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    let stage = Stage::set(setting).await.expect("stand-ins start");
    stage.share(&server.url(), CONNECTIONS, "every 1h").expect("written");
    (server, stage)
}

fn worker(stage: &Stage) -> Serving {
    let mut command = support::binary(stage.folder());
    command.args(["serve", "--worker"]).stdout(Stdio::null());
    Serving::of(command.spawn().expect("the binary starts"))
}

async fn runs(stage: &Stage) -> Vec<serde_json::Value> {
    let said = support::run(stage.folder(), &["runs", "--json", "--limit", "500"]).await;
    said.json_lines()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_dies_and_one_sleeps_and_each_settlement_is_posted_once() {
    let (_server, stage) = shared().await;
    // Slow enough that every worker has something under way.
    stage.epicor.faults().seeded_from(7, 1000, &[Fault::Delay(Duration::from_millis(40))]);
    let (dies, sleeps, lives) = (worker(&stage), worker(&stage), worker(&stage));
    let holds = async |worker: &Serving| {
        let id = format!("process {} of", worker.id());
        let owns =
            |run: &serde_json::Value| run["worker"].as_str().is_some_and(|w| w.starts_with(&id));
        runs(&stage).await.iter().any(|run| owns(run) && run["ended"].is_null())
    };
    eventually("the first has something under way", async || holds(&dies).await).await;
    dies.signal("KILL");
    eventually("so has the second", async || holds(&sleeps).await).await;
    sleeps.signal("STOP");

    eventually("all are posted, or wait for who holds them", async || {
        runs(&stage).await.iter().filter(|run| run["outcome"] == "ok").count() >= CONNECTIONS
    })
    .await;
    // It wakes long after its lease, in the middle of what it did.
    sleeps.signal("CONT");
    tokio::time::sleep(Duration::from_secs(2)).await;
    lives.signal("TERM");
    sleeps.signal("TERM");
    assert!(lives.ended().await.success());
    assert!(sleeps.ended().await.success());

    let posted = stage.epicor.posted_journals();
    let mut groups: Vec<_> = posted.iter().map(|journal| journal.group_id.clone()).collect();
    groups.sort();
    groups.dedup();
    assert_eq!((groups.len(), posted.len()), (CONNECTIONS, CONNECTIONS), "each once");
    assert!(stage.epicor.unposted_groups().is_empty());
    let status = support::run(stage.folder(), &["status", "--json"]).await.json_lines();
    assert_eq!(status.iter().filter(|line| line["state"] == "posted").count(), CONNECTIONS);
    let verified = support::run(stage.folder(), &["audit", "verify"]).await;
    assert_eq!(verified.code, 0, "{}", verified.err);
    let all = runs(&stage).await;
    let interrupted = all.iter().filter(|run| run["outcome"] == "interrupted").count();
    assert!(interrupted >= 2, "what was under way went on elsewhere: {all:?}");
    let mut workers: Vec<_> = all.iter().map(|run| run["worker"].to_string()).collect();
    workers.sort();
    workers.dedup();
    assert_eq!(workers.len(), 3, "the work was spread");
}
