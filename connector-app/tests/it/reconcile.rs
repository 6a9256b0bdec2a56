//! The clerk's last step: the settlement is posted, the deposit arrives at the bank, the bookkeeper
//! books the receipt, and all four agree.

use connector_app::stage::{Setting, Stage};
use epicor_odata_client::gl_account::GlAccount;
use epicor_odata_client::gl_journal::{NewGroup, NewJournal, NewLine};
use epicor_odata_client::{ApiKey, Client, GroupId, Identity};
use fixtures::documents;
use fixtures::epicor::GlAccountRow;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use crate::{alerts, support};

pub(crate) const DEPOSIT: &str = "455.05";
const BEFORE_THE_BANK: &str = "2026-09-18";
const LATER: &str = "2026-09-30";

pub(crate) async fn posted() -> Stage {
    let document = documents::get("us-plain.txt").expect("it ships");
    let stage = Stage::set(Setting::new(vec![document])).await.expect("stand-ins start");
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    stage
}

async fn reconcile(stage: &Stage, until: &str) -> (i32, serde_json::Value) {
    let said = support::run(stage.folder(), &["reconcile", "--until", until, "--json"]).await;
    let [books] = said.json_lines().try_into().unwrap_or_else(|_| panic!("{}", said.err));
    (said.code, books)
}

pub(crate) async fn import(stage: &Stage, name: &str, text: &str, code: i32) -> support::Said {
    std::fs::write(stage.folder().join(name), text).expect("written");
    let args = ["bank", "import", name, "--currency", "USD"];
    let said = support::run(stage.folder(), &args).await;
    assert_eq!(said.code, code, "{}{}", said.out, said.err);
    said
}

pub(crate) fn statement(amount: &str) -> String {
    format!(
        "Date,Description,Amount,Balance\n\
         2026-09-20,Rent,-100.00,900.00\n\
         2026-09-21,AMAZON COM PAYMENTS,{amount},1355.05\n"
    )
}

