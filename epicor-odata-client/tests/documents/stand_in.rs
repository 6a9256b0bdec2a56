//! The same documents and the masters against the stand-in Epicor, over HTTP.

use std::sync::Arc;

use epicor_odata_client::ap_invoice::NewApInvoice;
use epicor_odata_client::odata::Filter;
use epicor_odata_client::once::{Attempt, Document, NotEnsured, Postable};
use epicor_odata_client::part::CrossReferenceMatch;
use epicor_odata_client::sales_order::{LineChange, NewSalesOrder};
use epicor_odata_client::shipment::{ShippedQuery, ShippedWhen};
use epicor_odata_client::{ApiKey, Client, Entry, Error, Identity};
use fixtures::Fault;
use fixtures::epicor::{CrossReference, Options, StandIn};
use jiff::civil::date;
use rust_decimal::Decimal;
use wire::{ManualClock, RetryPolicy};

use crate::epicor::SETTLE;
use crate::flows;

async fn stand_in() -> (StandIn, Client) {
    let options = Options { today: flows::DAY, ..Options::default() };
    let epicor = StandIn::start(options).await.unwrap();
    let client = client(&epicor);
    (epicor, client)
}

/// A client that waits without waiting.
fn client(epicor: &StandIn) -> Client {
    let identity = Identity::Basic { user: "connector".to_owned(), password: "connector".into() };
    Client::builder(epicor.base_url(), "EPIC06", ApiKey::from("stand-in-key"), identity)
        .clock(Arc::new(ManualClock::new(jiff::Timestamp::UNIX_EPOCH)))
        .retry(RetryPolicy { max_attempts: 3, ..RetryPolicy::default() })
        .build()
        .unwrap()
}

/// The samples, in the stand-in's own accounts, vendors and parts.
fn journal() -> epicor_odata_client::gl_journal::NewJournal {
    let mut journal = flows::journal(4);
    for line in &mut journal.lines {
        line.account = flows::account(if line.debit.is_zero() { "1150" } else { "5100" });
    }
    journal
}

fn invoice(amounts: &[i64]) -> NewApInvoice {
    let mut invoice = flows::invoice(amounts);
    invoice.vendor_num = 101;
    for (line, account) in invoice.lines.iter_mut().zip(["5110", "5100", "5120"].iter().cycle()) {
        line.account = Some(flows::account(account));
    }
    invoice
}

fn order() -> NewSalesOrder {
    let mut order = flows::full_order();
    order.cust_num = 201;
    order.ship_via_code = Some("UPSG".to_owned());
    order.tax_region_code = Some("NOTAX".to_owned());
    let mut line = order.lines[0].clone();
    line.part_num = "WIDGET-1".to_owned();
    line.tax_category = String::new();
    line.release = None;
    let other = epicor_odata_client::sales_order::NewOrderLine {
        part_num: "WIDGET-2".to_owned(),
        quantity: Decimal::from(3),
        ..line.clone()
    };
    order.lines = vec![line, other];
    order
}

/// Enters and posts a document, step by step and then once more: nothing is done twice.
async fn enter_and_post<D: Postable>(client: &Client, document: &D) -> D::Key {
    assert!(!client.ensure(document, Attempt::First, SETTLE).await.unwrap().adopted);
    assert!(client.ensure(document, Attempt::Again, SETTLE).await.unwrap().adopted);
    client.ensure_posted(document, Attempt::First, SETTLE).await.unwrap();
    client.ensure_posted(document, Attempt::Again, SETTLE).await.unwrap()
}

#[tokio::test]
async fn journals_both_ways() {
    for entry in [Entry::Dialogue, Entry::Compact] {
        let (epicor, client) = stand_in().await;
        let document =
            client.gl_journals().entry(entry).document(flows::group(), journal()).unwrap();
        let number = enter_and_post(&client, &document.made_by("connector")).await;
        let posted = epicor.posted_journals();
        assert_eq!((posted.len(), posted[0].lines.len()), (1, 4), "{entry:?}");
        assert!(number.posted && epicor.unposted_groups().is_empty());
        epicor.stop().await;
    }
}

