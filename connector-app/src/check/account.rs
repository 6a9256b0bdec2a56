//! Whether two connections read one selling account: they would book its settlements twice.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::{Finding, Part, Who};
use crate::config::{AmazonRegion, Config, Connection};
use crate::exit::Exit;
use crate::secrets::Secrets;

/// The connections of each refresh token of a region. Tokens are told apart by their SHA-256, so that how
/// long a comparison takes tells nothing of one, and none is kept.
#[derive(Debug, Default)]
pub struct Accounts(BTreeMap<Account, Vec<String>>);

type Account = (AmazonRegion, [u8; 32]);

impl Accounts {
    /// Opens the refresh token of every connection. One that cannot be had is left out: the login tells
    /// of it.
    pub async fn of(config: &Config, secrets: &Secrets) -> Self {
        let mut accounts = Self::default();
        for connection in &config.connections {
            if let Some(account) = account(connection, secrets).await {
                accounts.0.entry(account).or_default().push(connection.name.clone());
            }
        }
        accounts
    }

    /// What is to be said of one connection; nothing when its token cannot be had.
    pub async fn finding(&self, connection: &Connection, secrets: &Secrets) -> Option<Finding> {
        let all = self.0.get(&account(connection, secrets).await?)?;
        let others: Vec<_> = all.iter().filter(|name| **name != connection.name).collect();
        let Some(other) = others.first() else {
            let message = "no other connection of this region has its refresh token";
            return Some(Finding::ok(Part::Configuration, "account", message));
        };
        let name = &connection.name;
        let message = format!(
            "connection {name} has the refresh token of connection {other}: both read one selling account, \
             and its settlements would be booked twice. Remove one of the two from the configuration, or give \
             it the refresh token of its own account"
        );
        let act = (Who::ItAdmin, Exit::Configuration);
        Some(Finding::failed(Part::Configuration, "account", act, message))
    }
}

async fn account(connection: &Connection, secrets: &Secrets) -> Option<Account> {
    use secrecy::ExposeSecret as _;

    let amazon = &connection.amazon;
    let token = secrets.read(&amazon.refresh_token, &connection.name, "amazon.refresh_token").await;
    let digest = Sha256::digest(token.ok()?.expose_secret().as_bytes());
    Some((amazon.region, digest.into()))
}
