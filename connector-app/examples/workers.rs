//! How fast several workers settle a thousand connections on one PostgreSQL server, what the leases
//! cost, and that nothing is posted twice when one worker is killed and one sleeps.
//!
//! ```sh
//! cargo build --release -p connector-app && cargo run --release -p connector-app --example workers
//! ```
//!
//! `--connections N` is how many there are, 1000 when left out. Each of the four measurements is given
//! up after [`LONGEST`], and shows how far it came. The stand-ins and the
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
const LONGEST: Duration = Duration::from_secs(90);

/// The connector's lease: how long a worker sleeps to have lost it.
const LEASE: Duration = connector_app::lane::LEASE;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let connections = match &std::env::args().skip(1).collect::<Vec<_>>()[..] {
        [] => 1000,
        [name, number] if name == "--connections" => number.parse()?,
        other => anyhow::bail!("{other:?}: only --connections N is known"),
    };
    let clock = SystemClock::new();
    println!("{connections} connections, one settlement each; Epicor answers in {ANSWER:?}\n");
    println!("| workers | settlements/s | seconds | posted | of | twice | in entry | audit log |");
    println!("|---|--:|--:|--:|--:|--:|--:|---|");
    for workers in [1, 2, 4] {
        let scene = Scene::set(connections).await?;
        let began = clock.monotonic();
        let mut running: Vec<_> = (0..workers).map(|_| scene.worker()).collect::<Result<_, _>>()?;
        scene.all_posted(&clock, connections).await;
        let took = clock.monotonic() - began;
        // What is under way is brought to its end, so that the log can be looked at.
        for worker in &mut running {
            worker.end(&clock).await?;
        }
        scene.print(&workers.to_string(), connections, took).await?;
    }
    let scene = Scene::set(connections).await?;
    let began = clock.monotonic();
    let mut workers: Vec<_> = (0..4).map(|_| scene.worker()).collect::<Result<_, _>>()?;
    scene.all_posted(&clock, connections / 4).await;
    workers[0].0.kill()?;
    workers[1].signal("STOP")?;
    clock.sleep(LEASE + Duration::from_secs(2)).await;
    workers[1].signal("CONT")?;
    scene.all_posted(&clock, connections).await;
    let took = clock.monotonic() - began;
    // Whatever the sleeper was at, it has had the time to do it.
    clock.sleep(Duration::from_secs(5)).await;
    for worker in &mut workers[1..] {
        worker.end(&clock).await?;
    }
    let name = format!("4; one killed, one asleep for {} s", LEASE.as_secs() + 2);
    scene.print(&name, connections, took).await?;
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
    /// Asks it to stop, and waits until it has.
    async fn end(&mut self, clock: &SystemClock) -> anyhow::Result<()> {
        self.signal("TERM")?;
        for _ in 0..600 {
            if self.0.try_wait()?.is_some() {
                return Ok(());
            }
            clock.sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("a worker did not stop within a minute")
    }

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
        let setting = Setting::new(vec![document]);
        let stage = Stage::set(setting).await?;
        stage.share(&server.url(), connections, "every 24h")?;
        stage.epicor.faults().seeded_from(1, 1000, &[Fault::Delay(ANSWER)]);
        Ok(Self { server, stage })
    }

    fn worker(&self) -> anyhow::Result<Worker> {
        let mut command = Command::new(binary()?);
        command.args(["serve", "--worker"]).current_dir(self.stage.folder());
        command.env("ML_CONNECTOR_LOG", "error").stdout(Stdio::null());
        Ok(Worker(command.spawn().context("starting a worker")?))
    }

    /// The journals in Epicor, and how many of them are there twice.
    fn posted(&self) -> (usize, usize) {
        let posted = self.stage.epicor.posted_journals();
        let groups: BTreeSet<_> = posted.iter().map(|journal| &journal.group_id).collect();
        (posted.len(), posted.len() - groups.len())
    }

    /// Waits until so many are posted, or for [`LONGEST`].
    async fn all_posted(&self, clock: &SystemClock, count: usize) {
        let began = clock.monotonic();
        while self.posted().0 < count && clock.monotonic() - began < LONGEST {
            clock.sleep(Duration::from_millis(100)).await;
        }
    }

    async fn print(&self, workers: &str, connections: usize, took: Duration) -> anyhow::Result<()> {
        let (posted, doubly) = self.posted();
        let tenths = posted as u128 * 10_000 / took.as_millis().max(1);
        let in_entry = self.stage.epicor.unposted_groups().len();
        let log = match self.store().await?.verify_audit().await {
            Ok(check) => format!("{} events verify", check.events()),
            Err(error) => error.to_string(),
        };
        println!(
            "| {workers} | {}.{} | {}.{} | {posted} | {connections} | {doubly} | {in_entry} | {log} |",
            tenths / 10,
            tenths % 10,
            took.as_secs(),
            took.subsec_millis() / 100,
        );
        Ok(())
    }

    async fn store(&self) -> anyhow::Result<Store> {
        let url: SecretString = self.server.url().into();
        Ok(Store::connect(&PostgresOptions::new(url)).await?)
    }
}

/// What claiming and giving back a lane costs, beside a settlement.
async fn leases(scene: &Scene, clock: &SystemClock) -> anyhow::Result<()> {
    let store = scene.store().await?;
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
    let share = lane.as_micros() * 10 / u128::try_from(median.max(1))?;
    println!("\n| what a lease costs | |\n|---|--:|");
    println!("| a lane claimed and given back | {} us |", lane.as_micros());
    println!("| a run from its beginning to its end, four workers at once, median | {median} ms |");
    println!("| the lane's share of the time | {}.{:02} % |", share / 100, share % 100);
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
