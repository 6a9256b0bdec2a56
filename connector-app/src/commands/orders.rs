//! `sync orders`, `sync shipments`, and orders in `plan`, `status`, `release` and `hold`.

use std::sync::Arc;

use anstyle::Style;
use anyhow::Context as _;
use serde_json::{Value, json};
use store::{OrderKey, OrderRecord, Store};

use super::App;
use super::sync::{Spinner, worse};
use crate::cli::{Decision, OrdersArgs};
use crate::config::{Config, Connection, Orders, ShipToPolicy};
use crate::connect;
use crate::exit::Exit;
use crate::lane;
use crate::ledger::sales_order::SalesOrder;
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, Table, grouped, state_style, styled};
use crate::pipeline::order::State;
use crate::pipeline::order_proof::Proof;
use crate::pipeline::{
    HeldReason, Judged, Silent, Watch, hold_order, release_order, release_shipment,
};
use crate::secrets::Secrets;
use crate::sync::orders::{OrdersRun, OrdersSummary};
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

/// What a run over orders did, for one connection.
enum Done {
    Synced(OrdersSummary),
    Drafts(Vec<(OrderRecord, Judged)>),
    Proved(Vec<Proof>),
    Shipped(ShipmentsSummary),
}

/// What to run.
#[derive(Clone, Copy)]
enum Work {
    Orders(OrdersArgs),
    Shipments,
}

pub(super) async fn sync_orders(app: &App, args: OrdersArgs) -> anyhow::Result<Exit> {
    each(app, Work::Orders(args)).await
}

pub(super) async fn sync_shipments(app: &App) -> anyhow::Result<Exit> {
    each(app, Work::Shipments).await
}

async fn each(app: &App, work: Work) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let mut exit = Exit::Ok;
    let mut any = false;
    for connection in app.connections(&config)? {
        let Some(setting) = &connection.orders else { continue };
        any = true;
        let done = one(app, &config, (connection, setting), work).await;
        match done.with_context(|| format!("connection {}", connection.name)) {
            Ok(done) => {
                for one in &done {
                    exit = worse(exit, print(app, &connection.name, one));
                }
            }
            // One connection's trouble is not another's.
            Err(error) => {
                output::complain(&error);
                exit = worse(exit, Exit::of(&error));
            }
        }
    }
    anyhow::ensure!(
        any,
        "no connection has orders: add a table [connection.orders] to {}",
        app.config_path().display()
    );
    Ok(exit)
}

async fn one(
    app: &App,
    config: &Config,
    (connection, setting): (&Connection, &Orders),
    work: Work,
) -> anyhow::Result<Vec<Done>> {
    let spinner =
        Arc::new(Spinner::start(&format!("{}: asking Amazon and Epicor", connection.name)));
    let watch: Arc<dyn Watch> = spinner.clone();
    let site = connect::site(connection, &config.folder)?;
    let secrets = Secrets::open(config).await?;
    let amazon = connect::amazon(connection, &secrets, &app.clock, &watch).await?;
    let personal = setting.ship_to == ShipToPolicy::OneTime;
    let orders = Arc::new(amazon.orders(personal));
    let ledger = connect::epicor(connection, &config.folder, &secrets, &app.clock).await?;
    let ledger = ledger.with_addresses(orders.clone());
    ledger.ping().await.context("asking Epicor for its company; nothing was changed")?;

    let store = connect::store(config).await?;
    let clock = app.clock.as_ref();
    let done = lane::alone(&store, &connection.name, clock, async |store| {
        let run = OrdersRun {
            site: &site,
            setting,
            store: &store,
            amazon: &orders,
            ledger: &ledger,
            clock,
            watch: watch.as_ref(),
        };
        Ok(match work {
            Work::Shipments => vec![Done::Shipped(run.shipments().await?)],
            Work::Orders(OrdersArgs { dry_run: true, .. }) => {
                vec![Done::Drafts(run.drafts().await?)]
            }
            Work::Orders(OrdersArgs { prove: false, .. }) => vec![Done::Synced(run.once().await?)],
            Work::Orders(_) => {
                vec![Done::Synced(run.once().await?), Done::Proved(run.prove().await?)]
            }
        })
    })
    .await?;
    spinner.finish();
    Ok(done)
}

