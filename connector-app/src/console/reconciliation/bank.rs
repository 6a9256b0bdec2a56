//! The bank's lines: taken in, given to a settlement, or written off.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bank_statement::{Currency, DayFirst, Options};
use serde::Deserialize;
use settlement_model::{Money, SettlementId};
use store::SettlementKey;

use super::{Asked, Known, named};
use crate::amazon::refresh_payouts;
use crate::bank::{self, By};
use crate::console::address::{Paging, path, with_query};
use crate::console::figures;
use crate::console::form::{Checked, Upload};
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::role::Act;
use crate::console::seat::Seat;
use crate::console::systems::Systems;
use crate::console::typed;
use crate::lane;
use crate::output::grouped;
use crate::reconcile::FourFigures;
use crate::serve::Server;

/// How many lines are on a page.
const PAGE: usize = 100;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/reconciliation/bank", get(show))
        .route("/reconciliation/bank/import", post(import))
        .route("/reconciliation/bank/assign", post(assign))
        .route("/reconciliation/bank/waive", post(waive))
        .route("/reconciliation/bank/payouts", post(ask_amazon))
}

#[derive(Template)]
#[template(path = "reconciliation/bank.html")]
struct BankPage {
    frame: Frame,
    name: String,
    all: String,
    payer: String,
    lines: Vec<Line>,
    paging: Paging,
    /// Settlements with something left on the clearing account.
    open: Vec<Open>,
    /// Settlements that were entered by hand, and whose deposit was not seen at the bank.
    by_hand: Vec<Open>,
    today: String,
    /// When Amazon was asked for its payouts; nothing before the first time.
    asked: Option<String>,
    payouts: Vec<PayoutRow>,
}

/// What Amazon says of a settlement's payout.
struct PayoutRow {
    settlement: String,
    href: String,
    total: String,
    told: String,
    word: &'static str,
    tone: &'static str,
}

/// A line of a statement.
struct Line {
    day: String,
    account: String,
    /// What names it in the form.
    id: String,
    reference: String,
    text: String,
    amount: String,
    /// Whose deposit it is.
    settlement: String,
    href: String,
    /// Whether a person said so.
    assigned: bool,
}

