//! How many requests a document takes, and which.

use epicor_odata_client::Entry;
use epicor_odata_client::once::Attempt;

use crate::epicor::{Epicor, SETTLE};
use crate::flows;

/// The steps of a flow, without the service's name before each.
fn steps(epicor: &Epicor) -> Vec<String> {
    let step = |operation: String| operation.rsplit('/').next().unwrap_or_default().to_owned();
    epicor.operations().into_iter().map(step).collect()
}

/// Enters and posts a journal of so many lines; what was asked until it was posted.
async fn journal(entry: Entry, lines: u32) -> Vec<String> {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let journals = client.gl_journals().entry(entry);
    let document = journals.document(flows::group(), flows::journal(lines)).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    epicor_odata_client::once::Postable::post(&document).await.unwrap();
    let steps = steps(&epicor);
    let number = client.ensure_posted(&document, Attempt::Again, SETTLE).await.unwrap();
    assert!(number.posted, "it is read back, equal");
    steps
}

#[tokio::test]
async fn a_journal_takes_six_requests_whatever_its_lines() {
    let compact = journal(Entry::Compact, 2).await;
    assert_eq!(
        compact,
        [
            "CheckFiscalYear",
            "UpdateNoLock",
            "GetNewGlJrnHedTran",
            "Update",
            "Update",
            "PostGroupJournals",
        ],
    );
    assert_eq!(journal(Entry::Compact, 200).await, compact);

    let dialogue = journal(Entry::Dialogue, 2).await;
    assert_eq!(
        dialogue,
        [
            "GetNewGLJrnGrp",
            "CheckFiscalYear",
            "ChangeEntryMode",
            "ChangeBookID",
            "ChangeJournalCode",
            "Update",
            "GetNewGlJrnHedTran",
            "PreUpdate",
            "Update",
            "GetNewGLJrnDtlMnl",
            "Update",
            "UnlockGroup",
            "CheckBeforePost",
            "PostGroupJournals",
        ],
    );
    assert_eq!(journal(Entry::Dialogue, 200).await, dialogue);
}

/// Enters and posts an invoice of so many lines.
async fn invoice(entry: Entry, lines: usize) -> Vec<String> {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let invoices = client.ap_invoices().entry(entry);
    let amounts = vec![1250; lines];
    let (id, mut invoice) = (flows::group_id(), flows::invoice(&amounts));
    invoice.terms_code = Some("N30".to_owned());
    let document = invoices.document(id, flows::DAY, invoice).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    epicor_odata_client::once::Postable::post(&document).await.unwrap();
    let steps = steps(&epicor);
    let state = client.ensure_posted(&document, Attempt::Again, SETTLE).await.unwrap();
    assert!(state.posted);
    steps
}

#[tokio::test]
async fn an_invoice_takes_eleven_requests_or_three_more_with_each_line() {
    assert_eq!(
        invoice(Entry::Compact, 2).await,
        [
            "GetNewAPInvGrpNoLock",
            "Update",
            "GetNewAPInvHedInvoice",
            "Update",
            "GetNewAPInvDtlMiscellaneous",
            "UpdateMaster",
            "Update",
            "GetByID",
            "PrePostGroupInvoices",
            "RunDirect",
            "APInvGrps",
        ],
    );
    for lines in [1, 2, 30] {
        assert_eq!(invoice(Entry::Compact, lines).await.len(), 11);
        assert_eq!(invoice(Entry::Dialogue, lines).await.len(), 11 + 3 * lines);
    }
}

/// Enters an order.
async fn order(order: epicor_odata_client::sales_order::NewSalesOrder) -> Vec<String> {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let document = client.sales_orders().document(order).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    steps(&epicor)
}

#[tokio::test]
async fn an_order_takes_five_requests_with_each_line() {
    assert_eq!(
        order(flows::full_order()).await,
        [
            "GetNewOrderHed",
            "ChangeOrderHedCustomerCustID",
            "ChangeHedUseOTS",
            "ChangeHedOTSCountryNum",
            "MasterUpdate",
            "GetNewOrderDtl",
            "ChangePartNumMaster",
            "ChangeSellingQtyMaster",
            "ChangeUnitPrice",
            "MasterUpdate",
            "MasterUpdate",
            "GetNewOHOrderMsc",
            "ChangeMiscCode",
            "MasterUpdate",
            "SetReadyToCalc",
            "GetByID",
        ],
    );
    for lines in [1_u32, 2, 20] {
        assert_eq!(order(flows::order(lines)).await.len(), 3 + 5 * lines as usize + 3 + 2);
    }
}

/// Makes a pack of an order of so many lines.
async fn pack(lines: u32) -> Vec<String> {
    let epicor = Epicor::new(1);
    let client = epicor.client();
    let order = client.sales_orders().document(flows::order(lines)).unwrap();
    let order = client.ensure(&order, Attempt::First, SETTLE).await.unwrap().key;
    let before = epicor.asked().len();
    let document = client.packs().document(flows::pack(order)).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    steps(&epicor).split_off(before)
}

#[tokio::test]
async fn a_pack_takes_six_requests_with_each_line() {
    assert_eq!(
        pack(1).await,
        [
            "GetByID",
            "GetNewShipHead",
            "GetHeadOrderInfo",
            "UpdateMaster",
            "GetNewOrdrShipDtl",
            "GetOrderInfo",
            "GetOrderLineInfo",
            "GetOrderRelInfo",
            "GetQtyInfo",
            "UpdateMaster",
            "GetByID",
            "UpdateMaster",
            "GetByID",
            "CustShips",
            "ShipDtlSearches",
        ],
    );
    for lines in [2_u32, 20] {
        assert_eq!(pack(lines).await.len(), 9 + 6 * lines as usize);
    }
}
