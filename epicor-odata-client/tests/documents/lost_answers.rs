//! Every create, over an Epicor that loses requests and answers: one document in the end.
//!
//! A normal run takes 100 seeds for each kind. `ML_SEEDS=10000 cargo test -p epicor-odata-client
//! --release --test documents lost_answers` is the long one.

use std::time::Duration;

use epicor_odata_client::Entry;
use epicor_odata_client::ap_invoice::NewApInvoice;
use epicor_odata_client::once::{Attempt, Document, NotEnsured, Postable};

use crate::epicor::{Epicor, SETTLE};
use crate::flows;

/// How often an attempt is made anew, as the next run of a program would.
const RUNS: usize = 60;

fn seeds() -> u64 {
    let said = std::env::var("ML_SEEDS").ok().and_then(|seeds| seeds.parse().ok());
    said.unwrap_or(100)
}

/// Enters a document until it stands; how often Epicor held something else than was wanted.
async fn entered<D: Document>(epicor: &Epicor, document: &D, client: &epicor_odata_client::Client) {
    let mut attempt = Attempt::First;
    for _ in 0..RUNS {
        match client.ensure(document, attempt, SETTLE).await {
            Ok(_) => return,
            Err(NotEnsured::Differs(what)) => panic!("something else stands there: {what}"),
            // The next run comes when nothing is on its way any more.
            Err(_) => epicor.wait(SETTLE),
        }
        attempt = Attempt::Again;
    }
    panic!("it does not stand after {RUNS} runs");
}

async fn posted<D: Postable>(epicor: &Epicor, document: &D, client: &epicor_odata_client::Client) {
    for _ in 0..RUNS {
        match client.ensure_posted(document, Attempt::Again, SETTLE).await {
            Ok(_) => return,
            Err(NotEnsured::Differs(what)) => panic!("something else stands there: {what}"),
            Err(_) => epicor.wait(SETTLE),
        }
    }
    panic!("it is not posted after {RUNS} runs");
}

/// An Epicor of this seed with up to twelve faults, each of which strikes one of four requests.
fn faulty(seed: u64) -> std::sync::Arc<Epicor> {
    Epicor::new(seed).with_faults(12, 25)
}

fn count(epicor: &Epicor, table: &str) -> usize {
    epicor.state().rows(table).count()
}

async fn journals(entry: Entry) {
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let journals = client.gl_journals().entry(entry);
        let document = journals.document(flows::group(), flows::journal(4)).unwrap();
        entered(&epicor, &document, &client).await;
        assert_eq!((count(&epicor, "GLJrnHed"), count(&epicor, "GLJrnDtlMnl")), (1, 4), "{seed}");
        posted(&epicor, &document, &client).await;
        epicor.calm_down();
        assert_eq!((count(&epicor, "GLJrnHed"), count(&epicor, "GLJrnDtl")), (0, 4), "{seed}");
    }
}

#[tokio::test]
async fn one_journal() {
    journals(Entry::Dialogue).await;
}

#[tokio::test]
async fn one_journal_the_compact_way() {
    journals(Entry::Compact).await;
}

async fn invoices(entry: Entry, invoice: &NewApInvoice) {
    let lines = invoice.lines.len();
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let invoices = client.ap_invoices().entry(entry);
        let document = invoices.document(flows::group_id(), flows::DAY, invoice.clone()).unwrap();
        entered(&epicor, &document, &client).await;
        let kept = |table| count(&epicor, table);
        assert_eq!(
            (kept("APInvHed"), kept("APInvDtl"), kept("APPosting")),
            (1, lines, 0),
            "{seed}"
        );
        posted(&epicor, &document, &client).await;
        epicor.calm_down();
        assert_eq!(
            (kept("APInvHed"), kept("APInvDtl"), kept("APPosting")),
            (1, lines, 1),
            "{seed}"
        );
    }
}

#[tokio::test]
async fn one_invoice() {
    invoices(Entry::Dialogue, &flows::invoice(&[1250, -200, 33])).await;
}

