//! `sync orders`, `sync shipments`, and orders in `plan`, `status`, `release` and `hold`.

pub(super) mod list;
mod print;

use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{OrderKey, OrderRecord, ShipmentKey, ShipmentRecord, Store};

use super::App;
use super::recorded::{each, recorded};
use super::spinner::Spinner;
use crate::cli::{Decision, OrdersArgs};
use crate::config::{Config, Connection};
use crate::connect::{self, Links};
use crate::exit::Exit;
use crate::flow::orders::{OrdersLink, orders_done, shipments_done};
use crate::lane;
use crate::output::{self, HEAD, state_style, styled};
use crate::pipeline::order::{Event, State};
use crate::pipeline::shipment::State as Shipment;
use crate::pipeline::{
    HeldReason, Judged, Silent, Watch, hold_order, load_standing, release_order, release_shipment,
};
use crate::secrets::Secrets;
use crate::sync::orders::{OrdersSummary, Proved};
use crate::sync::shipments::ShipmentsSummary;

/// Whether a text is an Amazon order id: 3, 7 and 7 digits.
pub(super) fn is_order_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([3, 7, 7])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The order of that id among the connections of the store.
pub(super) async fn find(
    store: &Store,
    connection: Option<&str>,
    id: &str,
) -> anyhow::Result<OrderRecord> {
    let mut found = store.orders(connection, None).await?;
    found.retain(|record| record.key.order_id == id);
    match (found.pop(), found.is_empty()) {
        (Some(record), true) => Ok(record),
        (None, _) => anyhow::bail!("there is no order {id} in the store; run `sync orders`"),
        (Some(_), false) => {
            anyhow::bail!("several connections have an order {id}; name one with --connection")
        }
    }
}

/// What a connection needs for orders and shipments.
const WANTS: &str = "a table [connection.orders]";

/// What a run over orders did, for one connection.
enum Ran {
    Synced(OrdersSummary),
    Drafts(Vec<(OrderRecord, Judged)>),
    Proved(Proved),
    Shipped(ShipmentsSummary),
}

pub(super) async fn sync_orders(app: &App, args: OrdersArgs) -> anyhow::Result<Exit> {
    let has = |connection: &Connection| connection.orders.is_some();
    each(app, "orders", (has, WANTS), async |config, connection| {
        orders_of(app, config, connection, args, None).await
    })
    .await
}

/// `backfill orders`: an ordinary run that has these orders reported, too.
pub(super) async fn backfill(app: &App, window: (Timestamp, Timestamp)) -> anyhow::Result<Exit> {
    let has = |connection: &Connection| connection.orders.is_some();
    let args = OrdersArgs { dry_run: false, prove: false };
    each(app, "orders", (has, WANTS), async |config, connection| {
        orders_of(app, config, connection, args, Some(window)).await
    })
    .await
}

async fn orders_of(
    app: &App,
    config: &Config,
    connection: &Connection,
    args: OrdersArgs,
    backfilled: Option<(Timestamp, Timestamp)>,
) -> anyhow::Result<Exit> {
    let spinner = Spinner::of(&connection.name);
    let watch: Arc<dyn Watch> = spinner.clone();
    let link = link(app, config, connection, &watch).await?;
    let store = connect::store(config).await?;
    let name = &connection.name;
    if args.dry_run {
        let look = async |store: Store| link.work(&store).drafts().await;
        let drafts = lane::alone(&store, name, app.clock.as_ref(), look).await?;
        spinner.finish();
        return Ok(print::ran(app, name, &Ran::Drafts(drafts)));
    }
    let ran = recorded(app, config, (connection, "orders"), &store, async |store| {
        let work = link.work(store);
        if let Some((since, until)) = backfilled {
            work.load().plan(since, until).await?;
        }
        let summary = work.once().await?;
        let mut done = orders_done(&summary);
        let mut ran = vec![Ran::Synced(summary)];
        if args.prove {
            let proved = work.prove().await?;
            done.exit = done.exit.worse(print::exit_of_proofs(&proved));
            ran.push(Ran::Proved(proved));
        }
        Ok((ran, done))
    });
    let (ran, exit) = ran.await?;
    spinner.finish();
    Ok(ran.iter().fold(exit, |exit, one| exit.worse(print::ran(app, name, one))))
}

