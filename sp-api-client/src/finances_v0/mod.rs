//! The Finances API, version 0: financial event groups, and the events in them.
//!
//! The groups are the only place that tells what a payout came to in the currency of the bank
//! account. The three lists of events end on 2027-08-27 and are marked deprecated: use
//! [`Finances::list_transactions`](crate::Finances::list_transactions).
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
mod list_financial_events;
mod list_financial_events_by_group_id;
mod list_financial_events_by_order_id;
mod model;
#[cfg(test)]
mod tests;

use std::time::Duration;

use wire::Plan;

use crate::Client;

pub use list_financial_event_groups::ListFinancialEventGroups;
pub use list_financial_events::ListFinancialEvents;
pub use list_financial_events_by_group_id::ListFinancialEventsByGroupId;
pub use list_financial_events_by_order_id::ListFinancialEventsByOrderId;
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

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["finances", "v0"];
/// 0.5 a second, for each of the four operations on its own.
const PLAN: Plan = Plan { interval: Duration::from_secs(2), burst: 30 };
