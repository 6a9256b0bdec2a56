use store::{Error, ShipmentKey, ShipmentMove, Store};

use crate::samples::{US, event, intent, minute};

fn key(pack: &str, order: &str) -> ShipmentKey {
    ShipmentKey { connection: US.to_owned(), pack_num: pack.to_owned(), order_id: order.to_owned() }
}

async fn seen(store: &Store, pack: &str, order: &str) -> bool {
    let about = event(1, order, &format!("pack {pack}"));
    store.shipment_seen(&key(pack, order), "{\"tracking\":\"1Z\"}", "seen", &about).await.unwrap()
}

pub(super) async fn a_pack_is_new_once_for_each_order(store: &Store) {
    assert!(seen(store, "10", "111-1").await);
    assert!(seen(store, "9", "111-2").await);
    assert!(seen(store, "9", "111-1").await);
    assert!(!seen(store, "9", "111-1").await);
    let listed: Vec<_> = store.shipments(Some(US), None).await.unwrap();
    let listed: Vec<_> = listed.into_iter().map(|record| record.key).collect();
    assert_eq!(listed, [key("9", "111-1"), key("9", "111-2"), key("10", "111-1")]);
    let kept = store.shipment(&key("10", "111-1")).await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.hold, kept.revision), ("seen", None, 0));
    assert_eq!((kept.created, kept.updated), (minute(1), minute(1)));
    assert_eq!(store.events_of("111-1").await.unwrap().len(), 2);
}

pub(super) async fn a_corrected_pack_moves_with_its_content(store: &Store) {
    seen(store, "9", "111-1").await;
    let corrected = "{\"tracking\":\"1Z9\"}".to_owned();
    let change = ShipmentMove { content: Some(corrected.clone()), hold: None };
    let about = event(2, "111-1", "pack 9");
    store.shipment_advance(&key("9", "111-1"), "seen", "seen", &change, &about).await.unwrap();
    let held = ShipmentMove { content: None, hold: Some(Some("[]".to_owned())) };
    let about = event(3, "111-1", "pack 9");
    store.shipment_advance(&key("9", "111-1"), "seen", "waiting", &held, &about).await.unwrap();
    let kept = store.shipment(&key("9", "111-1")).await.unwrap().unwrap();
    assert_eq!((kept.content, kept.state.as_str()), (corrected, "waiting"));
    assert_eq!((kept.hold.as_deref(), kept.updated), (Some("[]"), minute(3)));
    assert_eq!(store.shipments(None, Some("seen")).await.unwrap(), []);
}

pub(super) async fn a_refused_move_changes_nothing(store: &Store) {
    seen(store, "9", "111-1").await;
    let change = ShipmentMove { content: Some("{}".to_owned()), hold: None };
    let about = event(2, "111-1", "pack 9");
    let pack = key("9", "111-1");
    let stale = store.shipment_advance(&pack, "confirmed", "seen", &change, &about).await;
    assert!(matches!(stale, Err(Error::Stale { ref actual, .. }) if actual == "seen"));
    let other = key("8", "111-1");
    let unknown = store.shipment_advance(&other, "seen", "confirmed", &change, &about).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
    assert_eq!(store.verify_audit().await.unwrap().events(), 1);
}

pub(super) async fn an_intent_belongs_to_the_story_of_the_order(store: &Store) {
    for (pack, posting) in [("9", "111-1/9/r0"), ("10", "111-1/10/r0")] {
        seen(store, pack, "111-1").await;
        let (change, about) = (ShipmentMove::default(), event(2, "111-1", &format!("pack {pack}")));
        let (pack, moved) = (key(pack, "111-1"), ("seen", "confirming"));
        let intents = [intent(posting)];
        store.shipment_intended(&pack, moved, &change, &intents, &about).await.unwrap();
        assert_eq!(store.shipment(&pack).await.unwrap().unwrap().revision, 1);
        let again = store.shipment_intended(&pack, moved, &change, &intents, &about).await;
        assert!(matches!(again, Err(Error::Stale { .. })));
    }
    let postings = store.postings_of(&key("9", "111-1")).await.unwrap();
    let keys: Vec<_> = postings.iter().map(|posting| posting.key.as_str()).collect();
    assert_eq!(keys, ["111-1/9/r0", "111-1/10/r0"]);
}
