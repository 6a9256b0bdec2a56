use std::sync::Arc;

use store::{CHECKPOINT_EVERY, Checkpoint, DocumentHash, Store};

use crate::samples::{Seal, US, event, minute};

async fn append(store: &Store, minutes: std::ops::RangeInclusive<u64>) {
    for minutes in minutes {
        let minutes = i64::try_from(minutes).unwrap();
        store.append(&event(minutes, "810", "settlement 810")).await.unwrap();
    }
}

fn seqs(checkpoints: &[Checkpoint]) -> Vec<u64> {
    checkpoints.iter().map(|checkpoint| checkpoint.seq).collect()
}

pub(super) async fn every_hundredth_event_is_vouched_for(store: &Store) {
    let store = store.clone().signed_by(Arc::new(Seal));
    append(&store, 1..=2 * CHECKPOINT_EVERY + 7).await;
    let checkpoints = store.checkpoints(US).await.unwrap();
    assert_eq!(seqs(&checkpoints), [CHECKPOINT_EVERY, 2 * CHECKPOINT_EVERY]);
    let lines = store.audit_lines(US, CHECKPOINT_EVERY - 1).await.unwrap();
    let [first, _] = &checkpoints[..] else { panic!("two") };
    assert_eq!(first.head, lines[0].hash);
    assert_eq!(first.at, minute(i64::try_from(CHECKPOINT_EVERY).unwrap()));
    // The text is written out here, so that a change of its form cannot go unnoticed.
    let text = format!(
        r#"["ml-connector audit checkpoint 1","us",100,"{}","{}","seal"]"#,
        first.head, first.at
    );
    assert_eq!(first.text(), text.as_bytes());
    assert_eq!(first.signature, DocumentHash::of(text.as_bytes()).to_string());
    let check = store.verify_audit().await.unwrap();
    assert_eq!(check.vouched.get(US), Some(&(2 * CHECKPOINT_EVERY)));
}

pub(super) async fn the_end_of_the_work_is_vouched_for_once(store: &Store) {
    let store = store.clone().signed_by(Arc::new(Seal));
    store.checkpoint(US, minute(0)).await.unwrap();
    assert_eq!(store.checkpoints(US).await.unwrap(), [], "there is nothing to vouch for");
    append(&store, 1..=3).await;
    for minutes in 4..=5 {
        store.checkpoint(US, minute(minutes)).await.unwrap();
    }
    let checkpoints = store.checkpoints(US).await.unwrap();
    assert_eq!((seqs(&checkpoints), checkpoints[0].at), (vec![3], minute(4)));
    append(&store, 4..=4).await;
    store.checkpoint(US, minute(6)).await.unwrap();
    assert_eq!(seqs(&store.checkpoints(US).await.unwrap()), [3, 4]);
    assert_eq!(store.verify_audit().await.unwrap().vouched.get(US), Some(&4));
}

pub(super) async fn without_a_signer_nobody_vouches(store: &Store) {
    append(store, 1..=CHECKPOINT_EVERY).await;
    store.checkpoint(US, minute(0)).await.unwrap();
    assert_eq!(store.checkpoints(US).await.unwrap(), []);
    assert_eq!(store.verify_audit().await.unwrap().vouched.get(US), None);
}
