use store::{ListFilter, NewSettlement, OrderKey, OrderTold, SettlementChange, Store};

use crate::samples::{
    US, about_posting, about_settlement, at, event, intend, key, minute, new_settlement, text_of,
};

/// Reads a settlement that ends on a day of October.
async fn read_ending(store: &Store, id: &str, day: u32, currency: &str) {
    let document = store.put_document("statement.txt", text_of(id).as_bytes()).await.unwrap();
    let new = NewSettlement {
        end: format!("2026-10-{day:02}T00:00:00Z"),
        currency: currency.to_owned(),
        ..new_settlement(id, document)
    };
    store.settlement_read(&new, &about_settlement(1, id)).await.unwrap();
}

pub(super) async fn settlements_are_listed_a_page_at_a_time_the_newest_first(store: &Store) {
    for (id, day) in [("811", 15), ("812", 29), ("810", 1)] {
        read_ending(store, id, day, "USD").await;
    }
    let change = SettlementChange {
        hold: Some(Some("[\"why\"]".to_owned())),
        plan: Some("{}".to_owned()),
        ..SettlementChange::default()
    };
    let told = about_settlement(2, "811");
    store.settlement_advance(&key("811"), "read", "held", &change, &told).await.unwrap();
    let ids = async |filter, offset, limit| {
        let (page, total) = store.settlement_page(filter, offset, limit).await.unwrap();
        let ids: Vec<_> = page.into_iter().map(|one| one.key.settlement_id).collect();
        (ids, total)
    };
    let all = ListFilter::default();
    assert_eq!(ids(all, 0, 2).await, (vec!["812".to_owned(), "811".to_owned()], 3));
    assert_eq!(ids(all, 2, 2).await, (vec!["810".to_owned()], 3));
    let held = ListFilter { state: Some("held"), ..all };
    let (page, total) = store.settlement_page(held, 0, 9).await.unwrap();
    assert_eq!((page.len(), total), (1, 1));
    assert_eq!((page[0].hold.as_deref(), page[0].updated), (Some("[\"why\"]"), minute(2)));
    assert_eq!((page[0].deposit.as_str(), page[0].rows), ("-12.34", 1204));
    let elsewhere = ListFilter { connection: Some("de"), ..all };
    assert_eq!(ids(elsewhere, 0, 9).await, (Vec::new(), 0));
}

pub(super) async fn the_settlement_before_is_of_the_same_currency(store: &Store) {
    for (id, day, currency) in
        [("810", 1, "USD"), ("811", 15, "EUR"), ("813", 15, "USD"), ("812", 15, "USD")]
    {
        read_ending(store, id, day, currency).await;
    }
    let before = async |id: &str| {
        let record = store.settlement(&key(id)).await.unwrap().unwrap();
        let before = store.settlement_before(&record).await.unwrap();
        before.map(|record| record.key.settlement_id)
    };
    assert_eq!(before("813").await.as_deref(), Some("812"), "of two that end together the other");
    assert_eq!(before("812").await.as_deref(), Some("810"));
    assert_eq!(before("810").await, None);
    assert_eq!(before("811").await, None);
}

pub(super) async fn documents_are_known_by_either_side(store: &Store) {
    crate::samples::read(store, 1, "810").await;
    intend(store, 2, "810", &["810-a", "810-b"]).await;
    let change = at(3, None, Some("{\"number\":\"1_7\",\"note\":\"\"}"));
    let told = about_posting(3, "810", "810-a");
    store.posting_advance("810-a", "intended", "confirmed", &change, &told).await.unwrap();
    let known = async |text: &str| -> Vec<_> {
        let found = store.postings_known_by(text).await.unwrap();
        found.into_iter().map(|posting| posting.key).collect()
    };
    assert_eq!(known("1_7").await, ["810-a"]);
    assert!(known("127").await.is_empty(), "no letter of it stands for another");
    assert!(known("1").await.is_empty(), "half a number is none");
    assert!(known("%").await.is_empty());
    assert_eq!(known("ML810-b").await, ["810-b"]);
    assert_eq!(known("810-a").await, ["810-a"]);
    assert_eq!(known("AMZ0001").await, ["810-a", "810-b"]);
}

pub(super) async fn orders_are_listed_by_what_changed_last(store: &Store) {
    for (id, minutes, state) in [("1", 1, "waiting"), ("2", 3, "entered"), ("3", 2, "waiting")] {
        let order = OrderKey { connection: US.to_owned(), order_id: id.to_owned() };
        let (status, payload) = ("UNSHIPPED".to_owned(), "{}".to_owned());
        let told = OrderTold { status, changed: minute(minutes), payload };
        let about = event(5, id, &format!("order {id}"));
        store.order_told(&order, &told, (state, None), &about).await.unwrap();
        assert!(store.shipments_of(&order).await.unwrap().is_empty());
    }
    let ids = async |state, offset, limit| {
        let filter = ListFilter { connection: Some(US), state };
        let (page, total) = store.order_page(filter, offset, limit).await.unwrap();
        let ids: Vec<_> = page.into_iter().map(|order| order.key.order_id).collect();
        (ids.join(" "), total)
    };
    assert_eq!(ids(None, 0, 9).await, ("2 3 1".to_owned(), 3));
    assert_eq!(ids(Some("waiting"), 1, 1).await, ("1".to_owned(), 2));
}
