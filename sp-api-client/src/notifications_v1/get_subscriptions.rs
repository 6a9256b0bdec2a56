//! `getSubscriptions`: a seller's subscriptions to one type.

use bytes::Bytes;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page};

use super::{Notifications, PLAN, ROOT, Subscription};
use crate::Error;
use crate::client::call::Payload;
use crate::client::list::lists;
use crate::client::query::{Query, Sizes};
use crate::client::{Call, Operation};

const SIZES: Sizes = Sizes { least: 30, most: 100, reason: "the service takes 30 to 100" };

/// Which subscriptions to list: the parameters of `getSubscriptions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetSubscriptions {
    notification_type: String,
    payload_version: Option<String>,
    page_size: Option<u8>,
    next_token: Option<String>,
}

impl GetSubscriptions {
    /// Subscriptions to this type (`notificationTypes`): the service takes one at a time.
    #[must_use]
    pub fn of_type(notification_type: impl Into<String>) -> Self {
        Self {
            notification_type: notification_type.into(),
            payload_version: None,
            page_size: None,
            next_token: None,
        }
    }

    /// Only those of this version of the payload (`payloadVersion`).
    #[must_use]
    pub fn payload_version(mut self, version: impl Into<String>) -> Self {
        self.payload_version = Some(version.into());
        self
    }

    /// How many a page has (`pageSize`): 30 to 100; the service's 30 unless said.
    #[must_use]
    pub fn page_size(mut self, subscriptions: u8) -> Self {
        self.page_size = Some(subscriptions);
        self
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscriptions {
    #[serde(default)]
    subscriptions: Vec<Subscription>,
    next_token: Option<String>,
}

impl From<Payload<Subscriptions>> for Page<Subscription> {
    fn from(answer: Payload<Subscriptions>) -> Self {
        Self { items: answer.payload.subscriptions, next_token: answer.payload.next_token }
    }
}

impl Call for GetSubscriptions {
    const OPERATION: Operation =
        Operation { name: "getSubscriptions", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Subscriptions>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        Query::default()
            .list("notificationTypes", std::slice::from_ref(&self.notification_type), 1..=1)
            .set("payloadVersion", self.payload_version.as_ref())
            .size("pageSize", self.page_size, &SIZES)
            .set("nextToken", self.next_token.as_ref())
            .get(base, &ROOT, &["subscriptions"])
    }
}

lists! {
    Notifications: "getSubscriptions", GetSubscriptions => Page<Subscription>, Subscription;
    token "nextToken" in next_token;
    /// A seller has far fewer subscriptions.
    at most 100 pages;
    get_subscriptions, get_subscriptions_pages, get_subscriptions_stream
}
