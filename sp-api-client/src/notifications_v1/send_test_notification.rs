//! `sendTestNotification`: has Amazon send one, to see whether it arrives.

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;
use wire::Class;

use super::{DestinationId, Notifications, PLAN, subscriptions};
use crate::Error;
use crate::client::{Call, Grant, Operation, Scope, call};

/// A notification for a test: the body of `sendTestNotification`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestNotification {
    destination_id: DestinationId,
    test_notification: Content,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    payload_version: String,
    test_scenario: String,
}

impl TestNotification {
    /// One of this version of the payload, sent to this destination, that tells of this case
    /// (`testScenario`). Which cases there are depends on the notification type.
    #[must_use]
    pub fn new(
        payload_version: impl Into<String>,
        destination: DestinationId,
        test_scenario: impl Into<String>,
    ) -> Self {
        Self {
            destination_id: destination,
            test_notification: Content {
                payload_version: payload_version.into(),
                test_scenario: test_scenario.into(),
            },
        }
    }
}

pub(super) struct SendTestNotification<'a> {
    pub(super) notification_type: &'a str,
    pub(super) body: &'a TestNotification,
}

impl Call for SendTestNotification<'_> {
    const OPERATION: Operation =
        Operation { name: "sendTestNotification", class: Class::Once, plan: PLAN };
    const GRANT: Grant = Grant::Application(Scope::Notifications);
    type Answer = ();

    fn request(&self, base: &Url) -> Result<http::Request<Bytes>, Error> {
        if self.body.test_notification.test_scenario.is_empty() {
            let reason = "the service wants to know which case it is to tell of";
            return Err(Error::InvalidParameter { parameter: "testScenario", reason });
        }
        let url = subscriptions::of_type(base, self.notification_type, &["testNotification"])?;
        call::json(Method::POST, &url, self.body)
    }

    fn answer(_: &[u8], _: call::Told<'_>) -> Result<(), Error> {
        Ok(())
    }
}

impl Notifications<'_> {
    /// `sendTestNotification`: has a notification of a type sent for a test, to an SQS queue. It is
    /// for the sandbox alone.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for a type that cannot be tested, and those of any call.
    pub async fn send_test_notification(
        self,
        notification_type: &str,
        notification: &TestNotification,
    ) -> Result<(), Error> {
        self.client.call(&SendTestNotification { notification_type, body: notification }).await
    }
}
