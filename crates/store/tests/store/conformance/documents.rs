use proptest::prelude::*;
use store::{DocumentHash, Store};

pub(super) fn any_bytes_come_back(store: &Store) {
    let bytes = proptest::collection::vec(any::<u8>(), 0..4096);
    let repeats = 0..64usize;
    proptest!(ProptestConfig::with_cases(48), |(bytes in bytes, repeats in repeats)| {
        let bytes = bytes.repeat(repeats);
        let hash = store.put_document("any", &bytes).unwrap();
        prop_assert_eq!(hash, DocumentHash::of(&bytes));
        let kept = store.document(&hash).unwrap().unwrap();
        prop_assert_eq!((kept.hash, kept.bytes), (hash, bytes));
    });
}

pub(super) fn the_same_bytes_are_kept_once(store: &Store) {
    let first = store.put_document("first.txt", b"rows").unwrap();
    let second = store.put_document("second.txt", b"rows").unwrap();
    assert_eq!(first, second);
    assert_eq!(store.document(&first).unwrap().unwrap().name, "first.txt");
}

pub(super) fn an_unknown_document_is_none(store: &Store) {
    assert_eq!(store.document(&DocumentHash::of(b"never kept")).unwrap(), None);
}
