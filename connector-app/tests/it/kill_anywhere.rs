//! Kills the real binary (SIGKILL) again and again while it posts thirty settlements to servers that
//! fail, at moments drawn by a seed; in the end each settlement has exactly one journal.
//!
//! A normal run kills 10 times on each engine; `ML_KILLS=200 cargo test -p connector-app --test it
//! kill_anywhere` is the long one.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::Duration;

use connector_app::stage::{Setting, Stage};
use fixtures::postgres::Server;
use fixtures::{Fault, documents};
use ledger_mapper::{Role, Rules};
use rust_decimal::Decimal;
use store::{Lease, PostgresOptions, Store};
use wire::{Clock as _, Random, SeededRandom, SystemClock};

use crate::support::{self, Said};

const SETTLEMENTS: u64 = 30;
/// The one connection of a stage whose store is shared.
const SHARED: &str = "seller-1";
const ROWS: usize = 12;
/// Of a thousand requests, how many go wrong.
const FAULTS_PER_MILLE: u32 = 15;
/// How often it is run to the end after the last kill.
const RUNS: usize = 20;

fn kills() -> u64 {
    std::env::var("ML_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(10)
}

async fn stage() -> Stage {
    // Amazon gives out a document a minute; these were downloaded by hand.
    let mut setting = Setting::new(Vec::new());
    setting.settle_seconds = 1;
    setting.send_grace_seconds = 2;
    // Faults that never answer cost this much each.
    setting.request_timeout_seconds = 2;
    // Amazon's list of reports is asked for by each run and has nothing new; two hundred runs would
    // wait hours for its rate.
    setting.amazon.enforce_rates = false;
    Stage::set(setting).await.expect("stand-ins start")
}

async fn import(stage: &Stage) {
    let documents: Vec<_> = (0..SETTLEMENTS).map(|seed| documents::generate(seed, ROWS)).collect();
    for document in &documents {
        std::fs::write(stage.folder().join(&document.name), &document.bytes).expect("written");
    }
    let names = documents.iter().map(|document| document.name.as_str());
    let args: Vec<_> = std::iter::once("import").chain(names).collect();
    let said = support::run(stage.folder(), &args).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_anywhere_on_sqlite() {
    let stage = stage().await;
    kill_again_and_again(&stage, 1, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_anywhere_on_postgresql() {
    let server = tokio::task::spawn_blocking(Server::start).await.expect("not cancelled");
    let server = server.expect("a throwaway PostgreSQL server");
    let stage = stage().await;
    stage.share(&server.url(), 1, "never").expect("written");
    let options = PostgresOptions::new(server.url());
    let lanes = Lanes { store: Store::connect(&options).await.expect("a server"), fence: 1 };
    kill_again_and_again(&stage, 2, Some(lanes)).await;
}

#[expect(clippy::print_stdout, reason = "a person reads the figures")]
async fn kill_again_and_again(stage: &Stage, seed: u64, mut lanes: Option<Lanes>) {
    import(stage).await;
    let random = SeededRandom::new(seed);
    let mut done_before_killed = 0;
    for kill in 0..kills() {
        stage.epicor.faults().seeded(seed << 32 | kill, FAULTS_PER_MILLE);
        let child = support::binary(stage.folder())
            .args(["sync", "settlements"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let killed = kill_at_some_moment(stage, child, &random).await;
        done_before_killed += u64::from(!killed);
        stage.epicor.faults().clear();
        stage.epicor.faults().release();
        if let Some(lanes) = &mut lanes {
            lanes.let_the_lease_end().await;
        }
        if kill % 5 == 4 {
            release_held(stage).await;
        }
    }
    let posted = stage.epicor.posted_journals().len();
    println!("{} killed, {posted} journals posted meanwhile", kills() - done_before_killed);
    assert!(done_before_killed < kills() / 2, "it is killed while it works");
    let mut said = None;
    for _ in 0..RUNS {
        let run = support::run(stage.folder(), &["sync", "settlements"]).await;
        if run.code == 0 {
            return each_exactly_once(stage).await;
        }
        release_held(stage).await;
        said = Some(run);
    }
    panic!("it is not done after {RUNS} runs: {said:#?}");
}

/// Lets the process work until Epicor has a certain request of it in hand, and kills it then, or a
/// little later. `false` when it was at its end before.
async fn kill_at_some_moment(stage: &Stage, mut child: Child, random: &dyn Random) -> bool {
    let faults = stage.epicor.faults();
    let hold = if random.below(2) == 0 { Fault::HoldBefore } else { Fault::HoldAfter };
    let while_held = random.below(2) == 0;
    // One time in five by the clock alone: it is not at Epicor all the time.
    if random.below(5) == 0 {
        tokio::time::sleep(Duration::from_millis(200 + random.below(20_000 / kills()))).await;
    } else {
        // A run is at work after some requests that only look.
        faults.at(3 + random.below(2 * 14 * SETTLEMENTS / kills()), hold);
        let gone = async {
            while child.try_wait().expect("ours").is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = faults.reached() => {}
            () = gone => return false,
        }
        if !while_held {
            faults.release();
            tokio::time::sleep(Duration::from_millis(random.below(40))).await;
        }
    }
    let killed = child.try_wait().expect("ours").is_none();
    child.kill().expect("killed, or gone");
    child.wait().expect("gone");
    killed
}

async fn statuses(stage: &Stage) -> Vec<serde_json::Value> {
    support::run(stage.folder(), &["status", "--json"]).await.settlements()
}

/// What a person does with a posting that used up its attempts.
async fn release_held(stage: &Stage) {
    for held in statuses(stage).await.iter().filter(|status| status["state"] == "held") {
        assert_eq!(held["held"][0]["reason"], "posting_held", "{held:#}");
        let id = held["settlement_id"].as_str().expect("an id");
        support::run(stage.folder(), &["release", id]).await;
    }
}

async fn each_exactly_once(stage: &Stage) {
    let mut journals = BTreeMap::new();
    let mut deposits = Decimal::ZERO;
    let statuses = statuses(stage).await;
    assert_eq!(statuses.len() as u64, SETTLEMENTS);
    for status in statuses {
        assert_eq!(status["state"], "posted", "{status:#}");
        deposits += status["deposit"].as_str().expect("text").parse::<Decimal>().expect("money");
        for journal in status["journals"].as_array().expect("a list") {
            let text = |name: &str| journal[name].as_str().expect("text").to_owned();
            journals.insert(text("group_id"), text("journal"));
        }
    }
    let posted = stage.epicor.posted_journals();
    let numbers: BTreeMap<_, _> = posted
        .iter()
        .map(|journal| (journal.group_id.clone(), journal.journal_num.to_string()))
        .collect();
    assert_eq!(numbers, journals, "store and Epicor agree");
    assert_eq!(posted.len(), journals.len(), "each journal once");
    assert_eq!(stage.epicor.unposted_groups(), [], "nothing is left in entry");

    let rules = Rules::sample();
    let clearing = rules.account_for(&Role::AMAZON_CLEARING).expect("it is named").as_str();
    let lines = posted.iter().flat_map(|journal| &journal.lines);
    let lines = lines.filter(|line| line.account == clearing);
    let held: Decimal = lines.map(|line| line.debit - line.credit).sum();
    assert_eq!(held, deposits, "the clearing account holds the deposits");

    let Said { code, out, err } = support::run(stage.folder(), &["audit", "verify"]).await;
    assert_eq!(code, 0, "{out}{err}");
}

/// The lease of a killed process ends after its time. This lets the time pass at once.
struct Lanes {
    store: Store,
    /// The fence of the last holder that is known of.
    fence: u64,
}

impl Lanes {
    async fn let_the_lease_end(&mut self) {
        let now = SystemClock::new().now();
        // A run takes the lane once, or was killed before it did; each release of a held posting
        // takes it, too.
        for fence in self.fence..self.fence + 3 + SETTLEMENTS {
            let lease = Lease { lane: SHARED.to_owned(), owner: String::new(), fence };
            if self.store.lane_renew(&lease, Duration::ZERO, now).await.expect("a server") {
                self.fence = fence;
                return;
            }
        }
    }
}
