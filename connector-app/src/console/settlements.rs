//! All settlements, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use store::{SettlementSummary, Store};

use super::address::{self, Paging};
use super::figures::{self, Figure};
use super::frame::{Entry, Frame};
use super::listing::Asked;
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use super::states;
use crate::pipeline::settlement::State as Life;
use crate::pipeline::{HeldReason, posting_number};
use crate::serve::Server;

/// How many settlements a page lists.
const PAGE: u64 = 50;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements", get(show))
}

#[derive(Template)]
#[template(path = "settlements.html")]
struct SettlementsPage {
    frame: Frame,
    asked: Asked,
    connections: Vec<String>,
    states: Vec<String>,
    rows: Vec<Line>,
    total: u64,
    paging: Paging,
}

/// A settlement in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    href: String,
    connection: String,
    from: String,
    to: String,
    deposit: Figure,
    currency: String,
    state: String,
    tone: &'static str,
    /// Why it is held, or its journals in Epicor.
    note: String,
}

impl Line {
    fn of(summary: &SettlementSummary, numbers: &str) -> Self {
        let reasons = HeldReason::parse_all(summary.hold.as_deref());
        let note = match (reasons.first(), numbers) {
            (Some(first), _) if reasons.len() > 1 => {
                format!("{} (and {} more)", short(&first.message), reasons.len() - 1)
            }
            (Some(first), _) => short(&first.message),
            (None, "") => String::new(),
            (None, numbers) => format!("in Epicor as {numbers}"),
        };
        Self {
            id: summary.key.settlement_id.clone(),
            href: address::settlement(&summary.key),
            connection: summary.key.connection.clone(),
            from: figures::day(&summary.start),
            to: figures::day(&summary.end),
            deposit: figures::stored(&summary.deposit),
            currency: summary.currency.clone(),
            state: summary.state.clone(),
            tone: states::tone(&summary.state),
            note,
        }
    }
}

/// A reason as far as a list shows it: the settlement's page has all of it.
fn short(message: &str) -> String {
    match message.char_indices().nth(110) {
        Some((end, _)) => format!("{} …", message[..end].trim_end()),
        None => message.to_owned(),
    }
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<SettlementsPage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let (summaries, total) =
        store.settlement_page(asked.filter(), asked.offset(PAGE), PAGE).await?;
    let mut rows = Vec::with_capacity(summaries.len());
    for summary in &summaries {
        rows.push(Line::of(summary, &numbers(&store, summary).await?));
    }
    let config = &server.in_force.get().config;
    Ok(Page(SettlementsPage {
        frame: seat.frame(Entry::Settlements),
        connections: config.connection_names().map(str::to_owned).collect(),
        states: Life::ALL.into_iter().skip(2).map(|state| state.to_string()).collect(),
        paging: asked.paging("/settlements", PAGE, (total, "settlements")),
        asked,
        rows,
        total,
    }))
}

/// The numbers of its journals and invoices in Epicor.
async fn numbers(store: &Store, summary: &SettlementSummary) -> anyhow::Result<String> {
    if !matches!(summary.state.as_str(), "posting" | "posted" | "matched" | "reversed") {
        return Ok(String::new());
    }
    let postings = store.postings_of(&summary.key).await?;
    let named = postings.iter().filter_map(|posting| {
        let number = posting_number(posting)?;
        Some(match posting.kind.as_str() {
            "journal" => format!("journal {number}"),
            _ => format!("invoice {number}"),
        })
    });
    Ok(named.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use store::{DocumentHash, SettlementKey};

    use super::*;

    fn summary(state: &str, hold: Option<String>) -> SettlementSummary {
        SettlementSummary {
            key: SettlementKey { connection: "us".to_owned(), settlement_id: "81".to_owned() },
            document: DocumentHash::of(b""),
            currency: "USD".to_owned(),
            deposit: "-1234.56".to_owned(),
            start: "2026-05-03T18:00:00Z".to_owned(),
            end: "2026-05-17T18:00:00Z".to_owned(),
            rows: 40,
            state: state.to_owned(),
            hold,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_held_one_says_why_and_a_posted_one_where_it_is() {
        let reasons =
            [HeldReason::new("does_not_tie", "1.00 is missing."), HeldReason::new("x", "y")];
        let held = Line::of(&summary("held", Some(HeldReason::to_stored(&reasons))), "");
        assert_eq!((held.note.as_str(), held.tone), ("1.00 is missing. (and 1 more)", "attention"));
        assert_eq!((held.deposit.text.as_str(), held.to.as_str()), ("-1,234.56", "17 May 2026"));
        let posted = Line::of(&summary("posted", None), "journal 7");
        assert_eq!((posted.note.as_str(), posted.tone), ("in Epicor as journal 7", "good"));
        assert_eq!(posted.href, "/settlements/us/81");
    }

    #[test]
    fn a_long_reason_is_cut_between_letters() {
        let cut = short(&"ä".repeat(200));
        assert_eq!(cut.chars().count(), 112);
        assert!(cut.ends_with(" …"));
    }
}
