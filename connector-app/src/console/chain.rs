//! Settlements over time: what is missing between them, what overlaps; the clearing account over
//! time; how many calls Amazon still allows.

mod balance;
mod series;

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use jiff::Timestamp;
use settlement_model::{Settlement, chain};
use store::{ListFilter, SettlementSummary, Store};
use wire::SavedGate;

use self::balance::Balance;
use self::series::{Series, Window};
use super::figures;
use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use crate::reconcile::gather;
use crate::serve::Server;

/// The most settlements that are drawn, the newest.
const MOST: u64 = 2_000;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/chain", get(show))
}

#[derive(Template)]
#[template(path = "chain.html")]
struct ChainPage {
    frame: Frame,
    series: Vec<Series>,
    balances: Vec<Balance>,
    budget: Vec<BudgetLine>,
}

/// What is left of the calls of one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BudgetLine {
    operation: String,
    account: String,
    /// Calls that may be made at once.
    now: u32,
    /// `one more every 60 s`
    pace: String,
    /// Amazon asked for a rest.
    rests: bool,
}

impl BudgetLine {
    fn of(gate: &SavedGate, now: Timestamp) -> Self {
        let interval = std::time::Duration::from_nanos(gate.bucket.interval_ns);
        let pace = match (interval.as_secs(), interval.as_millis()) {
            (0, millis) => format!("one more every {millis} ms"),
            (seconds, _) => format!("one more every {seconds} s"),
        };
        let rests = gate.bucket.earning_since > now;
        Self {
            operation: gate.key.operation.clone(),
            account: gate.key.account.clone(),
            now: gate.bucket.tokens,
            pace: match rests {
                true => format!("rests until {}", figures::moment(gate.bucket.earning_since)),
                false => pace,
            },
            rests,
        }
    }
}

async fn show(seat: Seat, State(server): State<Arc<Server>>) -> Result<Page<ChainPage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let now = server.clock().now();
    let (summaries, _) = store.settlement_page(ListFilter::default(), 0, MOST).await?;
    let streams: BTreeSet<_> = summaries
        .iter()
        .map(|summary| (summary.key.connection.as_str(), summary.currency.as_str()))
        .collect();
    let window = Window::ending(now);
    let mut series = Vec::new();
    for (connection, currency) in &streams {
        series.push(series_of(&store, connection, currency, &summaries, &window).await?);
    }
    let config = Arc::clone(&server.in_force.get().config);
    let mut balances = Vec::new();
    for connection in &config.connections {
        let (name, today) = (connection.name.as_str(), connection.today(now));
        if !streams.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let gathered = gather(&store, name, connection.cut_off_zone().as_ref()).await?;
        for books in &gathered.books {
            balances.extend(Balance::of(name, books.currency, books.movements(), today));
        }
    }
    let budget = server.links().rates().save();
    Ok(Page(ChainPage {
        frame: seat.frame(Entry::Chain),
        series,
        balances,
        budget: budget.iter().map(|gate| BudgetLine::of(gate, now)).collect(),
    }))
}

async fn series_of(
    store: &Store,
    connection: &str,
    currency: &str,
    summaries: &[SettlementSummary],
    window: &Window,
) -> anyhow::Result<Series> {
    let mut settlements = Vec::new();
    for facts in store.chain_facts(connection, currency).await? {
        settlements.push(serde_json::from_str::<Settlement>(&facts)?);
    }
    let chains = chain::check(&settlements)?;
    let state = |id: &str| {
        let summary = summaries.iter().find(|summary| {
            summary.key.connection == connection && summary.key.settlement_id == id
        });
        summary.map_or_else(String::new, |summary| summary.state.clone())
    };
    Ok(Series::of((connection, currency), &settlements, &chains, state, window))
}
