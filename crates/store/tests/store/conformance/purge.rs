use jiff::civil::date;
use store::{DocumentHash, NewEvent, NewSettlement, Store};

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
    assert_eq!(store.documents_due(US, before, "read").await.unwrap(), [old]);
    assert_eq!(store.documents_due(US, before, "posted").await.unwrap(), [], "another state");
    assert_eq!(store.documents_due("de", before, "read").await.unwrap(), [], "not its own");

    let purged = NewEvent { action: "purged".to_owned(), ..event(3, "purge", "documents") };
    assert_eq!(store.purge_documents(US, before, "read", &purged).await.unwrap(), [old]);
    assert_eq!(store.document(&old).await.unwrap(), None);
    assert!(store.document(&young).await.unwrap().is_some());
    assert_eq!(store.settlements(None).await.unwrap().len(), 2, "what is known of it stays");
    let [certificate] = store.events_of("purge").await.unwrap().try_into().unwrap();
    assert_eq!(certificate.detail["documents"], serde_json::json!([old.to_string()]));
    assert_eq!(certificate.detail["settlements_ended_before"], "2016-02-01");

    assert_eq!(store.purge_documents(US, before, "read", &purged).await.unwrap(), []);
    assert_eq!(store.verify_audit().await.unwrap().events(), 3, "no certificate of nothing");
}
