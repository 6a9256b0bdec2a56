//! Accounts as Epicor's chart has them.

use std::collections::{BTreeMap, BTreeSet};

use epicor_odata_client::gl_journal::GlAccount;
use ledger_mapper::Account;

use super::EpicorLedger;
use crate::rules_version::LiveAccount;

impl EpicorLedger {
    /// These accounts in the chart of the book that journals are entered into.
    ///
    /// # Errors
    /// The client's errors.
    pub async fn live_accounts(
        &self,
        accounts: &BTreeSet<Account>,
    ) -> anyhow::Result<BTreeMap<String, LiveAccount>> {
        let book = self.book().await?;
        let read = |account: &Account| Some((account.to_string(), self.account(account).ok()?));
        let mut wanted: Vec<(String, GlAccount)> = accounts.iter().filter_map(read).collect();
        wanted.sort();
        let wire: Vec<GlAccount> = wanted.iter().map(|(_, account)| account.clone()).collect();
        let states = self.client.gl_accounts().states(&book.coa_code, &wire).await?;
        let live = wanted.into_iter().map(|(written, account)| {
            let account = account.to_string();
            let state = states.iter().find(|state| state.account == account);
            let live = LiveAccount {
                name: state.map(|state| state.description.clone()).unwrap_or_default(),
                known: state.is_some(),
                active: state.is_some_and(|state| state.active),
            };
            (written, live)
        });
        Ok(live.collect())
    }
}
