//! Two connections that read one selling account, for two companies: its money is booked once, unless a
//! person says otherwise.

use connector_app::pipeline::HeldReason;
use connector_app::stage::{CONNECTION, Setting, Stage};
use fixtures::documents;
use fixtures::epicor::{self, Company};
use ledger_mapper::{Role, Rules};
use rust_decimal::Decimal;
use store::{SettlementRecord, Store};

use crate::support::run;

const OTHER: &str = "other";

/// A connection and its copy for the second company.
async fn stage(automatic: bool) -> Stage {
    let mut setting = Setting::new(vec![documents::get("us-plain.txt").expect("it ships")]);
    setting.automatic = automatic;
    // Both ask for one account's reports, again and again.
    setting.amazon.enforce_rates = false;
    setting.epicor = epicor::Options {
        companies: ["EPIC06", "EPIC07"].map(company).to_vec(),
        ..epicor::Options::default()
    };
    let stage = Stage::set(setting).await.expect("stand-ins start");
    stage.copy_connection(OTHER, "EPIC07").expect("written");
    stage
}

fn company(id: &str) -> Company {
    Company { id: id.to_owned(), name: "Example".to_owned(), currency: "USD".to_owned() }
}

/// The settlement as a connection has it, and what holds it.
async fn of(stage: &Stage, connection: &str) -> (SettlementRecord, Vec<HeldReason>) {
    let store = Store::open_read_only(&stage.folder().join("data")).expect("a store");
    let mut records = store.settlements(Some(connection)).await.expect("readable");
    let record = records.pop().expect("it was read");
    let reasons = HeldReason::parse_all(record.hold.as_deref());
    (record, reasons)
}

/// Where it stands in either connection.
async fn states(stage: &Stage) -> [String; 2] {
    [of(stage, CONNECTION).await.0.state, of(stage, OTHER).await.0.state]
}

/// How many journals each company has, and what is on the clearing accounts of both.
fn booked(stage: &Stage) -> ([usize; 2], Decimal) {
    let posted = stage.epicor.posted_journals();
    let of = |id| posted.iter().filter(|journal| journal.company == id).count();
    let rules = Rules::sample();
    let clearing = rules.account_for(&Role::AMAZON_CLEARING).expect("it is named").as_str();
    let lines = posted.iter().flat_map(|journal| &journal.lines);
    let lines = lines.filter(|line| line.account == clearing);
    (["EPIC06", "EPIC07"].map(of), lines.map(|line| line.debit - line.credit).sum())
}

async fn sync(stage: &Stage, exit: i32) {
    let said = run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, exit, "{}{}", said.out, said.err);
}

