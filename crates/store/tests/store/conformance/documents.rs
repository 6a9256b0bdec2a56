use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use store::{DocumentHash, Store};

pub(super) async fn any_bytes_come_back(store: &Store) {
    let any = (proptest::collection::vec(any::<u8>(), 0..4096), 0..64usize);
    let mut runner = TestRunner::deterministic();
    for _ in 0..48 {
        let (bytes, repeats) = any.new_tree(&mut runner).unwrap().current();
        let bytes = bytes.repeat(repeats);
        let hash = store.put_document("any", &bytes).await.unwrap();
        assert_eq!(hash, DocumentHash::of(&bytes));
        let kept = store.document(&hash).await.unwrap().unwrap();
        assert_eq!((kept.hash, kept.bytes), (hash, bytes));
    }
}

pub(super) async fn the_same_bytes_are_kept_once(store: &Store) {
    let first = store.put_document("first.txt", b"rows").await.unwrap();
    let second = store.put_document("second.txt", b"rows").await.unwrap();
    assert_eq!(first, second);
    assert_eq!(store.document(&first).await.unwrap().unwrap().name, "first.txt");
}

pub(super) async fn an_unknown_document_is_none(store: &Store) {
    assert_eq!(store.document(&DocumentHash::of(b"never kept")).await.unwrap(), None);
}
