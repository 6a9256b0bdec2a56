//! `orders list`: every order with what settlements paid for it.

use anstyle::Style;
use ledger_mapper::OrderMatch;
use serde_json::{Value, json};
use store::Store;

use crate::cli::OrderList;
use crate::commands::App;
use crate::config::{Config, Connection};
use crate::connect;
use crate::exit::Exit;
use crate::order_payments::{PaidOrder, paid_orders};
use crate::output::{self, ATTENTION, Align, BAD, GOOD, HEAD, QUIET, Table, grouped, styled};

pub(crate) async fn run(app: &App, args: &OrderList) -> anyhow::Result<Exit> {
    let config = app.config()?;
    let store = connect::store_to_read(&config).await?;
    let mut exit = Exit::Ok;
    for connection in app.connections(&config)? {
        let orders = of_connection(app, &config, connection, &store, args).await?;
        if args.matched.is_some() && orders.iter().any(|paid| is_open(&paid.matched.outcome)) {
            exit = Exit::NotReconciled;
        }
        if app.common.json {
            orders.iter().for_each(|paid| output::line(as_json(paid)));
        } else {
            print(connection, &orders);
        }
    }
    Ok(exit)
}

async fn of_connection(
    app: &App,
    config: &Config,
    connection: &Connection,
    store: &Store,
    args: &OrderList,
) -> anyhow::Result<Vec<PaidOrder>> {
    let Some(setting) = &connection.orders else { return Ok(Vec::new()) };
    let site = connect::site(connection, &config.folder)?;
    let records = store.orders(Some(&connection.name), args.state.as_deref()).await?;
    let time = (app.clock.now(), setting.due_after());
    let mut orders = paid_orders(store, &site, records, time).await?;
    if let Some(wanted) = args.matched {
        orders.retain(|paid| paid.matched.outcome.as_str() == wanted.as_str());
    }
    Ok(orders)
}

/// What one order came to, for its story; `None` for a connection without orders.
pub(in crate::commands) async fn one(
    app: &App,
    config: &Config,
    store: &Store,
    id: &str,
) -> anyhow::Result<Option<PaidOrder>> {
    let record = super::find(store, app.common.connection.as_deref(), id).await?;
    let connection = config.connection(Some(&record.key.connection))?;
    let Some(setting) = &connection.orders else { return Ok(None) };
    let site = connect::site(connection, &config.folder)?;
    let time = (app.clock.now(), setting.due_after());
    Ok(paid_orders(store, &site, vec![record], time).await?.pop())
}

/// Whether somebody should look at it.
const fn is_open(outcome: &OrderMatch) -> bool {
    matches!(
        outcome,
        OrderMatch::ShortPaid { .. }
            | OrderMatch::OverPaid { .. }
            | OrderMatch::NeverPaid
            | OrderMatch::OtherCurrency { .. }
    )
}

pub(in crate::commands) fn as_json(paid: &PaidOrder) -> Value {
    let (record, matched) = (&paid.record, &paid.matched);
    let mut json = json!({
        "connection": record.key.connection, "order_id": record.key.order_id,
        "created": paid.facts.order.created.to_string(), "state": record.state,
        "amazon_status": record.told.status, "order_num": record.order_num,
    });
    if let (Value::Object(json), Ok(Value::Object(matched))) =
        (&mut json, serde_json::to_value(matched))
    {
        json.extend(matched);
    }
    json
}

fn style(outcome: &OrderMatch) -> Style {
    match outcome {
        OrderMatch::Paid => GOOD,
        OrderMatch::NeverPaid => BAD,
        outcome if is_open(outcome) => ATTENTION,
        OrderMatch::NotYetDue | OrderMatch::NothingDue | OrderMatch::SettlementPurged { .. } => {
            QUIET
        }
        _ => Style::new(),
    }
}

fn print(connection: &Connection, orders: &[PaidOrder]) {
    if orders.is_empty() {
        return;
    }
    output::line(styled(HEAD, format!("{}  {} orders", connection.name, orders.len())));
    for line in table(orders).lines() {
        output::line(line);
    }
}

/// The orders, line by line.
pub(in crate::commands) fn table(orders: &[PaidOrder]) -> Table {
    let mut table = Table::new(&[
        ("Order", Align::Left),
        ("Made", Align::Left),
        ("State", Align::Left),
        ("Epicor", Align::Right),
        ("Charged", Align::Right),
        ("Paid", Align::Right),
        ("Given back", Align::Right),
        ("", Align::Left),
    ])
    .indent(2);
    for PaidOrder { record, facts, matched } in orders {
        let amount = |money: Option<settlement_model::Money>| {
            money.map(|money| grouped(&money.amount_text())).unwrap_or_default()
        };
        let money = matched.money.as_ref();
        let back = money.map(|money| money.refunds.abs()).filter(|back| !back.is_zero());
        let plain = |text: String| (text, Style::new());
        table.styled_row(vec![
            plain(record.key.order_id.clone()),
            plain(facts.order.created.strftime("%Y-%m-%d").to_string()),
            plain(record.state.clone()),
            plain(record.order_num.clone().unwrap_or_default()),
            plain(matched.charged.to_string()),
            plain(amount(money.map(|money| money.sales))),
            plain(amount(back)),
            (matched.outcome.to_string(), style(&matched.outcome)),
        ]);
    }
    table
}
