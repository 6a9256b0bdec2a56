//! Making a client: what is required, and what can be chosen.

use std::fmt;
use std::sync::Arc;

use url::Url;
use wire::{
    Clock, OnWait, Random, ReqwestTransport, RetryPolicy, SystemClock, SystemRandom, Transport,
    TransportOptions, WaitNotice, require_secure,
};

use super::{Client, Inner, Shell};
use crate::auth::{LWA_URL, Login};
use crate::user_agent::user_agent;
use crate::{Credentials, Error, Region};

/// Sets a [`Client`] up.
pub struct ClientBuilder {
    region: Region,
    credentials: Credentials,
    sandbox: bool,
    base_url: Option<Url>,
    lwa_url: Option<Url>,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    retry: RetryPolicy,
    app: (String, String),
    on_wait: Option<OnWait>,
    download_hosts: Vec<String>,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("sandbox", &self.sandbox)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client for one application and the selling account that authorised it.
    #[must_use]
    pub fn builder(region: Region, credentials: Credentials) -> ClientBuilder {
        ClientBuilder {
            region,
            credentials,
            sandbox: false,
            base_url: None,
            lwa_url: None,
            transport: None,
            clock: Arc::new(SystemClock::new()),
            random: Arc::new(SystemRandom::new()),
            retry: RetryPolicy::default(),
            app: (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            on_wait: None,
            download_hosts: Vec::new(),
        }
    }
}

impl ClientBuilder {
    /// Calls the region's sandbox, at the sandbox's rate.
    #[must_use]
    pub fn sandbox(mut self) -> Self {
        self.sandbox = true;
        self
    }

    /// Calls this address instead of the region's.
    #[must_use]
    pub fn base_url(mut self, url: Url) -> Self {
        self.base_url = Some(url);
        self
    }

    /// Logs in at this token endpoint instead of Amazon's.
    #[must_use]
    pub fn lwa_url(mut self, url: Url) -> Self {
        self.lwa_url = Some(url);
        self
    }

    /// Sends through this transport instead of one with default options.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Tells the time, and waits, by this clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Spreads its waits by this randomness.
    #[must_use]
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    /// How failures are repeated. Waiting for the first turn at an operation's rate is not part of
    /// the budget; waiting for further ones is.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The application's name and version, which Amazon sees in the `user-agent`.
    #[must_use]
    pub fn app_name(mut self, name: &str, version: &str) -> Self {
        self.app = (name.to_owned(), version.to_owned());
        self
    }

    /// Is told of each wait for an operation's rate.
    #[must_use]
    pub fn on_wait(mut self, observer: impl Fn(&WaitNotice) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(observer));
        self
    }

    /// Lets documents come from this host too, beside Amazon's storage.
    #[must_use]
    pub fn allow_download_host(mut self, host: &str) -> Self {
        self.download_hosts.push(host.to_ascii_lowercase());
        self
    }

    /// The client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Insecure`] for an address that is neither `https` nor on this machine,
    /// [`Error::InvalidParameter`] for a setting that cannot be sent, and [`Error::Unreachable`]
    /// when the transport cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let own = match self.sandbox {
            true => self.region.sandbox_endpoint(),
            false => self.region.endpoint(),
        };
        let base = address("base_url", self.base_url, own)?;
        let lwa_url = address("lwa_url", self.lwa_url, LWA_URL)?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(
                ReqwestTransport::new(&TransportOptions::default())
                    .map_err(|source| Error::Unreachable { operation: "build", source })?,
            ),
        };
        let shell = Shell {
            transport,
            clock: self.clock,
            random: self.random,
            retry: self.retry,
            user_agent: user_agent(&self.app.0, &self.app.1)?,
        };
        let inner = Arc::new(Inner {
            shell,
            base,
            sandbox: self.sandbox,
            login: Login::new(lwa_url, self.credentials),
            on_wait: self.on_wait,
            gates: std::sync::Mutex::default(),
            download_hosts: self.download_hosts,
            unknown: super::unknown::UnknownMembers::default(),
        });
        Ok(Client(inner, None))
    }
}

fn address(parameter: &'static str, chosen: Option<Url>, own: &str) -> Result<Url, Error> {
    let invalid = |reason| Error::InvalidParameter { parameter, reason };
    let url = match chosen {
        Some(url) => url,
        None => Url::parse(own).map_err(|_| invalid("this is no address"))?,
    };
    require_secure(&url)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("an address with a user or a password is not taken"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("an address with a query or a fragment is not taken"));
    }
    Ok(url)
}
