//! What waits for a person: why, how much, since when, and what can be decided.

mod item;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use store::{
    ListFilter, OrderRecord, RecordKey, RecordKind, SettlementSummary, ShipmentRecord, Store,
};

use super::address;
use super::frame::{Entry, Frame};
use super::page::{Page, PageError};
use super::reconciliation;
use super::role::Act;
use super::seat::Seat;
use crate::pipeline::{HeldReason, Incident};
use crate::serve::Server;

pub(super) use item::{Item, Kind, Waiting, gather};

/// The most records of a kind that are shown: who has more has another problem.
const MOST: u64 = 1_000;

/// How many decisions a page shows, those that have waited longest.
const SHOWN: usize = 60;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/held", get(show))
}

#[derive(Template)]
#[template(path = "held.html")]
struct HeldPage {
    frame: Frame,
    items: Vec<Item>,
    /// How many records wait.
    records: usize,
    /// How many decisions are not shown.
    more: usize,
}

async fn show(seat: Seat, State(server): State<Arc<Server>>) -> Result<Page<HeldPage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let waiting = waiting(&server, &store).await?;
    let records = waiting.len();
    let mut items = gather(waiting, server.clock().now());
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    Ok(Page(HeldPage { frame: seat.frame(Entry::Held), items, records, more }))
}

/// Everything that waits for a person, whatever it is.
pub(super) async fn waiting(server: &Server, store: &Store) -> anyhow::Result<Vec<Waiting>> {
    let filter = ListFilter { connection: None, state: Some("held") };
    let (settlements, _) = store.settlement_page(filter, 0, MOST).await?;
    let mut waiting: Vec<_> = settlements.iter().map(of_settlement).collect();
    for connection in &server.in_force.get().config.connections {
        let reports = store.reports_held(Some(&connection.name)).await?.into_iter();
        waiting.extend(reports.map(|report| Waiting {
            kind: Kind::Report,
            connection: report.connection,
            href: String::new(),
            id: report.report_id,
            since: report.updated,
            currency: String::new(),
            reasons: HeldReason::parse_all(report.hold.as_deref()),
        }));
    }
    let held = store.accruals(None).await?.into_iter().filter(|one| one.state == "held");
    waiting.extend(held.map(|accrual| Waiting {
        kind: Kind::Accrual,
        id: RecordKey::from(&accrual.key).id,
        href: page_of(&RecordKey::from(&accrual.key)),
        connection: accrual.key.connection,
        since: accrual.updated,
        currency: accrual.key.currency,
        reasons: HeldReason::parse_all(accrual.hold.as_deref()),
    }));
    for posting in store.incidents(None).await? {
        if let Some(incident) = Incident::of(&posting) {
            waiting.push(Waiting {
                kind: Kind::Document,
                href: page_of(&posting.record),
                connection: posting.record.connection,
                id: incident.key.clone(),
                since: posting.swept.unwrap_or(posting.updated),
                currency: String::new(),
                reasons: vec![HeldReason::new(&incident.reason, incident.message)],
            });
        }
    }
    waiting.extend(store.mappings_in(None, "held").await?.into_iter().map(|mapping| Waiting {
        kind: Kind::CrossReference,
        connection: mapping.key.connection,
        id: format!("of SKU {}", mapping.key.sku),
        href: String::new(),
        since: mapping.updated,
        currency: String::new(),
        reasons: HeldReason::parse_all(mapping.hold.as_deref()),
    }));
    for state in ["held", "waiting"] {
        waiting.extend(store.orders(None, Some(state)).await?.iter().map(of_order));
        waiting.extend(store.shipments(None, Some(state)).await?.iter().map(of_shipment));
    }
    Ok(waiting)
}

/// Where what was written for a record is shown.
fn page_of(record: &RecordKey) -> String {
    let RecordKey { connection, kind, id } = record;
    match kind {
        RecordKind::Settlement => {
            format!("{}/epicor", address::path(&["settlements", connection, id]))
        }
        RecordKind::Accrual => {
            let (period, currency) = id.rsplit_once(' ').unwrap_or_default();
            reconciliation::address(connection, currency, period)
        }
        RecordKind::Order | RecordKind::Shipment => address::path(&["orders", connection, id]),
        // Cross references have no page of their own.
        RecordKind::Listing => String::new(),
    }
}

fn of_settlement(summary: &SettlementSummary) -> Waiting {
    Waiting {
        kind: Kind::Settlement,
        connection: summary.key.connection.clone(),
        id: summary.key.settlement_id.clone(),
        href: address::settlement(&summary.key),
        since: summary.updated,
        currency: summary.currency.clone(),
        reasons: HeldReason::parse_all(summary.hold.as_deref()),
    }
}

fn of_order(order: &OrderRecord) -> Waiting {
    Waiting {
        kind: Kind::Order,
        connection: order.key.connection.clone(),
        id: order.key.order_id.clone(),
        href: address::path(&["orders", &order.key.connection, &order.key.order_id]),
        since: order.updated,
        currency: String::new(),
        reasons: HeldReason::parse_all(order.hold.as_deref()),
    }
}

fn of_shipment(shipment: &ShipmentRecord) -> Waiting {
    let key = &shipment.key;
    Waiting {
        kind: Kind::Shipment,
        connection: key.connection.clone(),
        id: format!("pack {} of {}", key.pack_num, key.order_id),
        href: address::path(&["orders", &key.connection, &key.order_id]),
        since: shipment.updated,
        currency: String::new(),
        reasons: HeldReason::parse_all(shipment.hold.as_deref()),
    }
}
