//! Orders that Amazon itself ships, where they become one sales order and one pack each.

use std::collections::BTreeMap;

use connector_app::config::Fba;
use connector_app::pipeline::order::State;
use connector_app::pipeline::order_proof::Proof;
use connector_app::pipeline::{Actor, release_order};
use connector_app::stage::{Setting, Stage};
use fixtures::amazon;
use fixtures::amazon::orders::{Change, FulfilledBy, Order, Package};
use jiff::SignedDuration;
use rust_decimal::Decimal;

use super::confirmations;
use super::support::{Shop, TABLES, at, order};
use crate::process::{FAULTS, a_few_at_a_time, struck};
use crate::support::{Said, run};

const ID: &str = "111-0000001-0000001";

/// What Amazon sends of the order: item and pieces.
fn leaves(reference: &str, items: &[(&str, u32)]) -> Change {
    Change::Shipped(Package {
        reference: reference.to_owned(),
        carrier: "AMZN_US".to_owned(),
        tracking: format!("TBA{reference}"),
        shipped: at("2026-11-20T13:00:00Z"),
        items: items.iter().map(|(item, pieces)| ((*item).to_owned(), *pieces)).collect(),
    })
}

const ALL: [(&str, u32); 2] = [("11", 2), ("12", 1)];

/// A shop that packs what Amazon ships, with one such order in Epicor.
async fn shop() -> Shop {
    let mut shop = Shop::open(vec![order(ID, FulfilledBy::Amazon)]).await;
    shop.setting.fba = Fba::OrderAndShip;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Entered);
    shop
}

impl Shop {
    async fn told(&self, change: Change) {
        assert!(self.stage.amazon.change_order(ID, change));
        self.pass(10).await;
    }

    /// One sales order, one pack that has left, and in it all that was ordered.
    fn assert_packed(&self, what: &str) {
        let (orders, packs) = (self.stage.epicor.sales_orders(), self.stage.epicor.packs());
        assert_eq!((orders.len(), packs.len()), (1, 1), "{what}: {packs:?}");
        assert!(packs[0].ready_to_invoice && packs[0].status == "SHIPPED", "{what}: {packs:?}");
        let mut packed: BTreeMap<i64, Decimal> = BTreeMap::new();
        for (order_num, line, quantity) in &packs[0].lines {
            assert_eq!(*order_num, orders[0].order_num, "{what}");
            *packed.entry(*line).or_default() += quantity;
        }
        let ordered = (1..).zip(&orders[0].lines).map(|(line, of)| (line, of.quantity));
        assert_eq!(packed, ordered.collect(), "{what}");
        assert!(!orders[0].open, "{what}: nothing of it is left to ship");
    }
}

#[tokio::test]
async fn it_becomes_one_order_and_one_pack_once_all_of_it_has_left() {
    let shop = shop().await;
    shop.told(leaves("1", &[("11", 1)])).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Entered);
    let why = shop.hold(ID).await;
    assert!(why.contains("partly_shipped"), "a partly shipped order says so: {why}");
    assert_eq!(shop.stage.epicor.packs(), [], "not before all of it has left");

    shop.told(leaves("2", &[("11", 1), ("12", 1)])).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Packed);
    assert_eq!(shop.hold(ID).await, "");
    shop.assert_packed("shipped");
    let pack = &shop.stage.epicor.packs()[0];
    assert_eq!(pack.ship_date, Some(jiff::civil::date(2026, 11, 20)), "when Amazon told it");
    assert!(pack.comment.starts_with("ML") && pack.comment.contains(ID), "{}", pack.comment);

    // Amazon shipped it, so Amazon is told nothing, however often it is looked at.
    for _ in 0..2 {
        shop.run().await;
        shop.shipments().await;
    }
    assert_eq!((confirmations(&shop), shop.stage.epicor.packs().len()), (0, 1));
    assert_eq!(shop.sweep().await, Vec::<String>::new());
    shop.pass(2 * 24 * 60).await;
    shop.run().await;
    let proofs = shop.prove().await;
    assert!(!proofs.is_empty() && proofs.iter().all(Proof::holds), "{proofs:?}");
}

#[tokio::test]
async fn no_answer_is_lost_and_nothing_is_packed_twice() {
    let clean = shop().await;
    clean.told(leaves("1", &ALL)).await;
    let before = clean.stage.epicor.requests().len();
    clean.run().await;
    let requests = clean.stage.epicor.requests().split_off(before);
    let saves = requests.iter().filter(|request| request.operation == "UpdateMaster").count();
    assert_eq!(saves, 4, "header, two lines, shipped: {requests:?}");
    let indices: Vec<u64> = (0..requests.len() as u64).collect();
    // Waits are skipped here, so that nothing is too late.
    let faults: Vec<_> =
        FAULTS.into_iter().filter(|(name, _)| !name.contains("too late")).collect();
    a_few_at_a_time(struck(&indices, &faults).into_iter().map(
        |(index, (name, fault))| async move {
            let what = format!("request {index}: {name}");
            let shop = shop().await;
            shop.told(leaves("1", &ALL)).await;
            shop.stage.epicor.faults().at(index, fault());
            for _ in 0..4 {
                shop.run_anyway().await;
            }
            assert_eq!(shop.state(ID).await, State::Packed, "{what}: {}", shop.hold(ID).await);
            shop.assert_packed(&what);
        },
    ))
    .await;
}

#[tokio::test]
async fn what_is_cancelled_before_it_left_gets_no_pack() {
    let shop = shop().await;
    shop.told(Change::Cancelled).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Closed);
    assert_eq!(shop.stage.epicor.packs(), []);
}