/// A settlement that a line may be of, or a difference.
struct Open {
    id: String,
    label: String,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<BankPage>, PageError> {
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let connection = known.connection()?;
    let (mut open, mut by_hand) = (Vec::new(), Vec::new());
    let mut paid = BTreeMap::new();
    let mut payouts = Vec::new();
    for books in &known.gathered.books {
        let as_of = books.as_of(known.today, connection.bank.transit_days)?;
        open.extend(as_of.rows.iter().filter(|row| !row.closed).map(of_row));
        let witnesses = as_of.rows.iter().rev().take(PAGE);
        payouts.extend(witnesses.map(|row| payout_row(&known, row)));
        for payment in as_of.result.payments {
            paid.insert(payment.bank_line, payment.settlement.to_string());
        }
    }
    for one in &known.gathered.by_hand {
        let settlement = &one.settlement;
        paid.extend(one.bank_lines.iter().map(|line| (line.clone(), settlement.to_string())));
        if one.bank_lines.is_empty() && !one.total.is_negative() {
            by_hand.push(Open::of(settlement, one.total));
        }
    }
    let newest = known.gathered.bank_lines.iter().rev();
    let lines = newest.skip(asked.page * PAGE).take(PAGE).map(|line| {
        let assigned = line.settlement_id.clone();
        let id = line.id();
        let of = assigned.clone().or_else(|| paid.get(&id).cloned());
        let settlement = of.unwrap_or_default();
        Line {
            day: line.date.to_string(),
            account: line.account.clone(),
            id,
            reference: line.reference.clone(),
            text: figures::clipped(&line.text),
            amount: format!("{} {}", grouped(&line.amount), line.currency),
            href: path(&["settlements", &known.name, &settlement]),
            settlement,
            assigned: assigned.is_some(),
        }
    });
    let lines = lines.collect();
    let pairs = [("connection", known.name.as_str())];
    let count = known.gathered.bank_lines.len() as u64;
    let at = (asked.page as u64, PAGE as u64);
    Ok(Page(BankPage {
        frame: seat.frame(Entry::Reconciliation),
        all: with_query("/reconciliation", &pairs),
        payer: connection.bank.payer.clone(),
        lines,
        paging: Paging::new(("/reconciliation/bank", &pairs), at, (count, "lines")),
        open,
        by_hand,
        today: known.today.to_string(),
        asked: known.gathered.payouts.at.map(figures::moment),
        payouts,
        name: known.name.clone(),
    }))
}

fn payout_row(known: &Known, row: &FourFigures) -> PayoutRow {
    let id = row.settlement.as_str();
    let witness = known.gathered.payouts.witness(id, row.amazon);
    let (word, tone) = super::payout_word(&witness);
    PayoutRow {
        settlement: id.to_owned(),
        href: path(&["settlements", &known.name, id]),
        total: format!("{} {}", super::text(row.amazon), row.amazon.currency()),
        told: witness.to_string(),
        word,
        tone,
    }
}

/// Asks Amazon what it paid out, and keeps it with the time.
async fn ask_amazon(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(typed): Checked<OfConnection>,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let systems = Systems::of(&server, &typed.connection).await?;
    let client = systems.amazon().await?;
    let (clock, name) = (server.clock(), systems.connection()?.name.as_str());
    let count = lane::alone(&systems.store, name, clock.as_ref(), async |store| {
        refresh_payouts(&store, &client, name, clock.now()).await
    })
    .await?;
    let told = format!("Amazon told of {}.", figures::counted(count as u64, "payout"));
    Ok(seat.go_on(&here(name), &told))
}

#[derive(Debug, Deserialize)]
struct OfConnection {
    connection: String,
}

fn of_row(row: &FourFigures) -> Open {
    Open::of(&row.settlement, row.amazon)
}

impl Open {
    fn of(settlement: &SettlementId, amount: Money) -> Self {
        let id = settlement.to_string();
        Self { label: format!("{id}: {} {}", super::text(amount), amount.currency()), id }
    }
}

fn here(connection: &str) -> String {
    with_query("/reconciliation/bank", &[("connection", connection)])
}

async fn import(
    seat: Seat,
    State(server): State<Arc<Server>>,
    upload: Upload,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let field = |name: &str| upload.fields.get(name).map(String::as_str).unwrap_or_default();
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, field("connection"))?;
    let unfit = |error: anyhow::Error| {
        let next = "Download the statement again, or take another form of it.";
        PageError::bad_input(format!("{error:#}."), next)
    };
    let currency = typed::text(field("currency"));
    let currency = currency.as_deref().map(Currency::parse).transpose();
    let day_first = match field("order") {
        "day" => Some(DayFirst::Yes),
        "month" => Some(DayFirst::No),
        _ => None,
    };
    let currency = currency.map_err(|error| unfit(error.into()))?;
    let options = Options { currency, columns: None, day_first };
    let mut files = Vec::new();
    for file in &upload.files {
        files.push(bank::read(&file.name, file.bytes.to_vec(), &options).map_err(unfit)?);
    }
    if files.is_empty() {
        let what = "No file was chosen.".to_owned();
        return Err(PageError::bad_input(what, "Go back and choose one."));
    }
    let (actor, at) = (seat.actor(), server.clock().now());
    let by = By { connection, actor: &actor, at };
    let store = server.keeper.write().await?;
    let clock = server.clock().as_ref();
    let (mut of, mut new) = (0, 0);
    lane::alone(&store, &connection.name, clock, async |store| {
        for file in &files {
            for statement in &file.statements {
                let taken = bank::take_in(&store, file, statement, &by).await?;
                of += taken.from_amazon as u64;
                new += taken.new;
            }
        }
        Ok(())
    })
    .await?;
    let told = format!("{} from Amazon, {new} of them new.", figures::counted(of, "line"));
    Ok(seat.go_on(&here(&connection.name), &told))
}

#[derive(Debug, Deserialize)]
struct Assigned {
    connection: String,
    reference: String,
    /// Empty takes it back.
    settlement: String,
}

async fn assign(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(typed): Checked<Assigned>,
) -> Result<Response, PageError> {
    seat.may(Act::Prepare)?;
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, &typed.connection)?;
    let (actor, at) = (seat.actor(), server.clock().now());
    let by = By { connection, actor: &actor, at };
    let store = server.keeper.write().await?;
    let reference = &typed.reference;
    let told = match typed::text(&typed.settlement) {
        None => {
            let line = bank::unassign(&store, reference, &by).await?;
            format!("Bank line {line} is nobody's in particular.")
        }
        Some(settlement_id) => {
            let key = SettlementKey { connection: connection.name.clone(), settlement_id };
            let line = bank::assign(&store, reference, &key, &by).await?;
            format!("Bank line {line} is the deposit of {}.", key.settlement_id)
        }
    };
    Ok(seat.go_on(&here(&connection.name), &told))
}

#[derive(Debug, Deserialize)]
struct Waived {
    connection: String,
    settlement: String,
    amount: String,
    day: String,
    reason: String,
}

async fn waive(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Checked(typed): Checked<Waived>,
) -> Result<Response, PageError> {
    seat.may(Act::Approve)?;
    let config = Arc::clone(&server.in_force.get().config);
    let connection = named(&config, &typed.connection)?;
    let reason = typed::reason(&typed.reason)?;
    let (actor, at) = (seat.actor(), server.clock().now());
    let day = typed::day(&typed.day)?.unwrap_or_else(|| connection.today(at));
    let amount = typed::amount(&typed.amount)?;
    let settlement_id = typed.settlement.trim().to_owned();
    let key = SettlementKey { connection: connection.name.clone(), settlement_id };
    let by = By { connection, actor: &actor, at };
    let store = server.keeper.write().await?;
    let written_off = bank::waive(&store, &key, (amount, day), reason, &by).await?;
    let told = format!("{written_off}.");
    Ok(seat.go_on(&here(&connection.name), &told))
}
