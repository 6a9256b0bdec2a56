//! Everything that happened to a settlement, in order, as the audit log has it.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use super::{Found, Head, Named, Tab};
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::console::telling::{Told, tell};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}/history", get(show))
}

#[derive(Template)]
#[template(path = "settlement/history.html")]
struct HistoryPage {
    frame: Frame,
    head: Head,
    story: Vec<Told>,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Page<HistoryPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::History)?;
    let mut events = found.store.events_of(&head.id).await?;
    events.retain(|event| event.connection == head.connection);
    let story = events.iter().map(tell).collect();
    Ok(Page(HistoryPage { frame: seat.frame(Entry::Settlements), head, story }))
}
