//! A clerk closes the month, in browsers: the new settlement with a fee that nobody knows, the
//! decision, the approval by a second person, the bank file, the signed period.

use connector_app::stage::{CONNECTION, Setting};
use fixtures::documents;
use store::{SettlementKey, Store};

use crate::browser::Browser;
use crate::house::House;
use crate::settlements::id_of;

const DOCUMENT: &str = "us-unknown-fee.txt";

/// What the bank receives of it.
const DEPOSIT: &str = "78.40";

/// The settlement is of the first period, which is over; its deposit is on its way then, and comes in
/// the second.
const CALENDAR: &str = "\
[[period]]\nname = \"2026/P11\"\nstart = 2026-01-01\nend = 2026-11-15\n\
[[period]]\nname = \"2026/P12\"\nstart = 2026-11-16\nend = 2027-12-31\n";

async fn house() -> House {
    let document = documents::get(DOCUMENT).expect("it ships");
    let mut setting = Setting::new(vec![document]);
    setting.automatic = false;
    let mut house = House::built(setting).await;
    let text = std::fs::read_to_string(house.stage.config()).expect("a configuration");
    let rules = "rules = \"rules.toml\"\n";
    let text = text.replacen(rules, &format!("{rules}calendar = \"fiscal.toml\"\n"), 1);
    std::fs::write(house.stage.config(), text).expect("written");
    std::fs::write(house.stage.folder().join("fiscal.toml"), CALENDAR).expect("written");
    for (name, roles) in
        [("anna", "viewer,preparer"), ("bert", "viewer,approver"), ("carl", "viewer,approver")]
    {
        house.user(name, roles).await;
    }
    house.serve().await;
    house
}

/// Has the server do what its schedule would do later, until the settlement is in this state.
async fn until_state(house: &House, id: &str, state: &str) {
    let key = SettlementKey { connection: CONNECTION.to_owned(), settlement_id: id.to_owned() };
    let mut now = String::new();
    for _ in 0..20 {
        let ran = house.run(&["run", "settlements"]).await;
        assert!([0, 3].contains(&ran.code), "{}", ran.err);
        let store = Store::open_read_only(&house.stage.folder().join("data")).expect("written");
        now = store.settlement(&key).await.expect("readable").expect("it is known").state;
        if now == state {
            return;
        }
    }
    panic!("settlement {id} is {now}, and never was {state}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_closes_the_month() {
    let house = house().await;
    let id = id_of(DOCUMENT);
    let page = format!("/settlements/{CONNECTION}/{id}");
    let posted = || house.stage.epicor.posted_journals().len();
    let anna = Browser::signed_in(&house, "anna").await;
    until_state(&house, &id, "held").await;

    // The fee that nobody knows is one decision, seen before it is saved.
    anna.go(&house.url("/held")).await;
    anna.until_text("main", "New Programme Fee").await;
    anna.press("article a.button").await;
    anna.choose("#role", "other_fees").await;
    anna.fill("#reason", "a new programme, says Amazon").await;
    anna.press("main form button").await;
    anna.until_text("main", &id).await;
    anna.press("form[action='/mapping/save'] button").await;
    anna.until_text("[role=status]", "is in force").await;
    until_state(&house, &id, "ready").await;
    assert_eq!(posted(), 0, "nobody approved");
    // Who decided about it is not offered to approve it.
    let approve = format!("form[action='{page}/approve'] button");
    anna.go(&house.url(&page)).await;
    anna.until_text("h1", &id).await;
    assert!(!anna.has(&approve).await);

    // Two others press at once: it is posted once.
    let (bert, carl) =
        tokio::join!(Browser::signed_in(&house, "bert"), Browser::signed_in(&house, "carl"));
    for approver in [&bert, &carl] {
        approver.go(&house.url(&page)).await;
    }
    tokio::join!(bert.press(&approve), carl.press(&approve));
    for approver in [&bert, &carl] {
        approver.until_text("[role=status]", &id).await;
    }
    until_state(&house, &id, "posted").await;
    assert_eq!(posted(), 1);
    assert!(house.stage.epicor.unposted_groups().is_empty());

    // The bank's file, and Epicor's ledger.
    let statement = format!("Date,Description,Amount\n2026-11-16,AMAZON COM PAYMENTS,{DEPOSIT}\n");
    let file = house.stage.folder().join("bank.csv");
    std::fs::write(&file, statement).expect("written");
    anna.go(&house.url(&format!("/reconciliation/bank?connection={CONNECTION}"))).await;
    anna.attach("#file", &file).await;
    anna.fill("#currency", "USD").await;
    anna.press("form[action='/reconciliation/bank/import'] button").await;
    anna.until_text("[role=status]", "1 of them new").await;
    anna.until_text("main table", &id).await;
    anna.go(&house.url("/reconciliation")).await;
    anna.press("form[action='/reconciliation/refresh'] button").await;
    anna.until_text("main", "as of").await;

    // Who prepares does not sign; the period that is signed says by whom.
    let sign = "form[action*='/reconciliation/sign?'] button";
    for (browser, may) in [(&anna, false), (&bert, true)] {
        browser.go(&house.url("/reconciliation")).await;
        browser.press("main table a[href*='P11']").await;
        browser.until_text("h1", "2026/P11").await;
        assert_eq!(browser.has(sign).await, may);
    }
    bert.press(sign).await;
    bert.until_text("main", "Signed by bert").await;
    let verified = house.run(&["audit", "verify"]).await;
    assert_eq!(verified.code, 0, "{}", verified.err);
}
