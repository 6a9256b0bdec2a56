use std::time::Duration;

use store::{Error, Store};

use crate::samples::{about_settlement, key, minute, read};

const MINUTE: Duration = Duration::from_mins(1);

pub(super) async fn a_lane_has_one_holder(store: &Store) {
    let first = store.lane_claim("us", "a", MINUTE, minute(0)).await.unwrap().unwrap();
    assert_eq!((first.lane.as_str(), first.owner.as_str(), first.fence), ("us", "a", 1));
    assert_eq!(store.lane_claim("us", "b", MINUTE, minute(0)).await.unwrap(), None);
    assert_eq!(store.lane_claim("us", "a", MINUTE, minute(0)).await.unwrap(), None);
    let other = store.lane_claim("de", "b", MINUTE, minute(0)).await.unwrap().unwrap();
    assert_eq!(other.fence, 1);
    assert!(store.lane_renew(&first, MINUTE, minute(0)).await.unwrap());
}

pub(super) async fn an_expired_lane_goes_to_the_next(store: &Store) {
    let first = store.lane_claim("us", "a", Duration::ZERO, minute(0)).await.unwrap().unwrap();
    let second = store.lane_claim("us", "b", MINUTE, minute(1)).await.unwrap().unwrap();
    assert_eq!((second.owner.as_str(), second.fence), ("b", first.fence + 1));
    assert!(!store.lane_renew(&first, MINUTE, minute(1)).await.unwrap());
    assert!(store.lane_renew(&second, MINUTE, minute(1)).await.unwrap());
}

pub(super) async fn a_holder_that_comes_late_writes_nothing(store: &Store) {
    read(store, 1, "810").await;
    let first = store.lane_claim("us", "a", Duration::ZERO, minute(0)).await.unwrap().unwrap();
    let late = store.under(first);
    let advance = async |store: &Store, from, to, minutes| {
        let event = about_settlement(minutes, "810");
        store.settlement_advance(&key("810"), from, to, &Default::default(), &event).await
    };
    advance(&late, "read", "mapped", 2).await.unwrap();

    let second = store.lane_claim("us", "b", MINUTE, minute(3)).await.unwrap().unwrap();
    let refused = advance(&late, "mapped", "ready", 4).await;
    assert!(matches!(refused, Err(Error::LeaseLost { ref lane, .. }) if lane == "us"));
    let refused = late.append(&about_settlement(4, "810")).await;
    assert!(matches!(refused, Err(Error::LeaseLost { .. })));
    assert_eq!(store.settlement(&key("810")).await.unwrap().unwrap().state, "mapped");
    assert_eq!(store.verify_audit().await.unwrap().events(), 2);

    advance(&store.under(second), "mapped", "ready", 5).await.unwrap();
}

pub(super) async fn a_released_lane_is_free_at_once(store: &Store) {
    let first = store.lane_claim("us", "a", MINUTE, minute(0)).await.unwrap().unwrap();
    store.lane_release(&first, minute(0)).await.unwrap();
    let second = store.lane_claim("us", "b", MINUTE, minute(0)).await.unwrap().unwrap();
    store.lane_release(&first, minute(0)).await.unwrap();
    assert_eq!(store.lane_claim("us", "c", MINUTE, minute(0)).await.unwrap(), None);
    assert!(store.lane_renew(&second, MINUTE, minute(0)).await.unwrap());
}
