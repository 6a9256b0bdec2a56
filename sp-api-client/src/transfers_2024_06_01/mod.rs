//! The Transfers API, version 2024-06-01: what Amazon pays out, and to where.
//!
//! Reads only: `initiatePayout`, which makes Amazon pay, is left out on purpose. Nothing here
//! moves money.
//!
//! Amazon does not offer this API in every store: a 403, or nothing at all, means that it is not
//! available there.
//!
//! ```no_run
//! use futures_util::TryStreamExt;
//! use sp_api_client::transfers_2024_06_01::{ListPayouts, PayoutStatus};
//!
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let query = ListPayouts::default().created_after("2026-11-01T00:00:00Z".parse().unwrap());
//! let payouts: Vec<_> = client.transfers().list_payouts_stream(query).try_collect().await?;
//! for paid in payouts.iter().filter(|payout| payout.current_status == PayoutStatus::Paid) {
//!     println!("{}: {:?} as {:?}", paid.id, paid.amount, paid.trace_id);
//! }
//! # Ok(())
//! # }
//! ```

mod get_payment_methods;
mod list_expected_payouts;
mod list_payouts;
mod model;

use crate::Client;

pub use list_expected_payouts::ListExpectedPayouts;
pub use list_payouts::ListPayouts;
pub use model::*;

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Transfers<'a> {
    client: &'a Client,
}

impl Client {
    /// The Transfers API, version 2024-06-01.
    #[must_use]
    pub fn transfers(&self) -> Transfers<'_> {
        Transfers { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 3] = ["finances", "transfers", "2024-06-01"];
