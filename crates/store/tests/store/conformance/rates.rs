use store::{RateRecord, Store};

use crate::samples::minute;

fn rate(operation: &str, tokens: u32) -> RateRecord {
    RateRecord {
        account: "us@sellingpartnerapi-na.amazon.com".to_owned(),
        application: "application".to_owned(),
        operation: operation.to_owned(),
        tokens,
        earning_since: minute(0),
        interval_ns: 45_045_045_046,
        saved: minute(5),
    }
}

pub(crate) async fn the_newest_budget_of_each_operation_is_kept(store: &Store) {
    assert_eq!(store.rates("us").await.expect("readable"), []);
    let first = [rate("getReport", 2), rate("getReports", 9)];
    store.rates_set("us", &first).await.expect("kept");
    store.rates_set("eu", &[rate("getReports", 1)]).await.expect("kept");
    store.rates_set("us", &[rate("getReports", 3)]).await.expect("kept");
    let kept = store.rates("us").await.expect("readable");
    assert_eq!(kept, [rate("getReport", 2), rate("getReports", 3)]);
    assert_eq!(store.rates("eu").await.expect("readable"), [rate("getReports", 1)]);
}