#[tokio::test]
async fn invoices_and_debit_memos_both_ways() {
    for entry in [Entry::Dialogue, Entry::Compact] {
        for amounts in [[1250, -200, 33], [-1250, 200, 33]] {
            let (epicor, client) = stand_in().await;
            let invoice = invoice(&amounts);
            let total = invoice.total().unwrap();
            let invoices = client.ap_invoices().entry(entry);
            let document = invoices.document(flows::group_id(), flows::DAY, invoice).unwrap();
            enter_and_post(&client, &document).await;
            let entered = epicor.ap_invoices();
            assert_eq!(entered.len(), 1);
            assert_eq!((entered[0].amount, entered[0].posted), (total, true), "{entry:?}");
            let accounts: Vec<&str> =
                entered[0].accounts.iter().map(|(account, _)| account.as_str()).collect();
            assert_eq!(accounts, ["5110", "5100", "5120"]);
            epicor.stop().await;
        }
    }
}

#[tokio::test]
async fn an_invoice_number_that_is_used_is_not_taken_for_ours() {
    let (epicor, client) = stand_in().await;
    let invoices = client.ap_invoices();
    let mut theirs = invoice(&[999]);
    theirs.description = "keyed by hand".to_owned();
    invoices.create_group(&flows::group_id(), flows::DAY).await.unwrap();
    invoices.create_invoice(&flows::group_id(), &theirs).await.unwrap();
    let result = invoices.create_invoice(&flows::group_id(), &invoice(&[1250])).await;
    assert!(matches!(result, Err(Error::Duplicate { .. })), "{result:?}");

    let id = epicor_odata_client::GroupId::new("OTHER").unwrap();
    let document = invoices.document(id, flows::DAY, invoice(&[1250])).unwrap();
    let result = client.ensure(&document, Attempt::First, SETTLE).await;
    assert!(matches!(result, Err(NotEnsured::Differs(why)) if why.contains("is not ours")));
    assert_eq!(epicor.ap_invoices().len(), 1);
}

#[tokio::test]
async fn an_order_is_entered_changed_and_cancelled() {
    let (epicor, client) = stand_in().await;
    let orders = client.sales_orders();
    let document = orders.document(order()).unwrap();
    let order_num = client.ensure(&document, Attempt::First, SETTLE).await.unwrap().key;
    assert!(client.ensure(&document, Attempt::Again, SETTLE).await.unwrap().adopted);
    assert_eq!(epicor.sales_orders().len(), 1);

    let change = LineChange { quantity: Some(Decimal::TWO), ..LineChange::default() };
    let changed = orders.change_line(order_num, 2, change).await.unwrap();
    assert_eq!(changed.lines[1].quantity, Decimal::TWO);
    assert_eq!(changed.releases[1].quantity, Decimal::TWO);
    let found = document.find().await.unwrap();
    assert!(matches!(found, epicor_odata_client::once::Found::Differs(_)), "{found:?}");

    orders.close_line(order_num, 2).await.unwrap();
    orders.close_order(order_num).await.unwrap();
    let heads = orders.by_po_num(201, &order().po_num).await.unwrap();
    assert_eq!((heads[0].order_num, heads[0].open), (order_num, false));
    orders.delete_order(order_num).await.unwrap();
    orders.delete_order(order_num).await.unwrap();
    assert_eq!(orders.by_order_num(order_num).await.unwrap(), None);
    epicor.stop().await;
}

