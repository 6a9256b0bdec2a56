//! The client: one Epicor, one company at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;
use url::Url;
use wire::{Clock, Link};

use crate::call::{Call, Effect, Root};
use crate::credentials::{ApiKey, Identity};
use crate::dataset::{MethodAnswer, Row};
use crate::error::Error;
use crate::gl_journal::GlJournals;
use crate::login::Login;
use crate::odata::{Page, Query, TableKey, percent_encode};
use crate::pages::Pages;
use crate::{EntitySet, Operation};

pub(crate) mod builder;
mod exchange;

use builder::{CallSettings, json_header};

/// One company of one Epicor, reached over REST v2. Cheap to clone.
///
/// Made by [`Client::builder`]. Reads are repeated as the retry policy says; a write is sent
/// once, and when no clear answer comes back it ends in [`Error::OutcomeUnknown`].
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    company: Arc<Company>,
}

/// What the clients of all companies of one Epicor have in common.
struct Shared {
    /// The instance's address, with a slash at its end.
    base: Url,
    /// What every call carries, whatever the company.
    headers: HeaderMap,
    call_settings: Option<CallSettings>,
    api_key: ApiKey,
    identity: Identity,
    login: Login,
    /// What must not come back in an error's text.
    secrets: Vec<SecretString>,
    link: Link,
    /// Calls under way at once.
    permits: Semaphore,
    page_size: u32,
    description_length: usize,
    further_parameters: FurtherParameters,
}

/// What methods are sent besides what this crate knows, by service and method.
type FurtherParameters = Arc<BTreeMap<String, Map<String, Value>>>;

/// What belongs to one company.
struct Company {
    id: String,
    root: Root,
    /// What every call carries, but for who calls.
    headers: HeaderMap,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.shared.base.as_str())
            .field("company", &self.company.id)
            .finish_non_exhaustive()
    }
}

/// The body of an entity-set answer.
#[derive(Deserialize)]
struct EntitySetBody {
    value: Vec<Row>,
    #[serde(rename = "@odata.count")]
    count: Option<u64>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

impl Client {
    /// The company's id, as it stands in every address.
    #[must_use]
    pub fn company(&self) -> &str {
        &self.company.id
    }

    /// A client for another company of the same Epicor. It shares everything with this one: key,
    /// user, access token, connections, and the limit of calls under way at once.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what is no company's id.
    pub fn for_company(&self, company: &str) -> Result<Self, Error> {
        let company = Arc::new(self.shared.company(company)?);
        Ok(Self { shared: Arc::clone(&self.shared), company })
    }

    /// GL journals: entering, looking up and posting them.
    #[must_use]
    pub fn gl_journals(&self) -> GlJournals<'_> {
        GlJournals::new(self)
    }

