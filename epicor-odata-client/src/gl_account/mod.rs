//! GL accounts and the segments they are made of.
//!
//! ```no_run
//! # async fn run(client: &epicor_odata_client::Client) -> Result<(), epicor_odata_client::Error> {
//! use epicor_odata_client::gl_account::GlAccount;
//!
//! # let Ok(fees) = GlAccount::parse("5100-00", '-') else { return Ok(()) };
//! let states = client.gl_accounts().states("MainCOA", &[fees]).await?;
//! assert!(states.iter().all(|state| state.active));
//! # Ok(()) }
//! ```

mod account;
mod segment;
mod state;
#[cfg(test)]
mod tests;

pub use account::{GlAccount, InvalidGlAccount};
pub use segment::{Segment, SegmentValue};
pub use state::AccountState;
