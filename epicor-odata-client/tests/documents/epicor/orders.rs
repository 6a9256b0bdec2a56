//! Sales orders.

use serde_json::{Value, json};

use super::{Asked, Outcome, State, missing, out, refused, unknown};

pub(crate) fn answer(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    let mut ds = asked.body["ds"].clone();
    let new = "00000000-0000-0000-0000-000000000000";
    match name {
        "GetNewOrderHed" => out(json!({ "OrderHed": [{
            "Company": "EPIC06", "OrderNum": 0, "CustNum": 0, "RequestDate": null,
            "NeedByDate": null, "ReadyToCalc": false, "DocOrderAmt": 0, "DocTotalTax": 0, "SysRowID": new, "RowMod": "A",
        }] })),
        "ChangeOrderHedCustomerCustID" => {
            ds["OrderHed"][0]["CustNum"] = json!(1204);
            Ok(json!({ "parameters": { "ds": ds, "creditLimitMessage": "", "agingMessage": "" } }))
        }
        "ChangeHedUseOTS" => {
            // The customer's own address comes back.
            ds["OrderHed"][0]["OTSName"] = json!("Amazon");
            out(ds)
        }
        "ChangeShipToID" | "ChangeHedOTSCountryNum" | "ChangeUnitPrice" | "ChangeMiscCode" => {
            out(ds)
        }
        "SetReadyToCalc" => {
            let order = asked.body["ipOrderNum"].clone();
            for head in state.table("OrderHed").iter_mut().filter(|row| row["OrderNum"] == order) {
                head["ReadyToCalc"] = json!(true);
            }
            out(ds)
        }
        "GetNewOrderDtl" => add(
            ds,
            "OrderDtl",
            json!({
                "Company": "EPIC06", "OrderNum": asked.body["orderNum"], "OrderLine": 0, "PartNum": "",
                "LineDesc": "", "SalesUM": "EA", "SellingQuantity": 0, "DocUnitPrice": 0,
                "DocDiscount": 0,
                "OpenLine": true, "VoidLine": false, "SysRowID": new, "RowMod": "A",
            }),
        ),
        "ChangePartNumMaster" => {
            last(&mut ds, "OrderDtl")["PartNum"] = asked.body["partNum"].clone();
            Ok(json!({ "parameters": {
                "ds": ds, "partNum": asked.body["partNum"], "questionString": "",
                "multipleMatch": false, "cMsgType": "", "cSubPartMessage": "",
                "explodeBOMerrMessage": "", "cWarningMessage": "",
            } }))
        }
        "ChangeSellingQtyMaster" => {
            last(&mut ds, "OrderDtl")["SellingQuantity"] = asked.body["ipSellingQuantity"].clone();
            out(ds)
        }
        "GetNewOHOrderMsc" => add(
            ds,
            "OHOrderMsc",
            json!({
                "Company": "EPIC06", "OrderNum": asked.body["orderNum"], "OrderLine": 0, "SeqNum": 0,
                "MiscCode": "", "Description": "", "DocMiscAmt": 0, "SysRowID": new, "RowMod": "A",
            }),
        ),
        "MasterUpdate" => {
            save(state, &mut ds)?;
            Ok(json!({ "parameters": {
                "ds": ds, "lContinue": true, "cResponseMsg": "", "cCreditShipAction": "",
                "cDisplayMsg": "", "cCompliantMsg": "", "cResponseMsgOrdRel": "",
                "cAgingMessage": "", "cShipByDateMessage": "", "cNeedByDateMessage": "",
            } }))
        }
        _ => kept(state, name, asked),
    }
}

