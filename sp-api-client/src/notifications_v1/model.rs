//! The API's objects. Members we do not know are ignored, values we do not know are kept.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Error;
use crate::text::{id, open_enum};

const EXPRESSION_MAX_CHARS: usize = 256;

id! {
    /// The id of a subscription (`subscriptionId`).
    SubscriptionId
}
id! {
    /// The id of a destination (`destinationId`).
    DestinationId
}

/// A subscription (`Subscription`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Subscription {
    /// `subscriptionId`.
    pub subscription_id: SubscriptionId,
    /// `payloadVersion`: the version of what is sent, like `1.0`.
    pub payload_version: String,
    /// `destinationId`: where it is sent.
    pub destination_id: DestinationId,
    /// `processingDirective`: what of it is sent, and how often.
    pub processing_directive: Option<ProcessingDirective>,
}

/// What of a notification type is sent, and how often (`processingDirective`): by a filter or by an
/// expression, never by both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProcessingDirective {
    /// `eventFilter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_filter: Option<EventFilter>,
    /// `filterExpression`: at most 256 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_expression: Option<String>,
}

impl ProcessingDirective {
    /// Only events that pass this filter.
    #[must_use]
    pub fn filtered(event_filter: EventFilter) -> Self {
        Self { event_filter: Some(event_filter), filter_expression: None }
    }

    /// Only events for which this expression holds, in Amazon's part of the Common Expression
    /// Language: at most 256 characters.
    #[must_use]
    pub fn expression(filter_expression: impl Into<String>) -> Self {
        Self { event_filter: None, filter_expression: Some(filter_expression.into()) }
    }

    /// Refuses what the service would refuse.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Some(expression) = &self.filter_expression else { return Ok(()) };
        let reason = if self.event_filter.is_some() {
            "the service takes an eventFilter or a filterExpression, never both"
        } else if !(1..=EXPRESSION_MAX_CHARS).contains(&expression.chars().count()) {
            "the service takes 1 to 256 characters"
        } else {
            return Ok(());
        };
        Err(Error::InvalidParameter { parameter: "filterExpression", reason })
    }
}

/// A filter of events (`eventFilter`). Which members are taken depends on its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EventFilter {
    /// `eventFilterType`: the notification type it is for, like `ORDER_CHANGE`.
    pub event_filter_type: String,
    /// `marketplaceIds`: only events of these stores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketplace_ids: Option<Vec<String>>,
    /// `aggregationSettings`: one notification for the events of a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregation_settings: Option<AggregationSettings>,
    /// `orderChangeTypes`: `OrderStatusChange`, `BuyerRequestedChange`, `DeliveryTipChange`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_change_types: Option<Vec<String>>,
    /// `trackingIdentifier`: only events of what is tracked by this number, as Amazon writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_identifier: Option<Map<String, Value>>,
}

impl EventFilter {
    /// A filter of this type that lets everything through.
    #[must_use]
    pub fn new(event_filter_type: impl Into<String>) -> Self {
        Self {
            event_filter_type: event_filter_type.into(),
            marketplace_ids: None,
            aggregation_settings: None,
            order_change_types: None,
            tracking_identifier: None,
        }
    }

    /// Only events of these stores (`marketplaceIds`).
    #[must_use]
    pub fn marketplace_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.marketplace_ids = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// Only these changes of an order (`orderChangeTypes`).
    #[must_use]
    pub fn order_change_types(
        mut self,
        types: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.order_change_types = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// One notification for the events of this time (`aggregationSettings`).
    #[must_use]
    pub fn aggregated(mut self, aggregation_time_period: AggregationTimePeriod) -> Self {
        self.aggregation_settings = Some(AggregationSettings { aggregation_time_period });
        self
    }
}

/// One notification for the events of a time (`aggregationSettings`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AggregationSettings {
    /// `aggregationTimePeriod`.
    pub aggregation_time_period: AggregationTimePeriod,
}

open_enum! {
    /// How long events are gathered (`aggregationTimePeriod`).
    AggregationTimePeriod {
        /// `FiveMinutes`.
        FiveMinutes = "FiveMinutes",
        /// `TenMinutes`.
        TenMinutes = "TenMinutes",
    }
}

/// A place that notifications are sent to (`Destination`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Destination {
    /// `name`.
    pub name: String,
    /// `destinationId`.
    pub destination_id: DestinationId,
    /// `resource`.
    pub resource: DestinationResource,
}

/// What a destination is (`DestinationResource`): one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DestinationResource {
    /// `sqs`.
    pub sqs: Option<SqsResource>,
    /// `eventBridge`.
    pub event_bridge: Option<EventBridgeResource>,
}

/// An SQS queue (`SqsResource`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SqsResource {
    /// `arn`: the queue's Amazon resource name.
    pub arn: String,
}

/// An EventBridge partner event source (`EventBridgeResource`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EventBridgeResource {
    /// `name`: that of the partner event source.
    pub name: String,
    /// `region`: the AWS region.
    pub region: String,
    /// `accountId`: the AWS account.
    pub account_id: String,
}

/// Where a new destination is (`DestinationResourceSpecification`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DestinationAt {
    /// An SQS queue. Amazon's account must be allowed to send to it.
    Sqs {
        /// The queue's Amazon resource name: `arn:aws:sqs:…`.
        arn: String,
    },
    /// An EventBridge bus.
    EventBridge {
        /// The AWS region.
        region: String,
        /// The AWS account.
        account_id: String,
    },
}
