//! Whether settlements paid the orders of one connection: the orders of the store beside the rows of
//! its settlements.

use anyhow::Context as _;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};
use ledger_mapper::{MatchedOrder, OrderMonies, match_order};
use settlement_model::SettlementId;
use store::{OrderRecord, Store};

use crate::amazon::OrderFacts;
use crate::pipeline::{Site, read_options};

/// An order with what settlements paid for it.
#[derive(Debug)]
pub struct PaidOrder {
    /// The order.
    pub record: OrderRecord,
    /// Its facts, as Amazon told them.
    pub facts: OrderFacts,
    /// What was paid.
    pub matched: MatchedOrder,
}

/// Matches these orders with the settlements of their connection, all of which the store has.
///
/// * `due_after`: how long an order's money may take.
///
/// # Errors
/// The store's errors, or a stored order or document that cannot be read again.
pub async fn paid_orders(
    store: &Store,
    site: &Site,
    records: Vec<OrderRecord>,
    (now, due_after): (Timestamp, SignedDuration),
) -> anyhow::Result<Vec<PaidOrder>> {
    let mut orders = Vec::with_capacity(records.len());
    for record in records {
        let id = &record.key.order_id;
        let facts: OrderFacts = serde_json::from_str(&record.told.payload)
            .with_context(|| format!("order {id}: its stored form"))?;
        orders.push((record, facts));
    }
    let ids = orders.iter().map(|(record, _)| record.key.order_id.as_str());
    let mut monies = OrderMonies::new(&site.rules, ids);
    let earliest = orders.iter().map(|(_, facts)| facts.order.created).min();
    if let Some(earliest) = earliest {
        read_settlements(store, site, earliest, &mut monies).await?;
    }
    let matched: Vec<MatchedOrder> = orders
        .iter()
        .map(|(_, facts)| match_order(&facts.order, &monies, now, due_after))
        .collect::<Result<_, _>>()?;
    let paid = orders.into_iter().zip(matched);
    Ok(paid.map(|((record, facts), matched)| PaidOrder { record, facts, matched }).collect())
}

/// Adds up every settlement that ended after the first order was made, each by the document that it is
/// booked by.
async fn read_settlements(
    store: &Store,
    site: &Site,
    earliest: Timestamp,
    monies: &mut OrderMonies<'_>,
) -> anyhow::Result<()> {
    let earliest = earliest.to_string();
    for record in store.settlements(Some(&site.connection)).await? {
        if record.end.get(..10) < earliest.get(..10) {
            continue;
        }
        let id = &record.key.settlement_id;
        let Some(stored) = store.document(&record.document).await? else {
            // Kept as long as the law asks for.
            let purged = store.document_purged(&record.document).await?;
            anyhow::ensure!(purged.is_some(), "settlement {id}: its document is not in the store");
            let ended = ended(&record.end, site.zone.as_ref())
                .with_context(|| format!("settlement {id}: its end"))?;
            monies.purged(SettlementId::parse(id)?, ended);
            continue;
        };
        let options = read_options(site, &stored.hints);
        let again = || format!("settlement {id}: its stored document cannot be read again");
        let bytes = stored.bytes.as_slice();
        monies.read(bytes, &options, |of| of.as_str() == id).with_context(again)?;
    }
    Ok(())
}

/// When a settlement ended, at the latest. Some reports name only the day; where no zone is configured it
/// is over when it is over everywhere, so that no settlement that may have paid an order is left out.
fn ended(end: &str, zone: Option<&TimeZone>) -> Result<Timestamp, jiff::Error> {
    if let Ok(instant) = end.parse() {
        return Ok(instant);
    }
    let day: Date = end.parse()?;
    let zone = zone.cloned().unwrap_or_else(|| TimeZone::fixed(offset(-12)));
    zone.to_timestamp(day.tomorrow()?.at(0, 0, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_day_ends_with_its_last_moment() {
        let zone = TimeZone::get("America/Los_Angeles").expect("it is known");
        let until = |end, zone| ended(end, zone).map(|at| at.to_string()).ok();
        let at = "2026-09-14T17:00:00Z";
        assert_eq!(until(at, Some(&zone)).as_deref(), Some(at));
        assert_eq!(until("2026-09-14", Some(&zone)).as_deref(), Some("2026-09-15T07:00:00Z"));
        assert_eq!(until("2026-09-14", None).as_deref(), Some("2026-09-15T12:00:00Z"));
        assert_eq!(until("yesterday", None), None);
    }
}
