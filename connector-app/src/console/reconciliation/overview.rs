//! Every fiscal period of a connection, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::{Asked, Known, address, text, tone};
use crate::connect;
use crate::console::address::{Paging, with_query};
use crate::console::figures;
use crate::console::form::Checked;
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::role::Act;
use crate::console::seat::Seat;
use crate::console::systems::Systems;
use crate::lane;
use crate::pipeline::{Silent, Worker};
use crate::reconcile::sign::Standing;
use crate::reconcile::{gather, keep_matched, refresh};
use crate::serve::Server;

/// How many periods are on a page.
const PAGE: usize = 12;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/reconciliation", get(show))
        .route("/reconciliation/refresh", post(ask_epicor))
}

#[derive(Template)]
#[template(path = "reconciliation.html")]
struct OverviewPage {
    frame: Frame,
    name: String,
    others: Vec<Other>,
    rows: Vec<Row>,
    paging: Paging,
    /// When Epicor's ledger was read last; nothing before the first time.
    read: Option<String>,
    unreadable: Vec<String>,
    bank: String,
    lines: usize,
    /// Where one comes back to after Epicor was asked.
    here: String,
}

/// Another connection.
struct Other {
    name: String,
    href: String,
    here: bool,
}

/// A period in one currency.
struct Row {
    period: String,
    href: String,
    days: String,
    currency: String,
    amazon: String,
    journal: String,
    ledger: String,
    bank: String,
    closing: String,
    unknown: usize,
    word: &'static str,
    tone: &'static str,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<OverviewPage>, PageError> {
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let name = known.name.clone();
    let mut periods = known.periods();
    periods.reverse();
    let total = periods.len();
    let mut rows = Vec::new();
    for period in periods.iter().skip(asked.page * PAGE).take(PAGE) {
        for books in &known.gathered.books {
            let figures = known.figures(books, period)?;
            let standing = known.standing(&figures)?;
            let reconciled = figures.is_reconciled();
            let (totals, currency) = (&figures.totals, figures.currency.code());
            rows.push(Row {
                period: period.name.clone(),
                href: address(&name, currency, &period.name),
                days: format!("{} to {}", period.start, period.end),
                currency: currency.to_owned(),
                amazon: text(totals.amazon),
                journal: text(totals.journal),
                ledger: text(totals.ledger),
                bank: text(totals.bank),
                closing: text(figures.roll.closing),
                unknown: figures.unknown(),
                word: match &standing {
                    Standing::Open { .. } if period.end >= known.today => "running",
                    Standing::Open { .. } if reconciled => "to sign",
                    other => other.word(),
                },
                tone: tone(&standing, reconciled),
            });
        }
    }
    let read = known.gathered.books.iter().filter_map(|books| books.ledger.as_ref());
    let read = read.map(|read| figures::moment(read.at)).min();
    let pairs = [("connection", name.as_str())];
    let at = (asked.page as u64, PAGE as u64);
    let paging = Paging::new(("/reconciliation", &pairs), at, (total as u64, "periods"));
    let of = |other: &crate::config::Connection| Other {
        name: other.name.clone(),
        href: with_query("/reconciliation", &[("connection", &other.name)]),
        here: other.name == name,
    };
    Ok(Page(OverviewPage {
        frame: seat.frame(Entry::Reconciliation),
        others: known.config.connections.iter().map(of).collect(),
        rows,
        paging,
        read,
        unreadable: known.gathered.unreadable.clone(),
        bank: with_query("/reconciliation/bank", &pairs),
        lines: known.gathered.bank_lines.len(),
        here: with_query("/reconciliation", &pairs),
        name,
    }))
}

#[derive(Debug, Deserialize)]
struct Refresh {
    connection: String,
    back: String,
}

/// Asks Epicor's ledger what stands on the clearing accounts, and keeps it with the time.
async fn ask_epicor(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(typed): Checked<Refresh>,
) -> Result<Response, PageError> {
    if !seat.roles.may(Act::Approve) {
        seat.may(Act::Prepare)?;
    }
    let systems = Systems::of(&server, &typed.connection).await?;
    let connection = systems.connection()?;
    let site = connect::site(connection, systems.folder())?;
    let ledger = systems.epicor().await?;
    let clock = server.clock();
    let (now, transit) = (clock.now(), connection.bank.transit_days);
    let today = connection.today(now);
    let matched = lane::alone(&systems.store, &connection.name, clock.as_ref(), async |store| {
        let mut gathered = gather(&store, &connection.name, site.zone.as_ref()).await?;
        refresh(&store, &ledger, &mut gathered, today, now).await?;
        let clock = clock.as_ref();
        let worker = Worker { site: &site, store: &store, ledger: None, clock, watch: &Silent };
        let mut seen = Vec::new();
        for books in &gathered.books {
            seen.extend(books.as_of(today, transit)?.rows);
        }
        keep_matched(&worker, &seen, true).await
    })
    .await?;
    let back = Some(typed.back.as_str()).filter(|back| back.starts_with("/reconciliation"));
    let told = match matched {
        0 => "Epicor's ledger is read.".to_owned(),
        count => format!(
            "Epicor's ledger is read; {} changed.",
            figures::counted(count as u64, "settlement")
        ),
    };
    Ok(seat.go_on(back.unwrap_or("/reconciliation"), &told))
}
