//! Settlements as a clerk works with them: the sentence, the journal and its rows, approval by another
//! person, hold, release, reverse.

use connector_app::stage::{CONNECTION, Setting};
use fixtures::documents;

use crate::house::House;
use crate::visitor::{Answer, Visitor};

/// A house whose settlements wait for approval.
pub(crate) async fn house(names: &[&str]) -> House {
    let named = |name: &&str| documents::get(name).unwrap_or_else(|| panic!("{name} ships"));
    let mut setting = Setting::new(names.iter().map(named).collect());
    setting.automatic = false;
    let mut house = House::built(setting).await;
    for (name, roles) in [
        ("anna", "viewer,preparer"),
        ("bert", "viewer,approver"),
        ("carl", "viewer,approver"),
        ("vera", "viewer"),
    ] {
        house.user(name, roles).await;
    }
    let synced = house.run(&["sync", "settlements"]).await;
    assert!([0, 3].contains(&synced.code), "{}", synced.err);
    house.serve().await;
    house
}

/// The id of the settlement of a document that ships.
pub(crate) fn id_of(name: &str) -> String {
    let document = documents::get(name).expect("it ships");
    let read = settlement_model::read(document.bytes.as_slice(), &Default::default());
    read.expect("readable").settlements[0].id.to_string()
}

fn page(id: &str) -> String {
    format!("/settlements/{CONNECTION}/{id}")
}

