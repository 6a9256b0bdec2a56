//! `runs` lists what ran; `run FLOW` wants it now.

use std::time::Duration;

use anstyle::Style;
use anyhow::Context as _;
use serde_json::{Value, json};
use store::{RunRecord, Store};

use super::{App, recorded};
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::flow::{self, Cause, Done, Recorded, Work};
use crate::lane;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, QUIET, Table};
use crate::pipeline::Silent;
use crate::secrets::Secrets;

/// How long a server has to take a wish up.
const TAKEN_UP_WITHIN: Duration = Duration::from_secs(3);

/// How often the store is asked meanwhile.
const LOOK: Duration = Duration::from_millis(200);

pub(super) async fn list(app: &App, limit: u64) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_if_any(&config).await?;
    let runs = match &store {
        Some(store) => store.runs(app.common.connection.as_deref(), limit).await?,
        None => Vec::new(),
    };
    if app.common.json {
        for run in &runs {
            output::line(run_json(run));
        }
    } else if runs.is_empty() {
        output::line("Nothing ran yet: `ml-connector serve` runs everything by the schedule.");
    } else {
        print(&runs);
    }
    Ok(Exit::Ok)
}

fn run_json(run: &RunRecord) -> Value {
    let counts = run.counts.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json!({
        "run": run.number, "connection": run.began.connection, "flow": run.began.flow,
        "trigger": run.began.cause, "asked_by": run.began.asked_by, "worker": run.began.worker, "started": run.began.started,
        "ended": run.ended, "outcome": run.outcome, "counts": counts, "message": run.message,
    })
}

fn print(runs: &[RunRecord]) {
    let mut table = Table::new(&[
        ("Run", Align::Right),
        ("Connection", Align::Left),
        ("Flow", Align::Left),
        ("Trigger", Align::Left),
        ("Started", Align::Left),
        ("Took", Align::Right),
        ("Outcome", Align::Left),
        ("", Align::Left),
    ]);
    let plain = Style::new();
    for run in runs {
        let took = run.ended.map(|ended| ended.duration_since(run.began.started));
        let took = took.map_or_else(String::new, |took| {
            format!("{}.{:01} s", took.as_secs(), took.subsec_millis() / 100)
        });
        let (word, style) = outcome(run);
        table.styled_row(vec![
            (run.number.to_string(), QUIET),
            (run.began.connection.clone(), plain),
            (run.began.flow.clone(), plain),
            (trigger(run), plain),
            (format!("{:.0}", run.began.started), plain),
            (took, plain),
            (word.to_owned(), style),
            (run.message.clone().unwrap_or_default(), plain),
        ]);
    }
    for line in table.lines() {
        output::line(line);
    }
}

/// `schedule`, or `run-now by person anna`.
fn trigger(run: &RunRecord) -> String {
    match &run.began.asked_by {
        Some(by) => format!("{} by {by}", run.began.cause),
        None => run.began.cause.clone(),
    }
}

fn outcome(run: &RunRecord) -> (&str, Style) {
    match run.outcome.as_deref() {
        None => ("under way", QUIET),
        Some("ok") => ("ok", GOOD),
        Some(word @ ("held" | store::INTERRUPTED | "throttled")) => (word, ATTENTION),
        Some(word) => (word, BAD),
    }
}

/// Asks a server to run a flow now and waits for it; where none serves, runs it here.
pub(super) async fn now(app: &App, name: &str) -> anyhow::Result<Exit> {
    let flow = flow::named(name)
        .with_context(|| format!("there is no flow \"{name}\"; the flows are {}", flow::names()))?;
    let config = std::sync::Arc::new(app.config()?);
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        let (run, told) = match asked(app, &config, &connection.name, flow.name).await? {
            // The server tells people of it.
            Some(run) => (run, Exit::Ok),
            None => {
                recorded::warn(connection);
                here(app, &config, connection, flow.name).await?
            }
        };
        if app.common.json {
            output::line(run_json(&run));
        } else {
            print(std::slice::from_ref(&run));
        }
        let word = run.outcome.as_deref().unwrap_or(store::INTERRUPTED);
        exit = exit.worse(Exit::named(word).unwrap_or(Exit::Failed)).worse(told);
    }
    Ok(exit)
}

/// The run that a server made of the wish; `None` when no server took it up in time.
async fn asked(
    app: &App,
    config: &Config,
    connection: &str,
    flow: &str,
) -> anyhow::Result<Option<RunRecord>> {
    let store = match connect::store_to_ask(config).await {
        Ok(store) => store,
        Err(error) => {
            return match error.downcast_ref() {
                Some(store::Error::NothingHere { .. } | store::Error::OlderSchema { .. }) => {
                    Ok(None)
                }
                _ => Err(error),
            };
        }
    };
    let newest = |runs: Vec<RunRecord>| runs.into_iter().find(|run| run.began.flow == flow);
    let before = newest(store.runs(Some(connection), 50).await?).map_or(0, |run| run.number);
    if !store.run_asked(connection, flow, app.clock.now(), &App::person().label()).await? {
        return Ok(None);
    }
    let mut left = TAKEN_UP_WITHIN;
    loop {
        app.clock.sleep(LOOK).await;
        let run = newest(store.runs(Some(connection), 50).await?);
        match run.filter(|run| run.number > before) {
            Some(run) if run.ended.is_some() => return Ok(Some(run)),
            // A server is at it; however long it takes.
            Some(_) => {}
            None if left.is_zero() => return Ok(None),
            None => left = left.saturating_sub(LOOK),
        }
    }
}

/// Runs it in this process, and tells people what came of it; the run, and the exit code of the telling.
async fn here(
    app: &App,
    config: &std::sync::Arc<Config>,
    connection: &Connection,
    flow: &'static str,
) -> anyhow::Result<(RunRecord, Exit)> {
    let store = connect::store(config).await.with_context(|| {
        format!("{flow} of {} was asked for, and runs when the server has time", connection.name)
    })?;
    let secrets = Secrets::over(config, &store).await?;
    let name = connection.name.as_str();
    let told = lane::alone(&store, name, app.clock.as_ref(), async |under| {
        let cause = (Cause::RunNow, Some(App::person().label()));
        let run = Recorded::begin(&under, (name, flow), cause, app.clock.now()).await?;
        let work = Work {
            config: std::sync::Arc::clone(config),
            connection: name.to_owned(),
            store: under.clone(),
            secrets: secrets.clone(),
            links: std::sync::Arc::new(Links::new(app.clock.clone())),
            clock: app.clock.clone(),
            watch: std::sync::Arc::new(Silent),
        };
        let done = flow::run(flow, work).await;
        let done = done.unwrap_or_else(|error| Done::failed(&error));
        run.end(&under, app.clock.now(), &done, fulfilled(&under, name, flow, app).await?).await?;
        Ok(recorded::tell(app, config, &under, (connection, flow), &done).await)
    })
    .await?;
    let runs = store.runs(Some(name), 50).await?;
    let run = runs.into_iter().find(|run| run.began.flow == flow);
    Ok((run.context("the run is not in the store")?, told))
}

/// The wish is fulfilled; when the flow is due by the schedule stays as it was.
async fn fulfilled(
    store: &Store,
    connection: &str,
    flow: &str,
    app: &App,
) -> anyhow::Result<Option<store::Next>> {
    let planned = store.schedule().await?.into_iter().map(|record| record.planned);
    let mut mine = planned.filter(|plan| plan.connection == connection && plan.flow == flow);
    Ok(mine.next().map(|plan| store::Next { due: plan.due, asked: Some(app.clock.now()) }))
}
