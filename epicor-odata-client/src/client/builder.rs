//! Making a client: what is required, and what can be chosen.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;
use url::Url;
use wire::{LinkBuilder, TransportOptions, base_fault, require_secure};

use super::{Client, Shared};
use crate::credentials::{ApiKey, Identity};
use crate::error::Error;
use crate::login::{Login, secret_header};
use crate::method::json_of;
use crate::odata::{Guid, Literal};

/// Above the about 20 s that a shared licence may hold a call back.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(100);
/// Taken everywhere as far as is known. A server that caps lower only costs more requests.
const DEFAULT_PAGE_SIZE: u32 = 500;
/// What integrators keep in flight without being noticed.
const DEFAULT_CONCURRENCY: usize = 3;
/// The length of `Description` in older versions of Epicor; newer ones take more.
const DEFAULT_DESCRIPTION_LENGTH: usize = 30;

/// Which site and language a call is made in: Epicor's `CallSettings` header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSettings {
    /// The site (`Plant`), like `MfgSys`. Epicor is said to take an unknown one silently.
    pub plant: Option<String>,
    /// The language of messages, like `enu`.
    pub language: Option<String>,
    /// The format culture, like `en-US`.
    pub format_culture: Option<String>,
}

impl CallSettings {
    /// The header's object, for a company.
    pub(super) fn header(&self, company: &str) -> Value {
        let mut value = json!({ "Company": company });
        for (name, text) in [
            ("Plant", &self.plant),
            ("Language", &self.language),
            ("FormatCulture", &self.format_culture),
        ] {
            if let Some(text) = text {
                value[name] = json!(text);
            }
        }
        value
    }
}

/// Sets a [`Client`] up.
pub struct ClientBuilder {
    base: Url,
    company: String,
    api_key: ApiKey,
    identity: Identity,
    call_settings: Option<CallSettings>,
    license: Option<Guid>,
    ca_pem: Option<Vec<u8>>,
    link: LinkBuilder,
    concurrency: usize,
    page_size: u32,
    description_length: usize,
    further_parameters: BTreeMap<String, Map<String, Value>>,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("company", &self.company).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for one company; [`for_company`](Client::for_company) makes those of others.
    ///
    /// `base` is the address of the instance: `https://kinetic.example.com/SaaS1234` in
    /// Epicor's cloud, `https://erp.example.com/KineticLive` on premises. Live, pilot and test
    /// environments have different addresses and different API keys.
    #[must_use]
    pub fn builder(base: Url, company: &str, api_key: ApiKey, identity: Identity) -> ClientBuilder {
        ClientBuilder {
            base,
            company: company.to_owned(),
            api_key,
            identity,
            call_settings: None,
            license: None,
            ca_pem: None,
            link: LinkBuilder::new(DEFAULT_TIMEOUT),
            concurrency: DEFAULT_CONCURRENCY,
            page_size: DEFAULT_PAGE_SIZE,
            description_length: DEFAULT_DESCRIPTION_LENGTH,
            further_parameters: BTreeMap::new(),
        }
    }
}

impl ClientBuilder {
    wire::link_setters!(link, "100 s");

