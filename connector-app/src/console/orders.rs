//! Orders: what Amazon told, what Epicor has of it, and what was shipped. To be read; they go on by
//! themselves.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use store::{OrderKey, OrderRecord, ShipmentRecord};

use super::address::{self, Paging};
use super::figures::{self, Figure, figure};
use super::frame::{Entry, Frame};
use super::listing::Asked;
use super::page::{Page, PageError};
use super::role::Act;
use super::seat::Seat;
use super::states;
use super::telling::{Told, tell};
use crate::amazon::OrderFacts;
use crate::pipeline::HeldReason;
use crate::pipeline::order::State as Life;
use crate::serve::Server;

/// How many orders a page lists.
const PAGE: u64 = 100;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/orders", get(list)).route("/orders/{connection}/{id}", get(one))
}

#[derive(Template)]
#[template(path = "orders.html")]
struct OrdersPage {
    frame: Frame,
    asked: Asked,
    connections: Vec<String>,
    states: Vec<String>,
    rows: Vec<Line>,
    total: u64,
    paging: Paging,
}

/// An order in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    href: String,
    connection: String,
    created: String,
    marketplace: String,
    total: Figure,
    currency: String,
    status: String,
    order_num: String,
    state: String,
    tone: &'static str,
    why: String,
}

impl Line {
    fn of(record: &OrderRecord) -> anyhow::Result<Self> {
        let facts: OrderFacts = serde_json::from_str(&record.told.payload)?;
        let order = &facts.order;
        let reasons = HeldReason::parse_all(record.hold.as_deref());
        Ok(Self {
            id: record.key.order_id.clone(),
            href: page(&record.key),
            connection: record.key.connection.clone(),
            created: figures::moment(order.created),
            marketplace: order.marketplace.clone(),
            total: order
                .grand_total
                .map(|total| figure(total.amount(), order.currency))
                .unwrap_or_default(),
            currency: order.currency.to_string(),
            status: record.told.status.clone(),
            order_num: record.order_num.clone().unwrap_or_default(),
            state: record.state.clone(),
            tone: states::tone(&record.state),
            why: reasons.into_iter().next().map(|reason| reason.message).unwrap_or_default(),
        })
    }
}

fn page(key: &OrderKey) -> String {
    address::path(&["orders", &key.connection, &key.order_id])
}

async fn list(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<OrdersPage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let (records, total) = store.order_page(asked.filter(), asked.offset(PAGE), PAGE).await?;
    let rows = records.iter().map(Line::of).collect::<anyhow::Result<_>>()?;
    let config = &server.in_force.get().config;
    Ok(Page(OrdersPage {
        frame: seat.frame(Entry::Orders),
        connections: config.connection_names().map(str::to_owned).collect(),
        states: Life::ALL.into_iter().map(|state| state.to_string()).collect(),
        paging: asked.paging("/orders", PAGE, (total, "orders")),
        asked,
        rows,
        total,
    }))
}

#[derive(Template)]
#[template(path = "order.html")]
struct OrderPage {
    frame: Frame,
    line: Line,
    fulfilled: &'static str,
    items: Vec<ItemLine>,
    held: Vec<HeldReason>,
    shipments: Vec<ShipmentLine>,
    story: Vec<Told>,
}

/// An item of it.
struct ItemLine {
    sku: String,
    title: String,
    quantity: String,
}

/// A pack that left.
struct ShipmentLine {
    pack: String,
    state: String,
    tone: &'static str,
    since: String,
    why: String,
}

impl ShipmentLine {
    fn of(record: &ShipmentRecord) -> Self {
        let reasons = HeldReason::parse_all(record.hold.as_deref());
        Self {
            pack: record.key.pack_num.clone(),
            state: record.state.clone(),
            tone: states::tone(&record.state),
            since: figures::moment(record.updated),
            why: reasons.into_iter().next().map(|reason| reason.message).unwrap_or_default(),
        }
    }
}

async fn one(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path((connection, order_id)): Path<(String, String)>,
) -> Result<Page<OrderPage>, PageError> {
    seat.may(Act::Read)?;
    let store = server.keeper.read().await?;
    let key = OrderKey { connection, order_id };
    let record = store.order(&key).await?;
    let record = record.ok_or_else(|| PageError::unknown(&key.to_string()))?;
    let facts: OrderFacts = serde_json::from_str(&record.told.payload)?;
    let mut events = store.events_of(&key.order_id).await?;
    events.retain(|event| event.connection == key.connection);
    let shipments = store.shipments_of(&key).await?;
    let items = facts.order.items.iter().map(|item| ItemLine {
        sku: item.sku.clone(),
        title: item.title.clone(),
        quantity: item.quantity.to_string(),
    });
    Ok(Page(OrderPage {
        frame: seat.frame(Entry::Orders),
        line: Line::of(&record)?,
        fulfilled: match facts.order.fulfilled_by {
            ledger_mapper::FulfilledBy::Amazon => "by Amazon",
            ledger_mapper::FulfilledBy::Merchant => "by the seller",
        },
        items: items.collect(),
        held: HeldReason::parse_all(record.hold.as_deref()),
        shipments: shipments.iter().map(ShipmentLine::of).collect(),
        story: events.iter().map(tell).collect(),
    }))
}