/// What is read, closed and deleted by its number.
fn kept(state: &mut State, name: &str, asked: &Asked) -> Outcome {
    match name {
        "GetByID" => {
            let order = asked.body["orderNum"].clone();
            let of = |table| {
                state.rows(table).filter(|row| row["OrderNum"] == order).collect::<Vec<_>>()
            };
            let headers = of("OrderHed");
            if headers.is_empty() {
                return Err(missing());
            }
            Ok(json!({ "returnObj": {
                "OrderHed": headers, "OrderDtl": of("OrderDtl"), "OrderRel": of("OrderRel"),
                "OHOrderMsc": of("OHOrderMsc"),
            } }))
        }
        "CloseOrder" => close(state, &asked.body["iOrderNum"], None),
        "CloseOrderLine" => close(state, &asked.body["iOrderNum"], Some(&asked.body["iOrderLine"])),
        "DeleteByID" => {
            let order = asked.body["orderNum"].clone();
            for table in ["OrderHed", "OrderDtl", "OrderRel", "OHOrderMsc"] {
                state.remove(table, |row| row["OrderNum"] == order);
            }
            Ok(json!({}))
        }
        _ => Err(unknown(&asked.operation)),
    }
}

pub(super) fn add(mut ds: Value, table: &str, row: Value) -> Outcome {
    if !ds[table].is_array() {
        ds[table] = json!([]);
    }
    ds[table].as_array_mut().unwrap().push(row);
    out(ds)
}

pub(super) fn last<'a>(ds: &'a mut Value, table: &str) -> &'a mut Value {
    ds[table].as_array_mut().and_then(|rows| rows.last_mut()).unwrap()
}

fn close(state: &mut State, order: &Value, line: Option<&Value>) -> Outcome {
    let (table, open) =
        if line.is_some() { ("OrderDtl", "OpenLine") } else { ("OrderHed", "OpenOrder") };
    for row in state.table(table) {
        if row["OrderNum"] == *order && line.is_none_or(|line| row["OrderLine"] == *line) {
            row[open] = json!(false);
        }
    }
    Ok(json!({ "returnObj": {} }))
}

/// Saves what is new or changed; each new line brings its release.
fn save(state: &mut State, ds: &mut Value) -> Result<(), super::Refusal> {
    let mut releases = Vec::new();
    for (table, counted) in [
        ("OrderHed", "OrderNum"),
        ("OrderDtl", "OrderLine"),
        ("OHOrderMsc", "SeqNum"),
        ("OrderRel", ""),
    ] {
        let rows = ds.get_mut(table).and_then(Value::as_array_mut).into_iter().flatten();
        for row in rows {
            match row["RowMod"].as_str().unwrap_or_default() {
                "U" => {
                    row["RowMod"] = json!("");
                    state.replace(table, row);
                }
                "A" => {
                    let order = row["OrderNum"].clone();
                    if table == "OrderHed" {
                        row[counted] = json!(1000 + state.rows(table).count());
                        for (column, value) in [
                            ("OpenOrder", json!(true)),
                            ("VoidOrder", json!(false)),
                            ("OrderHeld", json!(false)),
                            ("EntryPerson", json!("connector")),
                        ] {
                            row[column] = value;
                        }
                    } else {
                        if !state.rows("OrderHed").any(|header| header["OrderNum"] == order) {
                            return Err(refused("The order does not exist."));
                        }
                        let before = state.rows(table).filter(|row| row["OrderNum"] == order);
                        row[counted] = json!(before.count() + 1);
                    }
                    *row = state.insert(table, row.clone());
                    if table == "OrderDtl" {
                        releases.push(state.insert("OrderRel", json!({
                            "Company": "EPIC06", "OrderNum": order, "OrderLine": row["OrderLine"],
                            "OrderRelNum": 1, "SellingReqQty": row["SellingQuantity"],
                            "ReqDate": null, "Plant": "MfgSys", "WarehouseCode": "MAIN",
                            "ShipViaCode": "", "OpenRelease": true, "VoidRelease": false,
                        })));
                    }
                }
                _ => {}
            }
        }
    }
    if !ds["OrderRel"].is_array() {
        ds["OrderRel"] = json!([]);
    }
    ds["OrderRel"].as_array_mut().unwrap().extend(releases);
    Ok(())
}
