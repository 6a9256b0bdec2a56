use store::{AlertRecord, NewAlert, Store};

use crate::samples::{US, minute};

const KINDS: [&str; 2] = ["held", "failed"];

fn held(id: &str, stage: &str) -> NewAlert {
    NewAlert {
        key: format!("held settlement {id}"),
        kind: "held".to_owned(),
        stage: stage.to_owned(),
        message: format!("settlement {id}: {stage}"),
    }
}

async fn known(store: &Store) -> Vec<AlertRecord> {
    store.alerts(Some(US)).await.unwrap()
}

async fn tell(store: &Store, channel: &str, at: i64) {
    let told = known(store).await;
    store.alerts_told(US, channel, &told, minute(at)).await.unwrap();
}

pub(super) async fn an_alert_is_raised_once_and_told_to_each_channel(store: &Store) {
    store.alerts_found(US, &KINDS, &[held("1", "a")], minute(1)).await.unwrap();
    tell(store, "mail", 2).await;
    store.alerts_found(US, &KINDS, &[held("1", "a"), held("2", "a")], minute(3)).await.unwrap();
    let [one, two] = known(store).await.try_into().unwrap();
    assert_eq!((one.raised, one.cleared, one.told["mail"]), (minute(1), None, minute(2)));
    assert_eq!(
        (two.raised, two.told.len(), two.message.as_str()),
        (minute(3), 0, "settlement 2: a")
    );
    tell(store, "mail", 4).await;
    tell(store, "hook", 5).await;
    let [one, _] = known(store).await.try_into().unwrap();
    assert_eq!((one.told["mail"], one.told["hook"]), (minute(4), minute(5)));
}

pub(super) async fn another_stage_is_told_anew(store: &Store) {
    store.alerts_found(US, &KINDS, &[held("1", "a")], minute(1)).await.unwrap();
    tell(store, "mail", 2).await;
    store.alerts_found(US, &KINDS, &[held("1", "b")], minute(3)).await.unwrap();
    let [one] = known(store).await.try_into().unwrap();
    assert_eq!((one.raised, one.told.len(), one.stage.as_str()), (minute(1), 0, "b"));
}

pub(super) async fn what_is_over_is_kept_until_all_who_were_told_know(store: &Store) {
    store.alerts_found(US, &KINDS, &[held("1", "a"), held("2", "a")], minute(1)).await.unwrap();
    let [one, _] = known(store).await.try_into().unwrap();
    for channel in ["mail", "hook"] {
        store.alerts_told(US, channel, std::slice::from_ref(&one), minute(2)).await.unwrap();
    }
    // Nobody was told of the second; of the first two were.
    store.alerts_found(US, &KINDS, &[], minute(3)).await.unwrap();
    let [one] = known(store).await.try_into().unwrap();
    assert_eq!(one.cleared, Some(minute(3)));
    tell(store, "mail", 4).await;
    assert_eq!(known(store).await[0].told.keys().collect::<Vec<_>>(), ["hook"]);
    tell(store, "hook", 5).await;
    assert_eq!(known(store).await, []);

    // Found again, it is a new one, also while some are still to be told that it was over.
    store.alerts_found(US, &KINDS, &[held("1", "a")], minute(6)).await.unwrap();
    tell(store, "mail", 7).await;
    store.alerts_found(US, &KINDS, &[], minute(8)).await.unwrap();
    store.alerts_found(US, &KINDS, &[held("1", "a")], minute(9)).await.unwrap();
    let [one] = known(store).await.try_into().unwrap();
    assert_eq!((one.raised, one.cleared, one.told.len()), (minute(9), None, 0));
}

pub(super) async fn only_what_was_looked_for_is_over(store: &Store) {
    store.alerts_found(US, &KINDS, &[held("1", "a")], minute(1)).await.unwrap();
    store.alerts_found("de", &KINDS, &[held("1", "a")], minute(1)).await.unwrap();
    tell(store, "mail", 2).await;
    store.alerts_found(US, &["failed"], &[], minute(3)).await.unwrap();
    store.alerts_found("de", &KINDS, &[], minute(3)).await.unwrap();
    let all = store.alerts(None).await.unwrap();
    let open: Vec<_> = all.iter().map(|one| (one.connection.as_str(), one.cleared)).collect();
    assert_eq!(open, [(US, None)]);
}
