//! An order that another connection of the installation has, too.

use connector_app::pipeline::order::State;
use connector_app::pipeline::{Actor, hold_order, release_order};
use connector_app::stage::CONNECTION;
use fixtures::amazon::orders::FulfilledBy;
use store::{NewEvent, OrderKey, OrderTold};
use wire::{Clock as _, SystemClock};

use super::support::{Shop, at, order};

const ID: &str = "111-0000001-0000001";

/// Another connection was told the order.
async fn told_elsewhere(shop: &Shop, state: State) -> OrderKey {
    let key = OrderKey { connection: "other".to_owned(), order_id: ID.to_owned() };
    let told = OrderTold {
        status: "UNSHIPPED".to_owned(),
        changed: at("2026-11-19T12:00:00Z"),
        payload: "{}".to_owned(),
    };
    let event = NewEvent {
        at: SystemClock::new().now(),
        actor: "connector".to_owned(),
        connection: key.connection.clone(),
        record: ID.to_owned(),
        subject: format!("order {ID}"),
        action: "told".to_owned(),
        from: None,
        to: Some(state.as_str().to_owned()),
        detail: serde_json::json!({}),
    };
    let new = shop.store.order_told(&key, &told, (state.as_str(), None), &event).await;
    assert!(new.expect("written"));
    key
}

#[tokio::test]
async fn it_waits_until_a_person_stops_it_there() {
    let shop = Shop::open(vec![order(ID, FulfilledBy::Merchant)]).await;
    let there = told_elsewhere(&shop, State::Pending).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Waiting);
    let hold = shop.hold(ID).await;
    for words in [
        "other_connection",
        "connection other has it",
        "hold 111-0000001-0000001 --connection other",
    ] {
        assert!(hold.contains(words), "{words}: {hold}");
    }
    shop.run().await;
    assert!(shop.stage.epicor.sales_orders().is_empty());

    let (clerk, clock) = (Actor::Person("clerk".to_owned()), SystemClock::new());
    hold_order(&shop.store, &there, (&clerk, Some("not theirs")), &clock).await.expect("allowed");
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Entered);
    assert_eq!(shop.stage.epicor.sales_orders().len(), 1);

    // There it would meet this one now.
    release_order(&shop.store, &there, &clerk, &clock).await.expect("allowed");
    let here = OrderKey { connection: CONNECTION.to_owned(), ..there.clone() };
    let seen = shop.store.order_elsewhere(&there).await.expect("readable");
    assert_eq!(seen.iter().map(|record| &record.key).collect::<Vec<_>>(), [&here]);
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Entered, "what is entered stays");
}

#[tokio::test]
async fn it_is_entered_when_the_other_does_not_want_it() {
    let shop = Shop::open(vec![order(ID, FulfilledBy::Merchant)]).await;
    told_elsewhere(&shop, State::Excluded).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Entered);
}
