//! What people do with a document while it is entered, posted or looked for.

use epicor_odata_client::once::{Attempt, Document as _, Found, NotEnsured, Postable as _};
use epicor_odata_client::{Entry, Error};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::epicor::{Epicor, SETTLE};
use crate::flows;

fn count(epicor: &Epicor, table: &str) -> usize {
    epicor.state().rows(table).count()
}

/// Whatever our look reads first: the journal is in entry before the posting, and posted after it.
#[tokio::test]
async fn a_journal_that_is_posted_between_two_reads_is_never_taken_for_absent() {
    for answered in 0..4 {
        let epicor = Epicor::new(1);
        let client = epicor.client();
        let document = client.gl_journals().document(flows::group(), flows::journal(4)).unwrap();
        let number = client.ensure(&document, Attempt::First, SETTLE).await.unwrap().key.number;
        let posting = json!({ "postGroupID": flows::group_id().as_str() });
        epicor.meanwhile(answered, "Erp.BO.GLJrnGrpSvc/PostGroupJournals", posting);
        let found = document.find().await.unwrap();
        let Found::Whole(key) = found else { panic!("after {answered} reads: {found:?}") };
        assert_eq!((key.number, key.posted), (number, answered < 3));
        let posted = client.ensure_posted(&document, Attempt::Again, SETTLE).await.unwrap();
        assert!(posted.posted);
        assert_eq!((count(&epicor, "GLJrnHed"), count(&epicor, "GLJrnDtl")), (0, 4));
    }
}

#[tokio::test]
async fn a_journal_that_stands_in_both_places_differs() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let document = client.gl_journals().document(flows::group(), flows::journal(2)).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    document.post().await.unwrap();
    document.enter().await.unwrap();
    let found = document.find().await.unwrap();
    assert!(matches!(&found, Found::Differs(why) if why.contains("a second time")), "{found:?}");
}

/// The group's id is used again, for a journal whose token is the beginning of the other's.
#[tokio::test]
async fn a_token_that_another_begins_with_is_told_apart() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    for token in ["2026-10", "2026-1"] {
        let mut journal = flows::journal(2);
        journal.description = format!("{token} fees");
        for line in &mut journal.lines {
            line.description.clone_from(&journal.description);
        }
        let document = client.gl_journals().document(flows::group(), journal).unwrap();
        assert_eq!(document.find().await.unwrap(), Found::Absent, "{token}");
        client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        client.ensure_posted(&document, Attempt::Again, SETTLE).await.unwrap();
    }
    assert_eq!(count(&epicor, "GLJrnDtl"), 4);
    for token in ["", "2026-1 fees"] {
        let query = epicor_odata_client::gl_journal::PostedQuery {
            group_id: flows::group_id(),
            token: token.to_owned(),
            je_date_from: date(2026, 5, 1),
        };
        let refused = client.gl_journals().posted(&query).await;
        assert!(matches!(refused, Err(Error::InvalidParameter { .. })), "{refused:?}");
    }
}

