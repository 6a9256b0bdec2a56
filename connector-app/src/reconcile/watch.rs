//! What changed under the periods that a person signed.

use jiff::Timestamp;
use store::{SignedPeriodRecord, Store};

use super::gather;
use super::period::{figures, periods};
use super::sign::Standing;
use crate::config::{Config, Connection};

/// A signed period that is no longer as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPeriod {
    /// The signature.
    pub signed: SignedPeriodRecord,
    /// What was signed, and what is so now; at least one sentence.
    pub changes: Vec<String>,
}

/// Every signed period of a connection under which something changed: a settlement that was reversed,
/// issued again or is new, a bank line, a document that is gone from Epicor. Asks nobody but the store.
///
/// # Errors
/// The store's errors, or those of the calendar's file.
pub async fn changed(
    store: &Store,
    config: &Config,
    connection: &Connection,
    now: Timestamp,
) -> anyhow::Result<Vec<ChangedPeriod>> {
    let signatures = store.signed_periods(&connection.name).await?;
    if signatures.iter().all(|signature| signature.reopened.is_some()) {
        return Ok(Vec::new());
    }
    let today = connection.today(now);
    let calendar = connection.load_calendar(&config.folder)?;
    let zone = connection.cut_off_zone();
    let gathered = gather(store, &connection.name, zone.as_ref()).await?;
    let periods = periods(&gathered, &calendar, today);
    let mut changed = Vec::new();
    for signature in signatures.iter().filter(|signature| signature.reopened.is_none()) {
        let of = |books: &&super::Books| books.currency.code() == signature.key.currency;
        let books = gathered.books.iter().find(of);
        let period = periods.iter().find(|period| period.name == signature.key.period);
        let gone = |what: &str| vec![format!("nothing of it is left in {what}")];
        let changes = match (books, period) {
            (Some(books), Some(period)) => {
                let transit = connection.bank.transit_days;
                let figures = figures(&gathered, books, period, today, transit)?;
                match Standing::of(&figures, &signatures)? {
                    Standing::Changed { changes, .. } => changes,
                    Standing::Open { .. } | Standing::Signed(_) => continue,
                }
            }
            (None, _) => gone("the books"),
            (_, None) => gone("the calendar"),
        };
        changed.push(ChangedPeriod { signed: signature.clone(), changes });
    }
    Ok(changed)
}
