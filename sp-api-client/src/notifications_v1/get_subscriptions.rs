//! `getSubscriptions`: a seller's subscriptions to one type.

use bytes::Bytes;
use futures_core::Stream;
use serde::Deserialize;
use url::Url;
use wire::{Class, Page};

use super::{Answer, Notifications, PLAN, ROOT, Subscription};
use crate::Error;
use crate::client::{Call, Operation, call};

const PAGE_SIZE_MIN: u8 = 30;
const PAGE_SIZE_MAX: u8 = 100;
/// A seller has far fewer subscriptions; more pages are a list that does not end.
const PAGES_MAX: u32 = 100;

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

    /// The page behind one that was read (`nextToken`).
    #[must_use]
    pub fn page(mut self, token: impl Into<String>) -> Self {
        self.next_token = Some(token.into());
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

impl Call for GetSubscriptions {
    const OPERATION: Operation =
        Operation { name: "getSubscriptions", class: Class::Safe, plan: PLAN };
    type Answer = Answer<Subscriptions>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let invalid = |parameter, reason| Err(Error::InvalidParameter { parameter, reason });
        if self.notification_type.is_empty() {
            return invalid("notificationTypes", "the service wants a type");
        }
        if self.page_size.is_some_and(|size| !(PAGE_SIZE_MIN..=PAGE_SIZE_MAX).contains(&size)) {
            return invalid("pageSize", "the service takes 30 to 100");
        }
        let types = std::slice::from_ref(&self.notification_type);
        let parameters = [
            ("notificationTypes", call::comma_separated("notificationTypes", types, 1)?),
            ("payloadVersion", self.payload_version.clone().unwrap_or_default()),
            ("pageSize", self.page_size.map(|size| size.to_string()).unwrap_or_default()),
            ("nextToken", self.next_token.clone().unwrap_or_default()),
        ];
        call::get(&call::with_query(base, &[&ROOT[..], &["subscriptions"]].concat(), parameters)?)
    }
}

impl<'a> Notifications<'a> {
    /// `getSubscriptions`: one page of subscriptions, and the token of the next.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn get_subscriptions(
        self,
        which: &GetSubscriptions,
    ) -> Result<Page<Subscription>, Error> {
        let Subscriptions { subscriptions, next_token } = self.client.call(which).await?.payload;
        Ok(Page { items: subscriptions, next_token })
    }

    /// `getSubscriptions`, page after page. The stream ends after an error.
    pub fn get_subscriptions_stream(
        self,
        which: GetSubscriptions,
    ) -> impl Stream<Item = Result<Subscription, Error>> + Send + use<'a> {
        wire::pages(PAGES_MAX, move |token| {
            let which = match token {
                Some(token) => which.clone().page(token),
                None => which.clone(),
            };
            async move { self.get_subscriptions(&which).await }
        })
    }
}
