//! The rows of the report: all of them, those of an order, or those behind a line of the journal.

use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{Context, Drill, RowFacts};
use rust_decimal::Decimal;
use serde::Deserialize;
use settlement_model::{Item, Money, Row, Settlement, Triple, read_rows};
use store::StoredDocument;

use super::journal::role_of;
use super::{Found, Head, Named, Tab};
use crate::console::address::{Paging, with_query};
use crate::console::figures::{self, Figure, figure};
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::ledger::Document;
use crate::pipeline::{KeptPlan, Site, kept_document, read_options, settlement_of};
use crate::serve::Server;

/// How many rows a page lists.
const PAGE: u64 = 100;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}/rows", get(show))
}

#[derive(Template)]
#[template(path = "settlement/rows.html")]
struct RowsPage {
    frame: Frame,
    head: Head,
    /// Which rows these are.
    about: String,
    listed: Listed,
    paging: Paging,
    all: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    order: String,
    document: Option<usize>,
    line: Option<usize>,
    page: u64,
}

/// A row as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct RowLine {
    line: u64,
    posted: String,
    order: String,
    order_href: String,
    sku: String,
    what: String,
    amount: Figure,
    /// What the rules of now take it for.
    role: String,
    known: bool,
}

/// The rows of one page, and what all of them are together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Listed {
    lines: Vec<RowLine>,
    rows: u64,
    sum: Figure,
    /// Why the rows are not those that were planned, or cannot be listed.
    trouble: String,
}

/// Which rows are wanted.
enum Wanted {
    All,
    Order(String),
    /// Those behind a line of a document.
    Behind(Box<Document>, usize),
}

impl Wanted {
    fn of(asked: &Asked, plan: Option<KeptPlan>) -> Result<Self, PageError> {
        let (Some(number), Some(line)) = (asked.document, asked.line) else {
            return Ok(match asked.order.as_str() {
                "" => Self::All,
                order => Self::Order(order.to_owned()),
            });
        };
        let documents = plan.map(KeptPlan::into_documents).unwrap_or_default();
        let document = documents.into_iter().nth(number);
        let document = document.filter(|document| match document {
            Document::Journal(journal) => line < journal.lines.len(),
            Document::ApInvoice(invoice) => line < invoice.lines.len(),
            Document::SalesOrder(_)
            | Document::ShipmentConfirmation(_)
            | Document::CrossReference(_)
            | Document::CustomerShipment(_) => false,
        });
        let document = document.ok_or_else(|| PageError::unknown("such line of the journal"))?;
        Ok(Self::Behind(Box::new(document), line))
    }

    fn about(&self) -> String {
        match self {
            Self::All => "Every row of the settlement".to_owned(),
            Self::Order(order) => format!("The rows of order {order}"),
            Self::Behind(document, line) => {
                let (account, name) = match &**document {
                    Document::Journal(journal) => journal
                        .lines
                        .get(*line)
                        .map(|line| (line.account.to_string(), line.account_name.clone())),
                    Document::ApInvoice(invoice) => invoice
                        .lines
                        .get(*line)
                        .map(|line| (line.account.to_string(), line.account_name.clone())),
                    Document::SalesOrder(_)
                    | Document::ShipmentConfirmation(_)
                    | Document::CrossReference(_)
                    | Document::CustomerShipment(_) => None,
                }
                .unwrap_or_default();
                format!("The rows behind account {account} {}", name.unwrap_or_default())
            }
        }
    }
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Page<RowsPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::Rows)?;
    let wanted = Wanted::of(&asked, found.plan.clone())?;
    let (about, all) = (wanted.about(), matches!(wanted, Wanted::All));
    let source = Source::of(&found).await?;
    let (base, page) = (head.base.clone(), asked.page);
    let listed = tokio::task::spawn_blocking(move || source.list(&wanted, page, &base))
        .await
        .context("reading the document")??;
    let (document, line) = (text(asked.document), text(asked.line));
    let query = [("order", asked.order.as_str()), ("document", &document), ("line", &line)];
    let path = format!("{}/rows", head.base);
    let paging = Paging::new((&path, &query), (asked.page, PAGE), (listed.rows, "rows"));
    Ok(Page(RowsPage { frame: seat.frame(Entry::Settlements), head, about, listed, paging, all }))
}

