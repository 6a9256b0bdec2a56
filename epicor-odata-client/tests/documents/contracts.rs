//! Every method, parameter and column we send or read is checked against the published schemas,
//! where `EPICOR_SCHEMAS` names their folder.

use std::collections::{BTreeMap, BTreeSet};

use epicor_odata_client::contract;
use epicor_odata_client::gl_account::{AccountState, Segment, SegmentValue};
use epicor_odata_client::gl_journal::PostedLine;
use epicor_odata_client::master::{
    Book, BookPeriod, Company, Currency, CurrencyRate, Customer, FiscalCalendar, FiscalPeriod,
    JournalCode, MiscCharge, Plant, PurchaseMiscCharge, ShipVia, TaxRegion, Vendor,
};
use epicor_odata_client::once::{Attempt, Document, Found, Postable};
use epicor_odata_client::part::{CrossReference, Part, PartUnit};
use epicor_odata_client::sales_order::{
    LineChange, OrderCharge, OrderHead, OrderLine, OrderRelease, ShipTo,
};
use epicor_odata_client::shipment::{Pack, PackLine, ShippedQuery, ShippedWhen};
use epicor_odata_client::{
    Agent, Entry, Kind, Record, Task, ap_invoice, ar_invoice, cash_receipt, claim,
};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::epicor::{Asked, Epicor, SETTLE};
use crate::flows;
use crate::schemas::schema;

fn names(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => BTreeSet::new(),
    }
}

/// A record's set exists, with this key, and its row has these columns of these types.
fn check_record<T: Record>(keys: &str) {
    let (service, set) = T::SET.split_once('/').unwrap();
    let Some(contract) = schema(service) else { return };
    let facts = &contract["entity_sets"][set];
    let row = &contract["tables"][facts["row"].as_str().unwrap()];
    for column in T::COLUMNS {
        let kind = match column.kind {
            Kind::Text => "string",
            Kind::Number => "number",
            Kind::Flag => "boolean",
            other => panic!("{other:?} is not known here"),
        };
        assert_eq!(row[column.name], kind, "{}: {}", T::SET, column.name);
    }
    let mut key: BTreeSet<String> = T::KEY.iter().map(|&part| part.to_owned()).collect();
    key.extend(keys.split_whitespace().map(str::to_owned));
    assert_eq!(key, names(&facts["key"]), "{}", T::SET);
}

#[test]
fn every_record_is_in_the_contracts() {
    check_record::<AccountState>("Company");
    check_record::<ap_invoice::ApGroup>("Company");
    check_record::<ap_invoice::ApInvoiceHead>("Company");
    check_record::<ar_invoice::ArInvoice>("Company");
    check_record::<Book>("Company");
    check_record::<BookPeriod>("Company");
    check_record::<cash_receipt::CashReceipt>("Company");
    check_record::<claim::Claim>("Company");
    check_record::<Company>("");
    check_record::<CrossReference>("Company");
    check_record::<Currency>("Company");
    check_record::<CurrencyRate>("Company");
    check_record::<Customer>("Company");
    check_record::<FiscalCalendar>("Company");
    check_record::<FiscalPeriod>("Company");
    check_record::<JournalCode>("Company");
    check_record::<MiscCharge>("Company");
    check_record::<OrderCharge>("Company");
    check_record::<OrderHead>("Company");
    check_record::<OrderLine>("Company");
    check_record::<OrderRelease>("Company");
    check_record::<Pack>("Company");
    check_record::<PackLine>("Company");
    check_record::<Part>("Company");
    check_record::<PartUnit>("Company");
    check_record::<Plant>("Company");
    check_record::<PostedLine>("Company");
    check_record::<PurchaseMiscCharge>("Company");
    check_record::<Segment>("Company");
    check_record::<SegmentValue>("Company");
    check_record::<ShipVia>("Company");
    check_record::<Task>("");
    check_record::<TaxRegion>("Company");
    check_record::<Vendor>("Company");
}

/// The type of a value, as the contracts name it.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "boolean",
        _ => "neither",
    }
}

fn check_row(place: &str, row: &Value, known: &Value) {
    for (column, value) in row.as_object().unwrap() {
        if !value.is_null() {
            assert_eq!(known[column], type_of(value), "{place}: {column}");
        }
    }
}

