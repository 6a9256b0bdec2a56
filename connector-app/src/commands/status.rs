//! `status [ID]`: where every settlement stands, from the store alone.

use std::collections::{BTreeMap, BTreeSet};

use anstyle::Style;
use serde_json::{Value, json};
use settlement_model::expected::{Expected, Standing};
use store::{ReportRecord, SettlementKey, SettlementRecord, Store};

use super::{App, accrue, catalog, orders};
use crate::accrual::standings;
use crate::alert::found;
use crate::config::Config;
use crate::connect;
use crate::exit::Exit;
use crate::ledger::Kind;
use crate::output::{
    self, ATTENTION, Align, BAD, HEAD, QUIET, Table, grouped, state_style, styled,
};
use crate::pipeline::accrual::State as Accrued;
use crate::pipeline::{HeldReason, Incident, booked, draft_of, posting_number};

pub(super) async fn run(app: &App, id: Option<&str>) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = app.common.connection.as_deref();
    let Some(store) = connect::store_if_any(&config).await? else {
        if !app.common.json {
            output::line("Nothing was taken in yet: run `ml-connector sync settlements`.");
        }
        return Ok(Exit::Ok);
    };
    if let Some(id) = id {
        if orders::is_order_id(id) {
            let held = orders::status_of(app, &store, id).await?;
            return Ok(if held { Exit::Held } else { Exit::Ok });
        }
        super::find(&store, connection, id).await?;
    }
    if app.common.json {
        for record in records(&store, connection, id).await? {
            output::line(settlement_json(&store, &record.key).await?);
        }
    } else {
        for line in table(&store, (connection, id), app.shows_several(&config)).await? {
            output::line(line);
        }
    }
    let stopped = match id {
        Some(_) => false,
        None => {
            let unread = store.reports_held(connection).await?;
            if app.common.json {
                unread.iter().map(report_json).for_each(output::line);
            }
            tell_expected(app, &config, &store).await?;
            !unread.is_empty()
                | orders::status(app, &store).await?
                | catalog::status(app, &store).await?
                | accruals(app, &config, &store).await?
        }
    };
    let records = records(&store, connection, id).await?;
    let held = stopped || records.iter().any(|record| record.state == "held");
    let incident = !incidents(&store, connection, id).await?.is_empty();
    Ok(if held || incident { Exit::Held } else { Exit::Ok })
}

/// One settlement, after something was done with it.
pub(super) async fn show(app: &App, store: &Store, key: &SettlementKey) -> anyhow::Result<()> {
    if app.common.json {
        output::line(settlement_json(store, key).await?);
        return Ok(());
    }
    for line in table_of(store, key).await? {
        output::line(line);
    }
    Ok(())
}

/// What the sweep found that does not stand in Epicor exactly once.
async fn incidents(
    store: &Store,
    connection: Option<&str>,
    id: Option<&str>,
) -> anyhow::Result<Vec<Incident>> {
    let postings = store.incidents(connection).await?;
    let of_id = postings.iter().filter(|posting| id.is_none_or(|id| posting.record.id == id));
    Ok(of_id.filter_map(Incident::of).collect())
}

/// What settlements are due next.
async fn tell_expected(app: &App, config: &Config, store: &Store) -> anyhow::Result<()> {
    let now = app.clock.now();
    for connection in app.connections(config)? {
        let name = connection.name.as_str();
        for expected in found::expected(store, name).await? {
            let standing = expected.standing(now);
            if standing == Standing::GivenUp {
                continue;
            }
            match app.common.json {
                true => output::line(expected_json(name, &expected, standing)),
                false => output::line(expected_line(name, &expected, standing)),
            }
        }
    }
    Ok(())
}

/// `us, next USD Amazon.com: due 11 Nov 2026, not seen`.
fn expected_line(connection: &str, expected: &Expected, standing: Standing) -> String {
    let due = found::day(expected.due);
    let stands = match standing {
        Standing::Ahead | Standing::GivenUp => format!("due {due}"),
        Standing::Due => styled(ATTENTION, format!("due {due}, not seen yet")),
        Standing::Late => styled(BAD, format!("due {due}, not seen")),
    };
    let stream = found::stream(expected);
    format!("  {} {stream}: {stands}", styled(QUIET, format!("{connection}, next")))
}

fn expected_json(connection: &str, expected: &Expected, standing: Standing) -> Value {
    let standing = match standing {
        Standing::Ahead => "ahead",
        Standing::Due => "due",
        Standing::Late => "late",
        Standing::GivenUp => "given_up",
    };
    json!({ "connection": connection, "expected": {
        "currency": expected.currency.code(), "marketplace": expected.marketplace,
        "after": expected.last.as_str(), "due": expected.due, "late": expected.late,
        "standing": standing,
    } })
}

/// The month-end accruals that were prepared; whether any is held.
async fn accruals(app: &App, config: &Config, store: &Store) -> anyhow::Result<bool> {
    let mut held = false;
    for connection in app.connections(config)? {
        let name = &connection.name;
        if store.accruals(Some(name)).await?.is_empty() {
            continue;
        }
        let booked = booked(store, name, connection.cut_off_zone().as_ref()).await?;
        for standing in standings(store, name, &booked).await? {
            held |= standing.state == Accrued::Held;
            match app.common.json {
                true => output::line(accrue::as_json(&standing)),
                false => accrue::people(&standing).iter().for_each(output::line),
            }
        }
    }
    Ok(held)
}

