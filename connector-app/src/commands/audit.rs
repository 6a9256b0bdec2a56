//! `audit`: the whole story of one settlement in order, and proof that nobody changed it.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, IntoInnerError, Write as _};
use std::path::Path;

use anyhow::Context as _;

use anstyle::Style;
use serde_json::{Value, json};
use store::{AuditCheck, AuditLine, Event};

use super::{App, orders};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, Align, HEAD, QUIET, Table, styled};

pub(super) async fn show(app: &App, id: &str) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let named = app.common.connection.as_deref();
    let (what, connection) = if orders::is_order_id(id) {
        ("Order", orders::find(&store, named, id).await?.key.connection)
    } else {
        ("Settlement", super::find(&store, named, id).await?.connection)
    };
    let mut events = store.events_of(id).await?;
    events.retain(|event| event.connection == connection);
    let check = store.verify_audit().await?;
    if app.common.json {
        for event in &events {
            output::line(event_json(event));
        }
        return Ok(Exit::Ok);
    }
    output::line(styled(HEAD, format!("{what} {id}, {} events", events.len())));
    let mut table = Table::new(&[
        ("#", Align::Right),
        ("When (UTC)", Align::Left),
        ("Who", Align::Left),
        ("What", Align::Left),
        ("From", Align::Left),
        ("To", Align::Left),
        ("Record", Align::Left),
    ])
    .indent(2);
    for event in &events {
        table.row(
            Style::new(),
            [
                event.seq.to_string(),
                event.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                event.actor.clone(),
                event.action.clone(),
                event.from.clone().unwrap_or_default(),
                event.to.clone().unwrap_or_default(),
                event.subject.clone(),
            ],
        );
    }
    for (line, event) in
        table.lines().iter().zip(std::iter::once(None).chain(events.iter().map(Some)))
    {
        output::line(line);
        for detail in event.map(details).unwrap_or_default() {
            output::line(styled(QUIET, format!("      {detail}")));
        }
    }
    output::line(styled(
        QUIET,
        match check.chains.get(&connection) {
            Some(end) => {
                format!("  all {} events of {} verify; head {}", end.events, connection, end.head)
            }
            None => String::new(),
        },
    ));
    Ok(Exit::Ok)
}

pub(super) async fn verify(app: &App) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    tell(app, &store.verify_audit().await?);
    Ok(Exit::Ok)
}

/// Each line is an event; the last one notes how every chain ended, so that a file that was cut off
/// is noticed.
pub(super) async fn export(app: &App, path: &Path) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    // A log that does not verify is not exported as if it did.
    let connections: Vec<String> = store.verify_audit().await?.chains.into_keys().collect();
    let writing = || format!("writing {}", path.display());
    let mut file = BufWriter::new(File::create_new(path).with_context(writing)?);
    let mut check = AuditCheck::default();
    for connection in &connections {
        loop {
            let after = check.chains.get(connection).map_or(0, |end| end.events);
            let lines = store.audit_lines(connection, after).await?;
            if lines.is_empty() {
                break;
            }
            for line in &lines {
                check.follow(line)?;
                writeln!(file, "{}", serde_json::to_string(line)?).with_context(writing)?;
            }
        }
    }
    writeln!(file, "{}", json!({ "ends": &check.chains })).with_context(writing)?;
    file.into_inner().map_err(IntoInnerError::into_error)?.sync_all().with_context(writing)?;
    tell(app, &check);
    Ok(Exit::Ok)
}

pub(super) fn verify_export(app: &App, path: &Path) -> anyhow::Result<Exit> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("reading {name}"))?;
    let mut check = AuditCheck::default();
    let mut ends = None;
    for (number, text) in BufReader::new(file).lines().enumerate() {
        let at = || format!("{name}, line {}", number + 1);
        let text = text.with_context(at)?;
        anyhow::ensure!(ends.is_none(), "{}: there is something behind the end", at());
        match serde_json::from_str(&text).with_context(at)? {
            Exported::Line(line) => check.follow(&line).with_context(at)?,
            Exported::Ends { ends: noted } => ends = Some(noted),
        }
    }
    let ends = ends.with_context(|| format!("{name} has no end: it was cut off"))?;
    anyhow::ensure!(ends == check.chains, "{name}: its events do not end where it says they do");
    tell(app, &check);
    Ok(Exit::Ok)
}

/// A line of an export.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Exported {
    Line(AuditLine),
    Ends { ends: std::collections::BTreeMap<String, store::ChainEnd> },
}

fn tell(app: &App, check: &AuditCheck) {
    if app.common.json {
        output::line(json!({ "events": check.events(), "ends": &check.chains }));
        return;
    }
    let mut table = Table::new(&[
        ("Connection", Align::Left),
        ("Events", Align::Right),
        ("Newest event's hash; note it elsewhere", Align::Left),
    ]);
    for (connection, end) in &check.chains {
        let cells = [connection.clone(), end.events.to_string(), end.head.clone()];
        table.row(Style::new(), cells);
    }
    for line in table.lines() {
        output::line(line);
    }
    output::line(styled(QUIET, format!("  all {} events verify", check.events())));
}

/// The facts of an event that a person wants to read.
fn details(event: &Event) -> Vec<String> {
    let Value::Object(facts) = &event.detail else {
        return Vec::new();
    };
    facts
        .iter()
        // Token and group stand in every posting event; once is enough for a reader.
        .filter(|(name, _)| {
            event.action == "begin" || !matches!(name.as_str(), "token" | "group_id")
        })
        .filter_map(|(name, value)| match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(format!("{name}: {text}")),
            Value::Array(items) if name == "reasons" => {
                let messages: Vec<_> = items.iter().filter_map(|i| i["message"].as_str()).collect();
                Some(messages.join("; "))
            }
            other => Some(format!("{name}: {other}")),
        })
        .collect()
}

fn event_json(event: &Event) -> Value {
    json!({
        "seq": event.seq, "at": event.at.to_string(), "actor": event.actor,
        "connection": event.connection, "record": event.record, "subject": event.subject,
        "action": event.action, "from": event.from, "to": event.to, "detail": event.detail,
        "previous": event.previous, "hash": event.hash,
    })
}
