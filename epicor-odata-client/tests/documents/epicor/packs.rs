//! Packs. Releases close when a pack is marked as shipped, not before: Epicor may do either.

use serde_json::{Value, json};

use super::orders::{add, last};
use super::{Asked, Outcome, State, amount, missing, out, refused, sent, unknown};

pub(crate) fn answer(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    let mut ds = asked.body["ds"].clone();
    let new = "00000000-0000-0000-0000-000000000000";
    match name {
        "GetNewShipHead" => out(json!({ "ShipHead": [{
            "Company": "EPIC06", "PackNum": 0, "CustNum": 0, "BTCustNum": 0, "OrderNum": 0,
            "ShipComment": "", "ShipDate": null, "ShipViaCode": "", "TrackingNumber": "",
            "ShipStatus": "OPEN", "ReadyToInvoice": false, "Invoiced": false, "Voided": false,
            "ChangeDate": null, "SysRowID": new, "RowMod": "A",
        }] })),
        "GetHeadOrderInfo" => {
            let order = asked.body["orderNum"].clone();
            let header = state.rows("OrderHed").find(|row| row["OrderNum"] == order);
            let header = header.ok_or_else(missing)?;
            let row = last(&mut ds, "ShipHead");
            row["OrderNum"] = order;
            row["CustNum"] = header["CustNum"].clone();
            row["BTCustNum"] = header["CustNum"].clone();
            Ok(json!({ "parameters": { "ds": ds, "creditMessage": "" } }))
        }
        "GetNewOrdrShipDtl" => add(
            ds,
            "ShipDtl",
            json!({
                "Company": "EPIC06", "PackNum": asked.body["packNum"], "PackLine": 0,
                "OrderNum": asked.body["orderNum"], "OrderLine": 0, "OrderRelNum": 0,
                "PartNum": "", "XPartNum": "", "LotNum": "", "OurRemainQty": 0,
                "SellingInventoryShipQty": 0, "SellingJobShipQty": 0, "ShipCmpl": false,
                "SysRowID": new, "RowMod": "A",
            }),
        ),
        "GetOrderInfo" => Ok(json!({ "parameters": { "ds": ds, "creditMessage": "" } })),
        "GetOrderLineInfo" => {
            last(&mut ds, "ShipDtl")["OrderLine"] = asked.body["orderLine"].clone();
            out(ds)
        }
        "GetOrderRelInfo" => {
            let row = last(&mut ds, "ShipDtl");
            row["OrderRelNum"] = asked.body["orderRelNum"].clone();
            row["OurRemainQty"] = release(state, row)?["SellingReqQty"].clone();
            out(ds)
        }
        "GetQtyInfo" => {
            let row = last(&mut ds, "ShipDtl");
            row["SellingInventoryShipQty"] = asked.body["displayInvQty"].clone();
            row["ShipCmpl"] = json!(true);
            out(ds)
        }
        "UpdateMaster" => save(state, ds),
        "GetByID" => {
            let of = |table| {
                let rows = state.rows(table);
                rows.filter(|row| row["PackNum"] == asked.body["packNum"]).collect::<Vec<_>>()
            };
            let heads = of("ShipHead");
            if heads.is_empty() {
                return Err(missing());
            }
            Ok(json!({ "returnObj": { "ShipHead": heads, "ShipDtl": of("ShipDtl") } }))
        }
        "DeleteByID" => {
            for table in ["ShipHead", "ShipDtl"] {
                state.remove(table, |row| row["PackNum"] == asked.body["packNum"]);
            }
            Ok(json!({}))
        }
        _ => Err(unknown(&asked.operation)),
    }
}

/// The release that a line of a pack is of.
fn release(state: &State, line: &Value) -> Result<Value, super::Refusal> {
    let columns = ["OrderNum", "OrderLine", "OrderRelNum"];
    let mut releases = state.rows("OrderRel");
    let found = releases.find(|row| columns.iter().all(|column| row[column] == line[column]));
    found.ok_or_else(missing)
}

fn save(state: &mut State, mut ds: Value) -> Outcome {
    for mut head in sent(&ds, "ShipHead", "A") {
        head["PackNum"] = json!(700 + state.rows("ShipHead").count());
        ds["ShipHead"] = json!([state.insert("ShipHead", head)]);
    }
    for mut line in sent(&ds, "ShipDtl", "A") {
        let release = release(state, &line)?;
        if release["OpenRelease"] != true {
            return Err(refused("The release is closed."));
        }
        if amount(&line["SellingInventoryShipQty"]) > amount(&release["SellingReqQty"]) {
            return Err(refused("More is packed than was ordered."));
        }
        let pack = line["PackNum"].clone();
        if !state.rows("ShipHead").any(|head| head["PackNum"] == pack) {
            return Err(missing());
        }
        let before = state.rows("ShipDtl").filter(|row| row["PackNum"] == pack).count();
        line["PackLine"] = json!(before + 1);
        *last(&mut ds, "ShipDtl") = state.insert("ShipDtl", line);
    }
    for mut head in sent(&ds, "ShipHead", "U") {
        head["ShipStatus"] = json!("SHIPPED");
        state.replace("ShipHead", &head);
        for line in state
            .rows("ShipDtl")
            .filter(|row| row["PackNum"] == head["PackNum"])
            .collect::<Vec<_>>()
        {
            let mut closed = release(state, &line)?;
            closed["OpenRelease"] = json!(false);
            state.replace("OrderRel", &closed);
        }
        ds["ShipHead"] = json!([head]);
    }
    Ok(json!({ "parameters": { "ds": ds, "updateComplete": true, "msg": "", "cError": false } }))
}
