//! Which amount goes to which account: what is to decide, the roles, the rules, what the newest
//! settlements had.

mod decide;
mod view;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::address::{Paging, with_query};
use super::figures;
use super::form::Checked;
use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::reconciliation::named;
use super::role::Act;
use super::seat::Seat;
use super::systems::Systems;
use crate::lane;
use crate::rules_version::{RECORD, live_accounts, refresh_accounts, usage};
use crate::serve::Server;
use view::{RoleRow, Rule, ToDecide, TripleRow, View};

/// How many of the newest settlements are looked at: about two years of one marketplace.
const SETTLEMENTS: usize = 52;

/// How many triples are on a page.
const PAGE: usize = 100;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/mapping", get(show))
        .route("/mapping/refresh", post(ask_epicor))
        .merge(decide::routes())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    connection: String,
    page: usize,
}

#[derive(Template)]
#[template(path = "mapping.html")]
struct MappingPage {
    frame: Frame,
    name: String,
    others: Vec<(String, String, bool)>,
    version: String,
    settlements: usize,
    read: Option<String>,
    to_decide: Vec<ToDecide>,
    roles: Vec<RoleRow>,
    rules: Vec<Rule>,
    triples: Vec<TripleRow>,
    paging: Paging,
    versions: usize,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<MappingPage>, PageError> {
    seat.may(Act::Read)?;
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, &asked.connection)?;
    let name = connection.name.clone();
    let rules = connection.load_rules(&config.folder)?;
    let store = server.keeper.read().await?;
    let records = store.settlements(Some(&name)).await?;
    let newest = records.get(records.len().saturating_sub(SETTLEMENTS)..).unwrap_or_default();
    let usage = usage(newest);
    let accounts = live_accounts(&store, &name).await?;
    let events = store.events_of(RECORD).await?;
    let view = View {
        connection: &name,
        rules: &rules,
        usage: &usage,
        accounts: &accounts,
        events: &events,
    };
    let triples = view.triples();
    let pairs = [("connection", name.as_str())];
    let at = (asked.page as u64, PAGE as u64);
    let total = (triples.len() as u64, "kinds");
    Ok(Page(MappingPage {
        frame: seat.frame(Entry::Mapping),
        others: config
            .connections
            .iter()
            .map(|other| {
                let href = with_query("/mapping", &[("connection", &other.name)]);
                (other.name.clone(), href, other.name == name)
            })
            .collect(),
        version: rules.version().to_owned(),
        settlements: usage.settlements,
        read: accounts.at.map(figures::moment),
        to_decide: view.to_decide(&records),
        roles: view.roles(),
        rules: view.rules(),
        paging: Paging::new(("/mapping", &pairs), at, total),
        triples: triples.into_iter().skip(asked.page * PAGE).take(PAGE).collect(),
        versions: store.rules_versions(&name).await?.len(),
        name,
    }))
}

#[derive(Debug, Deserialize)]
struct Refresh {
    connection: String,
}

/// Asks Epicor for the names and states of the accounts.
async fn ask_epicor(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(typed): Checked<Refresh>,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let systems = Systems::of(&server, &typed.connection).await?;
    let connection = systems.connection()?;
    let rules = connection.load_rules(systems.folder())?;
    let ledger = systems.epicor().await?;
    let (clock, name) = (server.clock(), connection.name.as_str());
    lane::alone(&systems.store, name, clock.as_ref(), async |store| {
        refresh_accounts(&store, &ledger, name, &rules, clock.now()).await
    })
    .await?;
    let back = with_query("/mapping", &[("connection", name)]);
    Ok(seat.go_on(&back, "The accounts are as Epicor has them now."))
}