    /// Trusts these certificate authorities too, besides the system's: one or more in PEM. Servers
    /// on premises often have a certificate of the company's own authority. Not heeded when a
    /// transport is chosen.
    #[must_use]
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_pem = Some(pem.into());
        self
    }

    /// Like [`ca_pem`](Self::ca_pem), from a file.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when the file cannot be read.
    pub fn ca_file(self, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let pem = std::fs::read(path).map_err(|error| Error::InvalidParameter {
            parameter: "the CA file",
            reason: format!("{} cannot be read: {error}", path.display()),
        })?;
        Ok(self.ca_pem(pem))
    }

    /// The site and language of every call.
    #[must_use]
    pub fn call_settings(mut self, settings: CallSettings) -> Self {
        self.call_settings = Some(settings);
        self
    }

    /// The licence pool every call draws on; a default user's seat unless said.
    #[must_use]
    pub fn license(mut self, pool: Guid) -> Self {
        self.license = Some(pool);
        self
    }

    /// How many calls may be under way at once, those of all companies together; 3 unless said.
    /// Each holds a licence seat. 0 counts as 1.
    #[must_use]
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// How many rows to ask for at a time; 500 unless said. Servers are known to send up to 1000,
    /// and what a heavy service should send is better kept small by `$select`.
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = rows;
        self
    }

    /// How many characters `Description` of a journal and its lines takes in this version of
    /// Epicor; 30 unless said.
    #[must_use]
    pub fn description_length(mut self, characters: usize) -> Self {
        self.description_length = characters;
        self
    }

    /// Sends a business method (`Erp.BO.SalesOrderSvc/ChangePartNumMaster`) a parameter besides those
    /// that this crate knows: newer versions of Epicor ask for more, and refuse a call that leaves
    /// one out. [`ServiceDescription`](crate::contract::ServiceDescription) says which.
    #[must_use]
    pub fn further_parameter(
        mut self,
        operation: &str,
        name: &str,
        value: impl Into<Literal>,
    ) -> Self {
        let parameters = self.further_parameters.entry(operation.to_owned()).or_default();
        parameters.insert(name.to_owned(), json_of(value.into()));
        self
    }

    /// The client. Nothing is sent yet: see [`Client::ping`].
    ///
    /// # Errors
    /// [`Error::Insecure`] for an address that is neither `https` nor on this machine,
    /// [`Error::InvalidParameter`] for an address, company or credential that cannot be sent, and
    /// [`Error::Unreachable`] when the transport cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        require_secure(&self.base).map_err(Error::Insecure)?;
        let base = self.slashed_base()?;
        let headers = self.headers()?;
        let login = Login::new(&base, &self.api_key, &self.identity)?;
        let user_agent = concat!("epicor-odata-client/", env!("CARGO_PKG_VERSION"));
        let options = TransportOptions {
            user_agent: Some(user_agent.to_owned()),
            extra_root_ca_pem: self.ca_pem,
            ..TransportOptions::default()
        };
        let mut secrets = self.identity.secrets();
        secrets.push(self.api_key.0.clone());
        let shared = Shared {
            base,
            headers,
            call_settings: self.call_settings,
            api_key: self.api_key,
            identity: self.identity,
            login,
            secrets,
            link: self.link.build(&options).map_err(Error::Unreachable)?,
            permits: Semaphore::new(self.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            page_size: self.page_size,
            description_length: self.description_length,
            further_parameters: Arc::new(self.further_parameters),
        };
        let company = Arc::new(shared.company(&self.company)?);
        Ok(Client { shared: Arc::new(shared), company })
    }

    /// The base address with one slash at its end, so that paths can be joined to it.
    fn slashed_base(&self) -> Result<Url, Error> {
        let invalid = |reason: &str| Error::InvalidParameter {
            parameter: "the base address",
            reason: reason.to_owned(),
        };
        if let Some(fault) = base_fault(&self.base) {
            return Err(invalid(fault));
        }
        let mut parts = self.base.path_segments().into_iter().flatten();
        if parts.any(|part| matches!(part, "api" | "apps" | "TokenResource.svc")) {
            return Err(invalid("it goes on behind the instance's name, as a page's address does"));
        }
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/")).map_err(|_| invalid("it is no address"))
    }

    fn headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        let key = secret_header("the API key", self.api_key.0.expose_secret())?;
        headers.insert("x-api-key", key);
        if let Some(pool) = &self.license {
            headers.insert(LICENSE, license_header(pool)?);
        }
        Ok(headers)
    }
}

/// The header that claims a licence pool.
pub(crate) const LICENSE: &str = "license";

pub(crate) fn license_header(pool: &Guid) -> Result<HeaderValue, Error> {
    json_header("the licence", &json!({ "ClaimedLicense": pool.to_string() }))
}

pub(super) fn json_header(parameter: &'static str, value: &Value) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(&value.to_string()).map_err(|_| Error::InvalidParameter {
        parameter,
        reason: "it holds signs a header cannot carry".to_owned(),
    })
}
