//! One fiscal period: four columns, the clearing account, the differences, and the signature.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use ledger_mapper::DifferenceKind;
use serde::Deserialize;
use settlement_model::Money;

use super::accrual::AccrualView;
use super::{Known, address, payout_word, text, tone};
use crate::amazon::Payouts;
use crate::console::address::{path, with_query};
use crate::console::figures;
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::console::telling::who;
use crate::reconcile::period::{OfKind, PeriodBooks, PeriodRoll, between};
use crate::reconcile::sign::Standing;
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/reconciliation/period", get(show))
}

/// What an address names.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    pub(super) connection: String,
    pub(super) currency: String,
    pub(super) period: String,
}

impl Asked {
    /// The address again.
    pub(super) fn address(&self) -> String {
        address(&self.connection, &self.currency, &self.period)
    }
}

#[derive(Template)]
#[template(path = "reconciliation/period.html")]
struct PeriodPage {
    frame: Frame,
    asked: Asked,
    here: String,
    all: String,
    bank: String,
    pack: String,
    view: View,
    accrual: AccrualView,
    read: Option<String>,
}

/// A period as the page shows it.
#[derive(Debug, PartialEq, Eq)]
struct View {
    days: String,
    until: String,
    currency: String,
    word: &'static str,
    tone: &'static str,
    sentence: String,
    agree: bool,
    columns: [(&'static str, String); 4],
    rows: Vec<Row>,
    roll: Vec<(&'static str, String)>,
    balance: String,
    ledger: String,
    ledger_agrees: bool,
    kinds: Vec<(String, usize, String)>,
    differences: Vec<Line>,
    lines: Vec<BankLine>,
    obstacles: Vec<String>,
    signature: Option<Signature>,
    changes: Vec<String>,
    reopened: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
struct Row {
    id: String,
    href: String,
    day: String,
    amazon: String,
    journal: String,
    ledger: String,
    bank: String,
    payout: &'static str,
    payout_tone: &'static str,
    closed: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Line {
    whose: String,
    kind: String,
    tone: &'static str,
    between: &'static str,
    amount: String,
    open: bool,
    days: i32,
}

#[derive(Debug, PartialEq, Eq)]
struct BankLine {
    day: String,
    reference: String,
    text: String,
    amount: String,
    settlement: String,
}

#[derive(Debug, PartialEq, Eq)]
struct Signature {
    by: String,
    at: String,
    hash: String,
}

impl View {
    fn of(
        connection: &str,
        figures: &PeriodBooks,
        standing: &Standing,
        payouts: &Payouts,
    ) -> Result<Self, PageError> {
        let PeriodBooks { period, totals, roll, .. } = figures;
        let columns = [
            ("Amazon", totals.amazon),
            ("Journal", totals.journal),
            ("Epicor", totals.ledger),
            ("Bank", totals.bank),
        ];
        let signed = match standing {
            Standing::Signed(signed) | Standing::Changed { signed, .. } => Some(signed),
            Standing::Open { .. } => None,
        };
        let reopened = match standing {
            Standing::Open { reopened: Some(record) } => record.reason.clone(),
            _ => None,
        };
        Ok(Self {
            days: format!("{} to {}", period.start, period.end),
            until: figures.until.to_string(),
            currency: figures.currency.code().to_owned(),
            word: standing.word(),
            tone: tone(standing, figures.is_reconciled()),
            sentence: sentence(figures),
            agree: columns.iter().all(|(_, money)| *money == totals.amazon),
            columns: columns.map(|(name, money)| (name, text(money))),
            rows: rows(connection, figures, payouts),
            roll: rolled(roll),
            balance: text(roll.closing),
            ledger: roll.ledger.map_or_else(|| "not read yet".to_owned(), text),
            ledger_agrees: roll.ledger_difference.is_some_and(Money::is_zero),
            kinds: figures.by_kind()?.into_iter().map(kind).collect(),
            differences: figures.differences.iter().map(line).collect(),
            lines: bank_lines(figures),
            obstacles: figures.obstacles.clone(),
            signature: signed.map(|signed| Signature {
                by: who(&signed.signed_by).to_owned(),
                at: figures::moment(signed.signed),
                hash: signed.hash.to_string(),
            }),
            changes: match standing {
                Standing::Changed { changes, .. } => changes.clone(),
                _ => Vec::new(),
            },
            reopened,
        })
    }
}

fn rolled(roll: &PeriodRoll) -> Vec<(&'static str, String)> {
    let mut rows = vec![
        ("Balance before", text(roll.opening)),
        ("+ totals of the settlements booked", text(roll.deposits)),
        ("+ opening debts, card charges, payouts that came back", text(roll.rows)),
        ("− received by the bank", text(roll.bank)),
        ("− written off", text(roll.waived)),
    ];
    let accruals = roll.accruals_if_any();
    rows.extend(accruals.map(|amount| ("+ accruals, less those taken back", text(amount))));
    rows
}

fn sentence(figures: &PeriodBooks) -> String {
    let closing = format!("{} {}", text(figures.roll.closing), figures.currency);
    let beyond = figures.roll.ledger_difference.filter(|beyond| !beyond.is_zero());
    match (figures.unknown(), figures.roll.ledger, beyond) {
        (_, None, _) => {
            "Epicor's ledger was not read yet, so nothing can be compared with it.".to_owned()
        }
        (0, Some(_), None) if figures.roll.closing.is_zero() => {
            "Everything agrees, and nothing is left on the clearing account.".to_owned()
        }
        (0, Some(_), None) => {
            format!(
                "Everything agrees: {closing} is on the clearing account, and all of it is explained."
            )
        }
        (0, Some(_), Some(beyond)) => format!(
            "Epicor's clearing account has {} {} beyond what is explained.",
            text(beyond),
            figures.currency
        ),
        (1, ..) => "One difference is unknown: somebody has to explain it.".to_owned(),
        (count, ..) => format!("{count} differences are unknown: somebody has to explain them."),
    }
}

fn rows(connection: &str, figures: &PeriodBooks, payouts: &Payouts) -> Vec<Row> {
    let amount = |money: Option<Money>| money.map_or_else(|| "–".to_owned(), text);
    let row = |row: &crate::reconcile::FourFigures| {
        let witness = payouts.witness(row.settlement.as_str(), row.amazon);
        let (payout, payout_tone) = payout_word(&witness);
        Row {
            payout,
            payout_tone,
            id: row.settlement.to_string(),
            href: path(&["settlements", connection, row.settlement.as_str()]),
            day: row.booked_on.to_string(),
            amazon: text(row.amazon),
            journal: text(row.journal),
            ledger: amount(row.ledger),
            bank: amount(row.bank),
            closed: row.closed,
        }
    };
    figures.rows.iter().map(row).collect()
}

fn kind(of: OfKind) -> (String, usize, String) {
    (of.kind.to_string(), of.count, text(of.open))
}

fn line(difference: &ledger_mapper::Difference) -> Line {
    let whose = match (&difference.settlement, &difference.bank_line) {
        (Some(settlement), Some(line)) => format!("settlement {settlement}, bank line {line}"),
        (Some(settlement), None) => format!("settlement {settlement}"),
        (None, Some(line)) => format!("bank line {line}"),
        (None, None) => "the account".to_owned(),
    };
    Line {
        whose,
        kind: difference.kind.to_string(),
        tone: match difference.kind {
            DifferenceKind::Unknown => "bad",
            DifferenceKind::Timing => "attention",
            _ => "quiet",
        },
        between: between(difference.comparison),
        amount: format!("{} {}", text(difference.amount), difference.amount.currency()),
        open: difference.open,
        days: difference.age_days,
    }
}

fn bank_lines(figures: &PeriodBooks) -> Vec<BankLine> {
    let line = |line: &store::BankLineRecord| BankLine {
        day: line.date.to_string(),
        reference: line.id(),
        text: figures::clipped(&line.text),
        amount: format!("{} {}", crate::output::grouped(&line.amount), line.currency),
        settlement: figures.paid_by(line).unwrap_or_default().to_owned(),
    };
    figures.bank_lines.iter().map(line).collect()
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Result<Page<PeriodPage>, PageError> {
    let known = Known::of(&server, &seat, &asked.connection).await?;
    let found = known.find(&asked.currency, &asked.period)?;
    let standing = known.standing(&found)?;
    let view = View::of(&known.name, &found, &standing, &known.gathered.payouts)?;
    let of = |books: &&crate::reconcile::Books| books.currency == found.currency;
    let read = known.gathered.books.iter().find(of).and_then(|books| books.ledger.as_ref());
    let pairs = [("connection", asked.connection.as_str())];
    Ok(Page(PeriodPage {
        frame: seat.frame(Entry::Reconciliation),
        here: asked.address(),
        all: with_query("/reconciliation", &pairs),
        bank: with_query("/reconciliation/bank", &pairs),
        pack: asked.address().replacen("/period?", "/pack.xlsx?", 1),
        view,
        accrual: AccrualView::of(&server, &seat, &known, &found).await?,
        read: read.map(|read| figures::moment(read.at)),
        asked,
    }))
}