async fn records(
    store: &Store,
    connection: Option<&str>,
    id: Option<&str>,
) -> anyhow::Result<Vec<SettlementRecord>> {
    let mut records = store.settlements(connection).await?;
    records.retain(|record| id.is_none_or(|id| record.key.settlement_id == id));
    Ok(records)
}

/// One settlement for machines.
pub(super) async fn settlement_json(store: &Store, key: &SettlementKey) -> anyhow::Result<Value> {
    let Some(record) = store.settlement(key).await? else {
        return Ok(Value::Null);
    };
    let postings = store.postings_of(key).await?;
    // From each document that was reversed to the one that reverses it.
    let mut links = BTreeMap::new();
    for posting in &postings {
        if let Some(original) = draft_of(posting)?.document.reverses() {
            links.insert(original, posting.key.clone());
        }
    }
    let of_kind = |kind: Kind, number: &str| -> Vec<_> {
        let of_kind = postings.iter().filter(|posting| posting.kind == kind.as_str());
        of_kind
            .map(|posting| {
                let mut told = json!({ "key": posting.key, "step": posting.step,
                                       "group_id": posting.group_id, "token": posting.token });
                told[number] = posting_number(posting).into();
                if let Some(key) = links.get(&posting.key) {
                    told["reversed_by"] = key.as_str().into();
                }
                if let Some((key, _)) = links.iter().find(|(_, by)| **by == posting.key) {
                    told["reverses"] = key.as_str().into();
                }
                told
            })
            .collect()
    };
    let journals = of_kind(Kind::Journal, "journal");
    let invoices = of_kind(Kind::ApInvoice, "invoice");
    Ok(json!({
        "connection": key.connection, "settlement_id": key.settlement_id, "state": record.state,
        "currency": record.currency, "deposit": record.deposit, "start": record.start,
        "end": record.end, "rows": record.rows, "source": record.source, "journals": journals,
        "invoices": invoices,
        "held": HeldReason::parse_all(record.hold.as_deref()),
        "incidents": postings.iter().filter_map(Incident::of).collect::<Vec<_>>(),
    }))
}

/// The table of one settlement.
pub(super) async fn table_of(store: &Store, key: &SettlementKey) -> anyhow::Result<Vec<String>> {
    table(store, (Some(&key.connection), Some(&key.settlement_id)), false).await
}

/// The table for people, with the reason under each held line. It names connections where `several` are
/// configured, or settlements of several are in it.
pub(super) async fn table(
    store: &Store,
    (connection, id): (Option<&str>, Option<&str>),
    several: bool,
) -> anyhow::Result<Vec<String>> {
    let records = records(store, connection, id).await?;
    let names: BTreeSet<_> = records.iter().map(|record| &record.key.connection).collect();
    let several = several || names.len() > 1;
    let columns = [
        ("Connection", Align::Left),
        ("Settlement", Align::Left),
        ("From", Align::Left),
        ("To", Align::Left),
        ("Deposit", Align::Right),
        ("", Align::Left),
        ("State", Align::Left),
        ("In Epicor", Align::Left),
    ];
    let from = usize::from(!several);
    let mut table = Table::new(&columns[from..]).indent(2);
    for record in &records {
        let plain = Style::new();
        let mut row = vec![
            (record.key.connection.clone(), plain),
            (record.key.settlement_id.clone(), HEAD),
            (day(&record.start), plain),
            (day(&record.end), plain),
            (grouped(&record.deposit), plain),
            (record.currency.clone(), plain),
            (record.state.clone(), state_style(&record.state)),
            (numbers(store, &record.key).await?, plain),
        ];
        table.styled_row(row.split_off(from));
    }
    let mut lines = table.lines();
    for record in records.iter().filter(|record| record.state == "held") {
        let SettlementKey { connection, settlement_id } = &record.key;
        let name = match several {
            true => format!("held {settlement_id} of {connection}:"),
            false => format!("held {settlement_id}:"),
        };
        for reason in HeldReason::parse_all(record.hold.as_deref()) {
            lines.push(format!("  {} {}", styled(ATTENTION, &name), reason.message));
        }
    }
    let incidents = incidents(store, connection, id).await?;
    lines.extend(incidents.iter().map(super::sweep::incident_line));
    if id.is_none() {
        lines.extend(store.reports_held(connection).await?.iter().map(report_line));
    }
    Ok(lines)
}

/// A report that could not be read has no settlement to stand under.
fn report_line(report: &ReportRecord) -> String {
    let reasons = HeldReason::parse_all(report.hold.as_deref());
    let first = reasons.first().map_or("", |reason| reason.message.as_str());
    let name = format!("held report {} of {}:", report.report_id, report.connection);
    format!("  {} {first}", styled(ATTENTION, name))
}

fn report_json(report: &ReportRecord) -> Value {
    json!({
        "connection": report.connection, "report_id": report.report_id, "state": report.state,
        "created": report.created, "document": report.document.map(|hash| hash.to_string()),
        "held": HeldReason::parse_all(report.hold.as_deref()),
    })
}

/// The numbers of journals and invoices in Epicor, or how far the posting is.
async fn numbers(store: &Store, key: &SettlementKey) -> anyhow::Result<String> {
    let postings = store.postings_of(key).await?;
    let words: Vec<_> = postings
        .iter()
        .map(|posting| {
            posting_number(posting).unwrap_or_else(|| styled(QUIET, posting.step.clone()))
        })
        .collect();
    Ok(words.join(", "))
}

fn day(time: &str) -> String {
    time.chars().take(10).collect()
}
