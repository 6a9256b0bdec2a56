//! Signing a period, and taking the signature back.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::post;

use super::Known;
use super::period::Asked;
use crate::console::form::Checked;
use crate::console::page::PageError;
use crate::console::role::Act;
use crate::console::seat::Seat;
use crate::console::typed::{self, Nothing, Why};
use crate::reconcile::sign;
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/reconciliation/sign", post(sign_period))
        .route("/reconciliation/reopen", post(reopen))
}

async fn sign_period(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, PageError> {
    seat.may(Act::Approve)?;
    // The store is had first: what is signed is what it says while nobody else writes.
    let store = server.keeper.write().await?;
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let figures = known.find(&asked.currency, &asked.period)?;
    let by = (&seat.actor(), server.clock().now());
    match sign::sign(&store, &known.name, &figures, by).await {
        Ok(()) => {
            let told = format!("Period {} {} is signed.", asked.period, asked.currency);
            Ok(seat.go_on(&asked.address(), &told))
        }
        Err(error) if error.is::<sign::NotToSign>() => {
            Err(PageError::conflict(error.to_string(), "Explain what is open, then sign."))
        }
        Err(error) => match error.downcast_ref() {
            Some(store::Error::AlreadyThere { .. }) => {
                Ok(seat.go_on(&asked.address(), "It was signed already."))
            }
            _ => Err(error.into()),
        },
    }
}

async fn reopen(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
    Checked(Why { reason }): Checked<Why>,
) -> Result<Response, PageError> {
    seat.may(Act::Approve)?;
    let reason = typed::reason(&reason)?;
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let figures = known.find(&asked.currency, &asked.period)?;
    let key = sign::key(&known.name, figures.currency, &asked.period);
    let store = server.keeper.write().await?;
    sign::reopen(&store, &key, reason, (&seat.actor(), server.clock().now())).await?;
    Ok(seat.go_on(&asked.address(), "The signature is taken back; the period is open."))
}
