//! Who sits at the browser.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use store::NewEvent;

use super::frame::{Entry, Frame};
use super::notice;
use super::page::PageError;
use super::role::{Act, Roles};
use super::session::{Age, Token};
use crate::pipeline::Actor;
use crate::serve::Server;

/// Who is signed in, and what their page and forms need. A request without a session is sent to the
/// page where one signs in.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The user's name.
    pub user: String,
    /// What they may do.
    pub roles: Roles,
    /// What each of their forms carries; see [`Checked`](super::form::Checked).
    pub csrf: String,
    /// What the page before had to say.
    pub notice: Option<String>,
    /// Where they are.
    path: String,
    /// Whether the browser came over TLS.
    secure: bool,
}

/// A page or a button that was refused; a layer around the pages tells the audit log.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Who was refused.
    pub user: String,
    /// Which page.
    pub path: String,
    /// What they may not do.
    pub act: Act,
}

impl Seat {
    /// Refuses what the user's roles do not allow: a page with 403, and an event in the audit log.
    ///
    /// # Errors
    /// [`PageError`] when they may not.
    pub fn may(&self, act: Act) -> Result<(), PageError> {
        if self.roles.may(act) {
            return Ok(());
        }
        let (user, path) = (self.user.clone(), self.path.clone());
        Err(PageError::forbidden(&self.roles, Refusal { user, path, act }))
    }

    /// In whose name something is done.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::ConsoleUser(self.user.clone())
    }

    /// Goes on to another page, which says what was done.
    #[must_use]
    pub fn go_on(&self, to: &str, notice: &str) -> Response {
        notice::redirect(to, notice, self.secure)
    }

    /// What surrounds the page of this entry.
    #[must_use]
    pub fn frame(&self, active: Entry) -> Frame {
        Frame::of(self, active)
    }
}

impl FromRequestParts<Arc<Server>> for Seat {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        server: &Arc<Server>,
    ) -> Result<Self, PageError> {
        // A form asks for it a second time.
        if let Some(seat) = parts.extensions.get::<Self>() {
            return Ok(seat.clone());
        }
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        // What was to be sent is not sent again after signing in.
        let next = (parts.method == Method::GET).then(|| path.clone());
        let sign_in = || PageError::SignIn { next: next.clone() };
        let token = Token::of(&parts.headers, server.secure()).ok_or_else(sign_in)?;
        let store = server.keeper.read().await?;
        let session = store.session(&token.kept()).await?.ok_or_else(sign_in)?;
        let now = server.clock().now();
        match Age::of(&session, &server.in_force.get().config.console, now) {
            Age::Fresh => {}
            Age::ToNote => note(server, &token).await,
            Age::Over => return Err(sign_in()),
        }
        let roles = session.roles.parse().map_err(anyhow::Error::from)?;
        let notice = notice::taken(&parts.headers);
        let (user, csrf, secure) = (session.user, token.csrf(), server.secure());
        let seat = Self { user, roles, csrf, notice, path, secure };
        parts.extensions.insert(seat.clone());
        Ok(seat)
    }
}

/// Notes that the session is in use. While a command has the data folder this waits for the next
/// click.
async fn note(server: &Server, token: &Token) {
    let noted = async {
        let store = server.keeper.write().await?;
        anyhow::Ok(store.session_seen(&token.kept(), server.clock().now()).await?)
    };
    if let Err(error) = noted.await {
        tracing::debug!("the use of a session was not noted: {error:#}");
    }
}

/// Tells the audit log of a refusal.
pub(super) async fn tell(server: &Server, refusal: &Refusal) -> anyhow::Result<()> {
    let Refusal { user, path, act } = refusal;
    let event = NewEvent {
        detail: serde_json::json!({ "page": path, "needs": act.needs().0.as_str() }),
        ..user_event(server, &Actor::ConsoleUser(user.clone()), user, "refused")
    };
    server.keeper.write().await?.append(&event).await?;
    Ok(())
}

/// An event about a user.
pub(super) fn user_event(server: &Server, by: &Actor, user: &str, action: &str) -> NewEvent {
    crate::user::event(by, server.clock().now(), user, action)
}
