use serde_json::json;

use super::destinations::{CreateDestination, DeleteDestination, GetDestination, GetDestinations};
use super::send_test_notification::SendTestNotification;
use super::subscriptions::{
    DeleteSubscriptionById, GetSubscription, GetSubscriptionById, Subscribe,
};
use super::*;
use crate::Error;
use crate::client::call::testing::{body, line};
use crate::client::{Call, Grant};

const TYPE: &str = "ORDER_CHANGE";

fn sqs(arn: &str) -> DestinationAt {
    DestinationAt::Sqs { arn: arn.to_owned() }
}

#[test]
fn what_is_asked_for() {
    let destination = DestinationId::new("d");
    let wanted = CreateSubscription::new("1.0", destination.clone());
    let subscribe = Subscribe { notification_type: TYPE, wanted: &wanted };
    assert_eq!(line(&subscribe).unwrap(), "POST /notifications/v1/subscriptions/ORDER_CHANGE");
    assert_eq!(body(&subscribe), json!({"payloadVersion": "1.0", "destinationId": "d"}));

    let filter = EventFilter::new(TYPE)
        .marketplace_ids(["M"])
        .order_change_types(["OrderStatusChange"])
        .aggregated(AggregationTimePeriod::FiveMinutes);
    let wanted = wanted.directed(ProcessingDirective {
        event_filter: Some(filter),
        ..ProcessingDirective::default()
    });
    let expected = json!({"eventFilter": {
        "eventFilterType": "ORDER_CHANGE", "marketplaceIds": ["M"],
        "orderChangeTypes": ["OrderStatusChange"],
        "aggregationSettings": {"aggregationTimePeriod": "FiveMinutes"},
    }});
    let subscribe = Subscribe { notification_type: TYPE, wanted: &wanted };
    assert_eq!(body(&subscribe)["processingDirective"], expected);

    let queue = sqs("arn:aws:sqs:r:1:q");
    let create = CreateDestination { name: "n", resource_specification: &queue };
    assert_eq!(line(&create).unwrap(), "POST /notifications/v1/destinations");
    let expected =
        json!({"name": "n", "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:r:1:q"}}});
    assert_eq!(body(&create), expected);
    let bus = DestinationAt::EventBridge { region: "r".to_owned(), account_id: "1".to_owned() };
    let create = CreateDestination { name: "n", resource_specification: &bus };
    let expected = json!({"eventBridge": {"region": "r", "accountId": "1"}});
    assert_eq!(body(&create)["resourceSpecification"], expected);

    let test = TestNotification::new("1.0", destination, "s");
    let test = SendTestNotification { notification_type: TYPE, body: &test };
    let expected = json!({
        "destinationId": "d", "testNotification": {"payloadVersion": "1.0", "testScenario": "s"},
    });
    assert_eq!(body(&test), expected);
    let at = "POST /notifications/v1/subscriptions/ORDER_CHANGE/testNotification";
    assert_eq!(line(&test).unwrap(), at);
}

#[test]
fn where_it_is_asked() {
    let (id, destination) = (&SubscriptionId::new("1/2"), &DestinationId::new("3/4"));
    let latest = GetSubscription { notification_type: TYPE, payload_version: None };
    let version = GetSubscription { notification_type: TYPE, payload_version: Some("1.0") };
    let list = GetSubscriptions::of_type(TYPE).payload_version("1.0").page_size(30).from_page("n=");
    for (asked, expected) in [
        (line(&latest), "GET /notifications/v1/subscriptions/ORDER_CHANGE"),
        (line(&version), "GET /notifications/v1/subscriptions/ORDER_CHANGE?payloadVersion=1.0"),
        (
            line(&GetSubscriptionById { notification_type: TYPE, id }),
            "GET /notifications/v1/subscriptions/ORDER_CHANGE/1%2F2",
        ),
        (
            line(&DeleteSubscriptionById { notification_type: TYPE, id }),
            "DELETE /notifications/v1/subscriptions/ORDER_CHANGE/1%2F2",
        ),
        (
            line(&list),
            "GET /notifications/v1/subscriptions?notificationTypes=ORDER_CHANGE\
             &payloadVersion=1.0&pageSize=30&nextToken=n%3D",
        ),
        (line(&GetDestinations), "GET /notifications/v1/destinations"),
        (line(&GetDestination(destination)), "GET /notifications/v1/destinations/3%2F4"),
        (line(&DeleteDestination(destination)), "DELETE /notifications/v1/destinations/3%2F4"),
    ] {
        assert_eq!(asked.unwrap(), expected);
    }
}

#[test]
fn what_is_no_sellers_is_asked_for_without_a_seller() {
    fn of_application<C: Call>(_: &C) -> bool {
        C::GRANT != Grant::Seller
    }
    let (id, destination) = (&SubscriptionId::new("1"), &DestinationId::new("d"));
    let wanted = CreateSubscription::new("1.0", destination.clone());
    assert!(of_application(&GetDestinations));
    assert!(of_application(&GetDestination(destination)));
    assert!(of_application(&DeleteDestination(destination)));
    assert!(of_application(&GetSubscriptionById { notification_type: TYPE, id }));
    assert!(of_application(&DeleteSubscriptionById { notification_type: TYPE, id }));
    assert!(!of_application(&Subscribe { notification_type: TYPE, wanted: &wanted }));
    assert!(!of_application(&GetSubscriptions::of_type(TYPE)));
}

#[test]
fn what_the_service_would_refuse_is_refused_here() {
    let long = "x".repeat(257);
    let directed =
        |directive| CreateSubscription::new("1.0", DestinationId::new("d")).directed(directive);
    let filtered = directed(ProcessingDirective::expression(long.clone()));
    let unfiltered = directed(ProcessingDirective::expression(""));
    let twice = directed(ProcessingDirective {
        event_filter: Some(EventFilter::new(TYPE)),
        ..ProcessingDirective::expression("a == `b`")
    });
    let untold = TestNotification::new("1.0", DestinationId::new("d"), "");
    let (queue, topic) = (sqs("arn:aws:sqs:r:1:q"), sqs("arn:aws:sns:r:1:t"));
    for (asked, expected) in [
        (line(&Subscribe { notification_type: TYPE, wanted: &filtered }), "filterExpression"),
        (line(&Subscribe { notification_type: TYPE, wanted: &unfiltered }), "filterExpression"),
        (line(&Subscribe { notification_type: TYPE, wanted: &twice }), "filterExpression"),
        (line(&SendTestNotification { notification_type: TYPE, body: &untold }), "testScenario"),
        (line(&CreateDestination { name: "", resource_specification: &queue }), "name"),
        (line(&CreateDestination { name: &long, resource_specification: &queue }), "name"),
        (line(&CreateDestination { name: "n", resource_specification: &topic }), "arn"),
        (line(&GetSubscriptions::of_type("")), "notificationTypes"),
        (line(&GetSubscriptions::of_type("A,B")), "notificationTypes"),
        (line(&GetSubscriptions::of_type(TYPE).page_size(29)), "pageSize"),
        (line(&GetDestination(&DestinationId::new(".."))), "destinationId"),
        (
            line(&GetSubscription { notification_type: "..", payload_version: None }),
            "notificationType",
        ),
    ] {
        match asked {
            Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}
