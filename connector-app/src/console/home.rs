//! The first page: how each connection stands, what waits, what is on its way.

mod light;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use settlement_model::Currency;
use settlement_model::expected::{Expected, Standing};
use store::{ListFilter, RunRecord, Store};

use self::light::{Light, Sight};
use super::asking;
use super::figures::{self, figure};
use super::form::Checked;
use super::frame::{Entry, Frame};
use super::held::{self, Item, gather};
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use super::states;
use crate::alert::found;
use crate::serve::Server;

/// How many runs are listed.
const RUNS: u64 = 8;

/// The most settlements that are on their way to the bank.
const MOST: u64 = 1_000;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/", get(show)).route("/run", post(run_now))
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    connections: Vec<ConnectionCard>,
    /// What has waited longest.
    held: Vec<Item>,
    held_count: usize,
    oldest: String,
    runs: Vec<RunLine>,
    /// Why the process does not work, if it does not.
    trouble: Option<String>,
}

/// A connection.
struct ConnectionCard {
    name: String,
    light: Light,
    next: Vec<NextLine>,
    /// Posted, and not seen at the bank.
    transit: Vec<String>,
    /// How many settlements that is.
    transit_count: usize,
}

/// A settlement that is expected.
struct NextLine {
    stream: String,
    due: String,
    word: &'static str,
    tone: &'static str,
}

impl NextLine {
    fn of(expected: &Expected, now: Timestamp) -> Option<Self> {
        let (word, tone) = match expected.standing(now) {
            Standing::Ahead => ("ahead", "quiet"),
            Standing::Due => ("due, not seen yet", "attention"),
            Standing::Late => ("late, not seen", "bad"),
            Standing::GivenUp => return None,
        };
        let (stream, due) = (found::stream(expected), found::day(expected.due));
        Some(Self { stream, due, word, tone })
    }
}

/// A run.
struct RunLine {
    connection: String,
    flow: String,
    started: String,
    outcome: String,
    tone: &'static str,
    message: String,
}

impl RunLine {
    fn of(run: &RunRecord) -> Self {
        let outcome = run.outcome.clone().unwrap_or_else(|| "under way".to_owned());
        Self {
            connection: run.began.connection.clone(),
            flow: run.began.flow.clone(),
            started: figures::moment(run.began.started),
            tone: states::tone(&outcome),
            outcome,
            message: figures::clipped(run.message.as_deref().unwrap_or_default()),
        }
    }
}

async fn show(seat: Seat, State(server): State<Arc<Server>>) -> Result<Page<HomePage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let now = server.clock().now();
    let waiting = held::waiting(&server, &store).await?;
    let schedule = store.schedule().await?;
    let mut transit = in_transit(&store).await?;
    let mut connections = Vec::new();
    for connection in &server.in_force.get().config.connections {
        let name = connection.name.clone();
        let expected = found::expected(&store, &name).await?;
        let next: Vec<_> = expected.iter().filter_map(|one| NextLine::of(one, now)).collect();
        let flows = schedule.iter().filter(|record| record.planned.connection == name);
        let light = Light::of(&Sight {
            outcomes: flows
                .filter_map(|record| {
                    Some((record.planned.flow.as_str(), record.outcome.as_deref()?))
                })
                .collect(),
            held: waiting.iter().filter(|one| one.connection == name).count(),
            late: next.iter().filter(|one| one.tone == "bad").count(),
        });
        let (transit, transit_count) = transit.remove(&name).unwrap_or_default();
        connections.push(ConnectionCard { name, light, next, transit, transit_count });
    }
    let items = gather(waiting, now);
    let runs = store.runs(None, RUNS).await?;
    Ok(Page(HomePage {
        frame: seat.frame(Entry::Home),
        connections,
        held_count: items.len(),
        oldest: items.first().map(|item| item.oldest.clone()).unwrap_or_default(),
        held: items.into_iter().take(5).collect(),
        runs: runs.iter().map(RunLine::of).collect(),
        trouble: server.waiting_for(),
    }))
}

/// What is on the clearing accounts by connection: deposits of settlements that are posted and not
/// matched, by currency, and how many they are.
async fn in_transit(store: &Store) -> anyhow::Result<BTreeMap<String, (Vec<String>, usize)>> {
    let filter = ListFilter { connection: None, state: Some("posted") };
    let (posted, _) = store.settlement_page(filter, 0, MOST).await?;
    let mut sums: BTreeMap<(String, String), (Decimal, usize)> = BTreeMap::new();
    for summary in posted {
        let (connection, currency) = (summary.key.connection, summary.currency);
        let sum = sums.entry((connection, currency)).or_default();
        *sum = (sum.0 + summary.deposit.parse::<Decimal>()?, sum.1 + 1);
    }
    let mut transit: BTreeMap<String, (Vec<String>, usize)> = BTreeMap::new();
    for ((connection, code), (amount, count)) in sums {
        let currency = Currency::parse(&code)?;
        let (texts, all) = transit.entry(connection).or_default();
        texts.push(format!("{} {code}", figure(amount, currency).text));
        *all += count;
    }
    Ok(transit)
}

#[derive(Debug, Deserialize)]
struct Wanted {
    connection: String,
}

/// Asks for the settlements of a connection now.
async fn run_now(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(Wanted { connection }): Checked<Wanted>,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let known = server.in_force.get().config.connection(Some(&connection)).is_ok();
    if !known {
        return Err(PageError::unknown(&format!("connection {connection}")));
    }
    let store = server.keeper.write().await?;
    let notice = if asking::for_a_run(&server, &store, &seat, &connection).await? {
        format!("Settlements of {connection} are looked for now.")
    } else {
        format!("Nothing is scheduled for {connection} yet: try again in a moment.")
    };
    Ok(seat.go_on("/", &notice))
}
