use jiff::civil::date;
use store::{
    DocumentHash, NewAlert, NewEvent, NewSettlement, OldOrders, OrderKey, OrderTold, Store,
};

use crate::samples::{US, about_settlement, event, new_settlement, text_of};

async fn read(store: &Store, minutes: i64, id: &str, end: &str) -> DocumentHash {
    let document = store.put_document(id, text_of(id).as_bytes()).await.unwrap();
    let new = NewSettlement { end: end.to_owned(), ..new_settlement(id, document) };
    store.settlement_read(&new, &about_settlement(minutes, id)).await.unwrap();
    document
}

pub(super) async fn documents_of_old_settlements_go_and_leave_a_certificate(store: &Store) {
    let old = read(store, 1, "810", "2016-01-31T10:00:00+00:00").await;
    let young = read(store, 2, "811", "2016-02-01T00:00:00+00:00").await;
    let before = date(2016, 2, 1);
    assert_eq!(store.documents_due(US, before, &["read"]).await.unwrap(), [old]);
    assert_eq!(store.documents_due(US, before, &["posted"]).await.unwrap(), [], "another state");
    assert_eq!(store.documents_due("de", before, &["read"]).await.unwrap(), [], "not its own");

    let purged = NewEvent { action: "purged".to_owned(), ..event(3, "purge", "documents") };
    assert_eq!(store.purge_documents(US, before, &["read"], &purged).await.unwrap(), [old]);
    assert_eq!(store.document(&old).await.unwrap(), None);
    assert_eq!(store.document_purged(&old).await.unwrap(), Some(purged.at));
    assert_eq!(store.document_purged(&young).await.unwrap(), None);
    assert!(store.document(&young).await.unwrap().is_some());
    assert_eq!(store.settlements(None).await.unwrap().len(), 2, "what is known of it stays");
    let [certificate] = store.events_of("purge").await.unwrap().try_into().unwrap();
    assert_eq!(certificate.detail["documents"], serde_json::json!([old.to_string()]));
    assert_eq!(certificate.detail["settlements_ended_before"], "2016-02-01");

    assert_eq!(store.purge_documents(US, before, &["read"], &purged).await.unwrap(), []);
    assert_eq!(store.put_document("again", text_of("810").as_bytes()).await.unwrap(), old);
    assert!(store.document(&old).await.unwrap().is_some(), "a person brought it again");
    assert_eq!(store.document_purged(&old).await.unwrap(), None);
    assert_eq!(store.verify_audit().await.unwrap().events(), 3, "no certificate of nothing");
}

const OLD: OldOrders<'_> = OldOrders {
    before: date(2027, 1, 1),
    order_states: &["entered"],
    shipment_states: &["confirmed"],
};

pub(super) async fn old_orders_go_with_their_packs_and_leave_a_certificate(store: &Store) {
    for (id, state) in [("111-1", "entered"), ("111-2", "waiting"), ("111-3", "entered")] {
        let key = OrderKey { connection: US.to_owned(), order_id: id.to_owned() };
        let told = OrderTold {
            status: "SHIPPED".to_owned(),
            changed: crate::samples::minute(1),
            payload: "{}".to_owned(),
        };
        store.order_told(&key, &told, (state, None), &event(1, id, id)).await.unwrap();
        if id != "111-2" {
            let key = store::ShipmentKey {
                connection: US.to_owned(),
                pack_num: format!("9{id}"),
                order_id: id.to_owned(),
            };
            let state = if id == "111-1" { "confirmed" } else { "waiting" };
            store.shipment_seen(&key, "{}", state, &event(2, id, id)).await.unwrap();
        }
    }
    let early = OldOrders { before: date(2026, 1, 1), ..OLD };
    assert_eq!(store.orders_due(US, early).await.unwrap(), [""; 0], "not old enough");
    assert_eq!(store.orders_due("de", OLD).await.unwrap(), [""; 0], "not its own");
    let due = store.orders_due(US, OLD).await.unwrap();
    assert_eq!(due, ["111-1"], "one waits, of one a pack does");

    let purged = NewEvent { action: "purged".to_owned(), ..event(3, "purge", "orders") };
    assert_eq!(store.purge_orders(US, OLD, &purged).await.unwrap(), ["111-1"]);
    let key = |id: &str| OrderKey { connection: US.to_owned(), order_id: id.to_owned() };
    assert_eq!(store.order(&key("111-1")).await.unwrap(), None);
    assert!(store.order(&key("111-3")).await.unwrap().is_some());
    let [certificate] = store.events_of("purge").await.unwrap().try_into().unwrap();
    assert_eq!(certificate.detail["orders"], serde_json::json!(["111-1"]));
    assert_eq!(store.events_of("111-1").await.unwrap().len(), 2, "its story stays");
    assert_eq!(store.purge_orders(US, OLD, &purged).await.unwrap(), [""; 0]);
    assert_eq!(store.events_of("purge").await.unwrap().len(), 1, "no certificate of nothing");
    store.verify_audit().await.unwrap();
}

pub(super) async fn alerts_whose_end_nobody_could_be_told_go_in_time(store: &Store) {
    let alert = NewAlert {
        key: "held settlement 81".to_owned(),
        kind: "held".to_owned(),
        stage: String::new(),
        message: "{}".to_owned(),
    };
    let at = crate::samples::minute;
    store.alerts_found(US, &["held"], std::slice::from_ref(&alert), at(1)).await.unwrap();
    let raised = store.alerts(Some(US)).await.unwrap();
    store.alerts_told(US, "a channel of old", &raised, at(2)).await.unwrap();
    assert_eq!(store.alerts_due(US, date(2027, 1, 1)).await.unwrap(), [""; 0], "it stands");
    store.alerts_found(US, &["held"], &[], at(3)).await.unwrap();
    let due = store.alerts_due(US, date(2027, 1, 1)).await.unwrap();
    assert_eq!(due, [alert.key.as_str()]);
    let purged = NewEvent { action: "purged".to_owned(), ..event(4, "purge", "alerts") };
    assert_eq!(store.purge_alerts(US, date(2027, 1, 1), &purged).await.unwrap(), due);
    assert_eq!(store.alerts_due(US, date(2027, 1, 1)).await.unwrap(), [""; 0]);
    assert_eq!(store.events_of("purge").await.unwrap().len(), 1);
}
