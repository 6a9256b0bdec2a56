//! What a server costs that has nothing to do: memory with ten connections and with ten thousand,
//! processor time over a minute, and how long it takes from its start to being ready.
//!
//! ```sh
//! cargo build --release -p connector-app && cargo run --release -p connector-app --example idle
//! ```
//!
//! Reads `/proc`, so it needs Linux.

#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use connector_app::stage::{Setting, Stage};
use wire::{Clock as _, SystemClock};

/// Once a year, and not today.
const RARELY: &str = "0 3 29 2 * UTC";

/// How long a server is watched.
const WATCHED: Duration = Duration::from_secs(60);

/// Clock ticks a second in `/proc/PID/stat`: fixed on Linux.
const TICKS: u64 = 100;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let clock = SystemClock::new();
    println!(
        "| connections | ready after (again) | RSS when ready | RSS after a minute | CPU of a minute |"
    );
    println!("|---|---|---|---|---|");
    let few = measure(10, &clock).await?;
    let many = measure(10_000, &clock).await?;
    let each = many.saturating_sub(few) * 1024 / 9_990;
    println!("\nEach idle connection: {each} bytes.");
    Ok(())
}

/// Prints one line; the memory in KiB after the minute.
async fn measure(connections: usize, clock: &SystemClock) -> anyhow::Result<u64> {
    let stage = Stage::set(Setting::new(Vec::new())).await?;
    stage.multiply(connections, "data_dir = \"data\"", RARELY)?;
    let (first, server) = start(&stage, clock)?;
    drop(server);
    // The store is made and planned by now.
    let (again, server) = start(&stage, clock)?;
    let early = server.resident()?;
    let before = server.ticks()?;
    clock.sleep(WATCHED).await;
    let (late, ticks) = (server.resident()?, server.ticks()? - before);
    println!(
        "| {connections} | {} ms ({} ms) | {}.{} MiB | {}.{} MiB | {} ms |",
        first.as_millis(),
        again.as_millis(),
        early / 1024,
        early % 1024 * 10 / 1024,
        late / 1024,
        late % 1024 * 10 / 1024,
        ticks * 1000 / TICKS,
    );
    Ok(late)
}

/// A server; killed when dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already.
        let _killed = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// Starts a server; how long it took until it listened with the store open and planned.
fn start(stage: &Stage, clock: &SystemClock) -> anyhow::Result<(Duration, Server)> {
    let mut path = std::env::current_exe()?;
    path.pop();
    path.pop();
    path.push("ml-connector");
    let began = clock.monotonic();
    let mut child = command(path, stage).spawn().context("cargo build --release comes first")?;
    let out = child.stdout.take().context("piped")?;
    let server = Server(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    anyhow::ensure!(line.contains("serving"), "it did not start: {line}");
    Ok((clock.monotonic() - began, server))
}

fn command(path: PathBuf, stage: &Stage) -> Command {
    let mut command = Command::new(path);
    command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(stage.folder());
    command.env("ML_CONNECTOR_LOG", "error").stdout(Stdio::piped());
    command
}

impl Server {
    fn file(&self, name: &str) -> anyhow::Result<String> {
        Ok(std::fs::read_to_string(format!("/proc/{}/{name}", self.0.id()))?)
    }

    /// Resident memory, KiB.
    fn resident(&self) -> anyhow::Result<u64> {
        let status = self.file("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next()).context("VmRSS")?;
        Ok(number.parse()?)
    }

    /// Processor time so far, in ticks: user and system.
    fn ticks(&self) -> anyhow::Result<u64> {
        let stat = self.file("stat")?;
        let (_, after) = stat.rsplit_once(')').context("a name")?;
        let fields: Vec<_> = after.split_whitespace().collect();
        let at = |place: usize| -> anyhow::Result<u64> {
            Ok(fields.get(place).context("a field")?.parse()?)
        };
        Ok(at(11)? + at(12)?)
    }
}
