//! The accounts of the rules as Epicor's chart has them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ledger_mapper::{Account, Rules};
use serde::{Deserialize, Serialize};
use store::{FiguresRecord, Store};

use crate::ledger::EpicorLedger;

/// What the accounts are kept under.
const NAME: &str = "accounts";

/// An account as Epicor's chart has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveAccount {
    /// Its name there; empty when it is not in the chart.
    pub name: String,
    /// Whether it is in the chart.
    pub known: bool,
    /// Whether it may be posted to.
    pub active: bool,
}

/// The accounts that were asked for last, by how the rules write them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LiveAccounts {
    /// When they were asked for; `None` before the first time.
    pub at: Option<Timestamp>,
    /// The accounts.
    pub accounts: BTreeMap<String, LiveAccount>,
}

/// Every account that the rules write in full.
#[must_use]
pub fn accounts_of(rules: &Rules) -> BTreeSet<Account> {
    let of_roles = ledger_mapper::roles().iter().filter_map(|info| rules.account_for(&info.role));
    let of_roles = of_roles.cloned();
    let of_rules = rules.listed().into_iter().filter_map(|rule| rule.account);
    of_roles.chain(of_rules).filter(|account| !account.as_str().contains('{')).collect()
}

/// Asks Epicor for the accounts of the rules, and keeps them with the time.
///
/// # Errors
/// Epicor's, and the store's.
pub async fn refresh_accounts(
    store: &Store,
    ledger: &EpicorLedger,
    connection: &str,
    rules: &Rules,
    now: Timestamp,
) -> anyhow::Result<()> {
    let accounts = ledger.live_accounts(&accounts_of(rules)).await?;
    let figures = FiguresRecord { read: now, content: serde_json::to_string(&accounts)? };
    Ok(store.figures_read(connection, NAME, &figures).await?)
}

/// The accounts as they were asked for last.
///
/// # Errors
/// The store's.
pub async fn live_accounts(store: &Store, connection: &str) -> anyhow::Result<LiveAccounts> {
    let Some(kept) = store.figures(connection, NAME).await? else {
        return Ok(LiveAccounts::default());
    };
    let accounts = serde_json::from_str(&kept.content)?;
    Ok(LiveAccounts { at: Some(kept.read), accounts })
}
