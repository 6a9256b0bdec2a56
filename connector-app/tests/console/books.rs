//! The books as a clerk and a controller work with them: an unknown fee is mapped, a fiscal period is
//! reconciled, signed, found changed, and opened again.

use connector_app::stage::{CONNECTION, Setting};
use fixtures::amazon::payouts::Payout;
use fixtures::documents;

use crate::house::House;
use crate::visitor::Visitor;

const SETTLEMENT: &str = "24610385127";
const DEPOSIT: &str = "455.05";

/// Two fiscal periods; the settlement is booked in the first, three days before its end.
const CALENDAR: &str = "\
[[period]]\nname = \"2026/P9\"\nstart = 2026-01-01\nend = 2026-09-18\n\
[[period]]\nname = \"2026/P10\"\nstart = 2026-09-19\nend = 2027-12-31\n";

/// A house with one settlement; posted, if it is approved by policy.
async fn house(document: &str, automatic: bool) -> House {
    let document = documents::get(document).expect("it ships");
    let mut house = House::built(Setting::new(vec![document])).await;
    let config = std::fs::read_to_string(house.stage.config()).expect("there");
    let rules = "rules = \"rules.toml\"\n";
    let config = config
        .replace(rules, &format!("{rules}calendar = \"fiscal.toml\"\n"))
        .replace("automatic = false", &format!("automatic = {automatic}"));
    std::fs::write(house.stage.config(), config).expect("written");
    std::fs::write(house.stage.folder().join("fiscal.toml"), CALENDAR).expect("written");
    for (name, roles) in
        [("anna", "viewer,preparer"), ("bert", "viewer,approver"), ("vera", "viewer")]
    {
        house.user(name, roles).await;
    }
    let synced = house.run(&["sync", "settlements"]).await;
    assert!([0, 3].contains(&synced.code), "{}", synced.err);
    house.serve().await;
    house
}

fn period(path: &str) -> String {
    format!("/reconciliation/{path}?connection={CONNECTION}&currency=USD&period=2026%2FP9")
}

