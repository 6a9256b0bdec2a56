//! Which reports, or which feeds, to list: the two APIs ask alike.

use jiff::Timestamp;

use crate::Error;
use crate::client::query::{Query, TO_100, Window, WindowRule};
use crate::polling::ProcessingStatus;

/// The service takes this many types, and this many marketplaces, at once.
const LIST_MAX: usize = 10;
const CREATED: WindowRule = WindowRule::closed("createdSince", "createdUntil")
    .oldest(90, "the service keeps 90 days, and takes no earlier time");

/// The parameters of `getReports` and of `getFeeds`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    types: Vec<String>,
    pub(crate) processing_statuses: Vec<ProcessingStatus>,
    pub(crate) marketplace_ids: Vec<String>,
    pub(crate) page_size: Option<u8>,
    pub(crate) created: Window,
    pub(crate) next_token: Option<String>,
}

impl Filter {
    pub(crate) fn of_types(types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            types: types.into_iter().map(Into::into).collect(),
            processing_statuses: Vec::new(),
            marketplace_ids: Vec::new(),
            page_size: None,
            created: Window::default(),
            next_token: None,
        }
    }

    /// The query, in which the types have this name. A token must be alone.
    pub(crate) fn query(&self, types: &'static str) -> Query {
        let query = Query::default();
        match &self.next_token {
            Some(token) => query.required("nextToken", token, "there is no token"),
            None => query
                .list(types, &self.types, 1..=LIST_MAX)
                .list("processingStatuses", &self.processing_statuses, ..)
                .list("marketplaceIds", &self.marketplace_ids, ..=LIST_MAX)
                .size("pageSize", self.page_size, &TO_100)
                .window(&CREATED, self.created),
        }
    }

    pub(crate) fn check(&self, now: Timestamp) -> Result<(), Error> {
        CREATED.check(self.created, now)
    }
}

/// What both lists can be narrowed down by.
macro_rules! filters {
    ($query:ident of $what:literal) => {
        impl $query {
            #[doc = concat!("Only ", $what, " with one of these statuses (`processingStatuses`); \
                all unless said.")]
            #[must_use]
            pub fn processing_statuses(
                mut self,
                statuses: impl IntoIterator<Item = ProcessingStatus>,
            ) -> Self {
                self.0.processing_statuses = statuses.into_iter().collect();
                self
            }

            #[doc = concat!("Only ", $what, " of these marketplaces (`marketplaceIds`): at most \
                ten.")]
            #[must_use]
            pub fn marketplace_ids(
                mut self,
                ids: impl IntoIterator<Item = impl Into<String>>,
            ) -> Self {
                self.0.marketplace_ids = ids.into_iter().map(Into::into).collect();
                self
            }

            #[doc = concat!("How many ", $what, " a page has (`pageSize`): 1 to 100; the \
                service's 10 unless said.")]
            #[must_use]
            pub fn page_size(mut self, size: u8) -> Self {
                self.0.page_size = Some(size);
                self
            }

            #[doc = concat!("Only ", $what, " made at this time or later (`createdSince`); the \
                last 90 days unless said, which is also the most.")]
            #[must_use]
            pub fn created_since(mut self, time: Timestamp) -> Self {
                self.0.created.after = Some(time);
                self
            }

            #[doc = concat!("Only ", $what, " made at this time or before (`createdUntil`); until \
                now unless said.")]
            #[must_use]
            pub fn created_until(mut self, time: Timestamp) -> Self {
                self.0.created.before = Some(time);
                self
            }
        }
    };
}

pub(crate) use filters;
