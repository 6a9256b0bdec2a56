//! `credentials status`: which secrets there are, where each is kept, and until when it may be used.

use std::path::Path;

use anstyle::Style;
use jiff::Timestamp;
use serde_json::json;
use store::SecretRecord;

use super::{App, names};
use crate::config::{Config, Connection, SecretSource};
use crate::connect;
use crate::exit::Exit;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, Table, styled};
use crate::secrets::{
    CLIENT_SECRET, CLIENT_SECRET_DAYS_TO_WARN, OpenVault, client_secret_left, renewal, written_at,
};

/// A secret as `status` shows it.
struct Shown {
    connection: String,
    name: String,
    kept: String,
    set_at: Option<Timestamp>,
    state: String,
    style: Style,
}

pub(super) async fn run(app: &App, config: &Config) -> anyhow::Result<Exit> {
    let store = match config.vault {
        Some(_) => connect::store_if_any(config).await?,
        None => None,
    };
    let vault = match store {
        Some(store) => Some((OpenVault::open(config, store.clone()).await?, store)),
        None => None,
    };
    let now = app.clock.now();
    let mut shown = Vec::new();
    for connection in app.connections(config)? {
        let kept = match &vault {
            Some((_, store)) => store.secrets(Some(&connection.name)).await?,
            None => Vec::new(),
        };
        for (name, source) in names(connection) {
            let record = kept.iter().find(|record| record.name == name);
            shown.push(match (source, record) {
                (SecretSource::Vault, record) => {
                    in_vault(connection, name, vault.as_ref().map(|(open, _)| open), record, now)
                }
                (source, _) => elsewhere(connection, name, source, (&config.folder, now)),
            });
        }
        let waiting = kept.iter().filter(|record| record.name.ends_with(".new"));
        shown.extend(waiting.map(|record| Shown {
            connection: connection.name.clone(),
            name: record.name.clone(),
            kept: "vault".to_owned(),
            set_at: Some(record.set_at),
            state: "waits to be accepted".to_owned(),
            style: Style::new(),
        }));
    }
    let bad = shown.iter().any(|secret| secret.style == BAD);
    print(app, &shown);
    Ok(if bad { Exit::Configuration } else { Exit::Ok })
}

fn in_vault(
    connection: &Connection,
    name: &str,
    vault: Option<&OpenVault>,
    record: Option<&SecretRecord>,
    now: Timestamp,
) -> Shown {
    let opened = record.zip(vault).map(|(record, vault)| vault.check(record));
    let (state, style) = match (&opened, record) {
        (Some(Err(error)), _) => (error.to_string(), BAD),
        (Some(Ok(())), Some(record)) if name == CLIENT_SECRET => {
            countdown(connection, record.set_at, now)
        }
        (Some(Ok(())), _) => ("ok".to_owned(), GOOD),
        (None, _) => (format!("missing; run `credentials set {name}`"), BAD),
    };
    Shown {
        connection: connection.name.clone(),
        name: name.to_owned(),
        kept: "vault".to_owned(),
        set_at: record.map(|record| record.set_at),
        state,
        style,
    }
}

fn elsewhere(
    connection: &Connection,
    name: &str,
    source: &SecretSource,
    (folder, now): (&Path, Timestamp),
) -> Shown {
    let set_at = written_at(source, folder);
    let (state, style) = match source.read(name, folder) {
        Ok(_)
            if name == CLIENT_SECRET
                && let Some(set_at) = set_at =>
        {
            countdown(connection, set_at, now)
        }
        Ok(_) => ("ok".to_owned(), GOOD),
        Err(error) => (error.problem, BAD),
    };
    Shown {
        connection: connection.name.clone(),
        name: name.to_owned(),
        kept: source.place(),
        set_at,
        state,
        style,
    }
}

/// How long an application's client secret may still be used.
fn countdown(connection: &Connection, set_at: Timestamp, now: Timestamp) -> (String, Style) {
    let (day, days) = client_secret_left(set_at, now);
    match days {
        ..0 => (format!("expired on {day}; {}", renewal(connection)), BAD),
        0..=CLIENT_SECRET_DAYS_TO_WARN => {
            (format!("rotate it by {day}, in {days} days"), ATTENTION)
        }
        _ => (format!("ok, rotate it by {day}"), GOOD),
    }
}

fn print(app: &App, shown: &[Shown]) {
    let columns = ["Connection", "Credential", "Kept in", "Set (UTC)", "State"];
    let mut table = Table::new(&columns.map(|name| (name, Align::Left)));
    for secret in shown {
        let set_at = secret.set_at.map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
        if app.common.json {
            output::line(json!({
                "connection": secret.connection, "name": secret.name, "kept": secret.kept,
                "set_at": secret.set_at.map(|at| at.to_string()), "state": secret.state,
            }));
            continue;
        }
        table.styled_row(vec![
            (secret.connection.clone(), Style::new()),
            (secret.name.clone(), Style::new()),
            (secret.kept.clone(), Style::new()),
            (set_at.unwrap_or_default(), Style::new()),
            (secret.state.clone(), secret.style),
        ]);
    }
    if !app.common.json {
        output::line(styled(HEAD, "Credentials"));
        for line in table.lines() {
            output::line(line);
        }
    }
}
