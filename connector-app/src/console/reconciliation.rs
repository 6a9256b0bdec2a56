//! What must agree at the end of each fiscal period: Amazon, the journals, Epicor and the bank; and a
//! person's signature under it.

mod accrual;
mod bank;
mod overview;
mod pack;
mod period;
mod sign;

use std::sync::Arc;

use axum::Router;
use jiff::civil::Date;
use ledger_mapper::{Calendar, Period};
use serde::Deserialize;
use settlement_model::Money;
use store::{SignedPeriodRecord, Store};

use super::address::with_query;
use super::page::PageError;
use super::role::Act;
use super::seat::Seat;
use crate::amazon::Witness;
use crate::config::{Config, Connection};
use crate::output::grouped;
use crate::reconcile::period::{PeriodBooks, periods};
use crate::reconcile::sign::Standing;
use crate::reconcile::{Books, Gathered, gather};
use crate::serve::Server;

pub(super) fn routes() -> Router<Arc<Server>> {
    Router::new()
        .merge(overview::routes())
        .merge(period::routes())
        .merge(sign::routes())
        .merge(accrual::routes())
        .merge(bank::routes())
        .merge(pack::routes())
}

/// Which page of whose list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The first connection, when it is empty.
    connection: String,
    page: usize,
}

/// What a connection's store knows about its money.
struct Known {
    config: Arc<Config>,
    name: String,
    store: Store,
    gathered: Gathered,
    calendar: Calendar,
    signatures: Vec<SignedPeriodRecord>,
    today: Date,
}

impl Known {
    /// Of the connection of that name; of the first, when it is empty.
    async fn of(server: &Server, seat: &Seat, name: &str) -> Result<Self, PageError> {
        seat.may(Act::Read)?;
        let config = Arc::clone(&server.in_force.get().config);
        let connection = named(&config, name)?;
        let store = server.keeper.read().await?;
        let zone = connection.cut_off_zone();
        let gathered = gather(&store, &connection.name, zone.as_ref()).await?;
        let calendar = connection.load_calendar(&config.folder)?;
        let signatures = store.signed_periods(&connection.name).await?;
        let today = connection.today(server.clock().now());
        let name = connection.name.clone();
        Ok(Self { config, name, store, gathered, calendar, signatures, today })
    }

    fn connection(&self) -> Result<&Connection, PageError> {
        named(&self.config, &self.name)
    }

    fn periods(&self) -> Vec<Period> {
        periods(&self.gathered, &self.calendar, self.today)
    }

    fn figures(&self, books: &Books, period: &Period) -> Result<PeriodBooks, PageError> {
        let transit = self.connection()?.bank.transit_days;
        let figures = crate::reconcile::period::figures;
        Ok(figures(&self.gathered, books, period, self.today, transit)?)
    }

    /// The figures of one period in one currency, as an address names them.
    fn find(&self, currency: &str, period: &str) -> Result<PeriodBooks, PageError> {
        let of = |books: &&Books| books.currency.code() == currency;
        let books = self.gathered.books.iter().find(of);
        let periods = self.periods();
        let found = periods.iter().find(|one| one.name == period);
        match (books, found) {
            (Some(books), Some(period)) => self.figures(books, period),
            _ => Err(PageError::unknown(&format!("period {period} in {currency}"))),
        }
    }

    fn standing(&self, figures: &PeriodBooks) -> Result<Standing, PageError> {
        Ok(Standing::of(figures, &self.signatures)?)
    }
}

/// The connection of that name; the first, when it is empty.
pub(super) fn named<'c>(config: &'c Config, name: &str) -> Result<&'c Connection, PageError> {
    let first = name.is_empty().then(|| config.connections.first()).flatten();
    let found = first.or_else(|| config.connections.iter().find(|one| one.name == name));
    found.ok_or_else(|| PageError::unknown(&format!("connection {name}")))
}

/// The page of a period.
pub(super) fn address(connection: &str, currency: &str, period: &str) -> String {
    let pairs = [("connection", connection), ("currency", currency), ("period", period)];
    with_query("/reconciliation/period", &pairs)
}

fn text(money: Money) -> String {
    grouped(&money.amount_text())
}

/// What a payout says, in a word with its tone.
const fn payout_word(witness: &Witness) -> (&'static str, &'static str) {
    match witness {
        Witness::Silent => ("not told", "quiet"),
        Witness::Agrees(_) => ("agrees", "good"),
        Witness::Contradicts(_) => ("contradicts", "bad"),
    }
}

/// The tone of a period's word.
const fn tone(standing: &Standing, reconciled: bool) -> &'static str {
    match standing {
        Standing::Signed(_) => "good",
        Standing::Changed { .. } => "bad",
        Standing::Open { .. } if reconciled => "quiet",
        Standing::Open { .. } => "attention",
    }
}
