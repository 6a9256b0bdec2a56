//! A clerk closes the month, in browsers: the new settlement with a fee that nobody knows, the
//! decision, the approval by a second person, the bank file, the signed period.

use connector_app::stage::CONNECTION;
use store::{SettlementKey, Store};

use crate::browser::Browser;
use crate::house::House;
use crate::settlements::{house, id_of};

const DOCUMENT: &str = "us-unknown-fee.txt";

/// Waits until the settlement is in this state; a bounded time.
async fn until_state(house: &House, id: &str, state: &str) {
    let key = SettlementKey { connection: CONNECTION.to_owned(), settlement_id: id.to_owned() };
    let mut now = String::new();
    for _ in 0..600 {
        let store = Store::open_read_only(&house.stage.folder().join("data")).expect("written");
        now = store.settlement(&key).await.expect("readable").expect("it is known").state;
        if now == state {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("settlement {id} is {now}, and never was {state}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_closes_the_month() {
    let house = house(&[DOCUMENT]).await;
    let id = id_of(DOCUMENT);
    let page = format!("/settlements/{CONNECTION}/{id}");
    until_state(&house, &id, "held").await;

    // The fee that nobody knows is one decision, seen before it is saved.
    let anna = Browser::signed_in(&house, "anna").await;
    anna.go(&house.url("/held")).await;
    anna.until_text("main", "New Programme Fee").await;
    anna.press("article a.button").await;
    anna.choose("#role", "other_fees").await;
    anna.fill("#reason", "a new programme, billed by Amazon").await;
    anna.press("main form button").await;
    anna.press("form[action='/mapping/save'] button").await;
    until_state(&house, &id, "ready").await;
    assert!(house.stage.epicor.posted_journals().is_empty(), "nobody approved");
    let rules = std::fs::read_to_string(house.stage.folder().join("rules.toml")).expect("rules");
    assert!(rules.contains("New Programme Fee"), "{rules}");
    // Who decided about it is not offered to approve it.
    anna.go(&house.url(&page)).await;
    assert!(!anna.has(&format!("form[action='{page}/approve']")).await);

    // Two others press at once: one posting.
    let (bert, carl) = tokio::join!(
        Browser::signed_in(&house, "bert"),
        Browser::signed_in(&house, "carl")
    );
    let approve = format!("form[action='{page}/approve'] button");
    for approver in [&bert, &carl] {
        approver.go(&house.url(&page)).await;
    }
    tokio::join!(bert.press(&approve), carl.press(&approve));
    until_state(&house, &id, "posted").await;
    assert_eq!(house.stage.epicor.posted_journals().len(), 1);
    assert!(house.stage.epicor.unposted_groups().is_empty());
}