async fn take_in(visitor: &mut Visitor, name: &str, lines: &str) {
    let text = format!("Date,Description,Amount\n{lines}");
    let fields = [("connection", CONNECTION), ("currency", "USD"), ("order", "")];
    let answer = visitor.upload("/reconciliation/bank/import", &fields, (name, &text)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_period_is_read_signed_found_changed_and_opened_again() {
    let house = house("us-plain.txt", true).await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let mut vera = Visitor::signed_in(&house, "vera").await;

    let overview = vera.get("/reconciliation").await;
    assert_eq!(overview.status, 200, "{}", overview.body);
    assert!(overview.body.contains("2026/P9") && overview.body.contains("not read yet"));
    assert!(!overview.body.contains("Read Epicor again"), "who only looks is offered no button");
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("ledger was not read yet: refresh it"), "{page}");
    assert_eq!(bert.post(&period("sign"), &[]).await.status, 409);

    anna.get("/reconciliation").await;
    let refresh = [("connection", CONNECTION), ("back", "/reconciliation")];
    let asked = anna.post("/reconciliation/refresh", &refresh).await;
    assert_eq!(asked.header("location"), "/reconciliation", "{}", asked.body);
    let page = bert.get(&period("period")).await;
    assert!(page.body.len() < 200_000);
    let sentence = format!("Everything agrees: {DEPOSIT} USD is on the clearing account");
    assert!(page.body.contains(&sentence), "{}", page.body);
    assert!(page.body.contains("on its way"), "{}", page.body);

    vera.get(&period("period")).await;
    assert_eq!(vera.post(&period("sign"), &[]).await.status, 403);
    assert_eq!(anna.post(&period("sign"), &[]).await.status, 403, "who prepares signs not");
    assert_eq!(bert.post(&period("sign"), &[]).await.status, 303);
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("Signed by <strong>bert</strong>"), "{page}");

    // A line of the next period changes nothing under the signature; one of this period does.
    anna.get("/reconciliation/bank").await;
    take_in(&mut anna, "bank.csv", &format!("2026-09-21,AMAZON COM PAYMENTS,{DEPOSIT}\n")).await;
    let lines = anna.get("/reconciliation/bank").await.body;
    assert!(lines.contains("1 line from Amazon, 1 of them new"), "{lines}");
    assert!(lines.contains("by amount and date") && lines.contains(SETTLEMENT), "{lines}");
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("Signed by") && !page.contains("Changed since"), "{page}");
    take_in(&mut anna, "late.csv", "2026-09-17,AMAZON COM CORRECTION,5.00\n").await;
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("Changed since it was signed: clearing, bank: was 0.00, is 5.00"));
    assert_eq!(bert.post(&period("reopen"), &[("reason", " ")]).await.status, 422);
    assert_eq!(bert.post(&period("reopen"), &[("reason", "a late line")]).await.status, 303);
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("re-opened: a late line") && page.contains("cannot be signed"), "{page}");

    let pack = bert.get(&period("pack.xlsx")).await;
    assert_eq!(pack.status, 200);
    let name = "filename=\"demo-2026_P9-USD.xlsx\"";
    assert!(pack.header("content-disposition").ends_with(name), "{pack:?}");
    assert!(pack.body.starts_with("PK"));
    let story = house.run(&["audit", "show", "2026/P9"]).await.out;
    for words in ["console user bert", "period signed", "period re-opened"] {
        assert!(story.contains(words), "{words}: {story}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bank_lines_are_given_to_settlements_and_payouts_bear_witness() {
    let house = house("us-plain.txt", true).await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let mut bert = Visitor::signed_in(&house, "bert").await;
    anna.get("/reconciliation/bank").await;
    take_in(&mut anna, "short.csv", "2026-09-21,AMAZON COM PAYMENTS,455.03\n").await;
    let page = anna.get("/reconciliation/bank").await.body;
    let reference = page.split("name=\"reference\" value=\"").nth(1).expect("a line");
    let reference = reference.split('"').next().expect("a reference").to_owned();
    let given =
        [("connection", CONNECTION), ("reference", reference.as_str()), ("settlement", SETTLEMENT)];
    assert_eq!(anna.post("/reconciliation/bank/assign", &given).await.status, 303);
    assert!(anna.get("/reconciliation/bank").await.body.contains("a person said so"));
    let nobody = [("connection", CONNECTION), ("reference", "none"), ("settlement", SETTLEMENT)];
    assert_eq!(anna.post("/reconciliation/bank/assign", &nobody).await.status, 404);

    let waived = |amount, reason| {
        [
            ("connection", CONNECTION),
            ("settlement", SETTLEMENT),
            ("amount", amount),
            ("day", "2026-09-30"),
            ("reason", reason),
        ]
    };
    let waive = "/reconciliation/bank/waive";
    assert_eq!(anna.post(waive, &waived("0.02", "charges")).await.status, 403);
    bert.get("/reconciliation/bank").await;
    assert_eq!(bert.post(waive, &waived("two cents", "charges")).await.status, 422);
    assert_eq!(bert.post(waive, &waived("0.02", "bank charges")).await.status, 303);

    house.stage.amazon.add_payout(&Payout {
        id: SETTLEMENT.to_owned(),
        settlement_id: SETTLEMENT.to_owned(),
        status: "PAID".to_owned(),
        amount: DEPOSIT.to_owned(),
        currency: "USD".to_owned(),
        created: house.stage.amazon.now(),
        trace_id: "910000000042".to_owned(),
    });
    let asked = anna.post("/reconciliation/bank/payouts", &[("connection", CONNECTION)]).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    let page = anna.get("/reconciliation/bank").await.body;
    assert!(page.contains("Amazon told of 1 payout"), "{page}");
    assert!(page.contains("paid 455.05 USD") && page.contains("agrees"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_fee_is_decided_on_the_page() {
    let house = house("us-unknown-fee.txt", false).await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let mapping = vera.get("/mapping").await;
    assert_eq!(mapping.status, 200, "{}", mapping.body);
    assert!(mapping.body.contains("New Programme Fee") && mapping.body.contains("-39.75 USD"));
    assert!(mapping.body.len() < 200_000 && !mapping.body.contains("Decide …"));

    let fee = [
        ("connection", CONNECTION),
        ("transaction_type", "AmazonFees"),
        ("amount_type", "New Programme Fee"),
        ("amount_description", "Base fee"),
    ];
    let query = |more: &[(&str, &str)]| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fee.iter().chain(more)).finish()
    };
    let page = anna.get("/mapping").await.body;
    assert!(page.contains("Decide …"), "{page}");
    let asked = anna.get(&format!("/mapping/decide?{}", query(&[]))).await;
    assert!(asked.body.contains("See what it would change"), "{}", asked.body);
    let chosen = [("role", "other_fees"), ("reason", "Vine, says Amazon")];
    let preview = anna.get(&format!("/mapping/preview?{}", query(&chosen))).await;
    assert_eq!(preview.status, 200, "{}", preview.body);
    for words in ["[[rule]]", "5190", "39.75", "Saving lets them go on"] {
        assert!(preview.body.contains(words), "{words}: {}", preview.body);
    }
    let file = preview.body.split("name=\"file\" value=\"").nth(1).expect("the file's hash");
    let file = file.split('"').next().expect("the file's hash").to_owned();
    let save = |file| {
        let mut fields = fee.to_vec();
        fields.extend(chosen);
        fields.push(("file", file));
        fields
    };
    assert_eq!(vera.post("/mapping/save", &save(&file)).await.status, 403);
    assert_eq!(anna.post("/mapping/save", &save("another")).await.status, 409);
    assert_eq!(anna.post("/mapping/save", &save(&file)).await.status, 303);
    let page = anna.get("/mapping").await.body;
    assert!(page.contains("Version 2 of the rules is in force. 1 settlement"), "{page}");
    assert!(page.contains("own rule 1") && page.contains("anna, "), "{page}");
    let rules = std::fs::read_to_string(house.stage.folder().join("rules.toml")).expect("there");
    assert!(rules.contains("console user anna: Vine, says Amazon"), "{rules}");
    let status = house.run(&["status", "--json"]).await.out;
    assert!(!status.contains("\"state\":\"held\""), "{status}");

    let refreshed = anna.post("/mapping/refresh", &[("connection", CONNECTION)]).await;
    assert_eq!(refreshed.status, 303, "{}", refreshed.body);
    let page = anna.get("/mapping").await.body;
    assert!(page.contains("state good\">active") && page.contains("as Epicor had them"), "{page}");
    let role = format!("/mapping/preview?connection={CONNECTION}&of_role=referral_fees&reason=x");
    let other = anna.get(&format!("{role}&account=5999")).await;
    assert_eq!(other.status, 422, "{}", other.body);
    assert!(other.body.contains("5999 is not in the chart"), "{}", other.body);
}
