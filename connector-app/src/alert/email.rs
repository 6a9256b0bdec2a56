//! Alerts by e-mail: one letter for each digest.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use http::StatusCode;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor, transport::smtp};
use secrecy::ExposeSecret as _;
use wire::{Class, Clock, Link, Outcome};

use super::digest::Digest;
use super::webhook::link;
use crate::config::{Email, MailSecurity};

/// The longest wait for the mail server, at each step.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A mail server, and who writes to whom.
pub(super) struct Mail {
    server: String,
    from: String,
    to: Vec<String>,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    /// Its clock and patience; letters do not go over its socket.
    link: Link,
}

/// The transport knows the password.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Mail {
    pub(super) fn new(
        email: &Email,
        folder: &Path,
        clock: &Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        type Smtp = AsyncSmtpTransport<Tokio1Executor>;
        let server = email.server.as_str();
        let mut builder = match email.security {
            MailSecurity::Tls => Smtp::relay(server).context("alerts.email")?,
            MailSecurity::Starttls => Smtp::starttls_relay(server).context("alerts.email")?,
            // Only for a server on this machine; the configuration was checked for that.
            MailSecurity::None => Smtp::builder_dangerous(server),
        };
        if let Some(port) = email.port {
            builder = builder.port(port);
        }
        if let (Some(user), Some(password)) = (&email.user, &email.password) {
            let password = password.read("alerts.email.password", folder)?;
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self {
            server: server.to_owned(),
            from: email.from.clone(),
            to: email.to.clone(),
            transport: builder.timeout(Some(TIMEOUT)).build(),
            link: link(clock)?,
        })
    }

    pub(super) async fn send(&self, digest: &Digest) -> anyhow::Result<()> {
        let mut letter = Message::builder().from(self.from.parse()?).subject(digest.subject());
        for reader in &self.to {
            letter = letter.to(reader.parse()?);
        }
        let letter = letter.header(ContentType::TEXT_PLAIN).body(digest.text())?;
        // A letter that comes twice does no harm.
        let once = || self.transport.send(letter.clone());
        let sent = self.link.repeat(Class::Idempotent, once, outcome).await;
        sent.with_context(|| format!("the mail server {} did not take the letter", self.server))?;
        Ok(())
    }
}

/// What was refused for good stays refused; all else may pass.
fn outcome(error: &smtp::Error) -> Option<Outcome<'_>> {
    let passes = Outcome::Status { status: StatusCode::SERVICE_UNAVAILABLE, retry_after: None };
    (!error.is_permanent() && !error.is_client()).then_some(passes)
}
