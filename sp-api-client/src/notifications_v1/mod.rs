//! The Notifications API, version 1: being told instead of asking.
//!
//! Amazon sends to a destination, an SQS queue or an EventBridge bus, what was subscribed to.
//! Delivery is best effort and may repeat: keep asking, rarely, as well.
//!
//! Destinations, and subscriptions by their id, belong to the application and to no seller: they
//! are called with the application's own permission, for which no refresh token is needed.
//!
//! ```no_run
//! # use sp_api_client::notifications_v1::{CreateSubscription, DestinationAt};
//! # async fn example(client: sp_api_client::Client) -> Result<(), sp_api_client::Error> {
//! let queue = DestinationAt::Sqs { arn: "arn:aws:sqs:us-east-2:444455556666:reports".to_owned() };
//! let destination = client.notifications().create_destination("reports", &queue).await?;
//! let wanted = CreateSubscription::new("1.0", destination.destination_id);
//! client.notifications().create_subscription("REPORT_PROCESSING_FINISHED", &wanted).await?;
//! # Ok(())
//! # }
//! ```

mod destinations;
mod get_subscriptions;
mod model;
mod send_test_notification;
mod subscriptions;
#[cfg(test)]
mod tests;

use crate::Client;

pub use get_subscriptions::GetSubscriptions;
pub use model::{
    AggregationSettings, AggregationTimePeriod, Destination, DestinationAt, DestinationId,
    DestinationResource, EventBridgeResource, EventFilter, ProcessingDirective, SqsResource,
    Subscription, SubscriptionId,
};
pub use send_test_notification::TestNotification;
pub use subscriptions::CreateSubscription;

/// The operations of this API, on a client.
#[derive(Clone, Copy, Debug)]
pub struct Notifications<'a> {
    client: &'a Client,
}

impl Client {
    /// The Notifications API, version 1.
    #[must_use]
    pub fn notifications(&self) -> Notifications<'_> {
        Notifications { client: self }
    }
}

/// The path of the API, before the operation's own.
const ROOT: [&str; 2] = ["notifications", "v1"];

/// 1 a second, for each operation on its own.
const PLAN: wire::Plan = wire::Plan { interval: std::time::Duration::from_secs(1), burst: 5 };
