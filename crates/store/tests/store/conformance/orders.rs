use store::{Error, NewEvent, OrderKey, OrderMove, OrderTold, Poll, Store};

use crate::samples::{US, event, intent, minute};

fn key(id: &str) -> OrderKey {
    OrderKey { connection: US.to_owned(), order_id: id.to_owned() }
}

fn told(minutes: i64, status: &str) -> OrderTold {
    let payload = format!("{{\"status\":\"{status}\"}}");
    OrderTold { status: status.to_owned(), changed: minute(minutes), payload }
}

fn about_order(minutes: i64, id: &str) -> NewEvent {
    event(minutes, id, &format!("order {id}"))
}

async fn new(store: &Store, id: &str, state: &str) -> bool {
    let told = told(1, "UNSHIPPED");
    store.order_told(&key(id), &told, (state, None), &about_order(2, id)).await.unwrap()
}

pub(super) async fn an_order_is_new_once(store: &Store) {
    assert!(new(store, "111-1", "pending").await);
    assert!(!new(store, "111-1", "waiting").await);
    let kept = store.order(&key("111-1")).await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.told), ("pending", told(1, "UNSHIPPED")));
    assert_eq!((kept.hold, kept.entered, kept.order_num, kept.revision), (None, None, None, 0));
    assert_eq!((kept.created, kept.updated), (minute(2), minute(2)));
    let events = store.events_of("111-1").await.unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].from.as_deref(), events[0].to.as_deref()), (None, Some("pending")));
    assert_eq!(store.order(&key("111-2")).await.unwrap(), None);
}

pub(super) async fn an_order_changes_only_what_is_asked(store: &Store) {
    new(store, "111-1", "pending").await;
    let advance = async |minutes, from, to, change: OrderMove| {
        let event = about_order(minutes, "111-1");
        store.order_advance(&key("111-1"), from, to, &change, &event).await.unwrap();
        store.order(&key("111-1")).await.unwrap().unwrap()
    };
    let hold = OrderMove { hold: Some(Some("[]".to_owned())), ..OrderMove::default() };
    let waiting = advance(3, "pending", "waiting", hold).await;
    assert_eq!((waiting.hold.as_deref(), waiting.updated), (Some("[]"), minute(3)));
    let entered = OrderMove {
        told: Some(told(4, "SHIPPED")),
        entered: Some("{}".to_owned()),
        order_num: Some("5001".to_owned()),
        ..OrderMove::default()
    };
    let entered = advance(5, "waiting", "entered", entered).await;
    assert_eq!((entered.told.clone(), entered.hold.as_deref()), (told(4, "SHIPPED"), Some("[]")));
    let cleared = OrderMove { hold: Some(None), ..OrderMove::default() };
    let cleared = advance(6, "entered", "entered", cleared).await;
    assert_eq!((cleared.hold, cleared.entered.as_deref()), (None, Some("{}")));
    let numbered = store.order_numbered(US, "5001").await.unwrap();
    assert_eq!(numbered.map(|record| record.key), Some(key("111-1")));
    assert_eq!(store.order_numbered(US, "5002").await.unwrap(), None);
}

pub(super) async fn a_refused_move_changes_nothing(store: &Store) {
    new(store, "111-1", "pending").await;
    let before = store.order(&key("111-1")).await.unwrap();
    let change = OrderMove { entered: Some("{}".to_owned()), ..OrderMove::default() };
    let event = about_order(3, "111-1");
    let stale = store.order_advance(&key("111-1"), "waiting", "entered", &change, &event).await;
    assert!(matches!(stale, Err(Error::Stale { ref actual, .. }) if actual == "pending"));
    let unknown = store.order_advance(&key("111-9"), "waiting", "entered", &change, &event).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
    assert_eq!(store.order(&key("111-1")).await.unwrap(), before);
    assert_eq!(store.verify_audit().await.unwrap().events(), 1);
}

pub(super) async fn orders_are_listed_and_counted_by_state(store: &Store) {
    for (id, state) in [("111-3", "waiting"), ("111-1", "entered"), ("111-2", "waiting")] {
        new(store, id, state).await;
    }
    let ids = async |connection, state| -> Vec<_> {
        let found = store.orders(connection, state).await.unwrap();
        found.into_iter().map(|record| record.key.order_id).collect()
    };
    assert_eq!(ids(None, None).await, ["111-1", "111-2", "111-3"]);
    assert_eq!(ids(Some(US), Some("waiting")).await, ["111-2", "111-3"]);
    assert!(ids(Some("de"), None).await.is_empty());
    let counts = store.order_counts(US).await.unwrap();
    assert_eq!(counts, [("entered".to_owned(), 1), ("waiting".to_owned(), 2)]);
}

pub(super) async fn a_list_is_read_window_by_window(store: &Store) {
    assert_eq!(store.poll(US, "orders").await.unwrap(), None);
    let window =
        Poll { since: minute(1), until: Some(minute(9)), page: Some("next+page/".to_owned()) };
    store.polled(US, "orders", &window, None).await.unwrap();
    assert_eq!(store.poll(US, "orders").await.unwrap(), Some(window));
    let closed = Poll { since: minute(9), until: None, page: None };
    let event = event(10, "orders", "window of orders");
    store.polled(US, "orders", &closed, Some(&event)).await.unwrap();
    assert_eq!(store.poll(US, "orders").await.unwrap(), Some(closed));
    assert_eq!(store.poll(US, "packs").await.unwrap(), None);
    assert_eq!(store.events_of("orders").await.unwrap().len(), 1);
}

pub(super) async fn an_intent_comes_with_the_transition_and_counts(store: &Store) {
    new(store, "111-1", "waiting").await;
    let moved = ("waiting", "entering");
    let record = async |minutes, posting: &str| {
        let (change, event) = (OrderMove::default(), about_order(minutes, "111-1"));
        store.order_intended(&key("111-1"), moved, &change, &[intent(posting)], &event).await
    };
    record(3, "111-1/r0").await.unwrap();
    let kept = store.order(&key("111-1")).await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.revision), ("entering", 1));
    let postings = store.postings_of(&key("111-1")).await.unwrap();
    assert_eq!(postings.len(), 1);
    assert_eq!((postings[0].key.as_str(), postings[0].record.id.as_str()), ("111-1/r0", "111-1"));
    assert!(matches!(record(4, "111-1/r1").await, Err(Error::Stale { .. })));
    assert_eq!(store.postings_of(&key("111-1")).await.unwrap().len(), 1);
}

pub(super) async fn an_order_of_two_connections_is_known_to_both(store: &Store) {
    new(store, "111-1", "waiting").await;
    assert_eq!(store.order_elsewhere(&key("111-1")).await.unwrap(), []);
    let theirs = OrderKey { connection: "de".to_owned(), ..key("111-1") };
    let event = NewEvent { connection: "de".to_owned(), ..about_order(2, "111-1") };
    let told = told(1, "UNSHIPPED");
    assert!(store.order_told(&theirs, &told, ("pending", None), &event).await.unwrap());
    new(store, "111-2", "pending").await;

    let there = store.order(&theirs).await.unwrap().unwrap();
    assert_eq!(store.order_elsewhere(&key("111-1")).await.unwrap(), [there]);
    let here = store.order(&key("111-1")).await.unwrap().unwrap();
    assert_eq!(store.order_elsewhere(&theirs).await.unwrap(), [here]);
    assert_eq!(store.order_elsewhere(&key("111-2")).await.unwrap(), []);
}
