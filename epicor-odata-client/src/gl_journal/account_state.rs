use super::{GlAccount, GlJournals, MAX_ROWS};
use crate::dataset::{ColumnError, Row};
use crate::error::{Error, ReadAnswer};
use crate::odata::{Filter, InvalidQuery, Query};

const ACCOUNTS: &str = "Erp.BO.GLAccountSvc/GLAccounts";

const COLUMNS: [&str; 4] = ["COACode", "GLAccount1", "Active", "AccountDesc"];

/// How many accounts to ask for at a time, when they fit into one query.
const BATCH: usize = 20;

/// A GL account as Epicor knows it: a row of `GLAccount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountState {
    /// `GLAccount1`, segments joined by `|`.
    pub account: String,
    /// `Active`: journals may post to it.
    pub active: bool,
    /// `AccountDesc`.
    pub description: String,
}

impl AccountState {
    fn read(row: &Row) -> Result<Self, ColumnError> {
        Ok(Self {
            account: row.text("GLAccount1")?.to_owned(),
            active: row.boolean("Active")?,
            description: row.text("AccountDesc")?.to_owned(),
        })
    }
}

impl GlJournals<'_> {
    /// The state of these accounts of the chart `coa`, by account; one that Epicor does not have
    /// is left out. Some charts make a missing account from valid segments when it is first used.
    ///
    /// # Errors
    /// Any [`Error`] a read ends in.
    pub async fn accounts(
        &self,
        coa: &str,
        accounts: &[GlAccount],
    ) -> Result<Vec<AccountState>, Error> {
        let mut states = Vec::new();
        for query in batches(coa, accounts)? {
            let rows = self.client.read_all(ACCOUNTS, query, MAX_ROWS).await?;
            for row in &rows {
                states.push(AccountState::read(row).in_answer_to(ACCOUNTS)?);
            }
        }
        states.sort_by(|one, other| one.account.cmp(&other.account));
        states.dedup();
        Ok(states)
    }
}

/// Queries that ask for all accounts together, each short enough to send.
pub(super) fn batches(coa: &str, accounts: &[GlAccount]) -> Result<Vec<Query>, InvalidQuery> {
    let mut queries = Vec::new();
    let mut waiting: Vec<&[GlAccount]> = accounts.chunks(BATCH).rev().collect();
    while let Some(batch) = waiting.pop() {
        let accounts = batch.iter().map(|one| Filter::eq("GLAccount1", one.to_string()));
        let Some(any) = Filter::any_of(accounts) else {
            continue;
        };
        let query = Query::new()
            .filter(Filter::eq("COACode", coa).and(any))
            .select(COLUMNS)
            .orderby(["COACode", "GLAccount1"]);
        // Paging adds its own options, so the longest form of them must fit too.
        match query.clone().count().top(u32::MAX).skip(u64::MAX).encode() {
            Ok(_) => queries.push(query),
            Err(InvalidQuery::TooLong { .. }) if batch.len() > 1 => {
                let (front, back) = batch.split_at(batch.len() / 2);
                waiting.extend([back, front]);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(queries)
}