/// Enters an invoice, changes a column of a row of it as somebody else did, and looks at it.
async fn invoice_after(changes: &[(&'static str, usize, &str, Value)]) -> (usize, Found<bool>) {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let invoices = client.ap_invoices();
    let invoice = flows::invoice(&[1250, -200, 33]);
    let document = invoices.document(flows::group_id(), flows::DAY, invoice).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    for (table, row, column, value) in changes {
        epicor.state().table(table)[*row][*column] = value.clone();
    }
    let found = match document.find().await.unwrap() {
        Found::Whole(state) => Found::Whole(state.posted),
        Found::Absent => Found::Absent,
        Found::Unfinished => Found::Unfinished,
        Found::Remains => Found::Remains,
        Found::Differs(why) => Found::Differs(why),
    };
    document.remove().await.unwrap();
    (count(&epicor, "APInvHed"), found)
}

#[tokio::test]
async fn what_the_clerk_corrected_on_an_invoice_stays() {
    let account = |row, account: &str| ("APInvExpTGLC", row, "GLAccount", json!(account));
    let (left, found) = invoice_after(&[account(1, "5200")]).await;
    assert!(matches!(&found, Found::Differs(why) if why.contains("account 5200")), "{found:?}");
    assert_eq!(left, 1, "it is not deleted");

    // The account that Epicor gave a line, and that our last step would have replaced.
    let made = ("APInvExpTGLC", 2, "IsModifiedByUser", json!(false));
    let (left, found) = invoice_after(&[account(2, "9999"), made.clone()]).await;
    assert_eq!((left, found), (0, Found::Remains));
    let by_clerk = ("APInvHed", 0, "ChangedBy", json!("clerk"));
    let (left, found) = invoice_after(&[account(2, "9999"), made, by_clerk.clone()]).await;
    assert!(matches!(found, Found::Differs(_)), "{found:?}");
    assert_eq!(left, 1);
    let variance = ("APInvHed", 0, "InvoiceVariance", json!(1));
    let (left, found) = invoice_after(&[variance, by_clerk]).await;
    assert!(matches!(found, Found::Differs(_)), "{found:?}");
    assert_eq!(left, 1);
}

/// Accounts that were not set before the answer was lost: entered anew, once.
#[tokio::test]
async fn an_invoice_on_the_accounts_that_epicor_chose_is_entered_anew() {
    for entry in [Entry::Dialogue, Entry::Compact] {
        let epicor = Epicor::new(1);
        let client = epicor.client();
        let invoices = client.ap_invoices().entry(entry);
        let invoice = flows::invoice(&[1250, -200]);
        let document = invoices.document(flows::group_id(), flows::DAY, invoice).unwrap();
        client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
        for row in epicor.state().table("APInvExpTGLC") {
            row["GLAccount"] = json!("9999");
            row["IsModifiedByUser"] = json!(false);
        }
        let ensured = client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        assert!(!ensured.adopted);
        let right = epicor.state().rows("APInvExpTGLC").all(|row| row["GLAccount"] == "5100|00");
        assert!(right && count(&epicor, "APInvHed") == 1, "{entry:?}");
    }
}

#[tokio::test]
async fn why_an_invoice_was_not_posted_is_told_and_it_is_not_posted_again_and_again() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let invoices = client.ap_invoices();
    let invoice = flows::invoice(&[1250]);
    let document = invoices.document(flows::group_id(), flows::DAY, invoice).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    epicor.state().table("APInvHed")[0]["InvoiceVariance"] = json!(1);
    let posted = client.ensure_posted(&document, Attempt::First, SETTLE).await;
    let Err(NotEnsured::Failed(Error::NotPosted { message, .. })) = posted else {
        panic!("{posted:?}")
    };
    assert_eq!(message, "The invoice has a variance.");
    let operations = epicor.operations();
    assert_eq!(operations.iter().filter(|name| name.ends_with("/RunDirect")).count(), 1);

    // What is noted of another invoice in the group says nothing of ours, which is posted.
    epicor.state().table("APInvHed")[0]["InvoiceVariance"] = json!(0);
    let mut group = epicor.state().rows("APInvGrp").next().unwrap();
    document.post().await.unwrap();
    group["PostErrorLog"] = json!("Another invoice has a variance.");
    epicor.state().table("APInvGrp").push(group);
    document.post().await.unwrap();
}

/// The steps behind the lines: a release is set by one of its own, and the order is made ready.
#[tokio::test]
async fn an_order_without_its_last_steps_is_finished() {
    let releases = [("OrderRel", "WarehouseCode", json!("MAIN"))];
    let ready = [("OrderHed", "ReadyToCalc", json!(false))];
    for lost in [&ready[..], &[ready[0].clone(), releases[0].clone()]] {
        let epicor = Epicor::new(1);
        let client = epicor.client();
        let mut order = flows::order_from("FBA", 2);
        order.charges.clear();
        let document = client.sales_orders().document(order).unwrap();
        let key = client.ensure(&document, Attempt::First, SETTLE).await.unwrap().key;
        for (table, column, value) in lost {
            *epicor.state().table(table).last_mut().unwrap().get_mut(*column).unwrap() =
                value.clone();
        }
        assert_eq!(document.find().await.unwrap(), Found::Unfinished, "{lost:?}");
        let ensured = client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        assert_eq!((ensured.key, ensured.adopted), (key, false));
        let from = epicor.state().rows("OrderRel").all(|row| row["WarehouseCode"] == "FBA");
        let calculated = epicor.state().rows("OrderHed").all(|row| row["ReadyToCalc"] == true);
        assert!(from && calculated && count(&epicor, "OrderDtl") == 2, "{lost:?}");
        assert_eq!(document.find().await.unwrap(), Found::Whole(key));
    }
}

/// What the warehouse decided after the order stood is its own affair.
#[tokio::test]
async fn a_release_that_was_changed_afterwards_is_not_changed_back() {
    for (charges, release) in [(false, 1), (false, 0), (true, 1)] {
        let epicor = Epicor::new(1);
        let client = epicor.client();
        let mut order = flows::order_from("FBA", 2);
        if !charges {
            order.charges.clear();
        }
        let document = client.sales_orders().document(order).unwrap();
        client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
        epicor.state().table("OrderRel")[release]["WarehouseCode"] = json!("EAST");
        if release == 0 {
            epicor.state().table("OrderHed")[0]["ReadyToCalc"] = json!(false);
        }
        let result = client.ensure(&document, Attempt::Again, SETTLE).await;
        let differs =
            matches!(&result, Err(NotEnsured::Differs(why)) if why.contains("warehouse EAST"));
        assert!(differs, "{result:?}");
        assert_eq!(epicor.state().rows("OrderRel").nth(release).unwrap()["WarehouseCode"], "EAST");
    }
}

/// The order is read before the pack: what closed in between is not still open.
#[tokio::test]
async fn a_pack_that_leaves_between_two_reads_is_whole() {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let order = client.sales_orders().document(flows::order(2)).unwrap();
    let order_num = client.ensure(&order, Attempt::First, SETTLE).await.unwrap().key;
    let document = client.packs().document(flows::pack(order_num)).unwrap();
    let key = client.ensure(&document, Attempt::First, SETTLE).await.unwrap().key;
    // As it was before it left.
    let mut head = epicor.state().rows("ShipHead").next().unwrap();
    head["ReadyToInvoice"] = json!(false);
    head["ShipStatus"] = json!("OPEN");
    epicor.state().table("ShipHead")[0] = head.clone();
    for release in epicor.state().table("OrderRel") {
        release["OpenRelease"] = json!(true);
    }
    assert_eq!(document.find().await.unwrap(), Found::Unfinished);
    head["ReadyToInvoice"] = json!(true);
    head["RowMod"] = json!("U");
    let ship = json!({ "ds": { "ShipHead": [head] } });
    epicor.meanwhile(1, "Erp.BO.CustShipSvc/UpdateMaster", ship);
    assert_eq!(document.find().await.unwrap(), Found::Whole(key));
}