    /// What the client waits by.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.shared.link.clock.as_ref()
    }

    /// The column length of journal descriptions, in UTF-16 units.
    pub(crate) fn description_length(&self) -> usize {
        self.shared.description_length
    }

    /// How many rows to ask for at a time.
    pub(crate) fn page_size(&self) -> u32 {
        self.shared.page_size
    }

    fn further(&self, operation: &str) -> Option<&Map<String, Value>> {
        self.shared.further_parameters.get(operation)
    }

    /// What this client sends to a method (`Erp.BO.SalesOrderSvc/ChangePartNumMaster`) besides
    /// what the crate sends of itself.
    pub fn further_parameters(&self, operation: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.further(operation).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// Where this company's calls go.
    pub(crate) fn root(&self) -> &Root {
        &self.company.root
    }

    /// Who calls.
    pub(crate) fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// Whether another way of logging in works.
    pub(crate) async fn try_login(&self, identity: &Identity) -> Result<(), Error> {
        let Shared { base, api_key, link, .. } = &*self.shared;
        Login::new(base, api_key, identity)?.pass(link).await.map(|_| ())
    }

    /// A client that says another thing in one header, for trying how it is answered.
    pub(crate) fn saying(&self, header: &'static str, value: HeaderValue) -> Result<Self, Error> {
        let Shared { base, call_settings, api_key, identity, secrets, link, .. } = &*self.shared;
        let mut headers = self.shared.headers.clone();
        headers.insert(header, value);
        let shared = Shared {
            base: base.clone(),
            headers,
            call_settings: call_settings.clone(),
            api_key: api_key.clone(),
            identity: identity.clone(),
            login: Login::new(base, api_key, identity)?,
            secrets: secrets.clone(),
            link: link.clone(),
            permits: Semaphore::new(1),
            page_size: self.shared.page_size,
            description_length: self.shared.description_length,
            further_parameters: Arc::clone(&self.shared.further_parameters),
        };
        let company = Arc::new(shared.company(&self.company.id)?);
        Ok(Self { shared: Arc::new(shared), company })
    }

    /// Reads an entity set to its end, in windows of the key that the query is ordered by: it must
    /// be the set's whole key.
    pub(crate) async fn read_all(
        &self,
        operation: impl Into<Operation>,
        query: Query,
        max_rows: usize,
    ) -> Result<Vec<Row>, Error> {
        let key = TableKey::new(query.ordered_by());
        let set = EntitySet::of(self, operation.into());
        Pages::by_key(&set, query, key).all(max_rows).await
    }

    /// Reads one page of an entity set.
    pub(crate) async fn read_page(&self, call: &Call) -> Result<Page, Error> {
        let body = self.send(call).await?;
        let set: EntitySetBody = serde_json::from_slice(&body)
            .map_err(|_| Error::invalid_response(&call.operation, "it is no list of rows"))?;
        Ok(Page { rows: set.value, count: set.count, next_link: set.next_link })
    }

    /// Calls a business method. What is wrong with a write's answer leaves its outcome unknown.
    pub(crate) async fn call_method(&self, call: &Call) -> Result<MethodAnswer, Error> {
        let completed =
            self.further(call.operation.as_str()).map(|more| call.with_parameters(more));
        let call = completed.as_ref().unwrap_or(call);
        let body = self.send(call).await?;
        // A method that returns nothing answers 204, or 200 without content.
        if body.is_empty() {
            return Ok(MethodAnswer::default());
        }
        MethodAnswer::parse(&body).ok_or_else(|| unreadable(call, "it is no JSON object"))
    }

    /// Sends a call whose answer is one row, or nothing.
    pub(crate) async fn call_row(&self, call: &Call) -> Result<Row, Error> {
        let body = self.send(call).await?;
        if body.is_empty() {
            return Ok(Row::new());
        }
        serde_json::from_slice(&body).map_err(|_| unreadable(call, "it is no JSON object"))
    }
}

/// An answer with a status of success that cannot be read.
fn unreadable(call: &Call, reason: impl fmt::Display) -> Error {
    in_answer(call, Error::invalid_response(&call.operation, reason))
}

/// What is wrong with an answer of a status of success: a write may have been carried out.
fn in_answer(call: &Call, error: Error) -> Error {
    match call.effect {
        Effect::Read | Effect::Repeatable => error,
        Effect::Write => error.outcome_unknown(&call.operation),
    }
}

impl Shared {
    fn company(&self, id: &str) -> Result<Company, Error> {
        let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if id.is_empty() || !id.chars().all(plain) {
            return Err(Error::InvalidParameter {
                parameter: "the company id",
                reason: "it is empty or holds signs no id has".to_owned(),
            });
        }
        let address = |path: &str| {
            self.base.join(path).map_err(|error| Error::InvalidParameter {
                parameter: "the base address",
                reason: error.to_string(),
            })
        };
        let root = Root {
            instance: self.base.clone(),
            api: address("api/v2/")?,
            company: address(&format!("api/v2/odata/{}/", percent_encode(id)))?,
        };
        let mut headers = self.headers.clone();
        if let Some(settings) = &self.call_settings {
            let value = settings.header(id);
            headers.insert("callsettings", json_header("the call settings", &value)?);
        }
        Ok(Company { id: id.to_owned(), root, headers })
    }
}
