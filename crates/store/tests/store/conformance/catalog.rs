use store::{Error, ListingRecord, ListingsKept, MappedTo, MappingKey, Store};

use crate::samples::{US, event, intent, minute};

fn listing(marketplace: &str, sku: &str, state: &str) -> ListingRecord {
    ListingRecord {
        marketplace: marketplace.to_owned(),
        sku: sku.to_owned(),
        asin: "B000000001".to_owned(),
        title: "A mug".to_owned(),
        status: "Active".to_owned(),
        channel: "DEFAULT".to_owned(),
        gtin: None,
        state: state.to_owned(),
        part: (state == "matched").then(|| "1001".to_owned()),
        alignment: "{}".to_owned(),
    }
}

pub(super) async fn listings_take_the_place_of_those_before(store: &Store) {
    let about = event(1, "catalog", "listings");
    let first = [listing("B", "MUG", "missing"), listing("A", "MUG", "missing")];
    let kept = store.listings_kept(US, &first, &about).await.unwrap();
    assert_eq!(kept, ListingsKept { new: 2, changed: 0, gone: 0 });
    let then = [listing("A", "MUG", "matched"), listing("A", "TEE", "missing")];
    let kept = store.listings_kept(US, &then, &about).await.unwrap();
    assert_eq!(kept, ListingsKept { new: 1, changed: 1, gone: 1 });
    let kept = store.listings_kept(US, &then, &about).await.unwrap();
    assert_eq!(kept, ListingsKept::default());
    assert_eq!(store.listings(US, None).await.unwrap(), then);
    assert_eq!(store.listings(US, Some("missing")).await.unwrap(), then[1..]);
    assert_eq!(store.listings("de", None).await.unwrap(), []);
    assert_eq!(store.events_of("catalog").await.unwrap().len(), 3);
}

pub(super) async fn a_mapping_moves_with_its_cross_references(store: &Store) {
    let key = MappingKey { connection: US.to_owned(), sku: "MUG-6".to_owned() };
    let to = |part: &str| MappedTo { part: part.to_owned(), unit: None, multiple: 6 };
    let about = event(1, "MUG-6", "SKU MUG-6");
    store.mapping_accepted(&key, &to("1001"), (None, "accepted"), &about).await.unwrap();
    let twice = store.mapping_accepted(&key, &to("1009"), (None, "accepted"), &about).await;
    assert!(matches!(twice, Err(Error::AlreadyThere { .. })));
    let (moved, later) = (("accepted", "writing"), event(2, "MUG-6", "SKU MUG-6"));
    let intents = [intent("us/cross-reference/AMZ/MUG-6/r0")];
    store.mapping_advance(&key, moved, None, &intents, &later).await.unwrap();
    let kept = store.mapping(&key).await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.revision, kept.to), ("writing", 1, to("1001")));
    assert_eq!((kept.created, kept.updated), (minute(1), minute(2)));
    assert_eq!(store.postings_of(&key).await.unwrap().len(), 1);
    let stale = store.mapping_advance(&key, moved, None, &[], &later).await;
    assert!(matches!(stale, Err(Error::Stale { ref actual, .. }) if actual == "writing"));

    let moved_on = (Some("accepted"), "accepted");
    let stale = store.mapping_accepted(&key, &to("1002"), moved_on, &later).await;
    assert!(matches!(stale, Err(Error::Stale { ref actual, .. }) if actual == "writing"));
    let queued = (Some("writing"), "writing");
    store.mapping_accepted(&key, &to("1002"), queued, &later).await.unwrap();
    for (connection, state, count) in [
        (Some(US), "writing", 1),
        (None, "writing", 1),
        (Some("de"), "writing", 0),
        (None, "held", 0),
    ] {
        assert_eq!(store.mappings_in(connection, state).await.unwrap().len(), count);
    }
    let listed = store.mappings(US).await.unwrap();
    assert_eq!((listed.len(), &listed[0].to, listed[0].revision), (1, &to("1002"), 1));
    let other = MappingKey { sku: "TEE".to_owned(), ..key };
    let unknown = store.mapping_accepted(&other, &to("1"), moved_on, &later).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
    let unknown = store.mapping_advance(&other, moved, None, &intents, &later).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
    assert_eq!(store.events_of("MUG-6").await.unwrap().len(), 3);
}
