//! `sweep`: counts each document of the last 45 days where it was written.

use anyhow::Context as _;
use serde_json::json;

use super::App;
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::lane;
use crate::output::{self, BAD, HEAD, styled};
use crate::pipeline::{Incident, Silent, Sweep, Swept};
use crate::secrets::Secrets;

pub(super) async fn run(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        let swept = one(app, &config, connection).await;
        match swept.with_context(|| format!("connection {}", connection.name)) {
            Ok(swept) => {
                show(app, &connection.name, &swept);
                exit = exit.worse(exit_of(&swept));
            }
            // One connection's trouble is not another's.
            Err(error) => {
                output::complain(&error);
                exit = exit.worse(Exit::of(&error));
            }
        }
    }
    Ok(exit)
}

async fn one(app: &App, config: &Config, connection: &Connection) -> anyhow::Result<Swept> {
    let secrets = Secrets::open(config).await?;
    let links = Links::new(app.clock.clone());
    let ledger = connect::epicor(connection, &config.folder, &secrets, &app.clock, &links).await?;
    ledger.ping().await.context("asking Epicor for its company; nothing was changed")?;
    let store = connect::store(config).await?;
    let clock = app.clock.as_ref();
    lane::alone(&store, &connection.name, clock, async |store| {
        let name = connection.name.as_str();
        let sweep =
            Sweep { connection: name, store: &store, target: &ledger, clock, watch: &Silent };
        sweep.run().await
    })
    .await
}

fn exit_of(swept: &Swept) -> Exit {
    match swept.failures.first() {
        Some((_, error)) => Exit::of(error),
        None if swept.incidents.is_empty() => Exit::Ok,
        None => Exit::Held,
    }
}

fn show(app: &App, connection: &str, swept: &Swept) {
    if app.common.json {
        output::line(json(connection, swept));
        return;
    }
    output::line(format!(
        "{}  {} documents counted, {} incidents",
        styled(HEAD, connection),
        swept.counted,
        swept.incidents.len()
    ));
    for incident in &swept.incidents {
        output::line(incident_line(incident));
    }
    for (posting, error) in &swept.failures {
        output::line(format!("  {} {posting}: {error:#}", styled(BAD, "not counted:")));
    }
}

fn json(connection: &str, swept: &Swept) -> serde_json::Value {
    let failures: Vec<_> = swept
        .failures
        .iter()
        .map(|(record, error)| json!({ "record": record, "error": format!("{error:#}") }))
        .collect();
    json!({ "connection": connection, "counted": swept.counted, "incidents": swept.incidents,
            "failures": failures })
}

/// An incident, for people.
pub(super) fn incident_line(incident: &Incident) -> String {
    format!("  {} {}", styled(BAD, format!("incident {}:", incident.record)), incident.message)
}
