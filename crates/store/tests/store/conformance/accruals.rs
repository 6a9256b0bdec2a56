use store::{AccrualMove, Error, PeriodKey, RecordKey, RecordKind, Store};

use crate::samples::{US, event, intent, minute};

const RECORD: &str = "2026-10 USD";

fn key(currency: &str) -> PeriodKey {
    PeriodKey {
        connection: US.to_owned(),
        currency: currency.to_owned(),
        period: "2026-10".to_owned(),
    }
}

pub(super) async fn a_period_has_one_accrual_in_each_currency(store: &Store) {
    let about = |minutes| event(minutes, RECORD, "accrual 2026-10 USD");
    assert_eq!(store.accrual(&key("USD")).await.unwrap(), None);
    store.accrual_prepared(&key("USD"), "{}", "prepared", &about(1)).await.unwrap();
    let twice = store.accrual_prepared(&key("USD"), "{}", "prepared", &about(2)).await;
    assert!(matches!(twice, Err(Error::AlreadyThere { .. })), "{twice:?}");
    store.accrual_prepared(&key("EUR"), "[]", "prepared", &about(3)).await.unwrap();
    let listed = store.accruals(Some(US)).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|record| record.key.currency.as_str()).collect();
    assert_eq!(listed, ["EUR", "USD"]);
    assert_eq!(store.accruals(Some("de")).await.unwrap(), []);
    let kept = store.accrual(&key("USD")).await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.plan.as_str()), ("prepared", "{}"));
    assert_eq!((kept.hold, kept.differs), (None, None));
    assert_eq!((kept.created, kept.updated), (minute(1), minute(1)));
    assert_eq!(store.verify_audit().await.unwrap().events(), 2);
}

pub(super) async fn an_accrual_moves_with_its_journals(store: &Store) {
    let key = key("USD");
    let about = |minutes| event(minutes, RECORD, "accrual 2026-10 USD");
    store.accrual_prepared(&key, "{}", "prepared", &about(1)).await.unwrap();
    let held = AccrualMove { hold: Some(Some("[]".to_owned())), ..AccrualMove::default() };
    store.accrual_advance(&key, ("prepared", "held"), &held, &[], &about(2)).await.unwrap();
    let change = AccrualMove { plan: Some("[1]".to_owned()), hold: Some(None), differs: None };
    let intents = [intent("us/accrual/USD/2026-10/r0"), intent("us/accrual/USD/2026-10/r0/rev")];
    store.accrual_advance(&key, ("held", "posting"), &change, &intents, &about(3)).await.unwrap();
    let kept = store.accrual(&key).await.unwrap().unwrap();
    assert_eq!((kept.state.as_str(), kept.plan.as_str(), kept.hold), ("posting", "[1]", None));
    assert_eq!((kept.created, kept.updated), (minute(1), minute(3)));

    let record = RecordKey::from(&key);
    assert_eq!((record.kind, record.id.as_str()), (RecordKind::Accrual, RECORD));
    assert_eq!(store.postings_of(&key).await.unwrap().len(), 2);
    let summaries = store.posting_summaries(US).await.unwrap();
    assert_eq!((summaries.len(), &summaries[0].record), (2, &record));
    assert_eq!((&summaries[0].key, &summaries[0].step), (&intents[0].key, &intents[0].step));
    assert_eq!(store.posting_summaries("de").await.unwrap(), []);

    // A key is recorded once, and a move from another state is refused: nothing of either stays.
    let nothing = AccrualMove::default();
    let moved = ("posting", "posting");
    let twice = store.accrual_advance(&key, moved, &nothing, &intents, &about(4)).await;
    assert!(matches!(twice, Err(Error::AlreadyThere { .. })), "{twice:?}");
    let stale = store.accrual_advance(&key, ("held", "posting"), &nothing, &[], &about(5)).await;
    assert!(matches!(stale, Err(Error::Stale { ref actual, .. }) if actual == "posting"));
    let other = PeriodKey { period: "2026-11".to_owned(), ..key.clone() };
    let unknown = store.accrual_advance(&other, moved, &nothing, &[], &about(6)).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })), "{unknown:?}");

    let differs = |text: Option<&str>| AccrualMove {
        differs: Some(text.map(str::to_owned)),
        ..AccrualMove::default()
    };
    for text in [Some("[]"), None] {
        store.accrual_advance(&key, moved, &differs(text), &[], &about(7)).await.unwrap();
        assert_eq!(store.accrual(&key).await.unwrap().unwrap().differs.as_deref(), text);
    }
    assert_eq!(store.events_of(RECORD).await.unwrap().len(), 5);
    assert_eq!(store.verify_audit().await.unwrap().events(), 5);
}
