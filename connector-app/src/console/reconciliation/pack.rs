//! The pack for the controller, to be downloaded.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Known;
use super::period::Asked;
use crate::console::page::PageError;
use crate::console::seat::Seat;
use crate::pack::{Pack, posted_in, sources};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/reconciliation/pack.xlsx", get(download))
}

async fn download(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let figures = known.find(&asked.currency, &asked.period)?;
    let standing = known.standing(&figures)?;
    let documents = posted_in(&known.store, &known.name, &figures).await?;
    let sources = sources(&known.store, &known.name, &figures).await?;
    let pack = Pack {
        connection: &known.name,
        figures: &figures,
        standing: &standing,
        documents: &documents,
        sources: &sources,
        at: server.clock().now(),
    };
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", pack.name())),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, pack.workbook()?).into_response())
}
