//! The ways on which people are told.

use std::sync::Arc;

use wire::Clock;

use super::Kind;
use super::digest::Digest;
use super::email::Mail;
use super::webhook::Hook;
use crate::config::Config;

/// One way of telling people.
#[derive(Debug)]
pub struct Channel {
    means: Means,
    /// The kinds it is told; all when `None`.
    kinds: Option<Vec<Kind>>,
}

#[derive(Debug)]
enum Means {
    Log,
    Webhook(Hook),
    Email(Box<Mail>),
}

impl Channel {
    /// The channels of the configuration. The log is always one.
    ///
    /// # Errors
    /// When an address or a secret is missing or cannot be used.
    pub fn all(config: &Config, clock: &Arc<dyn Clock>) -> anyhow::Result<Vec<Self>> {
        let alerts = &config.alerts;
        let mut channels = vec![Self { means: Means::Log, kinds: None }];
        let mut add = |means| channels.push(Self { means, kinds: alerts.kinds.clone() });
        if let Some(webhook) = &alerts.webhook {
            add(Means::Webhook(Hook::new(webhook, &config.folder, clock)?));
        }
        if let Some(email) = &alerts.email {
            add(Means::Email(Box::new(Mail::new(email, &config.folder, clock)?)));
        }
        Ok(channels)
    }

    /// The name under which the store keeps what it was told.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.means {
            Means::Log => "log",
            Means::Webhook(_) => "webhook",
            Means::Email(_) => "email",
        }
    }

    /// Whether it is to be told of a kind.
    #[must_use]
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|one| one.as_str() == kind))
    }

    /// Tells it.
    ///
    /// # Errors
    /// Why it could not be told, without addresses that are secrets.
    pub async fn tell(&self, digest: &Digest) -> anyhow::Result<()> {
        match &self.means {
            Means::Log => {
                tracing::warn!("{}\n{}", digest.subject(), digest.text());
                Ok(())
            }
            Means::Webhook(hook) => hook.post(digest).await,
            Means::Email(mail) => mail.send(digest).await,
        }
    }
}
