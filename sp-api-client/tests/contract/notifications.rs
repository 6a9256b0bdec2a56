//! Notifications v1.

use serde_json::json;
use sp_api_client::Client;
use sp_api_client::notifications_v1::{
    AggregationTimePeriod, CreateSubscription, DestinationAt, DestinationId, EventFilter,
    GetSubscriptions, ProcessingDirective, SubscriptionId, TestNotification,
};

use crate::service::check;

const TYPE: &str = "ORDER_CHANGE";

#[tokio::test]
async fn get_subscriptions() {
    let which =
        GetSubscriptions::of_type(TYPE).payload_version("1.0").page_size(30).from_page("token");
    let call = async |client: &Client| {
        let page = client.notifications().get_subscriptions(&which).await?;
        Ok(json!({"payload": {"subscriptions": page.items, "nextToken": page.next_token}}))
    };
    check("notifications/getSubscriptions", call, &[]).await;
}

#[tokio::test]
async fn get_subscription() {
    let call = async |client: &Client| {
        let subscription = client.notifications().get_subscription(TYPE, Some("1.0")).await?;
        Ok(json!({"payload": subscription}))
    };
    check("notifications/getSubscription", call, &[]).await;
}

#[tokio::test]
async fn create_subscription() {
    let filter = EventFilter::new(TYPE)
        .marketplace_ids(["M"])
        .aggregated(AggregationTimePeriod::FiveMinutes)
        .order_change_types(["OrderStatusChange"]);
    let directive = ProcessingDirective::filtered(filter);
    let wanted = CreateSubscription::new("1.0", DestinationId::new("d")).directed(directive);
    let call = async |client: &Client| {
        let subscription = client.notifications().create_subscription(TYPE, &wanted).await?;
        Ok(json!({"payload": subscription}))
    };
    check("notifications/createSubscription", call, &[]).await;
}

#[tokio::test]
async fn get_subscription_by_id() {
    let call = async |client: &Client| {
        let id = SubscriptionId::new("s");
        let subscription = client.notifications().get_subscription_by_id(TYPE, &id).await?;
        Ok(json!({"payload": subscription}))
    };
    check("notifications/getSubscriptionById", call, &[]).await;
}

#[tokio::test]
async fn delete_subscription_by_id() {
    let call = async |client: &Client| {
        let id = SubscriptionId::new("s");
        client.notifications().delete_subscription_by_id(TYPE, &id).await?;
        Ok(json!({}))
    };
    check("notifications/deleteSubscriptionById", call, &[]).await;
}

#[tokio::test]
async fn get_destinations() {
    let call = async |client: &Client| {
        Ok(json!({"payload": client.notifications().get_destinations().await?}))
    };
    check("notifications/getDestinations", call, &[]).await;
}

#[tokio::test]
async fn create_destination() {
    let queue = DestinationAt::Sqs { arn: "arn:aws:sqs:us-east-2:444455556666:q".to_owned() };
    let call = async |client: &Client| {
        let destination = client.notifications().create_destination("name", &queue).await?;
        Ok(json!({"payload": destination}))
    };
    check("notifications/createDestination", call, &[]).await;
}

#[tokio::test]
async fn get_destination() {
    let call = async |client: &Client| {
        let destination = client.notifications().get_destination(&DestinationId::new("d")).await?;
        Ok(json!({"payload": destination}))
    };
    check("notifications/getDestination", call, &[]).await;
}

#[tokio::test]
async fn delete_destination() {
    let call = async |client: &Client| {
        client.notifications().delete_destination(&DestinationId::new("d")).await?;
        Ok(json!({}))
    };
    check("notifications/deleteDestination", call, &[]).await;
}

#[tokio::test]
async fn send_test_notification() {
    let test = TestNotification::new("1.0", DestinationId::new("d"), "scenario");
    let call = async |client: &Client| {
        client.notifications().send_test_notification(TYPE, &test).await?;
        Ok(json!({}))
    };
    // That it was sent is all it says.
    check("notifications/sendTestNotification", call, &["payload"]).await;
}
