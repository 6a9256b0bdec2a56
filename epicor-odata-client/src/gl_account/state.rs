use jiff::civil::Date;

use super::GlAccount;
use crate::client::Client;
use crate::error::Error;
use crate::odata::Filter;
use crate::record::{Records, record};

record! {
    /// A GL account as Epicor knows it: a row of `GLAccount`.
    AccountState in "Erp.BO.GLAccountSvc/GLAccounts" by ["COACode", "GLAccount1"] {
        /// The chart of accounts.
        coa: String = "COACode",
        /// Segments joined by `|`.
        account: String = "GLAccount1",
        /// Journals may post to it, within its effective dates.
        active: bool = "Active",
        description: String = "AccountDesc",
        /// The first day it may be posted to; `None` for no limit.
        effective_from: Option<Date> = "EffFrom",
        /// The last day it may be posted to; `None` for no limit.
        effective_to: Option<Date> = "EffTo",
    }
}

impl AccountState {
    /// Whether journals of this day may post to the account.
    #[must_use]
    pub fn open_on(&self, day: Date) -> bool {
        self.active
            && self.effective_from.is_none_or(|from| from <= day)
            && self.effective_to.is_none_or(|to| day <= to)
    }
}

impl Client {
    /// The GL accounts of all charts.
    #[must_use]
    pub fn gl_accounts(&self) -> Records<'_, AccountState> {
        self.records()
    }
}

impl Records<'_, AccountState> {
    /// The state of these accounts of the chart `coa`, by account; one that Epicor does not have
    /// is left out. Some charts make a missing account from valid segments when it is first used.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn states(
        &self,
        coa: &str,
        accounts: &[GlAccount],
    ) -> Result<Vec<AccountState>, Error> {
        let accounts: Vec<String> = accounts.iter().map(GlAccount::to_string).collect();
        let accounts = accounts.iter().map(String::as_str);
        let also = Filter::eq("COACode", coa);
        let mut states = self.any_of("GLAccount1", accounts, Some(&also)).await?;
        states.sort_by(|one, other| one.account.cmp(&other.account));
        states.dedup();
        Ok(states)
    }
}
