//! How fast several workers settle a thousand connections on one PostgreSQL server, what the leases
//! cost, and that nothing is posted twice when one worker is killed and one sleeps.
//!
//! ```sh
//! cargo build --release -p connector-app && cargo run --release -p connector-app --example workers
//! ```
//!
//! Takes the number of connections as its only argument; 1000 when left out. The stand-ins and the
//! server run on this machine too, so the figures say how the work spreads, not how fast Epicor is:
//! each of its answers is made to take [`ANSWER`].

#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use connector_app::stage::{Setting, Stage};
use fixtures::postgres::Server;
use fixtures::{Fault, documents};
use secrecy::SecretString;
use store::{PostgresOptions, Store};
use wire::{Clock as _, SystemClock};

/// How long each answer of the stand-in Epicor takes.
const ANSWER: Duration = Duration::from_millis(50);

/// The longest one measurement may take.
const LONGEST: Duration = Duration::from_secs(300);

/// The connector's lease: how long a worker sleeps to have lost it.
const LEASE: Duration = connector_app::lane::LEASE;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let connections = std::env::args().nth(1).map_or(Ok(1000), |text| text.parse())?;
    let clock = SystemClock::new();
    println!("{connections} connections, one settlement each; Epicor answers in {ANSWER:?}\n");
    println!("| workers | settlements/s | seconds | posted | doubly |");
    println!("|---|---|---|---|---|");
    for workers in [1, 2, 4] {
        let scene = Scene::set(connections).await?;
        let began = clock.monotonic();
        let _workers: Vec<_> = (0..workers).map(|_| scene.worker()).collect::<Result<_, _>>()?;
        scene.all_posted(&clock, connections).await?;
        let took = clock.monotonic() - began;
        scene.print(&workers.to_string(), connections, took);
    }
    let scene = Scene::set(connections).await?;
    let began = clock.monotonic();
    let mut workers: Vec<_> = (0..4).map(|_| scene.worker()).collect::<Result<_, _>>()?;
    scene.all_posted(&clock, connections / 4).await?;
    workers[0].0.kill()?;
    workers[1].signal("STOP")?;
    clock.sleep(LEASE + Duration::from_secs(2)).await;
    workers[1].signal("CONT")?;
    scene.all_posted(&clock, connections).await?;
    // Whatever the sleeper was at, it has had the time to do it.
    clock.sleep(Duration::from_secs(5)).await;
    scene.print("4, one killed, one asleep", connections, clock.monotonic() - began);
    drop(workers);
    leases(&scene, &clock).await
}

/// A server, stand-ins, and a configuration for all workers.
struct Scene {
    server: Server,
    stage: Stage,
}

/// A worker; killed when dropped.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be dead already: that is what was measured.
        let _killed = self.0.kill();
        let _gone = self.0.wait();
    }
}

impl Worker {
    fn signal(&self, name: &str) -> anyhow::Result<()> {
        let id = self.0.id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &id]).status()?;
        anyhow::ensure!(status.success(), "the worker is gone");
        Ok(())
    }
}

impl Scene {
    async fn set(connections: usize) -> anyhow::Result<Self> {
        let server = tokio::task::spawn_blocking(Server::start).await??;
        let document = documents::get("us-plain.txt").context("it ships")?;
        let mut setting = Setting::new(vec![document]);
        setting.throttled = false;
        let stage = Stage::set(setting).await?;
        stage.share(&server.url(), connections, "every 24h")?;
        stage.epicor.faults().seeded_from(1, 1000, &[Fault::Delay(ANSWER)]);
        Ok(Self { server, stage })
    }

    fn worker(&self) -> anyhow::Result<Worker> {
        let mut command = Command::new(binary()?);
        command.args(["serve", "--worker"]).current_dir(self.stage.folder());
        command.env("ML_CONNECTOR_LOG", "warn").stdout(Stdio::null());
        Ok(Worker(command.spawn().context("starting a worker")?))
    }

    /// The journals in Epicor, and how many of them are there twice.
    fn posted(&self) -> (usize, usize) {
        let posted = self.stage.epicor.posted_journals();
        let groups: BTreeSet<_> = posted.iter().map(|journal| &journal.group_id).collect();
        (posted.len(), posted.len() - groups.len())
    }

    async fn all_posted(&self, clock: &SystemClock, count: usize) -> anyhow::Result<()> {
        let began = clock.monotonic();
        while self.posted().0 < count {
            let waited = clock.monotonic() - began;
            anyhow::ensure!(waited < LONGEST, "{} of {count} after {waited:?}", self.posted().0);
            clock.sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    fn print(&self, workers: &str, connections: usize, took: Duration) {
        let (posted, doubly) = self.posted();
        let tenths = connections as u128 * 10_000 / took.as_millis().max(1);
        println!(
            "| {workers} | {}.{} | {} | {posted} | {doubly} |",
            tenths / 10,
            tenths % 10,
            took.as_secs()
        );
    }
}

/// What claiming and giving back a lane costs, beside a settlement.
async fn leases(scene: &Scene, clock: &SystemClock) -> anyhow::Result<()> {
    let url: SecretString = scene.server.url().into();
    let store = Store::connect(&PostgresOptions::new(url)).await?;
    let now = clock.now();
    let rounds: u32 = 500;
    let began = clock.monotonic();
    for _ in 0..rounds {
        let claimed = store.lane_claim("nobody", "figures", LEASE, now).await?;
        let lease = claimed.context("nobody else claims it")?;
        store.lane_release(&lease, now).await?;
    }
    let lane = (clock.monotonic() - began) / rounds;
    let runs = store.runs(None, 500).await?;
    let ended = runs.iter().filter(|run| run.outcome.as_deref() == Some("ok"));
    let times = ended.filter_map(|run| Some(run.ended?.duration_since(run.began.started)));
    let mut millis: Vec<_> = times.map(|time| time.as_millis()).collect();
    millis.sort_unstable();
    let median = millis.get(millis.len() / 2).copied().unwrap_or_default();
    println!("\nA lane claimed and given back: {} us.", lane.as_micros());
    println!("A run from its beginning to its end, four workers at once: {median} ms (median).");
    let share = lane.as_micros() / u128::try_from(median.max(1))?;
    println!("The lane's share of the time: {}.{} %.", share / 10, share % 10);
    Ok(())
}

/// The binary beside this example's folder.
fn binary() -> anyhow::Result<PathBuf> {
    let mut path = std::env::current_exe()?;
    path.pop();
    path.pop();
    path.push("ml-connector");
    anyhow::ensure!(path.exists(), "build it first: cargo build --release -p connector-app");
    Ok(path)
}
