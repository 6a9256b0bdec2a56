//! `getQueries`: the queries there are.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{DataKiosk, Pagination, ProcessingStatus, Query, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};

const PAGE_SIZE_MAX: u8 = 100;
const STATUSES_MAX: usize = 10;
/// The queries of 90 days are far fewer; more pages are a list that does not end.
const PAGES_MAX: u32 = 1000;

/// Which queries to list: the parameters of `getQueries`. All of the last 90 days unless said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GetQueries {
    processing_statuses: Vec<ProcessingStatus>,
    page_size: Option<u8>,
    created_since: Option<Timestamp>,
    created_until: Option<Timestamp>,
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
        self.created_since = Some(time);
        self
    }

    /// Only queries made at this time or before (`createdUntil`).
    #[must_use]
    pub fn created_until(mut self, time: Timestamp) -> Self {
        self.created_until = Some(time);
        self
    }

    /// The page behind one that was read (`paginationToken`). Everything else must be as it was
    /// for that page.
    #[must_use]
    pub fn page(mut self, token: impl Into<String>) -> Self {
        self.pagination_token = Some(token.into());
        self
    }
}

#[derive(Deserialize)]
pub(crate) struct GetQueriesResponse {
    queries: Vec<Query>,
    #[serde(default)]
    pagination: Option<Pagination>,
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
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if self.page_size.is_some_and(|size| !(1..=PAGE_SIZE_MAX).contains(&size)) {
            return invalid("pageSize", "the service takes 1 to 100");
        }
        if let (Some(since), Some(until)) = (self.created_since, self.created_until)
            && since > until
        {
            return invalid("createdUntil", "it lies before createdSince");
        }
        let statuses = &self.processing_statuses;
        let parameters = [
            (
                "processingStatuses",
                call::comma_separated("processingStatuses", statuses, STATUSES_MAX)?,
            ),
            ("pageSize", self.page_size.map(|size| size.to_string()).unwrap_or_default()),
            ("createdSince", self.created_since.map(call::time).unwrap_or_default()),
            ("createdUntil", self.created_until.map(call::time).unwrap_or_default()),
            ("paginationToken", self.pagination_token.clone().unwrap_or_default()),
        ];
        call::get(&call::with_query(base, &[&ROOT[..], &["queries"]].concat(), parameters)?)
    }
}

impl<'a> DataKiosk<'a> {
    /// `getQueries`: one page of queries, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn get_queries(self, which: &GetQueries) -> Result<Page<Query>, Error> {
        let GetQueriesResponse { queries, pagination } = self.client.call(which).await?;
        Ok(Page { items: queries, next_token: pagination.and_then(|page| page.next_token) })
    }

    /// `getQueries`, page after page. The stream ends after an error.
    pub fn get_queries_stream(
        self,
        which: GetQueries,
    ) -> impl Stream<Item = Result<Query, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let which = match token {
                Some(token) => which.clone().page(token),
                None => which.clone(),
            };
            async move { self.get_queries(&which).await }
        })
    }
}
