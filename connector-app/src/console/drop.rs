//! Drop a settlement file: it is read, tied, drawn and shown as a journal. Nothing of it is kept, unless
//! somebody asks for that.

use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use settlement_model::Unreadable;

use super::asking;
use super::figures;
use super::form::{Upload, UploadedFile};
use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use super::settlement::{Facts, Planned, Sentence, Sheet, amounts, by_rules, sheets};
use super::waterfall::Waterfall;
use crate::basis::Basis;
use crate::config::Config;
use crate::connect;
use crate::pipeline::ReadOutcome;
use crate::pipeline::settlement::State as Life;
use crate::serve::Server;
use crate::taking_in;

/// The largest file that is read here: a settlement of 300,000 rows. A larger one is for the command
/// line.
const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/drop", get(show).post(read))
}

#[derive(Template)]
#[template(path = "drop.html")]
struct DropPage {
    frame: Frame,
    connections: Vec<String>,
    chosen: String,
    seen: Option<Seen>,
}

/// A file that was read, or could not be.
struct Seen {
    name: String,
    settlements: Vec<Drawn>,
    /// Why it cannot be read, line by line.
    defects: Vec<String>,
}

/// A settlement of it.
struct Drawn {
    id: String,
    from: String,
    to: String,
    rows: String,
    sentence: Sentence,
    held: Vec<String>,
    picture: Waterfall,
    sheets: Vec<Sheet>,
}

async fn show(seat: Seat, State(server): State<Arc<Server>>) -> Result<Page<DropPage>, PageError> {
    seat.may(Act::Read)?;
    Ok(page(&seat, &server.in_force.get().config, "", None))
}

fn page(seat: &Seat, config: &Config, chosen: &str, seen: Option<Seen>) -> Page<DropPage> {
    let connections = config.connection_names().map(str::to_owned).collect();
    let frame = seat.frame(Entry::Home);
    Page(DropPage { frame, connections, chosen: chosen.to_owned(), seen })
}

async fn read(
    seat: Seat,
    State(server): State<Arc<Server>>,
    mut upload: Upload,
) -> Result<Response, PageError> {
    seat.may(Act::Read)?;
    let loaded = server.in_force.get();
    let config = &loaded.config;
    let chosen = upload.fields.get("connection").filter(|name| !name.is_empty());
    let connection = config.connection(chosen.map(String::as_str)).map_err(|error| {
        PageError::bad_input(format!("{error}."), "Choose the connection and drop it again.")
    })?;
    let file = upload.files.pop().ok_or_else(|| {
        PageError::bad_input("No file came.".to_owned(), "Choose a file and send it again.")
    })?;
    if file.bytes.len() > FILE_BYTES_MAX {
        return Err(PageError::bad_input(
            format!(
                "{} has {} MiB; this page reads files of up to {} MiB.",
                file.name,
                file.bytes.len() / 1024 / 1024,
                FILE_BYTES_MAX / 1024 / 1024
            ),
            "Use `ml-connector plan FILE` or `ml-connector import FILE`, which read any size.",
        ));
    }
    if upload.fields.get("do").is_some_and(|what| what == "take in") {
        return take_in(&seat, &server, connection, &file).await;
    }
    let basis = Basis::of(connection, &config.folder)?;
    let drawn = tokio::task::spawn_blocking(move || draw(&basis, &file))
        .await
        .context("reading the file")??;
    Ok(page(&seat, config, &connection.name, Some(drawn)).into_response())
}

/// The same as `plan FILE`.
fn draw(basis: &Basis, file: &UploadedFile) -> anyhow::Result<Seen> {
    let name = file.name.clone();
    let document = match settlement_model::read(file.bytes.as_ref(), &basis.reading()) {
        Ok(document) => document,
        Err(unreadable) => {
            return Ok(Seen { name, settlements: Vec::new(), defects: defects(&unreadable) });
        }
    };
    let plans = basis.plans(&document)?;
    let drawn = document.settlements.iter().zip(plans).map(|(settlement, planned)| {
        let plan = &planned.plan;
        let rows = if plan.held.is_empty() {
            amounts((&plan.journals, &planned.invoices), &plan.netted_to_zero)
        } else {
            by_rules(settlement, &document.zone, &basis.rules)
        };
        let day = |time: settlement_model::ReportTime| {
            figures::day(&time.date_in(&document.zone).to_string())
        };
        Drawn {
            id: settlement.id.to_string(),
            from: day(settlement.start),
            to: day(settlement.end),
            rows: figures::counted(settlement.rows, "row"),
            sentence: Sentence::of(&Facts {
                deposit: plan.deposit.amount(),
                currency: plan.currency,
                planned: Some(Planned {
                    journals: &plan.journals,
                    difference: plan.difference.amount(),
                }),
                held: !plan.held.is_empty(),
            }),
            held: plan.held.iter().map(ledger_mapper::Hold::message).collect(),
            picture: Waterfall::of(rows, plan.currency),
            sheets: sheets(&planned.documents(), None, None),
        }
    });
    Ok(Seen { name, settlements: drawn.collect(), defects: Vec::new() })
}

fn defects(unreadable: &Unreadable) -> Vec<String> {
    let told = unreadable.defects.iter().map(|defect| {
        let place = match (defect.line, &defect.column) {
            (Some(line), Some(column)) => format!("Line {line}, {column}: "),
            (Some(line), None) => format!("Line {line}: "),
            _ => String::new(),
        };
        format!("{place}{}", defect.message)
    });
    let mut told: Vec<_> = told.collect();
    if unreadable.more > 0 {
        told.push(format!("and {} more", unreadable.more));
    }
    told
}

/// The same as `import FILE`.
async fn take_in(
    seat: &Seat,
    server: &Server,
    connection: &crate::config::Connection,
    file: &UploadedFile,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let site = connect::site(connection, &server.in_force.get().config.folder)?;
    let store = server.keeper.write().await?;
    let with = (&store, &site, server.clock().as_ref());
    let taken = taking_in::take_in(with, &seat.actor(), &file.name, &file.bytes).await;
    let taken = taken.map_err(|error| {
        match error.downcast_ref::<crate::pipeline::UnreadableDocument>() {
            Some(_) => PageError::bad_input(
                format!("{error:#}. Nothing of it was taken in."),
                "Download it again from Seller Central (Payments, All statements, Flat file V2) and \
                 drop it unopened.",
            ),
            None => error.into(),
        }
    })?;
    asking::for_a_run(server, &store, seat, &connection.name).await?;
    let told = taken.iter().map(|taken| {
        let held = if taken.state == Life::Held { ", which is held" } else { "" };
        match &taken.outcome {
            ReadOutcome::New(key) => format!("settlement {} is new{held}", key.settlement_id),
            ReadOutcome::Known(key) => format!("settlement {} was here before", key.settlement_id),
            ReadOutcome::Reissued(key) => {
                format!("settlement {} came with other content{held}", key.settlement_id)
            }
        }
    });
    let notice = format!("{}: {}.", file.name, told.collect::<Vec<_>>().join("; "));
    let to = match taken.first().map(|taken| &taken.outcome) {
        Some(ReadOutcome::New(key) | ReadOutcome::Known(key) | ReadOutcome::Reissued(key))
            if taken.len() == 1 =>
        {
            super::address::settlement(key)
        }
        _ => "/settlements".to_owned(),
    };
    Ok(seat.go_on(&to, &notice))
}