pub(super) async fn sync_shipments(app: &App) -> anyhow::Result<Exit> {
    let has = |connection: &Connection| connection.orders.is_some();
    each(app, "shipments", (has, WANTS), async |config, connection| {
        let spinner = Spinner::of(&connection.name);
        let watch: Arc<dyn Watch> = spinner.clone();
        let link = link(app, config, connection, &watch).await?;
        let store = connect::store(config).await?;
        let ran = recorded(app, config, (connection, "shipments"), &store, async |store| {
            let summary = link.work(store).shipments().await?;
            let done = shipments_done(&summary);
            Ok((summary, done))
        });
        let (summary, exit) = ran.await?;
        spinner.finish();
        Ok(exit.worse(print::ran(app, &connection.name, &Ran::Shipped(summary))))
    })
    .await
}

async fn link(
    app: &App,
    config: &Config,
    connection: &Connection,
    watch: &Arc<dyn Watch>,
) -> anyhow::Result<OrdersLink> {
    let secrets = Secrets::open(config).await?;
    let links = Links::new(app.clock.clone());
    OrdersLink::ask(config, connection, &secrets, &links, (&app.clock, watch)).await
}

/// `plan ORDER-ID`: what would be written for an order that is known; asks Epicor, writes nothing.
pub(super) async fn plan(app: &App, id: &str) -> anyhow::Result<bool> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let record = find(&store, app.common.connection.as_deref(), id).await?;
    let connection = config.connection(Some(&record.key.connection))?;
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let link = link(app, &config, connection, &watch).await?;
    let worker = link.work(&store).worker();
    let masters = worker.masters(std::slice::from_ref(&record)).await?;
    let judged = worker.judge(&record, &masters).await?;
    print::judgement(app, &record, &judged);
    Ok(judged.event == Event::Missing)
}

/// The orders of the store, counted, with what stops some of them and some packs; nothing without orders.
pub(super) async fn status(app: &App, store: &Store) -> anyhow::Result<bool> {
    let config = app.config()?;
    let mut stopped = false;
    for connection in app.connections(&config)? {
        let counts = store.order_counts(&connection.name).await?;
        if let Some(setting) = &connection.orders
            && let Some(standing) = load_standing(store, &connection.name, setting).await?
        {
            print::load(app, &config, connection, &standing);
        }
        if counts.is_empty() {
            continue;
        }
        if app.common.json {
            let counts: serde_json::Map<String, Value> =
                counts.into_iter().map(|(state, count)| (state, count.into())).collect();
            output::line(json!({ "connection": connection.name, "orders": counts }));
        } else {
            let about = app.about(&config, connection, "orders:");
            output::line(format!("  {} {}", styled(HEAD, about), output::in_states(counts)));
        }
        for state in [State::Waiting, State::Held] {
            let name = Some(connection.name.as_str());
            for record in store.orders(name, Some(state.as_str())).await? {
                stopped = true;
                if !app.common.json {
                    print::hold(&record.key.order_id, &record.state, record.hold.as_deref());
                }
            }
        }
        stopped |= packs_stopped(app, store, &connection.name).await?;
    }
    Ok(stopped)
}

