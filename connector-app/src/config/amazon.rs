//! `[connection.amazon]`: the selling account.

use std::hash::Hash;

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::SecretSource;

/// How to reach the Selling Partner API.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amazon {
    /// `na`, `eu` or `fe`.
    pub region: AmazonRegion,
    /// The application's LWA client id (not a secret).
    pub client_id: String,
    /// The application's LWA client secret; in the vault when left out, like all secrets.
    #[serde(default)]
    pub client_secret: SecretSource,
    /// The selling account's refresh token.
    #[serde(default)]
    pub refresh_token: SecretSource,
    /// Another address than Amazon's, for a stand-in or a proxy.
    #[schemars(with = "Option<String>")]
    pub base_url: Option<Url>,
    /// Another address than Amazon's for the token exchange.
    #[schemars(with = "Option<String>")]
    pub lwa_url: Option<Url>,
}

impl Amazon {
    /// What tells one selling account from another as far as the configuration shows it; `None` when its
    /// refresh token is in the vault, which keeps one for each connection.
    pub(super) fn account(&self) -> Option<impl Eq + Hash + '_> {
        let named = self.refresh_token != SecretSource::Vault;
        named.then_some((self.region, &self.base_url, &self.client_id, &self.refresh_token))
    }
}

/// The three regions of the Selling Partner API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AmazonRegion {
    /// North America (US, CA, MX, BR).
    Na,
    /// Europe, Middle East, India.
    Eu,
    /// Far East (JP, AU, SG).
    Fe,
}

impl AmazonRegion {
    /// The time zone of the region's marketplaces in which a day ends last.
    pub(super) fn last_zone(self) -> &'static str {
        match self {
            Self::Na => "America/Los_Angeles",
            Self::Eu => "Europe/London",
            Self::Fe => "Asia/Singapore",
        }
    }
}
