//! An operation before any socket: parameters in, an `http::Request` out; a body in, an answer out.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use url::Url;
use wire::{Class, Plan};

use super::unknown::UnknownMembers;
use crate::Error;

/// What is known of an operation without its parameters.
pub(crate) struct Operation {
    /// Amazon's name of it.
    pub(crate) name: &'static str,
    /// What repeating it does.
    pub(crate) class: Class,
    /// Its published rate.
    pub(crate) plan: Plan,
}

/// Five a second, fifteen at once: the sandbox's rate, whatever the operation.
pub(crate) const SANDBOX_PLAN: Plan = Plan { interval: Duration::from_millis(200), burst: 15 };

/// Whose permission an operation is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    /// The selling account's: its refresh token.
    Seller,
    /// The application's own, for what concerns no seller: its id and secret, for this scope.
    Application(Scope),
}

/// What an application may do on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Destinations, and subscriptions by their id.
    Notifications,
}

impl Scope {
    /// Amazon's name of it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Notifications => "sellingpartnerapi::notifications",
        }
    }
}

/// What an answer is read with, beside its body.
pub(crate) struct Told<'a> {
    /// Amazon's id of the request.
    pub(crate) request_id: Option<String>,
    /// Where members are counted that are not known.
    pub(crate) unknown: &'a UnknownMembers,
}

/// An operation with its parameters.
pub(crate) trait Call {
    const OPERATION: Operation;
    const GRANT: Grant = Grant::Seller;
    /// Whether it does away with something and answers with nothing: a 404 after an attempt that
    /// may have acted then means that it was done.
    const REMOVES: bool = false;
    type Answer: DeserializeOwned;

    /// The request, without the headers that every call carries.
    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error>;

    /// Reads a success's body. Operations that answer with nothing ignore it.
    fn answer(body: &[u8], told: Told<'_>) -> Result<Self::Answer, Error> {
        parse(Self::OPERATION.name, body, told)
    }
}

/// An answer that is wrapped, as the older operations do it.
#[derive(Deserialize)]
pub(crate) struct Payload<T> {
    pub(crate) payload: T,
}

/// An address below the service's, each segment encoded once: the API's own, then the operation's.
pub(crate) fn address(base: &Url, root: &[&str], rest: &[&str]) -> Result<Url, Error> {
    let invalid =
        || Error::InvalidParameter { parameter: "base_url", reason: "this address has no path" };
    let mut url = base.clone();
    url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().extend(root).extend(rest);
    Ok(url)
}

/// A GET, which has no body.
pub(crate) fn get(url: &Url) -> Result<http::Request<Bytes>, Error> {
    bare(Method::GET, url, Bytes::new())
}

/// A DELETE, which has no body.
pub(crate) fn delete(url: &Url) -> Result<http::Request<Bytes>, Error> {
    bare(Method::DELETE, url, Bytes::new())
}

/// A request with a JSON body.
pub(crate) fn json(
    method: Method,
    url: &Url,
    body: &impl Serialize,
) -> Result<http::Request<Bytes>, Error> {
    let body = serde_json::to_vec(body).map_err(|_| Error::InvalidParameter {
        parameter: "body",
        reason: "it cannot be written as JSON",
    })?;
    let mut request = bare(method, url, body.into())?;
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(request)
}

fn bare(method: Method, url: &Url, body: Bytes) -> Result<http::Request<Bytes>, Error> {
    http::Request::builder().method(method).uri(url.as_str()).body(body).map_err(|_| {
        Error::InvalidParameter { parameter: "base_url", reason: "this is no address to send to" }
    })
}

/// An id as a path segment. Empty and dot segments would make another path of it.
pub(crate) fn path_id<'a>(parameter: &'static str, id: &'a str) -> Result<&'a str, Error> {
    match id {
        "" | "." | ".." => Err(Error::InvalidParameter { parameter, reason: "this is no id" }),
        id => Ok(id),
    }
}

/// A time parameter: ISO 8601, to the second.
pub(crate) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Reads a success's body. The error tells the place, never the content. Members that this version
/// does not know are left out and counted.
pub(crate) fn parse<T: DeserializeOwned>(
    operation: &'static str,
    body: &[u8],
    Told { request_id, unknown }: Told<'_>,
) -> Result<T, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let mut ignored = |member: serde_ignored::Path<'_>| unknown.count(operation, &member);
    serde_ignored::deserialize(tracked, &mut ignored).map_err(|error| {
        let (path, reason) = match error.classify() {
            Category::Data => {
                (track.path().to_string(), "a member is missing or unlike the documented")
            }
            Category::Eof => (String::new(), "it ends early"),
            Category::Syntax | Category::Io => (String::new(), "it is no JSON"),
        };
        Error::InvalidResponse { operation, path, reason, request_id }
    })
}

/// A call as text, for tests.
#[cfg(test)]
pub(crate) mod testing {
    use serde_json::Value;

    use super::{Call, Error, Told, UnknownMembers, Url};

    fn request<C: Call>(call: &C) -> Result<http::Request<bytes::Bytes>, Error> {
        call.request(&Url::parse("https://sellingpartnerapi-na.amazon.com/").unwrap())
    }

    /// Method, path and query.
    pub(crate) fn line<C: Call>(call: &C) -> Result<String, Error> {
        let request = request(call)?;
        assert_eq!(request.headers().contains_key("content-type"), !request.body().is_empty());
        Ok(format!("{} {}", request.method(), request.uri().path_and_query().unwrap()))
    }

    /// What an answer with this body is read as.
    pub(crate) fn answer<C: Call>(_: &C, body: &Value) -> C::Answer {
        let unknown = UnknownMembers::default();
        let told = Told { request_id: None, unknown: &unknown };
        C::answer(body.to_string().as_bytes(), told).unwrap()
    }

    /// The JSON body.
    pub(crate) fn body<C: Call>(call: &C) -> Value {
        serde_json::from_slice(request(call).unwrap().body()).unwrap()
    }
}
