//! `getFeeds`: the feeds there are.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page, Plan};

use super::{Feed, Feeds, ProcessingStatus, ROOT};
use crate::Error;
use crate::client::list::lists;
use crate::client::{Call, Operation};
use crate::filter::{Filter, filters};

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
pub struct GetFeeds(Filter);

impl GetFeeds {
    /// Feeds of these types (`feedTypes`): one to ten.
    #[must_use]
    pub fn of_types(types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Filter::of_types(types))
    }
}

filters! { GetFeeds of "feeds" }

/// The body of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetFeedsResponse {
    feeds: Vec<Feed>,
    next_token: Option<String>,
}

impl From<GetFeedsResponse> for Page<Feed> {
    fn from(answer: GetFeedsResponse) -> Self {
        Self { items: answer.feeds, next_token: answer.next_token }
    }
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
        self.0.query("feedTypes").get(base, &ROOT, &["feeds"])
    }
}

lists! {
    Feeds: "getFeeds", GetFeeds => Page<Feed>, Feed;
    /// It is sent alone: it stands for them.
    token "nextToken" in 0.next_token;
    /// The feeds of 90 days are far fewer.
    at most 1000 pages {
        fn check(&self, now: Timestamp) -> Result<(), Error> {
            self.0.check(now)
        }
    };
    get_feeds, get_feeds_pages, get_feeds_stream
}
