//! What a decision would have done to past settlements.

use ledger_mapper::{AccountChange, Move, RowFacts, RulesDiff};
use store::Store;

use super::Draft;
use crate::pipeline::{Site, settlement_read};

/// The newest settlements under the rules as they are, and with a decision.
#[derive(Debug)]
pub struct Replay {
    /// How many settlements were read.
    pub settlements: usize,
    /// How many rows they have.
    pub rows: u64,
    /// The rows that move.
    pub moves: Vec<Move>,
    /// The accounts whose net changes; positive is a credit.
    pub accounts: Vec<AccountChange>,
    /// Settlements whose document is not kept any more, or cannot be read.
    pub left_out: Vec<String>,
}

/// Plans the newest settlements of a connection both ways, `most` of them.
///
/// # Errors
/// The store's errors, and sums that are too large.
pub async fn replay(
    store: &Store,
    site: &Site,
    draft: &Draft,
    most: usize,
) -> anyhow::Result<Replay> {
    let by_sku = draft.old().asks_for_sku() || draft.new_rules().asks_for_sku();
    let mut diff = RulesDiff::new(draft.old(), draft.new_rules());
    let mut left_out = Vec::new();
    let records = store.settlements(Some(&site.connection)).await?;
    let mut settlements = 0;
    for record in records.iter().rev().take(most) {
        let id = &record.key.settlement_id;
        let stored = store.document(&record.document).await?;
        let read = stored.map(|stored| settlement_read(site, &stored, id, by_sku));
        let Some(Ok((settlement, zone))) = read else {
            left_out.push(id.clone());
            continue;
        };
        settlements += 1;
        // Rows after a settlement's end count for the day of the end.
        let end = settlement.end.date_in(&zone);
        for group in &settlement.groups {
            let facts = RowFacts::of_group(group, group.date.min(end));
            diff.add(&facts, group.amount, group.rows)?;
        }
    }
    let (moves, accounts) = (diff.moves(), diff.accounts());
    Ok(Replay { settlements, rows: diff.rows(), moves, accounts, left_out })
}