#[tokio::test]
async fn discounts_and_charges_change_an_orders_total() {
    let (epicor, client) = stand_in().await;
    let orders = client.sales_orders();
    let mut order = order();
    order.lines[0].discount = Decimal::new(250, 2);
    let order_num = orders.create_order(&order).await.unwrap().order_num;
    let total = async || orders.by_order_num(order_num).await.unwrap().unwrap().head.amount;
    let gross: Decimal = order.lines.iter().map(|line| line.unit_price * line.quantity).sum();
    let charged: Decimal = order.charges.iter().map(|charge| charge.amount).sum();
    assert_eq!(total().await, gross + charged - Decimal::new(250, 2));

    let less = LineChange { discount: Some(Decimal::ONE), ..LineChange::default() };
    let changed = orders.change_line(order_num, 1, less).await.unwrap();
    assert_eq!(changed.lines[0].discount, Decimal::ONE);
    let mut charge = order.charges[0].clone();
    for amount in [Decimal::TWO, Decimal::ZERO, Decimal::ZERO, Decimal::TEN] {
        charge.amount = amount;
        orders.set_charge(order_num, &charge).await.unwrap();
        let others: Decimal = order.charges[1..].iter().map(|charge| charge.amount).sum();
        assert_eq!(total().await, gross + others + amount - Decimal::ONE);
    }
    let mut line = order.lines[1].clone();
    line.quantity = Decimal::ONE;
    orders.add_line(order_num, &line).await.unwrap();
    assert_eq!(orders.by_order_num(order_num).await.unwrap().unwrap().lines.len(), 3);
    line.discount = Decimal::NEGATIVE_ONE;
    assert!(matches!(orders.add_line(order_num, &line).await, Err(Error::InvalidParameter { .. })));
    epicor.stop().await;
}

#[tokio::test]
async fn half_an_order_is_finished() {
    let (epicor, client) = stand_in().await;
    let mut half = order();
    half.lines.truncate(1);
    half.charges.clear();
    let order_num = client.sales_orders().create_order(&half).await.unwrap().order_num;
    let document = client.sales_orders().document(order()).unwrap();
    let ensured = client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
    assert_eq!((ensured.key, ensured.adopted), (order_num, false));
    let lines = client.sales_orders().lines_matching(Filter::eq("OrderNum", order_num)).await;
    assert_eq!(lines.unwrap().len(), 2);
    epicor.stop().await;
}

/// The release of the first line, that of the last one, and the last step of all.
#[tokio::test]
async fn an_order_whose_last_steps_were_lost_is_finished() {
    for (operation, before) in [("MasterUpdate", 2), ("MasterUpdate", 4), ("SetReadyToCalc", 0)] {
        let (epicor, client) = stand_in().await;
        let mut order = order();
        for line in &mut order.lines {
            line.release.clone_from(&flows::full_order().lines[0].release);
        }
        let document = client.sales_orders().document(order).unwrap();
        epicor.faults().on(operation, before, Fault::ResetBefore);
        let ensured = client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
        assert!(!ensured.adopted, "{operation} {before}");
        let kept = client.sales_orders().by_order_num(ensured.key).await.unwrap().unwrap();
        let from: Vec<&str> =
            kept.releases.iter().map(|release| release.warehouse_code.as_str()).collect();
        assert_eq!((from, kept.head.ready_to_calc), (vec!["FBA", "FBA"], true), "{operation}");
        assert_eq!(epicor.sales_orders().len(), 1);
        epicor.stop().await;
    }
}

#[tokio::test]
async fn claims_and_cross_references() {
    let (epicor, client) = stand_in().await;
    let ours = client.claims().document(flows::claim("A")).unwrap();
    let theirs = client.claims().document(flows::claim("B")).unwrap();
    client.ensure(&ours, Attempt::First, SETTLE).await.unwrap();
    let result = client.ensure(&theirs, Attempt::First, SETTLE).await;
    assert!(matches!(result, Err(NotEnsured::Differs(why)) if why == "it is claimed by A"));

    let references = client.part_cross_references();
    let mut new = flows::cross_reference();
    (new.cust_num, new.part_num) = (201, "WIDGET-2".to_owned());
    let document = references.document(new.clone()).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    assert!(client.ensure(&document, Attempt::Again, SETTLE).await.unwrap().adopted);
    let found = references.resolve(201, &new.x_part_num).await.unwrap();
    assert!(matches!(found, CrossReferenceMatch::One(row) if row.part_num == "WIDGET-2"));
    epicor.add_cross_reference(&CrossReference {
        customer: 201,
        customer_part: new.x_part_num.clone(),
        part: "WIDGET-1".to_owned(),
    });
    let result = client.ensure(&document, Attempt::Again, SETTLE).await;
    assert!(matches!(result, Err(NotEnsured::Differs(why)) if why.contains("2 parts")));
    epicor.stop().await;
}

