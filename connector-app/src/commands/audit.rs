//! `audit`: the whole story of one settlement in order, and proof that nobody changed it.

pub(super) mod proof;

use anstyle::Style;
use serde_json::{Value, json};
use store::Event;

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
    if orders::is_order_id(id)
        && let Some(paid) = orders::list::one(app, &config, &store, id).await?
    {
        let charged = paid.matched.charged;
        output::line(format!("  charged {charged} without tax: {}", paid.matched.outcome));
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
