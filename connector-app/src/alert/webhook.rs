//! Alerts to a web address: one POST of JSON for each digest.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use secrecy::{ExposeSecret as _, SecretString};
use wire::{
    Class, Clock, Link, LinkBuilder, Outcome, Request, RetryPolicy, TransportError,
    TransportOptions, retry_after,
};

use super::digest::Digest;
use crate::config::Webhook;

/// The header with the body's HMAC-SHA256: `sha256=` and 64 hexadecimal digits.
const SIGNATURE: &str = "x-ml-connector-signature";

/// The longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A run waits for its alerts, so they are not tried for long: the next run tries again.
const RETRY: RetryPolicy = RetryPolicy {
    max_attempts: 3,
    budget: Duration::from_secs(40),
    base: Duration::from_secs(2),
    cap: Duration::from_secs(10),
};

/// The link that alerts go out by.
pub(super) fn link(clock: &Arc<dyn Clock>) -> anyhow::Result<Link> {
    let options = TransportOptions {
        user_agent: Some(concat!("ml-connector/", env!("CARGO_PKG_VERSION")).to_owned()),
        ..TransportOptions::default()
    };
    Ok(LinkBuilder::new(TIMEOUT).clock(Arc::clone(clock)).retry(RETRY).build(&options)?)
}

/// A web address that takes alerts.
#[derive(Debug)]
pub(super) struct Hook {
    /// May be a secret as a whole.
    url: SecretString,
    key: Option<SecretString>,
    link: Link,
}

/// Why one POST did not do it.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error(transparent)]
    Lost(#[from] TransportError),
    #[error("the webhook answered {status}; check alerts.webhook.url and its receiver")]
    Status { status: StatusCode, retry_after: Option<Duration> },
    #[error("the webhook cannot be called")]
    Unsendable(#[from] http::Error),
}

impl Refused {
    fn outcome(&self) -> Option<Outcome<'_>> {
        match self {
            Self::Lost(error) => Some(Outcome::Error(error)),
            Self::Status { status, retry_after } => {
                Some(Outcome::Status { status: *status, retry_after: *retry_after })
            }
            Self::Unsendable(_) => None,
        }
    }
}

impl Hook {
    pub(super) fn new(
        webhook: &Webhook,
        folder: &Path,
        clock: &Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let key = webhook.signing_key.as_ref();
        Ok(Self {
            url: SecretString::from(String::from(webhook.address(folder)?)),
            key: key.map(|key| key.read("alerts.webhook.signing_key", folder)).transpose()?,
            link: link(clock)?,
        })
    }

    pub(super) async fn post(&self, digest: &Digest) -> anyhow::Result<()> {
        let body = Bytes::from(serde_json::to_vec(&digest.json())?);
        let signature = self.key.as_ref().map(|key| signature(key, &body));
        // Sent twice, it is read twice: no harm is done.
        let class = Class::Idempotent;
        let once = || self.once(class, &body, signature.as_deref());
        Ok(self.link.repeat(class, once, Refused::outcome).await?)
    }

    async fn once(
        &self,
        class: Class,
        body: &Bytes,
        signature: Option<&str>,
    ) -> Result<(), Refused> {
        let mut http =
            http::Request::post(self.url.expose_secret()).header(CONTENT_TYPE, "application/json");
        if let Some(signature) = signature {
            http = http.header(SIGNATURE, signature);
        }
        let http = http.body(body.clone())?;
        let operation = "alerts webhook";
        let request = Request { operation, class, sensitive: true, timeout: TIMEOUT, http };
        let answer = self.link.transport.send(request).await?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(Refused::Status { status, retry_after: retry_after(answer.headers()) }),
        }
    }
}

fn signature(key: &SecretString, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose_secret().as_bytes());
    let mut text = "sha256=".to_owned();
    for byte in hmac::sign(&key, body).as_ref() {
        // Writing into memory does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
