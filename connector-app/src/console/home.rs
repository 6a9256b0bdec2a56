//! The first page: the connections.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/", get(show))
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    connections: Vec<String>,
}

async fn show(seat: Seat, State(server): State<Arc<Server>>) -> Result<Page<HomePage>, PageError> {
    seat.may(Act::Read)?;
    let config = &server.in_force.get().config;
    let connections = config.connections.iter().map(|one| one.name.clone()).collect();
    Ok(Page(HomePage { frame: seat.frame(Entry::Home), connections }))
}
