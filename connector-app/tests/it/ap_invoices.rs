//! Fees as supplier invoices: the style `journal+ap-invoice`, from the plan to the posted invoice,
//! with every answer lost in turn.

use connector_app::ledger::{Document, DocumentTarget as _, Draft, Sent};
use connector_app::pipeline::posting::Found;
use connector_app::pipeline::{Actor, documents_of};
use connector_app::stage::{Setting, Stage};
use fixtures::documents;
use fixtures::epicor::{GlAccountRow, Vendor};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde_json::Value;
use store::Store;
use wire::Clock as _;

use crate::process::{
    FAULTS, Process, a_few_at_a_time, assert_posted_once, clock, each_effect_twice,
    posts_in_memory, run_to_the_end, setting, struck,
};
use crate::support;

const STYLE: &str = "style = \"journal+ap-invoice\"\nvendor = \"AMAZON\"\n";

fn with_invoices(names: &[&str]) -> Setting {
    let mut setting = setting(names);
    setting.posting = STYLE.to_owned();
    setting
}

async fn stage(names: &[&str]) -> Stage {
    Stage::set(with_invoices(names)).await.expect("stand-ins start")
}

fn vendor(inactive: bool) -> Vendor {
    Vendor {
        number: 101,
        id: "AMAZON".to_owned(),
        name: "Amazon Services".to_owned(),
        terms: "N30".to_owned(),
        currency: "USD".to_owned(),
        expense_account: "9999".to_owned(),
        inactive,
    }
}

fn amount(value: &Value) -> Decimal {
    value.as_str().expect("money is text").parse().expect("a decimal")
}