/// Each parameter is there, of its type, and no other; each row has only columns that exist.
fn check_method(asked: &Asked, contract: &Value, method: &str) {
    let methods = contract["methods"].as_array().unwrap();
    let facts = methods.iter().find(|facts| facts["name"] == method);
    let facts = facts.unwrap_or_else(|| panic!("{} is no method", asked.operation));
    assert_eq!(names(&asked.body), names(&facts["required"]), "{}", asked.operation);
    for (parameter, value) in asked.body.as_object().unwrap() {
        if parameter == "ds" {
            for (table, rows) in value.as_object().unwrap() {
                let known = &contract["tables"][format!("{table}Row")];
                for row in rows.as_array().unwrap() {
                    check_row(&format!("{} {table}", asked.operation), row, known);
                }
            }
        } else {
            assert_eq!(facts["in"][parameter], type_of(value), "{}", asked.operation);
        }
    }
}

fn check(asked: &Asked) {
    let (service, name) = asked.operation.split_once('/').unwrap();
    let Some(contract) = schema(service) else { return };
    let facts = &contract["entity_sets"][name];
    if facts.is_null() {
        return check_method(asked, &contract, name);
    }
    let row = &contract["tables"][facts["row"].as_str().unwrap()];
    if asked.body.is_null() {
        for column in asked.option("$select").split(',') {
            assert!(row[column].is_string(), "{}: {column}", asked.operation);
        }
        for part in asked.option("$filter").replace("startswith(", "").split(" and ") {
            let column = part.split([' ', ',']).next().unwrap().trim_start_matches('(');
            assert!(column.is_empty() || row[column].is_string(), "{}: {part}", asked.operation);
        }
    } else {
        assert!(names(&facts["verbs"]).contains("POST"), "{}", asked.operation);
        check_row(&asked.operation, &asked.body, row);
    }
}

/// Makes every request that the documents know.
async fn call_everything(epicor: &std::sync::Arc<Epicor>) {
    let client = epicor.client();
    for (entry, group) in [(Entry::Dialogue, "ML1"), (Entry::Compact, "ML2")] {
        let journals = client.gl_journals().entry(entry);
        let mut wanted = flows::group();
        wanted.group_id = epicor_odata_client::GroupId::new(group).unwrap();
        let id = wanted.group_id.clone();
        let document = journals.document(wanted, flows::journal(2)).unwrap();
        client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        document.remove().await.unwrap();
        client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        journals.needs_asynchronous_posting(&id, 2).await.unwrap();
        journals.submit_posting(&id, flows::TOKEN, &Agent::default()).await.unwrap();
        journals.posting_tasks(flows::TOKEN).await.unwrap();
        client.ensure_posted(&document, Attempt::First, SETTLE).await.unwrap();
        journals.run_posting(&id, flows::TOKEN).await.unwrap_err();
    }
    for (entry, amounts, number) in
        [(Entry::Dialogue, [100, -20], "1"), (Entry::Compact, [-100, 20], "2")]
    {
        let invoices = client.ap_invoices().entry(entry);
        let mut invoice = flows::invoice(&amounts);
        invoice.invoice_num = number.to_owned();
        invoice.terms_code = Some("N30".to_owned());
        invoice.invoice_ref = Some("24598127339".to_owned());
        let document = invoices.document(flows::group_id(), flows::DAY, invoice).unwrap();
        client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        document.remove().await.unwrap();
        client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
        invoices.unlock_group(&flows::group_id()).await.unwrap();
        let agent = Agent::default();
        invoices.submit_posting(&flows::group_id(), flows::TOKEN, &agent).await.unwrap();
        document.post().await.unwrap();
        invoices.remove_group(&flows::group_id()).await.unwrap();
    }
    let claims = client.claims();
    let claim = claims.document(flows::claim("A")).unwrap();
    client.ensure(&claim, Attempt::Again, SETTLE).await.unwrap();
    let references = client.part_cross_references();
    let reference = references.document(flows::cross_reference()).unwrap();
    client.ensure(&reference, Attempt::Again, SETTLE).await.unwrap();
    orders(&client).await;
    let query =
        ShippedQuery { changed_from: flows::DAY, when: ShippedWhen::Shipped, cust_num: Some(1204) };
    client.packs().shipped(query).await.unwrap();
    client.pack_lines().of_order(1000).await.unwrap();
    pack(epicor, &client).await;
}

