//! `sync catalog`, and what is known of the listings: shown, exported, decided.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anstyle::Style;
use anyhow::Context as _;
use ledger_mapper::Alignment;
use serde_json::{Value, json};
use store::{ListingRecord, MappedTo, MappingKey, MappingRecord, Store};

use super::App;
use super::recorded::{each, recorded};
use super::spinner::Spinner;
use crate::cli::{Accepted, CatalogCommand, Coverage};
use crate::config::Connection;
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::flow;
use crate::flow::catalog::CatalogLink;
use crate::lane;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, Table, sheet, styled};
use crate::pipeline::mapping::State;
use crate::pipeline::{HeldReason, Watch, accept_mapping};
use crate::secrets::Secrets;
use crate::sync::catalog::CatalogSummary;

const FLOW: &str = "catalog";

pub(super) async fn sync(app: &App) -> anyhow::Result<Exit> {
    let has = |connection: &Connection| connection.catalog.is_some();
    each(app, FLOW, (has, "a table [connection.catalog]"), async |config, connection| {
        let spinner = Spinner::of(&connection.name);
        let watch: Arc<dyn Watch> = spinner.clone();
        let secrets = Secrets::open(config).await?;
        let links = Links::new(app.clock.clone());
        let time = (&app.clock, &watch);
        let link = CatalogLink::ask(config, connection, &secrets, &links, time).await?;
        let store = connect::store(config).await?;
        let ran = recorded(app, config, (connection, FLOW), &store, async |store| {
            let summary = link.run(store).once().await?;
            let done = flow::catalog::done(&summary);
            Ok((summary, done))
        });
        let (summary, exit) = ran.await?;
        spinner.finish();
        print_summary(app, &connection.name, &summary);
        Ok(exit)
    })
    .await
}

pub(super) async fn run(app: &App, command: &CatalogCommand) -> anyhow::Result<Exit> {
    match command {
        CatalogCommand::List { state } => list(app, *state).await,
        CatalogCommand::Export { file } => export(app, file).await,
        CatalogCommand::Accept(accepted) => accept(app, accepted).await,
    }
}

fn print_summary(app: &App, connection: &str, summary: &CatalogSummary) {
    let failures = summary.failures.iter();
    if app.common.json {
        let moved = summary.moved.iter();
        let moved: Vec<_> =
            moved.map(|(sku, state)| json!({ "sku": sku, "state": state.as_str() })).collect();
        let failures: Vec<_> = failures
            .map(|(record, error)| json!({ "record": record, "error": format!("{error:#}") }))
            .collect();
        output::line(json!({
            "connection": connection, "marketplaces": summary.marketplaces,
            "coverage": summary.coverage, "new": summary.kept.new,
            "changed": summary.kept.changed, "gone": summary.kept.gone, "cross_references": moved,
            "failures": failures,
        }));
        return;
    }
    output::line(format!(
        "{}  {}; {} new, {} changed, {} gone",
        styled(HEAD, connection),
        coverage(summary),
        summary.kept.new,
        summary.kept.changed,
        summary.kept.gone,
    ));
    for (sku, state) in &summary.moved {
        output::line(format!("  cross reference of SKU {sku}: {state}"));
    }
    for (record, error) in failures {
        output::line(format!("  {} {record}: {error:#}", styled(BAD, "failed:")));
    }
}

/// `12 listings in 2 marketplaces: 10 matched, 2 missing`
pub(super) fn coverage(summary: &CatalogSummary) -> String {
    let all: u64 = summary.coverage.values().sum();
    let states = [Coverage::Matched, Coverage::Inactive, Coverage::Ambiguous, Coverage::Missing];
    let counted = states.into_iter().filter_map(|state| {
        let count = summary.coverage.get(state.as_str())?;
        Some(format!("{count} {}", styled(style(state.as_str()), state.as_str())))
    });
    let counted: Vec<String> = counted.collect();
    let marketplaces = match summary.marketplaces {
        1 => "1 marketplace".to_owned(),
        several => format!("{several} marketplaces"),
    };
    format!("{all} listings in {marketplaces}: {}", counted.join(", "))
}

fn style(state: &str) -> Style {
    match state {
        "matched" => GOOD,
        "missing" => BAD,
        _ => ATTENTION,
    }
}

/// What is kept of a listing.
pub(super) fn alignment_of(listing: &ListingRecord) -> anyhow::Result<Alignment> {
    serde_json::from_str(&listing.alignment)
        .with_context(|| format!("SKU {}: what is kept of it", listing.sku))
}

/// What says that it is its part.
fn clue(alignment: &Alignment) -> String {
    alignment.part().map(|(_, clue)| clue.to_string()).unwrap_or_default()
}

