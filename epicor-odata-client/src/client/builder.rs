//! Making a client: what is required, and what can be chosen.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use serde_json::json;
use url::Url;
use wire::{LinkBuilder, TransportOptions, base_fault, require_secure};

use super::{Client, Inner};
use crate::credentials::{ApiKey, Identity};
use crate::error::Error;
use crate::odata::{Guid, percent_encode};

/// Above the about 20 s that a shared licence may hold a call back.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(100);
/// The server's own default page.
const DEFAULT_PAGE_SIZE: u32 = 100;
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

/// Sets a [`Client`] up.
pub struct ClientBuilder {
    base: Url,
    company: String,
    api_key: ApiKey,
    identity: Identity,
    call_settings: Option<CallSettings>,
    license: Option<Guid>,
    link: LinkBuilder,
    page_size: u32,
    description_length: usize,
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("company", &self.company).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for one company.
    ///
    /// `base` is the address of the instance, like `https://erp.example.com/KineticLive`. Live,
    /// pilot and test environments have different addresses and different API keys.
    #[must_use]
    pub fn builder(base: Url, company: &str, api_key: ApiKey, identity: Identity) -> ClientBuilder {
        ClientBuilder {
            base,
            company: company.to_owned(),
            api_key,
            identity,
            call_settings: None,
            license: None,
            link: LinkBuilder::new(DEFAULT_TIMEOUT),
            page_size: DEFAULT_PAGE_SIZE,
            description_length: DEFAULT_DESCRIPTION_LENGTH,
        }
    }
}

impl ClientBuilder {
    wire::link_setters!(link, "100 s");

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

    /// How many rows to ask for at a time; 100 unless said.
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

    /// The client. Nothing is sent yet: see [`Client::ping`].
    ///
    /// # Errors
    /// [`Error::Insecure`] for an address that is neither `https` nor on this machine,
    /// [`Error::InvalidParameter`] for an address, company or credential that cannot be sent, and
    /// [`Error::Unreachable`] when the transport cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        require_secure(&self.base).map_err(Error::Insecure)?;
        let root = self.root()?;
        let headers = self.headers()?;
        let user_agent = concat!("epicor-odata-client/", env!("CARGO_PKG_VERSION"));
        let options = TransportOptions {
            user_agent: Some(user_agent.to_owned()),
            ..TransportOptions::default()
        };
        let secrets = vec![self.api_key.0.clone(), self.identity.secret(), self.identity.pair()];
        Ok(Client(Arc::new(Inner {
            root,
            company: self.company,
            headers,
            secrets,
            link: self.link.build(&options).map_err(Error::Unreachable)?,
            page_size: self.page_size,
            description_length: self.description_length,
        })))
    }

    fn root(&self) -> Result<Url, Error> {
        let invalid = |parameter, reason: &str| Error::InvalidParameter {
            parameter,
            reason: reason.to_owned(),
        };
        let address = "the base address";
        if let Some(fault) = base_fault(&self.base) {
            return Err(invalid(address, fault));
        }
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if self.company.is_empty() || !self.company.chars().all(plain) {
            return Err(invalid("the company id", "it is empty or holds signs no id has"));
        }
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/api/v2/odata/{}/", percent_encode(&self.company)))
            .map_err(|_| invalid(address, "it is no address"))
    }

    fn headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", self.api_key.header()?);
        headers.insert(header::AUTHORIZATION, self.identity.header()?);
        if let Some(settings) = &self.call_settings {
            let mut value = json!({ "Company": self.company });
            for (name, text) in [
                ("Plant", &settings.plant),
                ("Language", &settings.language),
                ("FormatCulture", &settings.format_culture),
            ] {
                if let Some(text) = text {
                    value[name] = json!(text);
                }
            }
            headers.insert("callsettings", json_header("the call settings", &value)?);
        }
        if let Some(pool) = &self.license {
            let value = json!({ "ClaimedLicense": pool.to_string() });
            headers.insert("license", json_header("the licence", &value)?);
        }
        Ok(headers)
    }
}

fn json_header(parameter: &'static str, value: &serde_json::Value) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(&value.to_string()).map_err(|_| Error::InvalidParameter {
        parameter,
        reason: "it holds signs a header cannot carry".to_owned(),
    })
}
