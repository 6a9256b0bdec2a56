//! `getQueries`: the queries there are.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{DataKiosk, Pagination, ProcessingStatus, Query, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::query::{self, TO_100, Window, WindowRule};
use crate::client::{Call, Operation};

const CREATED: WindowRule = WindowRule::closed("createdSince", "createdUntil");

/// Which queries to list: the parameters of `getQueries`. All of the last 90 days unless said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetQueries {
    processing_statuses: Vec<ProcessingStatus>,
    page_size: Option<u8>,
    created: Window,
    pagination_token: Option<String>,
}

impl GetQueries {
    /// Only queries with one of these statuses (`processingStatuses`).
    #[must_use]
    pub fn processing_statuses(
        mut self,
        statuses: impl IntoIterator<Item = ProcessingStatus>,
    ) -> Self {
        self.processing_statuses = statuses.into_iter().collect();
        self
    }

    /// How many queries a page has (`pageSize`): 1 to 100; the service's 10 unless said.
    #[must_use]
    pub fn page_size(mut self, queries: u8) -> Self {
        self.page_size = Some(queries);
        self
    }

    /// Only queries made at this time or later (`createdSince`).
    #[must_use]
    pub fn created_since(mut self, time: Timestamp) -> Self {
        self.created.after = Some(time);
        self
    }

    /// Only queries made at this time or before (`createdUntil`).
    #[must_use]
    pub fn created_until(mut self, time: Timestamp) -> Self {
        self.created.before = Some(time);
        self
    }
}

#[derive(Deserialize)]
pub(crate) struct GetQueriesResponse {
    queries: Vec<Query>,
    #[serde(default)]
    pagination: Option<Pagination>,
}

impl From<GetQueriesResponse> for Page<Query> {
    fn from(answer: GetQueriesResponse) -> Self {
        Self {
            items: answer.queries,
            next_token: answer.pagination.and_then(|page| page.next_token),
        }
    }
}

impl Call for GetQueries {
    const OPERATION: Operation = Operation {
        name: "getQueries",
        class: Class::Safe,
        // 0.0222 a second.
        plan: Plan { interval: Duration::from_secs(45), burst: 10 },
    };
    type Answer = GetQueriesResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        query::Query::default()
            .list("processingStatuses", &self.processing_statuses, ..)
            .size("pageSize", self.page_size, &TO_100)
            .window(&CREATED, self.created)
            .set("paginationToken", self.pagination_token.as_ref())
            .get(base, &ROOT, &["queries"])
    }
}

lists! {
    DataKiosk: "getQueries", GetQueries => Page<Query>, Query;
    /// The page size may differ.
    token "paginationToken" in pagination_token;
    /// The queries of 90 days are far fewer.
    at most 1000 pages;
    get_queries, get_queries_pages, get_queries_stream
}
