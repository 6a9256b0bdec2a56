//! Making a client: what is required, and what can be chosen.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;
use wire::{
    GateKey, Gates, LinkBuilder, OnWait, Priority, TransportOptions, WaitNotice, base_fault,
    require_secure,
};

use super::{Client, Inner, Shell};
use crate::auth::{LWA_URL, Login};
use crate::user_agent::user_agent;
use crate::{Credentials, Error, Region};

/// The longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sets a [`Client`] up.
///
/// Waiting for the first turn at an operation's rate is not part of the retry policy's budget. A
/// further attempt waits for its turn, too; when that outlasts the budget, it is the last one.
pub struct ClientBuilder {
    region: Region,
    credentials: Credentials,
    new_secret: Option<SecretString>,
    sandbox: bool,
    base_url: Option<Url>,
    lwa_url: Option<Url>,
    link: LinkBuilder,
    app: (String, String),
    on_wait: Option<OnWait>,
    shared: Option<(Arc<Gates>, String)>,
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
            new_secret: None,
            sandbox: false,
            base_url: None,
            lwa_url: None,
            link: LinkBuilder::new(TIMEOUT),
            app: (env!("CARGO_PKG_NAME").to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            on_wait: None,
            shared: None,
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

    wire::link_setters!(link, "30 s");

    /// The application's name and version, which Amazon sees in the `user-agent`.
    #[must_use]
    pub fn app_name(mut self, name: &str, version: &str) -> Self {
        self.app = (name.to_owned(), version.to_owned());
        self
    }

    /// A new client secret, while the one of the credentials is being replaced. Each login tries it
    /// first; while Amazon does not take it, the old one serves.
    /// [`Client::secret_in_use`] tells which one it was.
    #[must_use]
    pub fn new_client_secret(mut self, secret: SecretString) -> Self {
        self.new_secret = Some(secret);
        self
    }

    /// Shares the rates with every client that is given the same `gates`, and the same name for the
    /// selling account. Amazon counts the calls of an application for a seller, whichever client
    /// they come from. The waits are by the clock of `gates`.
    #[must_use]
    pub fn shared_rates(mut self, gates: Arc<Gates>, seller: &str) -> Self {
        self.shared = Some((gates, seller.to_owned()));
        self
    }

    /// Is told of each wait for an operation's rate, and of each wait before another attempt, those
    /// of `login`, `download` and `upload` included: how long, and until when. What waits for a
    /// report, a feed or a query to be through is patient by request, and not told of.
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
        let link = self
            .link
            .build(&TransportOptions::default())
            .map_err(|source| Error::Unreachable { operation: "build", source })?;
        let user_agent = user_agent(&self.app.0, &self.app.1)?;
        let shell = Shell { link, user_agent, on_wait: self.on_wait };
        let (gates, seller) = self.shared.unwrap_or_else(|| {
            (Arc::new(Gates::new(Arc::clone(&shell.link.clock))), String::new())
        });
        let account = GateKey {
            // The regions and their sandboxes count apart.
            account: format!("{seller}@{}", base.host_str().unwrap_or_default()),
            application: self.credentials.client_id.clone(),
            operation: String::new(),
        };
        let inner = Arc::new(Inner {
            shell,
            base,
            sandbox: self.sandbox,
            login: Login::new(lwa_url, self.credentials, self.new_secret),
            gates,
            account,
            met: Mutex::default(),
            download_hosts: self.download_hosts,
            unknown: super::unknown::UnknownMembers::default(),
        });
        Ok(Client { inner, instead: None, priority: Priority::default() })
    }
}

fn address(parameter: &'static str, chosen: Option<Url>, own: &str) -> Result<Url, Error> {
    let invalid = |reason| Error::InvalidParameter { parameter, reason };
    let url = match chosen {
        Some(url) => url,
        None => Url::parse(own).map_err(|_| invalid("this is no address"))?,
    };
    require_secure(&url)?;
    base_fault(&url).map_or(Ok(url), |reason| Err(invalid(reason)))
}