/// A person decides about it in a connection.
async fn decide(stage: &Stage, what: &str, connection: &str, exit: i32) {
    let id = of(stage, connection).await.0.key.settlement_id;
    let args = [what, &id, "--connection", connection, "--reason", "asked"];
    let said = run(stage.folder(), &args).await;
    assert_eq!(said.code, exit, "{what} {connection}: {}{}", said.out, said.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_first_has_by_hand_is_booked_there() {
    let stage = stage(false).await;
    sync(&stage, 3).await;
    assert_eq!(states(&stage).await, ["ready", "held"]);
    decide(&stage, "by-hand", CONNECTION, 0).await;
    sync(&stage, 3).await;
    assert_eq!(states(&stage).await, ["by_hand", "held"]);
    let (_, reasons) = of(&stage, OTHER).await;
    let [reason] = reasons.as_slice() else { panic!("one reason: {reasons:?}") };
    let told = "and has it in its books, entered by hand. ";
    assert!(reason.message.contains(told), "{}", reason.message);
    assert!(!reason.message.contains("reverse it there"), "{}", reason.message);
    assert_eq!(booked(&stage).0, [0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_is_held_and_names_the_first_until_a_person_releases_it() {
    let stage = stage(true).await;
    sync(&stage, 3).await;
    let (record, reasons) = of(&stage, OTHER).await;
    let [reason] = reasons.as_slice() else { panic!("one reason: {reasons:?}") };
    assert_eq!(states(&stage).await, ["posted", "held"]);
    let id = &record.key.settlement_id;
    let message = format!(
        "connection demo has settlement {id}, too, and has posted it. A settlement is booked once, in \
         one company: the finance clerk says in which. If it is that of demo, this one stays held; where \
         both connections read one selling account, the IT admin removes one of them. If it is that of \
         other, reverse it there (`ml-connector reverse {id} --connection demo`), then run \
         `ml-connector release {id} --connection other`"
    );
    assert_eq!((reason.reason.as_str(), &reason.message), ("other_connection", &message));
    let deposit: Decimal = record.deposit.parse().expect("an amount");
    assert_eq!(booked(&stage), ([1, 0], deposit));
    let status = run(stage.folder(), &["status"]).await.out;
    assert!(status.trim_start().starts_with("Connection  Settlement"), "{status}");
    let rows = status.lines().filter(|line| line.contains("USD") && line.contains(id.as_str()));
    let names: Vec<_> = rows.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names[..2], [CONNECTION, OTHER], "{status}");
    assert!(status.contains(&format!("held {id} of {OTHER}: connection demo has")), "{status}");
    let named = run(stage.folder(), &["status", "--connection", OTHER]).await.out;
    assert!(named.trim_start().starts_with("Settlement"), "it is said already: {named}");
    sync(&stage, 3).await;
    assert_eq!(
        (states(&stage).await, booked(&stage)),
        (["posted", "held"].map(str::to_owned), ([1, 0], deposit))
    );

    decide(&stage, "release", OTHER, 0).await;
    sync(&stage, 0).await;
    assert_eq!(states(&stage).await, ["posted", "posted"]);
    assert_eq!(booked(&stage), ([1, 1], deposit + deposit), "as the person said");
    let (record, _) = of(&stage, OTHER).await;
    assert_eq!(record.waived.as_deref(), Some("[\"other_connection demo\"]"), "that pair alone");
    let id = record.key.settlement_id;
    let told = run(stage.folder(), &["audit", "show", &id, "--connection", OTHER, "--json"]).await;
    let told = told.json_lines();
    let released = told.iter().find(|event| event["action"] == "reconsider").expect("a decision");
    assert!(released["actor"].as_str().expect("who").contains("clerk"), "{released}");
    let waived = released["detail"]["waived"].as_str().expect("what");
    assert!(waived.contains("other_connection demo"), "{released}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_come_at_once_are_both_held_and_one_is_released() {
    let stage = stage(true).await;
    let file = stage.folder().join("us-plain.txt");
    std::fs::write(&file, documents::get("us-plain.txt").expect("it ships").bytes)
        .expect("written");
    for connection in [CONNECTION, OTHER] {
        let file = file.to_str().expect("text");
        let said = run(stage.folder(), &["import", file, "--connection", connection]).await;
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }
    sync(&stage, 3).await;
    assert_eq!(states(&stage).await, ["held", "held"]);
    for connection in [CONNECTION, OTHER] {
        let (_, reasons) = of(&stage, connection).await;
        assert!(reasons[0].message.contains("has not posted it"), "{reasons:?}");
    }
    sync(&stage, 3).await;
    assert_eq!(booked(&stage).0, [0, 0]);

    decide(&stage, "release", OTHER, 0).await;
    sync(&stage, 3).await;
    assert_eq!(states(&stage).await, ["held", "posted"]);
    sync(&stage, 3).await;
    let (record, reasons) = of(&stage, CONNECTION).await;
    assert!(reasons[0].message.contains("connection other has"), "{reasons:?}");
    assert!(reasons[0].message.contains("has posted it"), "{reasons:?}");
    assert_eq!(booked(&stage), ([0, 1], record.deposit.parse().expect("an amount")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_for_approval_while_the_other_was_posted_is_held() {
    let stage = stage(false).await;
    sync(&stage, 3).await;
    assert_eq!(states(&stage).await, ["ready", "held"]);
    decide(&stage, "release", OTHER, 0).await;
    sync(&stage, 0).await;
    decide(&stage, "approve", OTHER, 0).await;
    sync(&stage, 0).await;
    assert_eq!(states(&stage).await, ["ready", "posted"]);

    decide(&stage, "approve", CONNECTION, 3).await;
    let (record, reasons) = of(&stage, CONNECTION).await;
    assert_eq!(record.state, "held");
    assert!(reasons[0].message.contains("connection other has"), "{reasons:?}");
    sync(&stage, 3).await;
    assert_eq!(booked(&stage), ([0, 1], record.deposit.parse().expect("an amount")));

    // It was the wrong company: taken back there, and released here.
    decide(&stage, "reverse", OTHER, 0).await;
    sync(&stage, 3).await;
    assert!(of(&stage, CONNECTION).await.1[0].message.contains("and taken it back"));
    decide(&stage, "release", CONNECTION, 0).await;
    sync(&stage, 0).await;
    decide(&stage, "approve", CONNECTION, 0).await;
    sync(&stage, 0).await;
    assert_eq!(states(&stage).await, ["posted", "reversed"]);
    assert_eq!(booked(&stage), ([1, 2], record.deposit.parse().expect("an amount")));
}