pub(super) fn suggested(alignment: &Alignment) -> String {
    alignment.candidates().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The parts that people named for SKUs, counted, with the cross references that Epicor did not take;
/// nothing without any.
pub(super) async fn status(app: &App, store: &Store) -> anyhow::Result<bool> {
    let config = app.config()?;
    let mut stopped = false;
    for connection in app.connections(&config)? {
        let mappings = store.mappings(&connection.name).await?;
        if mappings.is_empty() {
            continue;
        }
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for mapping in &mappings {
            *counts.entry(&mapping.state).or_default() += 1;
        }
        stopped |= counts.contains_key(State::Held.as_str());
        if app.common.json {
            output::line(json!({ "connection": connection.name, "mapped_skus": counts }));
            continue;
        }
        let about = app.about(&config, connection, "mapped SKUs:");
        output::line(format!("  {} {}", styled(HEAD, about), output::in_states(counts)));
        for mapping in mappings.iter().filter(|mapping| mapping.state == State::Held.as_str()) {
            print_held(mapping);
        }
    }
    Ok(stopped)
}

/// Why a cross reference is not in Epicor.
fn print_held(mapping: &MappingRecord) {
    for reason in HeldReason::parse_all(mapping.hold.as_deref()) {
        output::line(format!("  {} {}", styled(ATTENTION, "held:"), reason.message));
    }
}

async fn list(app: &App, state: Option<Coverage>) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    for connection in app.connections(&config)? {
        let listings = store.listings(&connection.name, state.map(Coverage::as_str)).await?;
        if app.common.json {
            for listing in &listings {
                output::line(as_json(&connection.name, listing)?);
            }
            continue;
        }
        let mut table = Table::new(&[
            ("SKU", Align::Left),
            ("Marketplace", Align::Left),
            ("State", Align::Left),
            ("Part", Align::Left),
            ("By", Align::Left),
            ("May be", Align::Left),
        ])
        .indent(2);
        for listing in &listings {
            let alignment = alignment_of(listing)?;
            let plain = |text: String| (text, Style::new());
            table.styled_row(vec![
                plain(listing.sku.clone()),
                plain(name_of(&listing.marketplace)),
                (listing.state.clone(), style(&listing.state)),
                plain(listing.part.clone().unwrap_or_default()),
                plain(clue(&alignment)),
                plain(suggested(&alignment)),
            ]);
        }
        output::line(styled(HEAD, format!("{}  {} listings", connection.name, listings.len())));
        if !listings.is_empty() {
            table.lines().into_iter().for_each(output::line);
        }
        store.mappings(&connection.name).await?.iter().for_each(print_held);
    }
    Ok(Exit::Ok)
}

/// The marketplace's name, or its id where that is not known.
fn name_of(marketplace: &str) -> String {
    let known = settlement_model::Marketplace::by_id(marketplace);
    known.map_or_else(|| marketplace.to_owned(), |known| known.name.to_owned())
}

fn as_json(connection: &str, listing: &ListingRecord) -> anyhow::Result<Value> {
    let alignment: Value = serde_json::from_str(&listing.alignment)?;
    Ok(json!({
        "connection": connection, "marketplace": listing.marketplace, "sku": listing.sku,
        "asin": listing.asin, "title": listing.title, "status": listing.status,
        "fulfilment_channel": listing.channel, "gtin": listing.gtin, "state": listing.state,
        "part": listing.part, "alignment": alignment,
    }))
}

async fn export(app: &App, file: &Path) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let mut rows = Vec::new();
    for connection in app.connections(&config)? {
        for listing in store.listings(&connection.name, None).await? {
            let alignment = alignment_of(&listing)?;
            rows.push(vec![
                connection.name.clone(),
                name_of(&listing.marketplace),
                listing.sku,
                listing.asin,
                listing.title,
                listing.status,
                listing.channel,
                listing.gtin.unwrap_or_default(),
                listing.state,
                listing.part.unwrap_or_default(),
                clue(&alignment),
                suggested(&alignment),
            ]);
        }
    }
    let headings = [
        "connection",
        "marketplace",
        "sku",
        "asin",
        "title",
        "status",
        "fulfilment channel",
        "gtin",
        "state",
        "part",
        "by",
        "may be",
    ];
    sheet::write(file, &headings, &rows)?;
    let (count, file) = (rows.len(), file.display().to_string());
    let done = json!({ "file": file, "listings": count });
    app.tell(&done, format!("{count} listings written to {file}"));
    Ok(Exit::Ok)
}

async fn accept(app: &App, accepted: &Accepted) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let connection = config.connection(app.common.connection.as_deref())?;
    let key = MappingKey { connection: connection.name.clone(), sku: accepted.sku.clone() };
    let to = MappedTo {
        part: accepted.part.clone(),
        unit: accepted.unit.clone(),
        multiple: accepted.multiple,
    };
    let configured = connection.orders.as_ref().and_then(|orders| orders.parts.get(&key.sku));
    anyhow::ensure!(
        configured.is_none(),
        "SKU {} is named in `orders.parts` of the configuration already; change it there",
        key.sku
    );
    let store = connect::store(&config).await?;
    lane::alone(&store, &key.connection, app.clock.as_ref(), async |store: Store| {
        accept_mapping(&store, &key, &to, &App::person(), app.clock.as_ref()).await
    })
    .await?;
    let writes = connection.catalog.as_ref().is_some_and(|set| set.write_cross_references);
    if app.common.json {
        output::line(json!({ "connection": key.connection, "sku": key.sku, "part": to.part,
                             "unit": to.unit, "multiple": to.multiple, "cross_reference": writes }));
    } else {
        let then =
            if writes { "; `sync catalog` writes the cross reference into Epicor" } else { "" };
        output::line(format!("SKU {} is {} × part {}{then}", key.sku, to.multiple, to.part));
    }
    Ok(Exit::Ok)
}
