//! How long the console takes for each page, and how long the page is, with 500 settlements of
//! history in ten connections.
//!
//! ```sh
//! cargo run --release -p connector-app --example console
//! ```

#![expect(clippy::print_stdout, reason = "it prints a table")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use connector_app::config::Config;
use connector_app::connect::{self, Links};
use connector_app::console::{self, Role};
use connector_app::ledger::EpicorLedger;
use connector_app::pipeline::{Actor, Intake, ReadOutcome, Silent, Site, Worker};
use connector_app::secrets::Secrets;
use connector_app::serve::Server;
use connector_app::stage::{Setting, Stage};
use connector_app::user;
use fixtures::documents::{SettlementDocument, generate};
use jiff::ToSpan as _;
use jiff::civil::Date;
use secrecy::SecretString;
use store::Store;
use tower::ServiceExt as _;
use wire::{Clock, SystemClock};

const CONNECTIONS: u32 = 10;

/// Fortnights of each connection.
const FORTNIGHTS: u32 = 50;

/// Rows of a settlement.
const ROWS: usize = 400;

/// How often each page is asked for.
const TIMES: u32 = 20;

const USER: &str = "boss";
const PASSWORD: &str = "correct horse of boss";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let stage = Stage::set(Setting::new(Vec::new())).await?;
    stage.multiply(CONNECTIONS as usize, "data_dir = \"data\"", "never")?;
    let id = fill(&stage.config(), &clock).await?;

    let server = Arc::new(Server::new(&stage.config(), Arc::clone(&clock))?);
    let app = console::router(server);
    let cookie = sign_in(&app).await?;
    println!("| page | median | slowest | KB |\n|---|---|---|---|");
    let settlement = format!("/settlements/seller-1/{id}");
    let tabs = ["rows", "orders", "changed", "epicor", "bank", "history"];
    let tabs = tabs.map(|tab| format!("{settlement}/{tab}"));
    let pages = [
        "/",
        "/settlements",
        "/held",
        "/orders",
        "/mapping",
        "/reconciliation",
        "/chain",
        "/audit",
        "/drop",
        "/users",
        "/sign-in",
        "/reconciliation/period?connection=seller-1&currency=USD&period=2026-08",
        "/reconciliation/bank?connection=seller-1",
        "/mapping/preview?connection=seller-1&of_role=referral_fees&account=5130&reason=new",
    ];
    let story = format!("/audit?id={id}");
    let pages = pages.map(str::to_owned).into_iter().chain([story, settlement]).chain(tabs);
    for page in pages {
        measure(&app, &page, &cookie, clock.as_ref()).await?;
    }
    Ok(())
}

/// Takes in, posts and reads back 500 settlements; the id of the first connection's last.
async fn fill(config: &Path, clock: &Arc<dyn Clock>) -> anyhow::Result<String> {
    let config = Config::load(config)?;
    let store = connect::store(&config).await?;
    let secrets = Secrets::open(&config).await?;
    let links = Links::new(Arc::clone(clock));
    let mut last = String::new();
    for (number, connection) in (0..).zip(&config.connections) {
        let site = connect::site(connection, &config.folder)?;
        let ledger = connect::epicor(connection, &config.folder, &secrets, clock, &links).await?;
        for fortnight in 0..FORTNIGHTS {
            let document = document(number, fortnight)?;
            let id = take_in(&store, &site, &ledger, clock.as_ref(), &document).await?;
            if number == 0 {
                last = id;
            }
        }
    }
    let by = (&Actor::Connector, clock.now());
    let roles = Role::ALL.into_iter().collect();
    user::add(&store, by, USER, &roles, SecretString::from(PASSWORD)).await?;
    Ok(last)
}

async fn take_in(
    store: &Store,
    site: &Site,
    ledger: &EpicorLedger,
    clock: &dyn Clock,
    document: &SettlementDocument,
) -> anyhow::Result<String> {
    let intake = Intake { site, store };
    let worker = Worker { site, store, ledger: Some(ledger), clock, watch: &Silent };
    let by = Actor::Connector;
    let read = intake.import(clock.now(), &by, &document.name, &document.bytes).await?;
    let mut id = String::new();
    for outcome in read {
        let (ReadOutcome::New(key) | ReadOutcome::Known(key) | ReadOutcome::Reissued(key)) =
            outcome;
        worker.run(&key).await?;
        id = key.settlement_id;
    }
    Ok(id)
}

/// A settlement of its fortnight: each connection's follow one another up to autumn 2026.
fn document(connection: u32, fortnight: u32) -> anyhow::Result<SettlementDocument> {
    let seed = u64::from(connection * FORTNIGHTS + fortnight);
    let made = generate(seed, ROWS);
    let made_for = i64::try_from(seed % 10)?;
    let days = (i64::from(fortnight) - 40 - made_for) * 14;
    let text = String::from_utf8(made.bytes)?;
    let lines = text.lines().map(|line| {
        let cells: Vec<_> = line.split('\t').map(|cell| later(cell, days)).collect();
        cells.join("\t") + "\n"
    });
    Ok(SettlementDocument { name: made.name, bytes: lines.collect::<String>().into_bytes() })
}

/// The cell with its day moved, if it begins with one.
fn later(cell: &str, days: i64) -> String {
    let moved = cell.split_at_checked(10).and_then(|(day, rest)| {
        let day: Date = day.parse().ok()?;
        Some(format!("{}{rest}", day.checked_add(days.days()).ok()?))
    });
    moved.unwrap_or_else(|| cell.to_owned())
}

/// The cookie of a session.
async fn sign_in(app: &Router) -> anyhow::Result<String> {
    let fields = format!("name={USER}&password={}", PASSWORD.replace(' ', "+"));
    let request = Request::post("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields))?;
    let answer = app.clone().oneshot(request).await?;
    let set = answer.headers().get(header::SET_COOKIE).context("signed in")?.to_str()?;
    Ok(set.split(';').next().unwrap_or_default().to_owned())
}

/// Prints a page's line.
async fn measure(app: &Router, page: &str, cookie: &str, clock: &dyn Clock) -> anyhow::Result<()> {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..TIMES {
        let request = Request::get(page).header(header::COOKIE, cookie).body(Body::empty())?;
        let began = clock.monotonic();
        let answer = app.clone().oneshot(request).await?;
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await?;
        times.push(clock.monotonic() - began);
        if !status.is_success() {
            println!("| {page} | {status} | | |");
            return Ok(());
        }
        bytes = body.len();
    }
    times.sort_unstable();
    let of = |place: usize| times.get(place).copied().map(in_millis).unwrap_or_default();
    let (median, slowest) = (of(times.len() / 2), of(times.len() - 1));
    println!("| {page} | {median} ms | {slowest} ms | {} |", bytes.div_ceil(1000));
    Ok(())
}

fn in_millis(time: Duration) -> String {
    format!("{}.{}", time.as_millis(), time.as_micros() % 1000 / 100)
}
