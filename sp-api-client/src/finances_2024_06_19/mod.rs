//! The Finances API, version 2024-06-19: transactions, balances and summaries.
//!
//! All amounts are positive in favour of the seller. A summary by settlement ([`ListSummary`]) and
//! the settlement report give the same net proceeds by two ways.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use sp_api_client::finances_2024_06_19::{ListTransactions, TransactionStatus};
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let query = ListTransactions::posted_since("2026-11-01T00:00:00Z".parse().unwrap())
//!     .transaction_status(TransactionStatus::Released);
//! let transactions = client.finances().list_transactions_stream(query);
//! let transactions: Vec<_> = transactions.try_collect().await?;
//! # Ok(())
//! # }
//! ```

mod list_balances;
mod list_summary;
mod list_transactions;
mod model;

use crate::Client;

pub use list_balances::ListBalances;
pub use list_summary::ListSummary;
pub use list_transactions::ListTransactions;
pub use model::*;

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Finances<'a> {
    client: &'a Client,
}

impl Client {
    /// The Finances API, version 2024-06-19.
    #[must_use]
    pub fn finances(&self) -> Finances<'_> {
        Finances { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["finances", "2024-06-19"];
