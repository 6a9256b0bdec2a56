//! The Finances API, version 0: financial event groups.
//!
//! They are the only place that tells what a payout came to in the currency of the bank account.
//! The lists of events of this version end on 2027-08-27 and are not here: use
//! [`finances_2024_06_19`](crate::finances_2024_06_19).
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use sp_api_client::finances_v0::ListFinancialEventGroups;
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let query = ListFinancialEventGroups::started_after("2026-11-01T00:00:00Z".parse().unwrap());
//! let groups = client.finances_v0().list_financial_event_groups_stream(query);
//! let groups: Vec<_> = groups.try_collect().await?;
//! # Ok(())
//! # }
//! ```

mod list_financial_event_groups;
mod model;

use crate::Client;

pub use list_financial_event_groups::ListFinancialEventGroups;
pub use model::*;

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct FinancesV0<'a> {
    client: &'a Client,
}

impl Client {
    /// The Finances API, version 0.
    #[must_use]
    pub fn finances_v0(&self) -> FinancesV0<'_> {
        FinancesV0 { client: self }
    }
}
