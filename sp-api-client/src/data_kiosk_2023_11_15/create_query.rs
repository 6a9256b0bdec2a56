//! `createQuery`: asks a question.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::{Deserialize, Serialize};
use url::Url;
use wire::{Class, Plan};

use super::{DataKiosk, QueryId, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};

/// The longest query, white space not counted.
const QUERY_MAX_CHARS: usize = 8000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateQuery<'a> {
    pub(super) query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pagination_token: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateQueryResponse {
    query_id: QueryId,
}

impl Call for CreateQuery<'_> {
    const OPERATION: Operation = Operation {
        name: "createQuery",
        // Twice asked is twice computed.
        class: Class::Once,
        // 0.0167 a second.
        plan: Plan { interval: Duration::from_mins(1), burst: 15 },
    };
    type Answer = CreateQueryResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let invalid = |reason| Err(Error::InvalidParameter { parameter: "query", reason });
        match self.query.chars().filter(|c| !c.is_whitespace()).count() {
            0 => return invalid("there is no query"),
            1..=QUERY_MAX_CHARS => {}
            _ => return invalid("the service takes 8,000 characters beside white space"),
        }
        let url = call::address(base, &ROOT, &["queries"])?;
        call::json(Method::POST, &url, self)
    }
}

impl DataKiosk<'_> {
    /// `createQuery`: asks a question in GraphQL, and gives back the id to ask for it with.
    ///
    /// It is sent once. After an error that leaves open whether it arrived,
    /// [`get_queries`](Self::get_queries) shows whether the query is there.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a query that is too long, and those of any call.
    pub async fn create_query(self, query: &str) -> Result<QueryId, Error> {
        let query = CreateQuery { query, pagination_token: None };
        Ok(self.client.call(&query).await?.query_id)
    }

    /// `createQuery` with `paginationToken`: the same question again, for the data behind that of
    /// a query before ([`Query::next_token`](super::Query::next_token)).
    ///
    /// # Errors
    /// Those of [`create_query`](Self::create_query).
    pub async fn create_query_page(self, query: &str, token: &str) -> Result<QueryId, Error> {
        let query = CreateQuery { query, pagination_token: Some(token) };
        Ok(self.client.call(&query).await?.query_id)
    }
}
