//! `audit`: the whole story of one settlement in order, and proof that nobody changed it.

pub(super) mod proof;

use anstyle::Style;
use serde_json::{Value, json};
use store::{Event, RecordKey, Store};

use super::{App, orders};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, Align, HEAD, QUIET, Table, styled};
use crate::story;

/// What the story is of, and whose: a settlement, or what else a connection has a story of, such as
/// `rules`, `bank`, or a fiscal period by its name.
async fn of_connection(
    store: &Store,
    named: Option<&str>,
    id: &str,
) -> anyhow::Result<(&'static str, String)> {
    let unknown = match super::find(store, named, id).await {
        Ok(key) => return Ok(("Settlement", key.connection)),
        Err(error) => error,
    };
    let mut connections: Vec<_> =
        store.events_of(id).await?.into_iter().map(|event| event.connection).collect();
    let accruals = store.accruals(named).await?.into_iter();
    connections.extend(accruals.filter(|one| one.key.period == id).map(|one| one.key.connection));
    connections.retain(|connection| named.is_none_or(|named| named == connection));
    connections.sort_unstable();
    connections.dedup();
    match connections.as_slice() {
        [] => Err(unknown),
        [connection] => Ok(("Events of", connection.clone())),
        _ => anyhow::bail!("several connections have a story of {id}; name one with --connection"),
    }
}

/// What a connection tells of something; what was accrued of a fiscal period is part of its story.
async fn story_of(store: &Store, connection: &str, id: &str) -> anyhow::Result<Vec<Event>> {
    let mut events = store.events_of(id).await?;
    for accrual in store.accruals(Some(connection)).await? {
        if accrual.key.period == id {
            events.extend(store.events_of(&RecordKey::from(&accrual.key).id).await?);
        }
    }
    events.retain(|event| event.connection == connection);
    events.sort_by_key(|event| event.seq);
    Ok(events)
}

pub(super) async fn show(app: &App, id: &str) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let named = app.common.connection.as_deref();
    let (what, connection) = if orders::is_order_id(id) {
        ("Order", orders::find(&store, named, id).await?.key.connection)
    } else if id == "users" || id.starts_with("user ") {
        ("Events of", store::CONSOLE.to_owned())
    } else {
        of_connection(&store, named, id).await?
    };
    let events = story_of(&store, &connection, id).await?;
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
        for detail in event.map(story::details).unwrap_or_default() {
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

fn event_json(event: &Event) -> Value {
    json!({
        "seq": event.seq, "at": event.at.to_string(), "actor": event.actor,
        "connection": event.connection, "record": event.record, "subject": event.subject,
        "action": event.action, "from": event.from, "to": event.to, "detail": event.detail,
        "previous": event.previous, "hash": event.hash,
    })
}
