//! Many shipments at once: told in a feed, whose end is looked for before anything is told otherwise.

use std::time::Duration;

use fixtures::Fault;
use fixtures::amazon::orders::{Change, FulfilledBy};
use fixtures::amazon::{ReportEnd, StandIn};

use super::status;
use super::support::{Shop, order};

/// A shop that tells four shipments at once in a feed, and four that left.
async fn four_that_left() -> (Shop, Vec<String>) {
    let ids: Vec<String> = (1..=4).map(|number| format!("111-0000001-000000{number}")).collect();
    let orders = ids.iter().map(|id| order(id, FulfilledBy::Merchant)).collect();
    let mut shop = Shop::open(orders).await;
    shop.setting.feed_from = 4;
    shop.run().await;
    for id in &ids {
        let number = shop.order_num(id).await;
        shop.stage.epicor.ship("EPIC06", number, &[], &[&format!("1Z{number}")]).expect("a pack");
    }
    (shop, ids)
}

/// What is to become of the next feed at Amazon.
type Set = fn(&StandIn);

/// How many feeds were created, and how many shipments told one by one.
fn told(shop: &Shop) -> (usize, usize) {
    (shop.asked("createFeed"), shop.asked("confirmShipment"))
}

fn shipped(shop: &Shop, ids: &[String]) -> usize {
    ids.iter().filter(|id| status(shop, id) == "SHIPPED").count()
}

/// Four shipments at once are one feed. One of its lines is refused: that order was cancelled. The
/// answer to the feed is lost, and it is not sent again.
#[tokio::test]
async fn a_feed_s_report_is_read_line_by_line() {
    let (shop, ids) = four_that_left().await;
    assert!(shop.stage.amazon.change_order(&ids[3], Change::Cancelled));
    shop.stage.amazon.faults().on("createFeed", 0, Fault::ResetAfter);
    let summary = shop.shipments().await;
    let states: Vec<String> = summary.moved.values().map(ToString::to_string).collect();
    assert_eq!(states, ["confirmed", "confirmed", "confirmed", "held"]);
    assert_eq!((told(&shop), shipped(&shop, &ids)), ((1, 0), 3));
    shop.shipments().await;
    assert_eq!(told(&shop), (1, 0));
}

/// The answer to a feed is lost, and Amazon shows the feed only a minute later.
#[tokio::test]
async fn a_feed_that_lands_late_is_told_once() {
    let (shop, ids) = four_that_left().await;
    shop.stage.amazon.land_feeds_late(Duration::from_mins(1));
    shop.stage.amazon.faults().on("createFeed", 0, Fault::ResetAfter);
    for _ in 0..2 {
        shop.shipments().await;
        assert_eq!((told(&shop), shipped(&shop, &ids)), ((1, 0), 4));
    }
    for order in shop.stage.amazon.orders() {
        assert_eq!(order.packages.len(), 1, "{} is told once", order.id);
    }
}

/// A feed that never arrives, and each one that ends without a report: everything is told one by one,
/// in the same run.
#[tokio::test]
async fn a_feed_without_a_report_stops_nothing() {
    let cases: [(&str, Set); 3] = [
        ("never arrived", |amazon| amazon.faults().on("createFeed", 0, Fault::ResetBefore)),
        ("FATAL without a report", |amazon| amazon.end_feed(0, ReportEnd::Fatal)),
        ("CANCELLED without a report", |amazon| amazon.end_feed(0, ReportEnd::Cancelled)),
    ];
    for (end, set) in cases {
        let (shop, ids) = four_that_left().await;
        set(&shop.stage.amazon);
        shop.shipments().await;
        assert_eq!((told(&shop), shipped(&shop, &ids)), ((1, 4), 4), "{end}");
        let events = shop.store.events_of("shipment-feed").await.expect("a store");
        let actions: Vec<&str> = events.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(actions, [end]);
        shop.shipments().await;
        assert_eq!(told(&shop), (1, 4), "{end}");
    }
}

/// The run ends before the feed is through, and when the next one asks Amazon has forgotten it.
#[tokio::test]
async fn a_feed_that_amazon_forgot_stops_nothing() {
    let (shop, ids) = four_that_left().await;
    shop.stage.amazon.faults().on("getFeed", 0, Fault::Status(400));
    let summary = shop.shipments_anyway().await;
    assert_eq!((summary.failures.len(), told(&shop)), (1, (1, 0)));
    shop.stage.amazon.forget_feeds();
    shop.shipments().await;
    assert_eq!((told(&shop), shipped(&shop, &ids)), ((1, 4), 4));
}