#[tokio::test]
async fn masters_are_read() {
    let (epicor, client) = stand_in().await;
    let customer = client.customers().by_cust_id("AMAZON").await.unwrap().unwrap();
    assert_eq!((customer.cust_num, customer.allow_ots), (201, true));
    let vendor = client.vendors().by_vendor_id("AMAZON").await.unwrap().unwrap();
    assert_eq!(vendor.vendor_num, 101);
    let parts = client.parts().by_part_nums(["WIDGET-0", "WIDGET-1", "NONE"]).await.unwrap();
    let inactive: Vec<bool> = parts.iter().map(|part| part.inactive).collect();
    assert_eq!(inactive, [true, false]);
    assert!(!client.part_units().of_part("WIDGET-1").await.unwrap().is_empty());
    assert_eq!(client.part_units().of_part("NONE").await.unwrap(), []);
    assert_eq!(client.companies().all().await.unwrap()[0].company, "EPIC06");
    assert_eq!(client.plants().all().await.unwrap()[0].plant, "MfgSys");
    assert_eq!(client.ship_vias().all().await.unwrap().len(), 2);
    assert_eq!(client.tax_regions().all().await.unwrap().len(), 2);
    assert_eq!(client.misc_charges().all().await.unwrap().len(), 3);
    assert_eq!(client.purchase_misc_charges().all().await.unwrap().len(), 1);
    assert!(client.journal_codes().all().await.unwrap().iter().any(|code| code.code == "GJ"));
    assert_eq!(client.ar_invoices().by_external_id("none").await.unwrap(), []);
    assert_eq!(client.cash_receipts().by_check_ref("MAIN", "none").await.unwrap(), []);
    let currencies = client.currencies().all().await.unwrap();
    assert!(currencies.iter().any(|currency| currency.base));
    let books = client.gl_books().all().await.unwrap();
    let book = books.iter().find(|book| book.main_book).unwrap();
    let accounts = [flows::account("1150"), flows::account("5100"), flows::account("0000")];
    let states = client.gl_accounts().states(&book.coa_code, &accounts).await.unwrap();
    assert!(states.len() == 2 && states.iter().all(|state| state.open_on(flows::DAY)));
    let segments = client.gl_segments().of_chart(&book.coa_code).await.unwrap();
    let segment = segments.first().unwrap();
    let values = client.gl_segment_values();
    assert!(!values.of_segment(&book.coa_code, segment.number).await.unwrap().is_empty());
    let calendar = &client.fiscal_calendars().all().await.unwrap()[0];
    let periods = client.fiscal_periods().of_calendar(&calendar.fiscal_calendar_id).await.unwrap();
    assert_eq!(periods.len() % 12, 0);
    epicor.close_period(2026, 5);
    let period = client.book_periods().holding(&book.book_id, flows::DAY).await.unwrap().unwrap();
    assert!(period.closed && period.start == Some(date(2026, 5, 1)));
    let rates = client.currency_rates();
    let all = rates.all().await.unwrap();
    let first = all.first().unwrap();
    let day = first.effective.unwrap();
    let on = rates.on(&first.rate_group, &first.source, &first.target, day).await.unwrap();
    assert_eq!(on.as_ref(), Some(first));
    epicor.stop().await;
}

