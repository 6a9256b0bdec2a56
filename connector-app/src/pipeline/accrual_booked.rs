//! Which settlements are in the books at the end of a period.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger_mapper::{BookedSettlement, Journal};
use settlement_model::{ReportTime, Settlement, SettlementId, chain};
use store::Store;

use super::planned::journals_of;
use super::settlement::State;
use crate::day::{begin_of, day_in};

/// The settlements whose journals are in the ledger or on their way there, each with the day of its
/// first journal, and those that a person entered. One that was reversed is not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booked(BTreeMap<SettlementId, Date>);

impl Booked {
    /// Adds a settlement with its journals; one without any puts nothing into the books.
    pub fn add(&mut self, settlement: &SettlementId, journals: &[Journal]) {
        if let Some(first) = journals.iter().map(|journal| journal.date).min() {
            self.0.insert(settlement.clone(), first);
        }
    }

    /// Adds a settlement that a person entered, with the day on which it ended: nobody knows here on
    /// which day it was entered.
    pub fn add_by_hand(&mut self, settlement: &SettlementId, end: Date) {
        self.0.insert(settlement.clone(), end);
    }

    /// Those with a journal dated on or before a day. Where a period ends on it, all that they have of
    /// the period's transactions, and of those before it, is in the books.
    #[must_use]
    pub fn until(&self, end: Date) -> BTreeSet<SettlementId> {
        let begun = self.0.iter().filter(|(_, first)| **first <= end);
        begun.map(|(settlement, _)| settlement.clone()).collect()
    }
}

/// What is booked of a connection; `zone` is its cut-off zone.
///
/// # Errors
/// The store's errors, or a plan that another version wrote.
pub async fn booked(
    store: &Store,
    connection: &str,
    zone: Option<&TimeZone>,
) -> anyhow::Result<Booked> {
    let mut booked = Booked::default();
    for record in store.settlements(Some(connection)).await? {
        let id = || SettlementId::parse(&record.key.settlement_id);
        match State::parse(&record.state) {
            Some(State::Posting | State::Posted | State::Matched) => {
                booked.add(&id()?, &journals_of(&record)?);
            }
            Some(State::ByHand) => {
                booked.add_by_hand(&id()?, day_in(&record.end, zone.unwrap_or(&TimeZone::UTC))?);
            }
            _ => {}
        }
    }
    Ok(booked)
}

/// Which transactions these settlements of a connection have.
///
/// # Errors
/// The store's errors, or what another version kept.
pub async fn booked_settlements(
    store: &Store,
    connection: &str,
    booked: &BTreeSet<SettlementId>,
) -> anyhow::Result<Vec<BookedSettlement>> {
    let mut settlements = Vec::new();
    for (id, facts) in store.settlement_chains(connection).await? {
        let of = || format!("settlement {id}: what is kept of its rows");
        settlements.push(serde_json::from_str::<Settlement>(&facts).with_context(of)?);
    }
    let chains = chain::check(&settlements)?;
    let mut marketplaces = BTreeMap::new();
    for stream in &chains.streams {
        marketplaces.extend(stream.settlements.iter().map(|id| (id, &stream.marketplace)));
    }
    let settlements = settlements.iter().filter(|settlement| booked.contains(&settlement.id));
    let of = |settlement: &Settlement| BookedSettlement {
        id: settlement.id.clone(),
        currency: settlement.currency(),
        marketplace: marketplaces.get(&settlement.id).copied().cloned().flatten(),
        end: end(settlement.end),
    };
    Ok(settlements.map(of).collect())
}

/// When a settlement ended. Of a bare date any hour may be meant: the last.
fn end(time: ReportTime) -> Timestamp {
    match time {
        ReportTime::Instant(end) => end,
        ReportTime::Date(date) => date.tomorrow().map_or(Timestamp::MAX, begin_of),
    }
}