/// Waits until the page says so.
pub(crate) async fn until(visitor: &mut Visitor, path: &str, words: &str) -> Answer {
    for _ in 0..400 {
        let answer = visitor.get(path).await;
        if answer.body.contains(words) {
            return answer;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{path} never said {words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deposit_is_the_journal_and_every_line_leads_to_its_rows() {
    let house = house(&["us-plain.txt", "us-month-end.txt"]).await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let list = vera.get("/settlements").await;
    assert_eq!(list.status, 200);
    let id = id_of("us-plain.txt");
    assert!(list.body.contains(&page(&id)) && list.body.contains("ready"), "{}", list.body);
    let held = vera.get("/settlements?state=held").await.body;
    assert!(!held.contains(&page(&id)) && held.contains("No settlement"), "{held}");

    let journal = vera.get(&page(&id)).await;
    assert_eq!(journal.status, 200, "{}", journal.body);
    let sentence = journal.body.split("class=\"sentence good\">").nth(1).expect("it ties");
    let sentence = sentence.split('<').next().expect("a sentence");
    let (deposit, booked) = sentence.split_once(" = journal ").expect(sentence);
    assert_eq!(deposit.strip_prefix("Deposit "), Some(booked));
    assert!(journal.body.contains("From sales to the deposit"), "{}", journal.body);
    // Who only looks is offered nothing else.
    assert!(!journal.body.contains("Approve and post"), "{}", journal.body);

    // Behind each line are as many rows as it says, and they add up to it.
    let links: Vec<_> = journal.body.split("href=\"").skip(1).collect();
    let links = links.iter().filter_map(|rest| rest.split('"').next());
    let drills: Vec<_> = links.filter(|href| href.contains("/rows?document=")).collect();
    assert!(drills.len() > 3, "{drills:?}");
    for drill in drills {
        let rows = vera.get(&drill.replace("&#38;", "&")).await;
        assert!(rows.body.contains("The rows behind account"), "{drill}: {}", rows.body);
        assert!(!rows.body.contains("have changed since"), "{drill}: {}", rows.body);
    }
    for (tab, words) in [
        ("rows", "Every row of the settlement"),
        ("orders", "By order"),
        ("changed", "Against settlement"),
        ("epicor", "Nothing was written"),
        ("bank", "not in Epicor"),
        ("history", "discovered"),
    ] {
        let answer = vera.get(&format!("{}/{tab}", page(&id))).await;
        assert_eq!(answer.status, 200, "{tab}: {}", answer.body);
        assert!(answer.body.contains(words), "{tab}: {}", answer.body);
    }
    let original = vera.get(&format!("{}/document", page(&id))).await;
    let sent = documents::get("us-plain.txt").expect("it ships");
    assert_eq!(original.body.as_bytes(), sent.bytes.as_slice());
    let csv = vera.get(&format!("{}/journal.csv", page(&id))).await.body;
    assert!(csv.starts_with("settlement,document,key,period,date,currency,account"), "{csv}");
    assert_eq!(vera.get(&page("404")).await.status, 404);
    let beyond = vera.get(&format!("{}/rows?document=9&line=9", page(&id))).await;
    assert_eq!(beyond.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_who_approve_at_once_post_once() {
    let house = house(&["us-plain.txt"]).await;
    let id = id_of("us-plain.txt");
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let mut carl = Visitor::signed_in(&house, "carl").await;
    for visitor in [&mut bert, &mut carl] {
        let answer = visitor.get(&page(&id)).await;
        assert!(answer.body.contains("Approve and post"), "{}", answer.body);
    }
    let approve = format!("{}/approve", page(&id));
    let (one, other) = tokio::join!(bert.post(&approve, &[]), carl.post(&approve, &[]));
    assert_eq!((one.status, other.status), (303, 303), "{} {}", one.body, other.body);
    let (one, other) = (bert.get(&page(&id)).await.body, carl.get(&page(&id)).await.body);
    let faster = |page: &str| page.contains("goes to Epicor now");
    let late = |page: &str| page.contains("Nothing was done twice");
    assert!(faster(&one) != faster(&other) && late(&one) != late(&other), "{one}\n{other}");
    until(&mut bert, &page(&id), "not seen at the bank").await;
    assert_eq!(house.stage.epicor.posted_journals().len(), 1);
    let epicor = bert.get(&format!("{}/epicor", page(&id))).await.body;
    assert!(epicor.contains("confirmed"), "{epicor}");
    let approved: Vec<_> = bert
        .get(&format!("{}/history", page(&id)))
        .await
        .body
        .matches("<strong>approved</strong>")
        .map(str::to_owned)
        .collect();
    assert_eq!(approved.len(), 1);
    // A third press changes nothing either.
    assert_eq!(carl.post(&approve, &[]).await.status, 303);
    assert_eq!(house.stage.epicor.posted_journals().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_is_held_released_and_reversed_with_a_reason_each() {
    let house = house(&["us-plain.txt"]).await;
    let id = id_of("us-plain.txt");
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let at = |end: &str| format!("{}/{end}", page(&id));
    assert!(anna.get(&at("hold")).await.body.contains("name=\"reason\""));
    assert_eq!(anna.post(&at("hold"), &[("reason", " ")]).await.status, 422, "it needs a reason");
    assert_eq!(anna.post(&at("hold"), &[("reason", "ask Amazon")]).await.status, 303);
    let held = anna.get(&page(&id)).await.body;
    assert!(held.contains("is held") && held.contains("ask Amazon"), "{held}");
    assert!(anna.get("/held").await.body.contains("Somebody stopped it"));
    // What is held is not approved, and who prepares does not release.
    assert_eq!(anna.get(&at("release")).await.status, 403);
    bert.get(&at("release")).await;
    assert_eq!(bert.post(&at("release"), &[("reason", "asked")]).await.status, 303);
    // Whoever let it go on has prepared it: another approves.
    until(&mut bert, &page(&id), "Approve and post").await;
    let refused = bert.post(&at("approve"), &[]).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(refused.body.contains("prepared by bert"), "{}", refused.body);
    let mut carl = Visitor::signed_in(&house, "carl").await;
    carl.get(&page(&id)).await;
    assert_eq!(carl.post(&at("approve"), &[]).await.status, 303);
    until(&mut carl, &page(&id), "not seen at the bank").await;
    assert_eq!(anna.get(&at("reverse")).await.status, 403);
    let ask = carl.get(&at("reverse")).await.body;
    assert!(ask.contains("nothing is deleted") && ask.contains("name=\"date\""), "{ask}");
    let wrong = carl.post(&at("reverse"), &[("reason", "wrong"), ("date", "soon")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    let before = carl.post(&at("reverse"), &[("reason", "wrong"), ("date", "2020-01-01")]).await;
    assert_eq!(before.status, 409, "{}", before.body);
    assert_eq!(house.stage.epicor.posted_journals().len(), 1);
    let reversed = carl.post(&at("reverse"), &[("reason", "wrong year"), ("date", "")]).await;
    assert_eq!(reversed.status, 303, "{}", reversed.body);
    until(&mut carl, &page(&id), "It was taken back").await;
    assert_eq!(house.stage.epicor.posted_journals().len(), 2);
    let story = carl.get(&at("history")).await.body;
    for words in ["reason: ask Amazon", "reason: asked", "reason: wrong year"] {
        assert!(story.contains(words), "{words}: {story}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_entered_by_hand_is_said_with_a_reason_and_taken_back() {
    let house = house(&["us-plain.txt"]).await;
    let id = id_of("us-plain.txt");
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let at = |end: &str| format!("{}/{end}", page(&id));
    assert!(bert.get(&page(&id)).await.body.contains("Entered by hand …"));
    assert!(bert.get(&at("by-hand")).await.body.contains("name=\"reason\""));
    assert_eq!(bert.post(&at("by-hand"), &[("reason", "")]).await.status, 422, "it needs a reason");
    assert_eq!(bert.post(&at("by-hand"), &[("reason", "in September")]).await.status, 303);
    let body = bert.get(&page(&id)).await.body;
    assert!(body.contains("It is in the books already, entered by hand."), "{body}");
    assert!(body.contains("in the books by hand; nothing of it is posted"), "{body}");
    assert!(!body.contains("Approve and post") && !body.contains("Entered by hand …"), "{body}");
    assert!(bert.get("/settlements?state=by_hand").await.body.contains(&id));
    assert!(body.contains("no journal of the connector stands for it"), "{body}");
    assert!(bert.get(&at("bank")).await.body.contains("It was entered by hand: nothing of it"));
    // A line of the bank can be given to it; there is nothing to write off.
    let statement = "Date,Description,Amount\n2026-09-21,AMAZON COM PAYMENTS,400.00\n";
    std::fs::write(house.stage.folder().join("bank.csv"), statement).expect("written");
    let said = house.run(&["bank", "import", "bank.csv", "--currency", "USD"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let bank = anna.get("/reconciliation/bank").await.body;
    assert!(bank.contains(&format!("<option value=\"{id}\">{id}: 455.05 USD, by hand")), "{bank}");
    let bank = bert.get("/reconciliation/bank").await.body;
    assert!(!bank.contains("Write a difference off"), "{bank}");

    assert_eq!(bert.post(&at("release"), &[("reason", "not this one")]).await.status, 303);
    let mut carl = Visitor::signed_in(&house, "carl").await;
    until(&mut carl, &page(&id), "Approve and post").await;
    assert_eq!(carl.post(&at("approve"), &[]).await.status, 303);
    until(&mut carl, &page(&id), "not seen at the bank").await;
    assert_eq!(house.stage.epicor.posted_journals().len(), 1);
    // The page that somebody left open: it is posted meanwhile.
    let late = carl.post(&at("by-hand"), &[("reason", "late")]).await;
    assert_eq!(late.status, 409, "{}", late.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_role_does_not_allow_is_refused() {
    let house = house(&["us-plain.txt"]).await;
    let id = id_of("us-plain.txt");
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    vera.get(&page(&id)).await;
    anna.get(&page(&id)).await;
    for (visitor, ends) in [
        (&mut vera, &["approve", "hold", "by-hand", "release", "reverse"][..]),
        (&mut anna, &["approve", "by-hand", "reverse"]),
    ] {
        for end in ends {
            let answer = visitor.post(&format!("{}/{end}", page(&id)), &[("reason", "x")]).await;
            assert_eq!(answer.status, 403, "{end}: {}", answer.body);
        }
    }
    assert!(vera.get(&page(&id)).await.body.contains("waits for somebody to approve"));
    assert!(house.stage.epicor.posted_journals().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_tie_and_what_is_unknown_say_so_first() {
    let house = house(&["us-unknown-fee.txt", "us-does-not-tie.txt"]).await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let untied = vera.get(&page(&id_of("us-does-not-tie.txt"))).await.body;
    assert!(untied.contains("class=\"sentence bad\">Deposit ") && untied.contains(" ≠ rows "));
    let unknown = vera.get(&page(&id_of("us-unknown-fee.txt"))).await.body;
    assert!(
        unknown.contains("Not mapped yet") && unknown.contains("Nothing says what"),
        "{unknown}"
    );
    let held = vera.get("/held").await.body;
    assert!(held.contains("New to everybody") && held.contains("do not add up"), "{held}");
    let rows = vera.get(&format!("{}/rows", page(&id_of("us-unknown-fee.txt")))).await.body;
    assert!(rows.contains("nobody has mapped it"), "{rows}");
}

/// A settlement in the XML form, of an order and a fee of the account.
const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope><MessageType>SettlementReport</MessageType><Message><MessageID>1</MessageID><SettlementReport>
<SettlementData><AmazonSettlementID>81000000044</AmazonSettlementID><TotalAmount currency="USD">7.01</TotalAmount>
<StartDate>2026-06-01T00:00:00+00:00</StartDate><EndDate>2026-06-15T00:00:00+00:00</EndDate>
<DepositDate>2026-06-17T00:00:00+00:00</DepositDate></SettlementData>
<Order><AmazonOrderID>111-8100044-0000001</AmazonOrderID><MarketplaceName>Amazon.com</MarketplaceName>
<Fulfillment><MerchantFulfillmentID>AFN</MerchantFulfillmentID><PostedDate>2026-06-05T15:00:00+00:00</PostedDate>
<Item><SKU>MUG-6</SKU><Quantity>1</Quantity>
<ItemPrice><Component><Type>Principal</Type><Amount currency="USD">50.00</Amount></Component></ItemPrice>
<ItemFees><Fee><Type>Commission</Type><Amount currency="USD">-3.00</Amount></Fee></ItemFees></Item></Fulfillment></Order>
<OtherTransaction><TransactionType>Subscription Fee</TransactionType>
<PostedDate>2026-06-12T10:00:00+00:00</PostedDate><Amount currency="USD">-39.99</Amount></OtherTransaction>
</SettlementReport></Message></AmazonEnvelope>
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rows_of_an_xml_settlement_are_its_transactions() {
    let house = house(&[]).await;
    std::fs::write(house.stage.folder().join("old.xml"), XML).expect("written");
    let taken = house.run(&["import", "old.xml"]).await;
    assert_eq!(taken.code, 0, "{}{}", taken.out, taken.err);
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let page = page("81000000044");
    let rows = vera.get(&format!("{page}/rows")).await.body;
    assert!(rows.contains("3 rows, 7.01 together"), "{rows}");
    for words in ["Order / ItemPrice / Principal", "MUG-6", "111-8100044-0000001", "-39.99"] {
        assert!(rows.contains(words), "{words}: {rows}");
    }
    assert!(!rows.contains("nobody has mapped it"), "{rows}");
    let order = vera.get(&format!("{page}/rows?order=111-8100044-0000001")).await.body;
    assert!(order.contains("2 rows, 47.00 together"), "{order}");
    let orders = vera.get(&format!("{page}/orders")).await.body;
    assert!(orders.contains("111-8100044-0000001") && orders.contains("47.00"), "{orders}");
    // From a line of the journal to the row behind it.
    let journal = vera.get(&page).await.body;
    let behind =
        journal.split("href=\"").find(|rest| rest.contains("/rows?document=0")).expect("a way");
    let behind = behind.split('"').next().expect("an address").replace("&amp;", "&");
    let behind = vera.get(&behind).await.body;
    assert!(!behind.contains("have changed since"), "{behind}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settlement_of_two_connections_is_told_with_both() {
    let mut setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    setting.automatic = true;
    let mut house = House::built(setting).await;
    house.stage.copy_connection("copy", "EPIC06").expect("written");
    house.user("bert", "viewer,approver").await;
    assert_eq!(house.run(&["sync", "settlements"]).await.code, 3);
    house.serve().await;
    let id = id_of("us-plain.txt");
    let copy = format!("/settlements/copy/{id}");
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let held = bert.get("/held").await.body;
    for words in [
        "Another connection has it, too",
        "has posted it",
        "See it there",
        &format!("href=\"{}\"", page(&id)),
        &format!("href=\"{copy}/release\""),
    ] {
        assert!(held.contains(words), "{words}: {held}");
    }
    bert.get(&format!("{copy}/release")).await;
    let released = bert.post(&format!("{copy}/release"), &[("reason", "both companies")]).await;
    assert_eq!(released.status, 303, "{}", released.body);
    let history = until(&mut bert, &format!("{copy}/history"), "both companies").await.body;
    assert!(history.contains("bert"), "{history}");
    assert!(!bert.get("/held").await.body.contains("Another connection has it"));
}
