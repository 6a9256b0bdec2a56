//! `getFeeds`: the feeds there are.

use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Feed, Feeds, ProcessingStatus, ROOT};
use crate::Error;
use crate::client::{Call, Operation, call};

/// The service takes this many types, and this many marketplaces, at once.
const LIST_MAX: usize = 10;
const PAGE_SIZE_MAX: u8 = 100;
/// The feeds of 90 days are far fewer; more pages are a list that does not end.
const PAGES_MAX: u32 = 1000;

/// Which feeds to list: the parameters of `getFeeds`.
///
/// ```
/// use sp_api_client::feeds_2021_06_30::{GetFeeds, ProcessingStatus};
///
/// let processed = GetFeeds::of_types(["JSON_LISTINGS_FEED"])
///     .processing_statuses([ProcessingStatus::Done])
///     .page_size(100);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetFeeds(Query);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Query {
    First(Filter),
    /// `nextToken`, which must be alone.
    Next(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filter {
    feed_types: Vec<String>,
    processing_statuses: Vec<ProcessingStatus>,
    marketplace_ids: Vec<String>,
    page_size: Option<u8>,
    created_since: Option<Timestamp>,
    created_until: Option<Timestamp>,
}

impl GetFeeds {
    /// Feeds of these types (`feedTypes`): one to ten.
    #[must_use]
    pub fn of_types(types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let feed_types = types.into_iter().map(Into::into).collect();
        Self(Query::First(Filter { feed_types, ..Filter::default() }))
    }

    /// The page behind one that was read (`nextToken`). It takes no other parameter: what is set
    /// on it afterwards is not sent.
    #[must_use]
    pub fn next_page(token: &str) -> Self {
        Self(Query::Next(token.to_owned()))
    }

    /// Only feeds with one of these statuses (`processingStatuses`); all unless said.
    #[must_use]
    pub fn processing_statuses(self, statuses: impl IntoIterator<Item = ProcessingStatus>) -> Self {
        self.set(|filter| filter.processing_statuses = statuses.into_iter().collect())
    }

    /// Only feeds of these marketplaces (`marketplaceIds`): at most ten.
    #[must_use]
    pub fn marketplace_ids(self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.set(|filter| filter.marketplace_ids = ids.into_iter().map(Into::into).collect())
    }

    /// How many feeds a page has (`pageSize`): 1 to 100; the service's 10 unless said.
    #[must_use]
    pub fn page_size(self, feeds: u8) -> Self {
        self.set(|filter| filter.page_size = Some(feeds))
    }

    /// Only feeds made at this time or later (`createdSince`); the last 90 days unless said,
    /// which is also the most.
    #[must_use]
    pub fn created_since(self, time: Timestamp) -> Self {
        self.set(|filter| filter.created_since = Some(time))
    }

    /// Only feeds made at this time or before (`createdUntil`); until now unless said.
    #[must_use]
    pub fn created_until(self, time: Timestamp) -> Self {
        self.set(|filter| filter.created_until = Some(time))
    }

    fn set(mut self, change: impl FnOnce(&mut Filter)) -> Self {
        if let Query::First(filter) = &mut self.0 {
            change(filter);
        }
        self
    }
}

impl Filter {
    /// The parameters that are set, by their names.
    fn parameters(&self) -> Result<Vec<(&'static str, String)>, Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if self.feed_types.is_empty() {
            return invalid("feedTypes", "the service wants at least one type");
        }
        if self.page_size.is_some_and(|size| !(1..=PAGE_SIZE_MAX).contains(&size)) {
            return invalid("pageSize", "the service takes 1 to 100");
        }
        if let (Some(since), Some(until)) = (self.created_since, self.created_until)
            && since > until
        {
            return invalid("createdUntil", "it lies before createdSince");
        }
        let list = |name, members: &[String]| call::comma_separated(name, members, LIST_MAX);
        let statuses = &self.processing_statuses;
        let parameters = [
            ("feedTypes", list("feedTypes", &self.feed_types)?),
            (
                "processingStatuses",
                call::comma_separated("processingStatuses", statuses, LIST_MAX)?,
            ),
            ("marketplaceIds", list("marketplaceIds", &self.marketplace_ids)?),
            ("pageSize", self.page_size.map(|size| size.to_string()).unwrap_or_default()),
            ("createdSince", self.created_since.map(call::time).unwrap_or_default()),
            ("createdUntil", self.created_until.map(call::time).unwrap_or_default()),
        ];
        Ok(parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }
}

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetFeedsResponse {
    feeds: Vec<Feed>,
    next_token: Option<String>,
}

impl Call for GetFeeds {
    const OPERATION: Operation = Operation {
        name: "getFeeds",
        class: Class::Safe,
        // 0.0222 a second.
        plan: Plan { interval: Duration::from_secs(45), burst: 10 },
    };
    type Answer = GetFeedsResponse;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let mut url = call::address(base, &[&ROOT[..], &["feeds"]].concat())?;
        let parameters = match &self.0 {
            Query::First(filter) => filter.parameters()?,
            Query::Next(token) => vec![("nextToken", token.clone())],
        };
        url.query_pairs_mut().extend_pairs(parameters);
        call::get(&url)
    }
}

impl<'a> Feeds<'a> {
    /// `getFeeds`: one page of feeds, and the token of the next.
    ///
    /// An empty page with a token is not the end.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn get_feeds(self, query: &GetFeeds) -> Result<Page<Feed>, Error> {
        let GetFeedsResponse { feeds, next_token } = self.client.call(query).await?;
        Ok(Page { items: feeds, next_token })
    }

    /// `getFeeds`, page after page: every report there is. The stream ends after an error.
    pub fn get_feeds_stream(
        self,
        query: GetFeeds,
    ) -> impl Stream<Item = Result<Feed, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let query = token.map_or_else(|| query.clone(), |token| GetFeeds::next_page(&token));
            async move { self.get_feeds(&query).await }
        })
    }
}