fn text(number: Option<usize>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// The document that a settlement's rows are read from.
pub(super) struct Source {
    pub(super) site: Site,
    pub(super) stored: StoredDocument,
    pub(super) id: String,
}

impl Source {
    pub(super) async fn of(found: &Found) -> anyhow::Result<Self> {
        let id = found.record.key.settlement_id.clone();
        let stored = kept_document(&found.store, &found.record.document, &id).await?;
        Ok(Self { site: found.site()?, stored, id })
    }

    /// Calls `take` with every row of the settlement, and the day it counts for. Returns why the
    /// rows cannot be listed, if they cannot.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(&Row<'_>, Date, &TimeZone) -> anyhow::Result<()>,
    ) -> anyhow::Result<Option<String>> {
        let options = read_options(&self.site, &self.stored.hints);
        let (mut end, mut taken) = (Date::MAX, Ok(()));
        let read = read_rows(self.stored.bytes.as_slice(), &options, |item, zone| match item {
            Item::Settlement(row) if row.id.as_str() == self.id => end = row.end.date_in(zone),
            Item::Row(row) if row.settlement_id().as_str() == self.id && taken.is_ok() => {
                taken = take(row, row.posted().date_in(zone).min(end), zone);
            }
            Item::Settlement(_) | Item::Row(_) => {}
        });
        taken?;
        Ok(read.err().map(|unreadable| unreadable.to_string()))
    }

    fn list(&self, wanted: &Wanted, page: u64, base: &str) -> anyhow::Result<Listed> {
        match wanted {
            Wanted::All => self.page_of(page, base, |_| true),
            Wanted::Order(order) => self.page_of(page, base, |row| row.order_id() == order),
            Wanted::Behind(document, line) => self.behind(document, *line, page, base),
        }
    }

    /// The way back from a line of a document; it says when it does not lead to all of its rows.
    fn behind(
        &self,
        document: &Document,
        line: usize,
        page: u64,
        base: &str,
    ) -> anyhow::Result<Listed> {
        let (settlement, zone) = settlement_of(&self.site, &self.stored, &self.id)?;
        let context =
            Context::new(&self.site.connection, &self.site.rules, &self.site.calendar, &zone);
        let Some((drill, rows, amount)) = drill(document, line, &settlement, &context) else {
            return Ok(Listed::default());
        };
        let mut listed = self.page_of(page, base, |row| drill.takes(row))?;
        let expected = figure(amount, settlement.currency());
        if (listed.rows, &listed.sum) != (rows, &expected) {
            listed.trouble = format!(
                "The line was made of {} with {}; these are {} with {}. The rules, the calendar or \
                 the zone have changed since: the journal names the version it was made by.",
                figures::counted(rows, "row"),
                expected.text,
                figures::counted(listed.rows, "row"),
                listed.sum.text
            );
        }
        Ok(listed)
    }

    fn page_of(
        &self,
        page: u64,
        base: &str,
        takes: impl Fn(&Row<'_>) -> bool,
    ) -> anyhow::Result<Listed> {
        let first = page.saturating_mul(PAGE);
        let mut listed = Listed::default();
        let mut sum: Option<Money> = None;
        let trouble = self.each(|row, date, _| {
            if !takes(row) {
                return Ok(());
            }
            let amount = row.amount();
            sum = Some(match sum {
                Some(sum) => sum.checked_add(amount)?,
                None => amount,
            });
            if (first..first.saturating_add(PAGE)).contains(&listed.rows) {
                listed.lines.push(self.line(row, date, base));
            }
            listed.rows += 1;
            Ok(())
        })?;
        if let Some(sum) = sum {
            listed.sum = figure(sum.amount(), sum.currency());
        }
        listed.trouble = trouble.unwrap_or_default();
        Ok(listed)
    }

    fn line(&self, row: &Row<'_>, date: Date, base: &str) -> RowLine {
        let triple = Triple {
            transaction_type: row.transaction_type().to_owned(),
            amount_type: row.amount_type().to_owned(),
            amount_description: row.amount_description().to_owned(),
        };
        let outcome = self.site.rules.outcome(&RowFacts {
            triple: &triple,
            date,
            marketplace: row.marketplace_name(),
            sku: Some(row.sku()),
            fulfillment: &row.fulfillment(),
            currency: row.amount().currency(),
        });
        let role = role_of(&outcome);
        let order = row.order_id();
        RowLine {
            line: row.line(),
            posted: date.strftime("%-d %b %Y").to_string(),
            order: order.to_owned(),
            order_href: if order.is_empty() {
                String::new()
            } else {
                with_query(&format!("{base}/rows"), &[("order", order)])
            },
            sku: row.sku().to_owned(),
            what: triple.to_string(),
            amount: figure(row.amount().amount(), row.amount().currency()),
            role: role.map_or_else(
                || "nobody has mapped it".to_owned(),
                |role| role.info().title.clone(),
            ),
            known: role.is_some(),
        }
    }
}

/// The way back from a line, with how many rows it remembers and how much they are.
fn drill<'a>(
    document: &'a Document,
    line: usize,
    settlement: &'a Settlement,
    context: &'a Context<'a>,
) -> Option<(Drill<'a>, u64, Decimal)> {
    match document {
        Document::Journal(journal) => {
            let line = journal.lines.get(line)?;
            let amount = line.sources.iter().map(|source| source.amount).sum();
            Some((Drill::new(journal, line, settlement, context), line.rows, amount))
        }
        Document::ApInvoice(invoice) => {
            let line = invoice.lines.get(line)?;
            let amount = line.sources.iter().map(|source| source.amount).sum();
            Some((Drill::of_fees(invoice, line, settlement, context), line.rows, amount))
        }
        Document::SalesOrder(_)
        | Document::ShipmentConfirmation(_)
        | Document::CrossReference(_)
        | Document::CustomerShipment(_) => None,
    }
}
