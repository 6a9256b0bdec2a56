//! Kills the real binary (SIGKILL) at every request it makes to Epicor, before Epicor acts and after
//! Epicor acted but did not answer; then runs it again: exactly one journal, equal to the deposit.

use std::time::Duration;

use connector_app::stage::{Setting, Stage};
use fixtures::{Fault, RequestSeen, documents};
use rust_decimal::Decimal;

use crate::process::a_few_at_a_time;
use crate::support;

/// The settlement that is posted.
const SETTLEMENT: &str = "us-plain.txt";

/// The style that makes two documents of it.
const WITH_INVOICE: &str = "style = \"journal+ap-invoice\"\nvendor = \"AMAZON\"\n";

async fn stage(style: &str) -> Stage {
    let document = documents::get(SETTLEMENT).expect("it ships");
    let mut setting = Setting::new(vec![document]);
    setting.posting = style.to_owned();
    setting.settle_seconds = 1;
    setting.send_grace_seconds = 5;
    Stage::set(setting).await.expect("stand-ins start")
}

/// Exactly one posted journal, nothing left in entry, and the store says posted.
async fn exactly_one(stage: &Stage, what: &str) {
    let posted = stage.epicor.posted_journals();
    assert_eq!(posted.len(), 1, "{what}: {posted:#?}");
    assert!(stage.epicor.unposted_groups().is_empty(), "{what}: something is left in entry");
    let lines = &posted[0].lines;
    let debits: Decimal = lines.iter().map(|line| line.debit).sum();
    let credits: Decimal = lines.iter().map(|line| line.credit).sum();
    assert_eq!(debits, credits, "{what}");

    let said = support::run(stage.folder(), &["status", "--json"]).await;
    let status = said.settlements();
    assert_eq!(status.len(), 1, "{what}: {}", said.out);
    assert_eq!(status[0]["state"], "posted", "{what}: {}", said.out);
    let number = posted[0].journal_num.to_string();
    assert_eq!(status[0]["journals"][0]["journal"], number.as_str(), "{what}: {}", said.out);

    let invoices = stage.epicor.ap_invoices();
    let told = status[0]["invoices"].as_array().expect("a list");
    assert_eq!(invoices.len(), told.len(), "{what}: {invoices:#?}");
    for (invoice, told) in invoices.iter().zip(told) {
        assert!(invoice.posted, "{what}: {invoice:#?}");
        assert_eq!(told["invoice"], invoice.invoice_num.as_str(), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_it_posts_exactly_once() {
    killed_at_each("", 10, |_| true).await;
}

/// The requests that save something of the invoice; those of its journal are among the ones above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_in_a_fee_invoice_it_posts_exactly_once() {
    let saves = ["Update", "UpdateMaster", "RunDirect"];
    killed_at_each(WITH_INVOICE, 4, |seen| {
        seen.service.contains(".AP") && saves.contains(&seen.operation.as_str())
    })
    .await;
}

async fn killed_at_each(
    style: &'static str,
    more_than: usize,
    of_interest: impl Fn(&RequestSeen) -> bool,
) {
    let clean = stage(style).await;
    let said = support::run(clean.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
    exactly_one(&clean, "clean run").await;
    let requests = clean.epicor.requests();
    let requests: Vec<_> =
        requests.iter().filter(|seen| of_interest(seen)).map(|seen| seen.index).collect();
    assert!(requests.len() > more_than, "it takes more than {} requests", requests.len());

    let moments = requests.into_iter().flat_map(|index| [(index, false), (index, true)]);
    a_few_at_a_time(moments.map(|(index, acted)| kill_at(style, index, acted))).await;
}

async fn kill_at(style: &'static str, index: u64, acted: bool) {
    let what = format!("killed at request {index}, {}", if acted { "acted" } else { "not acted" });
    let stage = stage(style).await;
    let fault = if acted { Fault::HoldAfter } else { Fault::HoldBefore };
    stage.epicor.faults().at(index, fault);

    let mut child =
        support::binary(stage.folder()).args(["sync", "settlements"]).spawn().expect("it starts");
    tokio::time::timeout(Duration::from_secs(60), stage.epicor.faults().reached())
        .await
        .unwrap_or_else(|_| panic!("{what}: the request was never made"));
    child.kill().expect("killed");
    child.wait().expect("gone");
    stage.epicor.faults().clear();
    stage.epicor.faults().release();

    let said = support::run(stage.folder(), &["sync", "settlements"]).await;
    assert_eq!(said.code, 0, "{what}: {}\n{}", said.out, said.err);
    exactly_one(&stage, &what).await;
}
