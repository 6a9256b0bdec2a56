//! One request to Epicor, before any socket: what is called, what it changes, what it carries.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value};
use url::Url;
use wire::Class;

use crate::Operation;
use crate::dataset::Row;
use crate::error::Error;
use crate::odata::Query;

#[cfg(test)]
mod tests;

/// What a call changes in Epicor, which decides whether it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    Read,
    /// Nothing more when it is repeated: a step of a dialogue that saves nothing, an unlocking.
    Repeatable,
    /// Something is saved, posted or deleted. Never repeated without a look-up.
    Write,
}

impl Effect {
    pub(crate) fn class(self) -> Class {
        match self {
            Self::Read => Class::Safe,
            Self::Repeatable => Class::Idempotent,
            Self::Write => Class::Once,
        }
    }
}

/// One call. Its `operation` is its name, and in most cases its path below the company.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) effect: Effect,
    method: Method,
    target: Target,
    accept: &'static str,
    body: Option<Bytes>,
}

#[derive(Clone, Debug)]
enum Target {
    /// This path and query below the company's root.
    Company { path: String, query: String },
    /// This path below `api/v2/` of the instance.
    Api(String),
    /// This path below the instance.
    Instance(String),
    /// A link the server gave, already checked.
    Link(Url),
}

/// Where a company's calls go: the parts every address is made of.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// `{instance}/`
    pub(crate) instance: Url,
    /// `{instance}/api/v2/`
    pub(crate) api: Url,
    /// `{instance}/api/v2/odata/{company}/`
    pub(crate) company: Url,
}

const JSON: &str = "application/json";

impl Call {
    fn new(operation: Operation, effect: Effect, method: Method, target: Target) -> Self {
        Self { operation, effect, method, target, accept: JSON, body: None }
    }

    /// A read of an entity set, whose path is the operation's name.
    pub(crate) fn entity_set(
        operation: impl Into<Operation>,
        query: &Query,
    ) -> Result<Self, Error> {
        let operation = operation.into();
        let path = operation.as_str().to_owned();
        Self::read(operation, path, query, "")
    }

    /// A read of something below the company's root. The path, and the parameters that go into
    /// the query string beside the query's own, are encoded already.
    pub(crate) fn read(
        operation: Operation,
        path: String,
        query: &Query,
        parameters: &str,
    ) -> Result<Self, Error> {
        let query = query.encode_with(parameters)?;
        Ok(Self::new(operation, Effect::Read, Method::GET, Target::Company { path, query }))
    }

    /// The columns of a service's sets, as XML.
    pub(crate) fn metadata(service: &str) -> Self {
        let path = format!("{service}/$metadata");
        let target = Target::Company { path: path.clone(), query: String::new() };
        let call = Self::new(path.into(), Effect::Read, Method::GET, target);
        Self { accept: "application/xml", ..call }
    }

    /// A read of the next page behind a link of the server.
    pub(crate) fn link(operation: impl Into<Operation>, link: Url) -> Self {
        Self::new(operation.into(), Effect::Read, Method::GET, Target::Link(link))
    }

    /// A business method. `parameters` is the object of every parameter the method declares:
    /// Epicor refuses a call that leaves one out.
    pub(crate) fn method(
        operation: impl Into<Operation>,
        effect: Effect,
        parameters: &Value,
    ) -> Self {
        let operation = operation.into();
        let path = operation.as_str().to_owned();
        let target = Target::Company { path, query: String::new() };
        Self::new(operation, effect, Method::POST, target).with_body(parameters)
    }

    /// A service's own description of its methods, as `OpenAPI`.
    pub(crate) fn description(service: &str) -> Self {
        let target = Target::Instance(format!("api/swagger/v2/methods/{service}.json"));
        Self::new(format!("{service}/swagger").into(), Effect::Read, Method::GET, target)
    }

    /// A function of the customer's own, at a path below `api/v2/` that is encoded already.
    pub(crate) fn function(
        operation: Operation,
        path: String,
        effect: Effect,
        inputs: &Value,
    ) -> Self {
        Self::new(operation, effect, Method::POST, Target::Api(path)).with_body(inputs)
    }

    /// A change of one entity, or a new one, at a path that is encoded already. Set addresses run
    /// Epicor's update without the steps that its screens take before.
    pub(crate) fn change(
        operation: Operation,
        method: Method,
        path: String,
        row: Option<&Row>,
    ) -> Self {
        let target = Target::Company { path, query: String::new() };
        let body = row.map(|row| Bytes::from(row.to_json()));
        Self { body, ..Self::new(operation, Effect::Write, method, target) }
    }

    /// The same method with these parameters besides; those that it has already stay as they are.
    pub(crate) fn with_parameters(&self, further: &Map<String, Value>) -> Self {
        let body = self.body.as_deref().unwrap_or_default();
        // The body was made by `method`, from an object.
        let mut parameters: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
        for (name, value) in further {
            parameters.entry(name).or_insert_with(|| value.clone());
        }
        self.clone().with_body(&Value::Object(parameters))
    }

    fn with_body(self, body: &Value) -> Self {
        Self { body: Some(Bytes::from(body.to_string())), ..self }
    }

    /// Whether the answer is to be JSON.
    pub(crate) fn wants_json(&self) -> bool {
        self.accept == JSON
    }

    /// The address.
    pub(crate) fn url(&self, root: &Root) -> Result<Url, Error> {
        let joined = match &self.target {
            Target::Link(link) => return Ok(link.clone()),
            Target::Api(path) => root.api.join(path),
            Target::Instance(path) => root.instance.join(path),
            Target::Company { path, query } => root.company.join(path).map(|mut url| {
                url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
                url
            }),
        };
        joined.map_err(|error| bad_address(&error))
    }

    /// The request itself.
    pub(crate) fn request(
        &self,
        root: &Root,
        headers: &HeaderMap,
    ) -> Result<http::Request<Bytes>, Error> {
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(self.url(root)?.as_str())
            .body(self.body.clone().unwrap_or_default())
            .map_err(|error| bad_address(&error))?;
        request.headers_mut().extend(headers.clone());
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static(self.accept));
        if self.body.is_some() {
            request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        }
        Ok(request)
    }
}

fn bad_address(error: &dyn std::error::Error) -> Error {
    Error::InvalidParameter { parameter: "the address", reason: error.to_string() }
}
