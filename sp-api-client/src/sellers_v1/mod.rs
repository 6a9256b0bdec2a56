//! The Sellers API, version 1: where the account sells, and who it belongs to.
//!
//! ```no_run
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! for store in client.sellers().get_marketplace_participations().await? {
//!     println!("{} {}", store.marketplace.id, store.marketplace.domain_name);
//! }
//! # Ok(())
//! # }
//! ```

mod model;

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use crate::client::call::{self, Payload};
use crate::client::{Call, Operation};
use crate::{Client, Error};

pub use model::*;

/// 0.016 a second.
const PLAN: Plan = Plan { interval: Duration::from_millis(62_500), burst: 15 };

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Sellers<'a> {
    client: &'a Client,
}

impl Client {
    /// The Sellers API, version 1.
    #[must_use]
    pub fn sellers(&self) -> Sellers<'_> {
        Sellers { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["sellers", "v1"];

struct GetMarketplaceParticipations;

impl Call for GetMarketplaceParticipations {
    const OPERATION: Operation =
        Operation { name: "getMarketplaceParticipations", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Vec<MarketplaceParticipation>>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&call::address(base, &ROOT, &["marketplaceParticipations"])?)
    }
}

struct GetAccount;

impl Call for GetAccount {
    const OPERATION: Operation = Operation { name: "getAccount", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Account>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&call::address(base, &ROOT, &["account"])?)
    }
}

impl Sellers<'_> {
    /// `getMarketplaceParticipations`: the stores, and whether the account sells there. It changes
    /// rarely, and may be asked for once a minute only: keep it for a day.
    ///
    /// # Errors
    /// Those of any call.
    pub async fn get_marketplace_participations(
        self,
    ) -> Result<Vec<MarketplaceParticipation>, Error> {
        Ok(self.client.call(&GetMarketplaceParticipations).await?.payload)
    }

    /// `getAccount`: the company behind the account, and its stores.
    ///
    /// # Errors
    /// Those of any call.
    pub async fn get_account(self) -> Result<Account, Error> {
        Ok(self.client.call(&GetAccount).await?.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::call::testing::line;

    #[test]
    fn both_take_no_parameters() {
        let participations = line(&GetMarketplaceParticipations).unwrap();
        assert_eq!(participations, "GET /sellers/v1/marketplaceParticipations");
        assert_eq!(line(&GetAccount).unwrap(), "GET /sellers/v1/account");
    }
}
