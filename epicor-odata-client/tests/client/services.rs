//! Any service by name: sets, keys, methods, queries, functions, columns.

use crate::support::*;
use epicor_odata_client::dataset::{Dataset, Row, RowMod};
use epicor_odata_client::odata::{EntityKey, Filter, Query, TableKey};
use epicor_odata_client::{Error, GetRows};
use futures_util::TryStreamExt as _;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

const UD: &str = "Ice.BO.UD01Svc/UD01s";
/// As it stands in the address: quotes are encoded.
const UD_KEY: &str = "Ice.BO.UD01Svc/UD01s(%27EPIC06%27,%27it%27%27s%20%2F%27)";

fn key() -> EntityKey {
    EntityKey::new("EPIC06").part("it's /")
}

fn row(value: Value) -> Row {
    serde_json::from_value(value).unwrap()
}

async fn answer(kinetic: &Kinetic, verb: &str, operation: &str, answer: ResponseTemplate) {
    let mock = Mock::given(method(verb)).and(path(format!("{ROOT}{operation}")));
    mock.respond_with(answer).with_priority(1).up_to_n_times(1).mount(&kinetic.server).await;
}

#[tokio::test]
async fn rows_are_read_inserted_changed_and_deleted_by_key() {
    let kinetic = Kinetic::start().await;
    let set = kinetic.client().service("Ice.BO.UD01Svc").unwrap().set("UD01s").unwrap();
    let stored = json!({ "Company": "EPIC06", "Key1": "it's /", "Number01": 1, "SysRevID": 9_007_199_254_740_993_i64, "SysRowID": "x" });
    answer(&kinetic, "GET", UD_KEY, json_answer(200, &stored)).await;
    let read = set.get(&key(), &Query::new().select(["Key1"])).await.unwrap().unwrap();
    assert_eq!(read.sys_rev_id().unwrap(), 9_007_199_254_740_993);

    let gone = refusal(404, "Ice.Common.RecordNotFoundException", "Record not found.");
    answer(&kinetic, "GET", UD_KEY, gone).await;
    assert_eq!(set.get(&key(), &Query::new()).await.unwrap(), None);
    answer(&kinetic, "GET", UD_KEY, ResponseTemplate::new(404)).await;
    let error = set.get(&key(), &Query::new()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { record: false, .. }), "the set may be unknown");

    answer(&kinetic, "POST", UD, json_answer(201, &stored)).await;
    assert_eq!(set.insert(&row(stored.clone())).await.unwrap(), read);
    let taken = refusal(409, "Ice.Common.DuplicateRecordException", "Exists.");
    answer(&kinetic, "POST", UD, taken).await;
    let error = set.insert(&row(stored)).await.unwrap_err();
    assert!(matches!(error, Error::Duplicate { .. }), "{error:?}");

    let mut change = read.to_change();
    change.set_decimal("Number01", Decimal::new(150, 2));
    answer(&kinetic, "PATCH", UD_KEY, ResponseTemplate::new(204)).await;
    set.update(&key(), &change).await.unwrap();
    let text = "Row has been modified by another user and couldn't be updated.";
    let stale = refusal(400, "Ice.Common.BusinessObjectException", text);
    answer(&kinetic, "PATCH", UD_KEY, stale).await;
    let error = set.update(&key(), &change).await.unwrap_err();
    assert!(matches!(error, Error::Stale { .. }), "{error:?}");
    let sent = &kinetic.server.received_requests().await.unwrap()[5];
    assert_eq!(
        String::from_utf8_lossy(&sent.body),
        r#"{"Number01":1.50,"SysRevID":9007199254740993,"SysRowID":"x"}"#,
    );

    answer(&kinetic, "DELETE", UD_KEY, ResponseTemplate::new(204)).await;
    set.delete(&key()).await.unwrap();
    answer(&kinetic, "DELETE", UD_KEY, ResponseTemplate::new(502)).await;
    let error = set.delete(&key()).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
}

#[tokio::test]
async fn children_lie_below_their_parents_key() {
    let kinetic = Kinetic::start().await;
    let orders =
        kinetic.client().service("Erp.BO.SalesOrderSvc").unwrap().set("SalesOrders").unwrap();
    let at = "Erp.BO.SalesOrderSvc/SalesOrders(%27EPIC06%27,1001)/OrderDtls";
    let lines = json!({ "value": [{ "OrderLine": 1 }], "@odata.count": 1 });
    answer(&kinetic, "GET", at, json_answer(200, &lines)).await;
    let lines = orders.children(&EntityKey::new("EPIC06").part(1001), "OrderDtls").unwrap();
    let read = lines.all(Query::new(), TableKey::new(["OrderLine"]), 9).await.unwrap();
    assert_eq!(read[0].integer("OrderLine").unwrap(), 1);
}

