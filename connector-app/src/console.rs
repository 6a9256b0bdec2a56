//! The console: pages on which a clerk closes the month, served beside the health checks.
//!
//! * [`seat`](Seat) is who is signed in, [`role`] what they may do.
//! * [`form`] reads what our own pages send, and nothing else.
//! * [`page`] shows a page of `templates/`, or why there is none; [`frame`] is what surrounds it.
//! * Each other module is a family of pages, with its routes.
//!
//! Everything works without a script, offline, and on paper.

mod address;
mod asking;
mod assets;
mod audit;
mod chain;
mod desk;
mod drop;
mod figures;
pub mod form;
pub mod four_eyes;
pub mod frame;
mod held;
mod home;
mod listing;
mod mapping;
mod notice;
mod orders;
pub mod page;
mod reconciliation;
pub mod role;
mod seat;
mod session;
mod settlement;
mod settlements;
mod sign_in;
mod states;
mod systems;
mod telling;
mod typed;
mod users;
mod waterfall;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

pub use desk::Desk;
pub use form::{Checked, Upload, UploadedFile};
pub use frame::{Entry, Frame};
pub use page::{Page, PageError};
pub use role::{Act, Role, Roles};
pub use seat::{Refusal, Seat};

use crate::serve::Server;

/// Everything on a page is ours: no script but our own files, no frame around it, no form to
/// elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What every answer says to the browser.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// All pages.
pub fn router(server: Arc<Server>) -> Router {
    Router::new()
        .merge(assets::routes())
        .merge(audit::routes())
        .merge(chain::routes())
        .merge(drop::routes())
        .merge(held::routes())
        .merge(home::routes())
        .merge(mapping::routes())
        .merge(orders::routes())
        .merge(reconciliation::routes())
        .merge(settlement::routes())
        .merge(settlements::routes())
        .merge(sign_in::routes())
        .merge(users::routes())
        .fallback(no_such_page)
        .layer(middleware::from_fn_with_state(Arc::clone(&server), around))
        .with_state(server)
}

async fn no_such_page(_: Seat) -> PageError {
    PageError::unknown("such page")
}

/// What every answer gets, and what is told of those that were refused.
async fn around(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let noticed = notice::taken(request.headers()).is_some();
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>()
        && let Err(error) = seat::tell(&server, &refusal).await
    {
        // What is not in the audit log is refused all the same; it must not look as if it was told.
        let user = refusal.user;
        tracing::error!("the refusal of user {user} is not in the audit log: {error:#}");
        response = PageError::from(error).into_response();
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if server.secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if noticed
        && is_page
        && let Ok(forget) = HeaderValue::from_str(&notice::forget(server.secure()))
    {
        headers.append(header::SET_COOKIE, forget);
    }
    response
}
