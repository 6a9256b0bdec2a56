//! `purge`: what was kept as long as the configuration says: documents of settlements, orders with
//! their packs, alerts that are over. The audit log keeps a certificate of what went, and stays
//! itself. Buyers' addresses are never kept, so there are none to remove.

use anyhow::Context as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;
use store::{DocumentHash, NewEvent, ORDERS_AT_ONCE, OldOrders, Store};

use super::App;
use crate::cli::PurgeArgs;
use crate::connect;
use crate::exit::Exit;
use crate::lane;
use crate::output;
use crate::pipeline::{order, settlement, shipment};
use crate::secrets;

/// Amazon tells orders for two years; one that is removed sooner could be told, and entered, again.
const ORDER_YEARS_MIN: u16 = 2;

/// The days before which things go.
#[derive(Debug, Clone, Copy)]
struct Days {
    settlements: Date,
    orders: Date,
}

/// What goes.
#[derive(Debug, Default)]
struct Gone {
    documents: Vec<DocumentHash>,
    orders: Vec<String>,
    alerts: Vec<String>,
}

pub(super) async fn run(app: &App, args: PurgeArgs) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let years = config.retention.settlement_years;
    let now = app.clock.now();
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let ago =
        |years: u16| today.checked_sub(i64::from(years).years()).context("counting the years back");
    let days = Days { settlements: ago(years)?, orders: ago(years.max(ORDER_YEARS_MIN))? };
    let store = match args.dry_run {
        true => connect::store_to_read(&config).await?,
        false => connect::store(&config).await?,
    };
    for connection in app.connections(&config)? {
        let name = connection.name.as_str();
        let gone = if args.dry_run {
            due(&store, name, days).await?
        } else {
            let event = |what: &str| NewEvent {
                record: "purge".to_owned(),
                ..secrets::event(&App::person(), now, name, what, "purged")
            };
            lane::alone(&store, name, app.clock.as_ref(), async |store| {
                removed(&store, name, days, event).await
            })
            .await?
        };
        tell(app, args, name, days, &gone);
    }
    Ok(Exit::Ok)
}

fn posted() -> [&'static str; 4] {
    use settlement::State;
    [State::Posted, State::Matched, State::Reversed, State::ByHand].map(State::as_str)
}

/// States of orders, and of packs.
type States = (Vec<&'static str>, Vec<&'static str>);

/// Orders and packs of which nothing more comes.
fn old_orders(before: Date, states: &States) -> OldOrders<'_> {
    OldOrders { before, order_states: &states.0, shipment_states: &states.1 }
}

fn final_states() -> States {
    use order::State;
    let orders = [State::Excluded, State::Entered, State::Packed, State::Closed];
    let packs = [shipment::State::Excluded, shipment::State::Confirmed];
    (orders.map(State::as_str).to_vec(), packs.map(shipment::State::as_str).to_vec())
}

async fn due(store: &Store, connection: &str, days: Days) -> anyhow::Result<Gone> {
    let states = final_states();
    Ok(Gone {
        documents: store.documents_due(connection, days.settlements, &posted()).await?,
        orders: store.orders_due(connection, old_orders(days.orders, &states)).await?,
        alerts: store.alerts_due(connection, days.settlements).await?,
    })
}

async fn removed(
    store: &Store,
    connection: &str,
    days: Days,
    event: impl Fn(&str) -> NewEvent,
) -> anyhow::Result<Gone> {
    let states = final_states();
    let old = old_orders(days.orders, &states);
    let about = event("documents");
    let documents = store.purge_documents(connection, days.settlements, &posted(), &about).await?;
    let mut orders = Vec::new();
    loop {
        let some = store.purge_orders(connection, old, &event("orders")).await?;
        let last = some.len() < ORDERS_AT_ONCE;
        orders.extend(some);
        if last {
            break;
        }
    }
    let alerts = store.purge_alerts(connection, days.settlements, &event("alerts")).await?;
    Ok(Gone { documents, orders, alerts })
}

fn tell(app: &App, args: PurgeArgs, connection: &str, days: Days, gone: &Gone) {
    let Gone { documents, orders, alerts } = gone;
    if app.common.json {
        let documents: Vec<_> = documents.iter().map(ToString::to_string).collect();
        output::line(json!({
            "connection": connection, "settlements_ended_before": days.settlements.to_string(),
            "documents": documents, "orders_unchanged_since_before": days.orders.to_string(),
            "orders": orders, "alerts": alerts, "removed": !args.dry_run,
        }));
        return;
    }
    let done = if args.dry_run { "would be removed" } else { "are removed" };
    let more = match args.dry_run && orders.len() == ORDERS_AT_ONCE {
        true => " at least",
        false => "",
    };
    output::line(format!(
        "{connection}: {} documents of posted settlements that ended before {},{more} {} orders \
         that nothing changed since {}, and {} alerts that were over {done}.",
        documents.len(),
        days.settlements,
        orders.len(),
        days.orders,
        alerts.len()
    ));
    let any = !(documents.is_empty() && orders.is_empty() && alerts.is_empty());
    if any && !args.dry_run {
        output::line(
            "  The audit log has the certificate, event `purged`; `audit export` shows it.",
        );
    }
}