/// What Amazon took out of the order before it left is taken out of the sales order first.
#[tokio::test]
async fn what_was_cancelled_of_it_is_not_packed() {
    let shop = shop().await;
    shop.told(Change::PiecesCancelled { item: "11".to_owned(), pieces: 1 }).await;
    shop.told(leaves("1", &[("11", 1), ("12", 1)])).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Packed);
    shop.assert_packed("one piece less");
}

#[tokio::test]
async fn what_somebody_shipped_in_epicor_is_not_packed_again() {
    let shop = shop().await;
    let number = shop.order_num(ID).await;
    let theirs = shop.stage.epicor.ship("EPIC06", number, &[], &["1Z9"]).expect("a pack");
    shop.told(leaves("1", &ALL)).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Packed);
    shop.assert_packed("by somebody else");
    assert_eq!(shop.stage.epicor.packs()[0].pack_num, theirs);
    assert_eq!(shop.sweep().await, Vec::<String>::new());
    let story = shop.store.events_of(ID).await.expect("a story");
    let note = format!("pack {theirs}, which is not ours, has shipped it already");
    assert!(story.iter().any(|event| event.detail.to_string().contains(&note)), "{story:?}");
}

/// A pack that Epicor does not take is held with its sentence, nothing half made stays, and a person lets
/// it go on.
#[tokio::test]
async fn a_pack_that_epicor_refuses_is_held_with_its_sentence() {
    let shop = shop().await;
    shop.told(leaves("1", &ALL)).await;
    // Header and first line are saved before it.
    shop.stage.epicor.faults().on("GetQtyInfo", 1, fixtures::Fault::Status(400));
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Held);
    assert_eq!(shop.stage.epicor.packs(), [], "nothing half made stays");
    release(&shop).await;
    assert_eq!(shop.state(ID).await, State::Packing);

    shop.stage.epicor.prompt("UpdateMaster", "MAIN would have less than nothing of WIDGET-2.");
    shop.run().await;
    let why = shop.hold(ID).await;
    assert!(why.contains("MAIN would have less than nothing of WIDGET-2."), "{why}");
    assert!(why.contains("the pack of order"), "{why}");
    release(&shop).await;
    shop.run().await;
    assert_eq!(shop.state(ID).await, State::Packed);
    shop.assert_packed("released");
}

async fn release(shop: &Shop) {
    let key = store::OrderKey {
        connection: connector_app::stage::CONNECTION.to_owned(),
        order_id: ID.to_owned(),
    };
    let person = Actor::Person("clerk".to_owned());
    let clock = wire::SystemClock::default();
    release_order(&shop.store, &key, &person, &clock).await.expect("released");
}

/// One that had left before it was ever seen, by the binary.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_tell_of_it() {
    let mut left = order(ID, FulfilledBy::Amazon);
    left.history.push((left.created + SignedDuration::from_hours(48), leaves("1", &ALL)));
    let stage = stage(left).await;
    let schema = said(&stage, &["config", "schema"]).await.out;
    assert!(schema.contains("\"order+ship\""), "an editor knows the word");
    let dry = said(&stage, &["sync", "orders", "--dry-run"]).await.out;
    assert!(dry.contains("to enter"), "{dry}");
    let synced = said(&stage, &["sync", "orders", "--json"]).await.json_lines();
    assert_eq!(synced[0]["moved"][0]["state"], "packed");
    let packs = stage.epicor.packs();
    assert_eq!((packs.len(), packs[0].ship_date), (1, Some(jiff::civil::date(2026, 11, 12))));
    assert!(said(&stage, &["plan", ID]).await.out.contains("as packed"));
    let story = said(&stage, &["audit", "show", ID]).await.out;
    let pack = packs[0].pack_num.to_string();
    for text in ["to pack", "customer-shipment", "confirmed, packed", pack.as_str()] {
        assert!(story.contains(text), "{text}: {story}");
    }
    let status = said(&stage, &["status", ID, "--json"]).await.json_lines();
    assert_eq!(status[0]["state"], "packed");
    said(&stage, &["sync", "shipments"]).await;
    let asked = stage.amazon.requests();
    assert!(asked.iter().all(|request| request.operation != "confirmShipment"), "{asked:?}");
}

/// `sync orders --dry-run` and `plan` tell of a pack before it is made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pack_is_planned_before_it_is_made() {
    let stage = stage(order(ID, FulfilledBy::Amazon)).await;
    said(&stage, &["sync", "orders"]).await;
    assert!(stage.amazon.change_order(ID, leaves("1", &ALL)));
    stage.amazon.advance(std::time::Duration::from_mins(10));
    let dry = said(&stage, &["sync", "orders", "--dry-run"]).await.out;
    assert!(dry.contains("to pack") && dry.contains("1 would be written"), "{dry}");
    assert!(dry.contains("one pack of all that is open, shipped 2026-11-20"), "{dry}");
    assert_eq!(stage.epicor.packs(), []);
}

async fn stage(order: Order) -> Stage {
    let mut setting = Setting::new(Vec::new());
    setting.amazon = amazon::Options {
        orders: vec![order],
        today: Some(at("2026-11-20T12:00:00Z")),
        personal_data: true,
        ..amazon::Options::default()
    };
    let customer = "other_customer = \"AMAZON\"\n";
    let tables = TABLES.replace("2025-11-01", "2026-11-09");
    setting.tables = tables.replace(customer, &format!("{customer}fba = \"order+ship\"\n"));
    Stage::set(setting).await.expect("stand-ins start")
}

async fn said(stage: &Stage, args: &[&str]) -> Said {
    let said = run(stage.folder(), args).await;
    assert_eq!(said.code, 0, "{args:?}: {}\n{}", said.out, said.err);
    said
}
