//! What was written into Epicor for a settlement, step by step.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use store::PostingRecord;

use super::{Found, Head, Named, Tab};
use crate::console::figures;
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::console::states;
use crate::pipeline::{Incident, draft_of, posting_number};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}/epicor", get(show))
}

#[derive(Template)]
#[template(path = "settlement/epicor.html")]
struct EpicorPage {
    frame: Frame,
    head: Head,
    written: Vec<Written>,
}

/// A document as it stands in Epicor.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Written {
    kind: &'static str,
    number: String,
    key: String,
    token: String,
    group: String,
    step: String,
    tone: &'static str,
    /// Since when it is at this step.
    since: String,
    attempts: u32,
    /// What the daily count found.
    counted: String,
    incident: String,
    /// The document it takes back.
    reverses: String,
}

impl Written {
    fn of(posting: &PostingRecord) -> anyhow::Result<Self> {
        let incident = Incident::of(posting);
        let counted = match (posting.swept, &incident) {
            (None, _) => "not counted yet".to_owned(),
            (Some(at), None) => format!("once, on {}", figures::moment(at)),
            (Some(at), Some(found)) => format!("{} times, on {}", found.hits, figures::moment(at)),
        };
        Ok(Self {
            kind: match posting.kind.as_str() {
                "journal" => "Journal",
                _ => "Supplier invoice",
            },
            number: posting_number(posting).unwrap_or_default(),
            key: posting.key.clone(),
            token: posting.token.clone(),
            group: posting.group_id.clone(),
            tone: states::tone(&posting.step),
            step: posting.step.clone(),
            since: figures::moment(posting.since),
            attempts: posting.attempts,
            counted,
            incident: incident.map(|found| found.message).unwrap_or_default(),
            reverses: draft_of(posting)?.document.reverses().unwrap_or_default(),
        })
    }
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Page<EpicorPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let postings = found.store.postings_of(&found.record.key).await?;
    let written = postings.iter().map(Written::of).collect::<anyhow::Result<_>>()?;
    let head = found.head(Tab::Epicor)?;
    Ok(Page(EpicorPage { frame: seat.frame(Entry::Settlements), head, written }))
}
