//! `sync settlements`: what is new at Amazon, as far as it goes towards Epicor.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use store::Store;
use vault::Place;

use super::App;
use super::status;
use crate::config::{Config, Connection};
use crate::exit::Exit;
use crate::output::{self, ATTENTION, BAD, HEAD, styled};
use crate::pipeline::Watch;
use crate::pipeline::settlement::State;
use crate::secrets::{OpenVault, Secrets};
use crate::sync::{Run, Summary};
use crate::{connect, lane, sync};

pub(super) async fn settlements(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        let connected = one(app, &config, connection).await;
        let (summary, store) =
            match connected.with_context(|| format!("connection {}", connection.name)) {
                Ok(done) => done,
                // One connection's trouble is not another's.
                Err(error) => {
                    output::complain(&error);
                    exit = worse(exit, Exit::of(&error));
                    continue;
                }
            };
        exit = worse(exit, exit_of(&summary, &store, &connection.name).await?);
        if app.common.json {
            output::line(summary_json(&connection.name, &summary));
        } else {
            print_people(connection, &summary, &store).await?;
        }
    }
    Ok(exit)
}

/// One run over one connection. Both systems are asked before the store is touched, so that a wrong
/// key or an unreachable host leaves everything as it was.
pub(super) async fn one(
    app: &App,
    config: &Config,
    connection: &Connection,
) -> anyhow::Result<(Summary, Store)> {
    let spinner =
        Arc::new(Spinner::start(&format!("{}: asking Amazon and Epicor", connection.name)));
    let watch: Arc<dyn Watch> = spinner.clone();
    let site = connect::site(connection, &config.folder)?;
    let secrets = Secrets::open(config).await?;
    let amazon = connect::amazon(connection, &secrets, &app.clock, &watch).await?;
    let ledger = connect::epicor(connection, &config.folder, &secrets, &app.clock).await?;

    let listed: sync::Listed = amazon
        .list()
        .await
        .context("asking Amazon for its settlement reports; nothing was changed")?;
    ledger.ping().await.context("asking Epicor for its company; nothing was changed")?;

    let store = connect::store(config).await?;
    let clock = app.clock.as_ref();
    if amazon.accepted_new_secret() {
        let place = Place { connection: &connection.name, name: "amazon.client_secret" };
        OpenVault::open(config, store.clone()).await?.accept_new(clock.now(), place).await?;
    }
    let summary = lane::alone(&store, &connection.name, clock, async |store| {
        let run = Run {
            site: &site,
            store: &store,
            amazon: &amazon,
            ledger: &ledger,
            clock,
            watch: watch.as_ref(),
        };
        run.once(&listed).await
    })
    .await?;
    spinner.finish();
    Ok((summary, store))
}

/// What is held needs a person; what failed is a failure, unless a service said "later" or "no".
async fn exit_of(summary: &Summary, store: &Store, connection: &str) -> anyhow::Result<Exit> {
    if let Some((_, error)) = summary.failures.first() {
        return Ok(Exit::of(error));
    }
    let held = State::Held.as_str();
    let any = !summary.unreadable.is_empty()
        || store.settlements(Some(connection)).await?.iter().any(|record| record.state == held)
        || store.reports(connection).await?.iter().any(|report| report.state == held);
    Ok(if any { Exit::Held } else { Exit::Ok })
}

/// The exit code that says most: any failure before "held", "held" before "ok".
pub(super) fn worse(a: Exit, b: Exit) -> Exit {
    match (a, b) {
        (Exit::Ok, other) | (other, Exit::Ok) => other,
        (Exit::Held, other) | (other, Exit::Held) => other,
        (first, _) => first,
    }
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
            "failures": failures })
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
    for line in status::table(store, Some(&connection.name), None).await? {
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

/// A spinner with the last note, on a terminal; the notes as log lines elsewhere.
#[derive(Debug)]
pub(super) struct Spinner(ProgressBar);

impl Spinner {
    pub(super) fn start(text: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner:.dim} {msg} {elapsed:.dim}") {
            bar.set_style(style);
        }
        bar.set_message(text.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Watch for Spinner {
    fn note(&self, text: &str) {
        tracing::info!("{text}");
        self.0.set_message(text.to_owned());
    }
}
