//! Packs that hold a part of a piece, and sales orders that are deleted.

use connector_app::config::{Cancelled, FullPart, MappedPart};
use connector_app::pipeline::order::State;
use fixtures::amazon::orders::{Change, FulfilledBy, OrderItem};
use rust_decimal::Decimal;

use super::support::{Shop, order};
use crate::support::run;

const ID: &str = "111-0000001-0000001";

/// One piece of Amazon's is six of the part; two of them were ordered.
async fn shop_of_sixes() -> Shop {
    let mut one = order(ID, FulfilledBy::Merchant);
    one.items = vec![OrderItem::new("11", "WIDGET-6", 2, 6000)];
    let mut shop = Shop::open(vec![one]).await;
    let six = FullPart { part: "WIDGET-1".to_owned(), unit: None, multiple: 6 };
    shop.setting.parts.insert("WIDGET-6".to_owned(), MappedPart::Full(six));
    shop.run().await;
    shop
}

fn told(shop: &Shop) -> (u32, Vec<String>) {
    let seen = shop.stage.amazon.orders().into_iter().find(|order| order.id == ID).expect("one");
    let tracking = seen.packages.iter().map(|package| package.tracking.clone()).collect();
    (seen.items[0].2, tracking)
}

async fn states(shop: &Shop) -> Vec<String> {
    let shipments = shop.store.shipments(None, None).await.expect("a store");
    shipments.into_iter().map(|shipment| shipment.state).collect()
}

/// Twelve units leave as four, five and three: nothing whole, then one piece, then the other.
#[tokio::test]
async fn a_piece_is_told_with_the_pack_that_completes_it() {
    let shop = shop_of_sixes().await;
    let number = shop.order_num(ID).await;
    let ship = |units: i64, tracking: &str| {
        let lines = [(1, Decimal::from(units))];
        shop.stage.epicor.ship("EPIC06", number, &lines, &[tracking]).expect("a pack")
    };
    ship(4, "1Z1");
    shop.shipments().await;
    assert_eq!((told(&shop), states(&shop).await), ((0, vec![]), vec!["waiting".to_owned()]));
    ship(5, "1Z2");
    shop.shipments().await;
    assert_eq!(told(&shop), (1, vec!["1Z2".to_owned()]));
    ship(3, "1Z3");
    for _ in 0..3 {
        shop.shipments().await;
    }
    assert_eq!(told(&shop), (2, vec!["1Z2".to_owned(), "1Z3".to_owned()]));
    assert_eq!(states(&shop).await, ["excluded", "confirmed", "confirmed"]);
}

/// Why Amazon is not told of a pack yet is in `status`, for people and for machines.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn status_tells_of_packs_that_wait_and_of_those_that_are_held() {
    let shop = Shop::open(vec![order(ID, FulfilledBy::Merchant)]).await;
    shop.run().await;
    let number = shop.order_num(ID).await;
    let pack = shop.stage.epicor.ship("EPIC06", number, &[], &[]).expect("a pack");
    shop.shipments().await;
    let said = async |code: i32, args: &[&str]| {
        let said = run(shop.stage.folder(), args).await;
        assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
        said
    };
    let told = said(3, &["status"]).await.out;
    assert!(told.contains(&format!("waiting pack {pack} of order {ID}: ")), "{told}");
    assert!(told.contains("no tracking number"), "{told}");
    let lines = said(3, &["status", "--json"]).await.json_lines();
    let of_pack = lines.iter().find(|line| line["pack"].is_string());
    let of_pack = of_pack.unwrap_or_else(|| panic!("{lines:?}"));
    let facts = ["connection", "order_id", "pack", "state"].map(|name| of_pack[name].clone());
    let pack_num = pack.to_string();
    assert_eq!(facts, ["demo", ID, pack_num.as_str(), "waiting"]);
    assert_eq!(of_pack["held"][0]["reason"], "no_tracking", "{of_pack}");
    said(0, &["status", ID]).await;

    // It has a tracking number now, and Amazon does not take it: the order was cancelled meanwhile.
    assert!(shop.stage.amazon.change_order(ID, Change::Cancelled));
    assert!(shop.stage.epicor.set_tracking("EPIC06", pack, &["1Z1"]));
    shop.shipments().await;
    let told = said(3, &["status"]).await.out;
    assert!(told.contains(&format!("held pack {pack} of order {ID}: ")), "{told}");
    assert!(told.contains("Solve it in Seller Central"), "{told}");
    assert!(told.contains("  orders: 1 entered"), "one connection needs no name: {told}");
    let told = said(3, &["status", ID]).await.out;
    assert!(told.contains("Solve it in Seller Central"), "{told}");

    shop.stage.copy_connection("other", "EPIC07").expect("written");
    let told = said(3, &["status"]).await.out;
    assert!(told.contains("  demo, orders: 1 entered"), "{told}");
}

/// What the configuration deletes is not missed by the sweep; what somebody else deletes is.
#[tokio::test]
async fn the_sweep_does_not_miss_what_the_policy_deleted() {
    let other = "111-0000001-0000002";
    let both = [ID, other].map(|id| order(id, FulfilledBy::Merchant)).into();
    let mut shop = Shop::open(both).await;
    shop.setting.cancelled = Cancelled::Delete;
    shop.run().await;
    assert!(shop.stage.amazon.change_order(ID, Change::Cancelled));
    shop.pass(10).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Closed);
    assert_eq!(shop.stage.epicor.sales_orders().len(), 1, "it is deleted");
    assert_eq!(shop.sweep().await, Vec::<String>::new());

    let number = shop.order_num(other).await;
    shop.stage.epicor.delete_order("EPIC06", number);
    shop.pass(2 * 24 * 60).await;
    let missing = shop.sweep().await;
    assert!(missing.len() == 1 && missing[0].contains(other), "{missing:?}");
}