#[tokio::test]
async fn a_method_is_sent_its_parameters_exactly() {
    let kinetic = Kinetic::start().await;
    let at = "Erp.BO.SalesOrderSvc/ChangeSellingQtyMaster";
    let answered = json!({ "parameters": { "ds": { "OrderDtl": [] }, "pdQty": number("1.250") } });
    answer(&kinetic, "POST", at, json_answer(200, &answered)).await;
    let mut ds = Dataset::new();
    ds.push_update("OrderDtl", row(json!({ "OrderLine": 1, "RowMod": "U" })), |line| {
        line.set_integer("OrderLine", 2);
    });
    let called = kinetic.client().service("Erp.BO.SalesOrderSvc").unwrap();
    let called = called.method("ChangeSellingQtyMaster").unwrap();
    let called = called
        .parameter("ipSellingQuantity", Decimal::new(10_000_000_000_000_001, 8))
        .parameter("chkSellQty", true)
        .parameter("orderLine", 7)
        .parameter("pcPartNum", "it's")
        .parameter("day", jiff::civil::date(2026, 5, 31))
        .dataset(ds)
        .call();
    let answered = called.await.unwrap();
    assert_eq!(answered.outputs().decimal("pdQty").unwrap().to_string(), "1.250");
    assert!(answered.dataset().unwrap().rows("OrderDtl").is_empty());
    let sent = kinetic.server.received_requests().await.unwrap().remove(0);
    assert_eq!(
        String::from_utf8_lossy(&sent.body),
        r#"{"chkSellQty":true,"day":"2026-05-31T00:00:00","ds":{"OrderDtl":[{"OrderLine":1,"RowMod":""},{"OrderLine":2,"RowMod":"U"}]},"ipSellingQuantity":100000000.00000001,"orderLine":7,"pcPartNum":"it's"}"#,
    );
    assert_eq!([RowMod::Add, RowMod::Delete].map(RowMod::as_str), ["A", "D"]);
}

#[tokio::test]
async fn a_query_of_the_customers_takes_parameters_and_conditions() {
    let kinetic = Kinetic::start().await;
    let rows = json!({ "value": [{ "Part_PartNum": "A" }], "@odata.count": 1 });
    answer(&kinetic, "GET", "BaqSvc/My%20BAQ-1/Data", json_answer(200, &rows)).await;
    let baq = kinetic.client().baq("My BAQ-1").unwrap().parameter("Class ID", "F&N");
    let query = Query::new().filter(Filter::gt("Calculated_Total", 0));
    let read = baq.data().all(query, TableKey::new(["Part_PartNum"]), 9).await.unwrap();
    assert_eq!(read[0].text("Part_PartNum").unwrap(), "A");
    let asked = kinetic.asked().await.remove(0);
    assert_eq!(asked.option("Class ID"), "F&N");
    assert_eq!(asked.option("$filter"), "Calculated_Total gt 0");
    assert_eq!(asked.option("$orderby"), "Part_PartNum");

    answer(&kinetic, "PATCH", "BaqSvc/My%20BAQ-1/Data", ResponseTemplate::new(200)).await;
    baq.update(&read[0]).await.unwrap();
}

#[tokio::test]
async fn a_function_is_called_promoted_or_staged() {
    let kinetic = Kinetic::start().await;
    for area in ["efx", "efx/staging"] {
        let at = format!("/KineticLive/api/v2/{area}/EPIC06/Connector/Next");
        let answer = json_answer(200, &json!({ "number": number("10.50") }));
        Mock::given(path(at)).respond_with(answer).with_priority(1).mount(&kinetic.server).await;
    }
    let client = kinetic.client();
    let call = || client.function("Connector", "Next").unwrap().input("series", "A");
    assert_eq!(call().call().await.unwrap().decimal("number").unwrap().to_string(), "10.50");
    assert!(call().staging().call().await.unwrap().has("number"));
    let error = client.function("Connector", "Gone").unwrap().call().await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert!(error.to_string().contains("efx/Connector/Gone"), "{error}");
}

#[tokio::test]
async fn get_rows_is_read_page_by_page() {
    let kinetic = Kinetic::start().await;
    let at = "Erp.BO.PartSvc/GetRows";
    let page = |part: &str, more: bool| {
        let ds = json!({ "Part": [{ "PartNum": part }] });
        json_answer(200, &json!({ "returnObj": ds, "parameters": { "morePages": more } }))
    };
    answer(&kinetic, "POST", at, page("A", true)).await;
    answer(&kinetic, "POST", at, page("B", true)).await;
    answer(&kinetic, "POST", at, page("C", false)).await;
    let service = kinetic.client().service("Erp.BO.PartSvc").unwrap();
    let wanted = GetRows::new().rows("Part", &Filter::ne("PartNum", "X"), &["PartNum"]).unwrap();
    let wanted = wanted.all("PartPlant").none("PartAttch");
    let read = service.get_rows(&wanted).page_size(1).datasets().try_collect::<Vec<_>>().await;
    let parts: Vec<_> = read.unwrap().iter().map(|ds| ds.rows("Part")[0].clone()).collect();
    assert_eq!(parts.iter().map(|row| row.text("PartNum").unwrap()).collect::<String>(), "ABC");
    let asked = kinetic.asked().await;
    assert_eq!(
        asked[1].body,
        json!({ "whereClausePart": "PartNum <> 'X' BY PartNum", "whereClausePartPlant": "",
            "whereClausePartAttch": "1=0", "pageSize": 1, "absolutePage": 2 }),
    );

    kinetic.instead("Erp.BO.PartSvc/GetList", page("A", true)).await;
    let list = service.get_list(None, &[]).unwrap();
    let error = list.datasets().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.to_string().contains("the same page twice"), "{error}");
}

#[tokio::test]
async fn what_is_no_name_is_refused_before_anything_is_sent() {
    let kinetic = Kinetic::start().await;
    let client = kinetic.client();
    for name in ["", ".", "..", "a/b", "a b", "a?b", "Parts('A')", "a..b", "é"] {
        assert!(client.service(name).is_err(), "{name}");
        let service = client.service("Erp.BO.PartSvc").unwrap();
        assert!(service.set(name).is_err() && service.method(name).is_err(), "{name}");
    }
    for name in ["", ".", ".."] {
        assert!(client.baq(name).is_err() && client.function("L", name).is_err(), "{name}");
    }
    assert!(kinetic.asked().await.is_empty());
}
