//! The audit log: searched by any id, told in order, verified, exported.

use std::collections::BTreeSet;
use std::io::{BufWriter, Seek as _, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde::Deserialize;
use store::{Event, Store};
use tokio::io::AsyncReadExt as _;

use super::address::Paging;
use super::form::Checked;
use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use super::telling::{Told, tell};
use super::typed::Nothing;
use crate::audit_proof::{self, Proof};
use crate::serve::Server;

/// How many events a page tells.
const PAGE: u64 = 200;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/audit", get(show))
        .route("/audit/verify", post(verify))
        .route("/audit/export", post(export))
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    asked: String,
    /// What the events are about, when that is not what was asked for.
    about: String,
    story: Vec<Told>,
    paging: Paging,
    proof: Option<Proved>,
}

/// What was verified.
struct Proved {
    chains: Vec<ChainLine>,
    events: u64,
    /// Who signed.
    keys: String,
    /// What is not proved though all verifies.
    doubt: String,
    /// Why it does not verify.
    broken: String,
}

/// One connection's chain.
struct ChainLine {
    connection: String,
    events: u64,
    vouched: u64,
    head: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    id: String,
    page: u64,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<AuditPage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let id = asked.id.trim();
    let (about, events) =
        if id.is_empty() { (String::new(), Vec::new()) } else { search(&store, id).await? };
    let total = events.len() as u64;
    let first = usize::try_from(asked.page.saturating_mul(PAGE)).unwrap_or(usize::MAX);
    let shown = events.iter().skip(first).take(usize::try_from(PAGE).unwrap_or(usize::MAX));
    Ok(Page(AuditPage {
        frame: seat.frame(Entry::Audit),
        story: shown.map(tell).collect(),
        paging: Paging::new(("/audit", &[("id", id)]), (asked.page, PAGE), (total, "events")),
        asked: id.to_owned(),
        about,
        proof: None,
    }))
}

/// The story of whatever has this id: a settlement, report, order, user or subject; or the record
/// that a document with this token, group, key or number was written for.
async fn search(store: &Store, id: &str) -> anyhow::Result<(String, Vec<Event>)> {
    let events = store.events_of(id).await?;
    if !events.is_empty() {
        return Ok((String::new(), events));
    }
    let postings = store.postings_known_by(id).await?;
    let records: BTreeSet<_> = postings.iter().map(|posting| posting.record.clone()).collect();
    let mut events = Vec::new();
    for record in &records {
        let story = store.events_of(&record.id).await?;
        events.extend(story.into_iter().filter(|event| event.connection == record.connection));
    }
    let names: Vec<_> = records.iter().map(ToString::to_string).collect();
    Ok((names.join(", "), events))
}

async fn verify(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Page<AuditPage>, PageError> {
    seat.may(Act::Audit)?;
    let store = server.keeper.read().await?;
    let config = Arc::clone(&server.in_force.get().config);
    let proof = match audit_proof::verify(&config, &store, BTreeSet::new()).await {
        Ok(proof) => proved(&proof),
        Err(error) => Proved {
            chains: Vec::new(),
            events: 0,
            keys: String::new(),
            doubt: String::new(),
            broken: format!("{error:#}"),
        },
    };
    Ok(Page(AuditPage {
        frame: seat.frame(Entry::Audit),
        asked: String::new(),
        about: String::new(),
        story: Vec::new(),
        paging: Paging::default(),
        proof: Some(proof),
    }))
}

fn proved(proof: &Proof) -> Proved {
    let Proof { check, keys, .. } = proof;
    let chains = check.chains.iter().map(|(connection, end)| ChainLine {
        connection: audit_proof::shown(connection).to_owned(),
        events: end.events,
        vouched: check.vouched.get(connection).copied().unwrap_or(0),
        head: end.head.clone(),
    });
    let keys: Vec<_> = keys.iter().map(|key| key.id().to_string()).collect();
    Proved {
        chains: chains.collect(),
        events: check.events(),
        keys: keys.join(", "),
        doubt: proof.doubt().unwrap_or_default(),
        broken: String::new(),
    }
}

/// How much of an export is sent at a time.
const PIECE: usize = 64 * 1024;

async fn export(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(Nothing {}): Checked<Nothing>,
) -> Result<Response, PageError> {
    seat.may(Act::Audit)?;
    let store = server.keeper.read().await?;
    let config = Arc::clone(&server.in_force.get().config);
    // Through a file of nobody's name: a log is as long as the years, and verified before it is sent.
    let mut out = BufWriter::new(tempfile::tempfile().context("a temporary file")?);
    let now = server.clock().now();
    audit_proof::export(&config, &store, now, &mut out).await?;
    out.flush().context("writing a temporary file")?;
    let mut file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.rewind().context("reading a temporary file")?;
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), async |mut file| {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    });
    let name = format!("audit-{}.jsonl", now.strftime("%Y-%m-%d"));
    let headers = [
        (CONTENT_TYPE, "application/jsonl".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