fn print(app: &App, connection: &str, done: &Done) -> Exit {
    match done {
        Done::Synced(summary) => print_summary(app, connection, summary),
        Done::Shipped(summary) => print_shipments(app, connection, summary),
        Done::Drafts(drafts) => print_drafts(app, connection, drafts),
        Done::Proved(proofs) => print_proofs(app, connection, proofs),
    }
}

fn print_summary(app: &App, connection: &str, summary: &OrdersSummary) -> Exit {
    let polled = &summary.polled;
    if app.common.json {
        let moved = summary.moved.iter();
        let moved: Vec<_> =
            moved.map(|(id, state)| json!({ "order_id": id, "state": state.as_str() })).collect();
        output::line(json!({
            "connection": connection, "calls": polled.pages, "told": polled.told,
            "new": polled.new, "changed": polled.changed, "moved": moved,
            "failures": failures(&summary.failures),
        }));
    } else {
        output::line(format!(
            "{}  {} orders told in {} calls: {} new, {} changed; {} moved",
            styled(HEAD, connection),
            polled.told,
            polled.pages,
            polled.new,
            polled.changed,
            summary.moved.len(),
        ));
        print_failures(&summary.failures);
    }
    let held = summary.moved.values().any(|state| matches!(state, State::Held | State::Waiting));
    exit_of(&summary.failures, held)
}

fn print_shipments(app: &App, connection: &str, summary: &ShipmentsSummary) -> Exit {
    use crate::pipeline::shipment::State as Shipment;
    if app.common.json {
        let moved = summary.moved.iter();
        let moved: Vec<_> = moved
            .map(|(name, state)| json!({ "shipment": name, "state": state.as_str() }))
            .collect();
        output::line(json!({ "connection": connection, "packs": summary.packs, "moved": moved,
                             "failures": failures(&summary.failures) }));
    } else {
        let confirmed = summary.moved.values().filter(|state| **state == Shipment::Confirmed);
        output::line(format!(
            "{}  {} packs read, {} shipments confirmed",
            styled(HEAD, connection),
            summary.packs,
            confirmed.count(),
        ));
        for (name, state) in summary.moved.iter().filter(|(_, s)| **s != Shipment::Confirmed) {
            output::line(format!("  {name}: {}", styled(state_style(state.as_str()), state)));
        }
        print_failures(&summary.failures);
    }
    let stopped = |state: &Shipment| matches!(state, Shipment::Held | Shipment::Waiting);
    exit_of(&summary.failures, summary.moved.values().any(stopped))
}

fn print_drafts(app: &App, connection: &str, drafts: &[(OrderRecord, Judged)]) -> Exit {
    if !app.common.json {
        let acts = drafts.iter().filter(|(_, judged)| judged.document.is_some()).count();
        output::line(format!(
            "{}  {} orders looked at, {acts} would be written; nothing was",
            styled(HEAD, connection),
            drafts.len(),
        ));
    }
    let mut held = false;
    for (record, judged) in drafts {
        held |= !judged.reasons.is_empty();
        if judged.document.is_some() || !judged.reasons.is_empty() {
            print_judged(app, record, judged);
        }
    }
    if held { Exit::Held } else { Exit::Ok }
}

fn print_proofs(app: &App, connection: &str, proofs: &[Proof]) -> Exit {
    for proof in proofs {
        if app.common.json {
            output::line(json!({ "connection": connection, "holds": proof.holds(),
                                 "proof": proof }));
            continue;
        }
        let word = if proof.holds() { styled(GOOD, "complete") } else { styled(BAD, "differs") };
        let day = |at: jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
        output::line(format!(
            "{}  {} to {}: {word}: {} reported, {} searched = {} in Epicor + {} waiting + {} excluded",
            styled(HEAD, connection),
            day(proof.since),
            day(proof.until),
            proof.reported,
            proof.searched,
            proof.entered,
            proof.waiting,
            proof.excluded,
        ));
        for difference in &proof.differences {
            output::line(format!("  {} {difference}", styled(ATTENTION, "differs:")));
        }
    }
    let holds = proofs.iter().all(Proof::holds);
    if holds { Exit::Ok } else { Exit::NotReconciled }
}