/// The packs that Amazon is not told of yet, with the reasons; whether there are any.
async fn packs_stopped(app: &App, store: &Store, connection: &str) -> anyhow::Result<bool> {
    let mut stopped = false;
    for state in [Shipment::Waiting, Shipment::Held] {
        for pack in store.shipments(Some(connection), Some(state.as_str())).await? {
            stopped = true;
            let ShipmentKey { order_id, pack_num, .. } = &pack.key;
            if app.common.json {
                let mut told = pack_json(&pack);
                told["connection"] = connection.into();
                told["order_id"] = order_id.as_str().into();
                output::line(told);
            } else {
                let name = format!("pack {pack_num} of order {order_id}");
                print::hold(&name, &pack.state, pack.hold.as_deref());
            }
        }
    }
    Ok(stopped)
}

fn pack_json(pack: &ShipmentRecord) -> Value {
    json!({ "pack": pack.key.pack_num, "state": pack.state,
            "held": HeldReason::parse_all(pack.hold.as_deref()) })
}

/// `status ORDER-ID`; whether the order or one of its packs is held.
pub(super) async fn status_of(app: &App, store: &Store, id: &str) -> anyhow::Result<bool> {
    let record = find(store, app.common.connection.as_deref(), id).await?;
    let key = &record.key;
    let shipments = store.shipments_of(key).await?;
    if app.common.json {
        let packs: Vec<_> = shipments.iter().map(pack_json).collect();
        output::line(json!({
            "connection": key.connection, "order_id": id, "state": record.state,
            "amazon_status": record.told.status, "changed": record.told.changed.to_string(),
            "order_num": record.order_num, "shipments": packs,
            "held": HeldReason::parse_all(record.hold.as_deref()),
        }));
    } else {
        let number = record.order_num.as_deref().unwrap_or("none yet");
        output::line(format!(
            "{}  {}; at Amazon {} since {}; sales order in Epicor: {number}",
            styled(HEAD, format!("Order {id}")),
            styled(state_style(&record.state), &record.state),
            record.told.status,
            record.told.changed.strftime("%Y-%m-%d %H:%M UTC"),
        ));
        print::hold(id, &record.state, record.hold.as_deref());
        for shipment in &shipments {
            let state = styled(state_style(&shipment.state), &shipment.state);
            output::line(format!("  pack {}: {state}", shipment.key.pack_num));
            let name = format!("pack {}", shipment.key.pack_num);
            print::hold(&name, &shipment.state, shipment.hold.as_deref());
        }
    }
    let held = Shipment::Held.as_str();
    Ok(record.state == State::Held.as_str() || shipments.iter().any(|pack| pack.state == held))
}

/// `hold` of an order.
pub(super) async fn hold(app: &App, decision: &Decision) -> anyhow::Result<Exit> {
    let store = connect::store(&app.config()?).await?;
    let record = find(&store, app.common.connection.as_deref(), &decision.id).await?;
    let by = (&App::person(), decision.reason.as_deref());
    let held = hold_order(&store, &record.key, by, app.clock.as_ref()).await;
    held.with_context(|| format!("order {} stays as it is", decision.id))?;
    status_of(app, &store, &decision.id).await?;
    Ok(Exit::Ok)
}

/// `release` of an order, and of its held shipments.
pub(super) async fn release(app: &App, decision: &Decision) -> anyhow::Result<Exit> {
    let store = connect::store(&app.config()?).await?;
    let record = find(&store, app.common.connection.as_deref(), &decision.id).await?;
    let released = release_packs(&store, &record.key, app).await?;
    if record.state == State::Held.as_str() || !released {
        let order = release_order(&store, &record.key, &App::person(), app.clock.as_ref()).await;
        order.with_context(|| format!("order {} stays as it is", decision.id))?;
    }
    status_of(app, &store, &decision.id).await?;
    Ok(Exit::Ok)
}

async fn release_packs(store: &Store, key: &OrderKey, app: &App) -> anyhow::Result<bool> {
    let shipments = store.shipments_of(key).await?;
    let mut any = false;
    for shipment in shipments.iter().filter(|pack| pack.state == Shipment::Held.as_str()) {
        release_shipment(store, shipment, &App::person(), app.clock.now()).await?;
        any = true;
    }
    Ok(any)
}
