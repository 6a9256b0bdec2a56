//! `getFeed` and `cancelFeed`: one feed.

use std::time::Duration;

use bytes::Bytes;
use url::Url;
use wire::{Class, Plan};

use super::{Feed, FeedId, Feeds, ROOT};
use crate::client::{Call, Operation, call};
use crate::{Error, polling};

/// 2 a second, for each of the two operations on its own.
const PLAN: Plan = Plan { interval: Duration::from_millis(500), burst: 15 };

pub(super) struct GetFeed<'a>(pub(super) &'a FeedId);

impl Call for GetFeed<'_> {
    const OPERATION: Operation = Operation { name: "getFeed", class: Class::Safe, plan: PLAN };
    type Answer = Feed;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::get(&feed(base, self.0)?)
    }
}

pub(super) struct CancelFeed<'a>(pub(super) &'a FeedId);

impl Call for CancelFeed<'_> {
    const OPERATION: Operation =
        Operation { name: "cancelFeed", class: Class::Idempotent, plan: PLAN };
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        call::delete(&feed(base, self.0)?)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// A feed's address.
fn feed(base: &Url, id: &FeedId) -> Result<Url, Error> {
    let id = call::path_id("feedId", id.as_str())?;
    call::address(base, &ROOT, &["feeds", id])
}

impl Feeds<'_> {
    /// `getFeed`: how far one feed is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this account, or too old, and those of any
    /// call.
    pub async fn get_feed(self, id: &FeedId) -> Result<Feed, Error> {
        self.client.call(&GetFeed(id)).await
    }

    /// `getFeed`, again and again until the feed is through or `patience` is over: the feed as it
    /// was told last.
    ///
    /// It asks after 5 seconds, and then half as often each time, down to once a minute. Nothing
    /// is lost when it is broken off: ask again with the same id.
    ///
    /// # Errors
    /// Those of [`get_feed`](Self::get_feed).
    pub async fn wait_for_feed(self, id: &FeedId, patience: Duration) -> Result<Feed, Error> {
        let call = GetFeed(id);
        polling::until_final(self.client, patience, &call, |feed| &feed.processing_status).await
    }

    /// `cancelFeed`: takes a feed back while it is `IN_QUEUE`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is no longer in the queue, and those of any call. That may be the doing
    /// of an earlier attempt whose answer was lost: [`get_feed`](Self::get_feed) then tells
    /// `CANCELLED`.
    pub async fn cancel_feed(self, id: &FeedId) -> Result<(), Error> {
        self.client.call(&CancelFeed(id)).await
    }
}