/// Makes a pack of the order that is there, and deletes it as if it had not left.
async fn pack(epicor: &Epicor, client: &epicor_odata_client::Client) {
    let heads = client.sales_orders().by_po_num(1204, &flows::order(1).po_num).await.unwrap();
    let document = client.packs().document(flows::pack(heads[0].order_num)).unwrap();
    client.ensure(&document, Attempt::Again, SETTLE).await.unwrap();
    document.remove().await.unwrap();
    assert!(matches!(document.find().await.unwrap(), Found::Whole(_)), "what has left stays");
    for (column, value) in [("ReadyToInvoice", false.into()), ("ShipStatus", "OPEN".into())] {
        epicor.state().table("ShipHead")[0][column] = value;
    }
    document.remove().await.unwrap();
    assert_eq!(document.find().await.unwrap(), Found::Absent);
}

async fn orders(client: &epicor_odata_client::Client) {
    let orders = client.sales_orders();
    let document = orders.document(flows::full_order()).unwrap();
    let order_num = client.ensure(&document, Attempt::Again, SETTLE).await.unwrap().key;
    let change = LineChange {
        quantity: Some(Decimal::from(7)),
        unit_price: Some(Decimal::new(1500, 2)),
        discount: Some(Decimal::new(250, 2)),
        request_date: Some(flows::DAY),
        need_by_date: Some(flows::DAY),
    };
    let changed = orders.change_line(order_num, 1, change).await.unwrap();
    assert_eq!(changed.lines[0].quantity, Decimal::from(7));
    orders.close_line(order_num, 1).await.unwrap();
    orders.close_order(order_num).await.unwrap();
    assert!(!orders.by_order_num(order_num).await.unwrap().unwrap().head.open);
    let found = orders.by_po_num(1204, &flows::full_order().po_num).await.unwrap();
    assert!(!found[0].open, "a closed order is found too");
    orders.delete_order(order_num).await.unwrap();
    assert_eq!(orders.by_order_num(order_num).await.unwrap(), None);
    let mut other = flows::order(1);
    other.ship_to = ShipTo::Number("2".to_owned());
    orders.create_order(&other).await.unwrap();
}

#[tokio::test]
async fn what_we_send_is_in_the_contracts() {
    let epicor = Epicor::new(1);
    call_everything(&epicor).await;
    let mut checked: BTreeMap<String, usize> = BTreeMap::new();
    for asked in epicor.asked() {
        check(&asked);
        *checked.entry(asked.operation).or_default() += 1;
    }
    assert_eq!(checked.len(), 73, "{checked:#?}");
}

/// What the crate says that it sends is what it sends, parameter for parameter.
#[tokio::test]
async fn what_we_say_that_we_send_is_what_we_send() {
    let epicor = Epicor::new(1);
    call_everything(&epicor).await;
    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for asked in epicor.asked() {
        let (service, name) = asked.operation.split_once('/').unwrap();
        // Entity sets are written in the plural and take rows.
        if contract::parameters(service, name).is_some() || asked.body.get("ds").is_some() {
            assert_eq!(
                *sent.entry(asked.operation.clone()).or_insert_with(|| names(&asked.body)),
                names(&asked.body)
            );
        }
    }
    let services: BTreeSet<_> = sent.keys().filter_map(|name| name.split_once('/')).collect();
    for (service, method) in services {
        let said = contract::parameters(service, method).unwrap_or_default();
        let said: BTreeSet<String> = said.into_iter().map(str::to_owned).collect();
        assert_eq!(said, sent[&format!("{service}/{method}")], "{service}/{method}");
    }
    let services =
        ["Erp.BO.APInvGrpSvc", "Erp.BO.CustShipSvc", "Erp.BO.GLJrnGrpSvc", "Erp.BO.SalesOrderSvc"];
    for (service, method) in services
        .iter()
        .flat_map(|&service| contract::methods(service).map(move |method| (service, method)))
    {
        assert!(
            sent.contains_key(&format!("{service}/{method}")),
            "{service}/{method} is never sent"
        );
    }
}
