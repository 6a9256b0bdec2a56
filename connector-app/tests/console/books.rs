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
    let mut house = synced(document, automatic).await;
    house.serve().await;
    house
}

/// As [`house`], and nobody is served yet.
async fn synced(document: &str, automatic: bool) -> House {
    let document = documents::get(document).expect("it ships");
    let house = House::built(Setting::new(vec![document])).await;
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

/// A statement in each form that banks give: a deposit of Amazon's, and a line that is not Amazon's.
fn statements() -> [(&'static str, String); 3] {
    let bai2 = "01,122099999,123456789,260921,0200,1,65,,2/\n\
                02,123456789,122099999,1,260921,0000,USD,2/\n\
                03,0975312468,,010,50000,,,015,93005,,/\n\
                16,165,45505,V,260921,,BREF1,CREF1,AMAZON COM SVCS DES:PAYMENTS\n\
                16,475,2500,Z,,,CHECK 1001/\n\
                49,191010,4/\n98,191010,1,6/\n99,191010,1,8/\n";
    let ofx = "OFXHEADER:100\nDATA:OFXSGML\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>\n\
               <STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>77001<ACCTTYPE>CHECKING\n\
               </BANKACCTFROM><BANKTRANLIST><DTSTART>20260901<DTEND>20260930\n\
               <STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260921<TRNAMT>455.05<FITID>F1<NAME>AMAZON COM\n\
               </STMTTRN><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260922<TRNAMT>-25.00<FITID>F2<NAME>RENT\n\
               </STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>930.05<DTASOF>20260930</LEDGERBAL>\n\
               </STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n";
    let balance = |kind: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"USD\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd></Bal>"
        )
    };
    let entry = |amount: &str, side: &str, text: &str| {
        format!(
            "<Ntry><Amt Ccy=\"USD\">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2026-09-21</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd>\
             </RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    };
    let camt = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
         <Acct><Id><Othr><Id>0975312468</Id></Othr></Id><Ccy>USD</Ccy></Acct>{}{}{}{}\
         </Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", "500.00"),
        balance("CLBD", "930.05"),
        entry("455.05", "CRDT", "AMAZON COM PAYMENTS"),
        entry("25.00", "DBIT", "RENT"),
    );
    [("bank.bai", bai2.to_owned()), ("bank.ofx", ofx.to_owned()), ("bank.xml", camt)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_a_statement_is_taken_in_whole_or_not_at_all() {
    let house = house("us-plain.txt", true).await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    anna.get("/reconciliation/bank").await;
    // These forms name their currency themselves.
    let fields = [("connection", CONNECTION), ("currency", ""), ("order", "")];
    let import = "/reconciliation/bank/import";
    for (name, text) in statements() {
        let half = &text[..text.len() * 2 / 3];
        let refused = anna.upload(import, &fields, (name, half)).await;
        assert_eq!(refused.status, 422, "{name}: {}", refused.body);
        assert!(refused.body.contains(name), "{name}: {}", refused.body);
        for new in [1, 0] {
            let answer = anna.upload(import, &fields, (name, &text)).await;
            assert_eq!(answer.status, 303, "{name}: {}", answer.body);
            let page = anna.get("/reconciliation/bank").await.body;
            let told = format!("1 line from Amazon, {new} of them new");
            assert!(page.contains(&told), "{name}: {page}");
        }
    }
    let page = anna.get("/reconciliation/bank").await.body;
    assert!(page.matches("455.05 USD").count() >= 3, "{page}");
    assert!(!page.contains("RENT") && !page.contains("CHECK 1001"), "{page}");
}

/// A house in Pacific time in which people approve, with a sale that Amazon holds back.
async fn house_with_a_sale_held_back() -> House {
    let mut house = synced("us-plain.txt", true).await;
    house.user("carl", "viewer,preparer,approver").await;
    let config = std::fs::read_to_string(house.stage.config()).expect("there");
    let rules = "rules = \"rules.toml\"\n";
    let config = config
        .replace(rules, &format!("{rules}zone = \"America/Los_Angeles\"\n"))
        .replace("automatic = true", "automatic = false");
    std::fs::write(house.stage.config(), config).expect("written");
    house.serve().await;
    let money = serde_json::json!({ "currencyCode": "USD", "currencyAmount": 42.50 });
    let sale = serde_json::json!({
        "transactionType": "Shipment", "transactionId": "a", "transactionStatus": "DEFERRED",
        "postedDate": "2026-09-10T12:00:00Z", "totalAmount": money,
        "breakdowns": [{ "breakdownType": "Product Charges", "breakdownAmount": money,
            "breakdowns": [{ "breakdownType": "Principle", "breakdownAmount": money }] }],
    });
    assert!(house.stage.amazon.add_transaction(sale));
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accrual_is_prepared_by_one_and_approved_by_another() {
    let house = house_with_a_sale_held_back().await;
    let mut anna = Visitor::signed_in(&house, "anna").await;
    let mut bert = Visitor::signed_in(&house, "bert").await;
    let mut carl = Visitor::signed_in(&house, "carl").await;
    let mut vera = Visitor::signed_in(&house, "vera").await;
    let of = |what: &str| period(&format!("accrual/{what}"));
    let run = async || {
        let ran = house.run(&["run", "settlements"]).await;
        assert!([0, 3].contains(&ran.code), "{}", ran.err);
    };

    let page = vera.get(&period("period")).await.body;
    assert!(page.contains("Nothing was accrued of this period"), "{page}");
    assert!(!page.contains("Ask Amazon and prepare"), "who only looks is offered no button");
    assert_eq!(vera.post(&of("prepare"), &[]).await.status, 403);
    anna.get(&period("period")).await;
    let unknown = anna.post(&of("prepare"), &[]).await;
    assert_eq!(unknown.status, 409, "{}", unknown.body);
    assert!(unknown.body.contains("Shipment / Product Charges / Principle"), "{}", unknown.body);
    let map = ["rules", "map", "Shipment / Product Charges / Principle", "product_sales"];
    let mapped = house.run(&[&map[..], &["--reason", "Amazon's word for it"]].concat()).await;
    assert_eq!(mapped.code, 0, "{}", mapped.err);

    // Who prepared it does not approve it, whatever roles they have.
    carl.get(&period("period")).await;
    let prepared = carl.post(&of("prepare"), &[]).await;
    assert_eq!(prepared.status, 303, "{}", prepared.body);
    run().await;
    let page = carl.get(&period("period")).await.body;
    assert!(page.contains("It waits for somebody to approve it"), "{page}");
    assert!(page.contains("carl prepared it; another approver approves it"), "{page}");
    assert_eq!(carl.post(&of("approve"), &[]).await.status, 409);
    let page = bert.get(&period("period")).await.body;
    for words in ["42.50 USD", "4000", "1175", "1 transaction", "Approve and post the accrual"] {
        assert!(page.contains(words), "{words}: {page}");
    }

    // Epicor's period is closed when it is to be posted; somebody opens it, and lets it go on.
    house.stage.epicor.close_period(2026, 9);
    assert_eq!(bert.post(&of("approve"), &[]).await.status, 303);
    run().await;
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("It is held") && page.contains("is not posted"), "{page}");
    house.stage.epicor.open_period(2026, 9);
    assert_eq!(bert.post(&of("release"), &[("reason", "")]).await.status, 422);
    assert_eq!(bert.post(&of("release"), &[("reason", "September is open")]).await.status, 303);
    run().await;
    let page = bert.get(&period("period")).await.body;
    assert!(page.contains("Both journals are in Epicor"), "{page}");
    assert!(page.len() < 200_000 && page.contains("Reversal"), "{page}");
    let posted = house.stage.epicor.posted_journals();
    let days: Vec<_> = posted.iter().map(|journal| journal.je_date.to_string()).collect();
    assert_eq!(days[1..], ["2026-09-18", "2026-09-19"], "after the settlement's");
    anna.get(&period("period")).await;
    assert_eq!(anna.post(&of("prepare"), &[]).await.status, 303, "and nothing differs");
    assert_eq!(house.stage.epicor.posted_journals().len(), 3);
    let next = period("period").replace("P9", "P10");
    let page = vera.get(&next).await.body;
    assert!(
        page.contains("42.50 that was accrued in 2026/P9 is taken back on 2026-09-19"),
        "{page}"
    );
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