#[tokio::test]
async fn shipments_come_with_lines_and_tracking() {
    let (epicor, client) = stand_in().await;
    let order_num = client.sales_orders().create_order(&order()).await.unwrap().order_num;
    let pack = epicor.ship("EPIC06", order_num, &[(1, Decimal::ONE)], &["1Z9", "1Z8"]).unwrap();
    let query =
        ShippedQuery { changed_from: flows::DAY, when: ShippedWhen::Either, cust_num: Some(201) };
    let shipments = client.packs().shipped(query).await.unwrap();
    assert_eq!((shipments.len(), shipments[0].pack.pack_num), (1, pack));
    let numbers: Vec<&str> = shipments[0].pack.tracking_numbers().collect();
    assert_eq!(numbers, ["1Z9", "1Z8"]);
    assert_eq!(shipments[0].lines[0].quantity(), Some(Decimal::ONE));
    assert_eq!(client.pack_lines().of_order(order_num).await.unwrap(), shipments[0].lines);
    assert!(epicor.void_pack("EPIC06", pack));
    assert_eq!(client.packs().shipped(query).await.unwrap(), []);
    epicor.stop().await;
}

/// An order that left from elsewhere: one pack, marked as shipped, however often it is asked for.
#[tokio::test]
async fn a_pack_is_made_once_and_finished_where_it_stopped() {
    let (epicor, client) = stand_in().await;
    let order_num = client.sales_orders().create_order(&order()).await.unwrap().order_num;
    let document = client.packs().document(flows::pack(order_num)).unwrap();
    epicor.prompt("UpdateMaster", "Some of it is not on hand.");
    let refused = client.ensure(&document, Attempt::First, SETTLE).await;
    assert!(matches!(refused, Err(NotEnsured::Failed(Error::BusinessRule { .. }))), "{refused:?}");
    assert_eq!(epicor.packs(), [], "the header was not saved");

    // Header and first line are saved, and then it stops.
    epicor.faults().on("UpdateMaster", 2, Fault::Status(400));
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap_err();
    let half = epicor.packs();
    assert_eq!((half.len(), half[0].lines.len(), half[0].status.as_str()), (1, 1, "OPEN"));
    let pack = client.ensure(&document, Attempt::Again, SETTLE).await.unwrap().key;
    assert!(client.ensure(&document, Attempt::Again, SETTLE).await.unwrap().adopted);
    let packs = epicor.packs();
    assert_eq!(packs.len(), 1);
    assert_eq!((packs[0].pack_num, packs[0].status.as_str()), (pack, "SHIPPED"));
    assert_eq!((packs[0].ready_to_invoice, packs[0].ship_date), (true, Some(flows::DAY)));
    let expected = [(order_num, 1, Decimal::ONE), (order_num, 2, Decimal::from(3))];
    assert_eq!(packs[0].lines, expected);
    let order = client.sales_orders().by_order_num(order_num).await.unwrap().unwrap();
    assert!(!order.head.open && order.releases.iter().all(|release| !release.open));

    let mut again = flows::pack(order_num);
    again.comment = "MLOTHER another".to_owned();
    let again = client.packs().document(again).unwrap();
    let nothing = client.ensure(&again, Attempt::Again, SETTLE).await;
    assert!(matches!(nothing, Err(NotEnsured::Failed(Error::InvalidParameter { .. }))));
    assert!(epicor.void_pack("EPIC06", pack));
    let void = client.ensure(&document, Attempt::Again, SETTLE).await;
    assert!(matches!(void, Err(NotEnsured::Differs(why)) if why.contains("is void")));
    epicor.stop().await;
}

/// What the warehouse has packed of it already stays packed there.
#[tokio::test]
async fn a_pack_takes_what_is_left_of_an_order() {
    let (epicor, client) = stand_in().await;
    let order_num = client.sales_orders().create_order(&order()).await.unwrap().order_num;
    epicor.ship("EPIC06", order_num, &[(2, Decimal::TWO)], &["1Z9"]).unwrap();
    let document = client.packs().document(flows::pack(order_num)).unwrap();
    client.ensure(&document, Attempt::First, SETTLE).await.unwrap();
    let packs = epicor.packs();
    let left = [(order_num, 1, Decimal::ONE), (order_num, 2, Decimal::ONE)];
    assert_eq!(packs[1].lines, left);
    epicor.stop().await;
}