fn failures(failures: &[(String, anyhow::Error)]) -> Vec<Value> {
    failures
        .iter()
        .map(|(record, error)| json!({ "record": record, "error": format!("{error:#}") }))
        .collect()
}

fn print_failures(failures: &[(String, anyhow::Error)]) {
    for (record, error) in failures {
        output::line(format!("  {} {record}: {error:#}", styled(BAD, "failed:")));
    }
}

fn exit_of(failures: &[(String, anyhow::Error)], held: bool) -> Exit {
    match failures.first() {
        Some((_, error)) => Exit::of(error),
        None if held => Exit::Held,
        None => Exit::Ok,
    }
}

/// `plan ORDER-ID`: what would be written for an order that is known; asks Epicor, writes nothing.
pub(super) async fn plan(app: &App, id: &str) -> anyhow::Result<bool> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let record = find(&store, app.common.connection.as_deref(), id).await?;
    let connection = config.connection(Some(&record.key.connection))?;
    let setting = connection.orders.as_ref().context("the connection has no orders any more")?;
    let watch: Arc<dyn Watch> = Arc::new(Silent);
    let site = connect::site(connection, &config.folder)?;
    let secrets = Secrets::open(&config).await?;
    let amazon = connect::amazon(connection, &secrets, &app.clock, &watch).await?;
    let orders = amazon.orders(false);
    let ledger = connect::epicor(connection, &config.folder, &secrets, &app.clock).await?;
    let run = OrdersRun {
        site: &site,
        setting,
        store: &store,
        amazon: &orders,
        ledger: &ledger,
        clock: app.clock.as_ref(),
        watch: &Silent,
    };
    let worker = run.worker();
    let masters = worker.masters(std::slice::from_ref(&record)).await?;
    let judged = worker.judge(&record, &masters)?;
    print_judged(app, &record, &judged);
    Ok(!judged.reasons.is_empty())
}

fn print_judged(app: &App, record: &OrderRecord, judged: &Judged) {
    if app.common.json {
        output::line(json!({
            "order_id": record.key.order_id, "connection": record.key.connection,
            "state": record.state, "judged": judged.event.name(), "held": judged.reasons,
            "order": judged.document.as_ref().map(|document| &document.draft),
            "changes": judged.document.as_ref().and_then(|document| document.change.as_ref())
                .map(|change| &change.changes),
        }));
        return;
    }
    output::line(format!(
        "{}  {} ({})",
        styled(HEAD, format!("Order {}", record.key.order_id)),
        judged.event.name(),
        record.state
    ));
    for reason in &judged.reasons {
        output::line(format!("  {} {}", styled(ATTENTION, "waits:"), reason.message));
    }
    if let Some(document) = &judged.document {
        for line in document_lines(document) {
            output::line(line);
        }
    }
}

/// An order for people: what is written, line by line.
fn document_lines(document: &SalesOrder) -> Vec<String> {
    if let Some(change) = &document.change {
        let of = change.entered.order_num;
        let changes = change.changes.iter().map(|change| format!("  order {of}: {change}"));
        return changes.collect();
    }
    let draft = &document.draft;
    let mut table = Table::new(&[
        ("Part", Align::Left),
        ("SKU", Align::Left),
        ("Quantity", Align::Right),
        ("Unit price", Align::Right),
        ("Discount", Align::Right),
        ("Amount", Align::Right),
    ])
    .indent(2);
    for line in &draft.lines {
        table.row(
            Style::new(),
            [
                line.part.clone(),
                line.sku.clone(),
                format!("{} {}", line.quantity, line.uom),
                line.unit_price.to_string(),
                grouped(&line.discount.amount_text()),
                grouped(&line.amount.amount_text()),
            ],
        );
    }
    for charge in &draft.charges {
        let empty = String::new;
        let amount = grouped(&charge.amount.amount_text());
        let code = charge.code.clone();
        table.row(Style::new(), [code, charge.kind.to_string(), empty(), empty(), empty(), amount]);
    }
    let mut lines = vec![format!("  for {} on {}", draft.customer, draft.date)];
    lines.extend(table.lines());
    lines.push(format!("  {}", styled(HEAD, format!("total {}", draft.total))));
    lines
}

