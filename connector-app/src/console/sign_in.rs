//! Signing in and out.

mod attempts;

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock};

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::{ConnectInfo, Form, FromRequestParts, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Semaphore;

pub(super) use attempts::Attempts;

use super::form::{Checked, same_origin};
use super::frame::Frame;
use super::page::{Page, PageError};
use super::seat::{Seat, user_event};
use super::session::{self, Token};
use crate::pipeline::Actor;
use crate::serve::Server;

/// How many passwords are hashed at the same time: each takes 19 MiB and a core.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/sign-in", get(show).post(sign_in)).route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// Where to go on to.
    next: String,
    name: String,
    /// Why they are not signed in.
    refused: Option<String>,
    /// Whether there is anybody who could sign in.
    has_users: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    next: String,
}

async fn show(
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<SignInPage>, PageError> {
    page(&server, asked.next, String::new(), None).await
}

async fn page(
    server: &Server,
    next: String,
    name: String,
    refused: Option<String>,
) -> Result<Page<SignInPage>, PageError> {
    let has_users = !server.keeper.read().await?.users().await?.is_empty();
    Ok(Page(SignInPage { frame: Frame::bare(), next, name, refused, has_users }))
}

/// What is typed in.
#[derive(Deserialize)]
struct Typed {
    name: String,
    #[serde(deserialize_with = "super::form::secret")]
    password: SecretString,
    #[serde(default)]
    next: String,
}

/// Where a request comes from.
struct From(Option<IpAddr>);

impl FromRequestParts<Arc<Server>> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        server: &Arc<Server>,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        // The proxy that we are behind says at the end of the list whom it heard it from.
        let behind_proxy = server.in_force.get().config.serve.behind_proxy;
        let told = behind_proxy.then(|| forwarded_for(&parts.headers)).flatten();
        Ok(Self(told.or(peer)))
    }
}

fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

async fn sign_in(
    State(server): State<Arc<Server>>,
    From(address): From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    same_origin(&headers)?;
    let Typed { name, password, next } = typed;
    let now = server.clock().monotonic();
    if let Err(minutes) = server.desk.attempts.may_try(&name, address, now) {
        let refused = format!("Too many attempts. Try again in {minutes} minutes.");
        let page = page(&server, next, name, Some(refused)).await?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    let Some(token) = enter(&server, &name, password).await? else {
        server.desk.attempts.failed(&name, address, now);
        let refused = "The name or the password is not right, or the user is disabled.";
        let page = page(&server, next, name, Some(refused.to_owned())).await?;
        return Ok((StatusCode::FORBIDDEN, page).into_response());
    };
    server.desk.attempts.succeeded(&name);
    let cookie = token.set_cookie(server.secure());
    Ok(([(SET_COOKIE, cookie)], Redirect::to(own_path(&next))).into_response())
}

/// Begins a session if the password is right; tells the audit log either way.
async fn enter(
    server: &Server,
    name: &str,
    password: SecretString,
) -> anyhow::Result<Option<Token>> {
    let user = server.keeper.read().await?.user(name).await?;
    let known = user.as_ref().is_some();
    let user = user.filter(|user| user.disabled.is_none());
    let hash = user.map(|user| user.password);
    let right = is_right(password, hash.clone()).await?;
    let store = server.keeper.write().await?;
    let Some(hash) = hash.filter(|_| right) else {
        // A name that is not known may be a password in the wrong field.
        let shown = if known { name } else { "of an unknown name" };
        let actor = Actor::ConsoleUser(shown.to_owned());
        store.append(&user_event(server, &actor, shown, "sign-in refused")).await?;
        return Ok(None);
    };
    let token = Token::generate();
    let now = server.clock().now();
    let event = user_event(server, &Actor::ConsoleUser(name.to_owned()), name, "signed in");
    let forget = now - session::longest(&server.in_force.get().config.console);
    match store.session_begin((name, &hash), &token.kept(), forget, &event).await {
        Ok(()) => Ok(Some(token)),
        // The password was changed, or the user disabled, in this very moment.
        Err(store::Error::Stale { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Hashes beside the threads that serve.
async fn is_right(password: SecretString, hash: Option<String>) -> anyhow::Result<bool> {
    let _turn = HASHING.acquire().await?;
    let hashed = move || vault::is_password(&password, hash.as_deref());
    tokio::task::spawn_blocking(hashed).await.context("checking a password")
}

#[derive(Deserialize)]
struct Nothing {}

async fn sign_out(
    seat: Seat,
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, PageError> {
    let secure = server.secure();
    if let Some(token) = Token::of(&headers, secure) {
        let event = user_event(&server, &seat.actor(), &seat.user, "signed out");
        server.keeper.write().await?.session_end(&token.kept(), &event).await?;
    }
    let forget = [(SET_COOKIE, session::forget_cookie(secure))];
    Ok((forget, Redirect::to("/sign-in")).into_response())
}

/// A path of ours, and no other site's address.
fn own_path(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let ours = next.starts_with('/') && !next.starts_with("//") && plain;
    if ours { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_our_own_pages_only() {
        assert_eq!(own_path("/settlements/81?tab=rows"), "/settlements/81?tab=rows");
        for wrong in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "settlements",
            "/a\nb",
        ] {
            assert_eq!(own_path(wrong), "/", "{wrong:?}");
        }
    }

    #[test]
    fn the_proxy_next_to_us_is_believed_and_nobody_before_it() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded_for(&headers), None);
        headers.append("x-forwarded-for", "10.9.9.9, 10.1.1.1".parse().expect("a header"));
        assert_eq!(forwarded_for(&headers), "10.1.1.1".parse().ok());
        headers.append("x-forwarded-for", "10.2.2.2".parse().expect("a header"));
        assert_eq!(forwarded_for(&headers), "10.2.2.2".parse().ok());
    }
}