/// The bookkeeper's own journal: bank against clearing.
pub(crate) async fn book_the_receipt(stage: &Stage, day: Date) {
    stage.epicor.add_account(&GlAccountRow::active("1010", "Bank"));
    let identity = Identity::Basic { user: "connector".into(), password: "connector".into() };
    let key = ApiKey("stand-in-key".into());
    let client = Client::builder(stage.epicor.base_url(), "EPIC06", key, identity)
        .build()
        .expect("a client");
    let line = |account: &str, debit: &str, credit: &str| NewLine {
        account: GlAccount::parse(account, '-').expect("an account"),
        debit: debit.parse::<Decimal>().expect("an amount"),
        credit: credit.parse().expect("an amount"),
        description: "Receipt Amazon".to_owned(),
        comment: String::new(),
    };
    let group_id = GroupId::new("BANK0921").expect("a group");
    let group = NewGroup {
        group_id: group_id.clone(),
        je_date: day,
        book_id: "MAIN".to_owned(),
        journal_code: "GJ".to_owned(),
    };
    let journal = NewJournal {
        description: "Receipt Amazon".to_owned(),
        comment: String::new(),
        je_date: day,
        currency_code: "USD".to_owned(),
        lines: vec![line("1010", DEPOSIT, "0"), line("1150", "0", DEPOSIT)],
    };
    let ledger = client.gl_journals();
    ledger.create_group(&group).await.expect("a group");
    ledger.create_journal(&group_id, &journal).await.expect("a journal");
    ledger.unlock_group(&group_id).await.expect("unlocked");
    ledger.post_group(&group_id).await.expect("posted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_figures_agree_once_the_receipt_is_booked() {
    let stage = posted().await;

    let (code, books) = reconcile(&stage, BEFORE_THE_BANK).await;
    assert_eq!((code, &books["reconciled"]), (0, &true.into()), "{books}");
    assert_eq!(books["differences"][0]["kind"], "on its way");
    assert_eq!(books["clearing"]["closing"], DEPOSIT);

    let (code, books) = reconcile(&stage, LATER).await;
    assert_eq!((code, &books["reconciled"]), (4, &false.into()), "{books}");
    assert_eq!(books["differences"][0]["kind"], "unknown", "a deposit that is overdue");

    let said = import(&stage, "bank.csv", &statement(DEPOSIT), 0).await;
    assert!(said.out.contains("1 from Amazon, 1 of them new"), "{}", said.out);
    assert!(said.out.contains("1 lines without \"amazon\""), "{}", said.out);
    let (code, books) = reconcile(&stage, LATER).await;
    assert_eq!(code, 4, "{books}");
    assert_eq!(books["settlements"][0]["bank"], DEPOSIT);
    assert_eq!(books["clearing"]["ledger_difference"], DEPOSIT, "not booked in Epicor yet");

    book_the_receipt(&stage, date(2026, 9, 21)).await;
    let (code, books) = reconcile(&stage, LATER).await;
    assert_eq!((code, &books["reconciled"]), (0, &true.into()), "{books}");
    let row = &books["settlements"][0];
    for column in ["amazon", "journal", "ledger", "bank"] {
        assert_eq!(row[column], DEPOSIT, "{column}");
    }
    assert_eq!(row["closed"], true);
    assert_eq!(books["clearing"]["closing"], "0.00");

    let state = async || {
        let status = support::run(stage.folder(), &["status", "--json"]).await.json_lines();
        status[0]["state"].as_str().map(str::to_owned)
    };
    assert_eq!(state().await.as_deref(), Some("matched"));
    reconcile(&stage, BEFORE_THE_BANK).await;
    assert_eq!(state().await.as_deref(), Some("matched"), "an earlier day takes nothing back");

    let people = support::run(stage.folder(), &["reconcile", "--until", LATER]).await;
    assert!(people.out.contains("demo USD until 2026-09-30: reconciled"), "{}", people.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_is_taken_in_once_and_whole() {
    let stage = posted().await;
    import(&stage, "bank.csv", &statement(DEPOSIT), 0).await;
    let again = import(&stage, "again.csv", &statement(DEPOSIT), 0).await;
    assert!(again.out.contains("0 of them new"), "{}", again.out);

    // A balance that does not follow refuses the file, and nothing of it is taken in.
    let said = import(&stage, "broken.csv", &statement("455.06"), 1).await;
    assert!(said.err.contains("balance does not follow"), "{}", said.err);
    let listed = support::run(stage.folder(), &["bank", "list", "--json"]).await.json_lines();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["amount"], DEPOSIT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headings_that_no_bank_is_known_for_are_named() {
    let stage = posted().await;
    let text = format!("Day,Words,Sum\n2026-09-21,AMAZON COM PAYMENTS,{DEPOSIT}\n");
    let said = import(&stage, "odd.csv", &text, 1).await;
    assert!(said.err.contains("--column amount=HEADING"), "{}", said.err);
    let args = ["bank", "import", "odd.csv", "--currency", "USD", "--column", "date=Day"];
    let named = |more: &'static str| [&args[..], &["--column", more]].concat();
    for (more, code, words) in [
        ("amount=Total", 1, "no date and amount among the headings"),
        ("sum=Sum", 2, "\"sum\" is none of date, amount"),
        ("amount", 2, "write it as amount=Kwota"),
    ] {
        let said = support::run(stage.folder(), &named(more)).await;
        assert_eq!(said.code, code, "{more}: {}{}", said.out, said.err);
        assert!(said.err.contains(words), "{more}: {}", said.err);
    }
    let said = support::run(stage.folder(), &named("amount=Sum")).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("1 of them new"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_names_the_settlement_and_writes_the_rest_off() {
    let stage = posted().await;
    let id = "24610385127";
    // Two cents short: nothing is matched by nearness.
    let short = "Date,Description,Amount\n2026-09-21,AMAZON COM PAYMENTS,455.03\n";
    import(&stage, "short.csv", short, 0).await;
    let (code, books) = reconcile(&stage, LATER).await;
    assert_eq!(code, 4);
    assert_eq!(books["settlements"][0]["bank"], serde_json::Value::Null);

    let lines = support::run(stage.folder(), &["bank", "list", "--json"]).await.json_lines();
    let reference = lines[0]["reference"].as_str().expect("a reference").to_owned();
    let assign = ["bank", "assign", &reference, id, "--json"];
    let said = support::run(stage.folder(), &assign).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let line = &lines[0]["bank_line"];
    let of = json!({ "connection": "demo", "bank_line": line, "settlement_id": id });
    assert_eq!(said.json_lines(), [of]);
    let waive =
        ["bank", "waive", id, "0.02", "--reason", "bank charges", "--date", LATER, "--json"];
    let said = support::run(stage.folder(), &waive).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let waived = json!({ "connection": "demo", "settlement_id": id, "date": LATER,
                         "currency": "USD", "waived": "0.02", "replaced": null,
                         "reason": "bank charges" });
    assert_eq!(said.json_lines(), [waived]);
    let again = support::run(stage.folder(), &waive).await;
    assert_eq!(again.json_lines()[0]["replaced"], "0.02", "one write-off a settlement");

    let (_, books) = reconcile(&stage, LATER).await;
    assert_eq!(books["settlements"][0]["bank"], "455.03");
    assert_eq!(books["clearing"]["waived"], "0.02");
    assert_eq!(books["clearing"]["closing"], "0.00");
    let story = support::run(stage.folder(), &["audit", "show", id]).await;
    assert!(story.out.contains("bank charges"), "{}", story.out);
}

/// Amazon charges the card a day after the settlement began, two weeks before its deposit starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_debt_that_was_charged_to_the_card_meets_its_line_on_the_statement() {
    let documents = ["us-negative.txt", "us-after-negative.txt"];
    let documents = documents.map(|name| documents::get(name).expect("it ships")).to_vec();
    let stage = Stage::set(Setting::new(documents)).await.expect("stand-ins start");
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let statement = "Date,Description,Amount\n2026-07-23,AMAZON COM CHARGE,-418.89\n\
                     2026-08-10,AMAZON COM PAYMENTS,17.25\n";
    import(&stage, "card.csv", statement, 0).await;
    let (_, books) = reconcile(&stage, "2026-08-20").await;
    let differences = books["differences"].as_array().expect("a list");
    let kinds: Vec<_> = differences.iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["rolled into a later settlement"], "{books}");
    assert_eq!(books["clearing"]["closing"], "0.00");
}

/// A statement of an account with one line from Amazon, which the bank calls `F1`.
fn ofx(account: &str, amount: &str) -> String {
    format!(
        "OFXHEADER:100\nDATA:OFXSGML\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>\n\
         <STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>{account}<ACCTTYPE>CHECKING\n\
         </BANKACCTFROM><BANKTRANLIST><DTSTART>20260901<DTEND>20260930\n\
         <STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260921<TRNAMT>{amount}<FITID>F1<NAME>AMAZON COM\n\
         </STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_accounts_may_have_lines_of_one_reference() {
    let stage = posted().await;
    import(&stage, "one.ofx", &ofx("77001", DEPOSIT), 0).await;
    import(&stage, "two.ofx", &ofx("77002", "7.00"), 0).await;
    let listed = async || support::run(stage.folder(), &["bank", "list", "--json"]).await;
    let lines = listed().await.json_lines();
    let [one, two] = [&lines[0]["bank_line"], &lines[1]["bank_line"]];
    assert_ne!(one, two, "{lines:?}");
    assert_eq!((&lines[0]["reference"], &lines[1]["reference"]), (&"F1".into(), &"F1".into()));

    let (code, books) = reconcile(&stage, LATER).await;
    assert_eq!((code, &books["settlements"][0]["bank"]), (4, &DEPOSIT.into()), "{books}");
    let differences = books["differences"].as_array().expect("a list");
    let left = differences.iter().find(|one| one["bank_line"] == *two).expect("it is told");
    assert_eq!((&left["kind"], &left["amount"]), (&"unknown".into(), &"-7.00".into()), "{left}");
    assert_eq!(books["clearing"]["bank"], "462.05");
    let args = ["reconcile", "--period", "2026-09", "--json"];
    let figures = support::run(stage.folder(), &args).await.json_lines().remove(0);
    for (line, amount) in [(one, DEPOSIT), (two, "7.00")] {
        let line = line.as_str().expect("a name");
        assert_eq!(figures["bank_lines"][line]["amount"], amount, "{figures}");
    }

    let id = "24610385127";
    let said = support::run(stage.folder(), &["bank", "assign", "F1", id]).await;
    assert_eq!(said.code, 1, "{}", said.out);
    for words in ["2 bank lines have the reference F1", "name the account", "77001/F1"] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    let named = two.as_str().expect("a name");
    let said = support::run(stage.folder(), &["bank", "assign", named, id]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let lines = listed().await.json_lines();
    let given: Vec<_> = lines.iter().filter(|line| line["settlement_id"] == id).collect();
    assert_eq!(given.len(), 1, "{lines:?}");
    assert_eq!(given[0]["bank_line"], *two);
    let said = support::run(stage.folder(), &["bank", "unassign", named, "--json"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let of = json!({ "connection": "demo", "bank_line": two, "settlement_id": null });
    assert_eq!(said.json_lines(), [of]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_reconcile_is_told_once_and_called_off_when_it_does() {
    let stage = posted().await;
    let server = alerts::hook(&stage).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let hook = "[alerts]\nkinds = [\"not_reconciled\"]\n[alerts.webhook]\n\
                url = { file = \"hook-url\" }\nsigning_key = { file = \"hook-key\" }\n";
    alerts::configure(&stage, hook);

    assert_eq!(reconcile(&stage, BEFORE_THE_BANK).await.0, 0);
    assert!(alerts::posted(&server).await.is_empty(), "a deposit on its way alarms nobody");
    assert_eq!(reconcile(&stage, LATER).await.0, 4);
    assert_eq!(reconcile(&stage, LATER).await.0, 4);
    let told = alerts::posted(&server).await;
    assert_eq!(told.len(), 1, "once: {told:#?}");
    let alert = &told[0]["alerts"][0];
    assert_eq!(
        (&alert["event"], &alert["kind"]),
        (&"raised".into(), &"not_reconciled".into()),
        "{alert}"
    );
    let next = alert["next"].as_str().expect("what to do");
    assert!(next.contains("ml-connector reconcile"), "{next}");
    // A run of another flow knows nothing of it, and calls nothing off.
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(alerts::posted(&server).await.len(), 1);
    let listed = support::run(stage.folder(), &["alerts", "--json"]).await.json_lines();
    assert!(listed.iter().any(|alert| alert["kind"] == "not_reconciled"), "{listed:?}");

    import(&stage, "bank.csv", &statement(DEPOSIT), 0).await;
    book_the_receipt(&stage, date(2026, 9, 21)).await;
    assert_eq!(reconcile(&stage, LATER).await.0, 0);
    let told = alerts::posted(&server).await;
    assert_eq!(told.len(), 2, "{told:#?}");
    assert_eq!(told[1]["alerts"][0]["event"], "cleared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_reconcile_is_listed_where_nobody_is_to_be_told() {
    let stage = posted().await;
    let listed = async || {
        let listed = support::run(stage.folder(), &["alerts", "--json"]).await.json_lines();
        listed.iter().filter(|alert| alert["kind"] == "not_reconciled").count()
    };
    assert_eq!(reconcile(&stage, LATER).await.0, 4);
    assert_eq!(listed().await, 1);
    assert_eq!(reconcile(&stage, BEFORE_THE_BANK).await.0, 0);
    assert_eq!(listed().await, 0, "it is over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_period_is_signed_when_nothing_in_it_is_unknown() {
    let stage = posted().await;
    let period = async |args: &[&str]| support::run(stage.folder(), args).await;

    let said = period(&["reconcile", "sign", "2026-09"]).await;
    assert_eq!(said.code, 4, "{}{}", said.out, said.err);
    assert!(said.err.contains("one difference is unknown"), "{}", said.err);

    import(&stage, "bank.csv", &statement(DEPOSIT), 0).await;
    book_the_receipt(&stage, date(2026, 9, 21)).await;
    let said = period(&["reconcile", "--period", "2026-09", "--json"]).await;
    let [figures] = said.json_lines().try_into().expect("one currency");
    assert_eq!((said.code, &figures["reconciled"]), (0, &true.into()), "{figures}");
    assert_eq!(figures["clearing"]["closing"], "0.00");
    for column in ["amazon", "journal", "ledger", "bank"] {
        assert_eq!(figures["totals"][column], DEPOSIT, "{column}");
    }

    let said = period(&["reconcile", "sign", "2026-09", "--json"]).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let signed = json!({ "connection": "demo", "period": "2026-09", "currency": "USD",
                         "standing": "signed", "clearing": { "closing": "0.00" } });
    assert_eq!(said.json_lines(), [signed]);
    let twice = period(&["reconcile", "sign", "2026-09"]).await;
    assert_eq!(twice.code, 1, "{}{}", twice.out, twice.err);
    let listed = period(&["reconcile", "periods", "--json"]).await.json_lines();
    let of = |name: &str| listed.iter().find(|one| one["period"] == name).expect(name).clone();
    assert_eq!(of("2026-09")["standing"], "signed");
    assert_eq!(of("2026-09")["signed"]["by"], "person clerk");

    // A posting into the signed period is an incident until the period is opened again.
    book_the_receipt(&stage, date(2026, 9, 29)).await;
    let said = period(&["reconcile", "--period", "2026-09", "--json"]).await;
    let [figures] = said.json_lines().try_into().expect("one currency");
    assert_eq!((said.code, &figures["standing"]), (4, &"changed since it was signed".into()));
    let changes = figures["changes"].to_string();
    assert!(changes.contains("clearing, ledger: was 0.00, is -455.05"), "{changes}");
    let reopen = ["reconcile", "reopen", "2026-09", "--reason", "posted twice", "--json"];
    let said = period(&reopen).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let open = json!({ "connection": "demo", "period": "2026-09", "currency": "USD",
                       "standing": "open", "reason": "posted twice" });
    assert_eq!(said.json_lines(), [open]);
    let story = period(&["audit", "show", "2026-09"]).await;
    for word in ["period signed", "period re-opened", "posted twice"] {
        assert!(story.out.contains(word), "{word}: {}", story.out);
    }
    let said = period(&["reconcile", "sign", "2026-09"]).await;
    assert!(said.code == 4 && said.err.contains("beyond what is explained"), "{}", said.err);
}

/// One transaction of the Finances API, of a single amount.
pub(crate) fn transaction(id: &str, status: &str, posted: &str, amount: &str) -> serde_json::Value {
    let amount: serde_json::Value = serde_json::from_str(amount).expect("a number");
    let money = serde_json::json!({ "currencyCode": "USD", "currencyAmount": amount });
    serde_json::json!({
        "transactionType": "Shipment", "transactionId": id, "transactionStatus": status,
        "postedDate": posted, "totalAmount": money,
        "marketplaceDetails": { "marketplaceName": "Amazon.com" },
        "breakdowns": [{ "breakdownType": "Product Charges", "breakdownAmount": money,
            "breakdowns": [{ "breakdownType": "Principle", "breakdownAmount": money }] }],
    })
}

/// Days are cut in Los Angeles.
pub(crate) fn in_pacific_time(stage: &Stage) {
    let config = std::fs::read_to_string(stage.config()).expect("there");
    let rules = "rules = \"rules.toml\"\n";
    let config = config.replace(rules, &format!("{rules}zone = \"America/Los_Angeles\"\n"));
    std::fs::write(stage.config(), config).expect("written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_at_a_periods_end_is_shown_as_a_journal_and_its_reversal() {
    let stage = posted().await;
    in_pacific_time(&stage);
    // Midnight in Los Angeles is at 07:00 in UTC.
    for (id, status, at, amount) in [
        ("a", "DEFERRED", "2026-09-20T12:00:00Z", "30.00"),
        ("b", "RELEASED", "2026-10-01T06:59:59Z", "12.50"),
        ("c", "RELEASED", "2026-10-01T07:00:00Z", "99.00"),
    ] {
        assert!(stage.amazon.add_transaction(transaction(id, status, at, amount)));
    }
    let accrue = ["accrue", "--period", "2026-09", "--json"];
    let said = support::run(stage.folder(), &accrue).await;
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert!(said.out.contains("Shipment / Product Charges / Principle"), "{}", said.out);

    let words = "Shipment / Product Charges / Principle";
    let map = ["rules", "map", words, "product_sales", "--reason", "Amazon's word for it"];
    let said = support::run(stage.folder(), &map).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let said = support::run(stage.folder(), &accrue).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let [plan] = said.json_lines().try_into().expect("one currency");
    assert_eq!((&plan["deferred"], &plan["unsettled"]), (&"30.00".into(), &"12.50".into()));
    assert_eq!(plan["journal"]["date"], "2026-09-30");
    assert_eq!(plan["reversal"]["date"], "2026-10-01");
    let lines = plan["journal"]["lines"].as_array().expect("lines");
    let of = |account: &str| lines.iter().find(|line| line["account"] == account).expect(account);
    assert_eq!(of("4000")["credit"], "42.50");
    assert_eq!(of("1175")["debit"], "42.50");
    assert_eq!(stage.epicor.posted_journals().len(), 1, "nothing is posted");
}
