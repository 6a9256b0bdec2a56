use store::{DocumentHash, Error, FiguresRecord, NewRulesVersion, PeriodKey, Store};

use crate::samples::{US, event, minute};

fn version<'a>(text: &'a str, reason: &'a str) -> NewRulesVersion<'a> {
    NewRulesVersion { text, reason }
}

pub(super) async fn a_text_is_kept_with_the_one_it_replaces(store: &Store) {
    let (first, second) = (version("a", "found"), version("b", "a new fee"));
    let told = event(1, "rules", "rules");
    assert_eq!(store.rules_saved(US, first, second, &told).await.unwrap(), 2);
    let (second, third) = (version("b", "found"), version("c", "another"));
    let told = event(2, "rules", "rules");
    assert_eq!(store.rules_saved(US, second, third, &told).await.unwrap(), 3);
    let (by_hand, fourth) = (version("c, and more", "found"), version("d", "one more"));
    assert_eq!(store.rules_saved(US, by_hand, fourth, &told).await.unwrap(), 5);

    let versions = store.rules_versions(US).await.unwrap();
    let kept = versions.iter().map(|v| (v.number, v.text.as_str(), v.reason.as_str()));
    let kept: Vec<_> = kept.collect();
    let expected = [
        (5, "d", "one more"),
        (4, "c, and more", "found"),
        (3, "c", "another"),
        (2, "b", "a new fee"),
        (1, "a", "found"),
    ];
    assert_eq!(kept, expected);
    assert_eq!(versions[4].hash, DocumentHash::of(b"a"));
    assert_eq!((versions[4].saved, versions[4].saved_by.as_str()), (minute(1), "connector"));
    assert_eq!(store.events_of("rules").await.unwrap().len(), 3);
    assert_eq!(store.rules_versions("de").await.unwrap(), []);
}

pub(super) async fn what_was_read_last_takes_the_place_of_what_was_read_before(store: &Store) {
    assert_eq!(store.figures(US, "ledger").await.unwrap(), None);
    for minutes in [1, 2] {
        let figures = FiguresRecord { read: minute(minutes), content: format!("[{minutes}]") };
        store.figures_read(US, "ledger", &figures).await.unwrap();
        assert_eq!(store.figures(US, "ledger").await.unwrap(), Some(figures));
    }
    assert_eq!(store.figures("de", "ledger").await.unwrap(), None);
}

pub(super) async fn a_period_is_signed_once_until_it_is_reopened(store: &Store) {
    let key = PeriodKey {
        connection: US.to_owned(),
        currency: "USD".to_owned(),
        period: "2026-10".to_owned(),
    };
    let told = |minutes| event(minutes, "2026-10", "period 2026-10");
    let early = store.period_reopened(&key, "why not", &told(1)).await;
    assert!(matches!(early, Err(Error::Unknown { .. })), "{early:?}");
    store.period_signed(&key, "{}", &told(2)).await.unwrap();
    let twice = store.period_signed(&key, "{}", &told(3)).await;
    assert!(matches!(twice, Err(Error::AlreadyThere { .. })), "{twice:?}");
    store.period_reopened(&key, "a late bank line", &told(4)).await.unwrap();
    store.period_signed(&key, "{\"more\":1}", &told(5)).await.unwrap();

    let [first, second] = store.signed_periods(US).await.unwrap().try_into().unwrap();
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(first.hash, DocumentHash::of(b"{}"));
    assert_eq!(first.reason.as_deref(), Some("a late bank line"));
    assert_eq!((first.reopened, second.reopened), (Some(minute(4)), None));
    assert_eq!((second.signed, second.signed_by.as_str()), (minute(5), "connector"));
    assert_eq!(store.events_of("2026-10").await.unwrap().len(), 3);
}
