//! `serve`: the schedule, the health checks, the reload, the stop, and who is asked to run something.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use connector_app::stage::{Setting, Stage};
use fixtures::{Fault, documents};
use serde_json::Value;
use store::Store;

use crate::support::{self, eventually, get};

/// A server in a process of its own; killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
}

impl Serving {
    /// Starts it, and waits until it listens.
    pub(crate) async fn start(stage: &Stage) -> Self {
        let mut command = support::binary(stage.folder());
        command.args(["serve", "--listen", "127.0.0.1:0", "--json"]);
        command.stdout(Stdio::piped());
        tokio::task::spawn_blocking(move || {
            let mut serving = Self::of(command.spawn().expect("the binary starts"));
            let mut line = String::new();
            let out = serving.child.stdout.take().expect("piped");
            BufReader::new(out).read_line(&mut line).expect("it says where it listens");
            let told: Value = serde_json::from_str(&line).expect("JSON");
            told["listening"].as_str().expect("an address").clone_into(&mut serving.address);
            serving
        })
        .await
        .expect("not cancelled")
    }

    /// A worker that was started and does not listen.
    pub(crate) fn of(child: Child) -> Self {
        Self { child, address: String::new() }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Whether `/ready` says so, and its detail.
    async fn ready(&self) -> (bool, Value) {
        let (status, body) = get(&self.address, "/ready").await;
        let detail: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(detail["ready"], status == 200, "{body}");
        (status == 200, detail)
    }

    async fn metric(&self, line: &str) -> bool {
        get(&self.address, "/metrics").await.1.lines().any(|has| has == line)
    }

    pub(crate) async fn ended(mut self) -> ExitStatus {
        let mut status = None;
        eventually("it ends", async || {
            status = self.child.try_wait().expect("it is ours");
            status.is_some()
        })
        .await;
        status.expect("it ended")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _killed = self.child.kill();
        let _gone = self.child.wait();
    }
}

async fn stage(schedule: &str) -> Stage {
    let mut setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    setting.send_grace_seconds = 5;
    let stage = Stage::set(setting).await.expect("stand-ins start");
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let text = format!("{text}\n[connection.schedule]\nsettlements = \"{schedule}\"\n");
    std::fs::write(stage.config(), text).expect("written");
    stage
}

fn edit(stage: &Stage, from: &str, to: &str) {
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    assert!(text.contains(from), "{text}");
    support::put(&stage.config(), &text.replace(from, to));
}

async fn runs(stage: &Stage) -> Vec<Value> {
    support::run(stage.folder(), &["runs", "--json"]).await.json_lines()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_runs_by_the_schedule_and_tells_how_it_goes() {
    let stage = stage("every 1h").await;
    let serving = Serving::start(&stage).await;
    eventually("posted", async || stage.epicor.posted_journals().len() == 1).await;
    let ran = "ml_connector_runs_total{flow=\"settlements\",outcome=\"ok\"} 1";
    eventually("the run has ended", async || serving.metric(ran).await).await;
    let (ready, detail) = serving.ready().await;
    assert!(ready, "{detail}");
    let mut flows = detail["last_runs"].as_array().expect("a list").iter();
    let settlements = flows.find(|run| run["flow"] == "settlements").expect("it ran");
    assert_eq!(settlements["outcome"], "ok", "{detail}");
    assert_eq!(get(&serving.address, "/live").await.0, 200);
    for line in [
        "ml_connector_settlements{state=\"posted\"} 1",
        "ml_connector_postings{step=\"confirmed\"} 1",
        "ml_connector_store_reachable 1",
        "ml_connector_configuration_valid 1",
        "ml_connector_held 0",
        "ml_connector_requests_total{operation=\"getReports\",status=\"200\"} 1",
        "ml_connector_last_runs{flow=\"settlements\",outcome=\"ok\"} 1",
        "ml_connector_client_secrets{days=\"below 90\"} 1",
    ] {
        assert!(
            serving.metric(line).await,
            "{line}: {}",
            get(&serving.address, "/metrics").await.1
        );
    }

    let listed = runs(&stage).await;
    assert_eq!(listed.len(), 1, "the next is due in an hour");
    assert_eq!((&listed[0]["trigger"], &listed[0]["outcome"]), (&"schedule".into(), &"ok".into()));
    assert_eq!(listed[0]["counts"]["moved"], 1);

    // Between the runs the data folder is free: a command does its work as ever.
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(runs(&stage).await[0]["trigger"], "command");
    assert_eq!(stage.epicor.posted_journals().len(), 1);

    serving.signal("TERM");
    assert!(serving.ended().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_ready_once_the_store_can_be_had() {
    let stage = stage("never").await;
    let theirs = Store::open(&stage.folder().join("data")).expect("a store");
    let serving = Serving::start(&stage).await;
    let (ready, detail) = serving.ready().await;
    assert!(!ready);
    assert!(detail["store"].as_str().expect("text").contains("another ml-connector"), "{detail}");
    drop(theirs);
    eventually("ready", async || serving.ready().await.0).await;
    serving.signal("INT");
    assert!(serving.ended().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_configuration_is_refused_and_the_former_one_stays() {
    let stage = stage("never").await;
    let serving = Serving::start(&stage).await;
    edit(&stage, "settlements = \"never\"", "settlement = \"every 1s\"");
    eventually("refused", async || serving.metric("ml_connector_configuration_valid 0").await)
        .await;
    let (ready, detail) = serving.ready().await;
    assert!(ready, "the former one is in force: {detail}");
    let reason = detail["configuration"]["refused"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("no flow \"settlement\""), "{reason}");
    assert!(
        serving.metric("ml_connector_configuration_reloads_total{outcome=\"refused\"} 1").await
    );

    // Rules that are wrong are found when they are asked for.
    let rules = std::fs::read_to_string(stage.folder().join("rules.toml")).expect("rules");
    support::put(&stage.folder().join("rules.toml"), "[[rule]]\nrole = 7\n");
    edit(&stage, "settlement = ", "settlements = ");
    serving.signal("HUP");
    eventually("refused by its rules", async || {
        let (_, detail) = serving.ready().await;
        detail["configuration"]["refused"]["reason"].to_string().contains("rules.toml")
    })
    .await;
    assert!(runs(&stage).await.is_empty());

    support::put(&stage.folder().join("rules.toml"), &rules);
    edit(&stage, "data_dir = \"data\"", "data_dir = \"data\"\nserve.listen = \"127.0.0.1:1\"");
    eventually("accepted", async || serving.metric("ml_connector_configuration_valid 1").await)
        .await;
    let (_, detail) = serving.ready().await;
    assert_eq!(detail["configuration"]["needs_restart"][0], "[serve] listen", "{detail}");
    eventually("posted by the new schedule", async || stage.epicor.posted_journals().len() == 1)
        .await;

    edit(&stage, "automatic = true", "automatic = true\nlimit = \"5.00\"");
    let changed = async || told(&stage, "demo").await;
    eventually("told", async || changed().await.len() == 2).await;
    let changes = changed().await;
    let of = |event: &Value, side: &str, name: &str| event["detail"][side][name].clone();
    assert_eq!(changes[0]["action"], "changed");
    assert_eq!(of(&changes[0], "was", "settlements"), "never");
    assert_eq!(of(&changes[0], "is", "settlements"), "every 1s");
    assert_eq!(changes[0]["detail"]["is"].as_object().expect("settings").len(), 1);
    assert_eq!(of(&changes[1], "was", "approval.limit"), Value::Null);
    assert_eq!(of(&changes[1], "is", "approval.limit"), "5.00");
    let refusals = told(&stage, store::CONSOLE).await;
    assert!(refusals.iter().all(|event| event["action"] == "refused"), "{refusals:?}");
    let reason = refusals[0]["detail"]["reason"].as_str().expect("a reason");
    assert!(reason.contains("no flow \"settlement\""), "{reason}");
}

/// What the audit log tells of the configuration.
async fn told(stage: &Stage, connection: &str) -> Vec<Value> {
    let show = ["audit", "show", "configuration", "--connection", connection, "--json"];
    support::run(stage.folder(), &show).await.json_lines()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_amid_a_run_is_prompt_and_the_next_start_goes_on() {
    let stage = stage("every 1h").await;
    // Long enough to be met waiting.
    edit(&stage, "settle_seconds = 2", "settle_seconds = 6");
    stage.epicor.faults().on("PostGroupJournals", 0, Fault::ResetAfter);
    let serving = Serving::start(&stage).await;
    eventually("posted without an answer", async || {
        serving.metric("ml_connector_postings{step=\"unknown\"} 1").await
    })
    .await;
    let asked = Duration::from_secs(4);
    serving.signal("TERM");
    let status = tokio::time::timeout(asked, serving.ended()).await.expect("it does not wait");
    assert!(status.success());
    let left = runs(&stage).await;
    assert_eq!(left[0]["outcome"], "interrupted", "{left:?}");
    assert!(!left[0]["ended"].is_null());

    let serving = Serving::start(&stage).await;
    eventually("found in Epicor", async || {
        serving.metric("ml_connector_settlements{state=\"posted\"} 1").await
    })
    .await;
    assert_eq!(stage.epicor.posted_journals().len(), 1, "looked up, not sent again");
    assert!(stage.epicor.unposted_groups().is_empty());
}

/// What is left of Amazon's budgets, as the store has it.
fn budgets(stage: &Stage) -> impl Future<Output = Vec<store::RateRecord>> {
    let store = Store::open_read_only(&stage.folder().join("data")).expect("a store");
    async move { store.rates("demo").await.expect("readable") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_of_amazons_budgets_outlives_the_process() {
    let stage = stage("every 1h").await;
    let ran = "ml_connector_runs_total{flow=\"settlements\",outcome=\"ok\"} 1";
    let mut left = Vec::new();
    for _ in 0..4 {
        let serving = Serving::start(&stage).await;
        eventually("the run has ended", async || serving.metric(ran).await).await;
        serving.signal("TERM");
        assert!(serving.ended().await.success());
        let kept = budgets(&stage).await;
        let lists = kept.iter().find(|rate| rate.operation == "getReports").expect("it was called");
        assert!(lists.account.starts_with("demo@"), "{lists:?}");
        left.push(lists.tokens);
        // The next process plans it anew, at once.
        let store = Store::open(&stage.folder().join("data")).expect("a store");
        let planned = store.schedule().await.expect("readable").into_iter();
        let gone: Vec<_> = planned.map(|record| record.planned).collect();
        store.schedule_set(&[], &gone).await.expect("forgotten");
    }
    // Each run takes one; in 45 s one comes back.
    assert!(left.last() < left.first(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_leaves_a_run_that_the_next_start_ends() {
    let stage = stage("every 1h").await;
    stage.epicor.faults().on("PostGroupJournals", 0, Fault::HoldAfter);
    let serving = Serving::start(&stage).await;
    tokio::time::timeout(Duration::from_secs(60), stage.epicor.faults().reached())
        .await
        .expect("it posts");
    serving.signal("KILL");
    drop(serving);
    stage.epicor.faults().clear();
    stage.epicor.faults().release();
    assert!(runs(&stage).await[0]["ended"].is_null());

    let serving = Serving::start(&stage).await;
    let ran = "ml_connector_runs_total{flow=\"settlements\",outcome=\"ok\"} 1";
    eventually("it goes on at once", async || serving.metric(ran).await).await;
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    assert_eq!(runs(&stage).await[1]["outcome"], "interrupted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_wants_now_is_run_by_the_server_or_here() {
    let stage = stage("never").await;
    let serving = Serving::start(&stage).await;
    let run = ["run", "settlements", "--json"];
    let said = support::run(stage.folder(), &run).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let told = &said.json_lines()[0];
    assert_eq!((&told["trigger"], &told["outcome"]), (&"run-now".into(), &"ok".into()));
    assert_eq!(told["asked_by"], "person clerk", "{told}");
    let table = support::run(stage.folder(), &["runs"]).await.out;
    assert!(table.contains("run-now by person clerk"), "{table}");
    let by = |told: &Value| told["worker"].as_str().expect("a process").to_owned();
    assert!(by(told).starts_with(&format!("process {} of", serving.id())), "{told}");
    assert_eq!(stage.epicor.posted_journals().len(), 1);

    serving.signal("TERM");
    let id = serving.id();
    assert!(serving.ended().await.success());
    let said = support::run(stage.folder(), &run).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let told = &said.json_lines()[0];
    assert_eq!((&told["trigger"], &told["asked_by"]), (&"run-now".into(), &"person clerk".into()));
    assert!(!by(told).starts_with(&format!("process {id} of")), "{told}");

    let said = support::run(stage.folder(), &["run", "settlement"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("the flows are settlements"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connections_trouble_delays_no_other() {
    let setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    let stage = Stage::set(setting).await.expect("stand-ins start");
    stage.multiply(2, "data_dir = \"data\"", "every 1h").expect("written");
    let text = std::fs::read_to_string(stage.config()).expect("a configuration");
    let wrong = text.replacen("\"password\"", "\"api-key\"", 1);
    assert_ne!(wrong, text);
    std::fs::write(stage.config(), wrong).expect("written");
    let serving = Serving::start(&stage).await;
    eventually("the other one is posted", async || stage.epicor.posted_journals().len() == 1).await;
    let refused = "ml_connector_last_runs{flow=\"settlements\",outcome=\"not-authorised\"} 1";
    eventually("told", async || serving.metric(refused).await).await;
    let listed = runs(&stage).await;
    let first = listed.iter().find(|run| run["connection"] == "seller-1").expect("it ran");
    assert!(first["message"].as_str().expect("why").contains("Epicor"), "{first}");
    let only = support::run(stage.folder(), &["runs", "--json", "--connection", "seller-2"]).await;
    assert_eq!(only.json_lines().len(), 1);
    let table = support::run(stage.folder(), &["runs"]).await.out;
    assert!(table.contains("not-authorised") && table.contains("schedule"), "{table}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_serve_says_why() {
    let stage = stage("never").await;
    let said = support::run(stage.folder(), &["serve", "--worker"]).await;
    assert_eq!(said.code, 78, "{}", said.err);
    assert!(said.err.contains("[postgres]"), "{}", said.err);
    edit(&stage, "\"never\"", "\"every now and then\"");
    let said = support::run(stage.folder(), &["serve"]).await;
    assert_eq!(said.code, 78, "{}", said.err);
    assert!(said.err.contains("every 30m") && said.err.contains(".toml:"), "{}", said.err);
}
