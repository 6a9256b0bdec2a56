//! One request to Epicor, before any socket: what is called, what it changes, what it carries.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use url::Url;
use wire::Class;

use crate::error::Error;
use crate::odata::Query;

#[cfg(test)]
mod tests;

/// What a call changes in Epicor, which decides whether it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
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

/// One call. Its `operation` is the service and method or entity set, which is its path too.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) effect: Effect,
    target: Target,
    body: Option<Bytes>,
}

#[derive(Clone, Debug)]
enum Target {
    /// Below the company's root, with this query string.
    Operation(String),
    /// A link the server gave, already checked.
    Link(Url),
}

impl Call {
    /// A read of an entity set.
    pub(crate) fn entity_set(operation: &'static str, query: &Query) -> Result<Self, Error> {
        let target = Target::Operation(query.encode()?);
        Ok(Self { operation, effect: Effect::Read, target, body: None })
    }

    /// A read of the next page behind a link of the server.
    pub(crate) fn link(operation: &'static str, link: Url) -> Self {
        Self { operation, effect: Effect::Read, target: Target::Link(link), body: None }
    }

    /// A business method. `parameters` is the object of every parameter the method declares:
    /// Epicor refuses a call that leaves one out.
    pub(crate) fn method(operation: &'static str, effect: Effect, parameters: &Value) -> Self {
        let body = Some(Bytes::from(parameters.to_string()));
        Self { operation, effect, target: Target::Operation(String::new()), body }
    }

    /// The address below `root`, which is the company's root with a slash at its end.
    pub(crate) fn url(&self, root: &Url) -> Result<Url, Error> {
        match &self.target {
            Target::Link(link) => Ok(link.clone()),
            Target::Operation(query) => {
                let mut url = root.join(self.operation).map_err(|error| bad_address(&error))?;
                url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
                Ok(url)
            }
        }
    }

    /// The request itself.
    pub(crate) fn request(
        &self,
        root: &Url,
        headers: &HeaderMap,
    ) -> Result<http::Request<Bytes>, Error> {
        let method = if self.body.is_some() { Method::POST } else { Method::GET };
        let mut request = http::Request::builder()
            .method(method)
            .uri(self.url(root)?.as_str())
            .body(self.body.clone().unwrap_or_default())
            .map_err(|error| bad_address(&error))?;
        request.headers_mut().extend(headers.clone());
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json.clone());
        if self.body.is_some() {
            request.headers_mut().insert(CONTENT_TYPE, json);
        }
        Ok(request)
    }
}

fn bad_address(error: &dyn std::error::Error) -> Error {
    Error::InvalidParameter { parameter: "the address", reason: error.to_string() }
}