#[tokio::test]
async fn one_invoice_the_compact_way() {
    invoices(Entry::Compact, &flows::invoice(&[1250, -200, 33])).await;
}

#[tokio::test]
async fn one_debit_memo() {
    invoices(Entry::Dialogue, &flows::invoice(&[-1250, 200])).await;
}

#[tokio::test]
async fn one_order() {
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let document = client.sales_orders().document(flows::order_from("FBA", 3)).unwrap();
        entered(&epicor, &document, &client).await;
        epicor.calm_down();
        let kept = |table| count(&epicor, table);
        assert_eq!((kept("OrderHed"), kept("OrderDtl"), kept("OHOrderMsc")), (1, 3, 1), "{seed}");
        let state = epicor.state();
        assert!(state.rows("OrderRel").all(|row| row["WarehouseCode"] == "FBA"), "{seed}");
        assert!(state.rows("OrderHed").all(|row| row["ReadyToCalc"] == true), "{seed}");
    }
}

#[tokio::test]
async fn one_pack() {
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let order = client.sales_orders().document(flows::order(3)).unwrap();
        entered(&epicor, &order, &client).await;
        epicor.calm_down();
        let order_num = epicor.state().rows("OrderHed").next().unwrap()["OrderNum"].as_i64();
        let epicor = epicor.with_faults(12, 25);
        let document = client.packs().document(flows::pack(order_num.unwrap())).unwrap();
        entered(&epicor, &document, &client).await;
        epicor.calm_down();
        assert_eq!((count(&epicor, "ShipHead"), count(&epicor, "ShipDtl")), (1, 3), "{seed}");
        let open = epicor.state().rows("OrderRel").filter(|row| row["OpenRelease"] == true).count();
        assert_eq!(open, 0, "{seed}");
    }
}

#[tokio::test]
async fn one_claim_for_one_owner() {
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let document = client.claims().document(flows::claim("A")).unwrap();
        entered(&epicor, &document, &client).await;
        let other = client.claims().document(flows::claim("B")).unwrap();
        let mut refused = false;
        for _ in 0..8 {
            match client.ensure(&other, Attempt::First, SETTLE).await {
                Ok(_) => panic!("both have it"),
                Err(NotEnsured::Differs(_)) => refused = true,
                Err(_) => epicor.wait(SETTLE),
            }
        }
        assert!(refused, "{seed}");
        assert_eq!(count(&epicor, "UD01"), 1, "{seed}");
    }
}

#[tokio::test]
async fn one_cross_reference() {
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let document = client.part_cross_references().document(flows::cross_reference()).unwrap();
        entered(&epicor, &document, &client).await;
        epicor.calm_down();
        assert_eq!(count(&epicor, "CustXPrt"), 1, "{seed}");
    }
}

/// What a person did with an order meanwhile is not undone.
#[tokio::test]
async fn a_void_order_is_found_and_not_entered_again() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let document = client.sales_orders().document(flows::order(3)).unwrap();
    entered(&epicor, &document, &client).await;
    epicor.state().table("OrderHed")[0]["VoidOrder"] = true.into();
    let result = client.ensure(&document, Attempt::Again, SETTLE).await;
    assert!(matches!(result, Err(NotEnsured::Differs(why)) if why.contains("is void")));
    assert_eq!(count(&epicor, "OrderHed"), 1);
}

/// The settle time carries the promise: looking too early makes two of one. This shows that the
/// runs above can tell.
#[tokio::test]
async fn looking_too_early_makes_two() {
    let mut twice = 0;
    for seed in 0..seeds() {
        let epicor = faulty(seed);
        let client = epicor.client();
        let document = client.part_cross_references().document(flows::cross_reference()).unwrap();
        let early = Duration::from_secs(1);
        let done = client.ensure(&document, Attempt::First, early).await.is_ok();
        epicor.calm_down();
        twice += usize::from(done && count(&epicor, "CustXPrt") > 1);
    }
    assert!(twice > 0);
}