/// The orders of the store, counted, with what stops some of them; nothing without orders.
pub(super) async fn status(app: &App, store: &Store) -> anyhow::Result<bool> {
    let mut stopped = false;
    for connection in app.connections(&app.config()?)? {
        let counts = store.order_counts(&connection.name).await?;
        if counts.is_empty() {
            continue;
        }
        if app.common.json {
            let counts: serde_json::Map<String, Value> =
                counts.into_iter().map(|(state, count)| (state, count.into())).collect();
            output::line(json!({ "connection": connection.name, "orders": counts }));
        } else {
            let counts: Vec<String> = counts
                .into_iter()
                .map(|(state, count)| format!("{count} {}", styled(state_style(&state), &state)))
                .collect();
            output::line(format!("  {} {}", styled(HEAD, "orders:"), counts.join(", ")));
        }
        for state in [State::Waiting, State::Held] {
            let name = Some(connection.name.as_str());
            for record in store.orders(name, Some(state.as_str())).await? {
                stopped = true;
                if !app.common.json {
                    print_hold(&record.key.order_id, &record.state, record.hold.as_deref());
                }
            }
        }
    }
    Ok(stopped)
}

fn print_hold(name: &str, state: &str, hold: Option<&str>) {
    for reason in HeldReason::parse_all(hold) {
        output::line(format!(
            "  {} {}",
            styled(ATTENTION, format!("{state} {name}:")),
            reason.message
        ));
    }
}

/// `status ORDER-ID`.
pub(super) async fn status_of(app: &App, store: &Store, id: &str) -> anyhow::Result<bool> {
    let record = find(store, app.common.connection.as_deref(), id).await?;
    let key = &record.key;
    let shipments = store.shipments(Some(&key.connection), None).await?;
    let shipments: Vec<_> = shipments.into_iter().filter(|s| s.key.order_id == id).collect();
    if app.common.json {
        let packs: Vec<_> = shipments
            .iter()
            .map(|s| {
                json!({ "pack": s.key.pack_num, "state": s.state,
                        "held": HeldReason::parse_all(s.hold.as_deref()) })
            })
            .collect();
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
        print_hold(id, &record.state, record.hold.as_deref());
        for shipment in &shipments {
            let state = styled(state_style(&shipment.state), &shipment.state);
            output::line(format!("  pack {}: {state}", shipment.key.pack_num));
            print_hold(&shipment.key.pack_num, &shipment.state, shipment.hold.as_deref());
        }
    }
    Ok(record.state == State::Held.as_str())
}

/// `hold` and `release` of an order; `release` goes for its shipments, too.
pub(super) async fn decide(app: &App, decision: &Decision, holds: bool) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store(&config).await?;
    let record = find(&store, app.common.connection.as_deref(), &decision.id).await?;
    let (key, clock) = (&record.key, app.clock.as_ref());
    let actor = App::person();
    let unchanged = || format!("order {} stays as it is", decision.id);
    if holds {
        let by = (&actor, decision.reason.as_deref());
        hold_order(&store, key, by, clock).await.with_context(unchanged)?;
    } else {
        let released = release_packs(&store, key, app).await?;
        if record.state == State::Held.as_str() || !released {
            release_order(&store, key, &actor, clock).await.with_context(unchanged)?;
        }
    }
    status_of(app, &store, &decision.id).await?;
    Ok(Exit::Ok)
}

async fn release_packs(store: &Store, key: &OrderKey, app: &App) -> anyhow::Result<bool> {
    let held = store.shipments(Some(&key.connection), Some("held")).await?;
    let mut any = false;
    for shipment in held.iter().filter(|shipment| shipment.key.order_id == key.order_id) {
        release_shipment(store, shipment, &App::person(), app.clock.now()).await?;
        any = true;
    }
    Ok(any)
}
