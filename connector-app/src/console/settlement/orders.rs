//! The settlement by order: what each brought, and what Amazon kept of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use rust_decimal::Decimal;
use serde::Deserialize;
use settlement_model::Currency;

use super::rows::Source;
use super::{Found, Head, Named, Tab};
use crate::console::address::{Paging, with_query};
use crate::console::figures::{Figure, figure};
use crate::console::frame::{Entry, Frame};
use crate::console::page::{Page, PageError};
use crate::console::seat::Seat;
use crate::serve::Server;

/// How many orders a page lists.
const PAGE: u64 = 100;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new().route("/settlements/{connection}/{id}/orders", get(show))
}

#[derive(Template)]
#[template(path = "settlement/orders.html")]
struct OrdersPage {
    frame: Frame,
    head: Head,
    orders: Vec<OrderLine>,
    total: OrderLine,
    paging: Paging,
    trouble: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    page: u64,
}

/// The amounts of one order, by what Amazon calls them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    rows: u64,
    /// `ItemPrice`
    price: Decimal,
    /// `Promotion`
    promotion: Decimal,
    /// `ItemFees`
    fees: Decimal,
    /// Whatever else.
    other: Decimal,
}

impl Sums {
    fn add(&mut self, amount_type: &str, amount: Decimal) {
        self.rows += 1;
        let slot = match amount_type {
            "ItemPrice" => &mut self.price,
            "Promotion" => &mut self.promotion,
            "ItemFees" => &mut self.fees,
            _ => &mut self.other,
        };
        *slot += amount;
    }

    fn line(&self, order: &str, base: &str, currency: Currency) -> OrderLine {
        let text = |amount: Decimal| {
            if amount.is_zero() { Figure::default() } else { figure(amount, currency) }
        };
        OrderLine {
            order: order.to_owned(),
            href: if order.is_empty() {
                String::new()
            } else {
                with_query(&format!("{base}/rows"), &[("order", order)])
            },
            rows: self.rows,
            price: text(self.price),
            promotion: text(self.promotion),
            fees: text(self.fees),
            other: text(self.other),
            net: figure(self.price + self.promotion + self.fees + self.other, currency),
        }
    }
}

/// An order as the table shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OrderLine {
    order: String,
    href: String,
    rows: u64,
    price: Figure,
    promotion: Figure,
    fees: Figure,
    other: Figure,
    net: Figure,
}

async fn show(
    seat: Seat,
    State(server): State<Arc<Server>>,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Page<OrdersPage>, PageError> {
    let found = Found::of(&server, &seat, named).await?;
    let head = found.head(Tab::Orders)?;
    let currency = Currency::parse(&found.record.currency)?;
    let source = Source::of(&found).await?;
    let (sums, trouble) = tokio::task::spawn_blocking(move || by_order(&source))
        .await
        .context("reading the document")??;
    let mut total = Sums::default();
    for sum in sums.values() {
        total.rows += sum.rows;
        total.price += sum.price;
        total.promotion += sum.promotion;
        total.fees += sum.fees;
        total.other += sum.other;
    }
    let count = sums.len() as u64;
    let first = usize::try_from(asked.page.saturating_mul(PAGE)).unwrap_or(usize::MAX);
    let shown = sums.iter().skip(first).take(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let path = format!("{}/orders", head.base);
    Ok(Page(OrdersPage {
        frame: seat.frame(Entry::Settlements),
        orders: shown.map(|(order, sum)| sum.line(order, &head.base, currency)).collect(),
        total: total.line("", &head.base, currency),
        paging: Paging::new((&path, &[]), (asked.page, PAGE), (count, "orders")),
        trouble: trouble.unwrap_or_default(),
        head,
    }))
}

/// What a document's rows are by order; those of the account as a whole are under no order.
fn by_order(source: &Source) -> anyhow::Result<(BTreeMap<String, Sums>, Option<String>)> {
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    let trouble = source.each(|row, _, _| {
        let order = row.order_id();
        if !sums.contains_key(order) {
            sums.insert(order.to_owned(), Sums::default());
        }
        if let Some(sum) = sums.get_mut(order) {
            sum.add(row.amount_type(), row.amount().amount());
        }
        Ok(())
    })?;
    Ok((sums, trouble))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_what_it_brought_less_what_amazon_kept() {
        let mut sums = Sums::default();
        for (kind, cents) in
            [("ItemPrice", 2_000), ("ItemFees", -300), ("Promotion", -100), ("ItemTCS", -7)]
        {
            sums.add(kind, Decimal::new(cents, 2));
        }
        let line =
            sums.line("111-1", "/settlements/us/81", Currency::parse("USD").expect("a code"));
        assert_eq!((line.net.text.as_str(), line.rows), ("15.93", 4));
        assert_eq!(line.href, "/settlements/us/81/rows?order=111-1");
        assert_eq!(line.other.text, "-0.07");
    }
}
