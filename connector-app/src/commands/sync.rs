//! `sync`: what is new at Amazon, as far as it goes towards Epicor. Settlements are done here.

mod preview;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use store::Store;
use vault::Place;

use super::recorded::{each, recorded};
use super::spinner::Spinner;
use super::{App, catalog, orders, status};
use crate::cli::{OrdersArgs, SyncCommand};
use crate::config::{Config, Connection};
use crate::connect::Links;
use crate::exit::Exit;
use crate::flow::settlements::Answering;
use crate::output::{self, ATTENTION, BAD, HEAD, styled};
use crate::pipeline::Watch;
use crate::pipeline::settlement::State;
use crate::secrets::{OpenVault, Secrets};
use crate::sync::Summary;
use crate::{connect, flow};

/// What runs here, by its name in the schedule.
const FLOW: &str = "settlements";

pub(super) async fn run(app: &App, command: Option<SyncCommand>) -> anyhow::Result<Exit> {
    match command {
        None => everything(app).await,
        Some(SyncCommand::Catalog) => catalog::sync(app).await,
        Some(SyncCommand::Orders(args)) => orders::sync_orders(app, args).await,
        Some(SyncCommand::Settlements(args)) if args.dry_run => preview::run(app).await,
        Some(SyncCommand::Settlements(_)) => over(app, None).await,
        Some(SyncCommand::Shipments) => orders::sync_shipments(app).await,
    }
}

/// Each flow that a connection has, one after the other; parts are known before orders need them.
async fn everything(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connections = app.connections(&config)?;
    let has = |flow: &str| {
        let flow = flow::named(flow);
        flow.is_some_and(|flow| connections.iter().any(|one| (flow.is_configured)(one)))
    };
    let mut exit = over(app, None).await?;
    if has("catalog") {
        exit = exit.worse(catalog::sync(app).await?);
    }
    if has("orders") {
        let args = OrdersArgs { dry_run: false, prove: false };
        exit = exit.worse(orders::sync_orders(app, args).await?);
    }
    if has("shipments") {
        exit = exit.worse(orders::sync_shipments(app).await?);
    }
    Ok(exit)
}

/// When reports were published: from, until.
pub(super) type Window = (Timestamp, Timestamp);

/// Settlements; of the reports of a window, when there is one.
pub(super) async fn over(app: &App, window: Option<Window>) -> anyhow::Result<Exit> {
    let all = |_: &Connection| true;
    each(app, FLOW, (all, "a settlement"), async |config, connection| {
        let (summary, reached, store) = one_over(app, config, connection, window).await?;
        if app.common.json {
            output::line(summary_json(&connection.name, &summary));
        } else {
            print_people(connection, &summary, &store).await?;
        }
        Ok(reached)
    })
    .await
}

/// One run over one connection.
pub(super) async fn one(
    app: &App,
    config: &Config,
    connection: &Connection,
) -> anyhow::Result<(Summary, Exit, Store)> {
    one_over(app, config, connection, None).await
}

async fn one_over(
    app: &App,
    config: &Config,
    connection: &Connection,
    window: Option<Window>,
) -> anyhow::Result<(Summary, Exit, Store)> {
    let (systems, spinner) = ask(app, config, connection, window).await?;
    let store = connect::store(config).await?;
    if systems.accepted_new_secret() {
        let place = Place { connection: &connection.name, name: "amazon.client_secret" };
        let vault = OpenVault::open(config, store.clone()).await?;
        vault.accept_new(app.clock.now(), place).await?;
    }
    let done = recorded(app, config, (connection, FLOW), &store, async |store| {
        let summary = systems.go(store).await?;
        let done = flow::settlements::done(&summary, store, &connection.name).await?;
        Ok((summary, done))
    });
    let (summary, exit) = done.await?;
    spinner.finish();
    Ok((summary, exit, store))
}

/// Asks Amazon and Epicor what a run needs of them, while a spinner turns.
async fn ask(
    app: &App,
    config: &Config,
    connection: &Connection,
    window: Option<Window>,
) -> anyhow::Result<(Answering, Arc<Spinner>)> {
    let spinner = Spinner::of(&connection.name);
    let watch: Arc<dyn Watch> = spinner.clone();
    let secrets = Secrets::open(config).await?;
    let links = Links::new(app.clock.clone());
    let time = (&app.clock, &watch);
    let systems = Answering::ask(config, connection, &secrets, &links, time, window).await?;
    Ok((systems, spinner))
}

fn summary_json(connection: &str, summary: &Summary) -> serde_json::Value {
    let moved: Vec<_> = summary
        .moved
        .iter()
        .map(|(id, state)| json!({ "settlement_id": id, "state": state.as_str() }))
        .collect();
    let unreadable: Vec<_> = summary
        .unreadable
        .iter()
        .map(|doc| output::unreadable_json(&doc.document, &doc.source))
        .collect();
    let failures: Vec<_> = summary
        .failures
        .iter()
        .map(|(record, error)| json!({ "record": record, "error": format!("{error:#}") }))
        .collect();
    json!({ "connection": connection, "listed": summary.listed, "new_reports": summary.new_reports,
            "moved": moved, "unchanged": summary.unchanged, "unreadable": unreadable,
            "failures": failures, "swept": summary.swept.as_ref().map(|swept| swept.counted) })
}

async fn print_people(
    connection: &Connection,
    summary: &Summary,
    store: &Store,
) -> anyhow::Result<()> {
    output::line(format!(
        "{}  {} reports listed, {} new; {} settlements moved, {} unchanged",
        styled(HEAD, &connection.name),
        summary.listed,
        summary.new_reports,
        summary.moved.len(),
        summary.unchanged,
    ));
    for line in status::table(store, (Some(&connection.name), None), false).await? {
        output::line(line);
    }
    for document in &summary.unreadable {
        for line in output::unreadable_people(&document.document, &document.source) {
            output::line(line);
        }
    }
    for (record, error) in &summary.failures {
        output::line(format!("  {} {record}: {error:#}", styled(BAD, "failed:")));
    }
    if summary.moved.values().any(|state| *state == State::Ready) {
        let hint = "waiting for a person: `ml-connector plan ID`, then `ml-connector approve ID`";
        output::line(format!("  {} {hint}", styled(ATTENTION, "ready:")));
    }
    Ok(())
}
