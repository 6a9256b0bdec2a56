//! What a server costs that has nothing to do: memory with ten connections, before their first work
//! and after it, and with ten thousand; processor time, and how long it takes from its start to being
//! ready.
//!
//! ```sh
//! cargo build --release -p connector-app && cargo run --release -p connector-app --example idle
//! ```
//!
//! `--connections N` is how many the last line has, 10,000 when left out; `--seconds N` is how long
//! each server is watched, 60 when left out. Takes about four minutes. Reads `/proc`, so it needs Linux.

#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use wire::{Clock as _, SystemClock};

/// Once a year, and not today.
const RARELY: &str = "0 3 29 2 * UTC";

/// At the server's start, and not again while it is watched.
const ONCE: &str = "every 24h";

/// The longest wait for the work that is done first.
const LONGEST: Duration = Duration::from_secs(60);

/// What the first lines have, and what it is to keep to: ready within so many milliseconds, and no
/// more than so many MiB resident.
const FEW: usize = 10;
const READY_MILLIS: u128 = 100;
const RESIDENT_MIB: u64 = 30;

/// Clock ticks a second in `/proc/PID/stat`: fixed on Linux.
const TICKS: u64 = 100;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let clock = SystemClock::new();
    let mut many = 10_000;
    let mut watched = Duration::from_secs(60);
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let number: u32 = args.next().context("a number comes after it")?.parse()?;
        match name.as_str() {
            "--connections" => many = usize::try_from(number)?,
            "--seconds" => watched = Duration::from_secs(number.into()),
            _ => anyhow::bail!("{name}: only --connections N and --seconds N are known"),
        }
    }
    let seconds = watched.as_secs();
    println!(
        "| connections | first start, ready after | next start, ready after | RSS | \
         RSS {seconds} s later | processor time of these {seconds} s |"
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    let least = measure(FEW, watched, &clock).await?;
    let worked = measure_worked(watched, &clock).await?;
    let most = measure(many, watched, &clock).await?;
    println!("\n| | target | measured | |\n|---|--:|--:|---|");
    let ready = least.ready.as_millis();
    let word = |holds: bool| if holds { "holds" } else { "MISSED" };
    println!(
        "| {FEW} connections, start to ready | ≤ {READY_MILLIS} ms | {ready} ms | {} |",
        word(ready <= READY_MILLIS)
    );
    for (when, kib) in [("before their first work", least.resident_kib), ("after it", worked)] {
        println!(
            "| {FEW} connections, idle {when}, RSS | ≤ {RESIDENT_MIB} MiB | {} | {} |",
            mebibytes(kib),
            word(kib <= RESIDENT_MIB * 1024)
        );
    }
    let more = u64::try_from(many.saturating_sub(FEW).max(1))?;
    let each = most.resident_kib.saturating_sub(least.resident_kib) * 1024 / more;
    println!("| {many} connections on one process, each | | {each} bytes | |");
    Ok(())
}

/// What was seen of a server with nothing to do.
struct Idle {
    /// From its second start to being ready.
    ready: Duration,
    /// Resident memory at the end, KiB.
    resident_kib: u64,
}

fn mebibytes(kib: u64) -> String {
    format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024)
}

/// Prints the line of a server that never had anything to do.
async fn measure(
    connections: usize,
    watched: Duration,
    clock: &SystemClock,
) -> anyhow::Result<Idle> {
    let stage = Stage::set(Setting::new(Vec::new())).await?;
    stage.multiply(connections, "data_dir = \"data\"", RARELY)?;
    let (first, server) = start(&stage, clock)?;
    drop(server);
    // The store is made and planned by now.
    let (again, server) = start(&stage, clock)?;
    let starts = format!("{connections} | {} ms | {} ms", first.as_millis(), again.as_millis());
    let resident_kib = server.watch(&starts, watched, clock).await?;
    Ok(Idle { ready: again, resident_kib })
}

/// Prints the line of [`FEW`] connections each of which has fetched and posted a settlement; the
/// resident memory at the end, KiB.
async fn measure_worked(watched: Duration, clock: &SystemClock) -> anyhow::Result<u64> {
    let document = documents::get("us-plain.txt").context("it ships")?;
    let stage = Stage::set(Setting::new(vec![document])).await?;
    stage.multiply(FEW, "data_dir = \"data\"", ONCE)?;
    let (ready, server) = start(&stage, clock)?;
    let began = clock.monotonic();
    while stage.epicor.posted_journals().len() < FEW {
        anyhow::ensure!(clock.monotonic() - began < LONGEST, "the settlements were not posted");
        clock.sleep(Duration::from_millis(100)).await;
    }
    // A run ends a little after its last posting.
    clock.sleep(Duration::from_secs(5)).await;
    let starts = format!("{FEW}, after a settlement each | {} ms |", ready.as_millis());
    server.watch(&starts, watched, clock).await
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

    /// Watches it do nothing and prints its line; the resident memory at the end, KiB.
    async fn watch(
        &self,
        starts: &str,
        watched: Duration,
        clock: &SystemClock,
    ) -> anyhow::Result<u64> {
        let early = self.resident()?;
        let before = self.ticks()?;
        clock.sleep(watched).await;
        let (late, ticks) = (self.resident()?, self.ticks()? - before);
        println!(
            "| {starts} | {} | {} | {} ms |",
            mebibytes(early),
            mebibytes(late),
            ticks * 1000 / TICKS,
        );
        Ok(late)
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
