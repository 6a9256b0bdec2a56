//! `[alerts]`: who is told when something needs a person.

use std::path::Path;

use lettre::message::Mailbox;
use schemars::JsonSchema;
use serde::Deserialize;

use super::SecretSource;
use crate::alert::Kind;

/// Who is told. Without any of it alerts are in the log and in `ml-connector alerts` alone.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// The kinds that are sent: `held`, `failed`, `silence`, `secret_age`, `not_reconciled`,
    /// `signed_period`; all when left out.
    pub kinds: Option<Vec<Kind>>,
    /// A web address that takes alerts as JSON.
    pub webhook: Option<Webhook>,
    /// People who get them by e-mail.
    pub email: Option<Email>,
}

/// A web address that takes alerts as JSON.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// The address, https or on this machine. It stands in a file or a variable as secrets do, since
    /// whoever knows a chat system's address can write there.
    pub url: SecretSource,
    /// The key that bodies are signed with (HMAC-SHA256), so that the receiver knows who wrote.
    pub signing_key: Option<SecretSource>,
}

/// A mail server, and who writes to whom.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// The server's name.
    pub server: String,
    /// The port; that of `security` when left out.
    pub port: Option<u16>,
    /// How the connection is kept from others.
    #[serde(default)]
    pub security: MailSecurity,
    /// The user, where the server wants one.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<SecretSource>,
    /// Who writes, such as `ml-connector <ledger@example.com>`.
    pub from: String,
    /// Who reads.
    pub to: Vec<String>,
}

/// How a connection to a mail server is kept from others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// TLS from the start, port 465.
    #[default]
    Tls,
    /// TLS after a greeting, never without it; port 587.
    Starttls,
    /// None, port 25: only for a server on this machine.
    None,
}

impl Alerts {
    /// Whether anyone is told beside the log.
    #[must_use]
    pub const fn reach_people(&self) -> bool {
        self.webhook.is_some() || self.email.is_some()
    }

    /// What cannot be meant, if anything.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let email = self.email.as_ref()?;
        let here = matches!(email.server.as_str(), "localhost" | "127.0.0.1" | "::1");
        if email.security == MailSecurity::None && !here {
            return Some("email: security = \"none\" is for a server on this machine; use \"tls\"");
        }
        if email.to.is_empty() {
            return Some("email: to names nobody; name one address at least");
        }
        let is_address = |text: &String| text.parse::<Mailbox>().is_ok();
        if !is_address(&email.from) || !email.to.iter().all(is_address) {
            return Some(
                "email: from and to take addresses such as \"Ledger <ledger@example.com>\"",
            );
        }
        if email.user.is_some() != email.password.is_some() {
            return Some("email: user and password belong together; give both or neither");
        }
        None
    }
}

impl Webhook {
    /// The address, from where it is kept.
    ///
    /// # Errors
    /// When it is not there, or is no address.
    pub(crate) fn address(&self, folder: &Path) -> anyhow::Result<url::Url> {
        let text = self.url.read("alerts.webhook.url", folder)?;
        // The address may be a secret, so it is not shown.
        secrecy::ExposeSecret::expose_secret(&text)
            .parse()
            .map_err(|_| anyhow::anyhow!("alerts.webhook.url is not a web address"))
    }
}
