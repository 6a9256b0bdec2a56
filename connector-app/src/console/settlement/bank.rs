//! Whether the bank received what a settlement put on the clearing account.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use ledger_mapper::Difference;
use settlement_model::Money;
use store::BankLineRecord;

use super::{Found, Head, Named, Tab};
use crate::console::figures::{self, Figure, figure};
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::reconcile::{AsOf, gather};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}/bank", get(show))
}

#[derive(Template)]
#[template(path = "settlement/bank.html")]
struct BankPage {
    frame: Frame,
    head: Head,
    clearing: Option<Clearing>,
}

/// What the clearing account has of a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clearing {
    amazon: String,
    journal: String,
    bank: String,
    payments: Vec<PaymentLine>,
    open: Vec<OpenLine>,
    /// Whether nothing is left.
    closed: bool,
}

/// A line of the bank that paid it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PaymentLine {
    date: String,
    reference: String,
    text: String,
    account: String,
    amount: Figure,
    /// Whether a person said that it belongs here.
    assigned: bool,
}

/// What is not paid, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OpenLine {
    amount: Figure,
    kind: String,
    days: i32,
    open: bool,
}

impl Clearing {
    fn of(id: &str, AsOf { result, rows, .. }: &AsOf, lines: &[BankLineRecord]) -> Option<Self> {
        let four = rows.iter().find(|four| four.settlement.as_str() == id)?;
        let text = |money: Money| format!("{} {}", of(money).text, money.currency());
        let payments = result.payments.iter().filter(|paid| paid.settlement.as_str() == id);
        let payments = payments.map(|paid| {
            let line = lines.iter().find(|line| line.id() == paid.bank_line);
            PaymentLine {
                date: line.map(|line| figures::day(&line.date.to_string())).unwrap_or_default(),
                reference: line
                    .map_or_else(|| paid.bank_line.clone(), |line| line.reference.clone()),
                text: line.map(|line| line.text.clone()).unwrap_or_default(),
                account: line.map(|line| line.account.clone()).unwrap_or_default(),
                amount: of(paid.amount),
                assigned: line.is_some_and(|line| line.settlement_id.is_some()),
            }
        });
        let mine = |difference: &&Difference| {
            difference.settlement.as_ref().is_some_and(|settlement| settlement.as_str() == id)
        };
        let open = result.differences.iter().filter(mine).map(|difference| OpenLine {
            amount: of(difference.amount),
            kind: difference.kind.to_string(),
            days: difference.age_days,
            open: difference.open,
        });
        let open: Vec<_> = open.collect();
        Some(Self {
            amazon: text(four.amazon),
            journal: text(four.journal),
            bank: four.bank.map_or_else(|| "not seen".to_owned(), text),
            payments: payments.collect(),
            closed: !open.iter().any(|line| line.open),
            open,
        })
    }
}

fn of(money: Money) -> Figure {
    figure(money.amount(), money.currency())
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
) -> Result<Page<BankPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::Bank)?;
    let name = &found.record.key.connection;
    let connection = found.config.connection(Some(name))?;
    let today = connection.today(server.clock().now());
    let mut clearing = None;
    let zone = connection.cut_off_zone();
    let gathered = gather(&found.store, name, zone.as_ref()).await?;
    for books in &gathered.books {
        if books.currency.code() == found.record.currency {
            let as_of = books.as_of(today, connection.bank.transit_days)?;
            clearing = Clearing::of(&head.id, &as_of, &gathered.bank_lines);
        }
    }
    Ok(Page(BankPage { frame: seat.frame(Entry::Settlements), head, clearing }))
}
