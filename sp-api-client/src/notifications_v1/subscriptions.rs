//! Subscriptions: `createSubscription`, `getSubscription`, `getSubscriptionById`,
//! `deleteSubscriptionById`.

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;
use wire::Class;

use super::{
    DestinationId, Notifications, PLAN, ProcessingDirective, ROOT, Subscription, SubscriptionId,
};
use crate::Error;
use crate::client::call::{self, Payload};
use crate::client::query::Query;
use crate::client::{Call, Grant, Operation, Scope};

/// A subscription is found by its id whoever's it is.
const BY_ID: Grant = Grant::Application(Scope::Notifications);

/// What to subscribe to: the body of `createSubscription`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateSubscription {
    payload_version: String,
    destination_id: DestinationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    processing_directive: Option<ProcessingDirective>,
}

impl CreateSubscription {
    /// Notifications of this version of the payload, like `1.0`, sent to this destination.
    #[must_use]
    pub fn new(payload_version: impl Into<String>, destination: DestinationId) -> Self {
        Self {
            payload_version: payload_version.into(),
            destination_id: destination,
            processing_directive: None,
        }
    }

    /// Only some of them (`processingDirective`).
    #[must_use]
    pub fn directed(mut self, directive: ProcessingDirective) -> Self {
        self.processing_directive = Some(directive);
        self
    }
}

pub(super) struct Subscribe<'a> {
    pub(super) notification_type: &'a str,
    pub(super) wanted: &'a CreateSubscription,
}

impl Call for Subscribe<'_> {
    const OPERATION: Operation =
        Operation { name: "createSubscription", class: Class::Once, plan: PLAN };
    type Answer = Payload<Subscription>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        if let Some(directive) = &self.wanted.processing_directive {
            directive.check()?;
        }
        let url = of_type(base, self.notification_type, &[])?;
        call::json(Method::POST, &url, self.wanted)
    }
}

pub(super) struct GetSubscription<'a> {
    pub(super) notification_type: &'a str,
    pub(super) payload_version: Option<&'a str>,
}

impl Call for GetSubscription<'_> {
    const OPERATION: Operation =
        Operation { name: "getSubscription", class: Class::Safe, plan: PLAN };
    type Answer = Payload<Subscription>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let notification_type = call::path_id("notificationType", self.notification_type)?;
        Query::default().set("payloadVersion", self.payload_version).get(
            base,
            &ROOT,
            &["subscriptions", notification_type],
        )
    }
}

pub(super) struct GetSubscriptionById<'a> {
    pub(super) notification_type: &'a str,
    pub(super) id: &'a SubscriptionId,
}

impl Call for GetSubscriptionById<'_> {
    const OPERATION: Operation =
        Operation { name: "getSubscriptionById", class: Class::Safe, plan: PLAN };
    const GRANT: Grant = BY_ID;
    type Answer = Payload<Subscription>;

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("subscriptionId", self.id.as_str())?;
        call::get(&of_type(base, self.notification_type, &[id])?)
    }
}

pub(super) struct DeleteSubscriptionById<'a> {
    pub(super) notification_type: &'a str,
    pub(super) id: &'a SubscriptionId,
}

impl Call for DeleteSubscriptionById<'_> {
    const OPERATION: Operation =
        Operation { name: "deleteSubscriptionById", class: Class::Idempotent, plan: PLAN };
    const GRANT: Grant = BY_ID;
    const REMOVES: bool = true;
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        let id = call::path_id("subscriptionId", self.id.as_str())?;
        call::delete(&of_type(base, self.notification_type, &[id])?)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

/// The address of the subscriptions of a type, or of something below.
pub(super) fn of_type(base: &Url, notification_type: &str, rest: &[&str]) -> Result<Url, Error> {
    let notification_type = call::path_id("notificationType", notification_type)?;
    call::address(base, &ROOT, &[&["subscriptions", notification_type], rest].concat())
}

impl Notifications<'_> {
    /// `createSubscription`: has notifications of a type, like `REPORT_PROCESSING_FINISHED`, sent
    /// about this seller.
    ///
    /// It is sent once. After an error that leaves open whether it arrived,
    /// [`get_subscription`](Self::get_subscription) shows whether it is there.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what the service would refuse, and those of any call.
    pub async fn create_subscription(
        self,
        notification_type: &str,
        wanted: &CreateSubscription,
    ) -> Result<Subscription, Error> {
        Ok(self.client.call(&Subscribe { notification_type, wanted }).await?.payload)
    }

    /// `getSubscription`: this seller's subscription to a type, of this version of the payload or
    /// of the latest.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, and those of any call.
    pub async fn get_subscription(
        self,
        notification_type: &str,
        payload_version: Option<&str>,
    ) -> Result<Subscription, Error> {
        let subscription = GetSubscription { notification_type, payload_version };
        Ok(self.client.call(&subscription).await?.payload)
    }

    /// `getSubscriptionById`: one subscription, whichever seller's it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this application, and those of any call.
    pub async fn get_subscription_by_id(
        self,
        notification_type: &str,
        id: &SubscriptionId,
    ) -> Result<Subscription, Error> {
        Ok(self.client.call(&GetSubscriptionById { notification_type, id }).await?.payload)
    }

    /// `deleteSubscriptionById`: ends one subscription, whichever seller's it is.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an id that is not of this application, and those of any call. What
    /// an earlier attempt deleted, whose answer was lost, is no error.
    pub async fn delete_subscription_by_id(
        self,
        notification_type: &str,
        id: &SubscriptionId,
    ) -> Result<(), Error> {
        self.client.call(&DeleteSubscriptionById { notification_type, id }).await
    }
}