/// What journals and invoices of a plan debit each account, less what they credit.
fn by_account(plan: &Value) -> std::collections::BTreeMap<String, Decimal> {
    let mut sums = std::collections::BTreeMap::new();
    let mut add = |account: &Value, amount: Decimal| {
        let account = account.as_str().expect("an account").to_owned();
        *sums.entry(account).or_insert(Decimal::ZERO) += amount;
    };
    for journal in plan["journals"].as_array().expect("a list") {
        for line in journal["lines"].as_array().expect("a list") {
            add(&line["account"], amount(&line["debit"]) - amount(&line["credit"]));
        }
    }
    for invoice in plan["invoices"].as_array().expect("a list") {
        for line in invoice["lines"].as_array().expect("a list") {
            add(&line["account"], amount(&line["amount"]));
        }
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_plan_shows_the_invoice_beside_the_journal() {
    let stage = stage(&["us-plain.txt"]).await;
    let bytes = documents::get("us-plain.txt").expect("it ships").bytes;
    std::fs::write(stage.folder().join("plain.txt"), bytes).expect("written");
    let planned = support::run(stage.folder(), &["plan", "plain.txt", "--json"]).await;
    assert_eq!(planned.code, 0, "{}\n{}", planned.out, planned.err);
    let with = &planned.json_lines()[0];
    let invoice = &with["invoices"][0];
    assert_eq!(invoice["journal"], with["journals"][0]["key"]);
    assert_eq!((&invoice["vendor"], &invoice["document"]), (&"AMAZON".into(), &"invoice".into()));
    let people = support::run(stage.folder(), &["plan", "plain.txt"]).await;
    let number = invoice["number"].as_str().expect("a number");
    assert!(people.out.contains(&format!("Invoice {number} of vendor AMAZON")), "{}", people.out);

    // Elsewhere, without a configuration: all in the journal. The accounts are debited alike, but
    // for the account that the invoice is met on.
    let alone = tempfile::tempdir().expect("a folder");
    let source = stage.folder().join("plain.txt");
    let source = source.to_str().expect("a path");
    let without = support::run(alone.path(), &["plan", source, "--json"]).await;
    let without = &without.json_lines()[0];
    assert_eq!(without["invoices"].as_array().map(Vec::len), Some(0));
    let (with, without) = (by_account(with), by_account(without));
    let payable: Vec<_> = with.keys().filter(|account| !without.contains_key(*account)).collect();
    assert_eq!(payable.len(), 1, "{with:?}");
    assert_eq!(with[payable[0]], amount(&invoice["total"]));
    assert!(without.iter().all(|(account, sum)| with.get(account) == Some(sum)), "{with:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_is_not_there_holds_until_it_is() {
    let stage = stage(&["us-plain.txt"]).await;
    let account = GlAccountRow { active: false, ..GlAccountRow::active("5130", "Advertising") };
    stage.epicor.add_account(&account);
    stage.epicor.put_vendor(&vendor(true));
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 3, "{}\n{}", said.out, said.err);
    assert!(said.out.contains("vendor AMAZON (Amazon Services) is inactive"), "{}", said.out);
    assert!(said.out.contains("5130") && said.out.contains("inactive"), "{}", said.out);
    assert!(stage.epicor.posted_journals().is_empty(), "not even the journal");

    let config = std::fs::read_to_string(stage.config()).expect("a configuration");
    let other = config.replace("\"AMAZON\"", "\"AMZN\"");
    std::fs::write(stage.config(), other).expect("written");
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 3, "{}\n{}", said.out, said.err);
    assert!(said.out.contains("has no vendor AMZN"), "{}", said.out);

    std::fs::write(stage.config(), config).expect("written");
    stage.epicor.put_vendor(&vendor(false));
    stage.epicor.add_account(&GlAccountRow::active("5130", "Advertising"));
    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    assert_eq!(stage.epicor.posted_journals().len(), 1);
    let invoices = stage.epicor.ap_invoices();
    assert!(matches!(&invoices[..], [one] if one.posted && !one.debit_memo), "{invoices:#?}");
}

/// The negative settlement gives back more than it charges in one of its periods, if any; whatever
/// it is, what stands in Epicor is what was planned, to the cent and the account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invoices_are_posted_as_planned_to_the_cent() {
    let stage = stage(&["us-plain.txt", "us-month-end.txt", "us-negative.txt"]).await;
    let store = Store::in_memory().expect("a store");
    run_to_the_end(&stage, &store, &clock(), "clean").await;
    assert_posted_once(&stage, &store, "clean").await;
    let mut seen = 0;
    for record in store.settlements(None).await.expect("readable") {
        for document in documents_of(&record).expect("a plan") {
            let Document::ApInvoice(planned) = document else { continue };
            seen += 1;
            let invoices = stage.epicor.ap_invoices();
            let there = invoices.iter().find(|one| one.invoice_num == planned.number);
            let there = there.expect("it is in Epicor");
            let mut lines: Vec<_> =
                planned.lines.iter().map(|l| (l.account.to_string(), l.amount)).collect();
            let mut accounts = there.accounts.clone();
            lines.sort();
            accounts.sort();
            assert_eq!(accounts, lines, "{}", planned.number);
            assert_eq!(there.amount.abs(), planned.total, "{}", planned.number);
            assert_eq!(there.debit_memo, planned.document.to_string() == "debit memo");
        }
    }
    assert!(seen >= 3, "{seen} invoices");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_fault_at_each_request_of_an_invoice() {
    let plain = || with_invoices(&["us-plain.txt"]);
    let paths = posts_in_memory(plain(), None, "clean").await;
    let is_of_invoice = |path: &str| path.contains(".AP") || path.contains("Vendor");
    let requests = paths.iter().enumerate().filter(|(_, path)| is_of_invoice(path));
    let requests: Vec<_> = requests.map(|(index, _)| index).collect();
    assert!(requests.len() > 10, "an invoice takes more than {} requests", requests.len());

    // What journals are given every fault for, invoices are given the kinds of.
    let kinds = ["500, nothing done", "429", "done, then reset", "done, half an answer"];
    let faults: Vec<_> = FAULTS.into_iter().filter(|(name, _)| kinds.contains(name)).collect();
    assert_eq!(faults.len(), kinds.len());
    a_few_at_a_time(struck(&requests, &faults).into_iter().map(
        |(index, (name, fault))| async move {
            let what = format!("Epicor request {index}: {name}");
            posts_in_memory(plain(), Some((index, fault())), &what).await;
        },
    ))
    .await;
}

/// The invoice of a settlement, complete, before anything of it was sent.
async fn draft(process: &Process, store: &Store) -> Draft {
    let intake = connector_app::pipeline::Intake { site: &process.site, store };
    let bytes = documents::get("us-plain.txt").expect("it ships").bytes;
    let person = Actor::Person("clerk".to_owned());
    intake.import(process.clock.now(), &person, "a.txt", &bytes).await.expect("taken in");
    let record = store.settlements(None).await.expect("readable").pop().expect("one");
    let without_epicor = connector_app::pipeline::Worker { ledger: None, ..process.worker(store) };
    without_epicor.run(&record.key).await.expect("mapped");
    let record = store.settlement(&record.key).await.expect("readable").expect("there");
    let documents = documents_of(&record).expect("a plan");
    let is_invoice = |document: &Document| matches!(document, Document::ApInvoice(_));
    Draft::new(documents.into_iter().find(is_invoice).expect("an invoice"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_effect_of_an_invoice_twice() {
    let stage = stage(&["us-plain.txt"]).await;
    let clock = clock();
    let process = Process::start(&stage, &clock).await;
    let store = Store::in_memory().expect("a store");
    let draft = draft(&process, &store).await;
    assert!(draft.key.contains("/ap-invoice/"), "{}", draft.key);
    each_effect_twice(&process.ledger, &draft, &clock).await;
    assert_eq!(stage.epicor.ap_invoices().len(), 1);
}

/// A person has used the number for something else: nothing is touched, and it is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_is_taken_holds_the_settlement() {
    let stage = stage(&["us-plain.txt"]).await;
    let clock = clock();
    let process = Process::start(&stage, &clock).await;
    let store = Store::in_memory().expect("a store");
    let ours = draft(&process, &store).await;
    let Document::ApInvoice(invoice) = &ours.document else { panic!("an invoice") };
    let foreign = Draft {
        token: "CLERK".to_owned(),
        group_id: "CLERK1".to_owned(),
        ..Draft::new(Document::ApInvoice(invoice.clone()))
    };
    let soon = clock.now() + SignedDuration::from_secs(10);
    assert_eq!(process.ledger.write(&foreign, soon).await, Sent::Done);
    assert_eq!(process.ledger.look_up(&ours).await.expect("asked").found, Found::Different);

    // Whatever the run says, the settlement ends held, and the clerk's invoice is as it was.
    process.run(&store).await.expect("others are not concerned");
    let record = store.settlements(None).await.expect("readable").pop().expect("one");
    assert_eq!(record.state, "held", "{:?}", record.hold);
    assert!(record.hold.expect("a reason").contains("not ours"));
    let invoices = stage.epicor.ap_invoices();
    assert!(matches!(&invoices[..], [one] if one.group_id == "CLERK1" && !one.posted));
}
