//! `plan FILE|ID…`: the journals and supplier invoices a settlement makes. Writes nothing.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use jiff::tz::TimeZone;
use ledger_mapper::{Calendar, Rules};
use settlement_model::Unreadable;

use super::{App, orders};
use crate::basis::Basis;
use crate::cli::PlanArgs;
use crate::config::{self, Config, ConfigError};
use crate::connect;
use crate::exit::Exit;
use crate::output;
use crate::pipeline::kept_document;

pub(super) async fn run(app: &App, args: &PlanArgs) -> anyhow::Result<Exit> {
    let basis = basis(app, args)?;
    let mut exit = Exit::Ok;
    for (index, what) in args.what.iter().enumerate() {
        if index > 0 && !app.common.json {
            output::line("");
        }
        let path = Path::new(what);
        if orders::is_order_id(what) {
            if orders::plan(app, what).await? {
                exit = Exit::Held;
            }
            continue;
        }
        let is_id = !path.exists() && what.bytes().all(|b| b.is_ascii_digit());
        let held = if is_id { stored(app, &basis, what).await? } else { file(app, &basis, path)? };
        if held {
            exit = Exit::Held;
        }
    }
    Ok(exit)
}

/// The options first, then the configuration where there is one, then the sample that ships.
fn basis(app: &App, args: &PlanArgs) -> anyhow::Result<Basis> {
    let config = app.config_path();
    let configured = if app.common.config.is_some() || config.exists() {
        Some(Config::load(&config)?)
    } else {
        None
    };
    let connection = configured
        .as_ref()
        .map(|config| config.connection(app.common.connection.as_deref()))
        .transpose()?;
    let folder = configured.as_ref().map_or(Path::new(""), |config| config.folder.as_path());

    let rules = match (&args.rules, connection) {
        (Some(file), _) => config::load_rules(file)?,
        (None, Some(connection)) => connection.load_rules(folder)?,
        (None, None) => Rules::sample(),
    };
    let calendar = match (&args.calendar, connection) {
        (Some(file), _) => config::load_calendar(file)?,
        (None, Some(connection)) => connection.load_calendar(folder)?,
        (None, None) => Calendar::months(),
    };
    let zone = match (&args.zone, connection) {
        (Some(name), _) => Some(TimeZone::get(name).map_err(|_| ConfigError::Refused {
            path: "--zone".into(),
            connection: String::new(),
            message: format!(
                "\"{name}\" is not a time zone; write one such as America/Los_Angeles"
            ),
        })?),
        (None, Some(connection)) => connection.cut_off_zone(),
        (None, None) => None,
    };
    let fees = connection.and_then(|connection| connection.posting.fees());
    let connection = connection.map_or("sample", |connection| connection.name.as_str()).to_owned();
    Ok(Basis { connection, rules, calendar, zone, fees })
}

/// Plans every settlement of a file; `true` when anything is held.
fn file(app: &App, basis: &Basis, path: &Path) -> anyhow::Result<bool> {
    let name = path.display().to_string();
    let source = File::open(path).with_context(|| {
        format!("cannot open {name}: name a settlement file, or the id of one taken in")
    })?;
    match settlement_model::read(source, &basis.reading()) {
        Ok(document) => print_plans(app, basis, &document),
        Err(unreadable) => {
            print_unreadable(app, &name, &unreadable);
            Ok(true)
        }
    }
}

/// Plans a settlement of the store again, with the rules of now.
async fn stored(app: &App, basis: &Basis, id: &str) -> anyhow::Result<bool> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let key = super::find(&store, app.common.connection.as_deref(), id).await?;
    let record = store.settlement(&key).await?.context("it was there a moment ago")?;
    let kept = kept_document(&store, &record.document, id).await?;
    let options = basis.reading_kept(&kept.hints);
    let mut document = settlement_model::read(kept.bytes.as_slice(), &options)?;
    document.settlements.retain(|settlement| settlement.id.as_str() == id);
    print_plans(app, basis, &document)
}

fn print_plans(
    app: &App,
    basis: &Basis,
    document: &settlement_model::Document,
) -> anyhow::Result<bool> {
    let mut held = false;
    for (index, planned) in basis.plans(document)?.into_iter().enumerate() {
        held |= !planned.plan.held.is_empty();
        if app.common.json {
            output::line(output::plan_lines(&planned)?);
            continue;
        }
        if index > 0 {
            output::line("");
        }
        for line in output::plan_people(&planned) {
            output::line(line);
        }
    }
    Ok(held)
}

fn print_unreadable(app: &App, name: &str, unreadable: &Unreadable) {
    if app.common.json {
        output::line(output::unreadable_json(name, unreadable));
        return;
    }
    for line in output::unreadable_people(name, unreadable) {
        output::line(line);
    }
}
