//! Which settlement continues which.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{Finding, Stream};
use crate::money::Currency;
use crate::settlement::{Group, ReportTime, Settlement, SettlementId};

/// How the name begins of a marketplace that orders from other shops are shipped for.
const OTHER_SHOPS: &str = "Non-Amazon";

/// What tells which settlement continues which.
pub(crate) trait Period {
    fn currency(&self) -> Currency;
    /// The store it is of, if that is known.
    fn store(&self) -> Option<&str>;
    fn start(&self) -> Timestamp;
    fn end(&self) -> Timestamp;
}

impl Period for Settlement {
    fn currency(&self) -> Currency {
        self.total.currency()
    }

    fn store(&self) -> Option<&str> {
        marketplace(self)
    }

    fn start(&self) -> Timestamp {
        instant(self.start)
    }

    fn end(&self) -> Timestamp {
        instant(self.end)
    }
}

/// A stream while it is put together.
pub(crate) struct Links<'s, T> {
    pub(crate) currency: Currency,
    pub(crate) marketplace: Option<&'s str>,
    /// Oldest first; at least one.
    pub(crate) settlements: Vec<&'s T>,
}

impl<T: Period> Links<'_, T> {
    fn end(&self) -> Option<Timestamp> {
        self.settlements.last().map(|last| last.end())
    }

    /// Whether both are of one currency and one marketplace.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.currency == other.currency && self.marketplace == other.marketplace
    }
}

impl Links<'_, Settlement> {
    pub(super) fn to_stream(&self) -> Stream {
        Stream {
            currency: self.currency,
            marketplace: self.marketplace.map(str::to_owned),
            settlements: self.settlements.iter().map(|one| one.id.clone()).collect(),
        }
    }
}

/// Each settlement once, by currency and start.
pub(super) fn unique<'s>(
    settlements: impl IntoIterator<Item = &'s Settlement>,
    findings: &mut Vec<Finding>,
) -> Vec<&'s Settlement> {
    let mut by_id: BTreeMap<&SettlementId, &Settlement> = BTreeMap::new();
    for settlement in settlements {
        let known = by_id.insert(&settlement.id, settlement);
        if known.is_some_and(|known| !same(known, settlement)) {
            findings.push(Finding::Reissued { id: settlement.id.clone() });
        }
    }
    let mut settlements: Vec<_> = by_id.into_values().collect();
    // Stable: settlements of one time stay in the order of their ids.
    settlements.sort_by_key(|one| (one.currency(), instant(one.start), instant(one.end)));
    settlements
}

/// Puts settlements into streams. They come by currency and start.
pub(crate) fn streams<'s, T: Period>(settlements: &[&'s T]) -> Vec<Links<'s, T>> {
    let mut streams: Vec<Links<'s, T>> = Vec::new();
    for settlement in settlements {
        let (currency, store) = (settlement.currency(), settlement.store());
        let start = settlement.start();
        let fits = |links: &Links<'_, T>| {
            links.currency == currency
                && (links.marketplace == store || links.marketplace.is_none() || store.is_none())
        };
        let exact = streams.iter().position(|links| links.end() == Some(start) && fits(links));
        let behind_gap = || {
            let own =
                |links: &Links<'_, T>| links.currency == currency && links.marketplace == store;
            let before = streams.iter().enumerate();
            let before = before.filter(|(_, links)| links.end() < Some(start) && own(links));
            before.max_by_key(|(_, links)| links.end()).map(|(at, _)| at)
        };
        // One of the two may name no marketplace; where the currency has one stream, it is that.
        let only_one = || {
            let mut same =
                streams.iter().enumerate().filter(|(_, links)| links.currency == currency);
            let (at, links) = same.next()?;
            (same.next().is_none() && links.end() < Some(start) && fits(links)).then_some(at)
        };
        match exact.or_else(behind_gap).or_else(only_one) {
            Some(at) => {
                let links = &mut streams[at];
                links.marketplace = links.marketplace.or(store);
                links.settlements.push(settlement);
            }
            None => {
                streams.push(Links { currency, marketplace: store, settlements: vec![settlement] });
            }
        }
    }
    streams
}

/// A time to compare by. A date stands for its start in UTC.
pub(crate) fn instant(time: ReportTime) -> Timestamp {
    match time {
        ReportTime::Instant(instant) => instant,
        ReportTime::Date(date) => {
            // Only the first and the last day of jiff's calendar can fail.
            let start = Offset::UTC.to_timestamp(date.into());
            start.unwrap_or(Timestamp::UNIX_EPOCH)
        }
    }
}

/// Whether two documents say the same of a settlement; where its rows stand does not matter.
fn same(a: &Settlement, b: &Settlement) -> bool {
    let facts = |one: &Settlement| (one.start, one.end, one.deposit_date, one.total, one.rows);
    let said = |one: &Group| (one.date, one.amount, one.rows);
    let alike = |(a, b): (&Group, &Group)| a.triple == b.triple && said(a) == said(b);
    facts(a) == facts(b)
        && a.groups.len() == b.groups.len()
        && a.groups.iter().zip(&b.groups).all(alike)
}

/// The store of a settlement: the marketplace of most rows, those shipped for other shops aside.
fn marketplace(settlement: &Settlement) -> Option<&str> {
    let mut rows: BTreeMap<&str, u64> = BTreeMap::new();
    for group in &settlement.groups {
        if let Some(name) = group.marketplace.as_deref()
            && !name.starts_with(OTHER_SHOPS)
        {
            *rows.entry(name).or_default() += group.rows;
        }
    }
    rows.into_iter().max_by_key(|(_, rows)| *rows).map(|(name, _)| name)
}
